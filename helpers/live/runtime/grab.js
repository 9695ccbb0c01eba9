/** What is drawn can be moved where it is drawn: by mouse, pen or finger. The sliders are the way for keyboards. */

/** @typedef {{x: number, y: number}} At a place on the canvas, in the page's pixels @typedef {(at: At) => void} Move */

export const NEAR = 14;                         // pixels: so near to a mark a press takes hold of it

/**
 * A press on a mark holds it until it is let go. Beside all marks a finger that goes up or down scrolls the page.
 * @param {HTMLCanvasElement} canvas @param {(at: At) => Move | null} hold what moves the mark at a place, if there is one
 * @param {(at: At) => Move | null} [press] the same for a press beside all marks: a mouse holds on, a finger taps or
 *   goes across
 */
export function onGrab(canvas, hold, press = () => null) {
  /** @type {Move | null} */
  let held = null;
  /** @type {At | null} */
  let waiting = null;                           // where a finger is down that may still scroll the page
  const placeOf = (/** @type {PointerEvent | MouseEvent} */ { offsetX, offsetY }) => ({ x: offsetX, y: offsetY });
  canvas.addEventListener("touchstart", (event) => {
    const { left, top } = canvas.getBoundingClientRect(), { clientX, clientY } = event.touches[0];
    if (hold({ x: clientX - left, y: clientY - top })) event.preventDefault();       // or the page would scroll
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    const at = placeOf(event), mark = hold(at);
    if (event.button) return;
    if (!mark && event.pointerType === "touch") waiting = at;
    else held = mark ?? press(at);
    if (held) canvas.setPointerCapture(event.pointerId);
    held?.(at);
  });
  canvas.addEventListener("pointermove", (event) => {
    const at = placeOf(event);
    if (waiting) {
      if (Math.abs(at.x - waiting.x) > Math.abs(at.y - waiting.y)) held = press(waiting);
      held?.(waiting);
      waiting = null;
    }
    if (held) held(at);
    else canvas.style.cursor = hold(at) ? "grab" : press(at) ? "crosshair" : "";
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(end, () => { held = waiting = null; });
  }
  canvas.addEventListener("click", (event) => {
    const finger = /** @type {PointerEvent} */ (event).pointerType === "touch", at = placeOf(event);
    if (finger && !hold(at)) press(at)?.(at);
  });
}

/** Whether two places are so near that a press on one means the other. @param {At} at @param {number} x @param {number} y */
export const isNear = (at, x, y) => Math.hypot(at.x - x, at.y - y) <= NEAR;
