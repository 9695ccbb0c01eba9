/** The losses of the chapters: each gives the mean over n rows, and puts its gradient into the last argument. */
/** @import { Stack } from "./dense.js" */
import { sigmoid, softplus } from "./bends.js";

/**
 * The squares of the differences, summed over the columns.
 * @param {ArrayLike<number>} y @param {ArrayLike<number>} target @param {number} n @param {Float32Array} dy
 */
export function meanSquare(y, target, n, dy) {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    const off = y[i] - target[i];
    sum += off * off;
    dy[i] = 2 * off / n;
  }
  return sum / n;
}

const FACTORS = 512;                            // that many numbers from 1 to 2 have a finite product

/**
 * The cross-entropy in nats between pixels x in [0, 1] and the chances sigmoid(logits), summed over the pixels. (A sum
 * of logarithms is taken as the logarithm of a product, which is quicker.)
 * @param {ArrayLike<number>} logits @param {ArrayLike<number>} x @param {number} n @param {Float32Array} dlogits
 */
export function bernoulli(logits, x, n, dlogits) {
  let sum = 0, product = 1;
  for (let i = 0; i < logits.length; i++) {
    const a = logits[i], small = Math.exp(-Math.abs(a)), part = 1 / (1 + small);
    sum += (a > 0 ? a : 0) - a * x[i];
    dlogits[i] = ((a > 0 ? part : small * part) - x[i]) / n;
    product *= 1 + small;
    if (i % FACTORS) continue;
    sum += Math.log(product);
    product = 1;
  }
  return (sum + Math.log(product)) / n;
}

/**
 * KL(N(mu, exp(log_var)) || N(0, I)) in nats, closed form; its gradient, times `weight`, is added to dcode.
 * @param {Float32Array} code  rows of d numbers mu, then d numbers log_var @param {number} n @param {number} d
 * @param {Float32Array} dcode @param {number} weight
 */
export function gaussianKl(code, n, d, dcode, weight) {
  let sum = 0;
  for (let row = 0, p = 0; row < n; row++, p += 2 * d) {
    for (let k = p; k < p + d; k++) {
      const mu = code[k], logVar = code[k + d], variance = Math.exp(logVar);
      sum += 0.5 * (variance + mu * mu - 1 - logVar);
      dcode[k] += weight * mu / n;
      dcode[k + d] += weight * 0.5 * (variance - 1) / n;
    }
  }
  return sum / n;
}

/**
 * -log of the chance that a curator with these logits gives to the answer `label`: 1 for real, 0 for forged.
 * @param {ArrayLike<number>} logits @param {0 | 1} label @param {number} n @param {Float32Array} dlogits
 */
export function logistic(logits, label, n, dlogits) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    sum += softplus(label ? -logits[i] : logits[i]);
    dlogits[i] = (sigmoid(logits[i]) - label) / n;
  }
  return sum / n;
}

/**
 * R1, gamma / 2 times the mean of |dD/dx|² over the rows of x, for a network D with one output whose activations are
 * made of straight pieces. Its gradients are added to those of the network's kernels; biases have none.
 * (dD/dx is then a product of kernels. With v = gamma dD/dx / n carried forward through the same pieces, the gradient
 * of a kernel is the product of what comes into its layer and dD/d sums, which comes back.)
 * @param {Stack} stack @param {ArrayLike<number>} x @param {number} n @param {number} gamma
 */
export function r1({ layers, forward, inputGradient }, x, n, gamma) {
  if (!layers.every(({ straight }) => straight) || layers[layers.length - 1].outputs !== 1) {
    throw new RangeError("R1 needs a network with one output, and activations linear, relu or leaky_relu");
  }
  forward(x, n);
  /** @type {Float32Array} */
  let carried = Float32Array.from(inputGradient(new Float32Array(n).fill(1), n)), sum = 0;
  for (let i = 0; i < carried.length; i++) {
    sum += carried[i] * carried[i];
    carried[i] *= gamma / n;
  }
  for (const layer of layers) carried = layer.carry(carried, n);
  return 0.5 * gamma * sum / n;
}
