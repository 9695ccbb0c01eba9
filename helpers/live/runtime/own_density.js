/** A density of equal bars. Its cdf is a line of straight pieces, and the ppf is the same line read sideways. */
/** @import { Move } from "./grab.js" */
/** @import { Model } from "./model.js" */
import { linearScale } from "./axes.js";
import { onArrows } from "./controls.js";
import { change } from "./model.js";

/**
 * @typedef {object} Law
 * @property {(x: number) => number} pdf @property {(x: number) => number} cdf @property {(z: number) => number} ppf
 * @property {number[][]} curve points x, p of the cdf @property {number} top density at the top of the axis
 */

export const N_BARS = 50;                       // of a drawing; as in ppf.py
export const HIGHEST = 100;

/**
 * @param {number[]} heights of the bars, one of them above 0; their area is made 1
 * @param {number[]} ends of the axis @returns {Law}
 */
export function lawOf(heights, [from, to]) {
  const wide = (to - from) / heights.length, area = heights.reduce((sum, h) => sum + h * wide, 0);
  const below = [0];                                       // what lies below each bar's left end
  for (const height of heights) below.push(below[below.length - 1] + (height * wide) / area);
  const binOf = (/** @type {number} */ x) => Math.floor((x - from) / wide);
  return { top: HIGHEST / area, curve: below.map((p, k) => [from + k * wide, p]),
    pdf: (x) => (heights[binOf(x)] ?? 0) / area,
    cdf(x) {
      const k = Math.min(Math.max(binOf(x), 0), heights.length - 1), part = (x - from) / wide - k;
      return below[k] + Math.min(Math.max(part, 0), 1) * (below[k + 1] - below[k]);
    },
    ppf(z) {
      const k = Math.max(heights.findIndex((height, i) => height > 0 && z <= below[i + 1]), 0);
      return from + wide * (k + (z - below[k]) / (below[k + 1] - below[k]));
    },
  };
}

/** @param {(k: number) => number} height of bar k */
const bars = (height) => Array.from({ length: N_BARS }, (_, k) => Math.round(height(k)));
/** @param {number} k @param {number} at @param {number} wide in bars */
const hill = (k, at, wide) => Math.exp(-0.5 * ((k - at) / wide) ** 2);

/** Laws to choose from, as heights; those of the normal are 0. @type {Record<string, number[]>} */
export const LAWS = {
  "normal": bars(() => 0),
  "uniform": bars((k) => (k >= 15 && k < 35 ? 60 : 0)),
  "exponential": bars((k) => (k >= 5 ? 100 * Math.exp((5 - k) / 6) : 0)),
  "three weights": bars((k) => ({ 15: 30, 25: 80, 35: 50 })[k] ?? 0),
  "two hills": bars((k) => 70 * hill(k, 15, 3) + 40 * hill(k, 35, 4.5)),
};

/** Whether a law of bars is shown: one of its heights is above 0. @param {Model} model */
export const isOwn = (model) => model.get("own").some((/** @type {number} */ height) => height > 0);

/** A menu of the laws; what a reader has drawn is none of them. @param {Model} model */
export function lawMenu(model) {
  const menu = document.createElement("select"), label = document.createElement("label"), own = new Option("yours");
  for (const name of Object.keys(LAWS)) menu.add(new Option(name));
  const show = () => {
    const heights = String(model.get("own")), name = Object.keys(LAWS).find((one) => String(LAWS[one]) === heights);
    if (name) own.remove(); else menu.add(own);
    menu.value = name ?? own.value;
  };
  menu.addEventListener("change", () => { if (menu.value in LAWS) change(model, { own: LAWS[menu.value] }); });
  model.on("change:own", show);
  show();
  label.append("Law ", menu);
  return label;
}

/**
 * The arrow keys choose a bar of the reader's density and change its height.
 * @param {HTMLCanvasElement} canvas @param {Model} model @param {number[]} ends of the axis
 * @returns what tells of the bar
 */
export function drawByKeys(canvas, model, [from, to]) {
  const wide = (to - from) / N_BARS;
  let bar = N_BARS / 2, used = false;
  model.on("change:own", () => {
    canvas.tabIndex = isOwn(model) ? 0 : -1;
    canvas.setAttribute("role", isOwn(model) ? "application" : "img");
    canvas.setAttribute("aria-roledescription", "density to draw: left and right choose a bar, up and down its height");
  });
  canvas.addEventListener("blur", () => { used = false; });
  onArrows(canvas, (step) => {
    if (!step || !isOwn(model)) return;
    const [up, right] = step;
    bar = Math.min(Math.max(bar + right, 0), N_BARS - 1);
    used = true;
    const height = model.get("own")[bar] - 10 * up;
    change(model, { own: stroked(model.get("own"), [bar, height], [bar, height]) });
  });
  return { text: () => (used && isOwn(model)
    ? ` Bar from x = ${from + wide * bar} to ${from + wide * (bar + 1)}: height ${model.get("own")[bar]}.` : "") };
}

/**
 * What draws the reader's density, from bar to bar.
 * @param {Model} model @param {{left: number, right: number, lower: number, bottom: number}} places of the density
 * @returns {Move}
 */
export function pen(model, { left, right, lower, bottom }) {
  const across = linearScale(left, right, 0, N_BARS), up = linearScale(bottom, lower, 0, HIGHEST);
  /** @type {number[] | null} */
  let last = null;
  return ({ x, y }) => {
    const to = [Math.min(Math.max(Math.floor(across(x)), 0), N_BARS - 1), up(y)];
    change(model, { own: stroked(model.get("own"), last ?? to, to) });
    last = to;
  };
}

/**
 * The heights with a stroke over them, from one place to another.
 * @param {number[]} heights @param {number[]} from bar, height @param {number[]} to
 */
export function stroked(heights, from, to) {
  const [[k0, h0], [k1, h1]] = from[0] <= to[0] ? [from, to] : [to, from];
  return heights.map((height, k) => {
    if (k < k0 || k > k1) return height;
    const at = k0 === k1 ? to[1] : h0 + ((k - k0) / (k1 - k0)) * (h1 - h0);
    return Math.round(Math.min(Math.max(at, 0), HIGHEST));
  });
}
