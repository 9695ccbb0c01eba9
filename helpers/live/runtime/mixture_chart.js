/** A mixture of Gaussians over its points on a canvas. */
/** @import { Colours } from "./colours.js" */
/** @import { Bell, Points } from "./mixture.js" */
/** @import { Place } from "./paper.js" */
import { ofHex } from "./colours.js";
import { disc, rimmed, segment } from "./marks.js";
import { axesOf } from "./mixture.js";
import { inside } from "./paper.js";

/**
 * @typedef {{bells: Bell[], claims: number[][], fits: number[]}} Fit the claims that led to the bells, the
 *   log-likelihoods of a point since the start
 */

/** @param {Colours} colours */
const coloursOf = ({ blue, orange, green, red, ink }) => [blue, orange, green, red, ink];

/**
 * The points, each in the mixed colours of those that claim it; a bell's number says whose colour it is.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Points} points @param {number[][]} claims
 * @param {Colours} colours
 */
export function drawPoints(ctx, { toX, toY }, points, claims, colours) {
  const parts = coloursOf(colours).slice(0, 4).map(ofHex);
  points.forEach(([x, y], i) => {
    disc(ctx, toX(x), toY(y), 5, colours.paper);
    disc(ctx, toX(x), toY(y), 4, claims.length ? mixed(parts, claims[i]) : colours.ink);
  });
}

/** @param {number[][]} parts red, green, blue @param {number[]} shares */
function mixed(parts, shares) {
  const rgb = [0, 1, 2].map((c) => shares.reduce((sum, share, j) => sum + share * (parts[j]?.[c] ?? 128), 0));
  return `rgb(${rgb.map(Math.round).join()})`;
}

/**
 * Ellipses at two standard deviations, with the bells' numbers, a part of the way from before to now.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Bell[]} before @param {Bell[]} now
 * @param {number} part @param {Colours} colours
 */
export function drawBells(ctx, place, before, now, part, colours) {
  inside(ctx, place, () => now.forEach((bell, j) => {
    const from = before[j], there = /** @type {Bell} */ (bell.map((to, k) => from[k] + part * (to - from[k])));
    drawBell(ctx, place, there, String(j + 1), coloursOf(colours)[j], colours);
  }));
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Bell} bell @param {string} name
 * @param {string} colour @param {Colours} colours
 */
function drawBell(ctx, { toX, toY }, [share, x, y, xx, xy, yy], name, colour, { paper }) {
  const { most, least, angle } = axesOf(xx, xy, yy), scale = 2 * (toX(1) - toX(0));
  ctx.globalAlpha = share > 1e-3 ? 1 : 0.3;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2.5;
  ctx.beginPath();
  ctx.ellipse(toX(x), toY(y), scale * Math.sqrt(most), scale * Math.sqrt(least), -angle, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.font = "bold 16px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  rimmed(ctx, name, toX(x), toY(y), colour, [[paper, 5]]);
}

/** @param {CanvasRenderingContext2D} ctx @param {Place} place @param {{x: number, y: number}} at @param {Colours} c */
export function drawCursor(ctx, { toX, toY }, { x, y }, { ink, paper }) {
  const [h, v] = [toX(x), toY(y)];
  for (const [colour, width] of /** @type {[string, number][]} */ ([[paper, 5], [ink, 2]])) {
    segment(ctx, h - 11, v, h + 11, v, colour, width);
    segment(ctx, h, v - 11, h, v + 11, colour, width);
  }
}
