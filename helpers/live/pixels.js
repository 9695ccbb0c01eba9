import { inflate, liveFigure, whenIdle } from "./common.js";

const SIDE = 32, PIXELS = SIDE * SIDE, COLOURS = 256, SHADES = 8;
const HARDLY = 0.99;                            // of a pixel that varies less, chance tells as much as anything
const MODEL_SEEDS = 2 ** 31;                    // the draws behind the model's map have the seeds from here on
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @param {number} x an integer @returns {number} 32 bits that look random (Wellons's lowbias32) */
export function scramble(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/** @returns {number} the number k of the stream `seed`, in [0, 1), the same whenever it is asked for */
export const uniformAt = (seed, k) => scramble(scramble(seed) ^ scramble(k)) / 2 ** 32;

/**
 * A draw from naive Bayes, smoothed by alpha: for each pixel the colour that a face picked at random has there,
 * or, with the probability 256 alpha / (n + 256 alpha), any colour.
 * @param {Uint8Array} faces n faces of 1,024 palette indices @returns {Uint8Array} one such face
 */
export function naiveFace(faces, alpha, seed) {
  const n = faces.length / PIXELS, face = new Uint8Array(PIXELS);
  for (let k = 0; k < PIXELS; k++) {
    const t = uniformAt(seed, k) * (n + COLOURS * alpha);
    face[k] = t < n ? faces[Math.floor(t) * PIXELS + k] : Math.min(Math.floor((t - n) / alpha), COLOURS - 1);
  }
  return face;
}

/** The model's probability of a colour at pixel k: (count + alpha) / (n + 256 alpha). */
export function colourChance(faces, alpha, k, colour) {
  let count = 0;
  for (let at = k; at < faces.length; at += PIXELS) count += faces[at] === colour;
  return (count + alpha) / (faces.length / PIXELS + COLOURS * alpha);
}

/** Faces as shades, pixel by pixel, with what their dependence needs and what is the same for every pixel. */
export function shadeTable(faces) {
  const n = faces.length / PIXELS, shades = new Uint8Array(faces.length), counts = new Uint32Array(PIXELS * SHADES);
  const parts = Float64Array.from({ length: n + 1 }, (_, c) => (c ? -(c / n) * Math.log(c / n) : 0));
  const entropies = new Float64Array(PIXELS), levels = new Uint8Array(PIXELS), commonest = new Uint8Array(PIXELS);
  for (let k = 0; k < PIXELS; k++) {
    for (let i = 0; i < n; i++) counts[k * SHADES + (shades[k * n + i] = faces[i * PIXELS + k] >> 5)]++;
    const mine = counts.subarray(k * SHADES, (k + 1) * SHADES);
    for (const count of mine) {
      entropies[k] += parts[count];
      levels[k] += count > 0;
    }
    commonest[k] = mine.indexOf(Math.max(...mine));
  }
  const varies = (k) => counts[k * SHADES + commonest[k]] / n <= HARDLY;
  return { n, shades, counts, parts, entropies, levels, commonest, varies };
}

/**
 * For every pixel, the share of what is unknown about the shade of pixel `chosen` that its own shade tells:
 * mutual information, less what chance adds to the estimate, over the entropy of `chosen`.
 */
export function sharesTold({ n, shades, counts, parts, entropies, levels, commonest, varies }, chosen) {
  const told = new Float64Array(PIXELS), joint = new Uint32Array(SHADES * SHADES);
  if (!varies(chosen)) return told;
  // Only the faces without the commonest shade are counted: what is missing in a column belongs to that one.
  const rest = commonest[chosen] * SHADES, faces = [], rows = [];
  for (let i = 0; i < n; i++) {
    const row = shades[chosen * n + i] * SHADES;
    if (row !== rest) { faces.push(i); rows.push(row); }
  }
  const index = Uint32Array.from(faces), row = Uint8Array.from(rows);
  for (let k = 0; k < PIXELS; k++) {
    if (levels[k] < 2) continue;                           // a pixel that never changes tells nothing
    joint.fill(0);
    for (let i = 0; i < index.length; i++) joint[row[i] + shades[k * n + index[i]]]++;
    let entropy = 0;
    for (let s = 0; s < SHADES; s++) {
      let left = counts[k * SHADES + s];
      for (let r = s; r < SHADES * SHADES; r += SHADES) {
        entropy += parts[joint[r]];
        left -= joint[r];
      }
      entropy += parts[left];
    }
    const chance = ((levels[chosen] - 1) * (levels[k] - 1)) / (2 * n);
    told[k] = Math.max(0, entropies[chosen] + entropies[k] - entropy - chance) / entropies[chosen];
  }
  told[chosen] = 1;
  return told;
}

/** The pixels above, below, left and right of one, up to `far` away, the nearest first. */
const beside = (chosen, far = 1) => Array.from({ length: far }, (_, d) => Object.values(ARROWS)
  .map(([down, right]) => [Math.floor(chosen / SIDE) + (d + 1) * down, chosen % SIDE + (d + 1) * right])).flat()
  .filter((place) => place.every((p) => p >= 0 && p < SIDE)).map(([row, column]) => row * SIDE + column);

/**
 * Maps by chosen pixel, each computed once: when it is asked for or, where the sliders can go from the last one, before.
 * @param {object[]} tables from `shadeTable` @returns {(chosen: number) => Float64Array[]} a map for each table
 */
function mapsOf(tables) {
  const known = new Map();
  let ahead = [], last = 0, busy = false;
  const of = (chosen) => known.get(chosen)
    ?? known.set(chosen, tables.map((table) => sharesTold(table, chosen))).get(chosen);
  const work = (idle) => {
    do {
      const next = ahead.find((k) => !known.has(k));
      busy = next !== undefined;
      if (busy) of(next);
    } while (busy && idle?.timeRemaining() > 8);           // milliseconds; a map takes about four
    if (busy) whenIdle(work);
  };
  return (chosen) => {
    const near = beside(chosen, SIDE), onward = 2 * chosen - last;
    ahead = near.includes(onward) ? [onward, ...near] : near;
    last = chosen;
    if (!busy) { busy = true; whenIdle(work); }
    return of(chosen);
  };
}

/** What the read-out says of a map: its mean over the pixels next to the chosen one, and how many tell a tenth. */
export function summary(told, chosen) {
  const near = beside(chosen).map((k) => told[k]);
  let many = 0;
  told.forEach((share, k) => { many += k !== chosen && share >= 0.1; });
  return [near.reduce((sum, share) => sum + share, 0) / near.length, many];
}

async function render({ model, el }) {
  const faces = await inflate(model.get("faces")), n = faces.length / PIXELS, alpha = model.get("alpha");
  const palette = Array.from({ length: COLOURS }, (_, c) => [0, 1, 2].map((k) => model.get("palette").getUint8(3 * c + k)));
  const drawn = new Uint8Array(faces.length);
  for (let i = 0; i < n; i++) drawn.set(naiveFace(faces, alpha, MODEL_SEEDS + i), i * PIXELS);
  const tables = [shadeTable(faces), shadeTable(drawn)], mapsAt = mapsOf(tables);
  const pictures = Array.from({ length: 4 }, () => Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE }));
  let places = [];

  function draw(ctx, size, colours) {
    const [row, column, seed] = ["row", "column", "seed"].map((name) => model.get(name));
    const chosen = row * SIDE + column, told = mapsAt(chosen);
    const from = Math.floor(uniformAt(seed, PIXELS) * n) * PIXELS;
    const shown = [faces.subarray(from, from + PIXELS), naiveFace(faces, alpha, seed)];
    places = panels(size);
    const colour = (index) => [...palette[index], 255];
    const blue = [1, 3, 5].map((at) => parseInt(colours.blue.slice(at, at + 2), 16));
    shown.forEach((face, i) => raster(pictures[i], face, colour));
    told.forEach((map, i) => raster(pictures[2 + i], map, (share) => [...blue, 255 * share]));
    places.forEach((place, i) => drawPanel(ctx, place, pictures[i], { row, column, colours }));
    drawLegend(ctx, places, colours);
    const [near, many] = summary(told[0], chosen), [modelNear, modelMany] = summary(told[1], chosen);
    const index = shown[1][chosen], chance = colourChance(faces, alpha, chosen, index);
    const mean = shown[1].reduce((sum, v) => sum + v, 0) / PIXELS;
    const values = { near, many, modelNear, modelMany, index, chance, mean };
    return { text: sentence(row, column, values, tables[0].varies(chosen)), values };
  }
  const live = liveFigure({ model, el, traits: ["row", "column", "seed"], aspect: 0.86, draw });
  live.figure.style.maxWidth = "34rem";
  makeGrid(live.canvas, model, () => places);
  addButton(live.figure, model);
  return live.stop;
}

/** The read-out in words. */
function sentence(row, column, { near, many, modelNear, modelMany, index, chance }, varies) {
  const percent = (share, digits = 0) => `${(100 * share).toFixed(digits)}%`;
  const data = !varies
    ? "It has one shade in nearly all faces of the data: there is nothing to tell. "
    : `In the data a pixel beside it tells, on average, ${percent(near)} of what is unknown about its shade, and ` +
      `${many} of the other 1,023 pixels tell a tenth or more. In the naive model: ${percent(modelNear)}, and ${modelMany} pixels. `;
  return `Row ${row}, column ${column}. ${data}The naive face has colour ${index} here; the model gave that a chance of ${percent(chance, 1)}.`;
}

/** Two by two squares: a face of the data and a naive one, and below each its map. */
function panels({ width, height }) {
  const gap = 14, name = 22, side = Math.min((width - gap) / 2, (height - 2 * name - 50) / 2);
  const names = ["a face of the data", "a naive face", "who tells: data", "who tells: naive model"];
  return names.map((text, i) => ({ text, side, left: (i % 2) * (side + gap), top: name + Math.floor(i / 2) * (side + name + 8) }));
}

/** Paint a canvas of 32 × 32. @param {(value: number) => number[]} colour red, green, blue, opacity */
function raster(picture, values, colour) {
  const image = new ImageData(SIDE, SIDE);
  for (let k = 0; k < PIXELS; k++) image.data.set(colour(values[k]), 4 * k);
  picture.getContext("2d").putImageData(image, 0, 0);
}

/** A picture with its name above and a frame around the chosen pixel. */
function drawPanel(ctx, { text, side, left, top }, picture, { row, column, colours }) {
  const cell = side / SIDE;
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(picture, left, top, side, side);
  ctx.lineWidth = 1;
  ctx.strokeStyle = colours.ink;
  ctx.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  for (const [colour, wide] of [[colours.paper, 5], [colours.orange, 2.5]]) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.strokeRect(left + column * cell - 1, top + row * cell - 1, cell + 2, cell + 2);
  }
  ctx.fillStyle = colours.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(text, left, top - 4);
}

/** The scale of the two maps. */
function drawLegend(ctx, places, colours) {
  const { left, top, side } = places[2], y = top + side + 10, wide = 2 * side + 14;
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
  [["left", "tells nothing", 0], ["right", "tells all", wide]].forEach(([align, text, at]) => {
    ctx.textAlign = align;
    ctx.fillText(text, left + at, y + 12);
  });
}

/** The canvas as a control: click, tap, or move with the arrow keys. */
function makeGrid(canvas, model, places) {
  const choose = (row, column) => {
    model.set("row", Math.min(Math.max(row, 0), SIDE - 1));
    model.set("column", Math.min(Math.max(column, 0), SIDE - 1));
    model.save_changes();
  };
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "pixel grid, move with the arrow keys");
  canvas.style.cursor = "crosshair";
  canvas.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();                              // JupyterLab would move to the next cell
    choose(model.get("row") + step[0], model.get("column") + step[1]);
  });
  canvas.addEventListener("click", ({ offsetX, offsetY }) => {
    for (const { left, top, side } of places()) {
      const row = Math.floor(((offsetY - top) / side) * SIDE), column = Math.floor(((offsetX - left) / side) * SIDE);
      if ([row, column].every((p) => p >= 0 && p < SIDE)) choose(row, column);
    }
  });
}

/** A button that draws another pair of faces: the next seed. */
function addButton(figure, model) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Sample again";
  button.addEventListener("click", () => {
    model.set("seed", model.get("seed") + 1);
    model.save_changes();
  });
  figure.prepend(button);
}

export default { render };
