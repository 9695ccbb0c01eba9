/** A live figure of chapter 5: ten Wrodlers that a model draws, none a copy of the fifty. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Style } from "./runtime/face_canvas.js" */
/** @import { Draw, Told } from "./runtime/figure.js" */
/** @import { Model as Chosen, Wrodlers } from "./runtime/wrodl_models.js" */
import { makeButton, saySlider } from "./runtime/controls.js";
import { keepTextNode } from "./runtime/caption.js";
import { decodePng, facePainter } from "./runtime/face_canvas.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { change, read } from "./runtime/model.js";
import { makeGuess } from "./runtime/question.js";
import { drawStyles, N_STYLES, occurrences, probability, readable, unseenShare } from "./runtime/wrodl_models.js";

/** @typedef {Record<string, string[]>} Features the values of each */
/** @typedef {{codes: number[], style: Style, times: number, p: number}} Person */

const MODELS = ["Naive Bayes", "Multinomial"], COLUMNS = 5;

export default view(async ({ model, el }) => {
  /** @type {[Features, number[][], number[]]} */
  const [features, rows, alphas] = /** @type {any} */ (read(model, "features", "rows", "alphas"));
  const sizes = Object.values(features).map(({ length }) => length), wrodlers = { rows, sizes };
  const shares = [true, false].map((naive) => alphas.map((alpha) => unseenShare(wrodlers, { alpha, naive })));
  const { paint, prepare } = facePainter(model.get("art"), await decodePng(model.get("sheet")));

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [which, smoothing, seed, copies] = read(model, "model", "smoothing", "seed", "copies");
    const chosen = { alpha: alphas[smoothing], naive: which === 0 };
    const { styles, draws } = drawStyles(wrodlers, chosen, seed, copies === 0);
    const people = styles.map((codes) => personOf(codes, features, wrodlers, chosen)), open = guess.isOpen();
    people.forEach((person, i) => {
      const place = placeOf(size, i);
      paint(ctx, person.style, place.x, place.y, place.side);
      if (!open) frame(ctx, person, place, colours);
    });
    list(people, open);
    saySlider(figure, String(chosen.alpha));
    const { text, values } = describe(people, draws, shares[which][smoothing], sizes);
    const known = open ? "which of these ten are new? And in the long run?" : text;
    return { text: `${guess.words()}${MODELS[which]}, α = ${chosen.alpha}: ${known}`, values };
  }
  const { figure, redraw, stop } = liveFigure({ model, el, draw, aspect: 1.75,
    traits: ["model", "smoothing", "seed", "copies"], reset() { guess.drop(); } });
  const list = wardrobe(figure), guess = makeGuess({ model, ends: ["model", "smoothing"], redraw,
    ask: "Guess how many are new", label: "New ones in 100 draws:", limits: [0, 100],
    tell: (said) => `You said ${said} of 100 draws.` });
  figure.prepend(makeButton("New styles", () => change(model, { seed: model.get("seed") + 1 })), guess.button,
    guess.form);
  prepare(looks(features));                                // a slider that meets a new colour should not stutter
  return stop;
});

/**
 * @param {number[]} codes @param {Features} features @param {Wrodlers} wrodlers @param {Chosen} chosen
 * @returns {Person}
 */
function personOf(codes, features, wrodlers, chosen) {
  return { codes, style: names(features, codes), times: occurrences(wrodlers, codes),
    p: probability(wrodlers, chosen, codes) };
}

/** The features that codes stand for. @param {Features} features @param {number[]} codes @returns {Style} */
function names(features, codes) {
  return Object.fromEntries(Object.entries(features).map(([name, values], k) => [name, values[codes[k]]]));
}

/** Styles that together have every part of a face in each of its colours. @param {Features} features */
function looks(features) {
  const first = names(features, [0, 0, 0, 0, 0]);
  return [["clothingType", "clothingColor"], ["topType", "hairColor"], ["topType", "accessoriesType"]].flatMap(
    ([one, two]) => features[one].flatMap((a) => features[two].map((b) => ({ ...first, [one]: a, [two]: b }))));
}

/** Where the i-th face stands: two rows of five, room for two lines below each. @param {Size} size @param {number} i */
function placeOf({ width, height }, i) {
  const cell = width / COLUMNS, side = Math.min(cell - 6, height / 2 - 44);
  return { x: (i % COLUMNS) * cell + (cell - side) / 2, y: 2 + Math.floor(i / COLUMNS) * (height / 2), side };
}

/**
 * Around a face and below it: whether the fifty know it, and how likely the model finds it.
 * @param {CanvasRenderingContext2D} ctx @param {Person} person @param {ReturnType<typeof placeOf>} place
 * @param {Colours} colours
 */
function frame(ctx, { times, p }, { x, y, side }, colours) {
  ctx.strokeStyle = times ? colours.orange : colours.blue;
  ctx.lineWidth = times ? 4 : 1.5;
  ctx.strokeRect(x, y, side, side);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = times ? colours.orange : colours.blue;
  ctx.fillText(times ? `seen ${times}×` : "new", x + side / 2, y + side + 6);
  ctx.fillStyle = colours.ink;
  ctx.fillText(readable(p), x + side / 2, y + side + 22, side + 2);
}

/**
 * The caption and the numbers of the figure.
 * @param {Person[]} people @param {number} draws that they took @param {number} share of new draws in the long run
 * @param {number[]} sizes @returns {Told}
 */
function describe(people, draws, share, sizes) {
  const unseen = people.filter(({ times }) => times === 0).length;
  /** @type {Record<string, number>} */
  const values = { unseen, n_draws: draws, unseen_share: share };
  people.forEach(({ codes, p }, i) => {
    values[`place_${i}`] = codes.reduce((at, code, k) => at * sizes[k] + code, 0);
    values[`log_p_${i}`] = Math.log(p);
  });
  const found = unseen || share > 1e-9
    ? `${unseen} of these ${N_STYLES} ${unseen === 1 ? "is" : "are"} new; they took ${draws} draws. `
      + `In the long run ${(100 * share).toFixed(1)}% of draws are new.`
    : "every draw is a copy, so to draw again does not help.";
  return { text: `${found} Below each face: its probability.`, values };
}

/**
 * A folded list of what the ten wear.
 * @param {HTMLElement} figure @returns {(people: Person[], open: boolean) => void} what fills it; while a question is
 *   open, without its answer
 */
function wardrobe(figure) {
  const details = document.createElement("details"), summary = document.createElement("summary");
  const items = Array.from({ length: N_STYLES }, () => document.createElement("li")), list = document.createElement("ol");
  summary.textContent = "What they wear";
  items.forEach(keepTextNode);
  list.append(...items);
  details.append(summary, list);
  figure.querySelector("figcaption")?.append(details);
  return (people, open) => people.forEach(({ style, times }, i) => {
    items[i].textContent = `${style.topType}, hair ${style.hairColor}, glasses ${style.accessoriesType}, `
      + `${style.clothingType} ${style.clothingColor}${open ? "" : `: ${times ? `seen ${times}×` : "new"}`}`;
  });
}
