import { keepTextNode, linearScale, liveFigure, whenIdle } from "./common.js";
import { drawStyle, occurrences, probability, readable, uniforms, unseenShare } from "./wrodl_models.js";
import { facePainter } from "./face_canvas.js";

const MODELS = ["Naive Bayes", "Multinomial"], N = 10, COLUMNS = 5;

function render({ model, el }) {
  const features = model.get("features"), rows = model.get("rows");
  const sizes = Object.values(features).map((values) => values.length);
  const shares = [true, false].map(                        // of new draws, by model and alpha
    (naive) => model.get("alphas").map((alpha) => unseenShare(rows, sizes, alpha, naive)));
  const { figure, redraw, stop } = liveFigure(
    { model, el, traits: ["model", "smoothing", "seed"], aspect: 1.75, draw });
  const { paint, prepare } = facePainter(model.get("art"), model.get("sheet"), () => {
    redraw();
    prepare(looks(features));                              // a slider that meets a new colour should not stutter
  }, whenIdle);
  const list = wardrobe(figure);
  nextButton(model, figure);

  function draw(ctx, size, colours) {
    const naive = model.get("model") === 0, alpha = model.get("alphas")[model.get("smoothing")];
    const uniform = uniforms(model.get("seed"));
    const people = Array.from({ length: N }, () => {
      const codes = drawStyle(rows, sizes, alpha, naive, uniform);
      return { codes, style: names(features, codes), times: occurrences(rows, codes),
        p: probability(rows, sizes, codes, alpha, naive) };
    });
    people.forEach((person, i) => drawPerson(ctx, paint, person, place(size, i), colours));
    list(people);
    sayAlpha(figure, alpha);
    return describe(people, MODELS[naive ? 0 : 1], alpha, shares[naive ? 0 : 1][model.get("smoothing")], sizes);
  }
  return stop;
}

/** The slider counts its stops; a screen reader should hear alpha. */
function sayAlpha(figure, alpha) {
  figure.closest(".explorer")?.querySelector("[role=slider]")?.setAttribute("aria-valuetext", String(alpha));
}

/** The features that codes stand for. */
function names(features, codes) {
  return Object.fromEntries(Object.entries(features).map(([name, values], k) => [name, values[codes[k]]]));
}

/** Styles that together have every part of a face in each of its colours. */
function looks(features) {
  const first = names(features, [0, 0, 0, 0, 0]);
  return [["clothingType", "clothingColor"], ["topType", "hairColor"], ["topType", "accessoriesType"]].flatMap(
    ([one, two]) => features[one].flatMap((a) => features[two].map((b) => ({ ...first, [one]: a, [two]: b }))));
}

/** Where the i-th face stands: two rows of five, room for two lines below each. */
function place({ width, height }, i) {
  const cell = width / COLUMNS, side = Math.min(cell - 6, height / 2 - 44);
  const x = linearScale(0, COLUMNS, 0, width)(i % COLUMNS) + (cell - side) / 2;
  return { x, y: 2 + Math.floor(i / COLUMNS) * (height / 2), side };
}

/** A face, and below it whether the fifty know it and how likely the model finds it. */
function drawPerson(ctx, paint, { style, times, p }, { x, y, side }, colours) {
  paint(ctx, style, x, y, side);
  ctx.strokeStyle = times ? colours.orange : colours.blue;
  ctx.lineWidth = times ? 4 : 1.5;
  ctx.strokeRect(x, y, side, side);
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = times ? colours.orange : colours.blue;
  ctx.fillText(times ? `seen ${times}×` : "new", x + side / 2, y + side + 6);
  ctx.fillStyle = colours.ink;
  ctx.fillText(readable(p), x + side / 2, y + side + 22);
}

/** The caption and the numbers of the figure. */
function describe(people, name, alpha, share, sizes) {
  const unseen = people.filter(({ times }) => times === 0).length;
  const values = { unseen, unseen_share: share };
  people.forEach(({ codes, p }, i) => {
    values[`place_${i}`] = codes.reduce((at, code, k) => at * sizes[k] + code, 0);
    values[`log_p_${i}`] = Math.log(p);
  });
  const text = `${name}, α = ${alpha}: ${unseen} of these ${N} are new, `
    + `and so are ${(100 * share).toFixed(1)}% of all draws in the long run. Below each face: its probability.`;
  return { text, values };
}

/** A folded list of what the ten wear; returns what fills it. */
function wardrobe(figure) {
  const details = document.createElement("details"), summary = document.createElement("summary");
  const items = Array.from({ length: N }, () => document.createElement("li")), list = document.createElement("ol");
  summary.textContent = "What they wear";
  items.forEach(keepTextNode);
  list.append(...items);
  details.append(summary, list);
  figure.querySelector("figcaption").append(details);
  return (people) => people.forEach(({ style, times }, i) => {
    items[i].textContent = `${style.topType}, hair ${style.hairColor}, glasses ${style.accessoriesType}, `
      + `${style.clothingType} ${style.clothingColor}: ${times ? `seen ${times}×` : "new"}`;
  });
}

/** A button that draws ten more: the next seed. */
function nextButton(model, figure) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "New styles";
  button.onclick = () => {
    model.set("seed", model.get("seed") + 1);
    model.save_changes();
  };
  figure.prepend(button);
}

export default { render };
