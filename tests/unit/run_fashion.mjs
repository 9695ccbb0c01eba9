// The browser's side of test_fashion_explorers.py: reads questions from stdin, writes the answers to stdout.
import { readFileSync } from "node:fs";

import { layers, stampPixels } from "../../helpers/live/runtime/face_canvas.js";
import { uniforms } from "../../helpers/live/runtime/random.js";
import {
  drawStyle, drawStyles, occurrences, probability, readable, unseenShare,
} from "../../helpers/live/runtime/wrodl_models.js";

const { rows, sizes, points, models, seeds, numbers, art, sheet, styles, stamps } = JSON.parse(readFileSync(0, "utf8"));
const colours = Uint8ClampedArray.from(Buffer.from(sheet, "base64")), wrodlers = { rows, sizes };
const chosen = models.map(([alpha, naive]) => ({ alpha, naive }));

/** Ten Wrodlers for each seed. */
const draws = (model) => seeds.flatMap((seed) => {
  const uniform = uniforms(seed);
  return Array.from({ length: 10 }, () => drawStyle(wrodlers, model, uniform));
});

const one = uniforms(2 ** 32 - 1);
process.stdout.write(JSON.stringify({
  uniforms: Array.from({ length: 1000 }, one),
  probabilities: chosen.map((model) => points.map((codes) => probability(wrodlers, model, codes))),
  unseen: chosen.map((model) => unseenShare(wrodlers, model)),
  draws: chosen.map(draws),
  tens: chosen.map((model) => seeds.slice(0, 20).flatMap(
    (seed) => [true, false].map((again) => drawStyles(wrodlers, model, seed, again)))),
  occurrences: rows.map((codes) => occurrences(wrodlers, codes)),
  readable: numbers.map(readable),
  layers: styles.map((style) => layers(art, style)),
  stamps: stamps.map(([index, colour]) => Buffer.from(stampPixels(colours, art.size, index, colour)).toString("base64")),
}));
