/** The live figure of chapter 11: draw a digit, and see what encoders and decoders make of it. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Description } from "./runtime/network.js" */
import { makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { SIDE, centred, unpackInk } from "./runtime/ink.js";
import { read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { paintImage } from "./runtime/raster.js";
import { makeSheet } from "./runtime/sheet.js";
import { capital, withArticle } from "./runtime/text.js";

/** @typedef {ReturnType<typeof makeReaders>} Readers */
/** @typedef {Record<string, number>} Values */

const GAP = 4;                                  // pixels between the pictures

export default view(({ model, el }) => {
  const [names, bytes, encoders, decoders] = read(model, "names", "images", "encoders", "decoders");
  const images = Array.from({ length: bytes.byteLength / SIDE ** 2 }, (_, k) => Float32Array.from(
    { length: SIDE ** 2 }, (_, i) => bytes.getUint8(k * SIDE ** 2 + i) / 255));
  const [encoderWeights, decoderWeights] = read(model, "encoder_weights", "decoder_weights");
  const readers = makeReaders({ encoders, encoderWeights, decoders, decoderWeights });
  const pixels = [(names.length + 1) * (SIDE + GAP) - GAP, SIDE];
  const sheet = makeSheet(model, images, () => live.redraw());

  /** @type {Draw} */
  function draw(ctx) {
    const [choice, towards, share] = read(model, "choice", "towards", "share");
    const drawn = choice ? { image: images[choice - 1], factor: 1 } : centred(unpackInk(model.get("ink")));
    const { pictures, values } = readPicture(readers, drawn.image, images[towards], share);
    paintImage(ctx, sideBySide(pictures).row, [SIDE, pixels[0]], [0, 1]);
    sheet.paint();
    const text = padSentence({ choice, towards, share, factor: drawn.factor }, values, names);
    return { text: `${text}${sheet.penText()}`, values };
  }
  const live = liveFigure({ model, el, traits: ["choice", "towards", "share", "ink"], pixels, draw });
  layOut(live, sheet, ["the digit", ...names]);
  return live.stop;
});

/**
 * What encodes and decodes: one entry for each model. A picture's code is kept for as long as the picture is there.
 * @param {{encoders: Description[], encoderWeights: DataView[], decoders: Description[], decoderWeights: DataView[]}}
 *   models
 */
export function makeReaders({ encoders, encoderWeights, decoders, decoderWeights }) {
  return encoders.map((encoder, k) => {
    const reads = makeNetwork(encoder, encoderWeights[k]), draws = makeNetwork(decoders[k], decoderWeights[k]);
    const [[size]] = Object.values(decoders[k].inputs);    // a VAE's encoder gives log_var too, after mu
    const codes = new WeakMap();
    /** @param {Float32Array} x @returns {Float32Array} */
    const encode = (x) => codes.get(x) ?? codes.set(x, reads.run(x).slice(0, size)).get(x);
    return { encode, decode: (/** @type {Float32Array} */ z) => draws.run(z).slice() };
  });
}

/**
 * All that the figure shows of a picture x.
 * @param {Readers} readers @param {Float32Array} x @param {Float32Array} goal a picture to walk to
 * @param {number} share how far
 */
export function readPicture(readers, x, goal, share) {
  /** @type {Values} */
  const values = { yours: meanOf(x) };
  const pictures = [x];
  readers.forEach(({ encode, decode }, k) => {
    const end = share ? encode(goal) : null;
    const z = encode(x).map((v, i) => (end ? v + share * (end[i] - v) : v)), picture = decode(z);
    pictures.push(picture);
    values[`brightness_${k}`] = meanOf(picture);
    values[`off_${k}`] = Math.sqrt(meanOf(picture.map((v, i) => (v - x[i]) ** 2)));
    values[`length_${k}`] = Math.hypot(...z);
  });
  return { pictures, values };
}

/** @param {Float32Array} numbers */
function meanOf(numbers) {
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}

/** Pictures of 28 by 28 in one row, with gaps. @param {Float32Array[]} pictures */
export function sideBySide(pictures) {
  const wide = pictures.length * (SIDE + GAP) - GAP, row = new Float32Array(SIDE * wide);
  pictures.forEach((picture, k) => {
    for (let i = 0; i < SIDE; i++) row.set(picture.subarray(i * SIDE, (i + 1) * SIDE), i * wide + k * (SIDE + GAP));
  });
  return { row, wide };
}

/**
 * The read-out in words.
 * @param {{choice: number, factor: number, towards: number, share: number}} state @param {Values} values
 * @param {string[]} names
 */
export function padSentence({ choice, factor, towards, share }, values, names) {
  if (!choice && !factor) return "The pad is empty. Draw a digit on it, or choose one from the menu.";
  const whose = choice ? `${capital(withArticle(choice - 1))} of the test set. `
    : `Your drawing, made ${factor.toFixed(1)} times as large and centred, as in MNIST. `;
  const each = (/** @type {string} */ key, /** @type {number} */ digits) => (
    names.map((name, k) => `${values[`${key}_${k}`].toFixed(digits)} (${name})`).join(", "));
  if (share) {
    return `${whose}Its code has gone ${Math.round(100 * share)}% of the way to that of ${withArticle(towards)}. Length of z: `
      + `${each("length", 1)}.`;
  }
  return `${whose}Off by ${each("off", 2)}: the root mean square over the pixels.`;
}

/**
 * The pad to the left of the pictures or, where that is too narrow, above them.
 * @param {{figure: HTMLElement, canvas: HTMLCanvasElement, readout: HTMLElement}} live
 * @param {{canvas: HTMLCanvasElement, clear: () => void, undo: () => void}} sheet @param {string[]} names
 */
function layOut({ figure, canvas, readout }, sheet, names) {
  const [results, row, pad] = ["pad-results", "picture-names", "pad-sheet"].map(
    (className) => Object.assign(document.createElement("div"), { className }));
  row.append(...names.map((name) => Object.assign(document.createElement("span"), { textContent: name })));
  results.append(canvas, row, /** @type {Element} */ (readout.parentElement));
  pad.append(sheet.canvas, makeButton("Clear", sheet.clear), makeButton("Undo", sheet.undo));
  figure.classList.add("explorer-pad");
  figure.append(results, pad);                             // the pictures come first, and stand behind by CSS
}
