/** The live figure of chapter 6: faces of Planet Pixel, naive ones, and which pixels tell about which. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Move } from "./runtime/grab.js" */
/** @import { Model } from "./runtime/model.js" */
import { inflate } from "./runtime/bytes.js";
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { ofHex } from "./runtime/colours.js";
import { makeButton, onArrows } from "./runtime/controls.js";
import { mapsOf, shadeTable, summary, varies } from "./runtime/dependence.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { onGrab } from "./runtime/grab.js";
import { change, read } from "./runtime/model.js";
import { COLOURS, PIXELS, SIDE, colourChance, naiveFace } from "./runtime/naive_faces.js";
import { uniformAt } from "./runtime/random.js";

/** @typedef {{text: string, side: number, left: number, top: number}} Panel */
/** @typedef {Record<"near" | "many" | "modelNear" | "modelMany" | "index" | "chance" | "mean", number>} Values */

const MODEL_SEEDS = 2 ** 31;                    // the draws behind the model's map have the seeds from here on

export default view(async ({ model, el }) => {
  const faces = await inflate(model.get("faces")), n = faces.length / PIXELS;
  const [alpha, bytes] = read(model, "alpha", "palette");
  const palette = Array.from({ length: COLOURS }, (_, c) => [0, 1, 2].map((k) => bytes.getUint8(3 * c + k)));
  const tables = [shadeTable(faces), shadeTable(manyNaive(faces, alpha))], mapsAt = mapsOf(tables);
  const pictures = Array.from({ length: 4 }, () => makeCanvas(SIDE, SIDE));
  /** @type {Panel[]} */
  let places = [];

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [row, column, seed] = read(model, "row", "column", "seed"), chosen = row * SIDE + column;
    const maps = mapsAt(chosen), from = Math.floor(uniformAt(seed, PIXELS) * n) * PIXELS;
    const shown = [faces.subarray(from, from + PIXELS), naiveFace(faces, alpha, seed)], blue = ofHex(colours.blue);
    places = panels(size);
    shown.forEach((face, i) => raster(pictures[i], face, (index) => [...palette[index], 255]));
    maps.forEach((map, i) => raster(pictures[2 + i], map, (share) => [...blue, 255 * share]));
    places.forEach((place, i) => drawPanel(ctx, place, pictures[i], row, column, colours));
    drawLegend(ctx, places[2], colours);
    const [near, many] = summary(maps[0], chosen), [modelNear, modelMany] = summary(maps[1], chosen);
    const index = shown[1][chosen], mean = shown[1].reduce((sum, v) => sum + v, 0) / PIXELS;
    const values = { near, many, modelNear, modelMany, index, chance: colourChance(faces, alpha, chosen, index), mean };
    return { text: sentence(row, column, values, varies(tables[0], chosen)), values };
  }
  const { figure, canvas, stop } = liveFigure({ model, el, traits: ["row", "column", "seed"], aspect: 0.86, draw });
  figure.style.maxWidth = "24.5rem";             // so that it fits a laptop's screen
  makeGrid(canvas, model, () => places);
  figure.prepend(makeButton("Sample again", () => change(model, { seed: model.get("seed") + 1 })));
  return stop;
});

/** As many naive faces as there are faces. @param {Uint8Array} faces @param {number} alpha */
function manyNaive(faces, alpha) {
  const drawn = new Uint8Array(faces.length);
  for (let i = 0; i * PIXELS < faces.length; i++) drawn.set(naiveFace(faces, alpha, MODEL_SEEDS + i), i * PIXELS);
  return drawn;
}

/** @param {number} share */
const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)}%`;

/**
 * The read-out in words.
 * @param {number} row @param {number} column @param {Values} values @param {boolean} varied whether the pixel does
 */
function sentence(row, column, { near, many, modelNear, modelMany, index, chance }, varied) {
  const data = !varied
    ? "It has one shade in nearly all faces of the data: there is nothing to tell. "
    : `In the data a pixel beside it tells, on average, ${percent(near)} of what is unknown about its shade, and ` +
      `${many} of the other 1,023 pixels tell a tenth or more. In the naive model: ${percent(modelNear)}, and ` +
      `${modelMany} pixels. `;
  return `Row ${row}, column ${column}. ${data}The naive face has colour ${index} here; the model gave that a ` +
    `chance of ${percent(chance, 1)}.`;
}

/**
 * Two by two squares: a face of the data and a naive one, and below each its map.
 * @param {Size} size @returns {Panel[]}
 */
function panels({ width, height }) {
  const gap = 14, name = 22, side = Math.min((width - gap) / 2, (height - 2 * name - 50) / 2);
  const names = ["a face of the data", "a naive face", "who tells: data", "who tells: naive model"];
  return names.map((text, i) => (
    { text, side, left: (i % 2) * (side + gap), top: name + Math.floor(i / 2) * (side + name + 8) }));
}

/**
 * Paint a canvas of 32 × 32.
 * @param {HTMLCanvasElement} picture @param {ArrayLike<number>} values
 * @param {(value: number) => number[]} colour red, green, blue, opacity
 */
function raster(picture, values, colour) {
  const image = new ImageData(SIDE, SIDE);
  for (let k = 0; k < PIXELS; k++) image.data.set(colour(values[k]), 4 * k);
  brushOf(picture).putImageData(image, 0, 0);
}

/**
 * A picture with its name above and a frame around the chosen pixel.
 * @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {HTMLCanvasElement} picture
 * @param {number} row @param {number} column @param {Colours} colours
 */
function drawPanel(ctx, { text, side, left, top }, picture, row, column, colours) {
  const cell = side / SIDE;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(picture, left, top, side, side);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colours.ink;
  ctx.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  for (const [colour, wide] of /** @type {[string, number][]} */ ([[colours.paper, 5], [colours.orange, 2.5]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.strokeRect(left + column * cell - 1, top + row * cell - 1, cell + 2, cell + 2);
  }
  ctx.fillStyle = colours.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(text, left, top - 4);
}

/**
 * The scale of the two maps, below them.
 * @param {CanvasRenderingContext2D} ctx @param {Panel} panel @param {Colours} colours
 */
function drawLegend(ctx, { left, top, side }, colours) {
  const y = top + side + 10, wide = 2 * side + 14;
  const bar = ctx.createLinearGradient(left, 0, left + wide, 0);
  bar.addColorStop(0, colours.blue + "00");
  bar.addColorStop(1, colours.blue);
  ctx.fillStyle = bar;
  ctx.fillRect(left, y, wide, 8);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colours.ink;
  ctx.strokeRect(left + 0.5, y + 0.5, wide - 1, 7);
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillText("tells nothing", left, y + 12);
  ctx.textAlign = "right";
  ctx.fillText("tells all", left + wide, y + 12);
}

/**
 * The canvas as a control: click, tap, or move with the arrow keys.
 * @param {HTMLCanvasElement} canvas @param {Model} model @param {() => Panel[]} places
 */
function makeGrid(canvas, model, places) {
  const inside = (/** @type {number} */ p) => Math.min(Math.max(p, 0), SIDE - 1);
  const choose = (/** @type {number} */ row, /** @type {number} */ column) => (
    change(model, { row: inside(row), column: inside(column) }));
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "pixel grid, move with the arrow keys");
  onArrows(canvas, (step) => step && choose(model.get("row") + step[0], model.get("column") + step[1]));
  /** @type {Move} */
  const press = ({ x, y }) => {
    for (const { left, top, side } of places()) {
      const row = Math.floor(((y - top) / side) * SIDE), column = Math.floor(((x - left) / side) * SIDE);
      if (row === inside(row) && column === inside(column)) choose(row, column);
    }
  };
  onGrab(canvas, () => null, () => press);
}
