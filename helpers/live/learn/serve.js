/**
 * A program that learns, at the other end of a port: in a worker, or on the page's own thread between two frames.
 * helpers/live/runtime/learner.js is the page's end.
 *
 * @typedef {object} Run  of a program
 * @property {() => boolean | void} step  one step of training; true: it was the last one
 * @property {() => object} look          what is shown of it; it must not touch what the training draws
 * @property {(changes: any) => void} [set]     dials that change a run under way
 * @property {(question: any) => any} [answer]
 *
 * @typedef {(settings: any, data: Record<string, Uint8Array>) => Run} Make
 *
 * @typedef {object} Port
 * @property {(message: any) => void} postMessage
 * @property {((event: {data: any}) => void) | null} onmessage
 *
 * @typedef {{run: number, step: number, running: boolean, finished: boolean, told?: object, error?: string}} News
 */

const TELL = 80;                                // ms between two looks of a run that plays
const WORKER = { slice: 20 }, PAGE = { slice: 6 };         // ms of work until messages, or the page, get their turn

/**
 * What a program's file exports: a function that serves a port. In a worker it serves the worker's own at once.
 * @param {Make} make
 */
export function program(make) {
  const scope = /** @type {any} */ (globalThis);
  if (typeof scope.WorkerGlobalScope === "function" && scope instanceof scope.WorkerGlobalScope) {
    serve(scope, make, WORKER);
    scope.postMessage("ready");
  }
  return (/** @type {Port} */ port) => serve(port, make, PAGE);
}

/** @param {Port} port @param {Make} make @param {{slice: number}} pace */
function serve(port, make, { slice }) {
  const next = nextTurn();
  /** @type {Record<string, Uint8Array>} */
  let data = {};
  /** @type {Run | null} */
  let run = null;
  let number = 0, step = 0, running = false, finished = false, heard = true, told = 0;

  /** @param {Partial<News>} [more] */
  function tell(more) {
    told = performance.now();
    heard = false;
    port.postMessage({ run: number, step, running, finished, ...more ?? { told: run?.look() } });
  }

  /** What fails says so, and stands still. @param {() => void} call */
  function guarded(call) {
    try {
      call();
    } catch (error) {
      running = false;
      tell({ error: error instanceof Error ? error.message : String(error) });
    }
  }

  function once() {
    if (!run || finished) return;
    finished = run.step() === true;
    step++;
    if (finished) running = false;
  }

  function play() {
    if (!running) return;
    guarded(() => {
      const until = performance.now() + slice;
      do once(); while (running && performance.now() < until);
      if (!running || (heard && performance.now() - told > TELL)) tell();
    });
    if (running) next(play);
  }

  /** @type {Record<string, (given: any) => void>} */
  const orders = {
    data(parts) { data = parts; },
    begin({ settings, run: its }) {
      [number, step, running, finished, run] = [its, 0, false, false, null];
      run = make(settings, data);
      tell();
    },
    play() {
      if (running || finished || !run) return;
      running = true;
      tell();
      next(play);
    },
    pause() {
      if (!running) return;
      running = false;
      tell();
    },
    step(n) {
      running = false;
      for (let k = 0; k < n; k++) once();
      tell();
    },
    set(changes) { run?.set?.(changes); },
    heard() { heard = true; },
    ask({ id, question }) {
      let answer = null;
      guarded(() => { answer = run?.answer?.(question); });
      port.postMessage({ run: number, id, answer });
    },
  };
  port.onmessage = ({ data: [order, given] }) => guarded(() => orders[order](given));
}

/** A turn after the messages that wait; shorter than setTimeout, which browsers hold back to 4 ms. */
function nextTurn() {
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void) | null} */
  let call = null;
  port1.onmessage = () => call?.();
  return (/** @type {() => void} */ turn) => { call = turn; port2.postMessage(null); };
}
