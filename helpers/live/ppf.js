/** The live figure of chapter 2: one line, from uniform numbers to draws from a normal or from the reader's density. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw, Told } from "./runtime/figure.js" */
/** @import { At, Move } from "./runtime/grab.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Law } from "./runtime/own_density.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./runtime/axes.js";
import { copyOf } from "./runtime/bytes.js";
import { makePlayer, makeToggle } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { NEAR, isNear, onGrab } from "./runtime/grab.js";
import { disc, polyline, rimmed, segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import { normalCdf, normalPpf } from "./runtime/normal.js";
import { drawByKeys, isOwn, lawMenu, lawOf, pen } from "./runtime/own_density.js";
import { snap } from "./runtime/plane_pad.js";
import { makeGuess } from "./runtime/question.js";

/**
 * @typedef {object} State
 * @property {number} z the reader's uniform number   @property {number} x what it becomes
 * @property {Law} law
 * @property {Float64Array} zs uniform draws   @property {Float64Array} xs what they become
 * @property {boolean} open whether the reader is to guess x   @property {number | null} guess
 * @property {number[]} steps numbers z at equal steps, or none
 * @typedef {ReturnType<typeof layout>} Places
 * @typedef {(ctx: CanvasRenderingContext2D, places: Places, state: State, colours: Colours) => void} Part
 */

/** CURVE is the standard normal cdf, far into its tails. RANGE holds every x that the sliders reach. */
const CURVE = Array.from({ length: 121 }, (_, i) => 1 / (1 + Math.exp((60 - i) / 5))).map((p) => [normalPpf(p), p]);
const NEWEST = 20;                                         // draws that travel in sight
const STEPS = Array.from({ length: 19 }, (_, k) => (k + 1) / 20);
const RANGE = /** @type {[number, number]} */ ([-50, 450]), TICKS = [0, 100, 200, 300, 400];
const TOP = 0.042;                                         // of the density's axis: the peak at the smallest sigma, 10

export default view(({ model, el }) => {
  const uniforms = new Float64Array(copyOf(model.get("draws"))), standard = uniforms.map(normalPpf);
  let room = { width: 0, height: 0 };

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [z, mu, sigma, n] = read(model, "z", "mu", "sigma", "n"), law = currentLaw(model);
    const zs = uniforms.subarray(0, n), steps = equal.isOn() ? STEPS : [];
    const xs = isOwn(model) ? zs.map(law.ppf) : standard.subarray(0, n).map((q) => mu + sigma * q);
    const state = { z, law, x: law.ppf(z), zs, xs, open: guess.isOpen(), guess: guess.guess(), steps };
    const places = layout(size);
    room = size;
    for (const part of [drawStrip, drawDensity, ...(state.open ? [] : [drawSteps, drawCdf, drawJourney])]) {
      part(ctx, places, state, colours);
    }
    drawGuess(ctx, places, state, colours);
    drawLabels(ctx, places, state, colours);
    const { text, values } = describe(state);
    const other = isOwn(model) ? " Only the normal has μ and σ." : "";
    return { values, text: `${guess.words()}${text}${other}${keys.text()}` };
  }
  const { figure, canvas, readout, redraw, stop } = liveFigure({ model, el, draw, aspect: 1.02,
    traits: ["z", "mu", "sigma", "n", "own"], reset() { player.halt(); guess.drop(); equal.set(false); } });
  const keys = drawByKeys(canvas, model, RANGE);
  const equal = makeToggle("Equal steps of z", redraw);
  const guess = makeGuess({ model, ends: ["z", "mu", "sigma", "own"], redraw, ask: "Guess x", limits: RANGE,
    label: "x =", prepare() { change(model, { z: snap(0.05 + 0.9 * Math.random(), 0.01, 0, 1) }); },
    tell: (x) => `You said ${x.toFixed(0)}; a share of ${currentLaw(model).cdf(x).toFixed(3)} falls below that.` });
  const player = makePlayer(`Draw, ${NEWEST} at a time`, 60, readout, (first) => {
    const all = uniforms.length, n = first && model.get("n") === all ? 0 : model.get("n");
    change(model, { n: Math.min(n + NEWEST, all) });
    return n + NEWEST >= all;
  });
  onGrab(canvas, (at) => (guess.isOpen() ? guessAt(layout(room), at, guess.put) : markAt(model, layout(room), at)));
  figure.prepend(player.button, equal.button, lawMenu(model), guess.button, guess.form);
  return () => { player.halt(); stop(); };
});

/** @param {Model} model @returns {Law} */
function currentLaw(model) {
  if (isOwn(model)) return lawOf(model.get("own"), RANGE);
  const [mu, sigma] = read(model, "mu", "sigma");
  return { top: TOP, curve: CURVE.map(([q, p]) => [mu + sigma * q, p]),
    pdf: (x) => Math.exp(-0.5 * ((x - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI)),
    cdf: (x) => normalCdf((x - mu) / sigma), ppf: (z) => mu + sigma * normalPpf(z) };
}

/**
 * What moves the reader's number at a place: z on the strip and on the curve, x on its axis. And the reader's density.
 * @param {Model} model @param {Places} places @param {At} at @returns {Move | null}
 */
function markAt(model, places, at) {
  const { strip, left, right, top, middle, lower, bottom, toX, toZ } = places, z = model.get("z");
  const law = currentLaw(model), x = toX(law.ppf(z));
  const set = (/** @type {number} */ to) => { change(model, { z: snap(to, 0.001, 0.001, 0.999) }); };
  const along = linearScale(left, right, RANGE[0], RANGE[1]), up = linearScale(middle, top, 0, 1);
  if (isNear(at, strip, toZ(z)) || isNear(at, x, toZ(z))) return (to) => set(up(to.y));
  if (Math.abs(at.x - x) <= NEAR && at.y > toZ(z) && at.y < bottom + NEAR) return (to) => set(law.cdf(along(to.x)));
  if (isOwn(model) && at.x >= left && at.y >= lower && at.y < bottom + NEAR) return pen(model, places);
  return Math.abs(at.y - toZ(z)) <= NEAR && at.x > strip && at.x < x ? (to) => set(up(to.y)) : null;
}

/**
 * A guess of x is put where the density is pressed.
 * @param {Places} places @param {At} at @param {(x: number) => void} put @returns {Move | null}
 */
function guessAt({ left, right, lower, bottom }, at, put) {
  const along = linearScale(left, right, RANGE[0], RANGE[1]);
  return at.x >= left && at.y >= lower && at.y < bottom + NEAR ? ({ x }) => put(Math.round(along(x))) : null;
}

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
function describe({ law, z, x, xs, open, steps }) {
  if (open) {
    return { values: { x }, text: `A share of ${z.toFixed(3)} of all draws falls below x. Which x is it? Press on the `
      + "density, or type a number." };
  }
  const text = `z = ${z.toFixed(3)} → x = ${x.toFixed(1)}: a share of ${z.toFixed(3)} of all draws falls below it. `;
  const [mean, deviation] = meanAndDeviation(xs), values = xs.length ? { x, mean, deviation } : { x };
  if (steps.length) return { text: `${text}${stepsText(steps.map(law.ppf))}`, values };
  if (xs.length === 0) return { text: `${text}Nothing drawn yet.`, values };
  return { text: `${text}${xs.length} draws: mean ${mean.toFixed(1)}, standard deviation ${deviation.toFixed(1)}.`, values };
}

/** @param {number[]} xs what z becomes at equal steps */
function stepsText(xs) {
  const moves = xs.slice(1).map((x, k) => x - xs[k]), [least, most] = [Math.min(...moves), Math.max(...moves)];
  return `Each step of 0.05 in z moves x by ${least.toFixed(1)} to ${most.toFixed(1)}.`;
}

/** Where things stand: the strip of z at the left, the cdf beside it, the density of x below it. @param {Size} size */
function layout({ width, height }) {
  const strip = 32, left = strip + Math.min(Math.max(0.15 * width, 48), 96), right = width - 10;
  const top = 26, middle = Math.round(height * 0.44), lower = middle + 28, bottom = height - 42;
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

/** Equal steps of z, and where they lead. @type {Part} */
function drawSteps(ctx, { strip, bottom, toX, toZ }, { law, steps }, colours) {
  for (const z of steps) {
    const x = toX(law.ppf(z));
    polyline(ctx, [[strip, toZ(z)], [x, toZ(z)], [x, bottom]], colours.green, 1);
  }
}

/** The curve of the cdf, and the newest draws on their way through it. @type {Part} */
function drawCdf(ctx, { strip, left, right, top, middle, toX, toZ }, { law, zs, xs }, colours) {
  for (let i = Math.max(0, zs.length - NEWEST); i < zs.length; i++) {
    polyline(ctx, [[strip, toZ(zs[i])], [toX(xs[i]), toZ(zs[i])], [toX(xs[i]), middle]], colours.green + "77", 1);
  }
  segment(ctx, left, top, right, top, colours.faint);
  segment(ctx, left, middle, right, middle, colours.ink);
  const curve = law.curve.map(([x, p]) => [toX(x), toZ(p)]);
  polyline(ctx, [[left, middle], ...curve, [right, top]], colours.blue, 2.5);
}

/** The draws of x as bars of density, with the pdf over them. @type {Part} */
function drawDensity(ctx, { left, right, lower, bottom, toX }, { law, xs }, colours) {
  const bars = densities(xs, RANGE, 50), wide = (RANGE[1] - RANGE[0]) / 50;
  const toY = linearScale(0, law.top, bottom, lower);
  ctx.fillStyle = colours.blue + "88";
  bars.forEach((b, i) => {
    const from = toX(RANGE[0] + i * wide);
    const y = Math.max(toY(b), lower);
    ctx.fillRect(from + 0.5, y, toX(RANGE[0] + (i + 1) * wide) - from - 1, bottom - y);
  });
  const grid = Array.from({ length: 251 }, (_, i) => RANGE[0] + 2 * i);
  polyline(ctx, grid.map((v) => [toX(v), toY(law.pdf(v))]), colours.blue, 2.5);
  yAxis(ctx, toY, niceTicks(0, law.top, 3), left, [lower, bottom], colours.ink);
  xAxis(ctx, toX, TICKS, bottom, [left, right], colours.ink);
}

/** The one z that the reader moves: over to the curve, down to x. @type {Part} */
function drawJourney(ctx, { strip, bottom, toX, toZ }, { z, x }, colours) {
  const [px, py] = [toX(x), toZ(z)];
  polyline(ctx, [[strip, py], [px, py], [px, bottom - 1]], colours.orange, 2.5);
  for (const [cx, cy] of [[strip, py], [px, py], [px, bottom]]) disc(ctx, cx, cy, 6, colours.orange);
}

/** The x that the reader guesses. @type {Part} */
function drawGuess(ctx, { lower, bottom, toX }, { guess }, { red }) {
  if (guess === null) return;
  segment(ctx, toX(guess), lower, toX(guess), bottom, red, 2.5);
  disc(ctx, toX(guess), bottom, 6, red);
}

/** Names and numbers, last and with a rim of paper, so that no line runs through a word. @type {Part} */
function drawLabels(ctx, { left, right, top, lower, bottom, toX }, { z, x, xs, open }, colours) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  const write = (/** @type {string} */ text, /** @type {number} */ at, /** @type {number} */ y) => (
    rimmed(ctx, text, at, y, colours.ink, [[colours.paper, 5]]));
  const text = `x = ${x.toFixed(1)}`, half = ctx.measureText(text).width / 2;
  if (!open) write(text, Math.min(Math.max(toX(x), left + half), right - half) - half, bottom + 32);
  write(`z = ${z.toFixed(3)}`, 2, top - 14);
  write(open ? "cdf(x): hidden until you say" : "cdf(x)", left, top - 14);
  write(xs.length ? "pdf(x), draws" : "pdf(x)", left, lower - 14);
}
