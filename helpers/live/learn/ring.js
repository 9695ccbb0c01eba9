/** The game on a ring of eight bells: a forger and a curator of points, after chapter 10. */
import { makeAdam } from "./adam.js";
import { makeAverage } from "./average.js";
import { makeStack } from "./dense.js";
import { logistic, r1 } from "./losses.js";
import { makeArena } from "./memory.js";
import { makeNoise } from "./noise.js";

/** @typedef {{gamma: number, rateD: number}} Rules the price of steepness, and the curator's rate */

export const WIDTH = 0.1;                       // of a bell: its standard deviation
export const N_SHOWN = 500;                     // points that are counted
const RADIUS = 2;                               // of the ring
const N_DATA = 4000, BATCH = 128, HIDDEN = 64, RATE = 2e-3, BETA = 0.5, DECAY = 0.99;
const MOST_PLACES = 2500;                       // whose verdicts are asked for at once

/** The middles of the bells. */
export const CENTRES = Array.from({ length: 8 }, (_, k) => (
  [RADIUS * Math.cos(k * Math.PI / 4), RADIUS * Math.sin(k * Math.PI / 4)]));

/** Both players at the start of a game, and what moves them. @param {number} seed */
export function makeRing(seed) {
  const noise = makeNoise(seed), arena = makeArena(), data = drawRing(N_DATA, noise);
  const bends = ["relu", "relu", "linear"];
  const forger = makeStack(arena, [2, HIDDEN, HIDDEN, 2], bends, N_SHOWN);
  const curator = makeStack(arena, [2, HIDDEN, HIDDEN, 1], bends, MOST_PLACES);
  forger.start(noise.uniform);
  curator.start(noise.uniform);
  const adams = [forger, curator].map(({ parameters }) => makeAdam(parameters, { beta1: BETA }));
  const average = makeAverage(forger.parameters, DECAY), shown = noise.normals(new Float32Array(2 * N_SHOWN));
  const real = new Float32Array(2 * BATCH), z = new Float32Array(2 * BATCH), slopes = new Float32Array(BATCH);
  return {
    forger, curator,
    /** One move of both players, each down the slope of its own loss. @param {Rules} rules */
    move({ gamma, rateD }) {
      for (let i = 0; i < BATCH; i++) {
        const row = Math.floor(noise.uniform() * N_DATA);
        real[2 * i] = data[2 * row];
        real[2 * i + 1] = data[2 * row + 1];
      }
      const fake = forger.forward(noise.normals(z), BATCH), logits = curator.forward(fake, BATCH);
      const lossG = logistic(logits, 1, BATCH, slopes);
      forger.backward(curator.inputGradient(slopes, BATCH), BATCH);
      let lossD = logistic(logits, 0, BATCH, slopes);
      curator.backward(slopes, BATCH);
      lossD += logistic(curator.forward(real, BATCH), 1, BATCH, slopes);
      curator.backward(slopes, BATCH, false, true);
      if (gamma) r1(curator, real, BATCH, gamma);
      adams[0].step(RATE);
      adams[1].step(rateD);
      average.follow();
      return { lossG, lossD };
    },
    /**
     * The chance of being real that the curator gives to places on a grid, row by row from the top.
     * @param {number} side @param {number} reach
     */
    verdicts(side, reach) {
      const grid = new Float32Array(2 * side * side), step = 2 * reach / (side - 1);
      for (let i = 0; i < side * side; i++) {
        grid[2 * i] = -reach + step * (i % side);
        grid[2 * i + 1] = reach - step * Math.floor(i / side);
      }
      return curator.forward(grid, side * side).map((logit) => 1 / (1 + Math.exp(-logit)));
    },
    /** The points that the forger, or its running average, makes of the same noise. @param {boolean} averaged */
    points(averaged) {
      const paint = () => forger.forward(shown, N_SHOWN).slice();
      return averaged ? average.with(paint) : paint();
    },
  };
}

/** Points of the eight bells, x, y, x, y, … @param {number} n @param {ReturnType<typeof makeNoise>} noise */
export function drawRing(n, noise) {
  const data = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const centre = CENTRES[Math.floor(8 * noise.uniform())];
    data[2 * i] = centre[0] + WIDTH * noise.normal();
    data[2 * i + 1] = centre[1] + WIDTH * noise.normal();
  }
  return data;
}

/** Bells that get 1 point in 80 or more, and the share of points on a bell. @param {Float32Array} points */
export function countBells(points) {
  const counts = new Array(8).fill(0), n = points.length / 2;
  for (let i = 0; i < n; i++) {
    const far = CENTRES.map(([x, y]) => Math.hypot(points[2 * i] - x, points[2 * i + 1] - y));
    const nearest = far.indexOf(Math.min(...far));
    if (far[nearest] < 3 * WIDTH) counts[nearest]++;
  }
  return { bells: counts.filter((count) => count >= n / 80).length, good: counts.reduce((a, b) => a + b) / n };
}
