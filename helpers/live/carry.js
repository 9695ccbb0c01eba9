/** A learning figure of chapter 12: points are carried from noise onto a ring while the velocity is learned. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Place } from "./runtime/paper.js" */
import { falling, makeCarrier, N_STEPS } from "./learn/carry.js";
import { CENTRES, WIDTH } from "./learn/ring.js";
import { view } from "./runtime/failure.js";
import { drawHistory } from "./runtime/history.js";
import { inSlices, learningFigure } from "./runtime/learning.js";
import { disc, polyline } from "./runtime/marks.js";
import { read } from "./runtime/model.js";
import { drawPlane, inside, placeOf } from "./runtime/paper.js";

const REACH = [3.2, 3.2], RADIUS = 3 * WIDTH;   // of the plane; of a circle: inside it a point has arrived
const N_TRAILS = 16;                            // points whose way is drawn
const MEMORY = 0.95;                            // of the running mean of the loss

export default view(({ model, el }) => {
  /** @type {ReturnType<typeof makeCarrier>} */
  let carrier;
  /** @type {number[]} */
  let losses = [];

  const learner = {
    begin() {
      carrier = makeCarrier(model.get("seed"));
      losses = [];
      model.set("step", 0);
    },
    learn: inSlices(() => {
      const [rate, step] = read(model, "rate", "step");
      if (step >= N_STEPS) return "The training is over: its rate has fallen to 0. Start again begins anew.";
      const loss = carrier.step(falling(rate, step)), before = losses[step - 1] ?? loss;
      losses.push(MEMORY * before + (1 - MEMORY) * loss);
      model.set("step", step + 1);
      if (!Number.isFinite(loss)) return "The loss is not a finite number. Lower the rate and start again.";
      return step + 1 < N_STEPS ? "" : "The training is over: its rate has fallen to 0.";
    }),
  };

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const [menu, which, step] = read(model, "n_steps", "steps", "step"), path = carrier.path(menu[which]);
    const place = placeOf(size, REACH, 160), values = arrival(path[path.length - 1]);
    drawPlane(ctx, place, REACH, colours);
    inside(ctx, place, () => drawPath(ctx, place, path, colours));
    drawHistory(ctx, place.below, [{ values: losses, colour: colours.orange }],
      { name: "error of the velocity, running mean", first: 1, steps: N_STEPS }, colours);
    const share = `${(100 * values.arrived).toFixed(0)}% of the points end in a circle`;
    const text = step ? `Step ${step.toLocaleString("en")}: error ${losses[step - 1].toFixed(2)}. ${share}.`
      : `Nothing is learned yet: ${share}. Press Play.`;
    return { text, values };
  }
  const { figure, stop } = learningFigure({ model, el, traits: ["steps", "rate", "seed", "step"], restarts: ["seed"],
    aspect: 0.8, draw, learner });
  figure.classList.add("explorer-carry");
  return stop;
});

/** Mean distance to the nearest bell, and the share of points inside a circle. @param {Float32Array} points */
function arrival(points) {
  let sum = 0, inside = 0;
  for (let i = 0; i < points.length; i += 2) {
    const away = Math.min(...CENTRES.map(([x, y]) => Math.hypot(points[i] - x, points[i + 1] - y)));
    sum += away;
    inside += Number(away < RADIUS);
  }
  return { away: 2 * sum / points.length, arrived: 2 * inside / points.length };
}

/**
 * The circles, where the points end, and the way that some of them go.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Float32Array[]} path @param {Colours} colours
 */
function drawPath(ctx, { toX, toY }, path, { ink, blue, orange, paper }) {
  const ends = path[path.length - 1];
  ctx.setLineDash([4, 4]);
  ctx.strokeStyle = ink;
  ctx.lineWidth = 1;
  for (const [x, y] of CENTRES) {
    ctx.beginPath();
    ctx.arc(toX(x), toY(y), toX(RADIUS) - toX(0), 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  for (let i = 2 * N_TRAILS; i < ends.length; i += 2) disc(ctx, toX(ends[i]), toY(ends[i + 1]), 2.5, orange);
  for (let i = 0; i < 2 * N_TRAILS; i += 2) {
    polyline(ctx, path.map((at) => [toX(at[i]), toY(at[i + 1])]), blue, 1.3);
    disc(ctx, toX(path[0][i]), toY(path[0][i + 1]), 2, blue);
    disc(ctx, toX(ends[i]), toY(ends[i + 1]), 5, paper);
    disc(ctx, toX(ends[i]), toY(ends[i + 1]), 4, blue);
  }
}
