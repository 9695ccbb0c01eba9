import { disc, linearScale, liveFigure, segment, xAxis, yAxis } from "./common.js";

/** @typedef {{west: number, east: number, south: number, north: number}} Box sides in degrees */

const EARTH_KM = 6371.0088, DEGREE = Math.PI / 180;
const KM_SHOWN = 2500;                          // the end of the distance's gauge

const sine = (degrees) => Math.sin(degrees * DEGREE);

/** @param {Box} box @returns {number} its area on the unit sphere, in steradians */
export function boxArea({ west, east, south, north }) {
  return (east - west) * DEGREE * (sine(north) - sine(south));
}

/**
 * The land as rows of running sums: entry i * (columns + 1) + j counts row i's land cells west of edge j.
 * @param {DataView} bits a bit a cell, row by row from the north-west corner @param {number} columns
 * @returns {Uint16Array}
 */
export function landSums(bits, columns) {
  const rows = columns / 2, sums = new Uint16Array(rows * (columns + 1));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const cell = i * columns + j, at = i * (columns + 1) + j;
      sums[at + 1] = sums[at] + ((bits.getUint8(cell >> 3) >> (7 - (cell & 7))) & 1);
    }
  }
  return sums;
}

/** Steradians of land in the box: each cell counts with the part of it that lies inside. @param {Box} box */
export function landArea(sums, columns, { west, east, south, north }) {
  const rows = columns / 2, cell = 360 / columns;
  const clip = (latitude) => Math.min(Math.max(latitude, south), north);
  const landWestOf = (row, longitude) => {
    const edge = (longitude + 180) / cell, j = Math.min(Math.floor(edge), columns - 1), at = row * (columns + 1) + j;
    return sums[at] + (edge - j) * (sums[at + 1] - sums[at]);
  };
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const height = sine(clip(90 - i * cell)) - sine(clip(90 - (i + 1) * cell));
    if (height > 0) total += height * (landWestOf(i, east) - landWestOf(i, west));
  }
  return total * cell * DEGREE;
}

/** Points of the box, uniform by area on the sphere, from uniform numbers; all arrays hold pairs. */
export function boxDraws({ west, east, south, north }, uniforms) {
  const low = sine(south), high = sine(north);
  return uniforms.map((u, i) => (i % 2 ? Math.asin(low + u * (high - low)) / DEGREE : west + u * (east - west)));
}

/** Pairs (longitude, latitude) as triples on the unit sphere. */
function unitVectors(pairs) {
  const vectors = new Float64Array((pairs.length / 2) * 3);
  for (let i = 0; i < pairs.length / 2; i++) {
    const longitude = pairs[2 * i] * DEGREE, latitude = pairs[2 * i + 1] * DEGREE;
    vectors[3 * i] = Math.cos(latitude) * Math.cos(longitude);
    vectors[3 * i + 1] = Math.cos(latitude) * Math.sin(longitude);
    vectors[3 * i + 2] = Math.sin(latitude);
  }
  return vectors;
}

/** Median over `pairs` of the great-circle distance in km to the nearest of `others` (unit vectors). */
export function medianNearest(pairs, others) {
  const a = unitVectors(pairs), nearest = new Float64Array(a.length / 3).fill(4);
  for (let i = 0; i < nearest.length; i++) {
    for (let j = 0; j < others.length; j += 3) {
      const square = (a[3 * i] - others[j]) ** 2 + (a[3 * i + 1] - others[j + 1]) ** 2 + (a[3 * i + 2] - others[j + 2]) ** 2;
      if (square < nearest[i]) nearest[i] = square;
    }
  }
  const km = nearest.map((square) => 2 * EARTH_KM * Math.asin(Math.min(Math.sqrt(square) / 2, 1))).sort();
  const half = km.length / 2;
  return km.length % 2 ? km[Math.floor(half)] : (km[half - 1] + km[half]) / 2;
}

/** Longitudes and latitudes of the sides, which may come in either order. @returns {Box} */
export function boxOf(west, east, south, north) {
  return { west: Math.min(west, east), east: Math.max(west, east), south: Math.min(south, north), north: Math.max(south, north) };
}

/**
 * What the figure says of a box, and the draws that it says it of.
 * @param {Box} box
 * @param {{points: Float64Array, uniforms: Float64Array, sums: Uint16Array, columns: number}} data pairs, the land
 */
export function measure(box, { points, uniforms, sums, columns }) {
  const area = boxArea(box);
  let outside = 0;
  for (let i = 0; i < points.length; i += 2) outside += !isInside(box, points[i], points[i + 1]);
  if (area === 0) return { values: { outside }, sample: new Float64Array(0) };
  const sample = boxDraws(box, uniforms), sea = Math.max(0, 1 - landArea(sums, columns, box) / area);
  const values = { outside, area, sea, distance: medianNearest(sample, unitVectors(points)) };
  if (outside === 0) values.log_likelihood = (-points.length / 2) * Math.log(area);
  return { values, sample };
}

const isInside = ({ west, east, south, north }, longitude, latitude) =>
  west <= longitude && longitude <= east && south <= latitude && latitude <= north;

function render({ model, el }) {
  const numbers = (name) => {
    const bytes = model.get(name);
    return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  };
  const columns = model.get("columns"), sums = landSums(model.get("mask"), columns);
  const data = { points: numbers("points"), uniforms: numbers("uniforms"), sums, columns };
  const n = data.points.length / 2, paintLand = landPainter(sums, columns);

  function draw(ctx, { width, height }, colours) {
    const box = boxOf(...["west", "east", "south", "north"].map((side) => model.get(side)));
    const { values, sample } = measure(box, data);
    const left = 40, right = width - 12, top = 8, bottom = top + (right - left) / 2;
    const toX = linearScale(-180, 180, left, right), toY = linearScale(-90, 90, bottom, top);
    paintLand(ctx, [left, top, right - left, bottom - top], colours);
    drawBox(ctx, toX, toY, { box, points: data.points, sample }, colours);
    xAxis(ctx, toX, [-180, -120, -60, 0, 60, 120, 180], bottom, [left, right], colours.ink);
    yAxis(ctx, toY, [-90, -45, 0, 45, 90], left, [top, bottom], colours.ink);
    const rows = { left, right, y: bottom + 30, step: Math.min((height - bottom - 32) / 2, 44) };
    drawGauges(ctx, rows, values, model.get("fresh"), colours);
    return { text: sentence(values, n), values };
  }
  return liveFigure({ model, el, traits: ["west", "east", "south", "north"], aspect: 1.55, draw }).stop;
}

/** A share in percent; a little is not nothing. */
const percent = (share) => (share > 1e-9 && share < 5e-4 ? "<0.1" : (100 * share).toFixed(1));

/** The read-out in words. */
function sentence({ outside, area, sea, distance, log_likelihood: logLikelihood }, n) {
  if (area === undefined) return "The box has no area: two opposite sides lie on each other. Pull them apart.";
  const fit = outside
    ? `Likelihood 0, log-likelihood −∞: ${outside} of ${n} training points ${outside === 1 ? "lies" : "lie"} outside.`
    : `Log-likelihood ${logLikelihood.toFixed(2).replace("-", "−")}: all ${n} training points lie inside.`;
  return `${fit} Area ${area.toFixed(3)} sr. Rule 1: ${percent(sea)}% of the box is sea. ` +
    `Rule 2: half of its draws lie within ${distance.toFixed(0)} km of a training point.`;
}

/** @returns a function that draws the land into a rectangle; its picture is made anew when the theme changes */
function landPainter(sums, columns) {
  const picture = document.createElement("canvas"), rows = columns / 2;
  [picture.width, picture.height] = [columns, rows];
  let painted;
  return (ctx, rectangle, { ink }) => {
    if (painted !== ink) {
      const brush = picture.getContext("2d"), image = brush.createImageData(columns, rows);
      const [r, g, b] = ink.match(/[\d.]+/g).map(Number);
      for (let i = 0, cell = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++, cell++) {
          const at = i * (columns + 1) + j;
          if (sums[at + 1] > sums[at]) image.data.set([r, g, b, 62], 4 * cell);
        }
      }
      brush.putImageData(image, 0, 0);
      painted = ink;
    }
    ctx.drawImage(picture, ...rectangle);
  };
}

/** Draws (small), training points (discs inside, crosses outside) and the sides of the box. */
function drawBox(ctx, toX, toY, { box, points, sample }, colours) {
  for (let i = 0; i < sample.length; i += 2) disc(ctx, toX(sample[i]), toY(sample[i + 1]), 1.5, colours.orange);
  ctx.strokeStyle = colours.orange;
  ctx.lineWidth = 2.5;
  ctx.strokeRect(toX(box.west), toY(box.north), toX(box.east) - toX(box.west), toY(box.south) - toY(box.north));
  for (let i = 0; i < points.length; i += 2) {
    const x = toX(points[i]), y = toY(points[i + 1]);
    if (isInside(box, points[i], points[i + 1])) {
      disc(ctx, x, y, 3.5, colours.blue);
    } else {
      segment(ctx, x - 4, y - 4, x + 4, y + 4, colours.red, 2.2);
      segment(ctx, x - 4, y + 4, x + 4, y - 4, colours.red, 2.2);
    }
  }
}

/** Two bars under the map: the share of sea, and the distance with that of new points on land as a mark. */
function drawGauges(ctx, { left, right, y, step }, { sea, distance }, fresh, colours) {
  const known = sea !== undefined;
  const gauges = [
    { name: known ? `Rule 1: ${percent(sea)}% sea` : "Rule 1", end: "100%", part: sea, mark: 0, colour: colours.green },
    { name: known ? `Rule 2: ${distance.toFixed(0)} km to the data` : "Rule 2", end: `${KM_SHOWN} km`,
      part: distance / KM_SHOWN, mark: fresh / KM_SHOWN, colour: colours.blue },
  ];
  gauges.forEach(({ name, end, part, mark, colour }, i) => {
    const top = y + i * step, bar = top + 17, x = linearScale(0, 1, left, right);
    ctx.fillStyle = colours.faint;
    ctx.fillRect(left, bar, right - left, 9);
    ctx.fillStyle = colour;
    if (known) ctx.fillRect(left, bar, x(Math.min(part, 1)) - left, 9);
    if (mark > 0) segment(ctx, x(mark), bar - 4, x(mark), bar + 13, colours.ink, 2.5);
    ctx.fillStyle = colours.ink;
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    ctx.fillText(name, left, top);
    ctx.textAlign = "right";
    ctx.fillText(end, right, top);
  });
}

export default { render };
