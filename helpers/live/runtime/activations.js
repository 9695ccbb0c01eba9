/** The activations of Keras, in place on a layer's output. */
/** @import { Layer } from "./network.js" */

/** The error function to 1.5e-7 (Abramowitz and Stegun, 7.1.26). @param {number} v */
function erf(v) {
  const t = 1 / (1 + 0.3275911 * Math.abs(v));
  const tail = -0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429));
  return Math.sign(v) * (1 - t * (0.254829592 + t * tail) * Math.exp(-v * v));
}

/** Softmax over the last axis. @param {Float32Array} y @param {number} channels */
function softmax(y, channels) {
  for (let p = 0; p < y.length; p += channels) {
    const part = y.subarray(p, p + channels), top = part.reduce((a, b) => Math.max(a, b));
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += part[k] = Math.exp(part[k] - top);
    for (let k = 0; k < channels; k++) part[k] /= sum;
  }
}

/**
 * The layer's activation, as a function that changes its argument; null for none.
 * @param {Layer} layer
 * @returns {((y: Float32Array) => void) | null}
 */
export function applyActivation(layer) {
  const { name, alpha = 0, low = 0, high = 0 } = layer.activation ?? { name: "linear" };
  if (name === "linear") return null;
  if (name === "softmax") return (y) => softmax(y, layer.output.at(-1) ?? 1);
  /** @type {Record<string, (v: number) => number>} */
  const known = {
    relu: (v) => (v < 0 ? 0 : v),
    leaky_relu: (v) => (v < 0 ? alpha * v : v),
    elu: (v) => (v < 0 ? alpha * Math.expm1(v) : v),
    selu: (v) => 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * Math.expm1(v) : v),
    sigmoid: (v) => 1 / (1 + Math.exp(-v)),
    tanh: Math.tanh,
    softplus: (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
    silu: (v) => v / (1 + Math.exp(-v)),
    gelu: (v) => 0.5 * v * (1 + erf(v * Math.SQRT1_2)),
    clip: (v) => Math.min(Math.max(v, low), high),
  };
  const each = known[name];
  if (!each) throw new RangeError(`layer ${layer.name}: unknown activation ${name}`);
  return (y) => { for (let i = 0; i < y.length; i++) y[i] = each(y[i]); };
}
