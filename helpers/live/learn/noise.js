/** Random numbers of a run that learns: the same seed, the same run. */
import { uniforms } from "../runtime/random.js";

/** @param {number} seed a whole number */
export function makeNoise(seed) {
  const uniform = uniforms(seed);
  /** @type {number | null} */
  let spare = null;
  /** A draw from N(0, 1): Box and Muller give two at a time. */
  function normal() {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform())), angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
  return {
    uniform, normal,
    /** Fill with draws from N(0, 1). @template {Float32Array | Float64Array} T @param {T} out @returns {T} */
    normals(out) {
      for (let i = 0; i < out.length; i++) out[i] = normal();
      return out;
    },
    /** The numbers 0 to n - 1 in random order (Fisher and Yates). @param {number} n */
    shuffle(n) {
      const order = Int32Array.from({ length: n }, (_, i) => i);
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1)), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
      }
      return order;
    },
  };
}
