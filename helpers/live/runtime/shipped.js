/** A shipped network that comes when a reader asks for it. */
/** @import { Model } from "./model.js" */
/** @import { Description } from "./network.js" */
import { inflate } from "./bytes.js";
import { makeNetwork } from "./network.js";
import { bring } from "./parts.js";

/** @typedef {{network: Description, weights: string}} Shipped its weights as base64; of parts.py */

/** @param {Shipped} shipped */
export function networkOf({ network, weights }) {
  return makeNetwork(network, Uint8Array.from(atob(weights), (byte) => byte.charCodeAt(0)));
}

/** @param {Model} model @param {string} name @returns {Promise<Uint8Array>} a part that parts.py has deflated */
export async function bringBytes(model, name) {
  return inflate(/** @type {BufferSource} */ (await bring(model, name)));
}

/** @param {Model} model @param {string} name of the part */
export async function bringNetwork(model, name) {
  return networkOf(JSON.parse(new TextDecoder().decode(await bringBytes(model, name))));
}
