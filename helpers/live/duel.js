/** A learning figure of chapter 10: the Dirac GAN, two players with one number each, from a start that is dragged. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { At } from "./runtime/grab.js" */
/** @import { Place } from "./runtime/paper.js" */
import { view } from "./runtime/failure.js";
import { isNear, onGrab } from "./runtime/grab.js";
import { drawHistory } from "./runtime/history.js";
import { learningFigure } from "./runtime/learning.js";
import { disc, polyline, rimmed, segment } from "./runtime/marks.js";
import { change, read } from "./runtime/model.js";
import { drawPlane, inside, placeOf, pressedOn } from "./runtime/paper.js";
import { signed } from "./runtime/text.js";

/** @typedef {[theta: number, psi: number]} Players */
/** @typedef {{gamma: number, rate: number, rateD: number}} Rules the price of steepness, and the rate of each player */

const DECAY = 0.99;                             // of the running average
const REST = 1e-3, FAR = 100, MOST = 3000;      // distances from rest and number of moves at which it stops
const REACH = [3, 3], START = 2, FIELD = 0.5;   // of the plane; of a start; between two arrows

export default view(({ model, el }) => {
  /** @type {Players[]} */
  let moves = [], averages = moves;
  /** @type {Place | null} */
  let place = null;

  const learner = {
    begin() {
      moves = [/** @type {Players} */ (read(model, "theta", "psi"))];
      averages = [moves[0]];
      model.set("step", 0);
    },
    learn() {
      const [gamma, rate, rateD] = read(model, "gamma", "rate", "rate_D"), now = moves[moves.length - 1];
      const next = move(now, { gamma, rate, rateD }), away = Math.hypot(...next);
      moves.push(next);
      averages.push(/** @type {Players} */ (next.map((value, k) => (
        DECAY * averages[averages.length - 1][k] + (1 - DECAY) * value))));
      model.set("step", moves.length - 1);
      if (away < REST) return "They are at rest.";
      if (!(away < FAR)) return "They have run away: the steps are too large. Lower the rates and start again.";
      return moves.length > MOST ? "They have found no rest in 3,000 moves." : "";
    },
  };

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const averaging = model.get("averaging"), [gamma, rate, rateD] = read(model, "gamma", "rate", "rate_D");
    place = placeOf(size, REACH, 160);
    drawPlane(ctx, place, REACH, colours, ["θ, the forger", "ψ, the curator"]);
    inside(ctx, place, () => {
      drawField(ctx, /** @type {Place} */ (place), { gamma, rate, rateD }, colours);
      drawWay(ctx, /** @type {Place} */ (place), moves, averaging ? averages : [], colours);
    });
    const lines = [{ values: moves.map((at) => Math.hypot(...at)), colour: colours.blue, name: "players" },
      { values: averages.map((at) => Math.hypot(...at)), colour: colours.orange, name: "running average" }];
    drawHistory(ctx, place.below, lines.slice(0, averaging ? 2 : 1),
      { name: "distance from rest", steps: 300, unit: "moves" }, colours);
    return told(moves, averages);
  }
  const dials = ["gamma", "rate", "rate_D"], { figure, canvas, stop } = learningFigure({ model, el, draw, learner,
    traits: ["theta", "psi", ...dials, "averaging", "step"], restarts: ["theta", "psi"], aspect: 0.8 });
  figure.classList.add("explorer-duel");
  const put = pressedOn(() => place, [START, START], (x, y) => {
    change(model, { theta: Number(x.toFixed(1)), psi: Number(y.toFixed(1)) });
  });
  const isStart = (/** @type {At} */ at) => place && isNear(at, place.toX(model.get("theta")), place.toY(model.get("psi")));
  onGrab(canvas, (at) => (isStart(at) ? put(at) : null), put);
  return stop;
});

/**
 * Both players go down the slopes of their losses at once; the data are the point 0, the curator's logit is psi x.
 * @param {Players} players @param {Rules} rules @returns {Players}
 */
export function move([theta, psi], { gamma, rate, rateD }) {
  const verdict = 1 / (1 + Math.exp(-psi * theta));
  return [theta + rate * psi * verdict, psi - rateD * (theta * verdict + gamma * psi)];
}

/** What the figure says, and its numbers. @param {Players[]} moves @param {Players[]} averages */
function told(moves, averages) {
  const n = moves.length - 1, [[theta, psi], average] = [moves[n], averages[n]];
  const values = { theta_now: theta, psi_now: psi, away: Math.hypot(theta, psi), average_away: Math.hypot(...average) };
  const where = `θ = ${signed(theta, 2)}, ψ = ${signed(psi, 2)}`;
  if (!n) return { text: `Start: ${where}. Press Play, or drag the start to another place.`, values };
  return { text: `Move ${n}: ${where}, ${values.away.toFixed(2)} from rest; the running average is `
    + `${values.average_away.toFixed(2)} away.`, values };
}

/**
 * Where the players would go from many places: short lines with a dot at their start.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Rules} rules @param {Colours} colours
 */
function drawField(ctx, { toX, toY }, rules, { faint }) {
  const length = 0.6 * (toX(FIELD) - toX(0));
  for (let theta = -REACH[0] + FIELD / 2; theta < REACH[0]; theta += FIELD) {
    for (let psi = -REACH[1] + FIELD / 2; psi < REACH[1]; psi += FIELD) {
      const [t, p] = move([theta, psi], rules), far = Math.hypot(t - theta, p - psi) || 1;
      const [x, y, dx, dy] = [toX(theta), toY(psi), length * (t - theta) / far, -length * (p - psi) / far];
      segment(ctx, x, y, x + dx, y + dy, faint, 1.5);
      segment(ctx, x + dx, y + dy, x + 0.6 * dx - 0.25 * dy, y + 0.6 * dy + 0.25 * dx, faint, 1.5);
      segment(ctx, x + dx, y + dy, x + 0.6 * dx + 0.25 * dy, y + 0.6 * dy - 0.25 * dx, faint, 1.5);
    }
  }
}

/**
 * The players' way and their average's, the rest, the start, and where both are now.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Players[]} moves @param {Players[]} averages
 * @param {Colours} colours
 */
function drawWay(ctx, { toX, toY }, moves, averages, colours) {
  const on = (/** @type {Players} */ [theta, psi]) => [toX(theta), toY(psi)];
  const [[x0, y0], [x, y]] = [moves[0], moves[moves.length - 1]].map(on);
  polyline(ctx, moves.map(on), colours.blue, 1.5);
  if (averages.length) polyline(ctx, averages.map(on), colours.orange, 2.5);
  ctx.font = "20px system-ui, sans-serif";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  rimmed(ctx, "★", toX(0), toY(0), colours.ink, [[colours.paper, 4]]);
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.arc(x0, y0, 11, 0, 2 * Math.PI);
  ctx.stroke();
  disc(ctx, x, y, 8, colours.paper);
  disc(ctx, x, y, 6, colours.blue);
  if (!averages.length) return;
  const [ax, ay] = on(averages[averages.length - 1]);
  disc(ctx, ax, ay, 5, colours.orange);
}
