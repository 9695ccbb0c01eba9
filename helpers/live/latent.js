/** Sliders for the latent dimensions of a decoder, the image that it makes of them, and others to compare it with. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Description } from "./runtime/network.js" */
import { makeComparison } from "./runtime/compare.js";
import { makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { judgeOnRequest } from "./runtime/judged.js";
import { change, read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { standardNormal } from "./runtime/random.js";
import { paintImage } from "./runtime/raster.js";
import { signed } from "./runtime/text.js";

export default view(({ model, el }) => {
  const decode = makeDecoder(model), [names, conditions, range, limit] = read(
    model, "names", "conditions", "value_range", "limit");
  const [height, width, channels] = decode.shape, pixels = [width, height];
  const sliders = Array.from({ length: model.get("n_sliders") }, (_, k) => `z${k}`);
  const traits = [...sliders, "choice", "z_base"];
  const stateNow = () => Object.fromEntries(traits.map((trait) => [trait, model.get(trait)]));
  const judge = model.get("of_digits") && width === 28 && channels !== 3 ? judgeOnRequest(model, () => live.redraw()) : null;

  /** @type {Draw} */
  function draw(ctx) {
    const { z, x } = decode(stateNow()), free = z.subarray(0, z.length - (conditions[0]?.length ?? 0));
    const brightness = paintImage(ctx, x, [height, width, channels], range), length = Math.hypot(...free);
    const told = judge?.tell(x.map((v) => Math.min(Math.max((v - range[0]) / (range[1] - range[0]), 0), 1)));
    const text = `${names.length > 1 ? `${names[model.get("choice")]}: ` : ""}z = (${
      read(model, ...sliders).map((v) => signed(v, 1)).join(", ")})${free.length > sliders.length ? " …" : ""}, at a distance of ${
      length.toFixed(1)} from 0.${told?.text ?? ""}`;
    return { text, values: { brightness, length, ...told?.values } };
  }
  const live = liveFigure({ model, el, traits, pixels, draw });
  const comparison = makeComparison({ model, sliders, limit, names, pixels,
    paint(brush, state) { paintImage(brush, decode(state).x, [height, width, channels], range); } });
  for (const trait of sliders) model.on(`change:${trait}`, () => comparison.moved(trait));
  for (const trait of traits) model.on(`change:${trait}`, comparison.redraw);
  const buttons = document.createElement("div");
  buttons.append(makeButton("Draw a random z", () => moveTo(model, sliders, standardNormal)),
    makeButton("Back to z = 0", () => moveTo(model, sliders, () => 0)));
  live.figure.prepend(buttons);
  live.readout.parentElement?.after(...(judge ? [judge.place] : []), comparison.place);
  return live.stop;
});

/**
 * What computes the image of a state from the sliders, the menu and, for numbers without a slider, `z_base`.
 * @param {Model} model
 */
function makeDecoder(model) {
  const [descriptions, weights, conditions] = read(model, "networks", "weights", "conditions");
  const networks = Array.from(descriptions, (/** @type {Description} */ one, i) => makeNetwork(one, weights[i]));
  /** @param {Record<string, any>} state */
  const decode = (state) => {
    const z = Float32Array.from(state.z_base), condition = conditions[state.choice] ?? [];
    for (let k = 0; `z${k}` in state; k++) z[k] = state[`z${k}`];
    z.set(condition, z.length - condition.length);
    return { z, x: networks[condition.length ? 0 : state.choice].run(z) };
  };
  return Object.assign(decode, { shape: networks[0].outputShape });
}

/**
 * Another latent point; the sliders go in tenths, and not beyond their ends.
 * @param {Model} model @param {string[]} sliders @param {() => number} next gives one number after another
 */
function moveTo(model, sliders, next) {
  const limit = model.get("limit"), rest = model.get("z_base").map(next);
  const places = sliders.map((name) => [name, Math.round(10 * Math.min(Math.max(next(), -limit), limit)) / 10]);
  change(model, { z_base: rest, ...Object.fromEntries(places) });
}
