/** Codes in the plane, pairs in a Float32Array: which is nearest, where a class is, names that stand apart. */

/**
 * The code nearest to z.
 * @param {Float32Array} codes @param {number[]} z
 */
export function nearestCode(codes, [a, b]) {
  let index = 0, best = Infinity;
  for (let i = 0; i < codes.length; i += 2) {
    const square = (codes[i] - a) ** 2 + (codes[i + 1] - b) ** 2;
    if (square < best) [best, index] = [square, i / 2];
  }
  return { index, distance: Math.sqrt(best) };
}

/**
 * For each class the medians of its codes: where its name stands; null for a class without codes.
 * @param {Float32Array} codes @param {(i: number) => number} labelOf @param {number} n classes
 */
export function classMiddles(codes, labelOf, n) {
  const median = (/** @type {number[]} */ numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
  return Array.from({ length: n }, (_, label) => {
    const mine = Array.from({ length: codes.length / 2 }, (_, i) => i).filter((i) => labelOf(i) === label);
    return mine.length ? [0, 1].map((k) => median(mine.map((i) => codes[2 * i + k]))) : null;
  });
}

/**
 * The same places, those nearer than `gap` pushed away from each other; null stays null.
 * @param {(number[] | null)[]} places @param {number} gap
 */
export function apart(places, gap) {
  const moved = places.map((place) => place && [...place]);
  for (let round = 0; round < 100; round++) {
    moved.forEach((a, i) => moved.slice(i + 1).forEach((b) => {
      if (!a || !b) return;
      const away = [b[0] - a[0], b[1] - a[1]], distance = Math.hypot(...away);
      if (distance >= gap) return;
      const push = (gap - distance) / 2, [x, y] = distance ? away.map((part) => part / distance) : [1, 0];
      [a[0], a[1], b[0], b[1]] = [a[0] - push * x, a[1] - push * y, b[0] + push * x, b[1] + push * y];
    }));
  }
  return moved;
}
