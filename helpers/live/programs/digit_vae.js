/** Chapter 8's variational autoencoder, which learns the course's digits. */
import { makeAdam } from "../learn/adam.js";
import { sigmoid } from "../learn/bends.js";
import { makeArena } from "../learn/memory.js";
import { makeNoise } from "../learn/noise.js";
import { program } from "../learn/serve.js";
import { makeVae } from "../learn/vae.js";

/** @import { Terms } from "../learn/vae.js" */
/** @typedef {{latent: number, beta: number, rate: number, seed: number, epochs: number, z: number[]}} Settings */
/** @typedef {{learned: Terms, held: Terms}} Epoch  the means over its batches; on held-out digits after it */
/** @typedef {{reconstruction: number, kl: number}} Sums */

const PIXELS = 784, TRAIN = 4000, HELD = 1000, BATCH = 100, HIDDEN = 128, DRAWS = 50;
const STEPS = TRAIN / BATCH;                    // of an epoch

export default program((/** @type {Settings} */ { latent, beta, rate, seed, epochs: most, z }, { digits }) => {
  const vae = makeVae(makeArena(), latent, HIDDEN, BATCH), adam = makeAdam(vae.parameters), noise = makeNoise(seed);
  const x = new Float32Array(BATCH * PIXELS), epsilon = new Float32Array(BATCH * latent);
  const held = makeNoise(seed + 1).normals(new Float32Array(HELD * latent)), codes = new Float32Array(HELD * latent);
  const points = makeNoise(seed + 2).normals(new Float32Array(DRAWS * latent));
  /** @type {Epoch[]} */
  const epochs = [];
  let order = new Int32Array(0), step = 0, learned = none(), last = none();

  vae.encoder.start(noise.uniform);
  vae.decoder.start(noise.uniform);
  let before = askHeld();

  /** A batch of digits to x. @param {(k: number) => number} rowOf */
  function load(rowOf) {
    for (let k = 0, p = 0; k < BATCH; k++) {
      for (let q = rowOf(k) * PIXELS, end = q + PIXELS; q < end; q++) x[p++] = digits[q] / 255;
    }
  }

  /** Both terms on the held-out digits, with the same noise each time; where the centres of their clouds are, too. */
  function askHeld() {
    const found = none(), code = vae.encoder.layers[1].y;
    for (let first = 0; first < HELD; first += BATCH) {
      load((k) => TRAIN + first + k);
      add(found, vae.terms(x, held.subarray(first * latent, (first + BATCH) * latent), BATCH, beta), BATCH / HELD);
      for (let k = 0, p = first * latent; k < BATCH; k++, p += latent) {
        codes.set(code.subarray(2 * k * latent, (2 * k + 1) * latent), p);
      }
    }
    return found;
  }

  function learn() {
    if (step % STEPS === 0) order = noise.shuffle(TRAIN);
    const first = (step % STEPS) * BATCH;
    load((k) => order[first + k]);
    last = vae.terms(x, noise.normals(epsilon), BATCH, beta);
    if (!Number.isFinite(beta * last.kl - last.reconstruction)) {
      throw new Error(`After ${step} steps the loss is not a number any more: the rate ${rate} is too high. Choose a `
        + "lower one, and press Play again.");
    }
    vae.back(epsilon, BATCH);
    adam.step(rate);
    add(learned, last, 1 / STEPS);
    step++;
  }

  /** What the decoder makes of n points, a byte for each pixel. @param {ArrayLike<number>} at @param {number} n */
  const pictures = (at, n) => Uint8Array.from(vae.decoder.forward(at, n), (logit) => Math.round(255 * sigmoid(logit)));

  return {
    step() {
      learn();
      if (step % STEPS) return false;
      epochs.push({ learned, held: before = askHeld() });
      learned = none();
      return epochs.length === most;
    },
    look: () => ({ epochs, last, held: before, codes: codes.slice(), draws: pictures(points, DRAWS),
      picture: pictures(z, 1) }),
    /** The picture at another point. @param {number[]} to */
    answer(to) {
      z = to;
      return pictures(z, 1);
    },
  };
});

/** @returns {Sums} */
function none() {
  return { reconstruction: 0, kl: 0 };
}

/** @param {Sums} sums @param {Terms} terms @param {number} share */
function add(sums, terms, share) {
  sums.reconstruction += share * terms.reconstruction;
  sums.kl += share * terms.kl;
}
