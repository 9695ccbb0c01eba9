/** A sheet to draw a digit on: with the mouse, a finger, or the arrow keys and the space bar. */
/** @import { Model } from "./model.js" */
import { brushOf, makeCanvas } from "./canvas.js";
import { onArrows } from "./controls.js";
import { FINE, PEN, SIDE, SPLIT, packInk, stroke, traced, unpackInk } from "./ink.js";
import { change } from "./model.js";
import { paintImage } from "./raster.js";

/** @typedef {{at: number[], down: boolean}} Pen the one that the keys move: where it is, in dots; whether it draws */

/**
 * The model's `choice` is 0 for the drawing in `ink`, k + 1 for the k-th of the images.
 * @param {Model} model @param {Float32Array[]} images @param {() => void} redraw
 */
export function makeSheet(model, images, redraw) {
  const canvas = padCanvas(), paper = inkPainter(model, images, brushOf(canvas));
  /** @type {Pen} */
  const pen = { at: [FINE / 2, FINE / 2], down: false };
  let keys = false;                                        // whether the pen was last moved by keys
  const shown = () => keys && document.activeElement === canvas;
  /** @type {{ink: string, choice: number}[]} what the sheet showed before each stroke */
  const before = [];
  const remember = () => { before.push({ ink: model.get("ink"), choice: model.get("choice") }); };

  drawByPointer(canvas, model, images, remember, (at) => { keys = false; pen.down = false; pen.at = at; });
  drawByKeys(canvas, model, images, pen, remember, () => { keys = true; redraw(); });
  canvas.addEventListener("focus", redraw);
  canvas.addEventListener("blur", () => { pen.down = false; redraw(); });     // in a menu another digit may be chosen
  const undo = () => {
    pen.down = false;
    change(model, before.pop() ?? {});
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();                               // JupyterLab would undo a change of a cell
    undo();
  });
  return {
    canvas,
    paint() { paper(shown() ? pen : null); },
    clear() {
      pen.down = false;
      remember();
      change(model, { ink: "", choice: 0 });
    },
    undo,
    penText() {
      const [row, column] = pen.at.map((dots) => Math.floor(dots / SPLIT));
      return shown() ? ` Pen ${pen.down ? "down" : "up"} at row ${row}, column ${column}.` : "";
    },
  };
}

/** A canvas that takes focus and says what it is. */
function padCanvas() {
  const canvas = makeCanvas(FINE, FINE);
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", "drawing pad");
  canvas.setAttribute("aria-label",
    "Pad to draw a digit on. Arrow keys move the pen, the space bar sets it down or lifts it.");
  return canvas;
}

/**
 * @param {Model} model @param {Float32Array[]} images @param {CanvasRenderingContext2D} ctx
 * @returns {(pen: Pen | null) => void} paints what is on the sheet, and the pen
 */
function inkPainter(model, images, ctx) {
  const small = document.createElement("canvas"), brush = brushOf(small);
  return (pen) => {
    const choice = model.get("choice"), shown = choice ? images[choice - 1] : unpackInk(model.get("ink"));
    const side = choice ? SIDE : FINE;
    small.width = small.height = side;
    paintImage(brush, shown, [side, side], [0, 1]);
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(small, 0, 0, FINE, FINE);
    if (!pen) return;
    ctx.strokeStyle = ctx.fillStyle = "#f0a04b";           // on black in both themes
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.arc(pen.at[1], pen.at[0], PEN, 0, 2 * Math.PI);
    if (pen.down) ctx.fill(); else ctx.stroke();
  };
}

/**
 * The ink to go on drawing with: a digit from the menu becomes ink first.
 * @param {Model} model @param {Float32Array[]} images
 */
function inkOf(model, images) {
  const choice = model.get("choice");
  return choice ? traced(images[choice - 1]) : unpackInk(model.get("ink"));
}

/** Put a line on the sheet. @param {Model} model @param {Uint8Array} ink @param {number[]} from @param {number[]} to */
function addLine(model, ink, from, to) {
  stroke(ink, from, to);
  model.set("ink", packInk(ink));
  model.set("choice", 0);
}

/**
 * @param {HTMLCanvasElement} canvas @param {Model} model @param {Float32Array[]} images
 * @param {() => void} begin called before each stroke
 * @param {(at: number[]) => void} moved called with the dot where the pointer is
 */
function drawByPointer(canvas, model, images, begin, moved) {
  const dotAt = (/** @type {PointerEvent} */ { offsetX, offsetY }) => (
    [offsetY, offsetX].map((v) => (v / canvas.clientWidth) * FINE));
  /** @type {number[]} */
  let last = [];
  /** @type {Uint8Array} */
  let ink;
  const lineTo = (/** @type {number[]} */ to, from = to) => {
    addLine(model, ink, from, to);
    last = to;
    moved(to);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    begin();
    ink = inkOf(model, images);
    lineTo(dotAt(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) lineTo(dotAt(event), last);
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => model.save_changes());
}

/**
 * @param {HTMLCanvasElement} canvas @param {Model} model @param {Float32Array[]} images @param {Pen} pen
 * @param {() => void} begin called before each stroke @param {() => void} moved
 */
function drawByKeys(canvas, model, images, pen, begin, moved) {
  onArrows(canvas, (step) => {
    const to = step ? pen.at.map((p, k) => Math.min(Math.max(p + SPLIT * step[k], 0), FINE)) : pen.at;
    if (!step) pen.down = !pen.down;
    if (!step && pen.down) begin();
    if (pen.down) {
      addLine(model, inkOf(model, images), pen.at, to);
      model.save_changes();
    }
    pen.at = to;
    moved();
  }, " ");
}
