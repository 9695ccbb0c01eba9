/** A latent plane: the codes of data as dots, a point to move, and the image that the decoder makes of it. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Place } from "./runtime/plane_chart.js" */
import { copyOf } from "./runtime/bytes.js";
import { brushOf, makeCanvas, stillLayer } from "./runtime/canvas.js";
import { classMiddles, nearestCode } from "./runtime/codes.js";
import { addAids, makeToggle } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { judgeOnRequest } from "./runtime/judged.js";
import { read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { makeOwnPlace } from "./runtime/own_place.js";
import {
  drawAxes, drawCircles, drawDistances, drawDots, drawNames, drawOwn, drawPoint, placeOf,
} from "./runtime/plane_chart.js";
import { digitsOf, makePad } from "./runtime/plane_pad.js";
import { paintImage } from "./runtime/raster.js";
import { signed, withArticle } from "./runtime/text.js";

export default view(({ model, el }) => {
  const network = makeNetwork(model.get("network"), model.get("weights")), [height, width] = network.outputShape;
  const codes = new Float32Array(copyOf(model.get("codes"))), labels = model.get("labels");
  const [names, xs, ys, range] = read(model, "names", "x_range", "y_range", "value_range");
  const labelOf = labels.byteLength > 0 ? (/** @type {number} */ i) => labels.getUint8(i) : null;
  const picture = Object.assign(makeCanvas(width, height), { className: "decoded" }), brush = brushOf(picture);
  const stills = [false, true].map((far) => stillPlane(model, codes, labelOf, far)), [low, high] = range;
  const share = (/** @type {Float32Array} */ x) => x.map((v) => Math.min(Math.max((v - low) / (high - low), 0), 1));
  const isDigit = width === 28 && network.outputShape[2] !== 3, redraw = () => live.redraw();
  const judge = isDigit ? judgeOnRequest(model, redraw) : null;
  const own = isDigit ? makeOwnPlace(model, (z) => share(network.run(z)), redraw) : null;
  /** @type {Place | null} */
  let place = null;

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const z = read(model, "z0", "z1"), { index, distance } = nearestCode(codes, z);
    place = placeOf(size, xs, ys);
    const x = network.run(z), brightness = paintImage(brush, x, network.outputShape, range);
    const told = judge?.tell(share(x)), mine = own?.z(), digits = digitsOf(model.get("step"));
    stills[Number(map.isOn())](ctx, size, colours);
    if (mine) drawOwn(ctx, place, mine, colours);
    drawPoint(ctx, place, z, codes.subarray(2 * index, 2 * index + 2), colours);
    const values = { brightness, nearest: distance, ...(labelOf && { label: labelOf(index) }) };
    const far = map.isOn() ? " The stronger the shade, the farther from all codes." : "";
    const text = `${sentence(z, digits, values, names)}${far}${told?.text ?? ""}${own?.text(digits) ?? ""}`;
    picture.setAttribute("aria-label", `The decoded image. ${text}`);
    return { text, values: { ...values, ...told?.values } };
  }
  const live = liveFigure({ model, el, traits: ["z0", "z1"], aspect: 1, draw, reset() { own?.clear(); map.set(false); } });
  const map = makeToggle("Map of distance", redraw);
  picture.setAttribute("role", "img");
  const { figure, canvas, readout, stop } = live;
  figure.classList.add("explorer-plane");
  addAids(readout, map.button, ...(judge && own ? [judge.place, own.place] : []));
  canvas.after(picture);
  makePad(canvas, model, model.get("step"), () => place && { place, xs, ys });
  return stop;
});

/**
 * Axes, dots, circles and names, which do not move.
 * @param {Model} model @param {Float32Array} codes @param {((i: number) => number) | null} labelOf
 * @param {boolean} far whether with the map of distance
 */
function stillPlane(model, codes, labelOf, far) {
  const [names, xs, ys, circles] = read(model, "names", "x_range", "y_range", "circles");
  const middles = labelOf ? classMiddles(codes, labelOf, names.length) : [];
  return stillLayer((ctx, size, colours) => {
    const place = placeOf(size, xs, ys);
    if (far) drawDistances(ctx, place, xs, ys, codes, colours);
    drawAxes(ctx, place, xs, ys, colours);
    drawDots(ctx, place, codes, labelOf, colours);
    drawCircles(ctx, place, circles, colours);
    drawNames(ctx, place, middles, names, colours);
  });
}

/**
 * The read-out in words.
 * @param {number[]} z @param {number} digits @param {{nearest: number, label?: number}} values
 * @param {string[]} names
 */
function sentence(z, digits, { nearest, label }, names) {
  const shown = z.map((number) => signed(number, digits)).join(", ");
  const whose = label === undefined ? "" : `, of ${withArticle(names[label])},`;
  return `z = (${shown}). The nearest code${whose} is ${nearest.toFixed(digits + 1)} away.`;
}
