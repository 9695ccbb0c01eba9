/**
 * Runs a small decoder or generator in the browser, as `network.py` describes it.
 * Arrays are flat Float32Arrays in Keras's order (rows, columns, channels). It serves up to about 3 million
 * multiply-adds a frame. No imports and no global state, so that a view can hold its text.
 *
 * @typedef {object} NetworkLayer
 * @property {string} name      the Keras layer's name
 * @property {"dense"|"conv"|"conv_transpose"|"upsample"|"affine"|"activation"|"reshape"} kind
 * @property {number[]} input   shape, without the batch
 * @property {number[]} output  shape, without the batch
 * @property {number} offset    index of the layer's first number in the weights
 * @property {number} size      how many numbers it has there: kernel, then bias; or scale, then shift
 * @property {number[]} [kernel]   [in, out] or [rows, columns, in, out]
 * @property {number[]} [strides]  rows, columns
 * @property {number[]} [factor]   upsampling: rows, columns
 * @property {"nearest"|"bilinear"} [interpolation]
 * @property {string} [activation]
 * @property {number} [alpha]      slope or scale for negative values (leaky_relu, elu)
 * @property {number} [low]        of clip
 * @property {number} [high]       of clip
 */

/**
 * The value of an IEEE half-precision number; exact, subnormals and infinities included.
 * @param {number} bits  0 to 65535
 * @returns {number}
 */
export function float16ToFloat32(bits) {
  const exponent = (bits >> 10) & 31, fraction = bits & 1023;
  let size;
  if (exponent === 31) size = fraction ? NaN : Infinity;
  else if (exponent === 0) size = fraction * 2 ** -24;
  else size = (1024 + fraction) * (1 << exponent) * 2 ** -25;
  return bits & 0x8000 ? -size : size;
}

/** @param {number[]} shape */
function networkSize(shape) {
  return shape.reduce((product, n) => product * n, 1);
}

/**
 * The weights as numbers. Their length tells the format: 2 bytes a number are float16, 4 are float32.
 * @param {NetworkLayer[]} layers
 * @param {DataView|ArrayBuffer|ArrayBufferView} blob
 */
function networkWeights(layers, blob) {
  const n = layers.reduce((sum, layer) => sum + layer.size, 0), bytes = blob.byteLength;
  if (bytes !== 2 * n && bytes !== 4 * n) {
    throw new RangeError(`${n} weights take ${2 * n} or ${4 * n} bytes, but there are ${bytes}`);
  }
  const view = new DataView(blob.buffer ?? blob, blob.byteOffset ?? 0, bytes);
  const weights = new Float32Array(n), half = bytes === 2 * n;
  for (let i = 0; i < n; i++) {
    weights[i] = half ? float16ToFloat32(view.getUint16(2 * i, true)) : view.getFloat32(4 * i, true);
  }
  return weights;
}

/** network.wat as WebAssembly's bytes: two to three times as fast as the same in JavaScript. */
const NETWORK_WASM = "AGFzbQEAAAABCQFgBX9/f39/AAIOAQJqcwZtZW1vcnkCAAEDAgEABw4BCmFkZFByb2R1Y3QAAArEAQHBAQIEfwR7IANBAnQhBSAAIAFBAnRqIQYDQCAA/QkCACEJIAD9CQIEIQogAP0JAgghCyAA/QkCDCEMQQAhCANAIAIgCGohByAEIAhqIAQgCGr9AAQAIAkgB/0ABAD95gEgCiAHIAVqIgf9AAQA/eYB/eQBIAsgByAFaiIH/QAEAP3mASAMIAcgBWr9AAQA/eYB/eQB/eQB/eQB/QsEACAIQRBqIgggBUkNAAsgAiAFQQJ0aiECIABBEGoiACAGSQ0ACws=";

/**
 * The memory of a network, and the product in which nearly all its time goes.
 * @param {number} n  how many numbers it needs
 * @returns {{take: (n: number) => Float32Array, addProduct: function}} `take` gives the next n numbers of the
 *   memory, zeros; `addProduct(x, p, I, W, w, O, y, q)` does y[q ...] += x[p ...] W[w ...], a row vector of I numbers
 *   times an I x O matrix, all three out of that memory, O a multiple of four
 */
function networkMemory(n) {
  let fast = null, buffer, taken = 0;
  try {
    const pages = Math.ceil(4 * n / 65536), memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const bytes = Uint8Array.from(atob(NETWORK_WASM), (byte) => byte.charCodeAt(0));
    fast = new WebAssembly.Instance(new WebAssembly.Module(bytes), { js: { memory } }).exports.addProduct;
    buffer = memory.buffer;
  } catch {                                   // an old browser, or a page that forbids WebAssembly
    buffer = new ArrayBuffer(4 * n);
  }
  return {
    take: (length) => new Float32Array(buffer, 4 * (taken += length) - 4 * length, length),
    addProduct(x, p, I, W, w, O, y, q) {
      const done = fast ? I - I % 4 : 0;
      if (done) fast(x.byteOffset + 4 * p, done, W.byteOffset + 4 * w, O, y.byteOffset + 4 * q);
      networkAddProduct(x, p + done, I - done, W, w + done * O, O, y, q);
    },
  };
}

/** The same in JavaScript. */
function networkAddProduct(x, p, I, W, w, O, y, q) {
  for (let i = 0; i < I; i++, p++, w += O) {
    const a = x[p];
    for (let o = 0; o < O; o++) y[q + o] += a * W[w + o];
  }
}

/** Channels in fours, because WebAssembly takes four at once. */
function networkWide(channels) {
  return channels + (-channels & 3);
}

/** Copies rows of n numbers into rows of m; what does not fit falls away. */
function networkCopyRows(from, n, to, m) {
  for (let p = 0, q = 0; p < from.length; p += n, q += m) {
    for (let k = 0; k < Math.min(n, m); k++) to[q + k] = from[p + k];
  }
  return to;
}

/**
 * The kernel and the output buffer, O channels wide, the bias repeated to fill that buffer, and `narrow`, which gives
 * the output without the channels that were added to make O a multiple of four.
 */
function networkKernel(layer, weights, take) {
  const n = networkSize(layer.kernel), I = layer.kernel.at(-2), channels = layer.kernel.at(-1), O = networkWide(channels);
  const W = networkCopyRows(weights.subarray(0, n), channels, take((n / channels) * O), O), bias = weights.subarray(n);
  const out = take(networkSize(layer.output)), y = O === channels ? out : take((out.length / channels) * O);
  const start = new Float32Array(y.length);
  if (bias.length) for (let p = 0; p < y.length; p += O) start.set(bias, p);
  return { W, y, start, I, O, narrow: () => (y === out ? y : networkCopyRows(y, O, out, channels)) };
}

function networkDense(layer, weights, { take, addProduct }) {
  const { W, y, start, I, O, narrow } = networkKernel(layer, weights, take);
  return (x) => {
    y.set(start);
    for (let p = 0, q = 0; q < y.length; p += I, q += O) addProduct(x, p, I, W, 0, O, y, q);
    return narrow();
  };
}

/**
 * Both convolutions: a window slides over the finer image, one step for each pixel of the coarser one.
 * Conv2D gathers from the finer image, Conv2DTranspose scatters into it. Where the window reaches over the
 * edge ("same"), TensorFlow puts the smaller half of that above and to the left.
 */
function networkConvolution(layer, weights, { take, addProduct }) {
  const { W, y, start, I, O, narrow } = networkKernel(layer, weights, take);
  const scatter = layer.kind === "conv_transpose";
  const [fine, coarse] = scatter ? [layer.output, layer.input] : [layer.input, layer.output];
  const [FH, FW] = fine, [CH, CW] = coarse, [KH, KW] = layer.kernel, [SH, SW] = layer.strides;
  const top = Math.max((CH - 1) * SH + KH - FH, 0) >> 1, left = Math.max((CW - 1) * SW + KW - FW, 0) >> 1;
  return (x) => {
    y.set(start);
    for (let i = 0; i < CH; i++) for (let kh = 0; kh < KH; kh++) {
      const row = i * SH + kh - top;
      if (row < 0 || row >= FH) continue;
      for (let j = 0; j < CW; j++) for (let kw = 0; kw < KW; kw++) {
        const column = j * SW + kw - left;
        if (column < 0 || column >= FW) continue;
        const f = row * FW + column, c = i * CW + j, w = (kh * KW + kw) * I * O;
        if (scatter) addProduct(x, c * I, I, W, w, O, y, f * O);
        else addProduct(x, f * I, I, W, w, O, y, c * O);
      }
    }
    return narrow();
  };
}

/** For each of n * factor places: the two source places it lies between, and how far it is from the first. */
function networkBetween(n, factor, bilinear) {
  return Array.from({ length: n * factor }, (_, place) => {
    if (!bilinear) return [Math.floor(place / factor), Math.floor(place / factor), 0];
    const at = (place + 0.5) / factor - 0.5, first = Math.floor(at);
    return [Math.max(first, 0), Math.min(first + 1, n - 1), at - first];
  });
}

function networkUpsample(layer, _, { take }) {
  const [H, W, C] = layer.input, bilinear = layer.interpolation === "bilinear";
  const rows = networkBetween(H, layer.factor[0], bilinear);
  const columns = networkBetween(W, layer.factor[1], bilinear);
  const y = take(networkSize(layer.output));
  return (x) => {
    let q = 0;
    for (const [r0, r1, down] of rows) for (const [c0, c1, right] of columns) {
      const a = (r0 * W + c0) * C, b = (r0 * W + c1) * C, c = (r1 * W + c0) * C, d = (r1 * W + c1) * C;
      for (let k = 0; k < C; k++) {
        const above = x[a + k] + right * (x[b + k] - x[a + k]);
        const below = x[c + k] + right * (x[d + k] - x[c + k]);
        y[q++] = above + down * (below - above);
      }
    }
    return y;
  };
}

function networkAffine(layer, weights, { take }) {
  const C = weights.length / 2, y = take(networkSize(layer.output));
  return (x) => {
    for (let p = 0; p < y.length; p += C) {
      for (let k = 0; k < C; k++) y[p + k] = x[p + k] * weights[k] + weights[C + k];
    }
    return y;
  };
}

/** Layers that keep the numbers as they are, before the activation. */
function networkKeep() {
  return (x) => x;
}

/** The error function to 1.5e-7 (Abramowitz and Stegun, 7.1.26). */
function networkErf(v) {
  const t = 1 / (1 + 0.3275911 * Math.abs(v));
  const tail = -0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429));
  return Math.sign(v) * (1 - t * (0.254829592 + t * tail) * Math.exp(-v * v));
}

/** Softmax over the last axis, in place. */
function networkSoftmax(y, channels) {
  for (let p = 0; p < y.length; p += channels) {
    const part = y.subarray(p, p + channels), top = part.reduce((a, b) => Math.max(a, b));
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += part[k] = Math.exp(part[k] - top);
    for (let k = 0; k < channels; k++) part[k] /= sum;
  }
}

/** The layer's activation, as a function that changes its argument in place; null for none. */
function networkActivation(layer) {
  const { activation = "linear", alpha, low, high } = layer;
  if (activation === "linear") return null;
  if (activation === "softmax") return (y) => networkSoftmax(y, layer.output.at(-1));
  const each = {
    relu: (v) => (v < 0 ? 0 : v),
    leaky_relu: (v) => (v < 0 ? alpha * v : v),
    elu: (v) => (v < 0 ? alpha * Math.expm1(v) : v),
    selu: (v) => 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * Math.expm1(v) : v),
    sigmoid: (v) => 1 / (1 + Math.exp(-v)),
    tanh: Math.tanh,
    softplus: (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v))),
    silu: (v) => v / (1 + Math.exp(-v)),
    gelu: (v) => 0.5 * v * (1 + networkErf(v * Math.SQRT1_2)),
    clip: (v) => Math.min(Math.max(v, low), high),
  }[activation];
  if (!each) throw new RangeError(`layer ${layer.name}: unknown activation ${activation}`);
  return (y) => { for (let i = 0; i < y.length; i++) y[i] = each(y[i]); };
}

/** One layer as a function of its input, which it may overwrite; it returns the same buffer at each call. */
function networkStep(layer, weights, memory) {
  const make = {
    dense: networkDense, conv: networkConvolution, conv_transpose: networkConvolution,
    upsample: networkUpsample, affine: networkAffine, activation: networkKeep, reshape: networkKeep,
  }[layer.kind];
  if (!make) throw new RangeError(`layer ${layer.name}: unknown kind ${layer.kind}`);
  const compute = make(layer, weights.subarray(layer.offset, layer.offset + layer.size), memory);
  const activate = networkActivation(layer);
  if (!activate) return compute;
  return (x) => { const y = compute(x); activate(y); return y; };
}

/**
 * A network ready to run. All its memory is taken here, none in `run`.
 * @param {NetworkLayer[]} layers  from `describe` in network.py
 * @param {DataView|ArrayBuffer|ArrayBufferView} view  the weights, little-endian float16 or float32
 * @returns {{run: (z: ArrayLike<number>) => Float32Array, steps: (z: ArrayLike<number>) => Float32Array[],
 *   outputShape: number[]}} `run` gives the last layer's output, in a buffer that the next `run` overwrites;
 *   `steps` gives copies of every layer's output
 * @throws {RangeError} for weights or a `z` of the wrong length, an unknown kind or activation
 */
export function makeNetwork(layers, view) {
  const weights = networkWeights(layers, view);
  const memory = networkMemory(layers.reduce((sum, { size, output }) => {
    const made = networkSize(output), channels = output.at(-1);
    return sum + made + ((size + made) / channels) * networkWide(channels);
  }, networkSize(layers[0].input)));
  const steps = layers.map((layer) => networkStep(layer, weights, memory));
  const input = memory.take(networkSize(layers[0].input));
  const start = (z) => {
    if (z.length !== input.length) throw new RangeError(`z has ${z.length} numbers, not ${input.length}`);
    input.set(z);
    return input;
  };
  return {
    run: (z) => { let x = start(z); for (const step of steps) x = step(x); return x; },
    steps: (z) => { let x = start(z); return steps.map((step) => (x = step(x)).slice()); },
    outputShape: layers.at(-1).output,
  };
}
