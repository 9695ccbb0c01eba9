/** The memory of networks that learn, and the product of matrices in which nearly all their time goes. */

/** matrix.wat as WebAssembly's bytes. */
const WASM = "AGFzbQEAAAABDAFgCH9/f39/f39/AAIOAQJqcwZtZW1vcnkCAAEDAgEABwsBB3Byb2R1Y3QAAAqBBQH+BAIOfwt7IAdBAnQhCCAHQXhxQQJ0IQogAUEBdCEUIBQgAWohFSAKQQBHIAZBAEcgBUEAR3FxRQRADwsDQCAAIQ0gBCAJaiEQIAUhCwJAA0AgC0EESQ0BIBAgCGohESARIAhqIRIgEiAIaiETIBD9AAQAIRkgEP0ABBAhGiAR/QAEACEbIBH9AAQQIRwgEv0ABAAhHSAS/QAEECEeIBP9AAQAIR8gE/0ABBAhICANIQ4gAyAJaiEPIAYhDANAIA/9AAQAIRcgD/0ABBAhGCAO/QkCACEWIBkgFiAX/eYB/eQBIRkgGiAWIBj95gH95AEhGiAOIAFq/QkCACEWIBsgFiAX/eYB/eQBIRsgHCAWIBj95gH95AEhHCAOIBRq/QkCACEWIB0gFiAX/eYB/eQBIR0gHiAWIBj95gH95AEhHiAOIBVq/QkCACEWIB8gFiAX/eYB/eQBIR8gICAWIBj95gH95AEhICAOIAJqIQ4gDyAIaiEPIAxBAWsiDA0ACyAQIBn9CwQAIBAgGv0LBBAgESAb/QsEACARIBz9CwQQIBIgHf0LBAAgEiAe/QsEECATIB/9CwQAIBMgIP0LBBAgDSABQQJ0aiENIBMgCGohECALQQRrIQsMAAsLAkADQCALRQ0BIBD9AAQAIRkgEP0ABBAhGiANIQ4gAyAJaiEPIAYhDANAIA79CQIAIRYgGSAWIA/9AAQA/eYB/eQBIRkgGiAWIA/9AAQQ/eYB/eQBIRogDiACaiEOIA8gCGohDyAMQQFrIgwNAAsgECAZ/QsEACAQIBr9CwQQIA0gAWohDSAQIAhqIRAgC0EBayELDAALCyAJQSBqIgkgCkkNAAsL";

/**
 * A matrix that lies in numbers row by row, or that is read from them turned.
 * @typedef {{numbers: Float32Array, next: number, step: number}} Matrix  `next` and `step`: from a number to the one
 *   below it and to the one beside it
 *
 * @typedef {object} Arena
 * @property {(n: number) => Float32Array} take  the next n numbers of the memory, zeros
 * @property {(A: Matrix, B: Float32Array, C: Float32Array, M: number, K: number, N: number) => void} product
 *   C (M, N) += A (M, K) B (K, N); all three out of this memory, B and C row by row
 * @property {boolean} fast  whether WebAssembly multiplies
 */

/** @param {Float32Array} numbers @param {number} width @returns {Matrix} */
export const rows = (numbers, width) => ({ numbers, next: width, step: 1 });
/** The same numbers, rows for columns. @param {Float32Array} numbers @param {number} width @returns {Matrix} */
export const turned = (numbers, width) => ({ numbers, next: 1, step: width });

/**
 * @param {number} [n]  how many numbers can be taken
 * @returns {Arena}
 */
export function makeArena(n = 2 ** 21) {
  const { buffer, product } = webAssembly(n) ?? { buffer: new ArrayBuffer(4 * n), product: null };
  let taken = 0;
  return {
    fast: product !== null,
    take(length) {
      if (taken + length > n) {
        throw new RangeError(`the memory has ${n} numbers, ${taken} are taken and ${length} asked for: `
          + "makeArena(more)");
      }
      const part = new Float32Array(buffer, 4 * taken, length);
      taken += length;
      return part;
    },
    product(A, B, C, M, K, N) {
      const done = product ? N - N % 8 : 0;
      product?.(A.numbers.byteOffset, 4 * A.next, 4 * A.step, B.byteOffset, C.byteOffset, M, K, N);
      productPlain(A, B, C, M, K, N, done);
    },
  };
}

/**
 * A memory of WebAssembly and its product; null in an old browser, or on a page that forbids it.
 * @param {number} n
 */
function webAssembly(n) {
  try {
    const pages = Math.ceil(4 * n / 65536), memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const bytes = Uint8Array.from(atob(WASM), (byte) => byte.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { js: { memory } });
    return { buffer: memory.buffer, product: /** @type {(...args: number[]) => void} */ (exports.product) };
  } catch {
    return null;
  }
}

/**
 * The same in JavaScript, from column `from` on: products and sums are rounded to float32 one after the other, so the
 * numbers are WebAssembly's to the last bit.
 * @param {Matrix} A @param {Float32Array} B @param {Float32Array} C @param {number} M @param {number} K
 * @param {number} N @param {number} from
 */
function productPlain(A, B, C, M, K, N, from) {
  if (from === N) return;
  for (let m = 0, c = 0; m < M; m++, c += N) {
    for (let k = 0, b = 0, a = m * A.next; k < K; k++, a += A.step, b += N) {
      const x = A.numbers[a];
      for (let n = from; n < N; n++) C[c + n] += Math.fround(x * B[b + n]);
    }
  }
}
