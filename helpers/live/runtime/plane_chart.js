/** A plane of codes on a canvas. */
/** @import { Scale } from "./axes.js" */
/** @import { Size } from "./canvas.js" */
/** @import { Colours } from "./colours.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./axes.js";
import { apart, nearestCode } from "./codes.js";
import { disc, rimmed, ring, segment } from "./marks.js";
import { inside } from "./paper.js";
import { signed } from "./text.js";

/** @typedef {{left: number, right: number, top: number, bottom: number, toX: Scale, toY: Scale}} Place of the plane */

/** Matplotlib's ten class colours, as in plane.py; a class that has none of its own takes them from the start. */
const CLASS_COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
  "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"];

const CELLS = 90, FAR = 5;                      // of the map of distance; a fifth of the plane is as far as it shows

/**
 * Where the plane stands on the canvas.
 * @param {Size} size @param {number[]} xs @param {number[]} ys @returns {Place}
 */
export function placeOf({ width, height }, xs, ys) {
  const left = 40, right = width - 8, top = 8, bottom = height - 40;
  return { left, right, top, bottom,
    toX: linearScale(xs[0], xs[1], left, right), toY: linearScale(ys[0], ys[1], bottom, top) };
}

/**
 * Axes and their names.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number[]} xs @param {number[]} ys
 * @param {Colours} colours
 */
export function drawAxes(ctx, { left, right, top, bottom, toX, toY }, xs, ys, { ink }) {
  const ticks = niceTicks(ys[0], ys[1], 5), middle = (top + bottom) / 2;
  xAxis(ctx, toX, niceTicks(xs[0], xs[1], 5), bottom, [left, right], ink);
  yAxis(ctx, toY, ticks, left, [top, bottom], ink);
  // The name stands in the middle, or half a step higher if a number there would touch it.
  const met = ticks.find((tick) => Math.abs(toY(tick) - middle) < 16 && ctx.measureText(signed(tick)).width > 14);
  const at = met === undefined ? middle : toY(met) + (toY(ticks[1]) - toY(ticks[0])) / 2;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  ctx.fillText("z₀", (left + right) / 2, bottom + 38);
  ctx.save();
  ctx.translate(11, at);
  ctx.rotate(-Math.PI / 2);
  ctx.textBaseline = "middle";
  ctx.fillText("z₁", 0, 0);
  ctx.restore();
}

/**
 * How far each place is from the nearest code: the farther, the stronger the shade.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number[]} xs @param {number[]} ys
 * @param {Float32Array} codes @param {Colours} colours
 */
export function drawDistances(ctx, { left, right, top, bottom }, xs, ys, codes, { ink }) {
  const toX = linearScale(0, CELLS, left, right), toY = linearScale(0, CELLS, bottom, top);
  const at = (/** @type {number} */ k, /** @type {number[]} */ [low, high]) => low + ((k + 0.5) / CELLS) * (high - low);
  ctx.save();
  ctx.fillStyle = ink;
  for (let i = 0; i < CELLS; i++) for (let j = 0; j < CELLS; j++) {
    const [x0, x1, y0, y1] = [toX(i), toX(i + 1), toY(j + 1), toY(j)].map(Math.round);
    const { distance } = nearestCode(codes, [at(i, xs), at(j, ys)]);
    ctx.globalAlpha = 0.7 * Math.min(FAR * distance / (xs[1] - xs[0]), 1);
    ctx.fillRect(x0, y0, x1 - x0, y1 - y0);
  }
  ctx.restore();
}

/**
 * Dashed circles around 0: standard deviations of a prior.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number[]} circles @param {Colours} colours
 */
export function drawCircles(ctx, place, circles, { ink }) {
  const { toX, toY } = place;
  inside(ctx, place, () => {
    ctx.strokeStyle = ink;
    ctx.lineWidth = 1;
    ctx.setLineDash([5, 5]);
    for (const radius of circles) {
      ctx.beginPath();
      ctx.ellipse(toX(0), toY(0), toX(radius) - toX(0), toY(0) - toY(radius), 0, 0, 2 * Math.PI);
      ctx.stroke();
    }
  });
}

/**
 * The codes of the data as dots, in the colours of their classes.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Float32Array} codes
 * @param {((i: number) => number) | null} labelOf @param {Colours} colours
 */
export function drawDots(ctx, place, codes, labelOf, { blue }) {
  const { toX, toY } = place, radius = codes.length > 2000 ? 1.6 : 2.2;
  inside(ctx, place, () => {
    for (let i = 0; i < codes.length; i += 2) {
      const colour = labelOf ? classColour(labelOf(i / 2)) : blue;
      disc(ctx, toX(codes[i]), toY(codes[i + 1]), radius, `${colour}b0`);
    }
  });
}

/** @param {number} label */
const classColour = (label) => CLASS_COLOURS[label % CLASS_COLOURS.length];

/**
 * The classes' names, each with a rim of paper and around it one of its colour, and none upon another.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {(number[] | null)[]} middles
 * @param {string[]} names @param {Colours} colours
 */
export function drawNames(ctx, { toX, toY }, middles, names, { ink, paper }) {
  ctx.save();
  ctx.font = "bold 17px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  apart(middles.map((middle) => middle && [toX(middle[0]), toY(middle[1])]), 22).forEach((at, label) => {
    if (at) rimmed(ctx, names[label], at[0], at[1], ink, [[classColour(label), 9], [paper, 5]]);
  });
  ctx.restore();
}

/**
 * The place of the reader's own drawing.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number[]} z @param {Colours} colours
 */
export function drawOwn(ctx, { right, toX, toY }, [a, b], { ink, paper }) {
  disc(ctx, toX(a), toY(b), 6, paper);
  disc(ctx, toX(a), toY(b), 4.5, ink);
  ctx.textAlign = toX(a) > right - 60 ? "right" : "left";
  ctx.textBaseline = "middle";
  rimmed(ctx, "yours", toX(a) + (ctx.textAlign === "right" ? -12 : 12), toY(b), ink, [[paper, 5]]);
}

/**
 * The point that the reader moves, and the line from it to the nearest code.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number[]} z @param {Float32Array} code
 * @param {Colours} colours
 */
export function drawPoint(ctx, { toX, toY }, [a, b], code, { ink, paper, orange }) {
  segment(ctx, toX(a), toY(b), toX(code[0]), toY(code[1]), ink, 1.5);
  for (const [colour, width] of /** @type {[string, number][]} */ ([[paper, 7], [ink, 5], [orange, 3]])) {
    ring(ctx, toX(a), toY(b), 12, colour, width);          // a ring, through which a class's name shows
  }
}
