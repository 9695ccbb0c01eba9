/** The bar below the slides: which slide it is, buttons for those without a keyboard, panes for notes and contents. */
/** @import { Slide } from "./stage.js" */

/** @param {string} tag @param {object} [with_] @param {(string | Node)[]} children */
function make(tag, with_ = {}, ...children) {
  const element = Object.assign(document.createElement(tag), with_);
  element.append(...children);
  return element;
}

/** @param {string} name @param {string} icon @param {() => void} press */
function button(name, icon, press) {
  const made = make("button", { type: "button", title: name, onclick: press },
    make("i", { className: `fa-solid ${icon}`, ariaHidden: "true" }));
  made.setAttribute("aria-label", name);
  return made;
}

/** The words of a heading, without its number's link. @param {Element} section */
export function titleOf(section) {
  const heading = section.querySelector(":scope > :is(h1, h2, h3, h4)")?.cloneNode(true);
  if (!(heading instanceof Element)) return document.title;
  heading.querySelectorAll(".headerlink, .katex-mathml annotation, .katex-html").forEach((part) => part.remove());
  return heading.textContent?.trim() ?? "";
}

/**
 * @param {{step: (by: number) => void, to: (k: number) => void, slides: () => Slide[], leave: () => void,
 *   fullScreen: () => void}} does
 */
export function makeBar({ step, to, slides, leave, fullScreen }) {
  const title = make("span", { className: "slide-title" }), count = make("span", { className: "slide-count" });
  const said = make("p", { className: "slide-said", role: "status" });
  const pane = make("div", { className: "slide-pane", hidden: true, tabIndex: 0, role: "region" }), line = make("div", { className: "slide-line" });
  const notes = button("Notes (N)", "fa-comment-dots", () => toggle("notes"));
  const contents = button("Contents (C)", "fa-list", () => toggle("contents"));
  const element = make("nav", { className: "slide-bar", ariaLabel: "Slides" }, line,
    button("Slide before", "fa-arrow-left", () => step(-1)), button("Next slide", "fa-arrow-right", () => step(1)), title, count,
    notes, contents, button("Full screen (F)", "fa-expand", () => fullScreen()), button("Back to the page (Esc)", "fa-xmark", leave), said);
  let shown = /** @type {Slide | null} */ (null), opened = "";
  let places = /** @type {Map<HTMLElement, Comment>} */ (new Map());

  /** The notes of a slide are the page's own folded parts, in the pane while it is open. */
  const takeNotes = () => {
    for (const note of shown?.notes ?? []) {
      const place = new Comment();
      note.replaceWith(place);
      places.set(note, place);
      note.classList.remove("off-slide");
      pane.append(note);
      fold(note, true);
    }
  };
  const giveBack = () => {
    for (const [note, place] of places) {
      fold(note, false);
      place.replaceWith(note);
      note.classList.add("off-slide");
    }
    places = new Map();
  };
  const list = () => {
    const items = slides().flatMap(({ section, part }, k) => {
      if (part > 1 || slides().slice(0, k).some((before) => before.section === section)) return [];
      const item = make("button", { type: "button", onclick() { to(k); } }, `${titleOf(section)}`,
        make("span", { className: "slide-number" }, String(k + 1)));
      if (section === shown?.section) item.setAttribute("aria-current", "true");
      return [item];
    });
    pane.append(...items);
    pane.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    giveBack();
    pane.replaceChildren();
    pane.hidden = true;
    opened = "";
    for (const one of [notes, contents]) one.setAttribute("aria-expanded", "false");
  };
  /** @param {string} name "notes" or "contents" */
  function toggle(name) {
    const again = opened === name;
    close();
    if (again || (name === "notes" && !shown?.notes.length)) return;
    opened = name;
    pane.hidden = false;
    pane.setAttribute("aria-label", name === "notes" ? "Notes" : "Contents");
    (name === "notes" ? notes : contents).setAttribute("aria-expanded", "true");
    if (name === "notes") takeNotes();
    else list();
  }
  close();
  return {
    element, pane, toggle, close,
    /** @param {Slide} slide @param {number} k @param {number} n */
    show(slide, k, n) {
      const keep = opened === "notes" && slide.notes.length ? "notes" : "";
      close();
      shown = slide;
      title.textContent = titleOf(slide.section);
      count.textContent = `${k + 1} of ${n}`;
      said.textContent = `Slide ${k + 1} of ${n}: ${title.textContent}`;
      line.style.width = `${(100 * (k + 1)) / n}%`;
      notes.toggleAttribute("disabled", !slide.notes.length);
      if (keep) toggle(keep);
    },
  };
}

/** Open a folded part of the page, or fold it again. @param {HTMLElement} note @param {boolean} opens */
function fold(note, opens) {
  if (note instanceof HTMLDetailsElement) note.open = opens;
  else if (note.classList.contains("toggle-hidden") === opens) note.querySelector("button")?.click();
}
