/** Boxes of longitude and latitude on the sphere: their area, the land in them, draws from them. */

/** @typedef {{west: number, east: number, south: number, north: number}} Box sides in degrees */

const EARTH_KM = 6371.0088, DEGREE = Math.PI / 180;

/** @param {number} degrees */
const sine = (degrees) => Math.sin(degrees * DEGREE);

/**
 * @param {number} west @param {number} east longitudes, in either order @param {number} south @param {number} north
 *   latitudes, in either order @returns {Box}
 */
export function boxOf(west, east, south, north) {
  return { west: Math.min(west, east), east: Math.max(west, east),
    south: Math.min(south, north), north: Math.max(south, north) };
}

/** @param {Box} box @param {number} longitude @param {number} latitude */
export const isInside = ({ west, east, south, north }, longitude, latitude) => (
  west <= longitude && longitude <= east && south <= latitude && latitude <= north);

/** @param {Box} box @returns {number} its area on the unit sphere, in steradians */
export function boxArea({ west, east, south, north }) {
  return (east - west) * DEGREE * (sine(north) - sine(south));
}

/**
 * The land as rows of running sums: entry i * (columns + 1) + j counts row i's land cells west of edge j.
 * @param {DataView} bits a bit a cell, row by row from the north-west corner @param {number} columns
 * @returns {Uint16Array}
 */
export function landSums(bits, columns) {
  const rows = columns / 2, sums = new Uint16Array(rows * (columns + 1));
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const cell = i * columns + j, at = i * (columns + 1) + j;
      sums[at + 1] = sums[at] + ((bits.getUint8(cell >> 3) >> (7 - (cell & 7))) & 1);
    }
  }
  return sums;
}

/**
 * Steradians of land in the box: each cell counts with the part of it that lies inside.
 * @param {Uint16Array} sums from `landSums` @param {number} columns @param {Box} box
 */
export function landArea(sums, columns, { west, east, south, north }) {
  const rows = columns / 2, cell = 360 / columns;
  const clip = (/** @type {number} */ latitude) => Math.min(Math.max(latitude, south), north);
  const landWestOf = (/** @type {number} */ row, /** @type {number} */ longitude) => {
    const edge = (longitude + 180) / cell, j = Math.min(Math.floor(edge), columns - 1), at = row * (columns + 1) + j;
    return sums[at] + (edge - j) * (sums[at + 1] - sums[at]);
  };
  let total = 0;
  for (let i = 0; i < rows; i++) {
    const height = sine(clip(90 - i * cell)) - sine(clip(90 - (i + 1) * cell));
    if (height > 0) total += height * (landWestOf(i, east) - landWestOf(i, west));
  }
  return total * cell * DEGREE;
}

/**
 * Points of the box, uniform by area on the sphere, from uniform numbers; all arrays hold pairs.
 * @param {Box} box @param {Float64Array} uniforms
 */
export function boxDraws({ west, east, south, north }, uniforms) {
  const low = sine(south), high = sine(north);
  return uniforms.map((u, i) => (i % 2 ? Math.asin(low + u * (high - low)) / DEGREE : west + u * (east - west)));
}

/** Pairs (longitude, latitude) as triples on the unit sphere. @param {Float64Array} pairs */
export function unitVectors(pairs) {
  const vectors = new Float64Array((pairs.length / 2) * 3);
  for (let i = 0; i < pairs.length / 2; i++) {
    const longitude = pairs[2 * i] * DEGREE, latitude = pairs[2 * i + 1] * DEGREE;
    vectors[3 * i] = Math.cos(latitude) * Math.cos(longitude);
    vectors[3 * i + 1] = Math.cos(latitude) * Math.sin(longitude);
    vectors[3 * i + 2] = Math.sin(latitude);
  }
  return vectors;
}

/**
 * Median over `pairs` of the great-circle distance in km to the nearest of `others`.
 * @param {Float64Array} pairs @param {Float64Array} others unit vectors
 */
export function medianNearest(pairs, others) {
  const a = unitVectors(pairs), nearest = new Float64Array(a.length / 3).fill(4);
  for (let i = 0; i < nearest.length; i++) {
    for (let j = 0; j < others.length; j += 3) {
      const square = (a[3 * i] - others[j]) ** 2 + (a[3 * i + 1] - others[j + 1]) ** 2
        + (a[3 * i + 2] - others[j + 2]) ** 2;
      if (square < nearest[i]) nearest[i] = square;
    }
  }
  const km = nearest.map((square) => 2 * EARTH_KM * Math.asin(Math.min(Math.sqrt(square) / 2, 1))).sort();
  const half = km.length / 2;
  return km.length % 2 ? km[Math.floor(half)] : (km[half - 1] + km[half]) / 2;
}
