// The browser's side of test_fashion_explorers.py: reads questions from stdin, writes the answers to stdout.
// Each module is loaded from its text, as a view holds it; that works only while it imports nothing.
import { readFileSync } from "node:fs";

/** @param {string} name */
const load = (name) => import("data:text/javascript;base64,"
  + readFileSync(new URL(`../../helpers/live/${name}`, import.meta.url), "base64"));
const { drawStyle, occurrences, probability, readable, uniforms, unseenShare } = await load("wrodl_models.js");
const { layers, stampPixels } = await load("face_canvas.js");

const { rows, sizes, points, models, seeds, numbers, art, sheet, styles, stamps } = JSON.parse(readFileSync(0, "utf8"));
const colours = Uint8ClampedArray.from(Buffer.from(sheet, "base64"));

/** Ten Wrodlers for each seed, as one press of the button draws them. */
const draws = ([alpha, naive]) => seeds.flatMap((seed) => {
  const uniform = uniforms(seed);
  return Array.from({ length: 10 }, () => drawStyle(rows, sizes, alpha, naive, uniform));
});

const one = uniforms(2 ** 32 - 1);
process.stdout.write(JSON.stringify({
  uniforms: Array.from({ length: 1000 }, one),
  probabilities: models.map(([alpha, naive]) => points.map((codes) => probability(rows, sizes, codes, alpha, naive))),
  unseen: models.map(([alpha, naive]) => unseenShare(rows, sizes, alpha, naive)),
  draws: models.map(draws),
  occurrences: rows.map((codes) => occurrences(rows, codes)),
  readable: numbers.map(readable),
  layers: styles.map((style) => layers(art, style)),
  stamps: stamps.map(([index, colour]) => Buffer.from(stampPixels(colours, art.size, index, colour)).toString("base64")),
}));
