/** A plane with equal scales on the upper part of a canvas. */
/** @import { Scale } from "./axes.js" */
/** @import { Size } from "./canvas.js" */
/** @import { Colours } from "./colours.js" */
/** @import { Room } from "./history.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./axes.js";
import { signed } from "./text.js";

/**
 * @typedef {{left: number, right: number, top: number, bottom: number, toX: Scale, toY: Scale, fromX: Scale,
 *   fromY: Scale, below: Room}} Place where the plane stands, the way there and back, the room for curves below it
 */

/**
 * As wide as the canvas, or narrower where it would be too high.
 * @param {Size} size @param {number[]} reach from the middle to the right and to the top @param {number} below room to
 *   keep under it @returns {Place}
 */
export function placeOf({ width, height }, [wide, high], below) {
  const top = 8, left = 48, room = Math.min(width - 12 - left, (height - below - top) * wide / high);
  const right = left + room, bottom = top + room * high / wide;
  return { left, right, top, bottom, below: { left, right: width - 12, top: bottom + 50, bottom: height - 22 },
    toX: linearScale(-wide, wide, left, right), toY: linearScale(-high, high, bottom, top),
    fromX: linearScale(left, right, -wide, wide), fromY: linearScale(bottom, top, -high, high) };
}

/**
 * Its axes and their names.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {number[]} reach @param {Colours} colours
 * @param {[across?: string, up?: string]} names
 */
export function drawPlane(ctx, { left, right, top, bottom, toX, toY }, [wide, high], { ink }, names = []) {
  xAxis(ctx, toX, niceTicks(-wide, wide, 5), bottom, [left, right], ink, (tick) => signed(tick));
  yAxis(ctx, toY, niceTicks(-high, high, 5), left, [top, bottom], ink, (tick) => signed(tick));
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  if (names[0]) ctx.fillText(names[0], right, bottom - 18);
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  if (names[1]) ctx.fillText(names[1], left + 6, top);
}

/** Draw inside the plane only. @param {CanvasRenderingContext2D} ctx @param {Room} place @param {() => void} draw */
export function inside(ctx, { left, right, top, bottom }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, bottom - top);
  ctx.clip();
  draw();
  ctx.restore();
}

/**
 * A place of the plane that is pressed, and those over which the pressed pointer goes.
 * @param {HTMLCanvasElement} canvas @param {() => Place | null} placeNow @param {number[]} reach
 * @param {(x: number, y: number, first: boolean) => void} call
 */
export function onDrag(canvas, placeNow, [wide, high], call) {
  /** @param {PointerEvent} event @param {boolean} first */
  const tell = ({ offsetX, offsetY }, first) => {
    const place = placeNow();
    if (place) call(clip(place.fromX(offsetX), wide), clip(place.fromY(offsetY), high), first);
  };
  canvas.addEventListener("pointerdown", (event) => {
    const place = placeNow(), { offsetX, offsetY, pointerId } = event;
    if (!place || offsetX < place.left || offsetX > place.right || offsetY < place.top || offsetY > place.bottom) return;
    canvas.setPointerCapture(pointerId);
    tell(event, true);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) tell(event, false);
  });
}

/** @param {number} value @param {number} most */
export const clip = (value, most) => Math.min(Math.max(value, -most), most);
