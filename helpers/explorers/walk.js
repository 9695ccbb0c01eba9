import { linearScale, liveFigure, segment } from "./common.js";
import { makeNetwork } from "./network.js";

/** Values of alpha in the strip below the picture. */
const STRIP = [-1, -0.5, 0, 0.5, 1, 1.5, 2];
const SIDE = 28;

/** @param {ArrayLike<number>} numbers @returns {number[]} their exponentials, as shares of the sum */
export function shares(numbers) {
  const list = Array.from(numbers), top = Math.max(...list), raised = list.map((v) => Math.exp(v - top));
  const sum = raised.reduce((a, b) => a + b);
  return raised.map((v) => v / sum);
}

/** @returns {Float32Array} z + alpha * (to - from) */
export function moved(z, from, to, alpha) {
  return Float32Array.from(z, (value, k) => value + alpha * (to[k] - from[k]));
}

/** What decodes and reads; `at` gives all that the figure shows of a latent point. */
export function makeWalk({ decoder, decoderWeights, reader, readerWeights }) {
  const draws = makeNetwork(decoder, decoderWeights), reads = makeNetwork(reader, readerWeights);
  const decode = (z) => draws.run(z).slice();
  function at(z) {
    const image = decode(z), told = shares(reads.run(image));
    const brightness = image.reduce((a, b) => a + b) / image.length;
    return { image, told, brightness, length: Math.hypot(...z) };
  }
  return { at, decode };
}

function render({ model, el }) {
  const walk = makeWalk({ decoder: model.get("decoder"), decoderWeights: model.get("decoder_weights"),
    reader: model.get("reader"), readerWeights: model.get("reader_weights") });
  const starts = model.get("starts"), centroids = model.get("centroids");
  const big = stamp(), small = STRIP.map(stamp);
  let known = "";                                          // the walk that the strip shows

  function draw(ctx, size, colours) {
    const [digit, source, target, alpha] = ["digit", "source", "target", "alpha"].map((name) => model.get(name));
    const place = (a) => moved(starts[digit], centroids[source], centroids[target], a);
    if (known !== `${digit} ${source} ${target}`) {
      STRIP.forEach((a, i) => small[i].paint(walk.decode(place(a))));
      known = `${digit} ${source} ${target}`;
    }
    const shown = walk.at(place(alpha));
    big.paint(shown.image);
    ctx.imageSmoothingEnabled = false;
    drawFigure(ctx, size, { big, small, alpha, digit, source, target, ...shown }, colours);
    return describe({ digit, source, target, alpha, ...shown });
  }
  return liveFigure({ model, el, traits: ["digit", "source", "target", "alpha"], aspect: 1.5, draw }).stop;
}

/** A small canvas that holds one grey picture. */
function stamp() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const ctx = canvas.getContext("2d"), data = ctx.createImageData(SIDE, SIDE);
  function paint(image) {
    for (let i = 0; i < image.length; i++) {
      data.data.fill(Math.round(255 * Math.min(Math.max(image[i], 0), 1)), 4 * i, 4 * i + 3);
      data.data[4 * i + 3] = 255;
    }
    ctx.putImageData(data, 0, 0);
  }
  return { canvas, paint };
}

/** The picture at the left, the bars at the right, the strip below. */
function drawFigure(ctx, { width, height }, state, colours) {
  const cell = width / STRIP.length, frame = Math.min(cell - 6, 72), strip = height - frame - 2;
  const top = 24, side = Math.min(strip - 26 - top, 0.42 * width);
  ctx.fillStyle = colours.ink;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(`${state.digit}, along ${state.source} → ${state.target}`, 2, 10);
  ctx.drawImage(state.big.canvas, 0, top, side, side);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 1;
  ctx.strokeRect(0.5, top + 0.5, side - 1, side - 1);
  drawBars(ctx, { left: side + 16, right: width - 4, top, bottom: top + side }, state, colours);
  STRIP.forEach((a, i) => {
    const x = i * cell + (cell - frame) / 2, here = Math.abs(a - state.alpha) < 0.25;
    ctx.drawImage(state.small[i].canvas, x, strip, frame, frame);
    ctx.strokeStyle = here ? colours.orange : colours.ink;
    ctx.lineWidth = here ? 4 : 1;
    ctx.strokeRect(x, strip, frame, frame);
    ctx.fillStyle = here ? colours.orange : colours.ink;
    ctx.textAlign = "center";
    ctx.fillText(signed(a), x + frame / 2, strip - 11);
  });
}

/** The classifier's ten probabilities; the digit's own label blue, the target's orange. */
function drawBars(ctx, { left, right, top, bottom }, { told, digit, target }, colours) {
  const pitch = (bottom - top) / told.length, from = left + 14, toX = linearScale(0, 1, from, right - 40);
  ctx.textAlign = "left";
  ctx.fillStyle = colours.ink;
  ctx.fillText("logistic regression", left, 10);
  segment(ctx, from, top, from, bottom, colours.ink);
  told.forEach((p, k) => {
    const y = top + pitch * (k + 0.5);
    ctx.fillStyle = colours.ink;
    ctx.fillText(String(k), left, y);
    ctx.fillStyle = k === digit ? colours.blue : k === target ? colours.orange : colours.green;
    ctx.fillRect(from, y - 0.36 * pitch, toX(p) - from, 0.72 * pitch);
    if (p >= 0.005) {
      ctx.fillStyle = colours.ink;
      ctx.fillText(`${Math.round(100 * p)}%`, toX(p) + 5, y);
    }
  });
}

/** A number with a proper minus. */
function signed(number, digits) {
  return (digits === undefined ? String(number) : number.toFixed(digits)).replace("-", "−");
}

/** The caption and the numbers of the figure. */
function describe({ digit, source, target, alpha, told, brightness, length }) {
  const best = told.indexOf(Math.max(...told));
  const values = { ...Object.fromEntries(told.map((p, k) => [`p${k}`, p])), brightness, length };
  const where = source === target ? `From ${source} to ${target} is no step: choose two classes. `
    : `${digit === 8 ? "An" : "A"} ${digit}, moved by ${signed(alpha, 2)} of the step from ${source} to ${target}. `;
  return { text: `${where}Logistic regression reads ${best} (${Math.round(100 * told[best])}%). Length of z: `
    + `${length.toFixed(1)}.`, values };
}

export default { render };
