/** Sliders for the latent dimensions of a decoder, and the image that it makes of them. */
/** @import { Draw } from "./runtime/figure.js" */
/** @import { Model } from "./runtime/model.js" */
/** @import { Description } from "./runtime/network.js" */
import { makeButton } from "./runtime/controls.js";
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";
import { change, read } from "./runtime/model.js";
import { makeNetwork } from "./runtime/network.js";
import { standardNormal } from "./runtime/random.js";
import { paintImage } from "./runtime/raster.js";
import { signed } from "./runtime/text.js";

export default view(({ model, el }) => {
  const [descriptions, weights, names, conditions, range] = read(
    model, "networks", "weights", "names", "conditions", "value_range");
  const networks = Array.from(descriptions, (/** @type {Description} */ one, i) => makeNetwork(one, weights[i]));
  const [height, width, channels] = networks[0].outputShape;
  const sliders = Array.from({ length: model.get("n_sliders") }, (_, k) => `z${k}`);

  /** @type {Draw} */
  function draw(ctx) {
    const z = Float32Array.from(model.get("z_base")), values = read(model, ...sliders), choice = model.get("choice");
    const condition = conditions[choice] ?? [], more = z.length - condition.length > values.length;
    z.set(values);
    z.set(condition, z.length - condition.length);
    const x = networks[condition.length ? 0 : choice].run(z);
    const brightness = paintImage(ctx, x, [height, width, channels], range);
    const text = `${names.length > 1 ? `${names[choice]}: ` : ""}z = (${values.map((v) => signed(v, 1)).join(", ")})`
      + `${more ? " …" : ""}, mean brightness ${(100 * brightness).toFixed(0)}%.`;
    return { text, values: { brightness } };
  }
  const traits = [...sliders, "choice", "z_base"], pixels = [width, height];
  const { figure, stop } = liveFigure({ model, el, traits, pixels, draw });
  const buttons = document.createElement("div");
  buttons.append(makeButton("Draw a random z", () => moveTo(model, sliders, standardNormal)),
    makeButton("Back to z = 0", () => moveTo(model, sliders, () => 0)));
  figure.prepend(buttons);
  return stop;
});

/**
 * Another latent point; the sliders go in tenths, and not beyond their ends.
 * @param {Model} model @param {string[]} sliders @param {() => number} next gives one number after another
 */
function moveTo(model, sliders, next) {
  const limit = model.get("limit"), rest = model.get("z_base").map(next);
  const places = sliders.map((name) => [name, Math.round(10 * Math.min(Math.max(next(), -limit), limit)) / 10]);
  change(model, { z_base: rest, ...Object.fromEntries(places) });
}
