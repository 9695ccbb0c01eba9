/** The live figure of chapter 9: a digit moved through the latent space, and what a classifier reads. */
/** @import { Draw, Told } from "./runtime/figure.js" */
/** @import { At } from "./runtime/grab.js" */
/** @import { Reading } from "./runtime/judged.js" */
/** @import { Description } from "./runtime/network.js" */
/** @import { Walk } from "./runtime/walk_chart.js" */
import { brushOf, makeCanvas, stillLayer } from "./runtime/canvas.js";
import { addAids, makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { onGrab } from "./runtime/grab.js";
import { judgeOnRequest, shares } from "./runtime/judged.js";
import { change, read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { makeOwnDigit } from "./runtime/own_digit.js";
import { snap } from "./runtime/plane_pad.js";
import { makeQuestion } from "./runtime/question.js";
import { paintImage } from "./runtime/raster.js";
import { bringNetwork } from "./runtime/shipped.js";
import { capital, signed, withArticle } from "./runtime/text.js";
import { STRIP, drawFrames, drawJudged, drawPictures, drawReading, places } from "./runtime/walk_chart.js";

/** @typedef {{image: Float32Array, told: number[], brightness: number, length: number}} Shown */

const SIDE = 28, TRAITS = ["digit", "source", "target", "alpha", "reading"];

export default view(({ model, el }) => {
  const [starts, centroids, decoder, reader] = read(model, "starts", "centroids", "decoder", "reader");
  const [decoderWeights, readerWeights] = read(model, "decoder_weights", "reader_weights");
  const walk = makeWalk({ decoder, decoderWeights, reader, readerWeights });
  const stills = [false, true].map((judged) => stillLayer((ctx, size, colours) => (
    drawFrames(ctx, places(size, judged), colours))));
  const big = makeCanvas(SIDE, SIDE), stripOf = makeStrip(walk.decode);
  let room = { width: 0, height: 0 };
  /** @type {ReturnType<typeof makeNetwork>} */
  let encoder;
  /** @type {Float32Array | null} */
  let own = null;                                          // the code of the reader's digit

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [digit, source, target, alpha, reading] = read(model, ...TRAITS), judged = Number(judge.isHere());
    const state = { digit: own ? -1 : digit, source, target, alpha, reading }, where = places(size, !!judged);
    const from = own ?? starts[digit], strip = stripOf(from, centroids[source], centroids[target]);
    const shown = walk.at(moved(from, centroids[source], centroids[target], alpha));
    const told = judge.tell(shown.image, strip.images), { text, values } = describe(state, shown);
    paintGrey(big, shown.image);
    room = size;
    stills[judged](ctx, size, colours);
    drawPictures(ctx, where, big, strip.small);
    drawReading(ctx, where, state, shown.told, colours);
    drawJudged(ctx, where, told.strip, colours);
    return { values: { ...values, ...told.values },
      text: `${text} ${question.words()}${told.text}${stripText(told.strip)}` };
  }
  const { figure, canvas, readout, redraw, stop } = liveFigure({ model, el, draw, aspect: 1.5, traits: TRAITS,
    reset() { question.drop(); pad.clear(); } });
  const judge = judgeOnRequest(model, redraw), question = makeQuestion(model, ["digit", "source", "target"], redraw);
  const pad = makeOwnDigit((image) => {
    own = image && encoder.run(image).slice(0, starts[0].length);
    question.drop();
  }, { async fetch() { encoder = await bringNetwork(model, "encoder"); } });
  model.on("change:digit", pad.clear);
  figure.prepend(makeButton("Now I see another digit", () => {
    const [digit, source, target, alpha] = read(model, ...TRAITS), from = own ?? starts[digit];
    change(model, { reading: 1 });
    question.answer(verdict(alpha, target, (a) => walk.at(moved(from, centroids[source], centroids[target], a)).told));
  }));
  addAids(readout, judge.place, pad.place);
  onGrab(canvas, ({ y }) => (y >= places(room, judge.isHere()).strip ? alongStrip : null));
  /** @param {At} at on the strip, which is a slider, too: its pictures are half a step apart */
  function alongStrip({ x }) {
    const cell = room.width / STRIP.length, last = STRIP[STRIP.length - 1];
    change(model, { alpha: snap(STRIP[0] + (x / cell - 0.5) / 2, 0.05, STRIP[0], last) });
  }
  return stop;
});

/**
 * The pictures along a walk, made anew for another walk only.
 * @param {(z: Float32Array) => Float32Array} decode
 */
function makeStrip(decode) {
  const small = STRIP.map(() => makeCanvas(SIDE, SIDE));
  /** @type {Float32Array[]} */
  let images = [];
  /** @type {unknown[]} */
  let known = [];
  return (/** @type {Parameters<typeof moved>[0]} */ z, /** @type {number[]} */ from, /** @type {number[]} */ to) => {
    if (known[0] !== z || known[1] !== from || known[2] !== to) {
      images = STRIP.map((alpha) => decode(moved(z, from, to, alpha)));
      images.forEach((image, i) => paintGrey(small[i], image));
      known = [z, from, to];
    }
    return { images, small };
  };
}

/** @param {Reading[]} readings */
const stripText = (readings) => (readings.length
  ? ` Along the strip it reads ${readings.map(({ read }) => read).join(", ")}.` : "");

/**
 * @param {ArrayLike<number>} z @param {number[]} from @param {number[]} to @param {number} alpha
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

/**
 * Where the reader and where the classifier changed their minds.
 * @param {number} seen alpha @param {number} target @param {(alpha: number) => number[]} told the classifier's
 *   probabilities
 */
export function verdict(seen, target, told) {
  const first = Array.from({ length: 41 }, (_, k) => k / 20).find((alpha) => {
    const p = told(alpha);
    return p[target] === Math.max(...p);
  });
  const when = first === undefined ? `never reads ${target}` : `reads ${target} from ${signed(first, 2)} on`;
  return `You saw another digit at α = ${signed(seen, 2)}; logistic regression ${when}.`;
}

/** @param {HTMLCanvasElement} canvas of 28 by 28 @param {Float32Array} image in [0, 1] */
function paintGrey(canvas, image) {
  paintImage(brushOf(canvas), image, [SIDE, SIDE], [0, 1]);
}

/** The caption and the numbers of the figure. @param {Walk} walk @param {Shown} shown @returns {Told} */
export function describe({ digit, source, target, alpha, reading }, { told, brightness, length }) {
  const best = told.indexOf(Math.max(...told)), sure = Math.round(100 * told[best]);
  const values = { ...Object.fromEntries(told.map((p, k) => [`p${k}`, p])), brightness, length };
  const where = source === target ? `From ${source} to ${target} is no step: choose two classes. `
    : `${digit < 0 ? "Your drawing" : capital(withArticle(digit))}, moved by ${signed(alpha, 2)} of the step from ${
      source} to ${target}. `;
  const says = reading ? `reads ${best} (${sure}%)` : "is hidden";
  return { text: `${where}Logistic regression ${says}. Length of z: ${length.toFixed(1)}.`, values };
}
