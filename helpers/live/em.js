/** The learning figure of chapter 4: a mixture of Gaussians is fitted to points that the reader places. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Bell, Points } from "./runtime/mixture.js" */
/** @import { Fit } from "./runtime/mixture_chart.js" */
/** @import { Place } from "./runtime/paper.js" */
import { makeButton, onArrows } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { drawHistory } from "./runtime/history.js";
import { learningFigure } from "./runtime/learning.js";
import { expect, firstBells, maximise } from "./runtime/mixture.js";
import { drawBells, drawCursor, drawPoints } from "./runtime/mixture_chart.js";
import { change, read } from "./runtime/model.js";
import { clip, drawPlane, placeOf } from "./runtime/paper.js";
import { signed } from "./runtime/text.js";

const REST = 1e-6;                              // nats a point: the step that raises the fit by less is the last
const PAUSE = 300, MOVE = 250;                  // ms between two steps; of which the ellipses move
const STRIDE = 0.2;                             // of the cursor, for an arrow key

export default view(({ model, el }) => {
  /** @type {Fit} */
  let fit = { bells: [], claims: [], fits: [] };
  let before = fit, since = -Infinity;          // for the ellipses on their way
  /** @type {Place | null} */
  let place = null;
  const cursor = { x: 0, y: 0, shown: false }, calm = matchMedia("(prefers-reduced-motion: reduce)");

  const pointsNow = () => /** @type {Points} */ (inRows(model.get("points"), 2));

  /** @param {Bell[]} bells */
  function from(bells) {
    const points = pointsNow();
    before = fit = { bells, claims: [], fits: points.length ? [expect(points, bells).fit] : [] };
    model.set("step", 0);
  }
  const learner = {
    begin() {
      const [n, seed, reach] = read(model, "bells", "seed", "reach");
      model.set("start", []);
      from(firstBells(pointsNow(), n, seed, reach));
    },
    learn() {
      const [least, step] = read(model, "least", "step"), points = pointsNow();
      if (!points.length) return "No points are placed yet. Place some, then press Play.";
      [before, since, fit] = [fit, performance.now(), nextFit(points, fit, least)];
      model.set("step", step + 1);
      const rest = fit.fits[step + 1] - fit.fits[step] < REST;
      return rest ? "It is at rest: the last step raised the log-likelihood by less than 0.000001." : "";
    },
  };

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const points = pointsNow(), reach = model.get("reach"), way = (performance.now() - since) / MOVE;
    const part = calm.matches ? 1 : Math.min(way, 1);
    place = placeOf(size, reach, 170);
    drawPlane(ctx, place, reach, colours);
    drawPoints(ctx, place, points, fit.claims, colours);
    drawBells(ctx, place, before.bells, fit.bells, part, colours);
    if (cursor.shown) drawCursor(ctx, place, cursor, colours);
    drawHistory(ctx, place.below, [{ values: fit.fits, colour: colours.blue }],
      { name: "log-likelihood of a point, in nats" }, colours);
    if (part < 1) redraw();
    return told(points, fit);
  }
  const { figure, canvas, bar, redraw, halt, stop } = learningFigure({ model, el, draw, learner, pause: PAUSE,
    traits: ["points", "bells", "seed", "start", "step"], restarts: ["bells", "seed"], aspect: 0.95 });
  figure.classList.add("explorer-em");

  /** @param {Points} points @param {Bell[]} start the bells to go on from; none for new ones */
  function put(points, start) {
    change(model, { points: points.flat(), start: start.flat() });
    if (start.length) from(start);
    else learner.begin();
    redraw();
  }
  const add = (/** @type {number} */ x, /** @type {number} */ y) => put(
    [...pointsNow(), [Number(x.toFixed(2)), Number(y.toFixed(2))]], model.get("step") ? fit.bells : []);
  bar.append(makeButton("Clear", () => { halt(); put([], []); }));
  onPlace(canvas, () => place, model.get("reach"), cursor, add, redraw);
  return stop;
});

/** @param {number[]} numbers @param {number} n to a row */
function inRows(numbers, n) {
  return Array.from({ length: numbers.length / n }, (_, i) => numbers.slice(i * n, (i + 1) * n));
}

/** One step of EM. @param {Points} points @param {Fit} fit @param {number} least @returns {Fit} */
export function nextFit(points, { bells, fits }, least) {
  const { claims } = expect(points, bells), next = maximise(points, claims, bells, least);
  return { bells: next, claims, fits: [...fits, expect(points, next).fit] };
}

/** What the figure says, and its numbers. @param {Points} points @param {Fit} fit */
function told(points, { bells, fits }) {
  const step = fits.length - 1, n = points.length;
  if (!n) return { text: "No points. Press on the plane to place some, or use the arrow keys and Enter.", values: {} };
  const shares = bells.map(([share]) => `${(100 * share).toFixed(0)}%`).join(", ");
  const more = step > 0 ? `, ${signed(fits[step] - fits[step - 1], 6)} more than before. Shares: ${shares}.`
    : ". Press Play, or press on the plane to add a point.";
  const [share, x, y] = bells[0];
  return { text: `Step ${step}, ${n} points: log-likelihood ${signed(fits[step], 4)} a point${more}`,
    values: { log_likelihood: fits[step], share, x, y } };
}

/**
 * Points are placed by a press or, where the arrow keys have moved a cursor, by Enter.
 * @param {HTMLCanvasElement} canvas @param {() => Place | null} placeNow @param {number[]} reach
 * @param {{x: number, y: number, shown: boolean}} cursor @param {(x: number, y: number) => void} put
 * @param {() => void} redraw
 */
function onPlace(canvas, placeNow, [wide, high], cursor, put, redraw) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "plane: move a cursor with the arrow keys, place a point with Enter");
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    const place = placeNow(), x = place?.fromX(offsetX) ?? NaN, y = place?.fromY(offsetY) ?? NaN;
    if (Math.abs(x) <= wide && Math.abs(y) <= high) put(x, y);
  });
  canvas.addEventListener("blur", () => { cursor.shown = false; redraw(); });
  onArrows(canvas, (step) => {
    if (!step && cursor.shown) put(cursor.x, cursor.y);
    const [down, right] = cursor.shown ? step ?? [0, 0] : [0, 0];
    cursor.x = clip(cursor.x + STRIDE * right, wide);
    cursor.y = clip(cursor.y - STRIDE * down, high);
    cursor.shown = true;
    redraw();
  }, "Enter", " ");
}
