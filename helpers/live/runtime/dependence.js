/** How much the shade of one pixel tells of another's: mutual information over faces of 1,024 pixels. */
import { ARROWS } from "./controls.js";
import { whenIdle } from "./idle.js";
import { PIXELS, SIDE } from "./naive_faces.js";

const SHADES = 8;
const HARDLY = 0.99;                            // of a pixel that varies less, chance tells as much as anything

/** @typedef {ReturnType<typeof shadeTable>} Table */

/**
 * Faces as shades, pixel by pixel, with what their dependence needs and what is the same for every pixel.
 * @param {Uint8Array} faces
 */
export function shadeTable(faces) {
  const n = faces.length / PIXELS, shades = new Uint8Array(faces.length), counts = new Uint32Array(PIXELS * SHADES);
  const parts = Float64Array.from({ length: n + 1 }, (_, c) => (c ? -(c / n) * Math.log(c / n) : 0));
  const entropies = new Float64Array(PIXELS), levels = new Uint8Array(PIXELS), commonest = new Uint8Array(PIXELS);
  for (let k = 0; k < PIXELS; k++) {
    for (let i = 0; i < n; i++) counts[k * SHADES + (shades[k * n + i] = faces[i * PIXELS + k] >> 5)]++;
    const mine = counts.subarray(k * SHADES, (k + 1) * SHADES);
    for (const count of mine) {
      entropies[k] += parts[count];
      levels[k] += Number(count > 0);
    }
    commonest[k] = mine.indexOf(Math.max(...mine));
  }
  return { n, shades, counts, parts, entropies, levels, commonest };
}

/** Whether a pixel has more than one shade in enough faces to tell anything. @param {Table} table @param {number} k */
export function varies({ n, counts, commonest }, k) {
  return counts[k * SHADES + commonest[k]] / n <= HARDLY;
}

/**
 * For every pixel, the share of what is unknown about the shade of pixel `chosen` that its own shade tells:
 * mutual information, less what chance adds to the estimate, over the entropy of `chosen`.
 * @param {Table} table @param {number} chosen
 */
export function sharesTold(table, chosen) {
  const { n, entropies, levels } = table, told = new Float64Array(PIXELS);
  if (!varies(table, chosen)) return told;
  const joint = jointEntropies(table, chosen);
  for (let k = 0; k < PIXELS; k++) {
    if (levels[k] < 2) continue;                           // a pixel that never changes tells nothing
    const chance = ((levels[chosen] - 1) * (levels[k] - 1)) / (2 * n);
    told[k] = Math.max(0, entropies[chosen] + entropies[k] - joint(k) - chance) / entropies[chosen];
  }
  told[chosen] = 1;
  return told;
}

/**
 * The entropy of the shades of `chosen` and of another pixel together.
 * @param {Table} table @param {number} chosen @returns {(k: number) => number}
 */
function jointEntropies({ n, shades, counts, parts, commonest }, chosen) {
  // Only the faces without the commonest shade are counted: what is missing in a column belongs to that one.
  const rest = commonest[chosen], faces = Array.from({ length: n }, (_, i) => i);
  const index = Uint32Array.from(faces.filter((i) => shades[chosen * n + i] !== rest));
  const row = Uint8Array.from(index, (i) => shades[chosen * n + i] * SHADES);
  const joint = new Uint32Array(SHADES * SHADES);
  return (k) => {
    joint.fill(0);
    for (let i = 0; i < index.length; i++) joint[row[i] + shades[k * n + index[i]]]++;
    let entropy = 0;
    for (let s = 0; s < SHADES; s++) {
      let left = counts[k * SHADES + s];
      for (let r = s; r < SHADES * SHADES; r += SHADES) {
        entropy += parts[joint[r]];
        left -= joint[r];
      }
      entropy += parts[left];
    }
    return entropy;
  };
}

/** The pixels above, below, left and right of one, up to `far` away, the nearest first. @param {number} chosen */
function beside(chosen, far = 1) {
  return Array.from({ length: far }, (_, d) => Object.values(ARROWS)
    .map(([down, right]) => [Math.floor(chosen / SIDE) + (d + 1) * down, chosen % SIDE + (d + 1) * right])).flat()
    .filter((place) => place.every((p) => p >= 0 && p < SIDE)).map(([row, column]) => row * SIDE + column);
}

/**
 * Maps by chosen pixel, each computed once: when it is asked for or, where the sliders can go next, before.
 * @param {Table[]} tables @returns {(chosen: number) => Float64Array[]} a map for each table
 */
export function mapsOf(tables) {
  const known = new Map();
  let last = 0, busy = false;
  /** @type {number[]} */
  let ahead = [];
  /** @param {number} chosen */
  const of = (chosen) => known.get(chosen)
    ?? known.set(chosen, tables.map((table) => sharesTold(table, chosen))).get(chosen);
  /** @param {IdleDeadline} [idle] */
  const work = (idle) => {
    do {
      const next = ahead.find((k) => !known.has(k));
      busy = next !== undefined;
      if (next !== undefined) of(next);
    } while (busy && idle && idle.timeRemaining() > 8);    // milliseconds; a map takes about four
    if (busy) whenIdle(work);
  };
  return (chosen) => {
    const near = beside(chosen, SIDE), onward = 2 * chosen - last;
    ahead = near.includes(onward) ? [onward, ...near] : near;
    last = chosen;
    if (!busy) { busy = true; whenIdle(work); }
    return of(chosen);
  };
}

/**
 * What the read-out says of a map: its mean over the pixels next to the chosen one, and how many tell a tenth.
 * @param {Float64Array} told @param {number} chosen
 */
export function summary(told, chosen) {
  const near = beside(chosen).map((k) => told[k]);
  let many = 0;
  told.forEach((share, k) => { many += Number(k !== chosen && share >= 0.1); });
  return [near.reduce((sum, share) => sum + share, 0) / near.length, many];
}
