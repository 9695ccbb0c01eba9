// The browser's side of test_plane.py: reads questions from stdin, writes answers to stdout.
import { readFileSync } from "node:fs";

import { apart, classMiddles, nearestCode } from "../../helpers/live/runtime/codes.js";
import { makeNetwork } from "../../helpers/live/runtime/network.js";
import { snap } from "../../helpers/live/runtime/plane_pad.js";
import { paintImage } from "../../helpers/live/runtime/raster.js";

const { codes, labels, points, steps, network, weights, shape, range, sets, crowds } = JSON.parse(readFileSync(0, "utf8"));

/** A canvas's context that keeps the last picture put on it. */
function fakeContext() {
  return {
    createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
    putImageData(image) { this.shown = image.data; },
  };
}

const flat = Float32Array.from(codes.flat()), decoder = makeNetwork(network, Buffer.from(weights, "base64"));
process.stdout.write(JSON.stringify({
  nearest: points.map((point) => nearestCode(flat, point)),
  snapped: steps.map(([value, step, low, high]) => snap(value, step, low, high)),
  middles: sets.map((n) => classMiddles(flat, (i) => labels[i], n)),
  apart: crowds.map((places) => apart(places, 22)),
  pictures: points.map((point) => {
    const ctx = fakeContext(), brightness = paintImage(ctx, decoder.run(point), shape, range);
    return { brightness, pixels: Array.from(ctx.shown) };
  }),
}));
