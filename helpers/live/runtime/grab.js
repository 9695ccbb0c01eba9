/** What is drawn can be moved where it is drawn: by mouse, pen or finger. The sliders are the way for keyboards. */

/** @typedef {{x: number, y: number}} At a place on the canvas, in the page's pixels @typedef {(at: At) => void} Move */

export const NEAR = 14;                         // pixels: so near to a mark a press takes hold of it

/**
 * A press on a mark holds it until it is let go. A finger beside all marks scrolls the page.
 * @param {HTMLCanvasElement} canvas @param {(at: At) => Move | null} hold what moves the mark at a place, if there is one
 * @param {Move} [press] for a press beside all marks: a mouse then holds on, a finger taps
 */
export function onGrab(canvas, hold, press) {
  /** @type {Move | null} */
  let held = null;
  const placeOf = (/** @type {PointerEvent | MouseEvent} */ { offsetX, offsetY }) => ({ x: offsetX, y: offsetY });
  canvas.addEventListener("touchstart", (event) => {
    const { left, top } = canvas.getBoundingClientRect(), { clientX, clientY } = event.touches[0];
    if (hold({ x: clientX - left, y: clientY - top })) event.preventDefault();       // or the page would scroll
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    const mark = hold(placeOf(event)), finger = event.pointerType === "touch";
    if (event.button || (!mark && (finger || !press))) return;
    held = mark ?? press ?? null;
    canvas.setPointerCapture(event.pointerId);
    held?.(placeOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (held) held(placeOf(event));
    else canvas.style.cursor = hold(placeOf(event)) ? "grab" : press ? "crosshair" : "";
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, () => { held = null; });
  }
  canvas.addEventListener("click", (event) => {
    const finger = /** @type {PointerEvent} */ (event).pointerType === "touch";
    if (finger && press && !hold(placeOf(event))) press(placeOf(event));
  });
}

/** Whether two places are so near that a press on one means the other. @param {At} at @param {number} x @param {number} y */
export const isNear = (at, x, y) => Math.hypot(at.x - x, at.y - y) <= NEAR;
