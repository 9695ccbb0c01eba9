/** A network's numbers as a picture. */

/**
 * Put the values of an image on a canvas of its size, grey or in colour.
 * @param {CanvasRenderingContext2D} ctx
 * @param {ArrayLike<number>} x row by row, 1 or 3 channels
 * @param {number[]} shape height, width, channels
 * @param {number[]} range the values of black and of white; beyond them nothing changes
 * @returns {number} the mean brightness, in [0, 1]
 */
export function paintImage(ctx, x, [height, width, channels = 1], [low, high]) {
  const image = ctx.createImageData(width, height), { data } = image, step = channels === 3 ? 1 : 0;
  let sum = 0;
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      const value = Math.min(Math.max((x[i * channels + step * c] - low) / (high - low), 0), 1);
      data[4 * i + c] = Math.round(255 * value);
      sum += value / 3;
    }
    data[4 * i + 3] = 255;
  }
  ctx.putImageData(image, 0, 0);
  return sum / (width * height);
}
