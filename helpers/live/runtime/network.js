/**
 * Runs a small network in the browser from its description and the bytes of its weights, both from `Network.packed`.
 * Arrays are flat Float32Arrays in Keras's order (rows, columns, channels). It serves up to about 3 million
 * multiply-adds a frame.
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {string} kind        a key of `KINDS` in helpers/networks/kinds.py
 * @property {string[]} inputs    names of inputs or of earlier layers
 * @property {number[]} output    shape of one row
 * @property {string} [layer]     the layer whose weights it uses, where that is not its own
 * @property {{name: string, alpha?: number, low?: number, high?: number}} [activation]
 * Each of the following only where the kind has it:
 * @property {number[]} kernel_size
 * @property {number[]} pool_size
 * @property {number[]} strides
 * @property {number[]} size
 * @property {"nearest"|"bilinear"} interpolation
 * @property {number} epsilon
 * @property {number} axis
 * @property {number} n_frequencies
 * @property {number} largest
 *
 * @typedef {object} Description
 * @property {Record<string, number[]>} inputs    the shape of one row of each
 * @property {Layer[]} layers
 * @property {Record<string, string>} outputs     for each the layer that gives it
 * @property {Record<string, {dtype: string, shape: number[], offset: number}>} weights
 *
 * @typedef {ArrayLike<number> | Record<string, ArrayLike<number>>} Row   of the only input, or of each by name
 * @typedef {Float32Array & Record<string, Float32Array>} Result  of the only output; of several, an object by name
 */
import { applyActivation } from "./activations.js";
import { layerStep } from "./network_layers.js";
import { numbersNeeded, readWeights, size } from "./network_weights.js";
import { makeMemory } from "./product.js";

/**
 * A network ready to run. All its memory is taken here, none in `run`.
 * @param {Description} description
 * @param {DataView|ArrayBuffer|ArrayBufferView} bytes
 * @returns {{run: (row: Row) => Result, steps: (row: Row) => Float32Array[], outputShape: number[]}} `run` gives
 *   buffers that the next `run` overwrites; `steps` gives copies of every layer's output; `outputShape` is the first
 *   output's
 * @throws {RangeError} for weights or a row of the wrong length, an unknown kind or activation
 */
export function makeNetwork(description, bytes) {
  const weights = readWeights(description, bytes), memory = makeMemory(numbersNeeded(description, weights));
  const shapes = { ...description.inputs };
  const values = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, memory.take(size(shape))]));
  const program = description.layers.map((layer) => {
    const own = (/** @type {string} */ role) => weights[`${layer.layer ?? layer.name}/${role}`];
    const compute = layerStep(layer, own, layer.inputs.map((name) => shapes[name]), memory);
    const bend = applyActivation(layer);
    shapes[layer.name] = layer.output;
    return () => {
      values[layer.name] = compute(...layer.inputs.map((name) => values[name]));
      bend?.(values[layer.name]);
      return values[layer.name];
    };
  });
  const outputs = Object.entries(description.outputs);
  return {
    run(row) {
      fill(values, description.inputs, row);
      for (const step of program) step();
      if (outputs.length === 1) return /** @type {Result} */ (values[outputs[0][1]]);
      return /** @type {Result} */ (Object.fromEntries(outputs.map(([name, of]) => [name, values[of]])));
    },
    steps(row) {
      fill(values, description.inputs, row);
      return program.map((step) => step().slice());
    },
    outputShape: shapes[outputs[0][1]],
  };
}

/**
 * Puts a row into the buffers of the inputs.
 * @param {Record<string, Float32Array>} values @param {Record<string, number[]>} inputs @param {any} row
 */
function fill(values, inputs, row) {
  const names = Object.keys(inputs), given = names.length === 1 && !(names[0] in row) ? { [names[0]]: row } : row;
  for (const name of names) {
    const found = given[name]?.length;
    if (found !== values[name].length) throw new RangeError(`${name} has ${found} numbers, not ${values[name].length}`);
    values[name].set(given[name]);
  }
}
