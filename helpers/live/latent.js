import { liveFigure } from "./common.js";
import { makeNetwork } from "./runtime/network.js";
import { paintImage } from "./raster.js";

/** @returns {number} a draw from N(0, 1) (Box and Muller) */
function standardNormal() {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function render({ model, el }) {
  const networks = model.get("networks").map((layers, i) => makeNetwork(layers, model.get("weights")[i]));
  const [height, width, channels = 1] = networks[0].outputShape;
  const n = model.get("n_sliders"), limit = model.get("limit");
  const names = model.get("names"), conditions = model.get("conditions"), sliders = Array.from({ length: n }, (_, k) => `z${k}`);

  function draw(ctx) {
    const z = Float32Array.from(model.get("z_base"));
    sliders.forEach((name, k) => { z[k] = model.get(name); });
    const choice = model.get("choice"), condition = conditions[choice] ?? [];
    z.set(condition, z.length - condition.length);
    const x = networks[condition.length ? 0 : choice].run(z);
    const brightness = paintImage(ctx, x, [height, width, channels], model.get("value_range"));
    const text = `${names.length > 1 ? `${names[choice]}: ` : ""}z = (${sliders.map((name) => model.get(name).toFixed(1).replace("-", "−")).join(", ")})`
      + `${z.length - condition.length > n ? " …" : ""}, mean brightness ${(100 * brightness).toFixed(0)}%.`;
    return { text, values: { brightness } };
  }

  const live = liveFigure({ model, el, traits: [...sliders, "choice", "z_base"], pixels: [width, height], draw });

  function moveTo(next) {
    model.set("z_base", model.get("z_base").map(next));
    sliders.forEach((name) => model.set(name, Math.round(10 * Math.min(Math.max(next(), -limit), limit)) / 10));
    model.save_changes();
  }
  const buttons = document.createElement("div");
  for (const [text, next] of [["Draw a random z", standardNormal], ["Back to z = 0", () => 0]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => moveTo(next));
    buttons.append(button);
  }
  live.figure.prepend(buttons);
  return live.stop;
}

export default { render };
