/** A plane with equal scales on the upper part of a canvas. */
/** @import { Scale } from "./axes.js" */
/** @import { Size } from "./canvas.js" */
/** @import { Colours } from "./colours.js" */
/** @import { At, Move } from "./grab.js" */
/** @import { Room } from "./history.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./axes.js";

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
  xAxis(ctx, toX, niceTicks(-wide, wide, 5), bottom, [left, right], ink);
  yAxis(ctx, toY, niceTicks(-high, high, 5), left, [top, bottom], ink);
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
 * What a press on the plane moves.
 * @param {() => Place | null} placeNow @param {number[]} reach of what is moved @param {(x: number, y: number) => void} call
 * @returns {(at: At) => Move | null}
 */
export function pressedOn(placeNow, [wide, high], call) {
  return (at) => {
    const place = placeNow();
    if (!place || at.x < place.left || at.x > place.right || at.y < place.top || at.y > place.bottom) return null;
    return ({ x, y }) => call(clip(place.fromX(x), wide), clip(place.fromY(y), high));
  };
}

/** @param {number} value @param {number} most */
export const clip = (value, most) => Math.min(Math.max(value, -most), most);
