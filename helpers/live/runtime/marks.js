/** Lines, discs and words on a canvas. */

/**
 * A straight line.
 * @param {CanvasRenderingContext2D} ctx @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1
 * @param {string} colour @param {number} width
 */
export function segment(ctx, x0, y0, x1, y1, colour, width = 1) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/**
 * A line through points.
 * @param {CanvasRenderingContext2D} ctx @param {number[][]} points pairs @param {string} colour @param {number} width
 */
export function polyline(ctx, points, colour, width = 2) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  ctx.stroke();
}

/**
 * A filled disc.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius
 * @param {string} colour
 */
export function disc(ctx, x, y, radius, colour) {
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fill();
}

/**
 * A circle's line.
 * @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius
 * @param {string} colour @param {number} width
 */
export function ring(ctx, x, y, radius, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.stroke();
}

/**
 * Words with rims around them, so that no line runs through a letter.
 * @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {string} ink
 * @param {[colour: string, width: number][]} rims the widest first
 */
export function rimmed(ctx, text, x, y, ink, rims) {
  ctx.lineJoin = "round";
  for (const [colour, width] of rims) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = ink;
  ctx.fillText(text, x, y);
}
