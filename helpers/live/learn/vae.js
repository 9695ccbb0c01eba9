/** A variational autoencoder of two dense networks, as chapter 8 builds it: 784 – hidden – latent – hidden – 784. */
import { makeStack } from "./dense.js";
import { bernoulli, gaussianKl } from "./losses.js";

/** @import { Arena } from "./memory.js" */
/** @typedef {{reconstruction: number, kl: number}} Terms  the two terms of the ELBO in nats, means over rows */

const PIXELS = 784;

/**
 * @param {Arena} arena @param {number} latent @param {number} hidden  numbers of the hidden layers
 * @param {number} most  rows of the largest batch
 */
export function makeVae(arena, latent, hidden, most) {
  const encoder = makeStack(arena, [PIXELS, hidden, 2 * latent], ["relu", "linear"], most);
  const decoder = makeStack(arena, [latent, hidden, PIXELS], ["relu", "linear"], most);
  const z = new Float32Array(most * latent), dcode = new Float32Array(most * 2 * latent);
  const dlogits = new Float32Array(most * PIXELS);

  /** z = mu + sigma noise for n rows. @param {Float32Array} code @param {Float32Array} noise @param {number} n */
  function draw(code, noise, n) {
    for (let row = 0, p = 0, q = 0; row < n; row++, p += 2 * latent) {
      for (let k = 0; k < latent; k++, q++) z[q] = code[p + k] + Math.exp(code[p + latent + k] / 2) * noise[q];
    }
  }

  /**
   * Both terms for n pictures, with the gradients of the loss up to the logits and, of the KL term, up to the code.
   * @param {Float32Array} x @param {Float32Array} noise @param {number} n @param {number} beta @returns {Terms}
   */
  function terms(x, noise, n, beta) {
    const code = encoder.forward(x, n);
    draw(code, noise, n);
    const logits = decoder.forward(z, n);
    dcode.fill(0, 0, n * 2 * latent);
    return { reconstruction: -bernoulli(logits, x, n, dlogits), kl: gaussianKl(code, n, latent, dcode, beta) };
  }

  /** After `terms`: the gradients of beta KL - reconstruction. @param {Float32Array} noise @param {number} n */
  function back(noise, n) {
    const dz = /** @type {Float32Array} */ (decoder.backward(dlogits, n, true)), code = encoder.layers[1].y;
    for (let row = 0, p = 0, q = 0; row < n; row++, p += 2 * latent) {
      for (let k = 0; k < latent; k++, q++) {
        dcode[p + k] += dz[q];
        dcode[p + latent + k] += dz[q] * noise[q] * Math.exp(code[p + latent + k] / 2) / 2;
      }
    }
    encoder.backward(dcode, n);
  }
  return { encoder, decoder, parameters: [...encoder.parameters, ...decoder.parameters], terms, back };
}
