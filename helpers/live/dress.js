/** A live figure of chapter 5: dress a Wrodler, and see how likely each model finds it. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Style } from "./runtime/face_canvas.js" */
/** @import { Draw, Told } from "./runtime/figure.js" */
import { linearScale } from "./runtime/axes.js";
import { makeButton } from "./runtime/controls.js";
import { decodePng, facePainter } from "./runtime/face_canvas.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import { occurrences, probability, readable } from "./runtime/wrodl_models.js";

/** @typedef {{key: string, name: string, p: number}} Bar */

const LOWEST = -7;                                         // bars start at a probability of 10 to this power

export default view(async ({ model, el }) => {
  /** @type {[Record<string, string[]>, number[][], [string, string, number, boolean][]]} */
  const [features, rows, models] = /** @type {any} */ (read(model, "features", "rows", "models"));
  const names = Object.keys(features), wrodlers = { rows, sizes: Object.values(features).map(({ length }) => length) };
  const { paint } = facePainter(model.get("art"), await decodePng(model.get("sheet")));

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const codes = read(model, ...names), count = occurrences(wrodlers, codes), places = layout(size);
    const style = Object.fromEntries(names.map((name, k) => [name, features[name][codes[k]]]));
    const bars = models.map(([key, name, alpha, naive]) => (
      { key, name, p: probability(wrodlers, { alpha, naive }, codes) }));
    paint(ctx, style, 1, 1, places.side);
    ctx.strokeStyle = count ? colours.orange : colours.blue;
    ctx.lineWidth = count ? 4 : 1.5;
    ctx.strokeRect(1, 1, places.side, places.side);
    drawBars(ctx, places, bars, colours);
    return describe(style, count, rows.length, bars);
  }
  const { figure, stop } = liveFigure({ model, el, traits: names, aspect: 2.3, draw });
  let next = 0;
  figure.prepend(makeButton("Dress as the next of the fifty", () => {
    const row = rows[next++ % rows.length];
    change(model, Object.fromEntries(names.map((name, k) => [name, row[k]])));
  }));
  return stop;
});

/** The face at the left, the bars beside it. @param {Size} size */
function layout({ width, height }) {
  const side = Math.min(0.36 * width, height - 40), left = side + (width > 500 ? 28 : 14);
  return { side, left, right: width - 6, top: 4, bottom: height - 34 };
}

/**
 * A bar for each model on a logarithmic axis, name and number above it.
 * @param {CanvasRenderingContext2D} ctx @param {ReturnType<typeof layout>} places @param {Bar[]} bars
 * @param {Colours} colours
 */
function drawBars(ctx, { left, right, top, bottom }, bars, colours) {
  const toX = linearScale(LOWEST, 0, left, right), step = (bottom - top) / bars.length;
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  for (const [power, text] of /** @type {[number, string][]} */ ([[-6, "0.000001"], [-3, "0.001"], [0, "1"]])) {
    segment(ctx, toX(power), top, toX(power), bottom + 4, colours.faint);
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, toX(power), bottom + 8);
  }
  bars.forEach(({ name, p }, i) => {
    const y = top + i * step;
    ctx.textAlign = "left";
    ctx.fillStyle = colours.ink;
    ctx.fillText(`${name}: ${readable(p)}`, left + 4, y + 2, right - left);
    ctx.fillStyle = colours.blue;
    if (p > 0) ctx.fillRect(left, y + 20, Math.max(toX(Math.log10(p)) - left, 1), step - 28);
  });
  segment(ctx, left, top, left, bottom + 4, colours.ink);
}

/**
 * The caption and the numbers of the figure.
 * @param {Style} style @param {number} count @param {number} n @param {Bar[]} bars @returns {Told}
 */
function describe(style, count, n, bars) {
  const hair = style.topType === "NoHair" ? `NoHair (hair ${style.hairColor}, which nobody sees)`
    : `${style.topType}, hair ${style.hairColor}`;
  const text = `${hair}, glasses ${style.accessoriesType}, ${style.clothingType} ${style.clothingColor}: `
    + `${["none", "one"][count] ?? count} of the ${n} ${count > 1 ? "have" : "has"} exactly these values. `
    + `Probability under ${bars.map(({ name, p }) => `${name}: ${readable(p)}`).join("; ")}.`;
  return { text, values: { count, ...Object.fromEntries(bars.map(({ key, p }) => [key, Math.log(p)])) } };
}
