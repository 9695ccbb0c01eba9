import { linearScale, liveFigure, segment, stillLayer } from "./common.js";
import { makeNetwork } from "./runtime/network.js";

/** Values of alpha in the strip below the picture. */
const STRIP = [-1, -0.5, 0, 0.5, 1, 1.5, 2];
const SIDE = 28;

/** @param {ArrayLike<number>} numbers @returns {number[]} their exponentials, as shares of the sum */
export function shares(numbers) {
  const list = Array.from(numbers), top = Math.max(...list), raised = list.map((v) => Math.exp(v - top));
  const sum = raised.reduce((a, b) => a + b);
  return raised.map((v) => v / sum);
}

/** @returns {Float32Array} z + alpha * (to - from) */
export function moved(z, from, to, alpha) {
  return Float32Array.from(z, (value, k) => value + alpha * (to[k] - from[k]));
}

/** What decodes and reads; `at` gives all that the figure shows of a latent point. */
export function makeWalk({ decoder, decoderWeights, reader, readerWeights }) {
  const draws = makeNetwork(decoder, decoderWeights), reads = makeNetwork(reader, readerWeights);
  const decode = (z) => draws.run(z).slice();
  function at(z) {
    const image = decode(z), told = shares(reads.run(image));
    const brightness = image.reduce((a, b) => a + b) / image.length;
    return { image, told, brightness, length: Math.hypot(...z) };
  }
  return { at, decode };
}

function render({ model, el }) {
  const walk = makeWalk({ decoder: model.get("decoder"), decoderWeights: model.get("decoder_weights"),
    reader: model.get("reader"), readerWeights: model.get("reader_weights") });
  const starts = model.get("starts"), centroids = model.get("centroids");
  const big = stamp(), small = STRIP.map(stamp), drawStill = stillLayer(drawFrames);
  let known = "";                                          // the walk that the strip shows

  function draw(ctx, size, colours) {
    const [digit, source, target, alpha] = ["digit", "source", "target", "alpha"].map((name) => model.get(name));
    const place = (a) => moved(starts[digit], centroids[source], centroids[target], a);
    if (known !== `${digit} ${source} ${target}`) {
      STRIP.forEach((a, i) => small[i].paint(walk.decode(place(a))));
      known = `${digit} ${source} ${target}`;
    }
    const shown = walk.at(place(alpha));
    big.paint(shown.image);
    drawStill(ctx, size, colours);
    drawWalk(ctx, size, { big, small, alpha, digit, source, target, ...shown }, colours);
    return describe({ digit, source, target, alpha, ...shown });
  }
  return liveFigure({ model, el, traits: ["digit", "source", "target", "alpha"], aspect: 1.5, draw }).stop;
}

/** A small canvas that holds one grey picture. */
function stamp() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const ctx = canvas.getContext("2d"), data = ctx.createImageData(SIDE, SIDE);
  const bytes = data.data.fill(255);
  function paint(image) {
    for (let i = 0; i < image.length; i++) {
      bytes[4 * i] = bytes[4 * i + 1] = bytes[4 * i + 2] = Math.round(255 * Math.min(Math.max(image[i], 0), 1));
    }
    ctx.putImageData(data, 0, 0);
  }
  return { canvas, paint };
}

/** Where things stand: the picture at the left, the bars at the right, the strip of small pictures below. */
function places({ width, height }) {
  const cell = width / STRIP.length, frame = Math.min(cell - 6, 72), strip = height - frame - 2, top = 24;
  const side = Math.min(strip - 26 - top, 0.42 * width), pitch = side / 10, left = side + 16;
  const toX = linearScale(0, 1, left + 14, width - 44);
  const ofStrip = (i) => i * cell + (cell - frame) / 2, ofBar = (k) => top + pitch * (k + 0.5);
  return { frame, strip, top, side, pitch, left, toX, ofStrip, ofBar };
}

/** What is the same for every walk: frames, the axis of the bars and its labels, the strip's alphas. */
function drawFrames(ctx, size, { ink }) {
  const { frame, strip, top, side, left, toX, ofStrip, ofBar } = places(size);
  ctx.fillStyle = ctx.strokeStyle = ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText("logistic regression", left, 10);
  for (let k = 0; k < 10; k++) ctx.fillText(String(k), left, ofBar(k));
  segment(ctx, toX(0), top, toX(0), top + side, ink);
  ctx.strokeRect(0.5, top + 0.5, side - 1, side - 1);
  ctx.textAlign = "center";
  STRIP.forEach((a, i) => {
    ctx.strokeRect(ofStrip(i), strip, frame, frame);
    ctx.fillText(signed(a), ofStrip(i) + frame / 2, strip - 11);
  });
}

/** The pictures, and the classifier's ten probabilities: the digit's own label blue, the target's orange. */
function drawWalk(ctx, size, { big, small, told, digit, source, target, alpha }, colours) {
  const { frame, strip, top, side, pitch, toX, ofStrip, ofBar } = places(size);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(big.canvas, 1, top + 1, side - 2, side - 2);
  small.forEach(({ canvas }, i) => ctx.drawImage(canvas, ofStrip(i) + 0.5, strip + 0.5, frame - 1, frame - 1));
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(`${digit}, along ${source} → ${target}`, 2, 10);
  told.forEach((p, k) => {
    ctx.fillStyle = k === digit ? colours.blue : k === target ? colours.orange : colours.green;
    ctx.fillRect(toX(0), ofBar(k) - 0.36 * pitch, toX(p) - toX(0), 0.72 * pitch);
    ctx.fillStyle = colours.ink;
    if (p >= 0.005) ctx.fillText(`${Math.round(100 * p)}%`, toX(p) + 5, ofBar(k));
  });
  drawHere(ctx, size, STRIP.findIndex((a) => Math.abs(a - alpha) < 0.25), colours.orange);
}

/** Mark the strip's picture that is nearest. */
function drawHere(ctx, size, here, colour) {
  if (here < 0) return;
  const { frame, strip, ofStrip } = places(size);
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.lineWidth = 4;
  ctx.strokeRect(ofStrip(here), strip, frame, frame);
  ctx.textAlign = "center";
  ctx.clearRect(ofStrip(here), strip - 20, frame, 17);
  ctx.fillText(signed(STRIP[here]), ofStrip(here) + frame / 2, strip - 11);
}

/** A number with a proper minus. */
function signed(number, digits) {
  return (digits === undefined ? String(number) : number.toFixed(digits)).replace("-", "−");
}

/** The caption and the numbers of the figure. */
function describe({ digit, source, target, alpha, told, brightness, length }) {
  const best = told.indexOf(Math.max(...told));
  const values = { ...Object.fromEntries(told.map((p, k) => [`p${k}`, p])), brightness, length };
  const where = source === target ? `From ${source} to ${target} is no step: choose two classes. `
    : `${digit === 8 ? "An" : "A"} ${digit}, moved by ${signed(alpha, 2)} of the step from ${source} to ${target}. `;
  return { text: `${where}Logistic regression reads ${best} (${Math.round(100 * told[best])}%). Length of z: `
    + `${length.toFixed(1)}.`, values };
}

export default { render };
