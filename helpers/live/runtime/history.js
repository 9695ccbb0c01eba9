/** What was measured at each step of a training, as curves below a picture. */
/** @import { Colours } from "./colours.js" */
import { linearScale, niceTicks, yAxis } from "./axes.js";
import { disc, polyline, rimmed, segment } from "./marks.js";

/**
 * @typedef {{left: number, right: number, top: number, bottom: number}} Room
 * @typedef {{values: ArrayLike<number>, colour: string, name?: string}} Line a number for each step
 */

const SHOWN = 400;                              // points of a line at most: a canvas has few pixels more

/**
 * Curves over the steps, each with a disc at its end; their range grows with what they hold.
 * @param {CanvasRenderingContext2D} ctx @param {Room} room @param {Line[]} lines of one length
 * @param {{name: string, first?: number, steps?: number, unit?: string}} said the name above the axis; the number of the first step;
 *   how many steps the axis has room for at least; what a step is called
 * @param {Colours} colours
 */
export function drawHistory(ctx, { left, right, top, bottom }, lines, { name, first = 0, steps = 10, unit = "steps" }, colours) {
  const n = lines[0].values.length, end = Math.max(first + n - 1, steps);
  const [low, high] = rangeOf(lines), toX = linearScale(0, end, left, right), toY = linearScale(low, high, bottom, top);
  yAxis(ctx, toY, niceTicks(low, high, 3), left, [top, bottom], colours.ink);
  segment(ctx, left, bottom, right, bottom, colours.ink);
  const stride = Math.max(1, Math.ceil(n / SHOWN));
  for (const { values, colour } of lines) {
    const points = [];
    for (let k = (n - 1) % stride; k < n; k += stride) points.push([toX(first + k), toY(values[k])]);
    polyline(ctx, points, colour);
    if (n) disc(ctx, points[points.length - 1][0], points[points.length - 1][1], 4, colour);
  }
  ctx.textBaseline = "top";
  ctx.textAlign = "right";
  ctx.fillStyle = colours.ink;
  ctx.fillText(`${end.toLocaleString("en")} ${unit}`, right, bottom + 5);
  ctx.textAlign = "left";
  ctx.fillText("0", left, bottom + 5);
  ctx.textBaseline = "bottom";
  const wide = ctx.measureText(name).width, at = Math.max(0, Math.min(left, right + 12 - wide));
  ctx.fillText(name, at, top - 5);                         // a long one begins before the axis
  drawNames(ctx, lines, { left: at + wide, right, top }, colours);
}

/**
 * The lines' names in their colours, from the right: above the axis or, where they would cover what stands there, below.
 * @param {CanvasRenderingContext2D} ctx @param {Line[]} lines @param {Omit<Room, "bottom">} free @param {Colours} colours
 */
function drawNames(ctx, lines, { left, right, top }, { paper }) {
  const wide = lines.reduce((sum, { name = "" }) => sum + ctx.measureText(name).width + 14, 0);
  const y = left + wide > right ? top + 12 : top - 5;
  let x = right;
  ctx.textAlign = "right";
  for (const { name, colour } of lines.toReversed()) {
    if (!name) continue;
    rimmed(ctx, name, x, y, colour, [[paper, 3]]);
    x -= ctx.measureText(name).width + 14;
  }
}

/** The least and the largest finite number, apart. @param {Line[]} lines @returns {[low: number, high: number]} */
function rangeOf(lines) {
  let low = Infinity, high = -Infinity;
  for (const { values } of lines) for (const value of Array.from(values)) {
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  if (low > high) return [0, 1];
  const room = Math.max((high - low) * 0.08, 0.02 * Math.max(high, -low), 1e-3);    // few digits at the ticks
  return [low - room, high + room];
}
