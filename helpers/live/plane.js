import { disc, linearScale, liveFigure, niceTicks, segment, stillLayer, xAxis, yAxis } from "./common.js";
import { makeNetwork } from "./runtime/network.js";
import { paintImage } from "./raster.js";

/** Matplotlib's ten class colours, as in plane.py; a class that has none of its own takes them from the start. */
const CLASS_COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf"];
const FINGER = 24;                              // pixels: so near to the rim of the pad a press still counts

/**
 * The code nearest to z.
 * @param {Float32Array} codes pairs @param {[number, number]} z
 * @returns {{index: number, distance: number}}
 */
export function nearestCode(codes, [a, b]) {
  let index = 0, best = Infinity;
  for (let i = 0; i < codes.length; i += 2) {
    const square = (codes[i] - a) ** 2 + (codes[i + 1] - b) ** 2;
    if (square < best) [best, index] = [square, i / 2];
  }
  return { index, distance: Math.sqrt(best) };
}

/** A number on the slider's steps, between `low` and `high`. */
export function snap(value, step, low, high) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Number((Math.round(Math.min(Math.max(value, low), high) / step) * step).toFixed(digits));
}

function render({ model, el }) {
  const network = makeNetwork(model.get("network"), model.get("weights")), bytes = model.get("codes");
  const codes = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const labels = model.get("labels"), names = model.get("names"), labelled = labels.byteLength > 0;
  const labelOf = (i) => labels.getUint8(i), [xs, ys] = [model.get("x_range"), model.get("y_range")];
  const picture = decodedCanvas(network.outputShape), circles = model.get("circles");
  const middles = labelled ? classMiddles(codes, labelOf, names.length) : [];
  let place;
  const drawStill = stillLayer((ctx, _, colours) => {
    drawAxes(ctx, place, xs, ys, colours);
    drawDots(ctx, place, codes, labelled && labelOf, colours);
    drawCircles(ctx, place, circles, colours);
    drawNames(ctx, place, middles, names, colours);
  });

  function draw(ctx, size, colours) {
    const z = [model.get("z0"), model.get("z1")], { index, distance } = nearestCode(codes, z);
    place = pad(size.width, size.height, xs, ys);
    const brightness = paintImage(picture.getContext("2d"), network.run(z), network.outputShape, model.get("value_range"));
    drawStill(ctx, size, colours);
    drawPoint(ctx, place, z, codes.subarray(2 * index, 2 * index + 2), colours);
    const values = { brightness, nearest: distance, ...(labelled && { label: labelOf(index) }) };
    const text = sentence(z, model.get("step"), values, names);
    picture.setAttribute("aria-label", `The decoded image. ${text}`);
    return { text, values };
  }
  const live = liveFigure({ model, el, traits: ["z0", "z1"], aspect: 1, draw });
  live.figure.classList.add("explorer-plane");
  live.canvas.after(picture);
  makePad(live.canvas, model, () => place, { xs, ys });
  return live.stop;
}

/** The read-out in words. */
function sentence(z, step, { brightness, nearest, label }, names) {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const shown = z.map((number) => (Number(number.toFixed(digits)) || 0).toFixed(digits).replace("-", "−")).join(", ");
  const whose = label === undefined ? "" : `, of a ${names[label]},`;
  return `z = (${shown}). The nearest code${whose} is ${nearest.toFixed(digits + 1)} away. Mean brightness ${(100 * brightness).toFixed(0)}%.`;
}

/** The canvas that the decoded image is painted on, pixel for pixel. */
function decodedCanvas([height, width]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height, canvas.className] = [width, height, "decoded"];
  canvas.setAttribute("role", "img");
  return canvas;
}

/** Where the plane stands on the canvas, and its scales. */
function pad(width, height, xs, ys) {
  const left = 40, right = width - 8, top = 8, bottom = height - 40;
  return { left, right, top, bottom, toX: linearScale(...xs, left, right), toY: linearScale(...ys, bottom, top) };
}

/** Axes and their names. */
function drawAxes(ctx, { left, right, top, bottom, toX, toY }, xs, ys, colours) {
  xAxis(ctx, toX, niceTicks(...xs, 5), bottom, [left, right], colours.ink);
  yAxis(ctx, toY, niceTicks(...ys, 5), left, [top, bottom], colours.ink);
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  ctx.fillText("z₀", (left + right) / 2, bottom + 38);
  ctx.save();
  ctx.translate(11, (top + bottom) / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.textBaseline = "middle";
  ctx.fillText("z₁", 0, 0);
  ctx.restore();
}

/** Dashed circles around 0: standard deviations of a prior. */
function drawCircles(ctx, { left, right, top, bottom, toX, toY }, circles, colours) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1;
  ctx.setLineDash([5, 5]);
  for (const radius of circles) {
    ctx.beginPath();
    ctx.ellipse(toX(0), toY(0), toX(radius) - toX(0), toY(0) - toY(radius), 0, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}

/** The codes of the data as dots, in the colours of their classes. */
function drawDots(ctx, { left, right, top, bottom, toX, toY }, codes, labelOf, { blue }) {
  const radius = codes.length > 2000 ? 1.6 : 2.2;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  for (let i = 0; i < codes.length; i += 2) {
    const colour = labelOf ? CLASS_COLOURS[labelOf(i / 2) % CLASS_COLOURS.length] : blue;
    disc(ctx, toX(codes[i]), toY(codes[i + 1]), radius, `${colour}b0`);
  }
  ctx.restore();
}

/** For each class the medians of its codes: where its name stands; null for a class without codes. */
export function classMiddles(codes, labelOf, n) {
  const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
  return Array.from({ length: n }, (_, label) => {
    const mine = Array.from({ length: codes.length / 2 }, (_, i) => i).filter((i) => labelOf(i) === label);
    return mine.length ? [0, 1].map((k) => median(mine.map((i) => codes[2 * i + k]))) : null;
  });
}

/** The same places, those nearer than `gap` pushed away from each other; null stays null. */
export function apart(places, gap) {
  const moved = places.map((place) => place && [...place]);
  for (let round = 0; round < 100; round++) {
    moved.forEach((a, i) => moved.slice(i + 1).forEach((b) => {
      if (!a || !b) return;
      const away = [b[0] - a[0], b[1] - a[1]], distance = Math.hypot(...away);
      if (distance >= gap) return;
      const push = (gap - distance) / 2, [x, y] = distance ? away.map((part) => part / distance) : [1, 0];
      [a[0], a[1], b[0], b[1]] = [a[0] - push * x, a[1] - push * y, b[0] + push * x, b[1] + push * y];
    }));
  }
  return moved;
}

/** The classes' names, each with a rim of paper and around it one of its colour, and none upon another. */
function drawNames(ctx, { toX, toY }, middles, names, colours) {
  ctx.save();
  ctx.font = "bold 17px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  apart(middles.map((middle) => middle && [toX(middle[0]), toY(middle[1])]), 22).forEach((place, label) => {
    if (!place) return;
    const rims = [[CLASS_COLOURS[label % CLASS_COLOURS.length], 9], [colours.paper, 5]];
    for (const [colour, wide] of rims) {
      [ctx.strokeStyle, ctx.lineWidth] = [colour, wide];
      ctx.strokeText(names[label], ...place);
    }
    ctx.fillStyle = colours.ink;
    ctx.fillText(names[label], ...place);
  });
  ctx.restore();
}

/** The point that the reader moves, and the line from it to the nearest code. */
function drawPoint(ctx, { toX, toY }, [a, b], code, { ink, paper, orange }) {
  segment(ctx, toX(a), toY(b), toX(code[0]), toY(code[1]), ink, 1.5);
  disc(ctx, toX(a), toY(b), 9, paper);
  disc(ctx, toX(a), toY(b), 7, ink);
  disc(ctx, toX(a), toY(b), 5, orange);
}

/** The canvas as a pad: the point goes where it is pressed, and follows the pointer while that is held. */
function makePad(canvas, model, place, { xs, ys }) {
  const step = model.get("step");
  const move = ({ offsetX, offsetY }) => {
    const { toX, toY } = place();
    const [x0, x1, y0, y1] = [toX(xs[0]), toX(xs[1]), toY(ys[0]), toY(ys[1])];
    model.set("z0", snap(linearScale(x0, x1, ...xs)(offsetX), step, ...xs));
    model.set("z1", snap(linearScale(y0, y1, ...ys)(offsetY), step, ...ys));
    model.save_changes();
  };
  const onPlane = ({ offsetX, offsetY }) => {
    const { left, right, top, bottom } = place();
    return offsetX > left - FINGER && offsetX < right + FINGER && offsetY > top - FINGER && offsetY < bottom + FINGER;
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (!place() || !onPlane(event)) return;
    canvas.setPointerCapture(event.pointerId);
    move(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) move(event);
  });
}

export default { render };
