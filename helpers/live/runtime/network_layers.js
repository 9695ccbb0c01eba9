/** Each kind of layer, as a function of its inputs that gives the same buffer at each call. */
import { convolution, dense } from "./convolution.js";
import { averagePooling, globalAverage, maxPooling, upsampling } from "./pooling.js";
import { size } from "./network_weights.js";

/** @import { Layer } from "./network.js" */
/** @import { Memory } from "./product.js" */

/**
 * @typedef {(role: string) => {numbers: Float32Array, shape: number[]}} Weights
 * @typedef {(...inputs: Float32Array[]) => Float32Array} Compute
 * @typedef {(layer: Layer, weights: Weights, shapes: number[][], memory: Memory) => Compute} Make
 */

/** @type {Make} */
function batchNormalization(layer, weights, _, { take }) {
  const y = take(size(layer.output)), numbers = (/** @type {string} */ role) => weights(role)?.numbers;
  const mean = numbers("moving_mean"), variance = numbers("moving_variance");
  const scale = variance.map((v, k) => (numbers("gamma")?.[k] ?? 1) / Math.sqrt(v + layer.epsilon));
  const shift = mean.map((m, k) => (numbers("beta")?.[k] ?? 0) - m * scale[k]);
  return (x) => {
    for (let p = 0; p < y.length; p += scale.length) {
      for (let k = 0; k < scale.length; k++) y[p + k] = x[p + k] * scale[k] + shift[k];
    }
    return y;
  };
}

/**
 * For each place of the output the place in an input whose axes of length 1 are repeated.
 * @param {number[]} shape @param {number[]} output
 */
function spread(shape, output) {
  const steps = new Array(output.length).fill(0);
  for (let axis = output.length - 1, step = 1, own = shape.length - 1; own >= 0; axis--, own--) {
    if (shape[own] > 1) steps[axis] = step;
    step *= shape[own];
  }
  return Int32Array.from({ length: size(output) }, (_, place) => {
    let from = 0;
    for (let axis = output.length - 1; axis >= 0; axis--) {
      from += (place % output[axis]) * steps[axis];
      place = Math.floor(place / output[axis]);
    }
    return from;
  });
}

/** @param {(a: number, b: number) => number} join @returns {Make} */
function joined(join) {
  return (layer, _, shapes, { take }) => {
    const y = take(size(layer.output)), places = shapes.map((shape) => spread(shape, layer.output));
    return (first, ...others) => {
      for (let i = 0; i < y.length; i++) y[i] = first[places[0][i]];
      others.forEach((x, k) => { for (let i = 0; i < y.length; i++) y[i] = join(y[i], x[places[k + 1][i]]); });
      return y;
    };
  };
}

/** @type {Make} */
function concatenate(layer, _, shapes, { take }) {
  const axis = layer.axis < 0 ? layer.output.length + layer.axis : layer.axis - 1;
  const parts = shapes.map((shape) => size(shape.slice(axis))), whole = parts.reduce((a, b) => a + b);
  const y = take(size(layer.output));
  return (...inputs) => {
    let start = 0;
    inputs.forEach((x, k) => {
      for (let p = 0, q = start; p < x.length; p += parts[k], q += whole) y.set(x.subarray(p, p + parts[k]), q);
      start += parts[k];
    });
    return y;
  };
}

/** @type {Make} */
function embedding(layer, weights, _, { take }) {
  const { numbers, shape: [rows, width] } = weights("embeddings"), y = take(size(layer.output));
  return (x) => {
    x.forEach((row, i) => {
      if (!(row >= 0 && row < rows)) throw new RangeError(`layer ${layer.name} looks up ${row}, not 0 to ${rows - 1}`);
      y.set(numbers.subarray(Math.trunc(row) * width, (Math.trunc(row) + 1) * width), i * width);
    });
    return y;
  };
}

/** The likeliest colour of each pixel. @type {Make} */
function palette(layer, weights, _, { take }) {
  const { numbers, shape: [n] } = weights("colours"), y = take(size(layer.output));
  return (x) => {
    for (let p = 0, q = 0; p < x.length; p += n, q += 3) {
      let best = 0;
      for (let k = 1; k < n; k++) if (x[p + k] > x[p + best]) best = k;
      y.set(numbers.subarray(3 * best, 3 * best + 3), q);
    }
    return y;
  };
}

/** @type {Make} */
function timeEmbedding(layer, _, __, { take }) {
  const n = layer.n_frequencies, y = take(size(layer.output));
  const turns = Float32Array.from({ length: n }, (_, k) => layer.largest ** (n > 1 ? k / (n - 1) : 0));
  return (t) => {
    t.forEach((time, i) => turns.forEach((turn, k) => {
      y[2 * n * i + k] = Math.cos(Math.fround(time * turn));
      y[2 * n * i + n + k] = Math.sin(Math.fround(time * turn));
    }));
    return y;
  };
}

/** Layers that keep the numbers as they are. @type {Make} */
const same = () => (x) => x;

/** A copy, which an activation may change while others still need the input. @type {Make} */
function copied(layer, _, __, { take }) {
  const y = take(size(layer.output));
  return (x) => { y.set(x); return y; };
}

/** @type {Record<string, Make>} */
const MAKERS = {
  dense, conv2d: convolution, conv2d_transpose: convolution, embedding, batch_normalization: batchNormalization,
  upsampling2d: upsampling, max_pooling2d: maxPooling, average_pooling2d: averagePooling,
  global_average_pooling2d: globalAverage, add: joined((a, b) => a + b), multiply: joined((a, b) => a * b), concatenate,
  activation: copied, palette, time_embedding: timeEmbedding, reshape: same, flatten: same, dropout: same,
  spatial_dropout2d: same, gaussian_dropout: same, gaussian_noise: same, activity_regularization: same,
};

/** One layer as a function of its inputs; it returns the same buffer at each call. @type {Make} */
export function layerStep(layer, weights, shapes, memory) {
  const make = MAKERS[layer.kind];
  if (!make) throw new RangeError(`layer ${layer.name}: unknown kind ${layer.kind}`);
  return make(layer, weights, shapes, memory);
}
