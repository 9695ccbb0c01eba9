/**
 * Shared by the live figures: a canvas with a caption, the page's colours, axes, names for screen readers.
 * base.py puts this file's text in place of a view's `import ... from "./common.js"`, so that each view
 * travels as one module.
 */

/**
 * @typedef {object} Colours
 * @property {string} ink text and axes   @property {string} faint grid lines   @property {string} paper background
 * @property {string} blue @property {string} orange @property {string} green @property {string} red
 */

/** Okabe and Ito's colour-blind-safe palette, a step lighter on a dark page. */
const PALETTES = {
  light: { blue: "#0072b2", orange: "#d55e00", green: "#009e73", red: "#b3246b", faint: "#00000022", paper: "#ffffff" },
  dark: { blue: "#56b4e9", orange: "#f0a04b", green: "#35c99a", red: "#e58ab9", faint: "#ffffff2e", paper: "#121212" },
};

/** @param {Element} el @returns {Colours} the palette for the background that `el` stands on */
export function pageColours(el) {
  const ink = getComputedStyle(el).color;
  const [r, g, b] = ink.match(/[\d.]+/g).map(Number);
  return { ink, ...PALETTES[0.3 * r + 0.59 * g + 0.11 * b > 128 ? "dark" : "light"] };
}

/**
 * A figure that redraws itself: once per frame at most, when the model, the size or the theme changes.
 * `draw` gets the canvas context and returns the caption and the numbers it computed.
 * @param {{model: object, el: HTMLElement, traits: string[], aspect?: number, pixels?: [number, number],
 *   draw: (ctx: CanvasRenderingContext2D, size: {width: number, height: number}, colours: Colours) =>
 *   {text: string, values: object}}} options `pixels`: a fixed raster, shown enlarged; otherwise the canvas
 *   follows the width of the page with `aspect` = width / height
 * @returns {{figure: HTMLElement, canvas: HTMLCanvasElement, redraw: () => void, stop: () => void}}
 */
export function liveFigure({ model, el, traits, aspect = 1.5, pixels, draw }) {
  const figure = document.createElement("figure");
  const canvas = document.createElement("canvas");
  const caption = document.createElement("figcaption"), readout = document.createElement("span");
  figure.className = pixels ? "explorer-view explorer-pixels" : "explorer-view";
  canvas.setAttribute("role", "img");
  readout.setAttribute("role", "status");
  readout.className = "explorer-words";
  keepTextNode(readout);
  const words = keepRoom(readout);
  caption.append(readout);
  figure.append(canvas, caption);
  el.append(figure);
  let pending = 0, known = 0, colours;     // width and colours: asking for them costs a layout of the page

  function paint() {
    pending = 0;
    if (!figure.isConnected) return;                       // out of the page; the watcher asks again when it is back
    const start = performance.now();
    const { text, values } = draw(...sized());
    words.show(text);
    canvas.setAttribute("aria-label", `${model.get("label")}. ${text}`);
    const state = Object.fromEntries(traits.map((trait) => [trait, model.get(trait)]));
    Object.assign(figure.dataset, {                        // what the tests and benchmarks read
      state: JSON.stringify(state), values: JSON.stringify(values), ms: performance.now() - start,
    });
  }
  function sized() {
    const ctx = canvas.getContext("2d");
    if (pixels) {
      clear(canvas, ...pixels);
      return [ctx, { width: pixels[0], height: pixels[1] }, colours ??= pageColours(figure)];
    }
    known ||= canvas.clientWidth;
    const width = known || 600, height = Math.max(width / aspect, 260), ratio = devicePixelRatio || 1;
    canvas.style.height = `${height}px`;
    clear(canvas, Math.floor(width * ratio), Math.floor(height * ratio));
    ctx.scale(ratio, ratio);
    ctx.font = "13px system-ui, sans-serif";
    return [ctx, { width, height }, colours ??= pageColours(figure)];
  }
  const redraw = () => { pending ||= requestAnimationFrame(paint); };

  for (const trait of traits) model.on(`change:${trait}`, redraw);
  const watchers = watch(figure, canvas, () => { known = 0; colours = null; words.forget(); redraw(); });
  nameControls(figure);
  redraw();
  const stop = () => { cancelAnimationFrame(pending); watchers.forEach((watcher) => watcher.disconnect()); };
  return { figure, canvas, redraw, stop };
}

/**
 * What does not move in a figure, drawn once: text and many marks cost most of a frame.
 * @param {(ctx: CanvasRenderingContext2D, size: {width: number, height: number}, colours: Colours) => void} paint
 * @returns a function like `paint` that puts its picture on a canvas; the picture is made anew when the size or
 *   the theme changes
 */
export function stillLayer(paint) {
  const layer = document.createElement("canvas");
  let known;
  return (ctx, size, colours) => {
    const { width, height } = ctx.canvas, state = [width, height, colours.ink].join();
    if (known !== state) {
      [layer.width, layer.height] = [width, height];
      const brush = layer.getContext("2d"), ratio = devicePixelRatio || 1;
      brush.scale(ratio, ratio);
      brush.font = ctx.font;
      paint(brush, size, colours);
      known = state;
    }
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);                    // pixel for pixel
    ctx.drawImage(layer, 0, 0);
    ctx.restore();
  };
}

/** Redraw when the figure's width or the page's theme changes. */
function watch(figure, canvas, redraw) {
  let width = 0;
  const resize = new ResizeObserver(() => { if (canvas.clientWidth !== width) { width = canvas.clientWidth; redraw(); } });
  const theme = new MutationObserver(redraw);
  resize.observe(figure);
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  theme.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  return [resize, theme];
}

/** An empty canvas of this size; a new size, even the same one, would cost a layout. */
function clear(canvas, width, height) {
  const ctx = canvas.getContext("2d");
  if (ctx.reset && canvas.width === width && canvas.height === height) ctx.reset();      // not in older browsers
  else Object.assign(canvas, { width, height });
}

/** Bytes out of what Python's zlib made of them. @returns {Promise<Uint8Array>} */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Call when the browser has nothing better to do. */
export const whenIdle = globalThis.requestIdleCallback ?? ((call) => setTimeout(call, 20));

/**
 * A block that keeps the height of the longest text that it had. Then a new text moves nothing below it, and the browser
 * lays out this block alone instead of the page.
 */
function keepRoom(block) {
  let room = 0;
  return {
    show(text) {
      block.textContent = text;
      if (block.scrollHeight <= room) return;
      block.style.cssText = "";
      room = block.offsetHeight;
      block.style.cssText = `height: ${room}px; contain: layout size`;
    },
    forget() { room = 0; },
  };
}

/**
 * From now on a new `textContent` changes the words of the one text node. A new node would make the browser ask all
 * `:has()` rules of the page again, which takes longer than a frame may.
 */
export function keepTextNode(part) {
  const { get, set } = Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
  Object.defineProperty(part, "textContent", {
    get() { return get.call(part); },
    set(text) {
      const [node, more] = part.childNodes;
      if (node?.nodeType === Node.TEXT_NODE && !more) node.data = text;
      else set.call(part, text);
    },
  });
  part.dataset.textNode = "";
}

/**
 * ipywidgets leaves the slider handles and read-outs of an explorer unnamed: give them their label's text. And keep
 * JupyterLab's shortcuts off every control: there the arrow keys walk from cell to cell, over a menu and a canvas, too.
 */
function nameControls(figure) {
  const box = figure.closest(".explorer");
  if (!box) return void requestAnimationFrame(() => nameControls(figure));      // not in the page yet
  const name = () => {
    box.querySelectorAll("select, button, input, [tabindex]").forEach((part) => { part.dataset.lmSuppressShortcuts = ""; });
    box.querySelectorAll(".widget-readout:not([data-text-node])").forEach(keepTextNode);
    box.querySelectorAll(".widget-inline-hbox").forEach((row) => {
      const label = row.querySelector(".widget-label")?.title || row.querySelector(".widget-label")?.textContent;
      row.querySelectorAll("[role=slider], .widget-readout").forEach((part) => {
        if (label && part.getAttribute("aria-label") !== label) part.setAttribute("aria-label", label);
        if (part.matches(".widget-readout[contenteditable=true]")) part.setAttribute("role", "textbox");
      });
    });
  };
  name();
  new MutationObserver(name).observe(box, { childList: true, subtree: true });
}

/** @returns {(value: number) => number} the straight line through (d0, r0) and (d1, r1) */
export function linearScale(d0, d1, r0, r1) {
  return (value) => r0 + ((value - d0) / (d1 - d0)) * (r1 - r0);
}

/** Round numbers between `from` and `to`, about `count` of them. */
export function niceTicks(from, to, count) {
  const rough = (to - from) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
  const first = Math.ceil(from / step), n = Math.floor(to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(n, 0) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A horizontal axis at height `y`: a line, ticks and their numbers. */
export function xAxis(ctx, scale, ticks, y, [left, right], ink) {
  segment(ctx, left, y, right, y, ink);
  ctx.fillStyle = ink;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  for (const tick of ticks) {
    segment(ctx, scale(tick), y, scale(tick), y + 4, ink);
    ctx.fillText(String(tick), scale(tick), y + 6);
  }
}

/** A vertical axis at `x`, its numbers to the left. */
export function yAxis(ctx, scale, ticks, x, [top, bottom], ink) {
  segment(ctx, x, top, x, bottom, ink);
  ctx.fillStyle = ink;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const tick of ticks) {
    segment(ctx, x - 4, scale(tick), x, scale(tick), ink);
    ctx.fillText(String(tick), x - 7, scale(tick));
  }
}

/** A straight line. */
export function segment(ctx, x0, y0, x1, y1, colour, width = 1) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/** A line through points. @param {[number, number][]} points */
export function polyline(ctx, points, colour, width = 2) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
}

/** A filled disc. */
export function disc(ctx, x, y, radius, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}
