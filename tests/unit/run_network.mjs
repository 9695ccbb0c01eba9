// The browser's side of test_networks.py: reads cases from stdin, runs them, writes the results to stdout.
import { readFileSync } from "node:fs";

import { makeNetwork } from "../../helpers/live/runtime/network.js";
import { float16ToFloat32 } from "../../helpers/live/runtime/network_weights.js";

/** @param {Float32Array} array */
const encode = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
const encodeAll = (result) => (result instanceof Float32Array ? encode(result)
  : Object.fromEntries(Object.entries(result).map(([name, array]) => [name, encode(array)])));

/** Every layer's output for each row, the output of `run`, and what `run` gives for the first row again. */
function answer({ network, weights, rows }) {
  const made = makeNetwork(network, Buffer.from(weights, "base64"));
  const steps = rows.map((row) => made.steps(row).map(encode));
  const runs = rows.map((row) => encodeAll(made.run(row)));
  return { steps, runs, again: encodeAll(made.run(rows[0])), outputShape: made.outputShape };
}

/** The message of the error that a broken case must raise. */
function complaint({ network, weights, rows }) {
  try {
    makeNetwork(network, Buffer.from(weights, "base64")).run(rows[0]);
    return null;
  } catch (error) {
    return error.message;
  }
}

const { cases, broken } = JSON.parse(readFileSync(0, "utf8"));
const every = () => Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, answer(one)]));
const answers = every();
const complaints = Object.fromEntries(Object.entries(broken).map(([name, one]) => [name, complaint(one)]));
const halves = encode(Float32Array.from({ length: 65536 }, (_, bits) => float16ToFloat32(bits)));
globalThis.WebAssembly = undefined;          // as in a browser that has none
process.stdout.write(JSON.stringify({ answers, plain: every(), complaints, halves }));
