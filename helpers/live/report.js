import { disc, linearScale, liveFigure, niceTicks, segment, xAxis, yAxis } from "./common.js";

/**
 * @typedef {{name: string, key: string, better: "low" | "high" | "one", log: boolean, real: ?number, digits: number}}
 *   Measure a column of the report, as report.py describes it
 */

const GOODNESS = { low: (v) => -v, high: (v) => v, one: (v) => -Math.abs(v - 1) };
const COLUMNS = 10, SIDE = 28;                            // pictures in a row; pixels of a picture

/**
 * Of how many pairs of models both measures say which is better, and how many of these they order alike.
 * @param {(?number)[]} xs a value a model, null where it has none @param {(?number)[]} ys
 * @param {Measure} x @param {Measure} y
 */
export function agreement(xs, ys, x, y) {
  const both = xs.flatMap((v, i) => (v === null || ys[i] === null ? [] : [[GOODNESS[x.better](v), GOODNESS[y.better](ys[i])]]));
  const values = { pairs: 0, alike: 0 };
  both.forEach((a, i) => both.slice(i + 1).forEach((b) => {
    const vote = (a[0] - b[0]) * (a[1] - b[1]);
    values.pairs += Number(vote !== 0);
    values.alike += Number(vote > 0);
  }));
  return values;
}

/** The ends of an axis that shows all values with room round them. @param {Measure} measure */
export function range(values, { log, real }) {
  const shown = values.filter((v) => v !== null).concat(real ?? []).map((v) => (log ? Math.log10(v) : v));
  const low = Math.min(...shown), high = Math.max(...shown), room = 0.12 * (high - low) || 0.5;
  return log ? [10 ** (low - room), 10 ** (high + room)] : [low - room, high + room];
}

function render({ model, el }) {
  const [names, measures, numbers, spreads] = ["names", "measures", "numbers", "spreads"].map((name) => model.get(name));
  const sheets = picturesOf(model.get("pictures"), names.length);

  function draw(ctx, size, colours) {
    const [across, up, chosen] = ["across", "up", "model"].map((name) => model.get(name));
    const axes = [across, up].map((k) => ({
      measure: measures[k], values: numbers.map((row) => row[k]), spreads: spreads.map((row) => row[k]) }));
    const places = layout(size, axes, sheets[chosen]);
    drawAxes(ctx, places, axes, colours);
    drawPoints(ctx, places, axes, { names, chosen }, colours);
    drawSheet(ctx, places, sheets[chosen], names[chosen], colours);
    return describe(axes, names, chosen);
  }
  return liveFigure({ model, el, traits: ["across", "up", "model"], aspect: 1, draw }).stop;
}

/** For each model a canvas with its pictures. @param {DataView} bytes */
function picturesOf(bytes, count) {
  const size = bytes.byteLength / count, rows = size / (COLUMNS * SIDE * SIDE);
  return Array.from({ length: count }, (_, m) => {
    const sheet = document.createElement("canvas");
    [sheet.width, sheet.height] = [COLUMNS * SIDE, rows * SIDE];
    const brush = sheet.getContext("2d"), image = brush.createImageData(sheet.width, sheet.height);
    for (let i = 0; i < size; i++) {
      const picture = Math.floor(i / SIDE ** 2), row = Math.floor((i % SIDE ** 2) / SIDE);
      const y = Math.floor(picture / COLUMNS) * SIDE + row, x = (picture % COLUMNS) * SIDE + (i % SIDE);
      const grey = bytes.getUint8(m * size + i);
      image.data.set([grey, grey, grey, 255], 4 * (y * sheet.width + x));
    }
    brush.putImageData(image, 0, 0);
    return sheet;
  });
}

/** Where things stand: the chart above, the pictures below. */
function layout({ width, height }, [x, y], sheet) {
  const left = 62, right = width - 12, top = 30, high = (width * sheet.height) / sheet.width;
  const bottom = height - high - 72;
  return { left, right, top, bottom, width, sheetTop: height - high, high,
    toX: scaleOf(x, left, right), toY: scaleOf(y, bottom, top) };
}

/** Like linearScale; logarithmic where the measure says so. */
function scaleOf({ measure, values }, from, to) {
  const [low, high] = range(values, measure);
  if (!measure.log) return Object.assign(linearScale(low, high, from, to), { low, high });
  const straight = linearScale(Math.log10(low), Math.log10(high), from, to);
  return Object.assign((v) => straight(Math.log10(v)), { low, high });
}

/** Ticks of an axis; on a logarithmic one powers of ten, or 1, 2, 5 where these are few. */
function ticksOf({ low, high }, { log }, count) {
  if (!log) return niceTicks(low, high, count);
  const powers = [];
  for (let k = Math.floor(Math.log10(low)); k <= Math.ceil(Math.log10(high)); k++) powers.push(k);
  const of = (steps) => powers.flatMap((k) => steps.map((s) => Number(`${s}e${k}`))).filter((v) => low <= v && v <= high);
  const tens = of([1]);
  return tens.length > 2 ? tens : of([1, 2, 5]);
}

const short = (v) => (v >= 1e6 ? `${v / 1e6}M` : v >= 1e4 ? `${v / 1e3}k` : v);

/** Axes with their names, and dashed where real digits stand. */
function drawAxes(ctx, { left, right, top, bottom, toX, toY }, [x, y], colours) {
  const named = (scale, ticks) => ticks.map((v) => ({ toString: () => String(short(v)), valueOf: () => v }));
  xAxis(ctx, toX, named(toX, ticksOf(toX, x.measure, (right - left) / 90)), bottom, [left, right], colours.ink);
  yAxis(ctx, toY, named(toY, ticksOf(toY, y.measure, 5)), left, [top, bottom], colours.ink);
  ctx.setLineDash([5, 4]);
  if (x.measure.real !== null) segment(ctx, toX(x.measure.real), top, toX(x.measure.real), bottom, colours.green, 1.5);
  if (y.measure.real !== null) segment(ctx, left, toY(y.measure.real), right, toY(y.measure.real), colours.green, 1.5);
  ctx.setLineDash([]);
  ctx.fillStyle = colours.ink;
  ctx.textAlign = "right";
  ctx.fillText(`${x.measure.name} →`, right, bottom + 32);
  ctx.textAlign = "left";
  ctx.fillText(`↑ ${y.measure.name}`, 2, top - 16);
  if (x.measure.real === null && y.measure.real === null) return;
  ctx.fillStyle = colours.green;
  ctx.textAlign = "right";
  ctx.fillText("dashed: real digits", right, top - 16);
}

/** A disc a model with its spread and its name; the chosen one last, so that nothing covers it. */
function drawPoints(ctx, { left, right, toX, toY }, [x, y], { names, chosen }, colours) {
  const shown = names.map((name, i) => ({ name, i })).filter(({ i }) => x.values[i] !== null && y.values[i] !== null);
  const taken = [];
  shown.sort((a, b) => (a.i === chosen) - (b.i === chosen));
  for (const { i } of shown) {
    const [px, py] = [toX(x.values[i]), toY(y.values[i])], colour = i === chosen ? colours.orange : colours.blue;
    const [dx, dy] = [x.spreads[i], y.spreads[i]];
    segment(ctx, toX(Math.max(x.values[i] - dx, toX.low)), py, toX(x.values[i] + dx), py, colour, 2);
    segment(ctx, px, toY(Math.max(y.values[i] - dy, toY.low)), px, toY(y.values[i] + dy), colour, 2);
    disc(ctx, px, py, i === chosen ? 7 : 5, colour);
    taken.push([px - 7, px + 7, py]);
  }
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  for (const { name, i } of shown.reverse()) {             // the chosen one finds its place first
    const [text, wide] = [name, ctx.measureText(name).width];
    const [px, py] = [toX(x.values[i]), toY(y.values[i])];
    const places = [0, -15, 15, -30, 30].flatMap((down) => [[px + 10, py + down], [px - 10 - wide, py + down]]);
    const free = ([at, line]) => at >= left && at + wide <= right
      && taken.every(([from, to, other]) => at + wide < from || at > to || Math.abs(line - other) > 13);
    const [at, line] = places.find(free) ?? places[0];
    taken.push([at, at + wide, line]);
    ctx.textAlign = "left";
    ctx.strokeStyle = colours.paper;
    ctx.lineWidth = 4;
    ctx.strokeText(text, at, line);
    ctx.fillStyle = i === chosen ? colours.orange : colours.ink;
    ctx.fillText(text, at, line);
  }
}

/** The chosen model's pictures, enlarged pixel by pixel. */
function drawSheet(ctx, { width, sheetTop, high }, sheet, name, colours) {
  ctx.fillStyle = colours.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(name, 2, sheetTop - 14);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(sheet, 0, sheetTop, width, high);
}

/** A number as the report prints it. */
const written = (v, { digits }) => v.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** The read-out in words, and the numbers. */
function describe([x, y], names, chosen) {
  const values = agreement(x.values, y.values, x.measure, y.measure), parts = [];
  for (const [key, { measure, values: column }] of [["x", x], ["y", y]]) {
    const value = column[chosen];
    if (value !== null) values[key] = value;
    const real = measure.real === null ? "" : ` (real digits ${written(measure.real, measure)})`;
    parts.push(`${measure.name} ${value === null ? "not defined" : written(value, measure)}${real}`);
  }
  const text = `${names[chosen]}: ${parts.join(", ")}. ` + (x.measure.key === y.measure.key
    ? "A measure against itself: choose another."
    : `Of the ${values.pairs} pairs of models that both measures tell apart, they order ${values.alike} alike.`);
  return { text, values };
}

export default { render };
