/** A chart of models, one measure against another: axes, a point a model, names that do not cover one another. */
/** @import { Scale } from "./axes.js" */
/** @import { Colours } from "./colours.js" */
/** @import { Measure } from "./scores.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./axes.js";
import { disc, rimmed, segment } from "./marks.js";
import { range } from "./scores.js";

const NOTE = "dashed: real digits";
const BETTER = { low: "less is better", high: "more is better", one: "1 is best" };

/**
 * @typedef {{measure: Measure, values: (number | null)[], spreads: number[]}} Axis
 * @typedef {{left: number, right: number, top: number, bottom: number}} Room
 * @typedef {{toX: Scale, toY: Scale, across: number[], up: number[]} & Room} Chart
 * @typedef {object} Point
 * @property {number} i of the model   @property {string} name
 * @property {number} x @property {number} y where it stands
 * @property {number[]} wide @property {number[]} high its spread
 */

/** The scales of a chart that shows all values. @param {Room} room @param {Axis} x @param {Axis} y @returns {Chart} */
export function makeChart(room, x, y) {
  const across = range(x.values, x.measure), up = range(y.values, y.measure);
  return { ...room, across, up, toX: scaleOf(across, x.measure, room.left, room.right),
    toY: scaleOf(up, y.measure, room.bottom, room.top) };
}

/**
 * Like linearScale; logarithmic where the measure says so.
 * @param {number[]} ends @param {Measure} measure @param {number} from @param {number} to @returns {Scale}
 */
function scaleOf([low, high], { log }, from, to) {
  if (!log) return linearScale(low, high, from, to);
  const straight = linearScale(Math.log10(low), Math.log10(high), from, to);
  return (v) => straight(Math.log10(v));
}

/**
 * Ticks of an axis; on a logarithmic one powers of ten, or 1, 2, 5 where these are few and there is room.
 * @param {number[]} ends @param {Measure} measure @param {number} count
 */
function ticksOf([low, high], { log }, count) {
  if (!log) return niceTicks(low, high, count);
  /** @type {number[]} */
  const powers = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) powers.push(k);
  const of = (/** @type {number[]} */ steps) => (
    powers.flatMap((k) => steps.map((s) => Number(`${s}e${k}`))).filter((v) => low <= v && v <= high));
  const tens = of([1]), more = of([1, 2, 5]);
  return tens.length > 2 || more.length > 2.5 * count ? tens : more;
}

/** @param {number} v */
const short = (v) => (v >= 1e6 ? `${v / 1e6}M` : v >= 1e4 ? `${v / 1e3}k` : String(v));

/**
 * Axes with their names, and dashed where real digits stand.
 * @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Axis} x @param {Axis} y @param {Colours} colours
 */
export function drawAxes(ctx, { left, right, top, bottom, across, up, toX, toY }, x, y, colours) {
  const { ink, green } = colours, [realX, realY] = [x.measure.real, y.measure.real];
  xAxis(ctx, toX, ticksOf(across, x.measure, (right - left) / 90), bottom, [left, right], ink, short);
  yAxis(ctx, toY, ticksOf(up, y.measure, 5), left, [top, bottom], ink, short);
  ctx.setLineDash([5, 4]);
  if (realX !== null) segment(ctx, toX(realX), top, toX(realX), bottom, green, 1.5);
  if (realY !== null) segment(ctx, left, toY(realY), right, toY(realY), green, 1.5);
  ctx.setLineDash([]);
  ctx.fillStyle = ink;
  ctx.textAlign = "right";
  ctx.fillText(`${x.measure.name} (${BETTER[x.measure.better]}) →`, right, bottom + 32, right);
  ctx.textAlign = "left";
  const name = `↑ ${y.measure.name} (${BETTER[y.measure.better]})`, above = ctx.measureText(name + NOTE).width < right - 14;
  ctx.fillText(name, 2, top - 16, right);
  if (realX === null && realY === null) return;
  ctx.fillStyle = green;
  ctx.textAlign = "right";
  ctx.fillText(NOTE, right, above ? top - 16 : bottom + 45);
}

/**
 * The models that have both numbers, the chosen one last, so that nothing covers it.
 * @param {Chart} chart @param {Axis} x @param {Axis} y @param {string[]} names @param {number} chosen
 * @returns {Point[]}
 */
export function pointsOf({ toX, toY, across, up }, x, y, names, chosen) {
  const points = names.flatMap((name, i) => {
    const [vx, vy, dx, dy] = [x.values[i], y.values[i], x.spreads[i], y.spreads[i]];
    if (vx === null || vy === null) return [];
    return [{ i, name, x: toX(vx), y: toY(vy), wide: [toX(Math.max(vx - dx, across[0])), toX(vx + dx)],
      high: [toY(Math.max(vy - dy, up[0])), toY(vy + dy)] }];
  });
  return points.sort((a, b) => Number(a.i === chosen) - Number(b.i === chosen));
}

/**
 * A disc a model with its spread and its name.
 * @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Point[]} points @param {number} chosen
 * @param {Colours} colours
 */
export function drawPoints(ctx, chart, points, chosen, colours) {
  for (const { i, x, y, wide, high } of points) {
    const colour = i === chosen ? colours.orange : colours.blue;
    segment(ctx, wide[0], y, wide[1], y, colour, 2);
    segment(ctx, x, high[0], x, high[1], colour, 2);
    disc(ctx, x, y, i === chosen ? 7 : 5, colour);
  }
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const taken = points.map(({ x, y }) => [x - 7, x + 7, y]);
  for (const point of [...points].reverse()) {               // the chosen one finds its place first
    const width = ctx.measureText(point.name).width, [at, line] = placeFor(point, width, chart, taken);
    taken.push([at, at + width, line]);
    rimmed(ctx, point.name, at, line, point.i === chosen ? colours.orange : colours.ink, [[colours.paper, 4]]);
  }
}

/**
 * A place in the room for a name beside its point, a free one if there is one.
 * @param {Point} point @param {number} width of the name @param {Room} room
 * @param {number[][]} taken left, right and height of what is there
 */
function placeFor({ x, y }, width, { left, right, top, bottom }, taken) {
  const places = [0, -15, 15, -30, 30, -45, 45].flatMap((down) => [[x + 10, y + down], [x - 10 - width, y + down]]);
  const inside = places.filter(([at, line]) => at >= left && at + width <= right && line >= top && line <= bottom);
  return inside.find(([at, line]) => (
    taken.every(([from, to, other]) => at + width < from || at > to || Math.abs(line - other) > 13))) ?? inside[0] ?? places[0];
}
