/** Canvases: one as wide as the page, one of a fixed raster, one that is drawn once. */
/** @import { Colours } from "./colours.js" */

/** @typedef {{width: number, height: number}} Size in the page's pixels */
/** @typedef {(ctx: CanvasRenderingContext2D, size: Size, colours: Colours) => void} Paint */

/** @param {number} width @param {number} height in pixels */
export function makeCanvas(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

/** @param {HTMLCanvasElement} canvas @param {CanvasRenderingContext2DSettings} [settings] */
export function brushOf(canvas, settings) {
  const brush = canvas.getContext("2d", settings);
  if (!brush) throw new Error("the browser gives no canvas to draw on");
  return brush;
}

/**
 * An empty canvas of this size; a new size, even the same one, would cost a layout.
 * @param {HTMLCanvasElement} canvas @param {number} width @param {number} height
 */
function cleared(canvas, width, height) {
  const ctx = brushOf(canvas);
  if ("reset" in ctx && canvas.width === width && canvas.height === height) ctx.reset();   // not in older browsers
  else Object.assign(canvas, { width, height });
  return ctx;
}

/**
 * A canvas that follows the width of the page.
 * @param {HTMLCanvasElement} canvas @param {number} aspect its width / height
 */
export function pageWide(canvas, aspect) {
  let known = 0;                                           // asking for the width costs a layout of the page
  return {
    /** @returns {[CanvasRenderingContext2D, Size]} */
    begin() {
      known ||= canvas.clientWidth;
      const width = known || 600, height = Math.max(width / aspect, 260), ratio = devicePixelRatio || 1;
      canvas.style.height = `${height}px`;
      const ctx = cleared(canvas, Math.floor(width * ratio), Math.floor(height * ratio));
      ctx.scale(ratio, ratio);
      ctx.font = "13px system-ui, sans-serif";
      return [ctx, { width, height }];
    },
    forget() { known = 0; },
  };
}

/**
 * A canvas of so many pixels, shown enlarged.
 * @param {HTMLCanvasElement} canvas @param {number[]} pixels width, height
 */
export function fixedRaster(canvas, [width, height]) {
  return {
    /** @returns {[CanvasRenderingContext2D, Size]} */
    begin: () => [cleared(canvas, width, height), { width, height }],
    forget() {},
  };
}

/**
 * What does not move in a figure, drawn once: text and many marks cost most of a frame.
 * @param {Paint} paint
 * @returns {Paint} puts the picture of `paint` on a canvas; it is made anew when the size or the theme changes
 */
export function stillLayer(paint) {
  const layer = document.createElement("canvas"), brush = brushOf(layer);
  let known = "";
  return (ctx, size, colours) => {
    const { width, height } = ctx.canvas, state = [width, height, colours.ink].join();
    if (known !== state) {
      Object.assign(layer, { width, height });
      const ratio = devicePixelRatio || 1;
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
