/** What a figure asks for when it is wanted, not before: training code, digits. */
/** @import { Model } from "./model.js" */
import { copyOf } from "./bytes.js";

const PATIENCE = 20_000;                        // ms that Python may take before it counts as gone

/**
 * The bytes of a part of helpers/live/parts.py, once: on the site from a script of its own, in Jupyter from Python.
 * @param {Model} model @param {string} name @returns {Promise<Uint8Array>}
 * @throws {Error} where it does not come, for the reader
 */
export async function bring(model, name) {
  const course = /** @type {any} */ (globalThis).course;
  if (!course) return fromPython(model, name);
  const { text, base64 } = await course.part(name);
  return text ? new TextEncoder().encode(text) : Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
}

/** @param {Model} model @param {string} name @returns {Promise<Uint8Array>} */
function fromPython(model, name) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(reject, PATIENCE, new Error("Python does not answer, so the figure has nothing to train "
      + "with. Is the kernel busy? Press again when it is idle"));
    const answered = (/** @type {any} */ message, /** @type {DataView[]} */ buffers) => {
      if (message.part !== name) return;
      clearTimeout(late);
      model.off("msg:custom", answered);
      resolve(new Uint8Array(copyOf(buffers[0])));
    };
    model.on("msg:custom", answered);
    model.send({ bring: name });
  });
}
