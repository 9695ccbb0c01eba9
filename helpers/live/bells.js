/** A learning figure of chapter 10: a forger and a curator of points play their game on a ring of eight bells. */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Place } from "./runtime/paper.js" */
import { CENTRES, countBells, makeRing } from "./learn/ring.js";
import { brushOf, makeCanvas } from "./runtime/canvas.js";
import { ofHex } from "./runtime/colours.js";
import { view } from "./runtime/failure.js";
import { drawHistory } from "./runtime/history.js";
import { inSlices, learningFigure } from "./runtime/learning.js";
import { disc, segment } from "./runtime/marks.js";
import { read } from "./runtime/model.js";
import { drawPlane, inside, placeOf } from "./runtime/paper.js";

/** @typedef {ReturnType<typeof makeRing>} Game */

const REACH = [3.2, 3.2], SIDE = 41;            // of the plane; shades along a side
const END = 1600;                               // moves of a game, as in the chapter
const OFTEN = 100;                              // moves between two that the caption compares
const PALE = 0.75;                              // of a shade, where the curator is sure

export default view(({ model, el }) => {
  /** @type {Game} */
  let game;
  /** @type {{bells: number[], losses: number[][]}} what the game was like every 100 moves; after each move */
  let seen = { bells: [], losses: [] };
  const map = makeCanvas(SIDE, SIDE), brush = brushOf(map);
  let painted = "";                             // the paper's colour under the map; "" where the curator has moved since

  const learner = {
    begin() {
      game = makeRing(model.get("seed"));
      seen = { bells: [], losses: [] };
      model.set("step", 0);
      painted = "";
    },
    learn: inSlices(() => {
      painted = "";
      const [gamma, rates, rate, step, averaging] = read(model, "gamma", "rates", "rate", "step", "averaging");
      if (step % OFTEN === 0) seen.bells.push(countBells(game.points(averaging)).bells);
      const { lossG, lossD } = game.move({ gamma, rateD: rates[rate] });
      if (!Number.isFinite(lossG + lossD)) return "The loss is not a finite number. Lower γ, then start again.";
      seen.losses.push([lossG, lossD]);
      model.set("step", step + 1);
      return step + 1 === END ? "The game of the chapter ends here. Play goes on; Start again begins anew." : "";
    }),
  };

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const averaged = model.get("averaging"), points = game.points(averaged), found = countBells(points);
    const step = model.get("step"), place = placeOf(size, REACH, 160), { lossG, lossD } = lastOf(seen.losses);
    if (painted !== colours.paper) paintVerdict(brush, game, colours);
    painted = colours.paper;
    ctx.drawImage(map, place.left, place.top, place.right - place.left, place.bottom - place.top);
    drawPlane(ctx, place, REACH, colours);
    inside(ctx, place, () => drawGame(ctx, place, points, colours));
    const lines = [{ values: seen.losses.map((pair) => pair[0]), colour: colours.green, name: "forger" },
      { values: seen.losses.map((pair) => pair[1]), colour: colours.orange, name: "curator" }];
    drawHistory(ctx, place.below, lines, { name: "losses", first: 1, steps: END, unit: "moves" }, colours);
    const who = averaged ? "the calm forger" : "the forger";
    const text = `Move ${step.toLocaleString("en")}: ${who} covers ${found.bells} of 8 bells${earlier(seen.bells)}; `
      + `${(100 * found.good).toFixed(0)}% of the points lie on a bell.`;
    return { text: step ? `${text} Losses: forger ${lossG.toFixed(2)}, curator ${lossD.toFixed(2)}.`
      : `${text} Crosses: bells; green: the forger's points. Press Play.`, values: { bells: found.bells, good: found.good } };
  }
  const traits = ["gamma", "rate", "averaging", "seed", "step"];
  const { figure, stop } = learningFigure({ model, el, traits, restarts: ["seed"], aspect: 0.8, draw, learner });
  figure.classList.add("explorer-bells");
  return stop;
});

/** What the caption says of the last time that bells were counted. @param {number[]} bells */
function earlier(bells) {
  const n = bells.length - 1;
  return n > 0 ? ` (${bells[n]} after move ${(OFTEN * n).toLocaleString("en")})` : "";
}

/** @param {number[][]} losses */
function lastOf(losses) {
  const [lossG, lossD] = losses[losses.length - 1] ?? [NaN, NaN];
  return { lossG, lossD };
}

/**
 * What the curator says of each place: the paper where it is undecided, orange for real and blue for forged.
 * @param {CanvasRenderingContext2D} brush @param {Game} game @param {Colours} colours
 */
function paintVerdict(brush, game, { blue, orange, paper }) {
  const shades = brush.createImageData(SIDE, SIDE), said = game.verdicts(SIDE, REACH[0]);
  const [forged, real, plain] = [blue, orange, paper].map(ofHex);
  for (let i = 0; i < said.length; i++) {
    const sure = PALE * Math.abs(2 * said[i] - 1), towards = said[i] > 0.5 ? real : forged;
    for (let c = 0; c < 3; c++) shades.data[4 * i + c] = plain[c] + sure * (towards[c] - plain[c]);
    shades.data[4 * i + 3] = 255;
  }
  brush.putImageData(shades, 0, 0);
}

/**
 * The bells as crosses with rims, the forger's points as dots with rims.
 * @param {CanvasRenderingContext2D} ctx @param {Place} place @param {Float32Array} points @param {Colours} colours
 */
function drawGame(ctx, { toX, toY }, points, { ink, paper, green }) {
  for (const [x, y] of CENTRES) {
    for (const [colour, width] of /** @type {[string, number][]} */ ([[paper, 5], [ink, 2]])) {
      segment(ctx, toX(x) - 8, toY(y), toX(x) + 8, toY(y), colour, width);
      segment(ctx, toX(x), toY(y) - 8, toX(x), toY(y) + 8, colour, width);
    }
  }
  for (let i = 0; i < points.length; i += 2) disc(ctx, toX(points[i]), toY(points[i + 1]), 2.8, paper);
  for (let i = 0; i < points.length; i += 2) disc(ctx, toX(points[i]), toY(points[i + 1]), 1.9, green);
}
