// The browser's side of test_report.py: reads questions from stdin, writes answers to stdout.
import { readFileSync } from "node:fs";

import { agreement, range } from "../../helpers/live/runtime/scores.js";

const { numbers, measures } = JSON.parse(readFileSync(0, "utf8"));
const column = (k) => numbers.map((row) => row[k]);
process.stdout.write(JSON.stringify({
  agreement: measures.map((x, i) => measures.map((y, j) => agreement(column(i), column(j), x, y))),
  ranges: measures.map((measure, i) => range(column(i), measure)),
}));
