/** Scales and axes. */
import { segment } from "./marks.js";
import { signed } from "./text.js";

/** @typedef {(value: number) => number} Scale from a value to a place on the canvas */

/**
 * @param {number} d0 @param {number} d1 @param {number} r0 @param {number} r1
 * @returns {Scale} the straight line through (d0, r0) and (d1, r1)
 */
export function linearScale(d0, d1, r0, r1) {
  return (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
}

/**
 * @param {number} from @param {number} to @param {number} count
 * @returns {number[]} round numbers between `from` and `to`, about `count` of them
 */
export function niceTicks(from, to, count) {
  const rough = (to - from) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const first = Math.ceil(from / step), n = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(n, 0) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/**
 * A horizontal axis at height `y`: a line, ticks and their numbers.
 * @param {CanvasRenderingContext2D} ctx @param {Scale} scale @param {number[]} ticks @param {number} y
 * @param {number[]} ends left, right @param {string} ink @param {(tick: number) => string} write
 */
export function xAxis(ctx, scale, ticks, y, [left, right], ink, write = signed) {
  segment(ctx, left, y, right, y, ink);
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const tick of ticks) {
    segment(ctx, scale(tick), y, scale(tick), y + 4, ink);
    ctx.fillText(write(tick), scale(tick), y + 6);
  }
}

/**
 * A vertical axis at `x`, its numbers to the left.
 * @param {CanvasRenderingContext2D} ctx @param {Scale} scale @param {number[]} ticks @param {number} x
 * @param {number[]} ends top, bottom @param {string} ink @param {(tick: number) => string} write
 */
export function yAxis(ctx, scale, ticks, x, [top, bottom], ink, write = signed) {
  segment(ctx, x, top, x, bottom, ink);
  ctx.fillStyle = ink;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const tick of ticks) {
    segment(ctx, x - 4, scale(tick), x, scale(tick), ink);
    ctx.fillText(write(tick), x - 7, scale(tick));
  }
}
