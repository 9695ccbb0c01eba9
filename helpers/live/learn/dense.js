/** Dense layers that learn: forward, and back with the gradients of weights and inputs. */
/** @import { Arena } from "./memory.js" */
import { bendNamed } from "./bends.js";
import { rows, turned } from "./memory.js";

/**
 * @typedef {{value: Float32Array, gradient: Float32Array}} Parameter
 * @typedef {ReturnType<typeof makeDense>} Dense
 * @typedef {ReturnType<typeof makeStack>} Stack
 */

/**
 * One layer: y = bend(x kernel + bias). Its buffers hold up to `most` rows; kernel (inputs, outputs) row by row.
 * @param {Arena} arena @param {number} inputs @param {number} outputs @param {string} activation @param {number} most
 * @param {number} alpha
 */
function makeDense(arena, inputs, outputs, activation, most, alpha) {
  const { take } = arena, { bend, slope, needsSums, straight } = bendNamed(activation, alpha);
  const kernel = { value: take(inputs * outputs), gradient: take(inputs * outputs) };
  const bias = { value: take(outputs), gradient: take(outputs) }, flipped = take(inputs * outputs);
  const y = take(most * outputs), dy = take(most * outputs), sums = needsSums ? take(most * outputs) : y;
  /** @type {Float32Array | null} */
  let along = null;
  return {
    inputs, outputs, kernel, bias, y, dy, straight,
    /** @param {Float32Array} x  (n, inputs) @param {number} n */
    forward(x, n) {
      for (let p = 0; p < n * outputs; p += outputs) y.set(bias.value, p);
      arena.product(rows(x, inputs), kernel.value, y, n, inputs, outputs);
      if (needsSums) sums.set(y);
      bend(y, n * outputs);
      return y;
    },
    /** From d loss / d y to d loss / d sums, in place in `dy`. @param {number} n */
    unbend(n) { slope(dy, y, n * outputs, sums); },
    /**
     * The gradients of kernel and bias, after `unbend`: added to what is there.
     * @param {Float32Array} x @param {number} n
     */
    learn(x, n) {
      arena.product(turned(x, inputs), dy, kernel.gradient, inputs, n, outputs);
      for (let p = 0; p < n * outputs; p += outputs) for (let o = 0; o < outputs; o++) bias.gradient[o] += dy[p + o];
    },
    /** d loss / d x, after `unbend`, into dx. @param {Float32Array} dx @param {number} n */
    back(dx, n) {
      for (let i = 0, p = 0; i < inputs; i++) {
        for (let o = 0, q = i; o < outputs; o++, p++, q += inputs) flipped[q] = kernel.value[p];
      }
      dx.fill(0, 0, n * inputs);
      arena.product(rows(dy, outputs), flipped, dx, n, outputs, inputs);
    },
    /**
     * For R1, after `unbend`: t, which goes forward as x did but without biases, times what came back is added to the
     * kernel's gradient. What comes out of the layer is given, in a buffer that the next call overwrites.
     * @param {Float32Array} t  (n, inputs) @param {number} n
     */
    carry(t, n) {
      along ??= take(most * (inputs + outputs));
      const into = along.subarray(0, n * inputs), out = along.subarray(most * inputs, most * inputs + n * outputs);
      into.set(t);
      out.fill(0);
      arena.product(turned(into, inputs), dy, kernel.gradient, inputs, n, outputs);
      arena.product(rows(into, inputs), kernel.value, out, n, inputs, outputs);
      slope(out, y, n * outputs, sums);
      return out;
    },
  };
}

/**
 * Dense layers one after the other.
 * @param {Arena} arena
 * @param {number[]} sizes        numbers of the input and of each layer's output
 * @param {string[]} activations  one for each layer, as Keras names them
 * @param {number} most           rows of the largest batch
 * @param {number} [alpha]        the slope of leaky_relu below 0
 */
export function makeStack(arena, sizes, activations, most, alpha = 0.2) {
  const layers = activations.map((name, k) => makeDense(arena, sizes[k], sizes[k + 1], name, most, alpha));
  const x = arena.take(most * sizes[0]), dx = arena.take(most * sizes[0]), last = layers[layers.length - 1];
  const inputOf = (/** @type {number} */ k) => (k ? layers[k - 1].y : x);
  const parameters = /** @type {Parameter[]} */ (layers.flatMap(({ kernel, bias }) => [kernel, bias]));

  /** Kernels as Keras starts them, uniform within Glorot's limit; biases 0. @param {() => number} uniform */
  function start(uniform) {
    for (const { kernel, bias, inputs, outputs } of layers) {
      const limit = Math.sqrt(6 / (inputs + outputs));
      for (let i = 0; i < kernel.value.length; i++) kernel.value[i] = limit * (2 * uniform() - 1);
      bias.value.fill(0);
    }
  }

  /**
   * The rows' outputs, (n, outputs), in a buffer that the next call overwrites.
   * @param {ArrayLike<number>} given @param {number} n
   */
  function forward(given, n) {
    if (n > most || given.length < n * sizes[0]) {
      throw new RangeError(`${n} rows of ${sizes[0]} numbers are asked for; there is room for ${most}, and `
        + `${given.length} numbers are given`);
    }
    put(given, x, n * sizes[0]);
    return layers.reduce((row, layer) => layer.forward(row, n), x).subarray(0, n * last.outputs);
  }

  /**
   * After `forward`: the gradients of all parameters, and of the inputs where they are wanted.
   * @param {ArrayLike<number>} dy  d loss / d output, (n, outputs) @param {number} n
   * @param {boolean} [wantInput] @param {boolean} [add]  to the gradients that are there, instead of in their place
   * @returns {Float32Array | null} (n, inputs), a buffer that the next call overwrites
   */
  function backward(dy, n, wantInput = false, add = false) {
    if (!add) for (const { gradient } of parameters) gradient.fill(0);
    return through(dy, n, wantInput, true);
  }

  /** The inputs' gradient alone, after `forward`. @param {ArrayLike<number>} dy @param {number} n */
  const inputGradient = (dy, n) => /** @type {Float32Array} */ (through(dy, n, true, false));

  /** @param {ArrayLike<number>} dy @param {number} n @param {boolean} wantInput @param {boolean} learns */
  function through(dy, n, wantInput, learns) {
    put(dy, last.dy, n * last.outputs);
    for (let k = layers.length - 1; k >= 0; k--) {
      layers[k].unbend(n);
      if (learns) layers[k].learn(inputOf(k), n);
      if (k || wantInput) layers[k].back(k ? layers[k - 1].dy : dx, n);
    }
    return wantInput ? dx.subarray(0, n * sizes[0]) : null;
  }
  return { sizes, layers, parameters, start, forward, backward, inputGradient };
}

/**
 * The first n numbers of `from`; those of a Float32Array in one go.
 * @param {ArrayLike<number>} from @param {Float32Array} to @param {number} n
 */
function put(from, to, n) {
  if (from instanceof Float32Array) to.set(from.subarray(0, n));
  else for (let i = 0; i < n; i++) to[i] = from[i];
}
