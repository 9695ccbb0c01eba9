/** Where the reader's own digit stands on a latent plane: where the decoder's picture comes nearest to it. */
/** @import { Model } from "./model.js" */
import { makeButton } from "./controls.js";
import { change, read } from "./model.js";
import { makeOwnDigit } from "./own_digit.js";
import { snap } from "./plane_pad.js";
import { signed } from "./text.js";

const GRID = 60;                                // steps of the search along each side, at first
const REST = 150;                               // ms without a stroke before the search

/**
 * The least distance on a grid, and from there by steps that halve.
 * @param {(z: number[]) => ArrayLike<number>} decode @param {ArrayLike<number>} x the drawing
 * @param {number[]} xs @param {number[]} ys ends of the plane @param {number} step of its sliders
 * @returns {{z: number[], distance: number}}
 */
export function nearestPlace(decode, x, xs, ys, step) {
  let z = [xs[0], ys[0]], best = Infinity, side = (xs[1] - xs[0]) / GRID;
  /** @param {number} a @param {number} b */
  const look = (a, b) => {
    if (a < xs[0] || a > xs[1] || b < ys[0] || b > ys[1]) return;
    const picture = decode([a, b]);
    let square = 0;
    for (let i = 0; i < x.length && square < best; i++) square += (picture[i] - x[i]) ** 2;
    if (square < best) [best, z] = [square, [a, b]];
  };
  for (let i = 0; i <= GRID; i++) for (let j = 0; j <= GRID; j++) look(xs[0] + i * side, ys[0] + j * side);
  while (side > step / 8) {
    const [a, b] = z;
    for (const [i, j] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) look(a + i * side, b + j * side);
    if (z[0] === a && z[1] === b) side /= 2;
  }
  return { z, distance: Math.sqrt(best) };
}

/**
 * The pad, and what the figure shows of the drawing.
 * @param {Model} model with z0 and z1 @param {(z: number[]) => ArrayLike<number>} decode @param {() => void} redraw
 */
export function makeOwnPlace(model, decode, redraw) {
  const [xs, ys, step] = read(model, "x_range", "y_range", "step");
  /** @type {ReturnType<typeof nearestPlace> | null} */
  let found = null;
  let timer = 0;
  const go = makeButton("Go there", () => {
    if (found) change(model, { z0: snap(found.z[0], step, xs[0], xs[1]), z1: snap(found.z[1], step, ys[0], ys[1]) });
  });
  const pad = makeOwnDigit((image) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      found = image && nearestPlace(decode, image, xs, ys, step);
      go.hidden = !found;
      redraw();
    }, REST);
  }, { more: [go] });
  go.hidden = true;
  return { place: pad.place, clear: pad.clear, z: () => found && found.z,
    /** @param {number} digits */
    text: (digits) => (found ? ` The picture nearest to your drawing stands at z = (${
      found.z.map((v) => signed(v, digits)).join(", ")}), marked as yours; it is ${found.distance.toFixed(1)} away.` : "") };
}
