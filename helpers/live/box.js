/** The live figure of chapter 1: a box as a model of the Earth's land. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Scale } from "./runtime/axes.js" */
/** @import { Box } from "./runtime/sphere.js" */
import { linearScale, xAxis, yAxis } from "./runtime/axes.js";
import { copyOf } from "./runtime/bytes.js";
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { ofRgb } from "./runtime/colours.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { disc, segment } from "./runtime/marks.js";
import { read } from "./runtime/model.js";
import {
  boxArea, boxDraws, boxOf, isInside, landArea, landSums, medianNearest, unitVectors,
} from "./runtime/sphere.js";

/**
 * @typedef {object} Data
 * @property {Float64Array} points pairs   @property {Float64Array} uniforms pairs, for the draws from the box
 * @property {Uint16Array} sums the land, from `landSums`   @property {number} columns
 * @typedef {{outside: number, area?: number, sea?: number, distance?: number, log_likelihood?: number}} Measured
 * @typedef {[left: number, top: number, width: number, height: number]} Rectangle
 * @typedef {(ctx: CanvasRenderingContext2D, rectangle: Rectangle, colours: Colours) => void} PaintLand
 */

const KM_SHOWN = 2500;                          // the end of the distance's gauge
const SIDES = ["west", "east", "south", "north"];

export default view(({ model, el }) => {
  const columns = model.get("columns"), sums = landSums(model.get("mask"), columns);
  const [points, uniforms] = read(model, "points", "uniforms").map((bytes) => new Float64Array(copyOf(bytes)));
  const data = { points, uniforms, sums, columns }, paintLand = landPainter(sums, columns);

  /** @type {Draw} */
  function draw(ctx, { width, height }, colours) {
    const [west, east, south, north] = read(model, ...SIDES), box = boxOf(west, east, south, north);
    const { values, sample } = measure(box, data);
    const left = 40, right = width - 12, top = 8, bottom = top + (right - left) / 2;
    const toX = linearScale(-180, 180, left, right), toY = linearScale(-90, 90, bottom, top);
    paintLand(ctx, [left, top, right - left, bottom - top], colours);
    drawBox(ctx, toX, toY, { box, points, sample }, colours);
    xAxis(ctx, toX, [-180, -120, -60, 0, 60, 120, 180], bottom, [left, right], colours.ink);
    yAxis(ctx, toY, [-90, -45, 0, 45, 90], left, [top, bottom], colours.ink);
    const rows = { left, right, y: bottom + 30, step: Math.min((height - bottom - 32) / 2, 44) };
    drawGauges(ctx, rows, values, model.get("fresh"), colours);
    return { text: sentence(values, points.length / 2), values };
  }
  return liveFigure({ model, el, traits: SIDES, aspect: 1.55, draw }).stop;
});

/**
 * What the figure says of a box, and the draws that it says it of.
 * @param {Box} box @param {Data} data @returns {{values: Measured, sample: Float64Array}}
 */
export function measure(box, { points, uniforms, sums, columns }) {
  const area = boxArea(box);
  let outside = 0;
  for (let i = 0; i < points.length; i += 2) outside += Number(!isInside(box, points[i], points[i + 1]));
  if (area === 0) return { values: { outside }, sample: new Float64Array(0) };
  const sample = boxDraws(box, uniforms), sea = Math.max(0, 1 - landArea(sums, columns, box) / area);
  const values = { outside, area, sea, distance: medianNearest(sample, unitVectors(points)) };
  if (outside) return { values, sample };
  return { values: { ...values, log_likelihood: (-points.length / 2) * Math.log(area) }, sample };
}

/** A share in percent; a little is not nothing. @param {number} share */
const percent = (share) => (share > 1e-9 && share < 5e-4 ? "<0.1" : (100 * share).toFixed(1));

/** The read-out in words. @param {Measured} measured @param {number} n points */
function sentence({ outside, area, sea = 0, distance = 0, log_likelihood: logLikelihood = 0 }, n) {
  if (area === undefined) return "The box has no area: two opposite sides lie on each other. Pull them apart.";
  const fit = outside
    ? `Likelihood 0, log-likelihood −∞: ${outside} of ${n} training points ${outside === 1 ? "lies" : "lie"} outside.`
    : `Log-likelihood ${logLikelihood.toFixed(2).replace("-", "−")}: all ${n} training points lie inside.`;
  return `${fit} Area ${area.toFixed(3)} sr. Rule 1: ${percent(sea)}% of the box is sea. ` +
    `Rule 2: half of its draws lie within ${distance.toFixed(0)} km of a training point.`;
}

/**
 * Draws the land into a rectangle; its picture is made anew when the theme changes.
 * @param {Uint16Array} sums @param {number} columns @returns {PaintLand}
 */
function landPainter(sums, columns) {
  const rows = columns / 2, picture = makeCanvas(columns, rows), brush = brushOf(picture);
  let painted = "";
  return (ctx, rectangle, { ink }) => {
    if (painted !== ink) {
      const image = brush.createImageData(columns, rows), [r, g, b] = ofRgb(ink);
      for (let cell = 0; cell < rows * columns; cell++) {
        const at = cell + Math.floor(cell / columns);      // a row has one more sum than it has cells
        if (sums[at + 1] > sums[at]) image.data.set([r, g, b, 62], 4 * cell);
      }
      brush.putImageData(image, 0, 0);
      painted = ink;
    }
    ctx.drawImage(picture, ...rectangle);
  };
}

/**
 * Draws (small), training points (discs inside, crosses outside) and the sides of the box.
 * @param {CanvasRenderingContext2D} ctx @param {Scale} toX @param {Scale} toY
 * @param {{box: Box, points: Float64Array, sample: Float64Array}} shown @param {Colours} colours
 */
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

/**
 * Two bars under the map: the share of sea, and the distance with that of new points on land as a mark.
 * @param {CanvasRenderingContext2D} ctx @param {{left: number, right: number, y: number, step: number}} places
 * @param {Measured} measured @param {number} fresh km @param {Colours} colours
 */
function drawGauges(ctx, { y, step, ...ends }, { sea, distance }, fresh, colours) {
  const known = sea !== undefined && distance !== undefined;
  drawGauge(ctx, { ...ends, top: y }, known ? `Rule 1: ${percent(sea)}% sea` : "Rule 1", "100%",
    { part: sea, mark: 0, colour: colours.green }, colours);
  const part = known ? distance / KM_SHOWN : undefined;
  drawGauge(ctx, { ...ends, top: y + step }, known ? `Rule 2: ${distance.toFixed(0)} km to the data` : "Rule 2",
    `${KM_SHOWN} km`, { part, mark: fresh / KM_SHOWN, colour: colours.blue }, colours);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {{left: number, right: number, top: number}} places
 * @param {string} name above its start @param {string} end above its end
 * @param {{part: number | undefined, mark: number, colour: string}} shown shares of its length @param {Colours} colours
 */
function drawGauge(ctx, { left, right, top }, name, end, { part, mark, colour }, colours) {
  const bar = top + 17, x = linearScale(0, 1, left, right);
  ctx.fillStyle = colours.faint;
  ctx.fillRect(left, bar, right - left, 9);
  ctx.fillStyle = colour;
  if (part !== undefined) ctx.fillRect(left, bar, x(Math.min(part, 1)) - left, 9);
  if (mark > 0) segment(ctx, x(mark), bar - 4, x(mark), bar + 13, colours.ink, 2.5);
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillText(name, left, top);
  ctx.textAlign = "right";
  ctx.fillText(end, right, top);
}
