/** A running average of a network's weights: what a GAN draws with while its weights turn in circles. */
/** @import { Parameter } from "./dense.js" */

/** @param {Parameter[]} parameters @param {number} decay  the share of the old average that a step keeps */
export function makeAverage(parameters, decay) {
  const averages = parameters.map(({ value }) => Float32Array.from(value));
  const swap = () => parameters.forEach(({ value }, k) => {
    const kept = Float32Array.from(value);
    value.set(averages[k]);
    averages[k] = kept;
  });
  return {
    /** After a step of training. */
    follow() {
      parameters.forEach(({ value }, k) => {
        const average = averages[k];
        for (let i = 0; i < value.length; i++) average[i] += (1 - decay) * (value[i] - average[i]);
      });
    },
    /** What `call` gives with the averages in the weights' place. @template T @param {() => T} call @returns {T} */
    with(call) {
      swap();
      try { return call(); } finally { swap(); }
    },
  };
}
