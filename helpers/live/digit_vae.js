/** The learning figure of chapter 8: a variational autoencoder learns digits, and sliders move what it has learned. */
/** @import { Size } from "./runtime/canvas.js" */
/** @import { Colours } from "./runtime/colours.js" */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Learner as Worker } from "./runtime/learner.js" */
/** @import { News } from "./learn/serve.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Place } from "./runtime/plane_chart.js" */
import { brushOf, makeCanvas, pageWide, stillLayer } from "./runtime/canvas.js";
import { classMiddles } from "./runtime/codes.js";
import { makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { drawHistory } from "./runtime/history.js";
import { openLearner } from "./runtime/learner.js";
import { learningFigure } from "./runtime/learning.js";
import { change, read } from "./runtime/model.js";
import { drawAxes, drawCircles, drawDots, drawNames, drawPoint, placeOf } from "./runtime/plane_chart.js";
import { makePad, snap } from "./runtime/plane_pad.js";
import { standardNormal } from "./runtime/random.js";
import { paintImage } from "./runtime/raster.js";
import { signed } from "./runtime/text.js";

/**
 * @typedef {{reconstruction: number, kl: number}} Terms
 * @typedef {object} Told  by programs/digit_vae.js
 * @property {{learned: Terms, held: Terms}[]} epochs @property {Terms} last of the last batch @property {Terms} held
 * @property {Float32Array} codes @property {Uint8Array} draws @property {Uint8Array} picture
 */

const SIDE = 28, COLUMNS = 10, ROWS = 5, GAP = 2, STEPS = 40, EPOCHS = 60;
const REACHES = [3.5, 5, 8, 12, 20];            // of the plane: the least that shows nearly all codes
const SEVERAL = 5, ENOUGH = 1;                  // epochs that bring less than so many nats: it may stop

export default view(({ model, el }) => {
  /** @type {Worker | null} */
  let worker = null;
  /** @type {Told | null} */
  let told = null;
  let fresh = true, coming = false, closed = false, heard = (/** @type {string} */ _) => {};
  const latent = () => model.get("latents")[model.get("latent")];
  const z = () => read(model, "z0", "z1", "z2", "z3").concat(model.get("z_rest")).slice(0, latent());

  /** What the next news says: "" or why it stopped. @param {() => void} order @returns {Promise<string>} */
  const next = (order) => new Promise((resolve) => { heard = resolve; order(); });

  async function begin() {
    [fresh, told] = [true, null];
    model.set("step", 0);
    if (!worker) return;
    const [seed, betas, rates] = read(model, "seed", "betas", "rates");
    const settings = { latent: latent(), beta: betas[model.get("beta")], rate: rates[model.get("rate")], seed,
      epochs: EPOCHS, z: z() };
    fresh = false;
    await next(() => worker?.begin(settings));
  }

  /** @param {boolean} one */
  async function learn(one) {
    if (!worker) await open();
    if (fresh) await begin();
    return next(() => (one ? worker?.step() : worker?.play()));
  }

  async function open() {
    coming = true;
    redraw();
    try {
      worker = await openLearner({ model, program: "digit_vae", data: ["digits"], hear });
    } finally {
      coming = false;
      redraw();
    }
    if (closed) worker.close();
  }

  /** @param {News} news */
  function hear(news) {
    if (news.told) told = /** @type {Told} */ (news.told);
    model.set("step", news.step);
    redraw();
    heard(news.error ?? (news.finished ? `It has read all training digits ${EPOCHS} times, and stops here.` : ""));
  }

  const decoded = Object.assign(makeCanvas(SIDE, SIDE), { className: "decoded" }), brush = brushOf(decoded);
  const sheet = makeSheet(), plane = makePlane(model);

  /** @type {Draw} */
  function draw(ctx, size, colours) {
    const epochs = told?.epochs ?? [], text = sentence(told, model.get("step"), coming, worker !== null);
    const below = sheet(ctx, size, told?.draws, colours);
    drawTerms(ctx, size, below, epochs, colours);
    const brightness = paintImage(brush, told?.picture ?? [], [SIDE, SIDE], [0, 255]);
    plane.draw(latent() === 2, size.width, told, colours);
    const at = z().slice(0, 4).map((number) => signed(number, 1)).join(", ");
    decoded.setAttribute("aria-label", `What the decoder makes of z = (${at}).`);
    if (!told || !model.get("step")) return { text, values: {} };
    const { last, held } = told;
    return { text, values: { ...last, held_reconstruction: held.reconstruction, held_kl: held.kl, brightness } };
  }
  const traits = ["latent", "beta", "rate", "step", "z0", "z1", "z2", "z3", "z_rest"];
  const { figure, canvas, redraw, stop } = learningFigure({ model, el, draw, traits, aspect: 1.15,
    restarts: ["latent", "beta", "rate"], learner: { begin, learn, halt: () => worker?.pause() } });
  figure.classList.add("explorer-digit-vae");
  decoded.setAttribute("role", "img");
  const below = document.createElement("div");
  below.className = "learned";
  below.append(plane.canvas, decoded, makeButton("Draw a random z", () => drawZ(model)));
  canvas.after(below);
  const moved = async () => {
    if (!worker || !told) return;
    const picture = await worker.ask(z());
    if (told && picture) told.picture = picture;
    redraw();
  };
  for (const trait of ["z0", "z1", "z2", "z3", "z_rest"]) model.on(`change:${trait}`, moved);
  const sliders = () => showSliders(figure, latent());
  model.on("change:latent", sliders);
  sliders();
  return () => { closed = true; stop(); worker?.close(); };
});

/** A point of the prior; the sliders go in tenths, and not beyond their ends. @param {Model} model */
function drawZ(model) {
  const limit = model.get("limit"), step = model.get("step_z");
  const shown = () => snap(standardNormal(), step, -limit, limit);
  change(model, { z0: shown(), z1: shown(), z2: shown(), z3: shown(), z_rest: model.get("z_rest").map(standardNormal) });
}

/**
 * A slider only for a latent number that there is.
 * @param {HTMLElement} figure @param {number} latent
 */
function showSliders(figure, latent) {
  const box = figure.closest(".explorer");
  if (!box) return void requestAnimationFrame(() => showSliders(figure, latent));   // not in the page yet
  const rows = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(".explorer-controls .widget-slider")]);
  const ofZ = rows.filter((row) => row.querySelector(".widget-label")?.textContent?.startsWith("z"));
  ofZ.forEach((row, k) => { row.style.display = k < latent ? "" : "none"; });
}

/**
 * What the decoder draws from the same 50 points at every moment; painted anew where it has changed, and not for each
 * move of a slider. Its function gives where the pictures end.
 */
function makeSheet() {
  const sheet = makeCanvas(COLUMNS * (SIDE + GAP) - GAP, ROWS * (SIDE + GAP) - GAP), brush = brushOf(sheet);
  /** @type {[draws?: Uint8Array, faint?: string]} */
  let painted = [];

  /** @param {Uint8Array | undefined} draws @param {string} faint */
  function paint(draws, faint) {
    brush.fillStyle = faint;
    brush.clearRect(0, 0, sheet.width, sheet.height);
    for (let k = 0; k < COLUMNS * ROWS; k++) {
      const [left, top] = [(k % COLUMNS) * (SIDE + GAP), Math.floor(k / COLUMNS) * (SIDE + GAP)];
      if (draws) brush.putImageData(grey(brush, draws.subarray(k * SIDE * SIDE, (k + 1) * SIDE * SIDE)), left, top);
      else brush.fillRect(left, top, SIDE, SIDE);
    }
    painted = [draws, faint];
  }
  return (/** @type {CanvasRenderingContext2D} */ ctx, /** @type {Size} */ { width },
    /** @type {Uint8Array | undefined} */ draws, /** @type {Colours} */ { faint }) => {
    if (painted[0] !== draws || painted[1] !== faint) paint(draws, faint);
    const height = width * sheet.height / sheet.width;
    ctx.drawImage(sheet, 0, 0, width, height);
    return height;
  };
}

/** @param {CanvasRenderingContext2D} brush @param {Uint8Array} levels */
function grey(brush, levels) {
  const image = brush.createImageData(SIDE, SIDE), pixels = new Uint32Array(image.data.buffer);
  levels.forEach((level, i) => { pixels[i] = 0xff000000 | (level * 0x010101); });
  return image;
}

/**
 * Both terms of the loss by epoch, on the digits that it learns from and on those held out.
 * @param {CanvasRenderingContext2D} ctx @param {Size} size @param {number} from  where the room for it begins
 * @param {Told["epochs"]} epochs @param {Colours} colours
 */
function drawTerms(ctx, { width, height }, from, epochs, colours) {
  const top = from + 50, bottom = height - 24, half = width / 2;
  /** @type {[string, (terms: Terms) => number, number][]} */
  const charts = [["− reconstruction", ({ reconstruction }) => -reconstruction, 0], ["KL", ({ kl }) => kl, half]];
  for (const [name, of, left] of charts) {
    const lines = [{ values: epochs.map(({ learned }) => of(learned)), colour: colours.blue },
      { values: epochs.map(({ held }) => of(held)), colour: colours.orange }];
    drawHistory(ctx, { left: left + 40, right: left + half - 12, top, bottom }, lines,
      { name: `${name}, nats`, first: 1, steps: 10, unit: "epochs" }, colours);
  }
  ctx.textAlign = "left";
  const words = [["● digits it learns from", colours.blue], ["● held-out digits", colours.orange]];
  words.reduce((x, [text, colour]) => {
    ctx.fillStyle = colour;
    ctx.fillText(text, x, top - 24);
    return x + ctx.measureText(text).width + 18;
  }, 0);
}

/**
 * The plane of two latent numbers: the held-out digits' codes, in the colours of their labels.
 * @param {Model} model
 */
function makePlane(model) {
  const canvas = makeCanvas(10, 10), surface = pageWide(canvas, 1), limit = model.get("limit");
  const labels = model.get("labels"), names = Array.from("0123456789");
  const labelOf = (/** @type {number} */ i) => labels.getUint8(i);
  /** @type {{place: Place, xs: number[], ys: number[]} | null} */
  let shown = null;
  let still = stillLayer(() => {}), epoch = -1, page = 0;
  makePad(canvas, model, model.get("step_z"), () => shown, [[-limit, limit], [-limit, limit]]);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "The plane of the two latent numbers, with a dot for each held-out digit.");
  /** @type {(brush: CanvasRenderingContext2D, place: Place, codes: Float32Array, colours: Colours) => void} */
  function drawCodes(brush, place, codes, colours) {
    const ends = [-reachOf(codes), reachOf(codes)];
    drawAxes(brush, place, ends, ends, colours);
    drawDots(brush, place, codes, labelOf, colours);
    drawCircles(brush, place, [1, 2, 3], colours);
    if (codes.length) drawNames(brush, place, classMiddles(codes, labelOf, names.length), names, colours);
  }
  return {
    canvas,
    /** @param {boolean} wanted @param {number} width of the page @param {Told | null} told @param {Colours} colours */
    draw(wanted, width, told, colours) {
      if (canvas.hidden === wanted || page !== width) surface.forget();
      canvas.hidden = !wanted;
      page = width;
      if (!wanted) return;
      const [ctx, size] = surface.begin(), codes = told?.codes ?? new Float32Array(0), reach = reachOf(codes);
      const xs = [-reach, reach], place = placeOf(size, xs, xs), z = read(model, "z0", "z1");
      shown = { place, xs, ys: xs };
      if (epoch !== (told?.epochs.length ?? -1)) still = stillLayer((brush, _, its) => drawCodes(brush, place, codes, its));
      epoch = told?.epochs.length ?? -1;
      still(ctx, size, colours);
      drawPoint(ctx, place, z, Float32Array.from(z), colours);
    },
  };
}

/** The plane's reach that shows 99% of the numbers of the codes. @param {Float32Array} codes */
function reachOf(codes) {
  const far = codes.map(Math.abs).sort()[Math.floor(0.99 * codes.length)] ?? 0;
  return REACHES.find((reach) => reach >= far) ?? REACHES[REACHES.length - 1];
}

/**
 * What it is doing, whether it gets better, when to stop.
 * @param {Told | null} told @param {number} step @param {boolean} coming  whether the digits are on their way
 * @param {boolean} here  whether they have come
 */
function sentence(told, step, coming, here) {
  if (coming) return "The digits are on their way: 0.8 MB.";
  if (!told && here) return "Nothing is learned yet. Press Play.";
  if (!told) return "Nothing is loaded yet. Play brings 5,000 digits (0.8 MB) and learns from 4,000 of them.";
  const { epochs, held } = told, elbos = epochs.map((epoch) => elbo(epoch.held)), n = elbos.length;
  const now = `Epoch ${Math.floor(step / STEPS)}, step ${step}. Held-out digits: reconstruction `
    + `${signed(held.reconstruction, 1)}, KL ${signed(held.kl, 1)}, ELBO ${signed(elbo(held), 1)} nats`;
  if (n < 2) return `${now}.`;
  const gain = elbos[n - 1] - elbos[n - 2], ahead = elbo(epochs[n - 1].learned) - elbos[n - 1];
  const lead = ahead > 0 ? ` The digits that it learns from are ${ahead.toFixed(1)} ahead.` : "";
  return `${now}, ${Math.abs(gain).toFixed(1)} ${gain < 0 ? "worse" : "better"} than an epoch ago.${lead}${advice(elbos)}`;
}

/** @param {Terms} terms */
const elbo = ({ reconstruction, kl }) => reconstruction - kl;

/** Single epochs go up and down; means of several say whether it still gets better. @param {number[]} elbos */
function advice(elbos) {
  const mean = (/** @type {number[]} */ some) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const gain = mean(elbos.slice(-SEVERAL)) - mean(elbos.slice(-2 * SEVERAL, -SEVERAL));
  if (elbos.length < 2 * SEVERAL || gain >= ENOUGH) return "";
  return ` The last ${SEVERAL} epochs are ${Math.abs(gain).toFixed(1)} nats ${gain < 0 ? "worse" : "better"} than the `
    + `${SEVERAL} before: you may stop here.`;
}
