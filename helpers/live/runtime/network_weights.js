/** The weights of a network: from the bytes of its file to numbers. */
/** @import { Description } from "./network.js" */

/** @param {number[]} shape @returns {number} how many numbers an array of this shape has */
export function size(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/** Channels in fours, because WebAssembly takes four at once. @param {number} channels */
export function inFours(channels) {
  return channels + (-channels & 3);
}

/**
 * The value of an IEEE half-precision number; exact, subnormals and infinities included.
 * @param {number} bits  0 to 65535
 * @returns {number}
 */
export function float16ToFloat32(bits) {
  const exponent = (bits >> 10) & 31, fraction = bits & 1023;
  let value;
  if (exponent === 31) value = fraction ? NaN : Infinity;
  else if (exponent === 0) value = fraction * 2 ** -24;
  else value = (1024 + fraction) * (1 << exponent) * 2 ** -25;
  return bits & 0x8000 ? -value : value;
}

/**
 * How each number format is read, and its bytes a number.
 * @type {Record<string, [number, (view: DataView, at: number) => number]>}
 */
const FORMATS = {
  float32: [4, (view, at) => view.getFloat32(at, true)],
  float16: [2, (view, at) => float16ToFloat32(view.getUint16(at, true))],
  int8: [1, (view, at) => view.getInt8(at)],
};

/**
 * Every weight by name, as numbers; those of int8 times their scales.
 * @param {Description} description
 * @param {DataView|ArrayBuffer|ArrayBufferView} bytes
 * @returns {Record<string, {numbers: Float32Array, shape: number[]}>}
 */
export function readWeights({ weights }, bytes) {
  const view = ArrayBuffer.isView(bytes) ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new DataView(bytes);
  /** @type {ReturnType<typeof readWeights>} */
  const found = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(weights)) {
    const [width, read] = FORMATS[dtype], n = size(shape);
    if (offset + n * width > view.byteLength) {
      throw new RangeError(`${name} ends at byte ${offset + n * width}, but there are ${view.byteLength}`);
    }
    found[name] = { shape, numbers: Float32Array.from({ length: n }, (_, i) => read(view, offset + i * width)) };
  }
  for (const [name, { numbers }] of Object.entries(found)) {
    const scale = found[`${name}_scale`]?.numbers;
    if (scale) for (let i = 0; i < numbers.length; i++) numbers[i] *= scale[i % scale.length];
  }
  return found;
}

/**
 * At most so many numbers does a network keep in memory: its inputs, its weights, and each layer's output, once as it
 * is and once with its channels in fours.
 * @param {Description} description
 * @param {Record<string, {shape: number[]}>} weights
 */
export function numbersNeeded({ inputs, layers }, weights) {
  const padded = (/** @type {number[]} */ shape) => (size(shape) / (shape.at(-1) ?? 1)) * inFours(shape.at(-1) ?? 1);
  const taken = layers.flatMap(({ name, layer = name, output }) => [
    size(output) + padded(output),
    ...Object.entries(weights).map(([key, { shape }]) => (key.startsWith(`${layer}/`)
      ? Math.max(padded(shape), padded([...shape.slice(0, -2), ...shape.slice(-2).reverse()])) : 0)),
  ]);
  return [...Object.values(inputs).map(size), ...taken].reduce((sum, n) => sum + n, 0);
}
