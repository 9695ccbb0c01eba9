import { disc, linearScale, liveFigure, niceTicks, polyline, segment, xAxis, yAxis } from "./common.js";

/** Wichura's rational approximations of the standard normal quantile (Algorithm AS 241, PPND16). */
const CENTRE = [
  [3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
    45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727],
  [1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
    21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610]];
const SHOULDER = [
  [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4],
  [1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
    0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9]];
const TAIL = [
  [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
    0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
  [1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15]];

const ratio = ([p, q], r) => p.reduceRight((s, c) => s * r + c, 0) / q.reduceRight((s, c) => s * r + c, 0);

/**
 * @param {number} z in [0, 1]
 * @returns {number} the x with P(X <= x) = z for a standard normal X; NaN for a z outside [0, 1]
 */
export function normalPpf(z) {
  if (z === 0 || z === 1) return (z - 0.5) * Infinity;
  const q = z - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(z, 1 - z)));
  return Math.sign(q) * (r <= 5 ? ratio(SHOULDER, r - 1.6) : ratio(TAIL, r - 5));
}

/** Mean and standard deviation (divisor n) of the numbers. */
export function meanAndDeviation(numbers) {
  const mean = numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
  return [mean, Math.sqrt(numbers.reduce((sum, v) => sum + (v - mean) ** 2, 0) / numbers.length)];
}

/** Bars whose areas are the shares of all numbers that fall into them; what falls outside has no bar. */
export function densities(numbers, [from, to], bins) {
  const wide = (to - from) / bins, bars = new Array(bins).fill(0);
  for (const v of numbers) {
    const i = Math.floor((v - from) / wide);
    if (i >= 0 && i < bins) bars[i] += 1 / (numbers.length * wide);
  }
  return bars;
}

/** CURVE is the standard normal cdf, far into its tails. RANGE holds every x that the sliders reach. */
const CURVE = Array.from({ length: 121 }, (_, i) => 1 / (1 + Math.exp((60 - i) / 5))).map((p) => [normalPpf(p), p]);
/** The newest draws travel in sight. */
const NEWEST = 20;
const RANGE = [-50, 450], TICKS = [0, 100, 200, 300, 400];

function render({ model, el }) {
  const bytes = model.get("draws");
  const uniforms = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const standard = uniforms.map(normalPpf);

  function draw(ctx, size, colours) {
    const [z, mu, sigma, n] = ["z", "mu", "sigma", "n"].map((name) => model.get(name));
    const state = { z, mu, sigma, x: mu + sigma * normalPpf(z),
      zs: uniforms.subarray(0, n), xs: standard.subarray(0, n).map((q) => mu + sigma * q) };
    const places = layout(size);
    drawStrip(ctx, places, state, colours);
    drawDensity(ctx, places, state, colours);
    drawCdf(ctx, places, state, colours);
    drawJourney(ctx, places, state, colours);
    drawLabels(ctx, places, state, colours);
    return describe(state);
  }
  const { figure, stop } = liveFigure({ model, el, traits: ["z", "mu", "sigma", "n"], aspect: 1.2, draw });
  const rest = drawButton(model, figure, uniforms.length);
  return () => { rest(); stop(); };
}

/**
 * A button that draws NEWEST more at a time until all are there or it is pressed again; returns what stops it.
 * (The Play of ipywidgets breaks on the site: the theme's icons replace the elements that it holds.)
 */
function drawButton(model, figure, all) {
  const button = document.createElement("button"), readout = figure.querySelector("[role=status]");
  let timer = 0;
  function rest() {
    clearInterval(timer);
    timer = 0;
    button.textContent = `Draw, ${NEWEST} at a time`;
    readout.ariaLive = "polite";
  }
  function step() {
    model.set("n", Math.min(model.get("n") + NEWEST, all));
    model.save_changes();
    if (model.get("n") === all) rest();
  }
  button.className = "play-button";
  button.type = "button";
  button.onclick = () => {
    if (timer) return rest();
    if (model.get("n") === all) model.set("n", 0);
    button.textContent = "Pause";
    readout.ariaLive = "off";                             // a screen reader hears the end, not every step
    timer = setInterval(step, 60);
    step();
  };
  rest();
  figure.prepend(button);
  return rest;
}

/** The caption and the numbers of the figure. */
function describe({ z, x, xs }) {
  const values = { x };
  let text = `z = ${z.toFixed(3)} → x = ${x.toFixed(1)}: a share of ${z.toFixed(3)} of all draws falls below it. `;
  if (xs.length === 0) return { text: `${text}Nothing drawn yet.`, values };
  [values.mean, values.deviation] = meanAndDeviation(xs);
  text += `${xs.length} draws: mean ${values.mean.toFixed(1)}, standard deviation ${values.deviation.toFixed(1)}.`;
  return { text, values };
}

/** Where things stand: the strip of z at the left, the cdf beside it, the density of x below it. */
function layout({ width, height }) {
  const strip = 32, left = strip + Math.min(Math.max(0.15 * width, 48), 96), right = width - 10;
  const top = 26, middle = Math.round(height * 0.52), lower = middle + 28, bottom = height - 42;
  return { strip, left, right, top, middle, lower, bottom,
    toX: linearScale(...RANGE, left, right), toZ: linearScale(0, 1, middle, top) };
}

/** The uniform draws as bars along the axis of z. */
function drawStrip(ctx, { strip, left, top, middle, toZ }, { zs }, colours) {
  const bars = densities(zs, [0, 1], 10), high = middle - top;
  const longest = (left - strip - 8) / Math.max(1.6, ...bars);
  ctx.fillStyle = colours.blue + "88";
  bars.forEach((b, i) => ctx.fillRect(strip, toZ((i + 1) / 10) + 0.5, b * longest, high / 10 - 1));
  if (zs.length) segment(ctx, strip + longest, top, strip + longest, middle, colours.blue, 2);
  yAxis(ctx, toZ, [0, 0.5, 1], strip, [top, middle], colours.ink);
}

/** The curve of the cdf, and the newest draws on their way through it. */
function drawCdf(ctx, { strip, left, right, top, middle, toX, toZ }, { mu, sigma, zs, xs }, colours) {
  for (let i = Math.max(0, zs.length - NEWEST); i < zs.length; i++) {
    polyline(ctx, [[strip, toZ(zs[i])], [toX(xs[i]), toZ(zs[i])], [toX(xs[i]), middle]], colours.green + "77", 1);
  }
  segment(ctx, left, top, right, top, colours.faint);
  segment(ctx, left, middle, right, middle, colours.ink);
  const curve = CURVE.map(([q, p]) => [toX(mu + sigma * q), toZ(p)]);
  polyline(ctx, [[left, middle], ...curve, [right, top]], colours.blue, 2.5);
}

/** The draws of x as bars of density, with the pdf over them. */
function drawDensity(ctx, { left, right, lower, bottom, toX }, { mu, sigma, xs }, colours) {
  const bars = densities(xs, RANGE, 50), wide = (RANGE[1] - RANGE[0]) / 50;
  const pdf = (v) => Math.exp(-0.5 * ((v - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
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

/** The one z that the reader moves: over to the curve, down to x. */
function drawJourney(ctx, { strip, bottom, toX, toZ }, { z, x }, colours) {
  const [px, py] = [toX(x), toZ(z)];
  polyline(ctx, [[strip, py], [px, py], [px, bottom - 1]], colours.orange, 2.5);
  disc(ctx, px, py, 5, colours.orange);
  disc(ctx, px, bottom, 5, colours.orange);
}

/** Names and numbers, last and with a rim of paper, so that no line runs through a word. */
function drawLabels(ctx, { left, right, top, lower, bottom, toX }, { z, x, xs }, colours) {
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  const write = (text, at, y) => {
    ctx.strokeStyle = colours.paper;
    ctx.lineWidth = 5;
    ctx.strokeText(text, at, y);
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, at, y);
  };
  const text = `x = ${x.toFixed(1)}`, half = ctx.measureText(text).width / 2;
  write(text, Math.min(Math.max(toX(x), left + half), right - half) - half, bottom + 32);
  write(`z = ${z.toFixed(3)}`, 2, top - 14);
  write("cdf(x)", left, top - 14);
  write(xs.length ? "pdf(x), draws" : "pdf(x)", left, lower - 14);
}

export default { render };
