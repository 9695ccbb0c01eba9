/** The naive model of Planet Pixel: each pixel's colour on its own. Faces are 1,024 palette indices each. */
import { uniformAt } from "./random.js";

export const SIDE = 32;
export const PIXELS = SIDE * SIDE;
export const COLOURS = 256;

/**
 * A draw from naive Bayes, smoothed by alpha: for each pixel the colour that a face picked at random has there,
 * or, with the probability 256 alpha / (n + 256 alpha), any colour.
 * @param {Uint8Array} faces n faces @param {number} alpha @param {number} seed @returns {Uint8Array} one such face
 */
export function naiveFace(faces, alpha, seed) {
  const n = faces.length / PIXELS, face = new Uint8Array(PIXELS);
  for (let k = 0; k < PIXELS; k++) {
    const t = uniformAt(seed, k) * (n + COLOURS * alpha);
    face[k] = t < n ? faces[Math.floor(t) * PIXELS + k] : Math.min(Math.floor((t - n) / alpha), COLOURS - 1);
  }
  return face;
}

/**
 * The model's probability of a colour at pixel k: (count + alpha) / (n + 256 alpha).
 * @param {Uint8Array} faces @param {number} alpha @param {number} k @param {number} colour
 */
export function colourChance(faces, alpha, k, colour) {
  let count = 0;
  for (let at = k; at < faces.length; at += PIXELS) count += Number(faces[at] === colour);
  return (count + alpha) / (faces.length / PIXELS + COLOURS * alpha);
}
