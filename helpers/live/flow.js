/** Points that follow a learned velocity from noise to data, in as many steps as the reader chooses. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Scale } from "./runtime/axes.js" */
import { linearScale, niceTicks, xAxis, yAxis } from "./runtime/axes.js";
import { copyOf } from "./runtime/bytes.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { disc, polyline } from "./runtime/marks.js";
import { read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";

/** @typedef {{run: (row: Float32Array) => Float32Array}} Flow from (x, y, t) to a velocity */

const N_TRAILS = 12;                            // as in flow.py

export default view(({ model, el }) => {
  const flow = makeNetwork(model.get("network"), model.get("weights"));
  const starts = new Float32Array(copyOf(model.get("starts")));
  const [menu, centres, radius, reach] = read(model, "n_steps", "centres", "radius", "reach");
  /** @type {Map<number, Float32Array[]>} */
  const known = new Map();                      // a walk is computed once for each number of steps

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [t, steps] = read(model, "t", "steps"), n = menu[steps];
    const path = known.get(n) ?? walk(flow, starts, n);
    known.set(n, path);
    const now = passed(path, t), values = arrival(now[now.length - 1], centres, radius);
    drawWalk(ctx, size, colours, now, centres, radius, reach);
    const share = (100 * values.arrived).toFixed(0), away = values.away.toFixed(2);
    return { values, text: `t = ${t.toFixed(2)}, ${n} ${n === 1 ? "step" : "steps"} in all: ${share}% of the points are `
      + `in a circle. The mean distance to the nearest centre is ${away}.` };
  }
  const { figure, stop } = liveFigure({ model, el, traits: ["t", "steps"], aspect: 1, draw });
  figure.classList.add("explorer-flow");
  return stop;
});

/**
 * Euler's steps: where all points are after each, as x, y, x, y, …
 * @param {Flow} flow @param {Float32Array} starts @param {number} n @returns {Float32Array[]}
 */
export function walk(flow, starts, n) {
  const path = [starts], row = new Float32Array(3);
  for (let k = 0; k < n; k++) {
    const from = path[k], to = from.slice();
    for (let i = 0; i < from.length; i += 2) {
      row.set([from[i], from[i + 1], k / n]);
      const [vx, vy] = flow.run(row);
      to[i] += vx / n;
      to[i + 1] += vy / n;
    }
    path.push(to);
  }
  return path;
}

/**
 * The corners of the paths up to time t, and where the points are then: between two corners they walk straight.
 * @param {Float32Array[]} path @param {number} t @returns {Float32Array[]}
 */
export function passed(path, t) {
  const done = t * (path.length - 1), k = Math.min(Math.floor(done), path.length - 2);
  const now = path[k].map((x, i) => x + (done - k) * (path[k + 1][i] - x));
  return [...path.slice(0, k + 1), now];
}

/** @param {Float32Array} points @param {number[][]} centres @param {number} radius */
function arrival(points, centres, radius) {
  let sum = 0, inside = 0;
  for (let i = 0; i < points.length; i += 2) {
    const away = Math.min(...centres.map(([x, y]) => Math.hypot(points[i] - x, points[i + 1] - y)));
    sum += away;
    inside += Number(away < radius);
  }
  return { away: (2 * sum) / points.length, arrived: (2 * inside) / points.length };
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {{width: number, height: number}} size @param {Colours} colours
 * @param {Float32Array[]} path @param {number[][]} centres @param {number} radius @param {number} reach
 */
function drawWalk(ctx, { width, height }, colours, path, centres, radius, reach) {
  const left = 34, top = 8, side = Math.min(width - left - 8, height - top - 26);
  const toX = linearScale(-reach, reach, left, left + side), toY = linearScale(-reach, reach, top + side, top);
  xAxis(ctx, toX, niceTicks(-reach, reach, 5), top + side, [left, left + side], colours.ink);
  yAxis(ctx, toY, niceTicks(-reach, reach, 5), left, [top, top + side], colours.ink);
  ctx.setLineDash([4, 4]);
  ctx.strokeStyle = colours.ink;
  for (const [x, y] of centres) {
    ctx.beginPath();
    ctx.arc(toX(x), toY(y), toX(radius) - toX(0), 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  drawPoints(ctx, path, toX, toY, colours);
}

/**
 * The points where they are now, and the way that some of them came.
 * @param {CanvasRenderingContext2D} ctx @param {Float32Array[]} path @param {Scale} toX @param {Scale} toY
 * @param {Colours} colours
 */
function drawPoints(ctx, path, toX, toY, { blue, orange }) {
  const now = path[path.length - 1];
  for (let i = 0; i < now.length; i += 2) disc(ctx, toX(now[i]), toY(now[i + 1]), 2.5, orange);
  for (let i = 0; i < 2 * N_TRAILS && i < now.length; i += 2) {
    polyline(ctx, path.map((at) => [toX(at[i]), toY(at[i + 1])]), blue, 1.5);
    disc(ctx, toX(now[i]), toY(now[i + 1]), 3.5, blue);
  }
}
