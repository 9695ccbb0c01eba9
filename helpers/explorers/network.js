/**
 * Runs a small decoder or generator in the browser, as `network.py` describes it.
 * Arrays are flat Float32Arrays in Keras's order (rows, columns, channels). Plain JavaScript serves up to
 * about 3 million multiply-adds a frame. No imports and no global state, so that a view can hold its text.
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

/**
 * y[q ...] += x[p ...] W[w ...], a row vector of I numbers times an I x O matrix. Nearly all the time goes
 * here: eight inputs at once save seven in eight reads and writes of y (more than twice as fast as one at a time).
 */
function networkAddProduct(x, p, I, W, w, O, y, q) {
  let i = 0;
  for (; i + 7 < I; i += 8, p += 8, w += 8 * O) {
    const a = x[p], b = x[p + 1], c = x[p + 2], d = x[p + 3], e = x[p + 4], f = x[p + 5], g = x[p + 6], h = x[p + 7];
    const w1 = w + O, w2 = w1 + O, w3 = w2 + O, w4 = w3 + O, w5 = w4 + O, w6 = w5 + O, w7 = w6 + O;
    for (let o = 0; o < O; o++) {
      y[q + o] += a * W[w + o] + b * W[w1 + o] + c * W[w2 + o] + d * W[w3 + o]
        + e * W[w4 + o] + f * W[w5 + o] + g * W[w6 + o] + h * W[w7 + o];
    }
  }
  for (; i < I; i++, p++, w += O) {
    const a = x[p];
    for (let o = 0; o < O; o++) y[q + o] += a * W[w + o];
  }
}

/** The kernel, the output buffer, and the bias repeated to fill that buffer. */
function networkKernel(layer, weights) {
  const n = networkSize(layer.kernel), O = layer.kernel.at(-1);
  const y = new Float32Array(networkSize(layer.output)), start = new Float32Array(y.length);
  const W = weights.subarray(0, n), bias = weights.subarray(n);
  if (bias.length) for (let p = 0; p < y.length; p += O) start.set(bias, p);
  return { W, y, start, I: layer.kernel.at(-2), O };
}

function networkDense(layer, weights) {
  const { W, y, start, I, O } = networkKernel(layer, weights);
  return (x) => {
    y.set(start);
    for (let p = 0, q = 0; q < y.length; p += I, q += O) networkAddProduct(x, p, I, W, 0, O, y, q);
    return y;
  };
}

/**
 * Both convolutions: a window slides over the finer image, one step for each pixel of the coarser one.
 * Conv2D gathers from the finer image, Conv2DTranspose scatters into it. Where the window reaches over the
 * edge ("same"), TensorFlow puts the smaller half of that above and to the left.
 */
function networkConvolution(layer, weights) {
  const { W, y, start, I, O } = networkKernel(layer, weights);
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
        if (scatter) networkAddProduct(x, c * I, I, W, w, O, y, f * O);
        else networkAddProduct(x, f * I, I, W, w, O, y, c * O);
      }
    }
    return y;
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

function networkUpsample(layer) {
  const [H, W, C] = layer.input, bilinear = layer.interpolation === "bilinear";
  const rows = networkBetween(H, layer.factor[0], bilinear);
  const columns = networkBetween(W, layer.factor[1], bilinear);
  const y = new Float32Array(networkSize(layer.output));
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

function networkAffine(layer, weights) {
  const C = weights.length / 2, y = new Float32Array(networkSize(layer.output));
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
function networkStep(layer, weights) {
  const make = {
    dense: networkDense, conv: networkConvolution, conv_transpose: networkConvolution,
    upsample: networkUpsample, affine: networkAffine, activation: networkKeep, reshape: networkKeep,
  }[layer.kind];
  if (!make) throw new RangeError(`layer ${layer.name}: unknown kind ${layer.kind}`);
  const compute = make(layer, weights.subarray(layer.offset, layer.offset + layer.size));
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
  const steps = layers.map((layer) => networkStep(layer, weights));
  const input = new Float32Array(networkSize(layers[0].input));
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
