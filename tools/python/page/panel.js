// What stands at the top of a page while Python is in it: how it is, and what concerns all cells.
import { download } from "./notebook.js";
import { button, element } from "./site.js";

/** @typedef {import("./chapter.js").Chapter} Chapter */

export class Panel {
  /** @param {HTMLElement} place  the line that the build wrote */
  constructor(place) {
    this.said = element("p", { className: "python-state", role: "status" });
    this.buttons = element("p", { className: "python-buttons" });
    this.place = place;
    this.place.replaceChildren(this.said, this.buttons);
    this.stop = button("Stop", () => {});
  }

  /** @param {string} text */
  say(text) {
    this.said.textContent = text;
  }

  /** A browser starts no Python from a folder. */
  needsServer() {
    this.say("You opened this page from a folder. There a browser does not start Python. Open a terminal in the folder "
      + "of the site (the one with index.html) and type: python -m http.server 8000. "
      + "Then open http://localhost:8000 in your browser.");
  }

  /** @param {Chapter} chapter */
  fill(chapter) {
    this.stop = button("Stop", () => chapter.stop(), "Python");
    this.stop.hidden = true;
    const all = button("Run all cells", () => chapter.add(chapter.cells));
    all.hidden = !chapter.told.whole;
    this.buttons.replaceChildren(all, this.stop,
      button("Download with my changes", () => { this.#download(chapter); }, "as a notebook"),
      button("Reset all", () => { for (const cell of chapter.cells) if (!cell.busy) cell.reset(); }, "cells"));
  }

  /** @param {boolean} busy */
  busy(busy) {
    this.stop.hidden = !busy;
  }

  /** @param {Chapter} chapter */
  async #download({ cells }) {
    try {
      await download(new Map(cells.map(({ told: { id }, editing, outputs }) =>
        [id, { text: editing.text, edited: editing.edited, ran: outputs.fresh, outputs: outputs.made }])));
    } catch (error) {
      this.say(`The notebook did not come: ${error instanceof Error ? error.message : error}`);
    }
  }
}
