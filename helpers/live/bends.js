/** A learning figure of chapter 7: a network of a few bends learns a curve that the reader draws. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { At } from "./runtime/grab.js" */
/** @import { Place } from "./runtime/paper.js" */
import { KNOTS, makeCurveLearner, PLACES } from "./learn/curve.js";
import { onArrows } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { NEAR, onGrab } from "./runtime/grab.js";
import { drawHistory } from "./runtime/history.js";
import { inSlices, learningFigure } from "./runtime/learning.js";
import { disc, polyline, segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import { clip, drawPlane, inside, placeOf, pressedOn } from "./runtime/paper.js";
import { signed } from "./runtime/text.js";

/** @typedef {ReturnType<typeof makeCurveLearner>} Learner */

const REACH = [2, 1.5], TALL = [2, 2.4];        // of the plane; what its height stands for
const END = 2000, AT_ONCE = 3;                  // steps of a run; steps between two frames, so that the bends are seen
const SPAN = 100, LEAST = 0.02;                 // steps that the caption compares; a fall that counts
const LIFT = 0.2, WIDE = 4;                     // what an arrow key lifts at a knot; less so at knots so far away

export default view(({ model, el }) => {
  /** @type {Learner} */
  let network;
  /** @type {number[]} */
  let losses = [];
  /** @type {Place | null} */
  let place = null;
  const cursor = { knot: Math.floor(KNOTS / 2), shown: false };

  const learner = {
    begin() {
      const [curve, n, seed] = read(model, "curve", "bends", "seed");
      network = makeCurveLearner(n, seed);
      losses = [network.loss(curve)];
      model.set("step", 0);
    },
    learn: inSlices(() => {
      const [curve, rate, step] = read(model, "curve", "rate", "step");
      network.step(curve, rate);
      losses.push(network.loss(curve));
      model.set("step", step + 1);
      if (!Number.isFinite(losses[step + 1])) return "The loss is not a finite number. Lower the rate and start again.";
      return (step + 1) % END ? "" : "2,000 steps are done. Play goes on.";
    }, 6, AT_ONCE),
  };

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const curve = model.get("curve");
    place = tall(placeOf(size, REACH, 160));
    drawPlane(ctx, place, TALL, colours, ["x", "y"]);
    inside(ctx, place, () => drawNetwork(ctx, /** @type {Place} */ (place), network, curve, colours));
    if (cursor.shown) drawKnot(ctx, place, PLACES[cursor.knot], curve[cursor.knot], colours);
    drawHistory(ctx, place.below, [{ values: losses, colour: colours.orange }],
      { name: "loss: mean square error", steps: 500 }, colours);
    return told(network, losses);
  }
  const { figure, canvas, redraw, stop } = learningFigure({ model, el, draw, learner, aspect: 0.86,
    traits: ["curve", "bends", "rate", "seed", "step"], restarts: ["bends", "seed"] });
  figure.classList.add("explorer-bends");
  const pen = (/** @type {At} */ at) => {
    /** @type {number[]} */
    let last;
    return pressedOn(() => place, TALL, (x, y) => {
      const from = last ?? [x, y];
      last = [x, y];
      change(model, { curve: drawn(model.get("curve"), from, last) });
    })(at);
  };
  onGrab(canvas, (at) => (isOnCurve(at, place, model.get("curve")) ? pen(at) : null), pen);
  model.on("change:curve", () => { losses[losses.length - 1] = network.loss(model.get("curve")); });
  onKeys(canvas, cursor, (knot, lift) => change(model, { curve: lifted(model.get("curve"), knot, lift) }), redraw);
  return stop;
});

/** A plane whose height stands for TALL. @param {Place} place @returns {Place} */
function tall(place) {
  const times = TALL[1] / REACH[1], { toY, fromY } = place;
  return { ...place, toY: (y) => toY(y / times), fromY: (v) => fromY(v) * times };
}

/** @param {At} at @param {Place | null} place @param {number[]} curve */
function isOnCurve(at, place, curve) {
  if (!place) return false;
  const knot = Math.round((place.fromX(at.x) - PLACES[0]) / (PLACES[1] - PLACES[0]));
  return Math.abs(at.y - place.toY(curve[knot])) <= NEAR;
}

/**
 * The curve with a straight stroke of the pen between two places.
 * @param {number[]} curve @param {number[]} from x, y @param {number[]} to
 */
export function drawn(curve, from, to) {
  const [[x0, y0], [x1, y1]] = from[0] < to[0] ? [from, to] : [to, from], half = (PLACES[1] - PLACES[0]) / 2;
  return curve.map((y, k) => {
    const x = PLACES[k];
    if (x < x0 - half || x > x1 + half) return y;
    const part = x1 > x0 ? Math.min(Math.max((x - x0) / (x1 - x0), 0), 1) : 1;
    return Number((y0 + part * (y1 - y0)).toFixed(2));
  });
}

/** The curve, lifted at a knot and less around it. @param {number[]} curve @param {number} knot @param {number} lift */
export function lifted(curve, knot, lift) {
  return curve.map((y, k) => Number(clip(y + lift * Math.max(0, 1 - Math.abs(k - knot) / WIDE), TALL[1]).toFixed(2)));
}

/** What the figure says, and its numbers. @param {Learner} network @param {number[]} losses */
function told(network, losses) {
  const step = losses.length - 1, loss = losses[step], units = network.units();
  const within = units.filter(({ w, b }) => Math.abs(b / w) < TALL[0]).length, first = -units[0].b / units[0].w;
  const text = step ? `Step ${step.toLocaleString("en")}: loss ${loss.toFixed(4)}. ${within} of ${units.length} units bend `
    + `in the picture, unit 1 at x = ${signed(first, 2)}.` : `Loss ${loss.toFixed(4)}; all units bend at x = 0. Press Play, `
    + "or draw another curve across the picture.";
  return { text: text + trend(losses), values: { loss, within } };
}

/** Whether it gets better, and when to stop; single losses jump up and down. @param {number[]} losses */
function trend(losses) {
  if (losses.length < 2 * SPAN) return "";
  const best = Math.min(...losses.slice(-SPAN)), before = Math.min(...losses.slice(-2 * SPAN, -SPAN));
  const fell = `The best of the last ${SPAN} steps is ${(100 * Math.abs(1 - best / before)).toFixed(0)}%`;
  if (best > before) return ` ${fell} above that of the ${SPAN} before.`;
  return ` ${fell} below that of the ${SPAN} before${best > (1 - LEAST) * before ? ": you may stop here" : ""}.`;
}

/**
 * The curve that is wanted, each unit's bend with a mark where it bends, and their sum.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Learner} network @param {number[]} curve
 * @param {Colours} colours
 */
function drawNetwork(ctx, { toX, toY, bottom, left, right }, network, curve, { ink, blue, orange, paper }) {
  ctx.globalAlpha = 0.4;
  polyline(ctx, curve.map((y, k) => [toX(PLACES[k]), toY(y)]), blue, 9);
  ctx.globalAlpha = 0.65;
  for (const { w, b, v } of network.units()) {
    const ends = [-TALL[0], -b / w, TALL[0]].filter((x) => Math.abs(x) <= TALL[0]).sort((a, c) => a - c);
    polyline(ctx, ends.map((x) => [toX(x), toY(v * Math.max(0, w * x + b))]), orange, 1.2);
  }
  ctx.globalAlpha = 1;
  polyline(ctx, Array.from(network.outputs(), (y, k) => [toX(PLACES[k]), toY(y)]), ink, 2.5);
  for (const { w, b } of network.units()) {
    const x = toX(-b / w);
    if (x < left || x > right) continue;
    segment(ctx, x, bottom - 14, x, bottom, paper, 6);
    segment(ctx, x, bottom - 14, x, bottom, orange, 3);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number} x @param {number} y @param {Colours} c */
function drawKnot(ctx, { toX, toY }, x, y, { ink, paper, blue }) {
  disc(ctx, toX(x), toY(y), 10, ink);
  disc(ctx, toX(x), toY(y), 8, paper);
  disc(ctx, toX(x), toY(y), 6, blue);
}

/**
 * Left and right go along the curve, up and down lift it there.
 * @param {HTMLCanvasElement} canvas @param {{knot: number, shown: boolean}} cursor
 * @param {(knot: number, lift: number) => void} lift @param {() => void} redraw
 */
function onKeys(canvas, cursor, lift, redraw) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "curve: go along it with left and right, lift it with up and down");
  canvas.addEventListener("blur", () => { cursor.shown = false; redraw(); });
  onArrows(canvas, (step) => {
    if (step && cursor.shown) {
      cursor.knot = Math.min(Math.max(cursor.knot + step[1], 0), KNOTS - 1);
      if (step[0]) lift(cursor.knot, -LIFT * step[0]);
    }
    cursor.shown = true;
    redraw();
  });
}
