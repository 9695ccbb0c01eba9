/** Boxes of longitude and latitude on the sphere: their area, draws from them, and where these lie. */

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
 * Whether the cell that holds a point is land.
 * @param {DataView} bits a bit a cell, row by row from the north-west corner @param {number} columns
 * @param {number} longitude @param {number} latitude
 */
export function isLand(bits, columns, longitude, latitude) {
  const row = Math.min(Math.floor((90 - latitude) * columns / 360), columns / 2 - 1);
  const column = Math.min(Math.floor((longitude + 180) * columns / 360), columns - 1);
  return bitAt(bits, row * columns + column) === 1;
}

/** @param {DataView} bits @param {number} i */
export const bitAt = (bits, i) => (bits.getUint8(i >> 3) >> (7 - (i & 7))) & 1;

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
 * The square of the chord from each point to the nearest of `others`; all are unit vectors.
 * @param {Float64Array} points @param {Float64Array} others @param {number} enough a square that needs no smaller one
 */
function nearestSquares(points, others, enough = 0) {
  const nearest = new Float64Array(points.length / 3).fill(4);
  for (let i = 0; i < nearest.length; i++) {
    const x = points[3 * i], y = points[3 * i + 1], z = points[3 * i + 2];
    for (let j = 0; j < others.length && nearest[i] > enough; j += 3) {
      const square = (x - others[j]) ** 2 + (y - others[j + 1]) ** 2 + (z - others[j + 2]) ** 2;
      if (square < nearest[i]) nearest[i] = square;
    }
  }
  return nearest;
}

/**
 * Median over `points` of the great-circle distance in km to the nearest of `others`; all are unit vectors.
 * @param {Float64Array} points @param {Float64Array} others
 */
export function medianNearest(points, others) {
  const squares = nearestSquares(points, others);
  const km = squares.map((square) => 2 * EARTH_KM * Math.asin(Math.min(Math.sqrt(square) / 2, 1))).sort();
  const half = km.length / 2;
  return km.length % 2 ? km[Math.floor(half)] : (km[half - 1] + km[half]) / 2;
}

/**
 * The share of `points` with one of `others` within `km`; all are unit vectors.
 * @param {Float64Array} points @param {Float64Array} others @param {number} km
 */
export function shareNear(points, others, km) {
  const square = (2 * Math.sin(km / (2 * EARTH_KM))) ** 2, nearest = nearestSquares(points, others, square);
  return nearest.reduce((count, found) => count + Number(found <= square), 0) / nearest.length;
}
