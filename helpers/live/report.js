/** The live figure of the report: any two measures of all models against each other. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw, Told } from "./runtime/figure.js" */
/** @import { Axis, Point } from "./runtime/chart.js" */
/** @import { Measure } from "./runtime/scores.js" */
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { drawAxes, drawPoints, makeChart, pointsOf } from "./runtime/chart.js";
import { makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { isNear, onGrab } from "./runtime/grab.js";
import { change, read } from "./runtime/model.js";
import { makeQuestion } from "./runtime/question.js";
import { agreement, printed } from "./runtime/scores.js";

const COLUMNS = 10, SIDE = 28;                            // pictures in a row; pixels of a picture
const QUESTION = "Whose digits are these?";

export default view(({ model, el }) => {
  /** @type {[string[], Measure[], (number | null)[][], number[][]]} */
  const [names, measures, numbers, spreads] = /** @type {any} */ (
    read(model, "names", "measures", "numbers", "spreads"));
  const sheets = picturesOf(model.get("pictures"), names.length);
  /** @type {Point[]} */
  let points = [];
  let secret = 0;                                          // the model whose digits the reader is to name

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [across, up, last] = read(model, "across", "up", "model"), open = question.isOpen();
    const chosen = open ? -1 : last;
    const [x, y] = [across, up].map((k) => ({
      measure: measures[k], values: numbers.map((row) => row[k]), spreads: spreads.map((row) => row[k]) }));
    const sheet = sheets[open ? secret : last], tall = (size.width * sheet.height) / sheet.width;
    const chart = makeChart({ left: 62, right: size.width - 12, top: 30, bottom: size.height - tall - 72 }, x, y);
    drawAxes(ctx, chart, x, y, colours);
    points = pointsOf(chart, x, y, names, chosen);
    drawPoints(ctx, chart, points, chosen, colours);
    drawSheet(ctx, size, sheet, names[chosen] ?? QUESTION, colours);
    const { text, values } = describe(x, y, names, last);
    return { values, text: open ? `${QUESTION} Press a dot, or choose in the menu.` : `${question.words()}${text}` };
  }
  const { figure, canvas, redraw, stop } = liveFigure({ model, el, traits: ["across", "up", "model"], aspect: 1, draw,
    reset() { question.drop(); } });
  const question = makeQuestion(model, ["model"], redraw);
  model.on("change:model", () => {
    const said = model.get("model");
    if (!question.isOpen()) return;
    change(model, { model: secret });                      // which is right, so the last word is the next one
    question.answer(said === secret ? "Right." : `You said ${names[said]}; it was ${names[secret]}.`);
  });
  figure.prepend(makeButton("Guess the writer", () => {
    const others = names.map((_, k) => k).filter((k) => k !== model.get("model"));
    secret = others[Math.floor(Math.random() * others.length)];
    question.ask();
  }));
  onGrab(canvas, (at) => {
    const point = points.find(({ x, y }) => isNear(at, x, y));
    return point ? () => { change(model, { model: point.i }); } : null;
  });
  return stop;
});

/** For each model a canvas with its pictures. @param {DataView} bytes @param {number} count */
function picturesOf(bytes, count) {
  const size = bytes.byteLength / count, rows = size / (COLUMNS * SIDE * SIDE);
  return Array.from({ length: count }, (_, m) => {
    const sheet = makeCanvas(COLUMNS * SIDE, rows * SIDE), brush = brushOf(sheet);
    const image = brush.createImageData(sheet.width, sheet.height);
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

/**
 * The chosen model's pictures below the chart, enlarged pixel by pixel.
 * @param {CanvasRenderingContext2D} ctx @param {Size} size @param {HTMLCanvasElement} sheet @param {string} name
 * @param {Colours} colours
 */
function drawSheet(ctx, { width, height }, sheet, name, colours) {
  const tall = (width * sheet.height) / sheet.width, top = height - tall;
  ctx.fillStyle = colours.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(name, 2, top - 14);
  ctx.imageSmoothingEnabled = false;
  ctx.drawImage(sheet, 0, top, width, tall);
}

/**
 * The read-out in words, and the numbers.
 * @param {Axis} x @param {Axis} y @param {string[]} names @param {number} chosen @returns {Told}
 */
function describe(x, y, names, chosen) {
  const axes = { x, y }, both = agreement(x.values, y.values, x.measure, y.measure);
  const told = Object.entries(axes).map(([key, { measure, values }]) => ({ key, measure, value: values[chosen] }));
  const parts = told.map(({ measure, value }) => {
    const real = measure.real === null ? "" : ` (real digits ${printed(measure.real, measure)})`;
    return `${measure.name} ${value === null ? "not defined" : printed(value, measure)}${real}`;
  });
  const text = `${names[chosen]}: ${parts.join(", ")}. ` + (x.measure.key === y.measure.key
    ? "A measure against itself: choose another."
    : `Of the ${both.pairs} pairs of models that both measures tell apart, they order ${both.alike} alike.`);
  const shown = told.flatMap(({ key, value }) => (value === null ? [] : [[key, value]]));
  return { text, values: { ...both, ...Object.fromEntries(shown) } };
}
