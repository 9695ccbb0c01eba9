/** The page's end of a program that learns: a worker, or where there is none the page's own thread, in slices. */
/** @import { News, Port } from "../learn/serve.js" */
/** @import { Model } from "./model.js" */
import { inflate } from "./bytes.js";
import { bring } from "./parts.js";

/**
 * @typedef {Awaited<ReturnType<typeof openLearner>>} Learner
 */

/**
 * Bring a program of helpers/live/programs, and start it.
 * @param {object} options
 * @param {Model} options.model
 * @param {string} options.program            its file's name
 * @param {string[]} [options.data]           parts that it needs
 * @param {(news: News) => void} options.hear
 * @throws {Error} for the reader, where its code does not come or may not run
 */
export async function openLearner({ model, program, data = [], hear }) {
  const names = [program, ...data], [code, ...parts] = await Promise.all(names.map((name) => bring(model, name)));
  const { port, where, end } = await started(code);
  /** @type {Map<number, (answer: any) => void>} */
  const questions = new Map();
  let run = 0, asked = 0;
  const order = (/** @type {string} */ name, /** @type {any} */ given = null) => port.postMessage([name, given]);
  port.onmessage = ({ data: news }) => {
    if ("id" in news) {
      questions.get(news.id)?.(news.answer);
      questions.delete(news.id);
    } else if (news.run === run) {
      hear(news);
      requestAnimationFrame(() => order("heard"));
    }
  };
  const inflated = await Promise.all(parts.map((bytes) => inflate(/** @type {BufferSource} */ (bytes))));
  order("data", Object.fromEntries(data.map((name, k) => [name, inflated[k]])));
  return {
    where,
    /** A new run, at step 0. @param {object} settings */
    begin(settings) { order("begin", { settings, run: ++run }); },
    play() { order("play"); },
    pause() { order("pause"); },
    /** @param {number} n */
    step(n = 1) { order("step", n); },
    /** @param {object} changes to the run under way */
    set(changes) { order("set", changes); },
    /** @param {any} question @returns {Promise<any>} what the program's `answer` gives */
    ask(question) {
      return new Promise((resolve) => { questions.set(++asked, resolve); order("ask", { id: asked, question }); });
    },
    close() { order("pause"); end(); },
  };
}

/**
 * The program at a port. Its text becomes a file of the browser's own: from a folder on disk no browser starts a worker
 * from a file of the site.
 * @param {Uint8Array} code @returns {Promise<{port: Port, where: "worker" | "page", end: () => void}>}
 */
async function started(code) {
  const address = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (code)], { type: "text/javascript" }));
  try {
    return await inWorker(address).catch(() => onPage(address));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {string} address @returns {ReturnType<typeof started>} */
function inWorker(address) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address, { type: "module" });
    worker.onerror = reject;
    worker.onmessage = () => {                  // it says that it is there
      worker.onerror = null;
      const port = /** @type {Port} */ (/** @type {unknown} */ (worker));
      resolve({ port, where: "worker", end: () => worker.terminate() });
    };
  });
}

/** @param {string} address @returns {ReturnType<typeof started>} */
async function onPage(address) {
  const { port1, port2 } = new MessageChannel();
  try {
    (await import(address)).default(port2);
  } catch {
    throw new Error("this browser lets the page start no worker and run no code of its own here, so nothing can train");
  }
  return { port: /** @type {Port} */ (/** @type {unknown} */ (port1)), where: "page", end() { port1.close(); } };
}
