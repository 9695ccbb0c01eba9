// Python in a worker of its own: Pyodide, the course's files, and one cell after the other.
//
// tools/python_page.py bundles this file. It hears {type: "boot", packages} once, then {type: "run", id, source,
// offer}, in order; it says {type: "progress", text}, "ready", "output", "widget", "done", and "failed" at its end.
import { makeNetwork } from "../../helpers/live/runtime/network.js";
import { loadPyodide } from "pyodide";

const here = new URL("./", import.meta.url).href, version = new URL(import.meta.url).search;
/** @param {object} message */
const post = (message) => { postMessage(message); };
/** @type {Promise<any>} */
let last = Promise.resolve();
/** @type {any} */
let python;
/** @type {any} */
let session;
/** @type {Set<string>} packages that have been asked for */
const asked = new Set();
/** @type {Set<string>} files that forgetFiles has emptied */
const forgotten = new Set();
/** @type {any} Pyodide's list of its packages */
let lock;

/** Boot Pyodide, with the packages that the page will need first. @param {string[]} packages */
async function boot(packages) {
  post({ type: "progress", text: "Python is loading …" });
  const archive = bytes("course.zip"), large = json("large.json");
  lock = await json("pyodide-lock.json");
  const coming = ask(packages);
  python = await loadPyodide({ indexURL: here, lockFileContents: lock, stdLibURL: `${here}python_stdlib.zip${version}` });
  await unpack(coming);
  python.unpackArchive(await archive, "zip", { extractDir: "/course" });
  for (const [path, address] of Object.entries(await large)) {
    const cut = path.lastIndexOf("/");
    const folder = `/course/${path.slice(0, cut)}`, name = path.slice(cut + 1);
    python.FS.createLazyFile(folder, name, here + address + version, true, false);
  }
  python.runPython("import sys; sys.path.insert(0, '/course')");
  python.registerJsModule("course_page", { post: (/** @type {string} */ text) => { post(JSON.parse(text)); }, network });
  session = python.pyimport("in_page.cells").Session();
  post({ type: "ready" });
}

/** A file of this folder. @param {string} name */
async function bytes(name) {
  const answer = await fetch(here + name + version);
  if (!answer.ok) throw new Error(`${new URL(answer.url).pathname} did not load (${answer.status}).`);
  return await answer.arrayBuffer();
}

/** @param {string} name @returns {Promise<any>} */
const json = async (name) => JSON.parse(new TextDecoder().decode(await bytes(name)));

/** @param {string} name @returns {string[]} */
const needs = (name) => lock.packages[name].depends;

/** Ask for packages, and for what they depend on, unless that was done. @param {string[]} names */
function ask(names) {
  const fresh = [...names];
  for (const name of fresh) fresh.push(...needs(name).filter((one) => !fresh.includes(one)));  // grows
  const lacking = fresh.filter((name) => !asked.has(name));
  for (const name of lacking) asked.add(name);
  return lacking.map((name) => bytes(lock.packages[name].file_name));
}

/**
 * Put packages where Python finds them. Pyodide's own loadPackage would link all their libraries at once; a worker may
 * wait for each until it is imported, and most never are.
 * @param {Promise<ArrayBuffer>[]} coming
 */
async function unpack(coming) {
  while (coming.length) python.unpackArchive(await coming.shift(), "wheel");  // an unpacked one is kept by nobody
  python.pyimport("importlib").invalidate_caches();
}

/**
 * Run one cell with what it imports, and what it needs of the chapter's offer (in_page/needs.py).
 * @param {{id: string, source: string, offer?: string}} order
 */
async function run({ id, source, offer = "" }) {
  const start = performance.now();
  const before = session.needs(offer, source);
  const lacks = (/** @type {string} */ name) => name in lock.packages && !asked.has(name);
  const needed = [...session.packages(`${before}\n${source}`).toJs()].filter(lacks);
  if (needed.length) {
    post({ type: "progress", text: `Loading ${needed.join(", ")} …` });
    await unpack(ask(needed));
  }
  const ok = session.run(id, source, before);
  forgetFiles();
  post({ type: "done", id, ok, seconds: (performance.now() - start) / 1000 });
}

/** Empty the files of what has been imported: nothing reads them again, and all of this file system is in memory. */
function forgetFiles() {
  const files = session.read_files();
  for (const path of files.toJs()) {
    if (!forgotten.has(path)) python.FS.truncate(path, 0);
    forgotten.add(path);
  }
  files.destroy();
}

/**
 * A network of helpers.networks for many rows; helpers/networks/in_page.py calls it.
 * @param {string} text  the description of Network.packed @param {any} weights  its bytes, Python's
 * @returns {(rows: any, n: number) => Record<string, Float32Array>}  takes each input's n rows as one float32 array
 */
function network(text, weights) {
  const description = JSON.parse(text), { run } = makeNetwork(description, weights.toJs());
  const inputs = Object.keys(description.inputs), outputs = Object.keys(description.outputs);
  return (rows, n) => {
    const held = inputs.map((name) => bufferOf(rows.get(name))), given = held.map(({ data }) => data);
    /** @type {Record<string, Float32Array>} */
    const found = {};
    for (let k = 0; k < n; k++) {
      const row = given.map((all) => all.subarray(k * all.length / n, (k + 1) * all.length / n));
      const answer = run(Object.fromEntries(inputs.map((name, i) => [name, row[i]])));
      for (const name of outputs) {
        const values = outputs.length === 1 ? answer : answer[name];
        found[name] ??= new Float32Array(n * values.length);
        found[name].set(values, k * values.length);
      }
    }
    for (const buffer of held) buffer.release();
    return found;
  };
}

/** An array's memory itself; a proxy left alone keeps its array until the browser collects. @param {any} array */
function bufferOf(array) {
  const buffer = array.getBuffer();
  array.destroy();
  return buffer;
}

/** What the reader is told when nothing can go on. @param {any} error */
function words(error) {
  const text = `${error?.message ?? error}`;
  if (/memory/i.test(text)) return "Python has run out of memory. Stop it, and run again with smaller numbers.";
  return `Python cannot go on: ${text.trim().split("\n").at(-1)}`;
}

addEventListener("message", ({ data }) => {
  last = last.then(() => data.type === "boot" ? boot(data.packages ?? []) : run(data)).catch((error) => {
    post({ type: "failed", text: words(error) });
  });
});
