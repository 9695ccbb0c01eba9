/** What Python sent as bytes, as numbers again. */

/** Bytes out of what Python's zlib made of them. @param {BufferSource} bytes @returns {Promise<Uint8Array>} */
export async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A copy, because numbers of 4 and 8 bytes may not begin anywhere. @param {DataView} view @returns {ArrayBuffer} */
export function copyOf(view) {
  return /** @type {ArrayBuffer} */ (view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}
