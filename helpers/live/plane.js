/** A latent plane: the codes of data as dots, a point to move, and the image that the decoder makes of it. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Place } from "./runtime/plane_chart.js" */
import { linearScale } from "./runtime/axes.js";
import { copyOf } from "./runtime/bytes.js";
import { brushOf, makeCanvas, stillLayer } from "./runtime/canvas.js";
import { classMiddles, nearestCode } from "./runtime/codes.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { change, read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { drawAxes, drawCircles, drawDots, drawNames, drawPoint, placeOf } from "./runtime/plane_chart.js";
import { paintImage } from "./runtime/raster.js";
import { signed } from "./runtime/text.js";

const FINGER = 24;                              // pixels: so near to the rim of the pad a press still counts

export default view(({ model, el }) => {
  const network = makeNetwork(model.get("network"), model.get("weights")), [height, width] = network.outputShape;
  const codes = new Float32Array(copyOf(model.get("codes"))), labels = model.get("labels");
  const [names, xs, ys, range] = read(model, "names", "x_range", "y_range", "value_range");
  const labelOf = labels.byteLength > 0 ? (/** @type {number} */ i) => labels.getUint8(i) : null;
  const picture = Object.assign(makeCanvas(width, height), { className: "decoded" }), brush = brushOf(picture);
  const drawStill = stillPlane(model, codes, labelOf);
  /** @type {Place | null} */
  let place = null;

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const z = read(model, "z0", "z1"), { index, distance } = nearestCode(codes, z);
    place = placeOf(size, xs, ys);
    const brightness = paintImage(brush, network.run(z), network.outputShape, range);
    drawStill(ctx, size, colours);
    drawPoint(ctx, place, z, codes.subarray(2 * index, 2 * index + 2), colours);
    const values = { brightness, nearest: distance, ...(labelOf && { label: labelOf(index) }) };
    const text = sentence(z, digitsOf(model.get("step")), values, names);
    picture.setAttribute("aria-label", `The decoded image. ${text}`);
    return { text, values };
  }
  const { figure, canvas, stop } = liveFigure({ model, el, traits: ["z0", "z1"], aspect: 1, draw });
  picture.setAttribute("role", "img");
  figure.classList.add("explorer-plane");
  canvas.after(picture);
  makePad(canvas, model, () => place, xs, ys);
  return stop;
});

/**
 * Axes, dots, circles and names, which do not move.
 * @param {Model} model @param {Float32Array} codes @param {((i: number) => number) | null} labelOf
 */
function stillPlane(model, codes, labelOf) {
  const [names, xs, ys, circles] = read(model, "names", "x_range", "y_range", "circles");
  const middles = labelOf ? classMiddles(codes, labelOf, names.length) : [];
  return stillLayer((ctx, size, colours) => {
    const place = placeOf(size, xs, ys);
    drawAxes(ctx, place, xs, ys, colours);
    drawDots(ctx, place, codes, labelOf, colours);
    drawCircles(ctx, place, circles, colours);
    drawNames(ctx, place, middles, names, colours);
  });
}

/** Digits after the point that a slider's step needs. @param {number} step */
const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/**
 * A number on the slider's steps, between `low` and `high`.
 * @param {number} value @param {number} step @param {number} low @param {number} high
 */
export function snap(value, step, low, high) {
  return Number((Math.round(Math.min(Math.max(value, low), high) / step) * step).toFixed(digitsOf(step)));
}

/**
 * The read-out in words.
 * @param {number[]} z @param {number} digits @param {{brightness: number, nearest: number, label?: number}} values
 * @param {string[]} names
 */
function sentence(z, digits, { brightness, nearest, label }, names) {
  const shown = z.map((number) => signed(Number(number.toFixed(digits)) || 0, digits)).join(", ");
  const whose = label === undefined ? "" : `, of a ${names[label]},`;
  return `z = (${shown}). The nearest code${whose} is ${nearest.toFixed(digits + 1)} away. `
    + `Mean brightness ${(100 * brightness).toFixed(0)}%.`;
}

/**
 * The canvas as a pad: the point goes where it is pressed, and follows the pointer while that is held.
 * @param {HTMLCanvasElement} canvas @param {Model} model @param {() => Place | null} placeNow
 * @param {number[]} xs @param {number[]} ys
 */
function makePad(canvas, model, placeNow, xs, ys) {
  const step = model.get("step");
  /** @param {PointerEvent} event @param {Place} place */
  const move = ({ offsetX, offsetY }, { left, right, top, bottom }) => change(model, {
    z0: snap(linearScale(left, right, xs[0], xs[1])(offsetX), step, xs[0], xs[1]),
    z1: snap(linearScale(bottom, top, ys[0], ys[1])(offsetY), step, ys[0], ys[1]),
  });
  canvas.addEventListener("pointerdown", (event) => {
    const place = placeNow(), { offsetX, offsetY } = event;
    if (!place || offsetX <= place.left - FINGER || offsetX >= place.right + FINGER) return;
    if (offsetY <= place.top - FINGER || offsetY >= place.bottom + FINGER) return;
    canvas.setPointerCapture(event.pointerId);
    move(event, place);
  });
  canvas.addEventListener("pointermove", (event) => {
    const place = placeNow();
    if (place && canvas.hasPointerCapture(event.pointerId)) move(event, place);
  });
}
