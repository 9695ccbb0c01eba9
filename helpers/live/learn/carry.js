/** A velocity that carries noise to a ring of eight bells is learned, after chapter 12. */
import { makeAdam } from "./adam.js";
import { makeStack } from "./dense.js";
import { meanSquare } from "./losses.js";
import { makeArena } from "./memory.js";
import { makeNoise } from "./noise.js";
import { drawRing } from "./ring.js";

export const N_STEPS = 1600;                    // of the training
const N_SHOWN = 200;                            // points that are carried
const N_DATA = 4000, BATCH = 128, HIDDEN = 64;

/** A velocity (x, y, t) → (vx, vy) at its start, and what teaches it. @param {number} seed */
export function makeCarrier(seed) {
  const noise = makeNoise(seed), arena = makeArena(), data = drawRing(N_DATA, noise);
  const flow = makeStack(arena, [3, HIDDEN, HIDDEN, 2], ["relu", "relu", "linear"], N_SHOWN);
  flow.start(noise.uniform);
  const adam = makeAdam(flow.parameters), starts = noise.normals(new Float32Array(2 * N_SHOWN));
  const z = new Float32Array(2 * BATCH), rows = new Float32Array(3 * BATCH), wanted = new Float32Array(2 * BATCH);
  const slopes = new Float32Array(2 * BATCH), places = new Float32Array(3 * N_SHOWN);
  return {
    /** One step on points of lines from noise to data. @param {number} rate gives the loss of its batch */
    step(rate) {
      const picked = Array.from({ length: BATCH }, () => Math.floor(noise.uniform() * N_DATA));
      noise.normals(z);
      for (let i = 0; i < BATCH; i++) {
        const t = Math.fround(noise.uniform());
        for (const k of [0, 1]) {
          const from = z[2 * i + k], to = data[2 * picked[i] + k];
          rows[3 * i + k] = (1 - t) * from + t * to;
          wanted[2 * i + k] = to - from;
        }
        rows[3 * i + 2] = t;
      }
      const loss = meanSquare(flow.forward(rows, BATCH), wanted, BATCH, slopes);
      flow.backward(slopes, BATCH);
      adam.step(rate);
      return loss;
    },
    /** Euler's steps of the same points under the velocity as it is: where they are after each. @param {number} n */
    path(n) {
      const path = [starts];
      for (let k = 0; k < n; k++) {
        for (let i = 0; i < N_SHOWN; i++) places.set([path[k][2 * i], path[k][2 * i + 1], k / n], 3 * i);
        const velocity = flow.forward(places, N_SHOWN);
        path.push(path[k].map((x, i) => x + velocity[i] / n));
      }
      return path;
    },
  };
}

/** The learning rate of a step: it falls to 0 along half a cosine. @param {number} rate the first @param {number} step */
export const falling = (rate, step) => rate * (1 + Math.cos(Math.PI * Math.min(step / N_STEPS, 1))) / 2;
