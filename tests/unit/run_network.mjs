// The browser's side of test_network.py: reads cases from stdin, runs them, writes the results to stdout.
// The module is loaded from its text, as a view holds it; that works only while it imports nothing.
import { readFileSync } from "node:fs";

const source = readFileSync(new URL("../../helpers/live/network.js", import.meta.url), "base64");
const { float16ToFloat32, makeNetwork } = await import(`data:text/javascript;base64,${source}`);

/** @param {Float32Array} array */
const encode = (array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");

/** Every layer's output for each z, the last output of `run`, and what `run` gives for the first z again. */
function answer({ layers, weights, z }) {
  const network = makeNetwork(layers, Buffer.from(weights, "base64"));
  const steps = z.map((point) => network.steps(point).map(encode));
  const runs = z.map((point) => encode(network.run(point)));
  return { steps, runs, again: encode(network.run(z[0])), outputShape: network.outputShape };
}

/** The message of the error that a broken case must raise. */
function complaint({ layers, weights, z }) {
  try {
    makeNetwork(layers, Buffer.from(weights, "base64")).run(z);
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
