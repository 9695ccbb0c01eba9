"""Measure what is promised and print each row: target, measured, met or not (`make bench`).

Run: python -m benchmarks                       every part that the scale allows, about 10 minutes at demo scale
     python -m benchmarks gaussians vae         these parts
     COURSE_SCALE=full python -m benchmarks     also what takes long: all of MNIST, the GANs, a fresh clone

The results are kept in benchmarks/results/demo.json and full.json, with the machine and the day; a row that was not
measured in this run is shown from there. table.md is the same for the page "How this book is tested".
"""

import sys
import time

from benchmarks.parts import LONG, PARTS, run
from benchmarks.table import described, keep, text
from benchmarks.timing import machine
from helpers.scale import scale


def main(names: list[str]) -> None:
    unknown = set(names) - set(PARTS)
    if unknown:
        raise SystemExit(f"No part is called {', '.join(unknown)}. There are {', '.join(PARTS)}.")
    print(f"{described(machine()).removesuffix(' at the end')}; {scale()} scale\n")
    for part in names or [part for part in PARTS if scale() == "full" or part not in LONG]:
        start = time.perf_counter()
        rows, details = run(part)
        keep(rows, {part: details})
        print("\n".join(details), f"[{part}: {time.perf_counter() - start:.0f} s]\n", sep="\n", flush=True)
    print(text())


if __name__ == "__main__":
    main(sys.argv[1:])
