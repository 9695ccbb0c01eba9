/** What the judge reads in a picture, and which training digit is nearest to it. Both come when a reader asks. */
/** @import { Model } from "./model.js" */
import { brushOf, makeCanvas } from "./canvas.js";
import { makeButton } from "./controls.js";
import { failureText } from "./failure.js";
import { paintImage } from "./raster.js";
import { bringBytes, bringNetwork } from "./shipped.js";

const SIDE = 28, N_TRAIN = 4000, N_DIGITS = 5000;          // as in parts.py
const REST = 150;                                          // ms without a new picture before the judge looks
/** @type {Float32Array[]} */
const NONE = [];

/** @typedef {{read: number, sure: number}} Reading */
/** @typedef {Reading & {near: number, near_label: number, index: number}} Judged */
/** @typedef {{text: string, values: object, strip: Reading[]}} Told */

/** Numbers as shares of 1 (softmax). @param {ArrayLike<number>} numbers @returns {number[]} */
export function shares(numbers) {
  const list = Array.from(numbers), top = Math.max(...list), raised = list.map((v) => Math.exp(v - top));
  const sum = raised.reduce((a, b) => a + b);
  return raised.map((v) => v / sum);
}

/**
 * @param {{run: (image: ArrayLike<number>) => Record<string, Float32Array>}} judge the network
 * @param {Uint8Array} digits pixels, then labels, as in parts.py
 */
export function makeJudge(judge, digits) {
  /** @param {ArrayLike<number>} image in [0, 1] @returns {Reading} */
  const read = (image) => {
    const told = shares(judge.run(image).logits), best = told.indexOf(Math.max(...told));
    return { read: best, sure: told[best] };
  };
  return { read,
    /** @param {ArrayLike<number>} image @returns {Judged} */
    look: (image) => ({ ...read(image), ...nearestDigit(image, digits) }) };
}

/** @param {ArrayLike<number>} image in [0, 1] @param {Uint8Array} digits */
function nearestDigit(image, digits) {
  let index = 0, best = Infinity;
  for (let k = 0; k < N_TRAIN; k++) {
    let square = 0;
    for (let i = 0, at = k * SIDE ** 2; i < SIDE ** 2 && square < best; i++) {
      square += (image[i] - digits[at + i] / 255) ** 2;
    }
    if (square < best) [best, index] = [square, k];
  }
  return { near: Math.sqrt(best), near_label: digits[N_DIGITS * SIDE ** 2 + index], index };
}

/**
 * A button that asks, and then a small picture of the nearest training digit. The judge looks when nothing moves: to
 * look takes longer than a frame may.
 * @param {Model} model @param {() => void} redraw
 * @returns what stands in the figure, and what tells of a picture: nothing before it was asked for
 */
export function judgeOnRequest(model, redraw) {
  const place = document.createElement("div"), picture = makeCanvas(SIDE, SIDE), brush = brushOf(picture);
  /** @type {ReturnType<typeof makeJudge> | null} */
  let judge = null;
  /** @type {{image: ArrayLike<number>, strip: Float32Array[], told: Told} | null} */
  let last = null;
  let failed = "", timer = 0;
  /** @type {Uint8Array} */
  let digits;
  const button = makeButton("Ask the judge", async () => {
    button.textContent = "The judge is on the way …";
    try {
      const network = bringNetwork(model, "judge");
      digits = await bringBytes(model, "digits");
      judge = makeJudge(await network, digits);
      button.replaceWith(picture);
    } catch (error) {
      failed = ` ${failureText(error)}`;
      button.textContent = "Ask the judge";
    }
    redraw();
  });
  picture.className = "nearest";
  picture.setAttribute("role", "img");
  place.className = "explorer-aid explorer-judged";
  place.append(button);

  /** @param {ReturnType<typeof makeJudge>} judge @param {ArrayLike<number>} image @param {Float32Array[]} strip */
  function look(judge, image, strip) {
    const { index, ...values } = judge.look(image), { read, sure, near, near_label: label } = values;
    paintImage(brush, digits.subarray(index * SIDE ** 2, (index + 1) * SIDE ** 2), [SIDE, SIDE], [0, 255]);
    picture.setAttribute("aria-label", `The nearest training digit, labelled ${label}`);
    const text = ` The judge reads ${read} (${Math.round(100 * sure)}%). The nearest of ${
      N_TRAIN.toLocaleString("en")} training digits, labelled ${label}, is ${near.toFixed(1)} away (small picture).`;
    last = { image, strip, told: { text, values, strip: strip.map(judge.read) } };
    redraw();
  }
  return { place, isHere: () => judge !== null,
    /**
     * @param {ArrayLike<number>} image in [0, 1] @param {Float32Array[]} strip more pictures to read, the same array
     *   while they are the same @returns {Told}
     */
    tell(image, strip = NONE) {
      clearTimeout(timer);
      if (!judge) return { text: failed, values: {}, strip: [] };
      if (last && last.strip === strip && isSame(last.image, image)) return last.told;
      timer = window.setTimeout(look, REST, judge, image, strip);
      return { text: " The judge waits until nothing moves.", values: {}, strip: [] };
    } };
}

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b of the same length */
const isSame = (a, b) => Array.prototype.every.call(a, (v, i) => v === b[i]);
