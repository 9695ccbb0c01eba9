/** Layers with a kernel: dense, and both convolutions. */
import { inFours, size } from "./network_weights.js";

/** @import { Layer } from "./network.js" */
/** @import { Make, Weights } from "./network_layers.js" */

/**
 * Copies rows of n numbers into rows of m; what does not fit falls away.
 * @param {Float32Array} from @param {number} n @param {Float32Array} to @param {number} m
 */
function copyRows(from, n, to, m) {
  for (let p = 0, q = 0; p < from.length; p += n, q += m) {
    for (let k = 0; k < Math.min(n, m); k++) to[q + k] = from[p + k];
  }
  return to;
}

/**
 * A kernel [..., from, to] with its last two axes changed over.
 * @param {Float32Array} numbers @param {number} rows @param {number} columns
 */
function turned(numbers, rows, columns) {
  const found = new Float32Array(numbers.length);
  for (let block = 0; block < numbers.length; block += rows * columns) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) found[block + j * rows + i] = numbers[block + i * columns + j];
    }
  }
  return found;
}

/**
 * The kernel and the output buffer, O channels wide, the bias repeated to fill that buffer, and `narrow`, which gives
 * the output without the channels that were added to make O a multiple of four.
 * @param {Layer} layer @param {Weights} weights @param {(n: number) => Float32Array} take
 */
function kernelOf(layer, weights, take) {
  const { numbers, shape } = weights("kernel"), transposed = layer.kind === "conv2d_transpose";
  const [rows, columns] = shape.slice(-2), [I, channels] = transposed ? [columns, rows] : [rows, columns];
  const O = inFours(channels);
  const straight = transposed ? turned(numbers, channels, I) : numbers;
  const W = copyRows(straight, channels, take((numbers.length / channels) * O), O);
  const out = take(size(layer.output)), y = O === channels ? out : take((out.length / channels) * O);
  const start = new Float32Array(y.length), bias = weights("bias")?.numbers;
  if (bias) for (let p = 0; p < y.length; p += O) start.set(bias, p);
  return { W, y, start, I, O, narrow: () => (y === out ? y : copyRows(y, O, out, channels)) };
}

/** @type {Make} */
export function dense(layer, weights, _, { take, addProduct }) {
  const { W, y, start, I, O, narrow } = kernelOf(layer, weights, take);
  return (x) => {
    y.set(start);
    for (let p = 0, q = 0; q < y.length; p += I, q += O) addProduct(x, p, I, W, 0, O, y, q);
    return narrow();
  };
}

/**
 * Both convolutions: a window slides over the finer image, one step for each pixel of the coarser one.
 * Conv2D gathers from the finer image, Conv2DTranspose scatters into it. Where the window reaches over the
 * edge ("same"), TensorFlow puts the smaller half of that above and to the left.
 * @type {Make}
 */
export function convolution(layer, weights, [input], { take, addProduct }) {
  const { W, y, start, I, O, narrow } = kernelOf(layer, weights, take);
  const scatter = layer.kind === "conv2d_transpose";
  const [fine, coarse] = scatter ? [layer.output, input] : [input, layer.output];
  const visits = windowVisits(fine, coarse, layer.kernel_size, layer.strides);
  return (x) => {
    y.set(start);
    visits((f, c, place) => {
      if (scatter) addProduct(x, c * I, I, W, place * I * O, O, y, f * O);
      else addProduct(x, f * I, I, W, place * I * O, O, y, c * O);
    });
    return narrow();
  };
}

/**
 * A function that visits every pixel of every window: its place in the finer image, the coarser image's pixel, and the
 * place in the window.
 * @param {number[]} fine    rows, columns, ...
 * @param {number[]} coarse
 * @param {number[]} window  rows, columns
 * @param {number[]} strides
 * @returns {(visit: (f: number, c: number, place: number) => void) => void}
 */
export function windowVisits([FH, FW], [CH, CW], [KH, KW], [SH, SW]) {
  const top = Math.max((CH - 1) * SH + KH - FH, 0) >> 1, left = Math.max((CW - 1) * SW + KW - FW, 0) >> 1;
  return (visit) => {
    for (let i = 0; i < CH; i++) for (let kh = 0; kh < KH; kh++) {
      const row = i * SH + kh - top;
      if (row < 0 || row >= FH) continue;
      for (let j = 0; j < CW; j++) for (let kw = 0; kw < KW; kw++) {
        const column = j * SW + kw - left;
        if (column >= 0 && column < FW) visit(row * FW + column, i * CW + j, kh * KW + kw);
      }
    }
  };
}
