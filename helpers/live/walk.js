/** The live figure of chapter 9: a digit moved through the latent space, and what a classifier reads. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw, Told } from "./runtime/figure.js" */
/** @import { Description } from "./runtime/network.js" */
import { linearScale } from "./runtime/axes.js";
import { brushOf, makeCanvas, stillLayer } from "./runtime/canvas.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { segment } from "./runtime/marks.js";
import { read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { paintImage } from "./runtime/raster.js";
import { signed } from "./runtime/text.js";

/** @typedef {{digit: number, source: number, target: number, alpha: number, reading: number}} Walk */
/** @typedef {{image: Float32Array, told: number[], brightness: number, length: number}} Shown */

/** Values of alpha in the strip below the picture. */
const STRIP = [-1, -0.5, 0, 0.5, 1, 1.5, 2];
const SIDE = 28;

export default view(({ model, el }) => {
  const [decoder, reader, starts, centroids] = read(model, "decoder", "reader", "starts", "centroids");
  const [decoderWeights, readerWeights] = read(model, "decoder_weights", "reader_weights");
  const walk = makeWalk({ decoder, decoderWeights, reader, readerWeights }), drawStill = stillLayer(drawFrames);
  const big = makeCanvas(SIDE, SIDE), small = STRIP.map(() => makeCanvas(SIDE, SIDE));
  let known = "";                                          // the walk that the strip shows

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [digit, source, target, alpha, reading] = read(model, "digit", "source", "target", "alpha", "reading");
    const state = { digit, source, target, alpha, reading };
    const place = (/** @type {number} */ a) => moved(starts[digit], centroids[source], centroids[target], a);
    if (known !== `${digit} ${source} ${target}`) {
      STRIP.forEach((a, i) => paintGrey(small[i], walk.decode(place(a))));
      known = `${digit} ${source} ${target}`;
    }
    const shown = walk.at(place(alpha));
    paintGrey(big, shown.image);
    drawStill(ctx, size, colours);
    drawPictures(ctx, size, big, small);
    drawReading(ctx, size, state, shown.told, colours);
    return describe(state, shown);
  }
  return liveFigure({ model, el, traits: ["digit", "source", "target", "alpha", "reading"], aspect: 1.5, draw }).stop;
});

/** @param {ArrayLike<number>} numbers @returns {number[]} their exponentials, as shares of the sum */
export function shares(numbers) {
  const list = Array.from(numbers), top = Math.max(...list), raised = list.map((v) => Math.exp(v - top));
  const sum = raised.reduce((a, b) => a + b);
  return raised.map((v) => v / sum);
}

/**
 * @param {number[]} z @param {number[]} from @param {number[]} to @param {number} alpha
 * @returns {Float32Array} z + alpha * (to - from)
 */
export function moved(z, from, to, alpha) {
  return Float32Array.from(z, (value, k) => value + alpha * (to[k] - from[k]));
}

/**
 * What decodes and reads; `at` gives all that the figure shows of a latent point.
 * @param {{decoder: Description, decoderWeights: DataView, reader: Description, readerWeights: DataView}} networks
 */
export function makeWalk({ decoder, decoderWeights, reader, readerWeights }) {
  const draws = makeNetwork(decoder, decoderWeights), reads = makeNetwork(reader, readerWeights);
  const decode = (/** @type {Float32Array} */ z) => draws.run(z).slice();
  /** @param {Float32Array} z @returns {Shown} */
  function at(z) {
    const image = decode(z), told = shares(reads.run(image));
    const brightness = image.reduce((a, b) => a + b) / image.length;
    return { image, told, brightness, length: Math.hypot(...z) };
  }
  return { at, decode };
}

/** @param {HTMLCanvasElement} canvas of 28 by 28 @param {Float32Array} image in [0, 1] */
function paintGrey(canvas, image) {
  paintImage(brushOf(canvas), image, [SIDE, SIDE], [0, 1]);
}

/**
 * Where things stand: the picture at the left, the bars at the right, the strip of small pictures below.
 * @param {Size} size
 */
function places({ width, height }) {
  const cell = width / STRIP.length, frame = Math.min(cell - 6, 72), strip = height - frame - 2, top = 24;
  const side = Math.min(strip - 26 - top, 0.42 * width), pitch = side / 10, left = side + 16;
  const toX = linearScale(0, 1, left + 14, width - 44);
  const ofStrip = (/** @type {number} */ i) => i * cell + (cell - frame) / 2;
  const ofBar = (/** @type {number} */ k) => top + pitch * (k + 0.5);
  return { frame, strip, top, side, pitch, left, toX, ofStrip, ofBar };
}

/**
 * What is the same for every walk: frames, the axis of the bars and its labels, the strip's alphas.
 * @param {CanvasRenderingContext2D} ctx @param {Size} size @param {Colours} colours
 */
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

/**
 * @param {CanvasRenderingContext2D} ctx @param {Size} size @param {HTMLCanvasElement} big
 * @param {HTMLCanvasElement[]} small
 */
function drawPictures(ctx, size, big, small) {
  const { frame, strip, top, side, ofStrip } = places(size);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(big, 1, top + 1, side - 2, side - 2);
  small.forEach((canvas, i) => ctx.drawImage(canvas, ofStrip(i) + 0.5, strip + 0.5, frame - 1, frame - 1));
}

/**
 * The name of the walk, and the classifier's ten probabilities unless they are hidden: the digit's own label blue, the
 * target's orange.
 * @param {CanvasRenderingContext2D} ctx @param {Size} size @param {Walk} walk @param {number[]} told
 * @param {Colours} colours
 */
function drawReading(ctx, size, { digit, source, target, alpha, reading }, told, colours) {
  const { pitch, toX, ofBar } = places(size);
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(`${digit}, along ${source} → ${target}`, 2, 10);
  if (!reading) ctx.fillText("hidden", toX(0) + 8, ofBar(4.5));
  else told.forEach((p, k) => {
    ctx.fillStyle = k === digit ? colours.blue : k === target ? colours.orange : colours.green;
    ctx.fillRect(toX(0), ofBar(k) - 0.36 * pitch, toX(p) - toX(0), 0.72 * pitch);
    ctx.fillStyle = colours.ink;
    if (p >= 0.005) ctx.fillText(`${Math.round(100 * p)}%`, toX(p) + 5, ofBar(k));
  });
  drawHere(ctx, size, STRIP.findIndex((a) => Math.abs(a - alpha) < 0.25), colours.orange);
}

/**
 * Mark the strip's picture that is nearest.
 * @param {CanvasRenderingContext2D} ctx @param {Size} size @param {number} here @param {string} colour
 */
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

/** The caption and the numbers of the figure. @param {Walk} walk @param {Shown} shown @returns {Told} */
export function describe({ digit, source, target, alpha, reading }, { told, brightness, length }) {
  const best = told.indexOf(Math.max(...told)), sure = Math.round(100 * told[best]);
  const values = { ...Object.fromEntries(told.map((p, k) => [`p${k}`, p])), brightness, length };
  const where = source === target ? `From ${source} to ${target} is no step: choose two classes. `
    : `${digit === 8 ? "An" : "A"} ${digit}, moved by ${signed(alpha, 2)} of the step from ${source} to ${target}. `;
  const says = reading ? `reads ${best} (${sure}%)` : "is hidden";
  return { text: `${where}Logistic regression ${says}. Length of z: ${length.toFixed(1)}.`, values };
}
