"""The targets and what was found of them: as text for the terminal, and for the page "How this book is tested"."""

import json
from datetime import date
from pathlib import Path

from benchmarks.targets import TARGETS, Row, Target
from benchmarks.timing import machine
from helpers.scale import scale

RESULTS = Path(__file__).with_name("results")
PAGE = "table.md"  # book/appendix/how_tested.md includes it


def keep(rows: list[Row], details: dict[str, list[str]]) -> None:
    """Add what was measured to the results of this scale, and renew the page's table."""
    path = RESULTS / f"{scale()}.json"
    old = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"rows": {}, "details": {}}
    new = {row.key: {"value": round(row.value, 6), "note": row.note, "scale": row.scale or scale(),
                     "day": date.today().isoformat()} for row in rows}
    _write(path, json.dumps({"machine": machine(), "rows": old["rows"] | new, "details": old["details"] | details},
                            indent=1, ensure_ascii=False))
    _write(RESULTS / PAGE, markdown())


def stored() -> tuple[dict[str, dict], list[str]]:
    """The results by key, those of full scale before those of demo scale, and a line for each machine."""
    found, machines = {}, []
    for name in ("demo", "full"):
        path = RESULTS / f"{name}.json"
        if path.is_file():
            results = json.loads(path.read_text(encoding="utf-8"))
            found |= results["rows"]
            machines.append(f"{name} scale: {described(results['machine'])}")
    return found, machines


def described(here: dict) -> str:
    """A machine in a line."""
    return "{processor}, {cores} cores, {system}, Python {python}, load {load} at the end".format(**here)


def text() -> str:
    """Every target in a line."""
    found, _ = stored()
    return "\n".join(_line(target, found.get(target.key)) for target in TARGETS)


def markdown() -> str:
    """Every target as a row of a table, and the machines."""
    found, machines = stored()
    rows = ["| what | measured | promised |", "|---|---|---|"]
    for target in TARGETS:
        one = found.get(target.key)
        measured = "not yet" if one is None else f"{_number(one['value'])} {target.unit}".rstrip()
        measured += ", **not met**" * (one is not None and not target.met(one["value"]))
        rows.append(f"| {target.what} | {measured} | {target.promise} |")
    return "\n".join([*rows, "", f"Measured on {'; '.join(machines)}."])


def _line(target: Target, found: dict | None) -> str:
    if found is None:
        wait = "not measured: COURSE_SCALE=full make bench" if target.full else f"not measured: part {target.suite}"
        return f"{target.what:82} {target.limit:>14}  {wait}"
    verdict = "met" if target.met(found["value"]) else "NOT MET"
    return (f"{target.what:82} {target.limit:>14} {_number(found['value']):>8}  {verdict:8}{found['day']} "
            f"{found['scale']:5} {found['note']}").rstrip()


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _write(path: Path, content: str) -> None:
    """Replace a file when the new one is whole."""
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(content + "\n", encoding="utf-8")
    fresh.replace(path)
