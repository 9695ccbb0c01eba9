// What the page's own scripts offer, and elements made in one line.

/**
 * @typedef {object} Course  what book/_static/figures.js gives to all
 * @property {(path: string) => Promise<void>} load  a script of the site, once
 * @property {(place: HTMLElement, state: object) => Promise<void>} show  a live figure in its place
 * @property {(place: HTMLElement, pressed: HTMLElement) => Promise<void>} python  this bundle's entry
 */

/** @type {Course} */
export const course = /** @type {any} */ (globalThis).course;

const root = document.documentElement.dataset.content_root ?? "";

/** @param {string} path in the site  @returns {string} its address */
export const addressOf = (path) => new URL(root + path, location.href).href;

/**
 * An element with its properties and what stands in it.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name @param {Partial<HTMLElementTagNameMap[Name]>} [properties] @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * A button that acts when it is pressed.
 * @param {string} text @param {() => void} act @param {string} [about] what a screen reader says after the text
 */
export function button(text, act, about = "") {
  const made = element("button", { type: "button", className: "python-button", onclick: act }, text);
  if (about) made.append(element("span", { className: "python-hidden" }, ` ${about}`));
  return made;
}
