import { linearScale, liveFigure, segment } from "./common.js";
import { occurrences, probability, readable } from "./wrodl_models.js";
import { facePainter } from "./face_canvas.js";

const LOWEST = -7;                                         // bars start at a probability of 10 to this power

function render({ model, el }) {
  const features = model.get("features"), names = Object.keys(features), rows = model.get("rows");
  const sizes = Object.values(features).map((values) => values.length), models = model.get("models");
  const { figure, redraw, stop } = liveFigure({ model, el, traits: names, aspect: 2.3, draw });
  const { paint } = facePainter(model.get("art"), model.get("sheet"), redraw);
  nextButton(model, figure, names, rows);

  function draw(ctx, size, colours) {
    const codes = names.map((name) => model.get(name)), count = occurrences(rows, codes);
    const style = Object.fromEntries(names.map((name, k) => [name, features[name][codes[k]]]));
    const bars = models.map(([key, name, alpha, naive]) => (
      { key, name, p: probability(rows, sizes, codes, alpha, naive) }));
    const places = layout(size);
    paint(ctx, style, 1, 1, places.side);
    ctx.strokeStyle = count ? colours.orange : colours.blue;
    ctx.lineWidth = count ? 4 : 1.5;
    ctx.strokeRect(1, 1, places.side, places.side);
    drawBars(ctx, places, bars, colours);
    return describe(style, count, rows.length, bars);
  }
  return stop;
}

/** The face at the left, the bars beside it. */
function layout({ width, height }) {
  const side = Math.min(0.36 * width, height - 40), left = side + (width > 500 ? 28 : 14);
  return { side, left, right: width - 6, top: 4, bottom: height - 34 };
}

/** A bar for each model on a logarithmic axis, name and number above it. */
function drawBars(ctx, { left, right, top, bottom }, bars, colours) {
  const toX = linearScale(LOWEST, 0, left, right), step = (bottom - top) / bars.length;
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  for (const [power, text] of [[-6, "0.000001"], [-3, "0.001"], [0, "1"]]) {
    segment(ctx, toX(power), top, toX(power), bottom + 4, colours.faint);
    ctx.fillStyle = colours.ink;
    ctx.fillText(text, toX(power), bottom + 8);
  }
  bars.forEach(({ name, p }, i) => {
    const y = top + i * step;
    ctx.textAlign = "left";
    ctx.fillStyle = colours.ink;
    ctx.fillText(`${name}: ${readable(p)}`, left + 4, y + 2);
    ctx.fillStyle = colours.blue;
    if (p > 0) ctx.fillRect(left, y + 20, Math.max(toX(Math.log10(p)) - left, 1), step - 28);
  });
  segment(ctx, left, top, left, bottom + 4, colours.ink);
}

/** The caption and the numbers of the figure. */
function describe(style, count, n, bars) {
  const hair = style.topType === "NoHair" ? `NoHair (hair ${style.hairColor}, which nobody sees)`
    : `${style.topType}, hair ${style.hairColor}`;
  const text = `${hair}, glasses ${style.accessoriesType}, ${style.clothingType} ${style.clothingColor}: `
    + `${["none", "one"][count] ?? count} of the ${n} ${count > 1 ? "have" : "has"} exactly these values. `
    + `Probability under ${bars.map(({ name, p }) => `${name}: ${readable(p)}`).join("; ")}.`;
  return { text, values: { count, ...Object.fromEntries(bars.map(({ key, p }) => [key, Math.log(p)])) } };
}

/** A button that dresses the Wrodler as the next of the fifty. */
function nextButton(model, figure, names, rows) {
  const button = document.createElement("button");
  let next = 0;
  button.type = "button";
  button.textContent = "Dress as the next of the fifty";
  button.onclick = () => {
    names.forEach((name, k) => model.set(name, rows[next][k]));
    next = (next + 1) % rows.length;
    model.save_changes();
  };
  figure.prepend(button);
}

export default { render };
