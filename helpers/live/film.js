import { disc, inflate, linearScale, liveFigure, polyline, segment } from "./common.js";

const COLUMNS = 10, GAP = 2;                               // as in film.py
const PAUSE = 600;                                         // between two pictures of the running film, in ms

/** The pictures of one moment. @param {Uint8Array} film @param {number[]} shape moments, pictures, height, width */
export function momentOf(film, [, n, height, width], frame) {
  const size = n * height * width;
  return film.subarray(frame * size, (frame + 1) * size);
}

/** @returns {number} the mean of grey levels, in [0, 1] */
export const meanGrey = (levels) => levels.reduce((sum, level) => sum + level, 0) / levels.length / 255;

/** Where picture k of a grid stands, in pixels. @returns {[number, number]} left and top */
export const placeOf = (k, height, width) => [(k % COLUMNS) * (width + GAP), Math.floor(k / COLUMNS) * (height + GAP)];

/** Width and height of the grid of n pictures. */
export function gridSize(n, height, width) {
  return [Math.min(n, COLUMNS) * (width + GAP) - GAP, Math.ceil(n / COLUMNS) * (height + GAP) - GAP];
}

/** A number as people write it: 256,000 or 12.3. */
export function written(number) {
  if (Math.abs(number) < 100) return number.toFixed(Math.abs(number) < 10 ? 2 : 1).replace("-", "−");
  return Math.round(number).toString().replace("-", "−").replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The read-out in words. */
export function tell(names, measures, seen, frame) {
  const told = names.map((name, k) => `${name} ${written(measures[k][frame])}`);
  return `After ${written(seen)} pictures: ${told.join(", ")}.`;
}

async function render({ model, el }) {
  const film = await inflate(model.get("frames")), shape = model.get("shape");
  const [seen, names, measures] = ["seen", "names", "measures"].map((name) => model.get(name));
  const [, n, height, width] = shape, grid = document.createElement("canvas");
  [grid.width, grid.height] = gridSize(n, height, width);

  function draw(ctx, size, colours) {
    const frame = model.get("frame"), levels = momentOf(film, shape, frame);
    paintGrid(grid.getContext("2d"), levels, shape);
    const tall = Math.min(size.width * grid.height / grid.width, size.height - 90);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(grid, 0, 0, tall * grid.width / grid.height, tall);
    drawCurve(ctx, { left: 44, right: size.width - 12, top: tall + 26, bottom: size.height - 26 },
      { seen, numbers: measures[0], name: names[0], frame }, colours);
    const told = Object.fromEntries(names.map((name, k) => [name, measures[k][frame]]));
    return { text: tell(names, measures, seen[frame], frame),
      values: { seen: seen[frame], ...told, brightness: meanGrey(levels) } };
  }
  const live = liveFigure({ model, el, traits: ["frame"], aspect: 1.45, draw });
  live.figure.style.maxWidth = "38rem";
  const halt = addPlay(live.figure, model, seen.length);
  return () => { halt(); live.stop(); };
}

/** All pictures of one moment on a canvas that is as large as their grid; what is between them stays clear. */
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

/** The first measure against pictures painted, on logarithmic axes; the present moment is marked. */
function drawCurve(ctx, { left, right, top, bottom }, { seen, numbers, name, frame }, colours) {
  const ends = [Math.min(...numbers), Math.max(...numbers)].map(Math.log10);
  const toX = linearScale(Math.log10(seen[0]), Math.log10(seen.at(-1)), left + 8, right - 8);
  const toY = linearScale(ends[0], Math.max(ends[1], ends[0] + 0.1), bottom - 6, top + 4);
  const points = seen.map((count, k) => [toX(Math.log10(count)), toY(Math.log10(numbers[k]))]);
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  ctx.fillText(`${name} (logarithmic)`, left, top - 4);
  segment(ctx, left, bottom, right, bottom, colours.ink);
  segment(ctx, left, top, left, bottom, colours.ink);
  for (const power of powers(...ends)) {
    segment(ctx, left, toY(power), right, toY(power), colours.faint);
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText(String(Number((10 ** power).toPrecision(3))), left - 6, toY(power));
  }
  ctx.textBaseline = "top";
  [[0, "left"], [seen.length - 1, "right"]].forEach(([k, align]) => {
    ctx.textAlign = align;
    ctx.fillText(`${written(seen[k])}${k ? " pictures painted" : ""}`, k ? right : left, bottom + 6);
  });
  polyline(ctx, points, colours.blue);
  points.forEach(([x, y]) => disc(ctx, x, y, 3, colours.blue));
  segment(ctx, points[frame][0], top, points[frame][0], bottom, colours.orange, 1.5);
  disc(ctx, ...points[frame], 6, colours.orange);
}

/** Whole powers of ten between two exponents, or the two ends where there are fewer than two. */
export function powers(from, to) {
  const first = Math.ceil(from), n = Math.floor(to) - first + 1;
  return n > 1 ? Array.from({ length: n }, (_, k) => first + k) : [from, to];
}

/** A button that runs the film to its end. @returns {() => void} stop it */
function addPlay(figure, model, n) {
  const button = document.createElement("button"), readout = figure.querySelector("[role=status]");
  let timer = 0;
  button.type = "button";
  button.className = "play-button";
  function halt() {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Play the film";
    readout.ariaLive = "polite";
  }
  function step() {
    model.set("frame", (model.get("frame") + 1) % n);
    model.save_changes();
    if (model.get("frame") === n - 1) halt();
  }
  button.addEventListener("click", () => {
    if (timer) return void halt();
    button.textContent = "Pause";
    readout.ariaLive = "off";                             // a screen reader hears the end, not every step
    timer = setInterval(step, PAUSE);
    step();
  });
  halt();
  figure.prepend(button);
  return halt;
}

export default { render };
