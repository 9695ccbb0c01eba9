/** The live figure of chapter 1: a box as a model of the Earth's land. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { At } from "./runtime/grab.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Scale } from "./runtime/axes.js" */
/** @import { Box } from "./runtime/sphere.js" */
import { linearScale, xAxis, yAxis } from "./runtime/axes.js";
import { copyOf } from "./runtime/bytes.js";
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { ofRgb } from "./runtime/colours.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { NEAR, onGrab } from "./runtime/grab.js";
import { disc, segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import {
  bitAt, boxArea, boxDraws, boxOf, isInside, isLand, medianNearest, shareNear, unitVectors,
} from "./runtime/sphere.js";

/**
 * @typedef {object} Data
 * @property {Float64Array} points pairs   @property {Float64Array} fresh unit vectors
 * @property {Float64Array} uniforms pairs, for the draws from the box
 * @property {DataView} land a bit a cell   @property {number} columns
 * @typedef {object} Measured
 * @property {number} outside @property {number} [area] @property {number} [sea] @property {number} [distance]
 * @property {number} [coverage] @property {number} [log_likelihood]
 * @typedef {[left: number, top: number, width: number, height: number]} Rectangle
 * @typedef {(ctx: CanvasRenderingContext2D, rectangle: Rectangle, colours: Colours) => void} PaintLand
 */

const KM_SHOWN = 2500;                          // the end of the distance's gauge
const NEAR_KM = 1000;                           // so near a draw has to be, to cover a point
const SIDES = ["west", "east", "south", "north"];

export default view(({ model, el }) => {
  const [columns, land] = read(model, "columns", "mask"), paintLand = landPainter(land, columns);
  const [points, fresh, uniforms] = read(model, "points", "fresh", "uniforms").map(
    (bytes) => new Float64Array(copyOf(bytes)));
  const data = { points, fresh: unitVectors(fresh), uniforms, land, columns };
  /** @type {Rectangle} */
  let map = [0, 0, 1, 1];

  /** @type {Draw} */
  function draw(ctx, { width, height }, colours) {
    const [west, east, south, north] = read(model, ...SIDES), box = boxOf(west, east, south, north);
    const { values, sample } = measure(box, data);
    const left = 40, right = width - 12, top = 8, bottom = top + (right - left) / 2;
    const toX = linearScale(-180, 180, left, right), toY = linearScale(-90, 90, bottom, top);
    map = [left, top, right - left, bottom - top];
    paintLand(ctx, map, colours);
    drawBox(ctx, toX, toY, { box, points, sample }, colours);
    xAxis(ctx, toX, [-180, -120, -60, 0, 60, 120, 180], bottom, [left, right], colours.ink);
    yAxis(ctx, toY, [-90, -45, 0, 45, 90], left, [top, bottom], colours.ink);
    const rows = { left, right, y: bottom + 30, step: Math.min((height - bottom - 32) / 3, 44) };
    drawGauges(ctx, rows, values, model.get("possible"), colours);
    const turned = west > east || south > north ? " Two opposite sides have changed places; the box lies between them." : "";
    return { text: `${sentence(values, points.length / 2)}${turned}`, values };
  }
  const { figure, canvas, stop } = liveFigure({ model, el, traits: SIDES, aspect: 1.2, draw });
  figure.classList.add("explorer-degrees");
  onGrab(canvas, (at) => sidesAt(model, map, at));
  return stop;
});

/**
 * What moves the sides of the box that lie at a place of the map; at a corner two.
 * @param {Model} model @param {Rectangle} map @param {At} at
 */
function sidesAt(model, [left, top, width, height], at) {
  const degrees = ({ x, y } = at) => [(360 * (x - left)) / width - 180, 90 - (180 * (y - top)) / height];
  const room = (360 * NEAR) / width, [x, y] = degrees(), sides = read(model, ...SIDES);
  const [west, east, south, north] = sides, box = boxOf(west, east, south, north);
  if (!isInside({ west: box.west - room, east: box.east + room, south: box.south - room, north: box.north + room }, x, y)) {
    return null;
  }
  const held = [0, 2].map((first) => {                     // of each pair the nearer side, if it is near
    const away = [0, 1].map((k) => Math.abs(sides[first + k] - [x, y][first / 2]));
    return Math.min(...away) <= room ? first + Number(away[1] < away[0]) : -1;
  });
  if (Math.max(...held) < 0) return null;
  return (/** @type {At} */ to) => {
    const ends = degrees(to).map((v, k) => Math.round(Math.min(Math.max(v, [-180, -90][k]), [180, 90][k])));
    change(model, Object.fromEntries(held.flatMap((side, k) => (side < 0 ? [] : [[SIDES[side], ends[k]]]))));
  };
}

/**
 * What the figure says of a box, and the draws that it says it of.
 * @param {Box} box @param {Data} data @returns {{values: Measured, sample: Float64Array}}
 */
export function measure(box, { points, fresh, uniforms, land, columns }) {
  const area = boxArea(box);
  let outside = 0;
  for (let i = 0; i < points.length; i += 2) outside += Number(!isInside(box, points[i], points[i + 1]));
  if (area === 0) return { values: { outside }, sample: new Float64Array(0) };
  const sample = boxDraws(box, uniforms), drawn = unitVectors(sample);
  let atSea = 0;
  for (let i = 0; i < sample.length; i += 2) atSea += Number(!isLand(land, columns, sample[i], sample[i + 1]));
  const values = { outside, area, sea: atSea / (sample.length / 2),
    distance: medianNearest(drawn, unitVectors(points)), coverage: shareNear(fresh, drawn, NEAR_KM) };
  if (outside) return { values, sample };
  return { values: { ...values, log_likelihood: (-points.length / 2) * Math.log(area) }, sample };
}

/** @param {number} share */
const percent = (share) => (100 * share).toFixed(1);

/** The read-out in words. @param {Measured} measured @param {number} n points */
function sentence({ outside, area, sea = 0, distance = 0, coverage = 0, log_likelihood: logLikelihood = 0 }, n) {
  if (area === undefined) return "The box has no area: two opposite sides lie on each other. Pull them apart.";
  const fit = outside
    ? `Likelihood 0, log-likelihood −∞: ${outside} of ${n} training points ${outside === 1 ? "lies" : "lie"} outside.`
    : `Log-likelihood ${logLikelihood.toFixed(2).replace("-", "−")}: all ${n} training points lie inside.`;
  return `${fit} Area ${area.toFixed(3)} sr. Rule 1: ${percent(sea)}% of the draws lie at sea. ` +
    `Rule 2: half of them lie within ${distance.toFixed(0)} km of a training point. ` +
    `Coverage: ${percent(coverage)}% of fresh points have a draw within ${NEAR_KM} km.`;
}

/**
 * Draws the land into a rectangle; its picture is made anew when the theme changes.
 * @param {DataView} land a bit a cell @param {number} columns @returns {PaintLand}
 */
function landPainter(land, columns) {
  const rows = columns / 2, picture = makeCanvas(columns, rows), brush = brushOf(picture);
  let painted = "";
  return (ctx, rectangle, { ink }) => {
    if (painted !== ink) {
      const image = brush.createImageData(columns, rows), [r, g, b] = ofRgb(ink);
      for (let cell = 0; cell < rows * columns; cell++) {
        if (bitAt(land, cell)) image.data.set([r, g, b, 62], 4 * cell);
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
 * Three bars under the map: sea, distance, coverage; on the last two a mark for what points of the land itself reach.
 * @param {CanvasRenderingContext2D} ctx @param {{left: number, right: number, y: number, step: number}} places
 * @param {Measured} measured @param {[km: number, coverage: number]} possible @param {Colours} colours
 */
function drawGauges(ctx, { y, step, ...ends }, { sea, distance, coverage }, possible, colours) {
  const said = (/** @type {number | undefined} */ value, /** @type {string} */ text) => (
    value === undefined ? "" : `: ${text}`);
  drawGauge(ctx, { ...ends, top: y }, `Rule 1${said(sea, `${percent(sea ?? 0)}% at sea`)}`, "100%",
    { part: sea, mark: 0, colour: colours.green }, colours);
  drawGauge(ctx, { ...ends, top: y + step }, `Rule 2${said(distance, `${distance?.toFixed(0)} km`)}`,
    `${KM_SHOWN} km`, { part: distance && distance / KM_SHOWN, mark: possible[0] / KM_SHOWN, colour: colours.blue },
    colours);
  drawGauge(ctx, { ...ends, top: y + 2 * step }, `Coverage${said(coverage, `${percent(coverage ?? 0)}%`)}`, "100%",
    { part: coverage, mark: possible[1], colour: colours.orange }, colours);
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
