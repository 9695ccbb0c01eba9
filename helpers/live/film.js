/** The live figure of chapter 10: a generator's pictures while it was trained, and the distance as it fell. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { At } from "./runtime/grab.js" */
import { linearScale } from "./runtime/axes.js";
import { inflate } from "./runtime/bytes.js";
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { makePlayer, saySlider } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { NEAR, onGrab } from "./runtime/grab.js";
import { disc, polyline, segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import { written } from "./runtime/text.js";

/** @typedef {{left: number, right: number, top: number, bottom: number}} Room */
/** @typedef {{seen: number[], numbers: number[], name: string, frame: number}} Course of a measure */

const COLUMNS = 10, GAP = 2;                               // as in film.py
const PAUSE = 600;                                         // between two pictures of the running film, in ms

export default view(async ({ model, el }) => {
  const film = await inflate(model.get("frames"));
  const [shape, seen, names, measures] = read(model, "shape", "seen", "names", "measures");
  /** @type {number[][]} */
  let points = [];                                         // of the curve, on the canvas
  const [, n, height, width] = shape, grid = makeCanvas(...gridSize(n, height, width)), brush = brushOf(grid);

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const frame = model.get("frame"), levels = momentOf(film, shape, frame);
    paintGrid(brush, levels, shape);
    const tall = Math.min(size.width * grid.height / grid.width, size.height - 90);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(grid, 0, 0, tall * grid.width / grid.height, tall);
    points = drawCourse(ctx, { left: 44, right: size.width - 12, top: tall + 26, bottom: size.height - 26 },
      { seen, numbers: measures[0], name: names[0], frame }, colours);
    saySlider(figure, `${written(seen[frame])} pictures painted`);
    const told = Object.fromEntries(names.map((/** @type {string} */ name, /** @type {number} */ k) => (
      [name, measures[k][frame]])));
    return { text: tell(names, measures, seen[frame], frame),
      values: { seen: seen[frame], ...told, brightness: meanGrey(levels) } };
  }
  const { figure, canvas, readout, stop } = liveFigure({ model, el, traits: ["frame"], aspect: 1.45, draw,
    reset: () => { player.halt(); } });
  const player = makePlayer("Play the film", PAUSE, readout, () => {
    change(model, { frame: (model.get("frame") + 1) % seen.length });
    return model.get("frame") === seen.length - 1;
  });
  figure.style.maxWidth = "38rem";
  onGrab(canvas, ({ y }) => (y > Math.min(...points.map((point) => point[1])) - NEAR ? follow : null));
  /** @param {At} at at which the nearest point of the curve is chosen */
  function follow({ x }) {
    const away = points.map((point) => Math.abs(point[0] - x));
    player.halt();
    change(model, { frame: away.indexOf(Math.min(...away)) });
  }
  figure.prepend(player.button);
  return () => { player.halt(); stop(); };
});

/**
 * The pictures of one moment.
 * @param {Uint8Array} film @param {number[]} shape moments, pictures, height, width @param {number} frame
 */
export function momentOf(film, [, n, height, width], frame) {
  const size = n * height * width;
  return film.subarray(frame * size, (frame + 1) * size);
}

/** @param {Uint8Array} levels @returns {number} the mean of grey levels, in [0, 1] */
export const meanGrey = (levels) => levels.reduce((sum, level) => sum + level, 0) / levels.length / 255;

/**
 * Where picture k of a grid stands, in pixels.
 * @param {number} k @param {number} height @param {number} width @returns {[left: number, top: number]}
 */
export const placeOf = (k, height, width) => [(k % COLUMNS) * (width + GAP), Math.floor(k / COLUMNS) * (height + GAP)];

/**
 * @param {number} n @param {number} height @param {number} width
 * @returns {[width: number, height: number]} of the grid of n pictures
 */
export function gridSize(n, height, width) {
  return [Math.min(n, COLUMNS) * (width + GAP) - GAP, Math.ceil(n / COLUMNS) * (height + GAP) - GAP];
}

/**
 * The read-out in words.
 * @param {string[]} names @param {number[][]} measures @param {number} seen @param {number} frame
 */
export function tell(names, measures, seen, frame) {
  const told = names.map((name, k) => `${name} ${written(measures[k][frame])}`);
  return `After ${written(seen)} pictures: ${told.join(", ")}.`;
}

/**
 * All pictures of one moment on a canvas that is as large as their grid; what is between them stays clear.
 * @param {CanvasRenderingContext2D} ctx @param {Uint8Array} levels @param {number[]} shape
 */
function paintGrid(ctx, levels, [, n, height, width]) {
  const sheet = ctx.createImageData(ctx.canvas.width, ctx.canvas.height), pixels = new Uint32Array(sheet.data.buffer);
  for (let k = 0, i = 0; k < n; k++) {
    const [left, top] = placeOf(k, height, width);
    for (let row = 0; row < height; row++) {
      let at = (top + row) * sheet.width + left;
      for (let column = 0; column < width; column++) pixels[at++] = 0xff000000 | (levels[i++] * 0x010101);
    }
  }
  ctx.putImageData(sheet, 0, 0);
}

/**
 * A measure against pictures painted, on logarithmic axes; the present moment is marked.
 * @param {CanvasRenderingContext2D} ctx @param {Room} room @param {Course} course @param {Colours} colours
 */
function drawCourse(ctx, { left, right, top, bottom }, { seen, numbers, name, frame }, colours) {
  const ends = [Math.min(...numbers), Math.max(...numbers)].map(Math.log10);
  const toX = linearScale(Math.log10(seen[0]), Math.log10(seen[seen.length - 1]), left + 8, right - 8);
  const toY = linearScale(ends[0], Math.max(ends[1], ends[0] + 0.1), bottom - 6, top + 4);
  const points = seen.map((count, k) => [toX(Math.log10(count)), toY(Math.log10(numbers[k]))]), [x, y] = points[frame];
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  ctx.fillText(`${name} (logarithmic)`, left, top - 4);
  segment(ctx, left, bottom, right, bottom, colours.ink);
  segment(ctx, left, top, left, bottom, colours.ink);
  for (const power of powers(ends[0], ends[1])) drawPower(ctx, [left, right], toY(power), power, colours);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillText(written(seen[0]), left, bottom + 6);
  ctx.textAlign = "right";
  ctx.fillText(`${written(seen[seen.length - 1])} pictures painted`, right, bottom + 6);
  polyline(ctx, points, colours.blue);
  for (const point of points) disc(ctx, point[0], point[1], 3, colours.blue);
  segment(ctx, x, top, x, bottom, colours.orange, 1.5);
  disc(ctx, x, y, 6, colours.orange);
  return points;
}

/**
 * A line at a power of ten, its number to the left.
 * @param {CanvasRenderingContext2D} ctx @param {number[]} ends @param {number} y @param {number} power
 * @param {Colours} colours
 */
function drawPower(ctx, [left, right], y, power, colours) {
  segment(ctx, left, y, right, y, colours.faint);
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.fillText(String(Number((10 ** power).toPrecision(3))), left - 6, y);
}

/**
 * Whole powers of ten between two exponents, or the two ends where there are fewer than two.
 * @param {number} from @param {number} to
 */
export function powers(from, to) {
  const first = Math.ceil(from), n = Math.floor(to) - first + 1;
  return n > 1 ? Array.from({ length: n }, (_, k) => first + k) : [from, to];
}
