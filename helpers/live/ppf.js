/** The live figure of chapter 2: one line, from uniform numbers to draws from a normal distribution. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw, Told } from "./runtime/figure.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./runtime/axes.js";
import { copyOf } from "./runtime/bytes.js";
import { makePlayer } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { disc, polyline, rimmed, segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import { normalPpf } from "./runtime/normal.js";

/**
 * @typedef {object} State
 * @property {number} z the reader's uniform number   @property {number} x what it becomes
 * @property {number} mu @property {number} sigma
 * @property {Float64Array} zs uniform draws   @property {Float64Array} xs what they become
 * @typedef {ReturnType<typeof layout>} Places
 * @typedef {(ctx: CanvasRenderingContext2D, places: Places, state: State, colours: Colours) => void} Part
 */

/** CURVE is the standard normal cdf, far into its tails. RANGE holds every x that the sliders reach. */
const CURVE = Array.from({ length: 121 }, (_, i) => 1 / (1 + Math.exp((60 - i) / 5))).map((p) => [normalPpf(p), p]);
const NEWEST = 20;                                         // draws that travel in sight
const RANGE = [-50, 450], TICKS = [0, 100, 200, 300, 400];

export default view(({ model, el }) => {
  const uniforms = new Float64Array(copyOf(model.get("draws"))), standard = uniforms.map(normalPpf);

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [z, mu, sigma, n] = read(model, "z", "mu", "sigma", "n");
    const state = { z, mu, sigma, x: mu + sigma * normalPpf(z),
      zs: uniforms.subarray(0, n), xs: standard.subarray(0, n).map((q) => mu + sigma * q) };
    const places = layout(size);
    for (const part of [drawStrip, drawDensity, drawCdf, drawJourney, drawLabels]) part(ctx, places, state, colours);
    return describe(state);
  }
  const { figure, readout, stop } = liveFigure({ model, el, traits: ["z", "mu", "sigma", "n"], aspect: 1.2, draw });
  const player = makePlayer(`Draw, ${NEWEST} at a time`, 60, readout, (first) => {
    const all = uniforms.length, n = first && model.get("n") === all ? 0 : model.get("n");
    change(model, { n: Math.min(n + NEWEST, all) });
    return n + NEWEST >= all;
  });
  figure.prepend(player.button);
  return () => { player.halt(); stop(); };
});

/** Mean and standard deviation (divisor n). @param {ArrayLike<number> & Iterable<number>} numbers */
export function meanAndDeviation(numbers) {
  let sum = 0, squares = 0;
  for (const v of numbers) sum += v;
  const mean = sum / numbers.length;
  for (const v of numbers) squares += (v - mean) ** 2;
  return [mean, Math.sqrt(squares / numbers.length)];
}

/**
 * Bars whose areas are the shares of all numbers that fall into them; what falls outside has no bar.
 * @param {ArrayLike<number> & Iterable<number>} numbers @param {number[]} ends @param {number} bins @returns {number[]}
 */
export function densities(numbers, [from, to], bins) {
  const wide = (to - from) / bins, bars = new Array(bins).fill(0);
  for (const v of numbers) {
    const i = Math.floor((v - from) / wide);
    if (i >= 0 && i < bins) bars[i] += 1 / (numbers.length * wide);
  }
  return bars;
}

/** The caption and the numbers of the figure. @param {State} state @returns {Told} */
function describe({ z, x, xs }) {
  const text = `z = ${z.toFixed(3)} → x = ${x.toFixed(1)}: a share of ${z.toFixed(3)} of all draws falls below it. `;
  if (xs.length === 0) return { text: `${text}Nothing drawn yet.`, values: { x } };
  const [mean, deviation] = meanAndDeviation(xs);
  return { text: `${text}${xs.length} draws: mean ${mean.toFixed(1)}, standard deviation ${deviation.toFixed(1)}.`,
    values: { x, mean, deviation } };
}

/** Where things stand: the strip of z at the left, the cdf beside it, the density of x below it. @param {Size} size */
function layout({ width, height }) {
  const strip = 32, left = strip + Math.min(Math.max(0.15 * width, 48), 96), right = width - 10;
  const top = 26, middle = Math.round(height * 0.52), lower = middle + 28, bottom = height - 42;
  return { strip, left, right, top, middle, lower, bottom,
    toX: linearScale(RANGE[0], RANGE[1], left, right), toZ: linearScale(0, 1, middle, top) };
}

/** The uniform draws as bars along the axis of z. @type {Part} */
function drawStrip(ctx, { strip, left, top, middle, toZ }, { zs }, colours) {
  const bars = densities(zs, [0, 1], 10), high = middle - top;
  const longest = (left - strip - 8) / Math.max(1.6, ...bars);
  ctx.fillStyle = colours.blue + "88";
  bars.forEach((b, i) => ctx.fillRect(strip, toZ((i + 1) / 10) + 0.5, b * longest, high / 10 - 1));
  if (zs.length) segment(ctx, strip + longest, top, strip + longest, middle, colours.blue, 2);
  yAxis(ctx, toZ, [0, 0.5, 1], strip, [top, middle], colours.ink);
}

/** The curve of the cdf, and the newest draws on their way through it. @type {Part} */
function drawCdf(ctx, { strip, left, right, top, middle, toX, toZ }, { mu, sigma, zs, xs }, colours) {
  for (let i = Math.max(0, zs.length - NEWEST); i < zs.length; i++) {
    polyline(ctx, [[strip, toZ(zs[i])], [toX(xs[i]), toZ(zs[i])], [toX(xs[i]), middle]], colours.green + "77", 1);
  }
  segment(ctx, left, top, right, top, colours.faint);
  segment(ctx, left, middle, right, middle, colours.ink);
  const curve = CURVE.map(([q, p]) => [toX(mu + sigma * q), toZ(p)]);
  polyline(ctx, [[left, middle], ...curve, [right, top]], colours.blue, 2.5);
}

/** The draws of x as bars of density, with the pdf over them. @type {Part} */
function drawDensity(ctx, { left, right, lower, bottom, toX }, { mu, sigma, xs }, colours) {
  const bars = densities(xs, RANGE, 50), wide = (RANGE[1] - RANGE[0]) / 50;
  const pdf = (/** @type {number} */ v) => Math.exp(-0.5 * ((v - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
  const highest = Math.max(pdf(mu) * 1.15, ...bars), toY = linearScale(0, highest, bottom, lower);
  ctx.fillStyle = colours.blue + "88";
  bars.forEach((b, i) => {
    const from = toX(RANGE[0] + i * wide);
    ctx.fillRect(from + 0.5, toY(b), toX(RANGE[0] + (i + 1) * wide) - from - 1, bottom - toY(b));
  });
  const grid = Array.from({ length: 251 }, (_, i) => RANGE[0] + 2 * i);
  polyline(ctx, grid.map((v) => [toX(v), toY(pdf(v))]), colours.blue, 2.5);
  yAxis(ctx, toY, niceTicks(0, highest, 3), left, [lower, bottom], colours.ink);
  xAxis(ctx, toX, TICKS, bottom, [left, right], colours.ink);
}

/** The one z that the reader moves: over to the curve, down to x. @type {Part} */
function drawJourney(ctx, { strip, bottom, toX, toZ }, { z, x }, colours) {
  const [px, py] = [toX(x), toZ(z)];
  polyline(ctx, [[strip, py], [px, py], [px, bottom - 1]], colours.orange, 2.5);
  disc(ctx, px, py, 5, colours.orange);
  disc(ctx, px, bottom, 5, colours.orange);
}

/** Names and numbers, last and with a rim of paper, so that no line runs through a word. @type {Part} */
function drawLabels(ctx, { left, right, top, lower, bottom, toX }, { z, x, xs }, colours) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const write = (/** @type {string} */ text, /** @type {number} */ at, /** @type {number} */ y) => (
    rimmed(ctx, text, at, y, colours.ink, [[colours.paper, 5]]));
  const text = `x = ${x.toFixed(1)}`, half = ctx.measureText(text).width / 2;
  write(text, Math.min(Math.max(toX(x), left + half), right - half) - half, bottom + 32);
  write(`z = ${z.toFixed(3)}`, 2, top - 14);
  write("cdf(x)", left, top - 14);
  write(xs.length ? "pdf(x), draws" : "pdf(x)", left, lower - 14);
}
