/** The live figure of chapter 12 that draws a digit: a walk among codes, decoded where it is and where it expects to end. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Description } from "./runtime/network.js" */
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { judgeOnRequest } from "./runtime/judged.js";
import { change, read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { standardNormal } from "./runtime/random.js";
import { paintImage } from "./runtime/raster.js";
import { capital, withArticle } from "./runtime/text.js";

/**
 * @typedef {{digit: number, n: number, w: number, z: number[]}} Wish  what is asked for, steps, guidance, noise
 * @typedef {{places: Float32Array[], ends: Float32Array[]}} Path  codes after each step, and the end expected from each
 */

const SIDE = 28, GAP = 2;                                  // pixels, as in digit_flow.py
const STOPS = [0, 0.2, 0.4, 0.6, 0.8, 1];                  // times of the small pictures
const LABELS = 10;

export default view(({ model, el }) => {
  const [flow, decoder, menu] = read(model, "flow", "decoder", "n_steps");
  const velocity = makeNetwork(flow, model.get("flow_weights"));
  const decode = makeDecoder(decoder, model.get("decoder_weights"), model.get("centre"), model.get("spread"));
  const judge = judgeOnRequest(model, () => live.redraw());
  const pair = new Float32Array(SIDE * (2 * SIDE + GAP)).fill(0.5), strip = makeStrip(model);
  let known = "", path = /** @type {Path} */ ({ places: [], ends: [] });
  /** @type {Float32Array[]} */
  let pictures = [];                                       // of the ends that were looked at

  /** @param {number} k the picture of the end that is expected from step k */
  const expected = (k) => (pictures[k] ??= decode(path.ends[k]));

  /** @type {Draw} */
  function draw(ctx) {
    const [digit, steps, w, t, z] = read(model, "digit", "steps", "w", "t", "z"), n = menu[steps];
    const wish = { digit, n, w, z };
    if (known !== JSON.stringify(wish)) {
      [path, pictures, known] = [walk(velocity.run, wish), [], JSON.stringify(wish)];
      strip.paint((at) => expected(moment(path, at).k));
    }
    const { k, place } = moment(path, t), shown = expected(k), end = expected(n);
    putPicture(pair, decode(place), 0);
    putPicture(pair, shown, SIDE + GAP);
    paintImage(ctx, pair, [SIDE, 2 * SIDE + GAP], [0, 1]);
    strip.mark(t);
    const brightness = shown.reduce((sum, grey) => sum + grey) / shown.length;
    const away = 255 * shown.reduce((sum, grey, i) => sum + Math.abs(grey - end[i]), 0) / shown.length;
    const told = judge.tell(shown);
    return { text: describe(wish, t, k, away) + told.text, values: { brightness, away, ...told.values } };
  }
  const live = liveFigure({ model, el, traits: ["t", "w", "digit", "steps", "z"], pixels: [2 * SIDE + GAP, SIDE], draw });
  live.figure.classList.add("explorer-digit-flow");
  const names = document.createElement("div");
  names.className = "picture-names";
  names.append(...["where the walk is", "the end that it expects"].map((text) => (
    Object.assign(document.createElement("span"), { textContent: text }))));
  live.figure.prepend(makeButton("Another z", () => { change(model, { z: model.get("z").map(standardNormal) }); }), names);
  live.readout.parentElement?.after(strip.place, judge.place);
  return live.stop;
});

/**
 * Euler's steps from z. What the walk expects at the end is where its present velocity leads.
 * @param {(row: Float32Array) => Float32Array} velocity of code, time and label @param {Wish} wish @returns {Path}
 */
export function walk(velocity, { digit, n, w, z }) {
  /** @type {Path} */
  const path = { places: [Float32Array.from(z)], ends: [] }, row = new Float32Array(z.length + 1 + LABELS);
  for (let k = 0; k < n; k++) {
    const x = path.places[k];
    row.set(x);
    row[x.length] = k / n;
    const free = velocity(row.fill(0, x.length + 1)).slice();
    if (digit < LABELS) row[x.length + 1 + digit] = 1;     // the last entry of the menu asks for nothing
    const v = digit < LABELS ? velocity(row).map((asked, i) => (1 + w) * asked - w * free[i]) : free;
    path.ends.push(x.map((at, i) => at + (1 - k / n) * v[i]));
    path.places.push(x.map((at, i) => at + v[i] / n));
  }
  path.ends.push(path.places[n]);
  return path;
}

/**
 * Where the walk is at time t, and how many steps it has begun before; between two corners it goes straight.
 * @param {Path} path @param {number} t
 */
export function moment({ places }, t) {
  const done = t * (places.length - 1), k = Math.min(Math.floor(done + 1e-9), places.length - 2);
  return { k, place: places[k].map((x, i) => x + (done - k) * (places[k + 1][i] - x)) };
}

/**
 * A standardised code's picture, a copy.
 * @param {Description} description @param {DataView} weights @param {number[]} centre @param {number[]} spread
 */
export function makeDecoder(description, weights, centre, spread) {
  const network = makeNetwork(description, weights);
  return (/** @type {Float32Array} */ code) => network.run(code.map((x, i) => centre[i] + spread[i] * x)).slice();
}

/** Put a picture into a wider one. @param {Float32Array} wide @param {Float32Array} picture @param {number} column */
function putPicture(wide, picture, column) {
  for (let row = 0; row < SIDE; row++) {
    wide.set(picture.subarray(row * SIDE, (row + 1) * SIDE), row * (2 * SIDE + GAP) + column);
  }
}

/** The end that the walk expects, seen from six times: small pictures, each a button that goes there. @param {Model} model */
function makeStrip(model) {
  const place = document.createElement("div"), brushes = STOPS.map(() => brushOf(makeCanvas(SIDE, SIDE)));
  let painted = 0, left = 0;
  /** @type {(t: number) => Float32Array} */
  let pictureAt;
  /** One picture a frame: all six would take too much of one. */
  function paintNext() {
    painted = (painted + 1) % STOPS.length;
    paintImage(brushes[painted], pictureAt(STOPS[painted]), [SIDE, SIDE], [0, 1]);
    if (--left) requestAnimationFrame(paintNext);
  }
  place.className = "explorer-aid explorer-row";
  place.style.setProperty("--columns", String(STOPS.length));
  place.append(...STOPS.map((t, k) => {
    const button = makeButton(`t = ${t}`, () => { change(model, { t }); });
    button.prepend(brushes[k].canvas);
    return button;
  }));
  return { place,
    /** @param {(t: number) => Float32Array} picture */
    paint(picture) {
      pictureAt = picture;
      if (!left) requestAnimationFrame(paintNext);
      left = STOPS.length;
    },
    /** @param {number} t */
    mark(t) {
      STOPS.forEach((at, k) => { place.children[k].setAttribute("aria-pressed", String(Math.abs(at - t) < 0.1)); });
    } };
}

/**
 * The caption.
 * @param {Wish} wish @param {number} t @param {number} k steps begun before @param {number} away in grey levels
 */
function describe({ digit, n, w }, t, k, away) {
  const asked = digit < LABELS ? `${capital(withArticle(digit))}, guidance ${w.toFixed(1)}`
    : "Nothing is asked for, so guidance does nothing";
  return `${asked}; ${n} ${n === 1 ? "step" : "steps"}. At t = ${t.toFixed(2)}, in step ${k + 1}, the expected picture `
    + `differs from the last one by ${away.toFixed(1)} grey levels a pixel.`;
}
