/** Measures of models: where they stand on an axis, and whether two of them agree. */

/**
 * A column of the report, as report.py describes it.
 * @typedef {{name: string, key: string, better: "low" | "high" | "one", log: boolean, real: number | null,
 *   digits: number}} Measure
 */

const GOODNESS = {
  low: (/** @type {number} */ v) => -v,
  high: (/** @type {number} */ v) => v,
  one: (/** @type {number} */ v) => -Math.abs(v - 1),
};

/**
 * Of how many pairs of models both measures say which is better, and how many of these they order alike.
 * @param {(number | null)[]} xs a value a model, null where it has none @param {(number | null)[]} ys
 * @param {Measure} x @param {Measure} y
 */
export function agreement(xs, ys, x, y) {
  const both = xs.flatMap((v, i) => {
    const w = ys[i];
    return v === null || w === null ? [] : [[GOODNESS[x.better](v), GOODNESS[y.better](w)]];
  });
  const values = { pairs: 0, alike: 0 };
  both.forEach((a, i) => both.slice(i + 1).forEach((b) => {
    const vote = (a[0] - b[0]) * (a[1] - b[1]);
    values.pairs += Number(vote !== 0);
    values.alike += Number(vote > 0);
  }));
  return values;
}

/**
 * The ends of an axis that shows all values with room round them.
 * @param {(number | null)[]} values @param {Measure} measure
 */
export function range(values, { log, real }) {
  const shown = [...values, real].flatMap((v) => (v === null ? [] : [log ? Math.log10(v) : v]));
  const low = Math.min(...shown), high = Math.max(...shown), room = 0.12 * (high - low) || 0.5;
  return log ? [10 ** (low - room), 10 ** (high + room)] : [low - room, high + room];
}

/** A number as the report prints it. @param {number} v @param {Measure} measure */
export function printed(v, { digits }) {
  return v.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
