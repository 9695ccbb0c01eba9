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

/** @param {number} z in (0, 1) @returns {number} the x with P(X <= x) = z for a standard normal X */
export function normalPpf(z) {
  const q = z - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(z, 1 - z)));
  return Math.sign(q) * (r <= 5 ? ratio(SHOULDER, r - 1.6) : ratio(TAIL, r - 5));
}

/** Mean and standard deviation (divisor n) of the first n numbers. */
export function meanAndDeviation(numbers, n) {
  let sum = 0, squares = 0;
  for (let i = 0; i < n; i++) sum += numbers[i];
  for (let i = 0; i < n; i++) squares += (numbers[i] - sum / n) ** 2;
  return [sum / n, Math.sqrt(squares / n)];
}

const RANGE = [0, 400], BINS = 40;

function render({ model, el }) {
  const bytes = model.get("draws");
  const draws = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const standard = draws.map(normalPpf);

  function draw(ctx, { width, height }, colours) {
    const [z, mu, sigma, n] = ["z", "mu", "sigma", "n"].map((name) => model.get(name));
    const x = mu + sigma * normalPpf(z), sample = standard.map((q) => mu + sigma * q);
    const middle = height * 0.55, left = 46, right = width - 14;
    const toX = linearScale(...RANGE, left, right);
    drawCdf(ctx, toX, { z, mu, sigma, x }, { left, right, top: 12, bottom: middle - 26 }, colours);
    drawHistogram(ctx, toX, { sample, n, mu, sigma, x }, { left, right, top: middle + 6, bottom: height - 40 }, colours);
    const values = { x };
    let text = `z = ${z.toFixed(3)} → x = ${x.toFixed(1)}.`;
    if (n > 0) {
      [values.mean, values.deviation] = meanAndDeviation(sample, n);
      text += ` ${n} draws: mean ${values.mean.toFixed(1)}, standard deviation ${values.deviation.toFixed(1)}.`;
    }
    return { text, values };
  }
  return liveFigure({ model, el, traits: ["z", "mu", "sigma", "n"], aspect: 1.35, draw }).stop;
}

/** The curve of the cdf, and the way from z over to it and down to x. */
function drawCdf(ctx, toX, { z, mu, sigma, x }, { left, right, top, bottom }, colours) {
  const toY = linearScale(0, 1, bottom, top);
  const curve = Array.from({ length: 199 }, (_, i) => (i + 1) / 200).map((p) => [toX(mu + sigma * normalPpf(p)), toY(p)]);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, 0, right - left, bottom + 1);
  ctx.clip();
  polyline(ctx, [[left, toY(0)], ...curve.filter(([a]) => a > left && a < right), [right, toY(1)]], colours.blue);
  polyline(ctx, [[left, toY(z)], [toX(x), toY(z)], [toX(x), bottom]], colours.orange, 2);
  disc(ctx, toX(x), toY(z), 5, colours.orange);
  ctx.restore();
  yAxis(ctx, toY, [0, 0.5, 1], left, [top, bottom], colours.ink);
  xAxis(ctx, toX, niceTicks(...RANGE, 8), bottom, [left, right], colours.ink);
  ctx.textAlign = "left";
  ctx.fillText("z = cdf(x)", left + 8, top + 6);
}

/** The first n draws as bars of density, with the pdf over them. */
function drawHistogram(ctx, toX, { sample, n, mu, sigma, x }, { left, right, top, bottom }, colours) {
  const wide = (RANGE[1] - RANGE[0]) / BINS, counts = new Array(BINS).fill(0);
  for (let i = 0; i < n; i++) counts[Math.floor((sample[i] - RANGE[0]) / wide)]++;     // outside: no bar
  const pdf = (v) => Math.exp(-0.5 * ((v - mu) / sigma) ** 2) / (sigma * Math.sqrt(2 * Math.PI));
  const highest = Math.max(pdf(mu) * 1.25, ...counts.map((c) => c / (n * wide) || 0));
  const toY = linearScale(0, highest, bottom, top);
  ctx.fillStyle = colours.blue + "88";
  counts.forEach((c, i) => {
    const from = toX(RANGE[0] + i * wide);
    ctx.fillRect(from + 0.5, toY(c / (n * wide) || 0), toX(RANGE[0] + (i + 1) * wide) - from - 1, bottom - toY(c / (n * wide) || 0));
  });
  polyline(ctx, Array.from({ length: 201 }, (_, i) => 2 * i).map((v) => [toX(v), toY(pdf(v))]), colours.blue);
  if (x > RANGE[0] && x < RANGE[1]) segment(ctx, toX(x), top, toX(x), bottom, colours.orange, 2);
  xAxis(ctx, toX, niceTicks(...RANGE, 8), bottom, [left, right], colours.ink);
  ctx.fillText("x", (left + right) / 2, bottom + 22);
  ctx.textAlign = "left";
  ctx.fillText("pdf(x) and draws", left + 8, top + 2);
}

export default { render };
