/** Random numbers that Python can compute too. */

/**
 * Uniform numbers in [0, 1): mulberry32, a generator small enough to be written out in Python too.
 * @param {number} seed a whole number @returns {() => number}
 */
export function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {number} x an integer @returns {number} 32 bits that look random (Wellons's lowbias32) */
function scramble(x) {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

/**
 * @param {number} seed @param {number} k
 * @returns {number} the number k of the stream `seed`, in [0, 1), the same whenever it is asked for
 */
export const uniformAt = (seed, k) => scramble(scramble(seed) ^ scramble(k)) / 2 ** 32;

/** @returns {number} a draw from N(0, 1) (Box and Muller) */
export function standardNormal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}
