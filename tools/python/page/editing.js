// The source of a cell: the page's own, or what its reader wrote, which stays in the browser.
import { editor, write } from "./editor.js";
import { forgetBefore, keep, kept, keptBefore, whenKeptElsewhere } from "./kept.js";
import { button, element } from "./site.js";

/** @typedef {import("./kept.js").Where} Where */

export class Editing {
  /** @type {import("@codemirror/view").EditorView | null} */
  #view = null;
  /** @type {boolean} whether another tab keeps another text, and the reader has not said which one stays */
  #undecided = false;
  /** what a reader is told beside the buttons */
  note = "";

  /**
   * @param {HTMLElement} input  the page's code @param {Where} told
   * @param {{ label: string, run: () => void, changed: () => void }} asked
   */
  constructor(input, told, asked) {
    this.input = input;
    this.told = told;
    this.asked = asked;
    this.place = element("div", { className: "python-editor" });
    this.offer = element("div", { className: "python-offer", hidden: true });
    this.place.addEventListener("keydown", (event) => event.stopPropagation());  // "/" is division here, not a search
    input.append(this.place, this.offer);
    whenKeptElsewhere(told, (text) => this.#elsewhere(text));
  }

  get text() { return this.#view?.state.doc.toString() ?? this.told.source; }
  get edited() { return this.text !== this.told.source; }
  get open() { return this.#view !== null; }

  /** What the reader wrote earlier comes back; what was written for another source of this cell is offered. */
  restore() {
    const mine = kept(this.told), before = keptBefore(this.told);
    if (mine !== null) {
      this.edit(mine);
      this.#tell(true);
    } else if (before !== null && before !== this.told.source) {
      this.#offer("You changed this cell earlier. Since then the page has changed it, too.", before, {
        "Use my version": () => { forgetBefore(this.told); this.edit(before); },
        "Keep the page’s": () => { forgetBefore(this.told); },
      });
    }
  }

  /** Open the editor, with another text if one is given. @param {string} [text] */
  edit(text) {
    if (this.#view) {
      if (text !== undefined && text !== this.text) write(this.#view, text);
      return;
    }
    const { label, run } = this.asked;
    this.#view = editor({ text: this.told.source, label, run, changed: (now) => this.#changed(now) });
    this.place.append(element("div", { className: "highlight" }, this.#view.dom));
    this.input.classList.add("python-open");
    const folded = this.input.closest("details");
    if (folded) folded.open = true;
    if (text !== undefined) write(this.#view, text);
  }

  focus() { this.#view?.focus(); }

  /** The page's own source again. */
  reset() {
    keep(this.told, null);
    this.#view?.destroy();
    this.#view = null;
    this.#undecided = false;
    this.offer.hidden = true;
    this.place.replaceChildren();
    this.input.classList.remove("python-open");
    this.note = "";
  }

  /** @param {string} text */
  #changed(text) {
    if (!this.#undecided) this.#tell(keep(this.told, text === this.told.source ? null : text));
    this.asked.changed();
  }

  /** @param {boolean} isKept */
  #tell(isKept) {
    const where = isKept ? "kept in this browser" : "this browser keeps nothing: download it before you leave";
    this.note = this.edited ? `Your version, ${where}.` : "";
  }

  /** Another tab keeps a text for this cell. @param {string} theirs */
  #elsewhere(theirs) {
    if (theirs === this.text) return;
    this.#undecided = true;
    this.note = this.edited ? "Your version, not kept yet." : "";
    this.asked.changed();
    this.#offer("You changed this cell in another tab, too.", theirs, {
      "Take that version": () => { this.#undecided = false; this.edit(theirs); },
      "Keep the version here": () => { this.#undecided = false; this.#changed(this.text); },
    });
  }

  /**
   * Two texts, of which the reader chooses one.
   * @param {string} words @param {string} other @param {Record<string, () => void>} ways
   */
  #offer(words, other, ways) {
    const buttons = Object.entries(ways).map(([name, act]) => button(name, () => {
      this.offer.hidden = true;
      act();
      this.asked.changed();
    }, this.asked.label));
    this.offer.replaceChildren(element("p", {}, words), element("details", {},
      element("summary", {}, "Show the other version"), element("pre", { tabIndex: 0 }, other)), ...buttons);
    this.offer.hidden = false;
  }
}
