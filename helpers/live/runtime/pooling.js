/** Layers that make an image coarser or finer without weights. */
import { windowVisits } from "./convolution.js";
import { size } from "./network_weights.js";

/** @import { Make } from "./network_layers.js" */

/** @type {Make} */
export function maxPooling(layer, _, [input], { take }) {
  const y = take(size(layer.output)), C = input[2];
  const visits = windowVisits(input, layer.output, layer.pool_size, layer.strides);
  return (x) => {
    y.fill(-Infinity);
    visits((f, c) => {
      for (let k = 0; k < C; k++) y[c * C + k] = Math.max(y[c * C + k], x[f * C + k]);
    });
    return y;
  };
}

/** Pixels beyond the edge do not count. @type {Make} */
export function averagePooling(layer, _, [input], { take }) {
  const y = take(size(layer.output)), C = input[2], counts = new Float32Array(y.length / C);
  const visits = windowVisits(input, layer.output, layer.pool_size, layer.strides);
  visits((_, c) => { counts[c] += 1; });
  return (x) => {
    y.fill(0);
    visits((f, c) => { for (let k = 0; k < C; k++) y[c * C + k] += x[f * C + k] / counts[c]; });
    return y;
  };
}

/** @type {Make} */
export function globalAverage(layer, _, [[H, W, C]], { take }) {
  const y = take(size(layer.output));
  return (x) => {
    y.fill(0);
    for (let p = 0; p < x.length; p += C) for (let k = 0; k < C; k++) y[k] += x[p + k] / (H * W);
    return y;
  };
}

/**
 * For each of n * factor places: the two source places it lies between, and how far it is from the first.
 * @param {number} n @param {number} factor @param {boolean} bilinear
 */
function between(n, factor, bilinear) {
  return Array.from({ length: n * factor }, (_, place) => {
    if (!bilinear) return [Math.floor(place / factor), Math.floor(place / factor), 0];
    const at = (place + 0.5) / factor - 0.5, first = Math.floor(at);
    return [Math.max(first, 0), Math.min(first + 1, n - 1), at - first];
  });
}

/** @type {Make} */
export function upsampling(layer, _, [[H, W, C]], { take }) {
  const bilinear = layer.interpolation === "bilinear", y = take(size(layer.output));
  const rows = between(H, layer.size[0], bilinear), columns = between(W, layer.size[1], bilinear);
  return (x) => {
    let q = 0;
    for (const [r0, r1, down] of rows) for (const [c0, c1, right] of columns) {
      const a = (r0 * W + c0) * C, b = (r0 * W + c1) * C, c = (r1 * W + c0) * C, d = (r1 * W + c1) * C;
      for (let k = 0; k < C; k++) {
        const above = x[a + k] + right * (x[b + k] - x[a + k]);
        const below = x[c + k] + right * (x[d + k] - x[c + k]);
        y[q++] = above + down * (below - above);
      }
    }
    return y;
  };
}
