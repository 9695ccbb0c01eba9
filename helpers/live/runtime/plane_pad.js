/** A canvas with a plane on it as a pad: two sliders' point goes where it is pressed. */
/** @import { At } from "./grab.js" */
/** @import { Model } from "./model.js" */
/** @import { Place } from "./plane_chart.js" */
import { linearScale } from "./axes.js";
import { isNear, onGrab } from "./grab.js";
import { change } from "./model.js";

const FINGER = 24;                              // pixels: so near to the rim of the pad a press still counts

/** Digits after the point that a slider's step needs. @param {number} step */
export const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/**
 * A number on the slider's steps, between `low` and `high`.
 * @param {number} value @param {number} step @param {number} low @param {number} high
 */
export function snap(value, step, low, high) {
  return Number((Math.round(Math.min(Math.max(value, low), high) / step) * step).toFixed(digitsOf(step)));
}

/**
 * The point goes where it is pressed, and follows the pointer while that is held.
 * @param {HTMLCanvasElement} canvas @param {Model} model  has z0 and z1 @param {number} step of their sliders
 * @param {() => {place: Place, xs: number[], ys: number[]} | null} now  where the plane is, and what it shows
 * @param {number[][]} [limits]  of the sliders, where they end before the plane does
 */
export function makePad(canvas, model, step, now, limits) {
  /** @param {At} at */
  const move = ({ x, y }) => {
    const shown = now();
    if (!shown) return;
    const { place: { left, right, top, bottom }, xs, ys } = shown, [[x0, x1], [y0, y1]] = limits ?? [xs, ys];
    change(model, {
      z0: snap(linearScale(left, right, xs[0], xs[1])(x), step, x0, x1),
      z1: snap(linearScale(bottom, top, ys[0], ys[1])(y), step, y0, y1),
    });
  };
  /** @param {At} at */
  const isPoint = (at) => {
    const place = now()?.place;
    return place && isNear(at, place.toX(model.get("z0")), place.toY(model.get("z1")));
  };
  /** @param {At} at */
  const isIn = ({ x, y }) => {
    const place = now()?.place;
    return place && x > place.left - FINGER && x < place.right + FINGER && y > place.top - FINGER
      && y < place.bottom + FINGER;
  };
  onGrab(canvas, (at) => (isPoint(at) ? move : null), (at) => (isIn(at) ? move : null));
}
