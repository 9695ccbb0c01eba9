/** The activations of networks that learn: in place on a layer's sums, and their slopes. */

/**
 * Both go over the first n numbers. `slope` multiplies what comes back by the derivative: y is what `bend` gave, `sums`
 * what it was given (kept only where `needsSums`).
 * @typedef {object} Bend
 * @property {(y: Float32Array, n: number) => void} bend
 * @property {(dy: Float32Array, y: Float32Array, n: number, sums: Float32Array) => void} slope
 * @property {boolean} [needsSums]
 * @property {boolean} [straight]  whether it is made of straight pieces, so that its slope does not change within one
 */

/**
 * @param {(v: number) => number} value @param {(y: number, sum: number) => number} derivative
 * @param {Partial<Bend>} [more]
 * @returns {Bend}
 */
function bendOf(value, derivative, more) {
  return {
    bend(y, n) { for (let i = 0; i < n; i++) y[i] = value(y[i]); },
    slope(dy, y, n, sums) { for (let i = 0; i < n; i++) dy[i] *= derivative(y[i], sums[i]); },
    ...more,
  };
}

/** @param {number} v */
export const sigmoid = (v) => 1 / (1 + Math.exp(-v));
/** log(1 + exp(v)), for large numbers too. @param {number} v */
export const softplus = (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

/**
 * @param {string} name as Keras has it @param {number} alpha  the slope of leaky_relu below 0
 * @returns {Bend}
 * @throws {RangeError} for another name
 */
export function bendNamed(name, alpha) {
  /** @type {Record<string, () => Bend>} */
  const known = {
    linear: () => ({ bend() {}, slope() {}, straight: true }),
    relu: () => ({
      bend(y, n) { for (let i = 0; i < n; i++) if (y[i] < 0) y[i] = 0; },
      slope(dy, y, n) { for (let i = 0; i < n; i++) if (!(y[i] > 0)) dy[i] = 0; },
      straight: true,
    }),
    leaky_relu: () => bendOf((v) => (v < 0 ? alpha * v : v), (y) => (y > 0 ? 1 : alpha), { straight: true }),
    tanh: () => bendOf(Math.tanh, (y) => 1 - y * y),
    sigmoid: () => bendOf(sigmoid, (y) => y * (1 - y)),
    softplus: () => bendOf(softplus, (y) => 1 - Math.exp(-y)),
    silu: () => bendOf((v) => v * sigmoid(v), (y, sum) => sigmoid(sum) + y * (1 - sigmoid(sum)), { needsSums: true }),
  };
  if (!known[name]) throw new RangeError(`unknown activation ${name}; known are ${Object.keys(known).join(", ")}`);
  return known[name]();
}
