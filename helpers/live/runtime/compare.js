/** Pictures side by side, each a button that goes there: along a slider, through the menu, from one kept point to another. */
/** @import { Model } from "./model.js" */
import { brushOf, makeCanvas } from "./canvas.js";
import { makeButton } from "./controls.js";
import { change } from "./model.js";

const N = 7;                                    // pictures along a slider, and from A to B

/**
 * @typedef {Record<string, any>} State traits
 * @typedef {{name: string, state: State}} Stop a picture's name, and the state that it shows
 * @typedef {object} Shown
 * @property {Model} model
 * @property {string[]} sliders their traits @property {number} limit of the sliders @property {string[]} names of the menu
 * @property {number[]} pixels width, height of a picture
 * @property {(brush: CanvasRenderingContext2D, state: State) => void} paint the picture of a state
 */

/**
 * The menu, the button that keeps a point, and the pictures.
 * @param {Shown} shown @returns {{place: HTMLElement, redraw: () => void, moved: (slider: string) => void}}
 */
export function makeComparison({ model, sliders, limit, names, pixels, paint }) {
  const place = document.createElement("div"), row = document.createElement("div"), menu = menuOf(names.length > 1);
  /** @type {State[]} */
  const kept = [];
  let last = sliders[0], frame = 0;
  const stateNow = () => Object.fromEntries([...sliders, "z_base", "choice"].map((trait) => [trait, model.get(trait)]));

  /** @returns {Stop[]} */
  function stops() {
    if (menu.value === "slider") return alongSlider(last, limit);
    if (menu.value === "menu") return names.map((name, choice) => ({ name, state: { choice } }));
    return menu.value === "kept" && kept.length > 1 ? fromTo(kept[0], kept[1]) : [];
  }
  /** One picture a frame: a large network needs all of it. @param {Stop[]} all @param {number} k */
  function paintFrom(all, k) {
    const button = row.children[k];
    if (!button || k >= all.length) return;
    const canvas = /** @type {HTMLCanvasElement} */ (button.firstChild), now = stateNow(), { name, state } = all[k];
    paint(brushOf(canvas), { ...now, ...state });
    button.setAttribute("aria-label", name);
    button.setAttribute("aria-pressed", String(isSame(now, state)));
    frame = requestAnimationFrame(() => paintFrom(all, k + 1));
  }
  function redraw() {
    const all = stops();
    cancelAnimationFrame(frame);
    while (row.children.length > all.length) row.lastChild?.remove();
    while (row.children.length < all.length) row.append(pictureButton(pixels, go, row.children.length));
    row.style.setProperty("--columns", String(all.length > 20 ? 10 : all.length > N ? Math.ceil(all.length / 2) : N));
    frame = requestAnimationFrame(() => paintFrom(all, 0));
  }
  /** @param {number} k */
  const go = (k) => { change(model, stops()[k].state); };
  const keep = makeButton("Keep as A", () => {
    if (kept.length > 1) kept.length = 0;
    kept.push(stateNow());
    keep.textContent = kept.length === 1 ? "Keep as B" : "Keep as A";
    if (kept.length > 1) menu.value = "kept";
    redraw();
  });
  menu.addEventListener("change", redraw);
  place.className = "explorer-aid explorer-compare";
  row.className = "explorer-row";
  place.append(menu, keep, row);
  return { place, redraw, moved(slider) { last = slider; } };
}

/** @param {boolean} more whether the figure has a menu */
function menuOf(more) {
  const menu = document.createElement("select");
  const options = { "": "Compare …", slider: "along the last slider", ...(more && { menu: "the whole menu" }),
    kept: "from A to B" };
  for (const [value, text] of Object.entries(options)) menu.add(new Option(text, value));
  menu.setAttribute("aria-label", "What to compare");
  return menu;
}

/** @param {string} slider @param {number} limit @returns {Stop[]} */
function alongSlider(slider, limit) {
  return Array.from({ length: N }, (_, k) => tenth(limit * (2 * k / (N - 1) - 1))).map((value) => (
    { name: `${slider} = ${value}`, state: { [slider]: value } }));
}

/** @param {State} from @param {State} to @returns {Stop[]} sliders in tenths; the menu changes half-way */
function fromTo(from, to) {
  return Array.from({ length: N }, (_, k) => k / (N - 1)).map((share) => {
    const state = Object.fromEntries(Object.keys(from).map((trait) => {
      const [a, b] = [from[trait], to[trait]];
      if (trait === "choice") return [trait, share < 0.5 ? a : b];
      if (Array.isArray(a)) return [trait, a.map((v, i) => v + share * (b[i] - v))];
      return [trait, tenth(a + share * (b - a))];
    }));
    return { name: `${Math.round(100 * share)}% of the way from A to B`, state };
  });
}

/** @param {number} value */
const tenth = (value) => Math.round(10 * value) / 10 || 0;

/** @param {State} now @param {State} state */
function isSame(now, state) {
  return Object.entries(state).every(([trait, value]) => (
    [value].flat().every((/** @type {number} */ v, i) => Math.abs(v - [now[trait]].flat()[i]) < 1e-6)));
}

/** @param {number[]} pixels @param {(k: number) => void} press @param {number} k */
function pictureButton([width, height], press, k) {
  const button = makeButton("", () => press(k));
  button.append(makeCanvas(width, height));
  return button;
}
