/** A canvas with a caption that redraws itself when its numbers, the page's width or the theme change. */
/** @import { Size } from "./canvas.js" */
/** @import { Colours } from "./colours.js" */
/** @import { Model } from "./model.js" */
import { fixedRaster, pageWide } from "./canvas.js";
import { makeReadout } from "./caption.js";
import { pageColours } from "./colours.js";
import { nameControls } from "./controls.js";
import { addKeepsakes } from "./keepsakes.js";

/**
 * @typedef {(ctx: CanvasRenderingContext2D, size: Size, colours: Colours) => Told} Draw
 * @typedef {{text: string, values: object}} Told  the caption, and the numbers that the figure computed
 */

/**
 * A figure that draws once per frame at most. A `draw` that throws says so in the caption; the next one may succeed.
 * @param {{model: Model, el: HTMLElement, traits: string[], aspect?: number, pixels?: number[], draw: Draw,
 *   kept?: string[], reset?: () => void}} options
 *   `pixels`: a fixed raster, shown enlarged; otherwise the canvas follows the width of the page with
 *   `aspect` = width / height; `kept`: the traits that a link carries and Reset sets back, by default all; `reset`:
 *   called before they are set back
 */
export function liveFigure({ model, el, traits, aspect = 1.5, pixels, draw, kept = traits, reset = () => {} }) {
  const { figure, canvas, readout } = append(el, pixels ? "explorer-view explorer-pixels" : "explorer-view");
  const surface = pixels ? fixedRaster(canvas, pixels) : pageWide(canvas, aspect), words = makeReadout(readout);
  /** @type {Colours | null} */
  let colours = null;                                      // asking for them costs a layout of the page

  const { ask, cancel } = oncePerFrame(() => {
    if (!figure.isConnected) return;                       // out of the page; the watcher asks again when it is back
    const start = performance.now();
    try {
      const told = draw(...surface.begin(), colours ??= pageColours(figure));
      words.show(told.text);
      canvas.setAttribute("aria-label", `${model.get("label")}. ${told.text}`);
      record(figure, model, traits, told.values, start);
    } catch (error) {
      words.fail(error);
    }
  });
  for (const trait of traits) model.on(`change:${trait}`, ask);
  const unwatch = watch(figure, canvas, () => { surface.forget(); words.forget(); colours = null; ask(); });
  nameControls(figure);
  addKeepsakes(figure, canvas, model, kept, reset);
  ask();
  return { figure, canvas, readout, redraw: ask, stop() { cancel(); unwatch(); } };
}

/** The parts of a figure, put into `el`. @param {HTMLElement} el @param {string} className */
function append(el, className) {
  const figure = document.createElement("figure"), canvas = document.createElement("canvas");
  const caption = document.createElement("figcaption"), readout = document.createElement("span");
  figure.className = className;
  canvas.setAttribute("role", "img");
  caption.append(readout);
  figure.append(canvas, caption);
  el.append(figure);
  return { figure, canvas, readout };
}

/** @param {() => void} call @returns what asks for the call in the next frame, and what cancels it */
function oncePerFrame(call) {
  let pending = 0;
  const run = () => { pending = 0; call(); };
  return { ask() { pending ||= requestAnimationFrame(run); }, cancel() { cancelAnimationFrame(pending); } };
}

/**
 * What the tests and benchmarks read.
 * @param {HTMLElement} figure @param {Model} model @param {string[]} traits @param {object} values
 * @param {number} start
 */
function record(figure, model, traits, values, start) {
  const state = Object.fromEntries(traits.map((trait) => [trait, model.get(trait)]));
  Object.assign(figure.dataset, {
    state: JSON.stringify(state), values: JSON.stringify(values), ms: performance.now() - start,
  });
}

/**
 * Redraw when the figure's width or the page's theme changes.
 * @param {HTMLElement} figure @param {HTMLCanvasElement} canvas @param {() => void} redraw @returns what stops it
 */
function watch(figure, canvas, redraw) {
  let width = 0;
  const resize = new ResizeObserver(() => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    redraw();
  });
  const theme = new MutationObserver(redraw);
  resize.observe(figure);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return () => { resize.disconnect(); theme.disconnect(); };
}
