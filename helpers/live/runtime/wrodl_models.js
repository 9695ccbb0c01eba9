/** The chapter's models of the fifty Wrodlers, from their rows alone: the same steps as wrodl_models.py. */
import { uniforms } from "./random.js";

export const N_STYLES = 10;

/**
 * @typedef {object} Wrodlers
 * @property {number[][]} rows codes of the fifty   @property {number[]} sizes how many values each feature has
 * @typedef {object} Model
 * @property {number} alpha smoothing   @property {boolean} naive whether it forgets the features before
 */

/**
 * p(next feature | the features so far), by the chain rule for the multinomial; naive Bayes forgets what came before.
 * @param {Wrodlers} wrodlers @param {Model} model @param {number[]} before the features so far
 * @returns {number[]} one probability a value
 */
export function conditional({ rows, sizes }, { alpha, naive }, before) {
  const k = before.length, counts = new Array(sizes[k]).fill(0);
  const rest = naive ? 1 : sizes.slice(k + 1).reduce((product, size) => product * size, 1);
  for (const row of rows) if (naive || before.every((value, j) => row[j] === value)) counts[row[k]] += 1;
  const total = counts.reduce((sum, count) => sum + count, 0) + alpha * rest * sizes[k];
  return counts.map((count) => (total > 0 ? (count + alpha * rest) / total : 0));
}

/**
 * @param {Wrodlers} wrodlers @param {Model} model @param {number[]} codes a whole combination
 * @returns {number} its probability: the product of its conditionals
 */
export function probability(wrodlers, model, codes) {
  return codes.reduce((p, code, k) => p * conditional(wrodlers, model, codes.slice(0, k))[code], 1);
}

/**
 * One Wrodler from as many uniform numbers as there are features: the inverse cdf, feature by feature.
 * @param {Wrodlers} wrodlers @param {Model} model @param {() => number} uniform @returns {number[]} codes
 */
export function drawStyle(wrodlers, model, uniform) {
  /** @type {number[]} */
  const codes = [];
  while (codes.length < wrodlers.sizes.length) {
    const shares = conditional(wrodlers, model, codes), u = uniform();
    let code = 0, sum = shares[0];
    while (u >= sum && code < shares.length - 1) sum += shares[++code];
    while (shares[code] === 0) code -= 1;                  // rounding may leave the last sum a hair below 1
    codes.push(code);
  }
  return codes;
}

/**
 * Ten Wrodlers, each from uniform numbers of its own. With `again`, a copy of a row is replaced by the next draw.
 * @param {Wrodlers} wrodlers @param {Model} model @param {number} seed @param {boolean} again
 * @returns {{styles: number[][], draws: number}} their codes, and how many draws they took
 */
export function drawStyles(wrodlers, model, seed, again) {
  const endless = unseenShare(wrodlers, model) <= 1e-9;    // a model of copies alone would draw for ever
  let draws = 0;
  const styles = Array.from({ length: N_STYLES }, (_, i) => {
    const uniform = uniforms(N_STYLES * seed + i);
    let codes;
    do {
      codes = drawStyle(wrodlers, model, uniform);
      draws += 1;
    } while (again && !endless && occurrences(wrodlers, codes));
    return codes;
  });
  return { styles, draws };
}

/** How many of the rows are this combination. @param {Wrodlers} wrodlers @param {number[]} codes */
export function occurrences({ rows }, codes) {
  return rows.filter((row) => row.every((code, k) => code === codes[k])).length;
}

/** The share of a model's draws that are none of the rows. @param {Wrodlers} wrodlers @param {Model} model */
export function unseenShare(wrodlers, model) {
  const kinds = new Map(wrodlers.rows.map((row) => [row.join(), row]));
  const seen = [...kinds.values()].reduce((sum, row) => sum + probability(wrodlers, model, row), 0);
  return Math.max(0, 1 - seen);                            // the sum may round to a hair above 1
}

/** A probability for reading: two digits, never as a power of ten. @param {number} p */
export function readable(p) {
  if (p === 0) return "0";
  return p.toFixed(Math.max(2, 1 - Math.floor(Math.log10(p))));
}
