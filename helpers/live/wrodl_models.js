/** The chapter's models of the fifty Wrodlers, from their rows alone: the same steps as fashion.py. */

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

/**
 * p(next feature | the features so far), by the chain rule for the multinomial; naive Bayes forgets what came before.
 * @param {number[][]} rows codes of the fifty @param {number[]} sizes values of each feature
 * @param {number[]} before the features so far @param {number} alpha @param {boolean} naive
 * @returns {number[]} one probability a value
 */
export function conditional(rows, sizes, before, alpha, naive) {
  const k = before.length, counts = new Array(sizes[k]).fill(0);
  const rest = naive ? 1 : sizes.slice(k + 1).reduce((product, size) => product * size, 1);
  for (const row of rows) if (naive || before.every((value, j) => row[j] === value)) counts[row[k]] += 1;
  const total = counts.reduce((sum, count) => sum + count, 0) + alpha * rest * sizes[k];
  return counts.map((count) => (total > 0 ? (count + alpha * rest) / total : 0));
}

/** @param {number[]} codes a whole combination @returns {number} its probability: the product of its conditionals */
export function probability(rows, sizes, codes, alpha, naive) {
  return codes.reduce((p, code, k) => p * conditional(rows, sizes, codes.slice(0, k), alpha, naive)[code], 1);
}

/**
 * One Wrodler from as many uniform numbers as there are features: the inverse cdf, feature by feature.
 * @param {() => number} uniform @returns {number[]} codes
 */
export function drawStyle(rows, sizes, alpha, naive, uniform) {
  const codes = [];
  while (codes.length < sizes.length) {
    const shares = conditional(rows, sizes, codes, alpha, naive), u = uniform();
    let code = 0, sum = shares[0];
    while (u >= sum && code < shares.length - 1) sum += shares[++code];
    while (shares[code] === 0) code -= 1;                  // rounding may leave the last sum a hair below 1
    codes.push(code);
  }
  return codes;
}

/** How many of the rows are this combination. */
export function occurrences(rows, codes) {
  return rows.filter((row) => row.every((code, k) => code === codes[k])).length;
}

/** The share of a model's draws that are none of the rows. */
export function unseenShare(rows, sizes, alpha, naive) {
  const kinds = new Map(rows.map((row) => [row.join(), row]));
  return 1 - [...kinds.values()].reduce((sum, row) => sum + probability(rows, sizes, row, alpha, naive), 0);
}

/** A probability for reading: two digits, never as a power of ten. */
export function readable(p) {
  if (p === 0) return "0";
  return p.toFixed(Math.max(2, 1 - Math.floor(Math.log10(p))));
}
