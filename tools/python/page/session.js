// A worker with Python in it: started when something is to run, ended by Stop, and what it says.

/**
 * @typedef {Record<string, any> & { output_type: string }} Output  as nbformat has it; an error also has `advice`
 * @typedef {{ model: string, state: object, view?: string, controls?: number, code?: string }} Figure
 * @typedef {{ ok: boolean, seconds?: number, stopped?: boolean }} End
 * @typedef {object} Listener  who wants to know what a run puts out
 * @property {(output: Output) => void} output
 * @property {(figure: Figure) => void} widget
 * @property {() => void} clear
 * @typedef {object} Setting
 * @property {string} worker  the address of its script
 * @property {object} boot  the message that starts it
 * @property {(text: string) => void} tell  a sentence for the reader
 */

export class Session {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Promise<void> | null} */
  #ready = null;
  /** @type {((error: Error) => void)} */
  #giveUp = () => {};
  /** @type {(Listener & { id: string, end: (end: End) => void }) | null} */
  #run = null;
  #runs = 0;

  /** @param {Setting} setting */
  constructor(setting) {
    this.setting = setting;
  }

  /** Start Python, unless it has started; fails with words for the reader. */
  start() {
    this.#ready ??= new Promise((resolve, reject) => {
      const worker = this.#worker = new Worker(this.setting.worker, { type: "module" });
      this.#giveUp = reject;
      worker.onmessage = ({ data }) => this.#hear(data, resolve);
      worker.onerror = (event) => this.#fail(`Python did not start: ${event.message || "its script did not load"}.`);
      worker.postMessage({ type: "boot", ...this.setting.boot });
    });
    return this.#ready;
  }

  /**
   * Run a source; one at a time. What cannot be run puts out an error, too.
   * @param {{ source: string, offer: string }} cell  its code, and what it may need of its chapter @param {Listener} listener
   * @returns {Promise<End>}
   */
  run({ source, offer }, listener) {
    const id = String(this.#runs += 1);
    return new Promise((end) => {
      this.#run = { ...listener, id, end };
      const send = () => this.#worker?.postMessage({ type: "run", id, source, offer });
      this.start().then(send, () => { /* #fail has ended the run */ });
    });
  }

  /** End Python; its variables are lost. */
  stop() {
    this.#fail("Python was stopped.", { ok: false, stopped: true });
  }

  /** @param {any} message @param {() => void} ready */
  #hear(message, ready) {
    if (message.type === "progress") this.setting.tell(message.text);
    else if (message.type === "ready") ready();
    else if (message.type === "failed") this.#fail(message.text);
    else if (message.id !== this.#run?.id) return;  // of a run that was given up
    else if (message.type === "output") this.#run?.output(message.output);
    else if (message.type === "clear") this.#run?.clear();
    else if (message.type === "widget") this.#run?.widget(message.place);
    else if (message.type === "done") this.#end({ ok: message.ok, seconds: message.seconds });
  }

  /** @param {End} how */
  #end(how) {
    const run = this.#run;
    this.#run = null;
    run?.end(how);
  }

  /** @param {string} text @param {End} how */
  #fail(text, how = { ok: false }) {
    this.#worker?.terminate();
    this.#worker = this.#ready = null;
    this.#giveUp(new Error(text));
    if (!how.stopped) {
      this.setting.tell(text);
      this.#run?.output({ output_type: "error", ename: "Python ended", evalue: text, traceback: [], advice: "" });
    }
    this.#end({ ...how, stopped: true });
  }
}
