/** A mixture of Gaussians in the plane, and one step of expectation-maximisation. */
import { uniforms } from "./random.js";

/** @typedef {[share: number, x: number, y: number, xx: number, xy: number, yy: number]} Bell share, mean, covariance */
/** @typedef {[x: number, y: number][]} Points */

/**
 * Round bells of equal share at points that are drawn without repetition; without points left, anywhere in the plane.
 * @param {Points} points @param {number} n bells @param {number} seed @param {number[]} reach of the plane
 * @returns {Bell[]}
 */
export function firstBells(points, n, seed, [wide, high]) {
  const left = points.slice(), draw = uniforms(seed), variance = (wide / 6) ** 2;
  return Array.from({ length: n }, () => {
    const [u, v] = [draw(), draw()];
    const [x, y] = left.splice(Math.floor(u * left.length), 1)[0] ?? [(2 * u - 1) * wide, (2 * v - 1) * high];
    return [1 / n, x, y, variance, 0, variance];
  });
}

/** log(share) + log density of a bell at a point. @param {Bell} bell @param {number} x @param {number} y */
function logJoint([share, mx, my, xx, xy, yy], x, y) {
  const det = xx * yy - xy * xy, dx = x - mx, dy = y - my;
  const square = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / det;
  return Math.log(share) - Math.log(2 * Math.PI) - 0.5 * (Math.log(det) + square);
}

/**
 * E step: which part of each point each bell claims, and the mean log-likelihood of a point.
 * @param {Points} points @param {Bell[]} bells @returns {{claims: number[][], fit: number}}
 */
export function expect(points, bells) {
  let sum = 0;
  const claims = points.map(([x, y]) => {
    const logs = bells.map((bell) => logJoint(bell, x, y)), most = Math.max(...logs);
    const parts = logs.map((log) => Math.exp(log - most)), all = parts.reduce((a, b) => a + b);
    sum += most + Math.log(all);
    return parts.map((part) => part / all);
  });
  return { claims, fit: sum / points.length };
}

/**
 * M step: share, mean and covariance of each bell, from its claims; of all covariances that are nowhere narrower than
 * `least`, the one of the highest likelihood. A bell that claims nothing stays where it is, with a share of 0.
 * @param {Points} points @param {number[][]} claims @param {Bell[]} bells @param {number} least standard deviation
 * @returns {Bell[]}
 */
export function maximise(points, claims, bells, least) {
  return bells.map((bell, j) => {
    const claimed = claims.reduce((sum, parts) => sum + parts[j], 0);
    if (claimed < 1e-12) return [0, bell[1], bell[2], bell[3], bell[4], bell[5]];
    const mean = (/** @type {(dx: number, dy: number) => number} */ of, x = 0, y = 0) => (
      points.reduce((sum, point, i) => sum + claims[i][j] * of(point[0] - x, point[1] - y), 0) / claimed);
    const x = mean((dx) => dx), y = mean((_, dy) => dy);
    const covariance = noNarrower(mean((dx) => dx * dx, x, y), mean((dx, dy) => dx * dy, x, y),
      mean((_, dy) => dy * dy, x, y), least ** 2);
    return [claimed / points.length, x, y, ...covariance];
  });
}

/**
 * The axes of a covariance: its eigenvalues, and the angle of the first one's direction.
 * @param {number} xx @param {number} xy @param {number} yy
 */
export function axesOf(xx, xy, yy) {
  const middle = (xx + yy) / 2, half = Math.hypot((xx - yy) / 2, xy);
  return { most: middle + half, least: middle - half, angle: 0.5 * Math.atan2(2 * xy, xx - yy) };
}

/**
 * The covariance with its eigenvalues raised to `floor` where they are less.
 * @param {number} xx @param {number} xy @param {number} yy @param {number} floor
 * @returns {[xx: number, xy: number, yy: number]}
 */
function noNarrower(xx, xy, yy, floor) {
  const { most, least, angle } = axesOf(xx, xy, yy);
  if (least >= floor) return [xx, xy, yy];
  const a = Math.max(most, floor), b = Math.max(least, floor), c = Math.cos(angle), s = Math.sin(angle);
  return [a * c * c + b * s * s, (a - b) * c * s, a * s * s + b * c * c];
}
