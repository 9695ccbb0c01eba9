/** Ink on a pad of 84 by 84 dots, three to a pixel of MNIST's field along each side. */

export const SIDE = 28;                         // pixels of MNIST's field
export const SPLIT = 3;                         // so many dots to a pixel
export const FINE = SPLIT * SIDE;
export const PEN = 3.5;                         // the pen's radius in dots
const BOX = 20;                                 // pixels of the box that a digit fills
const MIDDLE = 14.5;                            // of MNIST's field: its centres of mass lie from 14 to 15
const SMALLEST = 30;                            // dots: what is smaller is not enlarged further

/** @param {Uint8Array} ink 0 or 1 for each dot @returns {string} its bits, the first one highest, as base64 */
export function packInk(ink) {
  const bytes = new Uint8Array(Math.ceil(ink.length / 8));
  ink.forEach((dot, k) => { bytes[k >> 3] |= dot << (7 - (k & 7)); });
  return btoa(String.fromCharCode(...bytes));
}

/** @param {string} text from `packInk`, or empty for an empty pad @returns {Uint8Array} */
export function unpackInk(text) {
  const bits = atob(text);
  return Uint8Array.from({ length: FINE * FINE }, (_, k) => (bits.charCodeAt(k >> 3) >> (7 - (k & 7))) & 1);
}

/**
 * y = A x Bᵀ for flat arrays: A is (a, n), x is (n, m), B is (b, m).
 * @param {Float64Array} A @param {ArrayLike<number>} x @param {Float64Array} B @param {number} n @param {number} m
 */
function bothSides(A, x, B, n, m) {
  const a = A.length / n, b = B.length / m, half = new Float64Array(a * m), y = new Float32Array(a * b);
  for (let i = 0; i < a; i++) for (let r = 0; r < n; r++) {
    const w = A[i * n + r];
    if (w) for (let c = 0; c < m; c++) half[i * m + c] += w * x[r * m + c];
  }
  for (let i = 0; i < a; i++) for (let j = 0; j < b; j++) {
    let sum = 0;
    for (let c = 0; c < m; c++) sum += B[j * m + c] * half[i * m + c];
    y[i * b + j] = sum;
  }
  return y;
}

/**
 * For each of 28 pixels, `scale` dots wide, with MIDDLE at the dot `middle`: the share that each dot has of it.
 * @param {number} middle @param {number} scale
 */
function overlaps(middle, scale) {
  const shares = new Float64Array(SIDE * FINE);
  for (let i = 0; i < SIDE; i++) {
    const from = middle + (i - MIDDLE) * scale, to = from + scale;
    for (let r = 0; r < FINE; r++) shares[i * FINE + r] = Math.max(0, Math.min(r + 1, to) - Math.max(r, from)) / scale;
  }
  return shares;
}

/** First and last dot, and the mean place, of a row or column of sums. @param {Float64Array} sums */
function extent(sums) {
  const first = sums.findIndex((s) => s > 0), last = sums.findLastIndex((s) => s > 0);
  const total = sums.reduce((a, b) => a + b), weighed = sums.reduce((a, s, k) => a + (k + 0.5) * s, 0);
  return { size: last + 1 - first, middle: weighed / total };
}

/**
 * Ink as MNIST would have it: scaled to fit a box of 20 by 20 pixels, its centre of mass in the middle.
 * @param {Uint8Array} ink 84 by 84 dots @returns {{image: Float32Array, factor: number}} grey pixels in [0, 1], and
 *   how many times larger the digit is than on the pad; 0 for an empty pad
 */
export function centred(ink) {
  const rows = new Float64Array(FINE), columns = new Float64Array(FINE);
  ink.forEach((dot, k) => { rows[Math.floor(k / FINE)] += dot; columns[k % FINE] += dot; });
  if (!ink.includes(1)) return { image: new Float32Array(SIDE * SIDE), factor: 0 };
  const [down, right] = [extent(rows), extent(columns)];
  const scale = Math.max(down.size, right.size, SMALLEST) / BOX;
  const image = bothSides(overlaps(down.middle, scale), ink, overlaps(right.middle, scale), FINE, FINE);
  return { image, factor: SPLIT / scale };
}

/**
 * A picture of 28 by 28 as ink on the pad: where it is more than half grey, between the pixels' centres too.
 * @param {Float32Array} image
 */
export function traced(image) {
  const between = new Float64Array(FINE * SIDE);
  for (let k = 0; k < FINE; k++) {
    const at = Math.min(Math.max((k + 0.5) / SPLIT - 0.5, 0), SIDE - 1), first = Math.min(Math.floor(at), SIDE - 2);
    between[k * SIDE + first] = first + 1 - at;
    between[k * SIDE + first + 1] = at - first;
  }
  return Uint8Array.from(bothSides(between, image, between, SIDE, SIDE), (grey) => Number(grey > 0.5));
}

/**
 * Draw from one dot to another with the round pen, in place.
 * @param {Uint8Array} ink @param {number[]} from row, column @param {number[]} to
 */
export function stroke(ink, [r0, c0], [r1, c1]) {
  const steps = Math.max(1, Math.ceil(Math.hypot(r1 - r0, c1 - c0)));
  for (let s = 0; s <= steps; s++) {
    const row = r0 + (s / steps) * (r1 - r0), column = c0 + (s / steps) * (c1 - c0);
    for (let r = Math.max(0, Math.floor(row - PEN)); r < Math.min(FINE, row + PEN); r++) {
      for (let c = Math.max(0, Math.floor(column - PEN)); c < Math.min(FINE, column + PEN); c++) {
        if ((r + 0.5 - row) ** 2 + (c + 0.5 - column) ** 2 <= PEN ** 2) ink[r * FINE + c] = 1;
      }
    }
  }
}
