/** The memory of a network, and the product in which nearly all its time goes. */

/** product.wat as WebAssembly's bytes: two to three times as fast as the same in JavaScript. */
const WASM = "AGFzbQEAAAABCQFgBX9/f39/AAIOAQJqcwZtZW1vcnkCAAEDAgEABw4BCmFkZFByb2R1Y3QAAArEAQHBAQIEfwR7IANBAnQhBSAAIAFBAnRqIQYDQCAA/QkCACEJIAD9CQIEIQogAP0JAgghCyAA/QkCDCEMQQAhCANAIAIgCGohByAEIAhqIAQgCGr9AAQAIAkgB/0ABAD95gEgCiAHIAVqIgf9AAQA/eYB/eQBIAsgByAFaiIH/QAEAP3mASAMIAcgBWr9AAQA/eYB/eQB/eQB/eQB/QsEACAIQRBqIgggBUkNAAsgAiAFQQJ0aiECIABBEGoiACAGSQ0ACws=";

/**
 * y[q ...] += x[p ...] W[w ...]: a row vector of I numbers times an I x O matrix, all three out of one memory, O a
 * multiple of four.
 * @typedef {(x: Float32Array, p: number, I: number, W: Float32Array, w: number, O: number, y: Float32Array, q: number)
 *   => void} AddProduct
 *
 * @typedef {object} Memory
 * @property {(n: number) => Float32Array} take  the next n numbers of the memory, zeros
 * @property {AddProduct} addProduct
 */

/** @param {number} n  how many numbers are needed @returns {Memory} */
export function makeMemory(n) {
  const { buffer, fast } = webAssembly(n) ?? { buffer: new ArrayBuffer(4 * n), fast: null };
  let taken = 0;
  return {
    take(length) {
      const part = new Float32Array(buffer, 4 * taken, length);
      taken += length;
      return part;
    },
    addProduct(x, p, I, W, w, O, y, q) {
      const done = fast ? I - I % 4 : 0;
      if (fast && done) fast(x.byteOffset + 4 * p, done, W.byteOffset + 4 * w, O, y.byteOffset + 4 * q);
      addProductPlain(x, p + done, I - done, W, w + done * O, O, y, q);
    },
  };
}

/**
 * A memory of WebAssembly and its product; null in an old browser, or on a page that forbids it.
 * @param {number} n
 * @returns {{buffer: ArrayBuffer, fast: (x: number, I: number, W: number, O: number, y: number) => void} | null}
 */
function webAssembly(n) {
  try {
    const pages = Math.ceil(4 * n / 65536), memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const bytes = Uint8Array.from(atob(WASM), (byte) => byte.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { js: { memory } });
    return { buffer: memory.buffer, fast: /** @type {any} */ (exports.addProduct) };
  } catch {
    return null;
  }
}

/** The same in JavaScript. @type {AddProduct} */
function addProductPlain(x, p, I, W, w, O, y, q) {
  for (let i = 0; i < I; i++, p++, w += O) {
    const a = x[p];
    for (let o = 0; o < O; o++) y[q + o] += a * W[w + o];
  }
}
