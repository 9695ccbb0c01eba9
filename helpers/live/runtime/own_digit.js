/** The reader's own digit: a button that opens a pad, and what is drawn on it as MNIST would have it. */
/** @import { Model } from "./model.js" */
import { makeButton } from "./controls.js";
import { failureText } from "./failure.js";
import { centred, unpackInk } from "./ink.js";
import { makeSheet } from "./sheet.js";

/**
 * @param {(image: Float32Array | null) => void} changed called with the drawing, made as large as in MNIST and centred;
 *   with null for an empty pad
 * @param {{fetch?: () => Promise<void>, more?: HTMLElement[]}} options `fetch` brings what must be there before the
 *   first stroke; `more`: buttons beside the pad
 */
export function makeOwnDigit(changed, { fetch = async () => {}, more = [] }) {
  const [place, pad, buttons] = ["pad-sheet", "own-pad", ""].map((className) => (
    Object.assign(document.createElement("div"), { className })));
  const store = storeOf({ ink: "", choice: 0 }, () => {
    const { image, factor } = centred(unpackInk(store.get("ink")));
    sheet.paint();
    changed(factor ? image : null);
  });
  const sheet = makeSheet(store, [], () => { sheet.paint(); });
  const button = makeButton("Draw your own digit", async () => {
    button.textContent = "The pad is on the way …";
    try {
      await fetch();
      button.replaceWith(pad);
      sheet.paint();
      sheet.canvas.focus({ preventScroll: true });
    } catch (error) {
      button.textContent = `Draw your own digit. ${failureText(error)}`;
    }
  });
  buttons.append(makeButton("Clear", sheet.clear), makeButton("Undo", sheet.undo), ...more);
  pad.append(sheet.canvas, buttons);
  place.append(button);
  return { place, clear() { if (store.get("ink")) sheet.clear(); } };
}

/**
 * Numbers that stay in the page: no control of the figure sets them, and no link carries them.
 * @param {Record<string, any>} values @param {() => void} changed @returns {Model}
 */
function storeOf(values, changed) {
  const none = () => {};
  return { get: (trait) => values[trait], set(trait, value) { values[trait] = value; changed(); },
    save_changes: none, on: none, off: none, send: none };
}
