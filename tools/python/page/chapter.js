// A page whose cells run here: it starts Python, keeps the order of what is to run, and tells its reader.
import { Cell } from "./cell.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { addressOf } from "./site.js";

/**
 * @typedef {object} Told  what the build says of the page
 * @property {string} file  its name, "03_bayes_classifier"
 * @property {boolean} whole  whether all cells run here, not the exercises alone
 * @property {string} worker @property {string[]} packages  what Python loads first
 * @property {string} offer  what exercises may need of the cells above them
 * @property {import("./cell.js").Told[]} cells
 */

/** Make the page's cells ready. @param {HTMLElement} place  the line with the button @param {HTMLElement} pressed */
export async function open(place, pressed) {
  const wanted = pressed.closest(".cell");
  const panel = new Panel(place);
  if (location.protocol === "file:") return panel.needsServer();
  panel.say("Python is starting …");
  const answer = await fetch(addressOf(place.dataset.cells ?? ""));
  if (!answer.ok) throw new Error(`the site does not have ${place.dataset.cells}`);
  const told = await answer.json();
  const asked = told.cells.find((/** @type {import("./cell.js").Told} */ { id }) => `cell-${id}` === wanted?.id);
  const chapter = new Chapter({ ...told, ...asked && { packages: asked.packages } }, panel);
  panel.fill(chapter);
  chapter.cells.find(({ box }) => box === wanted)?.editing.focus();
  await chapter.start();
}

export class Chapter {
  /** @type {Cell[]} what is to run, in order */
  #queue = [];
  /** @type {Cell | undefined} */
  #current;

  /** @param {Told} told @param {Panel} panel */
  constructor(told, panel) {
    this.told = told;
    this.panel = panel;
    this.session = new Session({ worker: addressOf(told.worker),
      boot: { packages: told.packages }, tell: (text) => { panel.say(text); this.#current?.tell(text); } });
    const acts = { run: (/** @type {Cell} */ cell) => this.add([cell]), stop: () => this.stop(),
      runAbove: (/** @type {Cell} */ cell) => this.add(this.above(cell)) };
    this.cells = told.cells.flatMap((one, k) => {
      const box = document.getElementById(`cell-${one.id}`);
      if (!box || one.runs === false) return [];
      return [new Cell(box, { ...one, file: told.file }, { number: k + 1, first: k === 0 || !told.whole, acts })];
    });
  }

  /** Start Python before anything runs: its reader reads on meanwhile. */
  async start() {
    try {
      await this.session.start();
      if (!this.#current) this.panel.say(`Python is ready. ${this.told.whole ? ALL : EXERCISES}`);
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {Cell} cell */
  above(cell) { return this.cells.slice(0, this.cells.indexOf(cell)); }

  /** Run cells after those that are to run already. @param {Cell[]} cells */
  add(cells) {
    for (const cell of cells.filter((one) => !this.#queue.includes(one))) {
      this.#queue.push(cell);
      if (cell.state !== "running") cell.be("waiting");
    }
    this.#work();
  }

  /** End Python and what waits for it. */
  stop() {
    this.#drop("idle");
    this.session.stop();
  }

  async #work() {
    if (this.#current) return;
    while ((this.#current = this.#queue.shift())) await this.#run(this.#current);
    this.panel.busy(false);
  }

  /** @param {Cell} cell */
  async #run(cell) {
    const { outputs, editing } = cell;
    cell.be("running");
    this.panel.busy(true);
    this.panel.say(`Python runs ${cell.name}.`);
    outputs.expect();
    const begin = () => outputs.begin(editing.edited);
    let missing = "";
    const order = { source: editing.text, offer: cell.told.exercise ? this.told.offer : "" };
    const end = await this.session.run(order, {
      output(output) { begin(); outputs.add(output); missing ||= missingName(output); },
      widget(figure) { begin(); outputs.live(figure); },
      clear() { outputs.expect(); begin(); },
    });
    if (!end.stopped) begin();
    cell.ended(end.ok);
    this.#tell(cell, end);
    const defines = (/** @type {Cell} */ { ran, editing }) => !ran && editing.text.match(/\w+/g)?.includes(missing);
    cell.helpWith(this.told.whole && this.above(cell).some(defines));
  }

  /** @param {Cell} cell @param {import("./session.js").End} end */
  #tell(cell, end) {
    if (!end.ok) this.#drop("dropped");
    if (end.stopped) for (const one of this.cells) one.ran = false;
    const problem = cell.outputs.made.find(({ output_type }) => output_type === "error");
    const state = end.ok ? "done" : problem ? "failed" : "stopped";
    cell.be(state, end.seconds);
    const found = cell.told.exercise ? cell.outputs.text : "";
    this.panel.say({ done: found || `Python has run ${cell.name}.`,
      failed: `${problem?.ename} in ${cell.name}: ${problem?.evalue}`,
      stopped: "Python was stopped, and its variables are lost." }[state]);
  }

  /** Nothing waits any more. @param {import("./cell.js").State} state */
  #drop(state) {
    for (const cell of this.#queue.splice(0)) cell.be(state);
  }
}

const ALL = "Press “Run” below any cell, or “Run all cells”.";
const EXERCISES = "Change the code of an exercise below and press “Run”.";

/** The name that Python did not know, or "". @param {Record<string, any>} output */
const missingName = ({ ename, evalue }) => ename === "NameError" ? /'(\w+)'/.exec(evalue)?.[1] ?? "" : "";
