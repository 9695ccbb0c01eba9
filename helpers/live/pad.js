import { liveFigure } from "./common.js";
import { makeNetwork } from "./runtime/network.js";
import { paintImage } from "./raster.js";

const SIDE = 28, BOX = 20;                      // pixels of MNIST's field, and of the box that a digit fills
const SPLIT = 3, FINE = SPLIT * SIDE;           // the pad is finer: so many of its dots to a pixel, so many in all
const MIDDLE = 14.5;                             // of MNIST's field: its centres of mass lie from 14 to 15
const SMALLEST = 30;                            // dots: what is smaller is not enlarged further
const PEN = 3.5, GAP = 4;                       // the pen's radius in dots; pixels between the pictures
const PAD_ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** @param {Uint8Array} ink 0 or 1 for each dot @returns {string} its bits, the first one highest, as base64 */
export function packInk(ink) {
  const bytes = new Uint8Array(Math.ceil(ink.length / 8));
  ink.forEach((dot, k) => { bytes[k >> 3] |= dot << (7 - (k & 7)); });
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} text from `packInk`, or empty for an empty pad @returns {Uint8Array} */
export function unpackInk(text) {
  const bits = atob(text);
  return Uint8Array.from({ length: FINE * FINE }, (_, k) => (bits.charCodeAt(k >> 3) >> (7 - (k & 7))) & 1);
}

/** y = A x Bᵀ for flat arrays: A is (a, n), x is (n, m), B is (b, m). */
function bothSides(A, x, B, n, m) {
  const a = A.length / n, b = B.length / m, half = new Float64Array(a * m), y = new Float32Array(a * b);
  for (let i = 0; i < a; i++) for (let r = 0; r < n; r++) {
    const w = A[i * n + r];
    if (w) for (let c = 0; c < m; c++) half[i * m + c] += w * x[r * m + c];
  }
  for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) {
    let sum = 0;
    for (let c = 0; c < m; c++) sum += B[j * m + c] * half[i * m + c];
    y[i * b + j] = sum;
  }
  return y;
}

/** For each of 28 pixels, `scale` dots wide, with MIDDLE at the dot `middle`: the share that each dot has of it. */
function overlaps(middle, scale) {
  const shares = new Float64Array(SIDE * FINE);
  for (let i = 0; i < SIDE; i++) {
    const from = middle + (i - MIDDLE) * scale, to = from + scale;
    for (let r = 0; r < FINE; r++) shares[i * FINE + r] = Math.max(0, Math.min(r + 1, to) - Math.max(r, from)) / scale;
  }
  return shares;
}

/** First and last dot, and the mean place, of a row or column of sums. */
function extent(sums) {
  const first = sums.findIndex((s) => s > 0), last = sums.findLastIndex((s) => s > 0);
  const total = sums.reduce((a, b) => a + b), weighed = sums.reduce((a, s, k) => a + (k + 0.5) * s, 0);
  return { size: last + 1 - first, middle: weighed / total };
}

/**
 * Ink as MNIST would have it: scaled to fit a box of 20 by 20 pixels, its centre of mass in the middle.
 * @param {Uint8Array} ink 84 by 84 dots @returns {{image: Float32Array, factor: number}} grey pixels in [0, 1], and
 *   how many times larger the digit is than on the pad; 0 for an empty pad
 */
export function centred(ink) {
  const rows = new Float64Array(FINE), columns = new Float64Array(FINE);
  ink.forEach((dot, k) => { rows[Math.floor(k / FINE)] += dot; columns[k % FINE] += dot; });
  if (!ink.includes(1)) return { image: new Float32Array(SIDE * SIDE), factor: 0 };
  const [down, right] = [extent(rows), extent(columns)];
  const scale = Math.max(down.size, right.size, SMALLEST) / BOX;
  const image = bothSides(overlaps(down.middle, scale), ink, overlaps(right.middle, scale), FINE, FINE);
  return { image, factor: SPLIT / scale };
}

/** A picture of 28 by 28 as ink on the pad: where it is more than half grey, between the pixels' centres too. */
export function traced(image) {
  const between = new Float64Array(FINE * SIDE);
  for (let k = 0; k < FINE; k++) {
    const at = Math.min(Math.max((k + 0.5) / SPLIT - 0.5, 0), SIDE - 1), first = Math.min(Math.floor(at), SIDE - 2);
    between[k * SIDE + first] = first + 1 - at;
    between[k * SIDE + first + 1] = at - first;
  }
  return Uint8Array.from(bothSides(between, image, between, SIDE, SIDE), (grey) => Number(grey > 0.5));
}

/** Draw from one dot to another with the round pen, in place. */
export function stroke(ink, [r0, c0], [r1, c1]) {
  const steps = Math.max(1, Math.ceil(Math.hypot(r1 - r0, c1 - c0)));
  for (let s = 0; s <= steps; s++) {
    const row = r0 + (s / steps) * (r1 - r0), column = c0 + (s / steps) * (c1 - c0);
    for (let r = Math.max(0, Math.floor(row - PEN)); r < Math.min(FINE, row + PEN); r++) {
      for (let c = Math.max(0, Math.floor(column - PEN)); c < Math.min(FINE, column + PEN); c++) {
        if ((r + 0.5 - row) ** 2 + (c + 0.5 - column) ** 2 <= PEN ** 2) ink[r * FINE + c] = 1;
      }
    }
  }
}

/** What encodes and decodes: one entry for each model. A picture's code is kept for as long as the picture is there. */
export function makeReaders({ encoders, encoderWeights, decoders, decoderWeights }) {
  return encoders.map((layers, k) => {
    const reads = makeNetwork(layers, encoderWeights[k]), draws = makeNetwork(decoders[k], decoderWeights[k]);
    const [[size]] = Object.values(decoders[k].inputs);     // a VAE's encoder gives log_var too, after mu
    const codes = new WeakMap();
    const encode = (x) => codes.get(x) ?? codes.set(x, reads.run(x).slice(0, size)).get(x);
    return { encode, decode: (z) => draws.run(z).slice() };
  });
}

/**
 * All that the figure shows of a picture x.
 * @param {Float32Array} x @param {Float32Array} goal a picture to walk to @param {number} share how far
 */
export function readPicture(readers, x, goal, share) {
  const values = { yours: meanOf(x) }, pictures = [x];
  readers.forEach(({ encode, decode }, k) => {
    const end = share ? encode(goal) : null;
    const z = encode(x).map((v, i) => (end ? v + share * (end[i] - v) : v)), picture = decode(z);
    pictures.push(picture);
    values[`brightness_${k}`] = meanOf(picture);
    values[`off_${k}`] = Math.sqrt(meanOf(picture.map((v, i) => (v - x[i]) ** 2)));
    values[`length_${k}`] = Math.hypot(...z);
  });
  return { pictures, values };
}

/** @param {Float32Array} numbers */
function meanOf(numbers) {
  return numbers.reduce((a, b) => a + b, 0) / numbers.length;
}

/** Pictures of 28 by 28 in one row, with gaps. */
export function sideBySide(pictures) {
  const wide = pictures.length * (SIDE + GAP) - GAP, row = new Float32Array(SIDE * wide);
  pictures.forEach((picture, k) => {
    for (let i = 0; i < SIDE; i++) row.set(picture.subarray(i * SIDE, (i + 1) * SIDE), i * wide + k * (SIDE + GAP));
  });
  return { row, wide };
}

/** The read-out in words. @param {{choice: number, factor: number, towards: number, share: number}} state */
export function padSentence({ choice, factor, towards, share }, values, names) {
  if (!choice && !factor) return "The pad is empty. Draw a digit on it, or choose one from the menu.";
  const whose = choice ? `A ${choice - 1} of the test set. ` : `Your drawing, made ${factor.toFixed(1)} times as large and centred, as in MNIST. `;
  const each = (text) => names.map((name, k) => text(name, k)).join(", ");
  if (share) {
    return `${whose}Its code has gone ${Math.round(100 * share)}% of the way to that of a ${towards}. Length of z: `
      + `${each((name, k) => `${values[`length_${k}`].toFixed(1)} (${name})`)}.`;
  }
  return `${whose}Off by ${each((name, k) => `${values[`off_${k}`].toFixed(2)} (${name})`)}: the root mean square over the pixels.`;
}

function render({ model, el }) {
  const names = model.get("names"), bytes = model.get("images");
  const images = Array.from({ length: bytes.byteLength / SIDE ** 2 }, (_, k) => Float32Array.from(
    { length: SIDE ** 2 }, (_, i) => bytes.getUint8(k * SIDE ** 2 + i) / 255));
  const readers = makeReaders({ encoders: model.get("encoders"), encoderWeights: model.get("encoder_weights"),
    decoders: model.get("decoders"), decoderWeights: model.get("decoder_weights") });
  const n = names.length + 1, wide = n * (SIDE + GAP) - GAP;
  let pad;

  function draw(ctx) {
    const [choice, towards, share] = ["choice", "towards", "share"].map((name) => model.get(name));
    const drawn = choice ? { image: images[choice - 1], factor: 1 } : centred(unpackInk(model.get("ink")));
    const { pictures, values } = readPicture(readers, drawn.image, images[towards], share);
    paintImage(ctx, sideBySide(pictures).row, [SIDE, wide], [0, 1]);
    pad?.paint();
    const text = padSentence({ choice, towards, share, factor: drawn.factor }, values, names);
    return { text: `${text}${pad?.penText() ?? ""}`, values };
  }
  const live = liveFigure({ model, el, traits: ["choice", "towards", "share", "ink"], pixels: [wide, SIDE], draw });
  pad = makeSheet({ model, images, redraw: live.redraw });
  layOut(live, pad, ["yours", ...names]);
  return live.stop;
}

/** The pad to the left of the three pictures or, where that is too narrow, above them. */
function layOut({ figure, canvas }, pad, names) {
  const results = document.createElement("div"), row = document.createElement("div"), sheet = document.createElement("div");
  [results.className, row.className, sheet.className] = ["pad-results", "pad-names", "pad-sheet"];
  row.append(...names.map((name) => Object.assign(document.createElement("span"), { textContent: name })));
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Clear";
  button.addEventListener("click", pad.clear);
  results.append(canvas, row, figure.querySelector("figcaption"));
  sheet.append(pad.canvas, button);
  figure.classList.add("explorer-pad");
  figure.append(results, sheet);                           // the pictures come first, and stand behind by CSS
}

/** The sheet to draw on: mouse, finger, or arrow keys and the space bar. */
function makeSheet({ model, images, redraw }) {
  const [canvas, small] = [0, 1].map(() => document.createElement("canvas")), ctx = canvas.getContext("2d");
  [canvas.width, canvas.height, canvas.tabIndex] = [FINE, FINE, 0];
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "drawing pad");
  canvas.setAttribute("aria-label", "Pad to draw a digit on. Arrow keys move the pen, the space bar sets it down or lifts it.");
  let ink = null, pen = [FINE / 2, FINE / 2], down = false, touched = false;

  /** The ink to go on drawing with: a digit from the menu becomes ink first. */
  function begin() {
    const choice = model.get("choice");
    ink = choice ? traced(images[choice - 1]) : unpackInk(model.get("ink"));
  }
  function line(to) {
    stroke(ink, pen, to);
    pen = to;
    model.set("ink", packInk(ink));
    model.set("choice", 0);
  }
  function paint() {
    const choice = model.get("choice"), shown = choice ? images[choice - 1] : unpackInk(model.get("ink"));
    const side = choice ? SIDE : FINE;
    small.width = small.height = side;
    paintImage(small.getContext("2d"), shown, [side, side], [0, 1]);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(small, 0, 0, FINE, FINE);
    if (!touched || document.activeElement !== canvas) return;
    ctx.strokeStyle = ctx.fillStyle = "#f0a04b";           // on black in both themes
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(pen[1], pen[0], PEN, 0, 2 * Math.PI);
    if (down) ctx.fill(); else ctx.stroke();
  }
  const clear = () => {
    down = false;
    model.set("ink", "");
    model.set("choice", 0);
    model.save_changes();
  };
  const penText = () => (touched && document.activeElement === canvas
    ? ` Pen ${down ? "down" : "up"} at row ${Math.floor(pen[0] / SPLIT)}, column ${Math.floor(pen[1] / SPLIT)}.` : "");

  const place = ({ offsetX, offsetY }) => [offsetY, offsetX].map((v) => (v / canvas.clientWidth) * FINE);
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    [touched, down, pen] = [false, false, place(event)];
    begin();
    line(pen);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) line(place(event));
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => model.save_changes());
  canvas.addEventListener("keydown", (event) => {
    const step = PAD_ARROWS[event.key];
    if ((!step && event.key !== " ") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();                              // JupyterLab would move to the next cell
    touched = true;
    const to = step ? pen.map((p, k) => Math.min(Math.max(p + SPLIT * step[k], 0), FINE)) : pen;
    if (!step) down = !down;
    if (down) {
      begin();
      line(to);
      model.save_changes();
    }
    pen = to;
    redraw();
  });
  for (const change of ["focus", "blur"]) canvas.addEventListener(change, redraw);
  return { canvas, paint, clear, penText };
}

export default { render };
