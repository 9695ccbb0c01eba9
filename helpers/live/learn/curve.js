/** A network of a few bends learns a curve, after chapter 7. */
import { makeAdam } from "./adam.js";
import { makeStack } from "./dense.js";
import { meanSquare } from "./losses.js";
import { makeArena } from "./memory.js";
import { makeNoise } from "./noise.js";

export const KNOTS = 41;                        // places of the curve, from -REACH to REACH
export const REACH = 2;

/** @type {readonly number[]} */
export const PLACES = Array.from({ length: KNOTS }, (_, k) => REACH * (2 * k / (KNOTS - 1) - 1));

/** A network at its start: one number in, one hidden layer of ReLUs, one number out. @param {number} n @param {number} seed */
export function makeCurveLearner(n, seed) {
  const stack = makeStack(makeArena(1 << 14), [1, n, 1], ["relu", "linear"], KNOTS), x = Float32Array.from(PLACES);
  stack.start(makeNoise(seed).uniform);
  const adam = makeAdam(stack.parameters), slopes = new Float32Array(KNOTS);
  const [{ kernel: w, bias: b }, { kernel: v, bias: c }] = stack.layers;
  return {
    /** One step downhill on all places of the curve. @param {number[]} curve @param {number} rate */
    step(curve, rate) {
      const loss = meanSquare(stack.forward(x, KNOTS), curve, KNOTS, slopes);
      stack.backward(slopes, KNOTS);
      adam.step(rate);
      return loss;
    },
    /** The mean square error now. @param {number[]} curve */
    loss: (curve) => meanSquare(stack.forward(x, KNOTS), curve, KNOTS, slopes),
    /** The line with corners at each place. */
    outputs: () => stack.forward(x, KNOTS).slice(),
    /** The bends: v max(0, w x + b) for each unit; the sum has c added. */
    units: () => Array.from({ length: n }, (_, k) => ({ w: w.value[k], b: b.value[k], v: v.value[k] })),
    level: () => c.value[0],
  };
}
