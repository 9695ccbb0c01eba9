"""Measure what is promised and print each row: target, measured, met or not (`make bench`).

Run: python -m benchmarks                       every part that the scale allows
     python -m benchmarks gaussians vae         these parts
     COURSE_SCALE=full python -m benchmarks     also what takes long: full MNIST, the GANs, a fresh clone

The results are kept in benchmarks/results/demo.json and full.json, with the machine and the day. A row that was not
measured in this run is shown from there.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path

from benchmarks.parts import LONG, PARTS, run
from benchmarks.targets import TARGETS, Row, Target
from benchmarks.timing import machine
from helpers.training import scale

RESULTS = Path(__file__).with_name("results")


def stored() -> dict[str, dict]:
    """The newest result of each row: those of demo scale, and over them those of full scale."""
    found = {}
    for name in ("demo", "full"):
        path = RESULTS / f"{name}.json"
        if path.is_file():
            found |= json.loads(path.read_text(encoding="utf-8"))["rows"]
    return found


def keep(rows: list[Row], details: dict[str, list[str]]) -> None:
    """Add what was measured to the results of this scale; replace the file when the new one is whole."""
    path = RESULTS / f"{scale()}.json"
    old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"rows": {}, "details": {}}
    new = {row.key: {"value": round(row.value, 6), "note": row.note, "scale": row.scale or scale(),
                     "day": date.today().isoformat()} for row in rows}
    text = json.dumps({"machine": machine(), "rows": old["rows"] | new, "details": old["details"] | details},
                      indent=1, ensure_ascii=False)
    RESULTS.mkdir(exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text + "\n", encoding="utf-8")
    fresh.replace(path)


def line(target: Target, found: dict | None) -> str:
    """One row of the table."""
    if found is None:
        wait = "not measured: COURSE_SCALE=full make bench" if target.full else f"not measured: part {target.suite}"
        return f"{target.what:88} {target.limit:>14}  {wait}"
    verdict = "met" if target.met(found["value"]) else "NOT MET"
    text = f"{found['value']:,.3g}" if abs(found["value"]) < 1000 else f"{found['value']:,.0f}"
    return (f"{target.what:88} {target.limit:>14} {text:>9}  {verdict:8}{found['day']} {found['scale']:5} "
            f"{found['note']}").rstrip()


def main(names: list[str]) -> None:
    unknown = set(names) - set(PARTS)
    if unknown:
        raise SystemExit(f"No part is called {', '.join(unknown)}. There are {', '.join(PARTS)}.")
    chosen = names or [part for part in PARTS if scale() == "full" or part not in LONG]
    here = machine()
    print(f"{here['processor']}, {here['cores']} cores, {here['system']}, Python {here['python']}, "
          f"load {here['load']}; {scale()} scale\n")
    for part in chosen:
        start = time.perf_counter()
        rows, details = run(part)
        keep(rows, {part: details})
        print("\n".join(details), f"[{part}: {time.perf_counter() - start:.0f} s]\n", sep="\n", flush=True)
    found = stored()
    print("\n".join(line(target, found.get(target.key)) for target in TARGETS))


if __name__ == "__main__":
    main(sys.argv[1:])
