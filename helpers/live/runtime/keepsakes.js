/** What a reader can do with any figure: see its first state again, save its picture, and send its address. */
/** @import { Model } from "./model.js" */
import { brushOf, makeCanvas } from "./canvas.js";
import { makeButton } from "./controls.js";
import { change } from "./model.js";

const SAVED = 600;                              // pixels: a smaller picture is saved in whole multiples of its size

/**
 * The row of buttons below a figure.
 * @param {HTMLElement} figure @param {HTMLCanvasElement} canvas @param {Model} model
 * @param {string[]} traits the numbers that a reader sets @param {() => void} reset called before they are set back
 */
export function addKeepsakes(figure, canvas, model, traits, reset) {
  const first = stateOf(model, traits), row = document.createElement("div");
  row.className = "explorer-keepsakes";
  row.append(
    makeButton("Reset", () => { reset(); change(model, first); }),
    makeButton("Save picture", () => { savePicture(canvas, nameOf(figure)); }),
  );
  if ("course" in globalThis) {                 // on the site; a notebook has no address for a figure
    const link = makeButton("Copy link", () => { copyLink(link, addressOf(figure, stateOf(model, traits))); });
    row.append(link);
  }
  figure.append(row);
}

/** @param {Model} model @param {string[]} traits */
function stateOf(model, traits) {
  return Object.fromEntries(traits.map((trait) => [trait, model.get(trait)]));
}

/** The name that book/_static/figures.js gave to the figure's place. @param {HTMLElement} figure */
function nameOf(figure) {
  const place = figure.closest(".figure-place");
  return (place instanceof HTMLElement && place.dataset.name) || "figure";
}

/**
 * The page's address with the figure and its numbers; tools/address.js reads it. A drawing is too long for it.
 * @param {HTMLElement} figure @param {Record<string, unknown>} state
 */
function addressOf(figure, state) {
  const query = new URLSearchParams({ figure: nameOf(figure) });
  for (const [trait, value] of Object.entries(state)) {
    if (Array.isArray(value)) query.set(trait, value.map((number) => Number(number.toFixed(2))).join());
    else if (typeof value === "number" || typeof value === "boolean") query.set(trait, String(value));
  }
  return `${location.href.replace(/[?#].*/, "")}?${query}`;
}

/**
 * The address goes to the address bar and, where the browser allows it, to the clipboard.
 * @param {HTMLButtonElement} button @param {string} address
 */
async function copyLink(button, address) {
  try {
    history.replaceState(history.state, "", address);
    await navigator.clipboard.writeText(address);
    button.textContent = "Link copied";
  } catch {                                     // no clipboard: the page came without https, or the reader forbids it
    button.textContent = "Link is in the address bar";
  }
  setTimeout(() => { button.textContent = "Copy link"; }, 3000);
}

/** The canvas on the page's ground, as a PNG file. @param {HTMLCanvasElement} canvas @param {string} name */
function savePicture(canvas, name) {
  const times = Math.max(1, Math.floor(SAVED / canvas.width)), [width, height] = [canvas.width, canvas.height];
  const copy = makeCanvas(times * width, times * height), brush = brushOf(copy);
  brush.fillStyle = getComputedStyle(document.body).backgroundColor;
  brush.fillRect(0, 0, copy.width, copy.height);
  brush.imageSmoothingEnabled = false;
  brush.drawImage(canvas, 0, 0, copy.width, copy.height);
  Object.assign(document.createElement("a"), { href: copy.toDataURL(), download: `${name}.png` }).click();
}
