"""Seconds and memory of every chapter, each in a fresh kernel: nbval's run with the plugin that the tests use."""

import json
import os
import subprocess
import sys

from support import NOTEBOOKS, ROOT

from benchmarks.targets import Row

TABLE = ROOT / "_build" / "memory.json"  # tests/memory.py writes it


def rows() -> tuple[list[Row], list[str]]:
    """The targets about chapters, and a line for each; the lines with bars are those of the page about setting up."""
    TABLE.unlink(missing_ok=True)
    plugin = os.environ | {"PYTHONPATH": str(ROOT / "tests")}  # tests/memory.py
    subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "memory", *map(str, NOTEBOOKS)], cwd=ROOT, env=plugin,
                   capture_output=True)
    if not TABLE.is_file():
        return [], ["nothing was measured: try `pytest book` by itself"]
    return table(json.loads(TABLE.read_text(encoding="utf-8")))


def table(measured: dict[str, dict]) -> tuple[list[Row], list[str]]:
    """Rows and lines from what the plugin measured, by notebook."""
    lines = ["memory of the kernel at its peak, seconds from its start to the last cell"]
    for name, one in measured.items():
        short = name[:2].lstrip("0") if name[0].isdigit() else name
        lines.append(f"  | {short} | {one['peak_mb']} MB | {one['processor_seconds']:.0f} s |"
                     f"   cold {one['seconds']:.0f} s" + "  TensorFlow" * one["tensorflow"])
    seconds = {name: one["seconds"] for name, one in measured.items() if name[0].isdigit()}
    slowest = max(seconds, key=seconds.get)
    found = [Row("chapters", sum(seconds.values()) / 60, f"{len(seconds)} chapters"),
             Row("slowest", seconds[slowest], slowest)]
    for key, heavy in (("memory", False), ("memory_tf", True)):
        peaks = {name: one["peak_mb"] for name, one in measured.items() if one["tensorflow"] == heavy}
        if peaks:
            found.append(Row(key, max(peaks.values()), max(peaks, key=peaks.get)))
    return found, lines
