/** Buttons and keys of a figure, and names for the controls that ipywidgets leaves unnamed. */
import { keepTextNode } from "./caption.js";

/** @type {Record<string, number[]>} rows and columns that an arrow key goes */
export const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * Call for each arrow key, and for those in `more`, that is pressed on a canvas.
 * @param {HTMLCanvasElement} canvas @param {(step: number[] | undefined) => void} call with rows and columns to go
 * @param {string[]} more names of keys
 */
export function onArrows(canvas, call, ...more) {
  canvas.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if ((!step && !more.includes(event.key)) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();                               // JupyterLab would move to the next cell
    call(step);
  });
}

/**
 * A slider that counts its stops says "4"; a screen reader should hear what the stop means.
 * @param {HTMLElement} figure @param {string} text
 */
export function saySlider(figure, text) {
  figure.closest(".explorer")?.querySelector("[role=slider]")?.setAttribute("aria-valuetext", text);
}

/** @param {string} text @param {() => void} press */
export function makeButton(text, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", press);
  return button;
}

/**
 * What helps a reader but is not a control of the figure, side by side below its words.
 * @param {HTMLElement} readout the words @param {HTMLElement[]} parts
 */
export function addAids(readout, ...parts) {
  const aids = Object.assign(document.createElement("div"), { className: "explorer-aid explorer-aids" });
  aids.append(...parts);
  readout.parentElement?.after(aids);
}

/**
 * A button that stays pressed until it is pressed again.
 * @param {string} text @param {() => void} redraw
 */
export function makeToggle(text, redraw) {
  const button = makeButton(text, () => set(!isOn())), isOn = () => button.getAttribute("aria-pressed") === "true";
  const set = (/** @type {boolean} */ on) => { button.setAttribute("aria-pressed", String(on)); redraw(); };
  button.setAttribute("aria-pressed", "false");
  return { button, isOn, set };
}

/**
 * A button that calls `step` again and again, until `step` returns true or it is pressed again.
 * (The Play of ipywidgets breaks on the site: the theme's icons replace the elements that it holds.)
 * @param {string} text @param {number} pause between two steps, in ms @param {HTMLElement} readout a screen reader
 *   hears its last words, not those of every step
 * @param {(first: boolean) => boolean} step `first` after a press @returns the button, and what halts it
 */
export function makePlayer(text, pause, readout, step) {
  let timer = 0;
  const button = makeButton(text, () => {
    if (timer) return halt();
    button.style.minWidth ||= `${button.offsetWidth}px`;   // "Pause" is shorter, and nothing beside it should move
    button.textContent = "Pause";
    readout.ariaLive = "off";
    timer = window.setInterval(next, pause, false);
    next(true);
  });
  button.className = "play-button";
  readout.ariaLive = "polite";
  function halt() {
    clearInterval(timer);
    timer = 0;
    button.textContent = text;
    readout.ariaLive = "polite";
  }
  /** @param {boolean} first */
  function next(first) {
    if (step(first)) halt();
  }
  return { button, halt };
}

/**
 * ipywidgets leaves the slider handles and read-outs of an explorer unnamed: give them their label's text. And keep
 * JupyterLab's shortcuts off every control: there the arrow keys walk from cell to cell, over a menu and a canvas, too.
 * @param {HTMLElement} figure
 */
export function nameControls(figure) {
  const box = figure.closest(".explorer");
  if (!box) return void requestAnimationFrame(() => nameControls(figure));      // not in the page yet
  const name = () => {
    const all = /** @type {(selector: string) => NodeListOf<HTMLElement>} */ (box.querySelectorAll.bind(box));
    all("select, button, input, [tabindex]").forEach((part) => { part.dataset.lmSuppressShortcuts = ""; });
    all(".widget-readout:not([data-text-node])").forEach(keepTextNode);
    all(".widget-inline-hbox").forEach(nameRow);
    all(".noUi-target:not([data-taps])").forEach(takeTaps);
  };
  name();
  new MutationObserver(name).observe(box, { childList: true, subtree: true });
}

/**
 * On a touch screen a track lets every swipe through (live.css): a tap on it is handed on as a press of the mouse.
 * @param {HTMLElement} track
 */
function takeTaps(track) {
  track.dataset.taps = "";
  track.addEventListener("click", ({ target, clientX, clientY }) => {
    if (target !== track) return;
    for (const type of ["mousedown", "mouseup"]) {
      track.firstElementChild?.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX, clientY, buttons: 1 }));
    }
  });
}

/** @param {HTMLElement} row a slider with its label and read-out */
function nameRow(row) {
  const found = row.querySelector(".widget-label"), label = found?.getAttribute("title") || found?.textContent;
  row.querySelectorAll("[role=slider], .widget-readout").forEach((part) => {
    if (label && part.getAttribute("aria-label") !== label) part.setAttribute("aria-label", label);
    if (part.matches(".widget-readout[contenteditable=true]")) part.setAttribute("role", "textbox");
  });
}
