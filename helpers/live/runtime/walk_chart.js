/** The pictures of chapter 9's walk: the digit, the classifier's bars, and the strip with what the judge reads. */
/** @import { Size } from "./canvas.js" */
/** @import { Colours } from "./colours.js" */
/** @import { Reading } from "./judged.js" */
import { linearScale } from "./axes.js";
import { segment } from "./marks.js";
import { signed } from "./text.js";

/** @typedef {{digit: number, source: number, target: number, alpha: number, reading: number}} Walk the reader's own digit is -1 */
/** @typedef {ReturnType<typeof places>} Places */

/** Values of alpha in the strip below the picture. */
export const STRIP = [-1, -0.5, 0, 0.5, 1, 1.5, 2];
const LINE = 17;                                // pixels of a line of words

/**
 * Where things stand: the picture at the left, the bars at the right, the strip of small pictures below.
 * @param {Size} size @param {boolean} judged whether the judge's words stand below the strip
 */
export function places({ width, height }, judged) {
  const cell = width / STRIP.length, frame = Math.min(cell - 6, 72), top = 24;
  const strip = height - frame - (judged ? LINE : 2);
  const side = Math.min(strip - 26 - top, 0.42 * width), pitch = side / 10, left = side + 16;
  const toX = linearScale(0, 1, left + 14, width - 44);
  const ofStrip = (/** @type {number} */ i) => i * cell + (cell - frame) / 2;
  const ofBar = (/** @type {number} */ k) => top + pitch * (k + 0.5);
  return { frame, strip, top, side, pitch, left, toX, ofStrip, ofBar };
}

/**
 * What is the same for every walk: frames, the axis of the bars and its labels, the strip's alphas.
 * @param {CanvasRenderingContext2D} ctx @param {Places} where @param {Colours} colours
 */
export function drawFrames(ctx, { frame, strip, top, side, left, toX, ofStrip, ofBar }, { ink }) {
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
 * @param {CanvasRenderingContext2D} ctx @param {Places} where @param {HTMLCanvasElement} big
 * @param {HTMLCanvasElement[]} small
 */
export function drawPictures(ctx, { frame, strip, top, side, ofStrip }, big, small) {
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(big, 1, top + 1, side - 2, side - 2);
  small.forEach((canvas, i) => ctx.drawImage(canvas, ofStrip(i) + 0.5, strip + 0.5, frame - 1, frame - 1));
}

/**
 * The name of the walk, and the classifier's ten probabilities unless they are hidden: the digit's own label blue, the
 * target's orange.
 * @param {CanvasRenderingContext2D} ctx @param {Places} where @param {Walk} walk @param {number[]} told
 * @param {Colours} colours
 */
export function drawReading(ctx, where, { digit, source, target, alpha, reading }, told, colours) {
  const { pitch, toX, ofBar } = where, name = digit < 0 ? "yours" : digit;
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(`${name}, along ${source} → ${target}`, 2, 10);
  if (!reading) ctx.fillText("hidden", toX(0) + 8, ofBar(4.5));
  else told.forEach((p, k) => {
    ctx.fillStyle = k === digit ? colours.blue : k === target ? colours.orange : colours.green;
    ctx.fillRect(toX(0), ofBar(k) - 0.36 * pitch, toX(p) - toX(0), 0.72 * pitch);
    ctx.fillStyle = colours.ink;
    if (p >= 0.005) ctx.fillText(`${Math.round(100 * p)}%`, toX(p) + 5, ofBar(k));
  });
  drawHere(ctx, where, STRIP.findIndex((a) => Math.abs(a - alpha) < 0.25), colours.orange);
}

/**
 * Mark the strip's picture that is nearest.
 * @param {CanvasRenderingContext2D} ctx @param {Places} where @param {number} here @param {string} colour
 */
function drawHere(ctx, { frame, strip, ofStrip }, here, colour) {
  if (here < 0) return;
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.lineWidth = 4;
  ctx.strokeRect(ofStrip(here), strip, frame, frame);
  ctx.textAlign = "center";
  ctx.clearRect(ofStrip(here), strip - 20, frame, 17);
  ctx.fillText(signed(STRIP[here]), ofStrip(here) + frame / 2, strip - 11);
}

/**
 * Below each picture of the strip what the judge reads and, where there is room, how surely.
 * @param {CanvasRenderingContext2D} ctx @param {Places} where @param {Reading[]} readings @param {Colours} colours
 */
export function drawJudged(ctx, { frame, strip, ofStrip }, readings, { ink }) {
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  readings.forEach(({ read, sure }, i) => {
    ctx.fillText(frame < 56 ? String(read) : `${read}: ${Math.round(100 * sure)}%`, ofStrip(i) + frame / 2, strip + frame + 10);
  });
}
