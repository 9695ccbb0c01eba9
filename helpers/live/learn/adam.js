/** The optimisers of the chapters, as Keras has them. */
/** @import { Parameter } from "./dense.js" */

/**
 * Adam. `step(rate)` moves the parameters once along their gradients.
 * @param {Parameter[]} parameters @param {{beta1?: number, beta2?: number, epsilon?: number}} [options]
 */
export function makeAdam(parameters, { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = {}) {
  const zeros = () => parameters.map(({ value }) => new Float32Array(value.length)), means = zeros(), squares = zeros();
  let steps = 0;
  return {
    /** @param {number} rate */
    step(rate) {
      steps++;
      const scale = rate * Math.sqrt(1 - beta2 ** steps) / (1 - beta1 ** steps);
      parameters.forEach(({ value, gradient }, k) => {
        const m = means[k], v = squares[k];
        for (let i = 0; i < value.length; i++) {
          const g = gradient[i];
          m[i] += (g - m[i]) * (1 - beta1);
          v[i] += (g * g - v[i]) * (1 - beta2);
          value[i] -= scale * m[i] / (Math.sqrt(v[i]) + epsilon);
        }
      });
    },
  };
}

/** Plain gradient descent. @param {Parameter[]} parameters */
export function makeSgd(parameters) {
  return {
    /** @param {number} rate */
    step(rate) {
      for (const { value, gradient } of parameters) {
        for (let i = 0; i < value.length; i++) value[i] -= rate * gradient[i];
      }
    },
  };
}
