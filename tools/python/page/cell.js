// A cell of the page that can be run, changed and set back.
import { Editing } from "./editing.js";
import { keepAnswered } from "./kept.js";
import { Outputs } from "./outputs.js";
import { button, element } from "./site.js";

/**
 * @typedef {object} Told  what the build says of a cell
 * @property {string} id @property {string} source @property {number | null} slow  seconds, where it takes many
 * @property {string | null} exercise  "3.1" @property {string[]} packages  what it needs @property {boolean} [runs]
 * @typedef {"idle" | "waiting" | "running" | "done" | "failed" | "stopped" | "dropped"} State
 * @typedef {object} Acts  what its buttons ask of the chapter
 * @property {(cell: Cell) => void} run
 * @property {(cell: Cell) => void} runAbove
 * @property {() => void} stop
 */

/** @type {Record<State, string>} */
const WORDS = {
  idle: "", waiting: "Waiting for the cell before", running: "Running", done: "Done", failed: "An error: see below",
  stopped: "Stopped. Python’s variables are lost: press “Run all above” before you go on.",
  dropped: "Not run, because a cell before had an error",
};

export class Cell {
  /** @type {State} */
  state = "idle";
  /** @type {boolean} whether Python has what it defines */
  ran = false;

  /**
   * @param {HTMLElement} box @param {Told & { file: string }} told
   * @param {{ number: number, first: boolean, acts: Acts }} place
   */
  constructor(box, told, { number, first, acts }) {
    this.box = box;
    this.told = told;
    this.name = told.exercise ? `exercise ${told.exercise}` : `cell ${number}`;
    this.acts = acts;
    const input = /** @type {HTMLElement} */ (box.querySelector(".cell_input"));
    this.bar = box.querySelector(".python-bar") ?? element("div", { className: "python-bar" });
    (input.closest("details") ?? input).after(this.bar);
    this.outputs = new Outputs(box, /** @type {HTMLElement} */ (this.bar));
    this.editing = new Editing(input, told, {
      label: `Code of ${this.name}. Shift+Enter runs it. Escape, then Tab, leaves the editor.`,
      run: () => acts.run(this), changed: () => this.#draw(),
    });
    box.classList.toggle("python-exercise", Boolean(told.exercise));
    this.#fill(first);
    this.editing.restore();
    if (told.exercise) this.editing.edit();
    this.#draw();
  }

  /** @param {boolean} first  no cell stands above */
  #fill(first) {
    const { acts, name } = this;
    this.buttons = {
      run: button("Run", () => (this.state === "running" ? acts.stop() : acts.run(this)), name),
      edit: button("Edit", () => { this.editing.edit(); this.editing.focus(); this.#draw(); }, name),
      reset: button("Reset", () => this.reset(), name),
      above: button("Run all above", () => acts.runAbove(this), name),
    };
    this.buttons.run.classList.add("python-press");
    this.buttons.above.hidden = first;
    this.said = element("span", { className: "python-said" });
    this.bar.replaceChildren(...Object.values(this.buttons), this.said);
  }

  /** @param {State} state @param {number} [seconds] */
  be(state, seconds) {
    this.state = state;
    this.progress = "";
    this.seconds = seconds;
    this.#draw();
  }

  /** What Python does before it can run the cell. @param {string} words */
  tell(words) {
    this.progress = words;
    this.#draw();
  }

  get busy() { return this.state === "running" || this.state === "waiting"; }

  /** The page's own source and outputs again. */
  reset() {
    this.editing.reset();
    this.outputs.reset();
    this.ran = false;  // what Python has is of another text, perhaps
    if (this.told.exercise) this.editing.edit();
    this.be("idle");
    this.buttons?.run.focus();
  }

  /** What the last run of an exercise found. @param {boolean} ok */
  ended(ok) {
    this.ran = ok;
    const { exercise } = this.told;
    if (exercise && this.outputs.text.includes(`Exercise ${exercise}: right`)) keepAnswered(exercise);
  }

  /** Where a name is missing because cells above have not run. @param {boolean} missing */
  helpWith(missing) {
    if (!missing) return;
    const both = button("Run the cells above, then this one", () => { this.acts.runAbove(this); this.acts.run(this); });
    this.outputs.place.append(element("div", { className: "python-offer" },
      element("p", {}, "Not all cells above this one have run yet."), both));
  }

  #draw() {
    const { run, edit, reset } = this.buttons ?? {};
    if (!run || !edit || !reset || !this.said) return;
    const running = this.state === "running";
    if (run.firstChild) run.firstChild.textContent = running ? "Stop" : "Run";
    run.classList.toggle("python-stop", running);
    edit.hidden = this.editing.open;
    const same = this.told.exercise ? !this.editing.edited : !this.editing.open;
    reset.hidden = this.busy || same && !this.outputs.fresh;
    this.box.classList.toggle("python-running", running);
    const took = this.state === "done" && this.seconds !== undefined ? ` in ${this.seconds.toFixed(1)} s` : "";
    const seconds = this.busy || this.state === "idle" ? this.told.slow : null;
    const slow = seconds ? `Slow here: about ${Math.round(seconds)} seconds` : "";
    const parts = [WORDS[this.state] + took, this.progress, slow, this.editing.note].filter(Boolean);
    this.said.textContent = parts.join(" · ");
  }
}
