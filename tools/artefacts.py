"""Run the chapters that ship models, at full scale, so that they write helpers/networks/files (`make artefacts`).

Run: python tools/artefacts.py                            every notebook that saves artefacts, the judge first
     python tools/artefacts.py book/appendix/judge.ipynb  these, in this order

The committed notebooks keep their outputs at demo scale: nothing is written to them here.
"""

import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

sys.path.insert(0, str(Path(__file__).parent))
from notebooks import ROOT, chapters

FIRST = ROOT / "book" / "appendix" / "judge.ipynb"  # its scores stand in every other manifest entry


def saves(path: Path) -> bool:
    """Whether a notebook's code saves artefacts."""
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return re.search(r"\bartefacts\.save\(|from helpers\.artefacts import .*\bsave\b", "\n".join(code)) is not None


def in_order(paths: list[Path]) -> list[Path]:
    """Those that save artefacts, the judge before all others."""
    return sorted(filter(saves, paths), key=lambda path: path != FIRST)


def execute(path: Path) -> float:
    """Run one notebook at full scale in its own folder, print what it prints; return the seconds."""
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    client = NotebookClient(notebook, timeout=None, kernel_name="python3", store_widget_state=False,
                            resources={"metadata": {"path": str(path.parent)}},
                            on_cell_executed=lambda cell, **_: print(_text(cell), end="", flush=True))
    client.execute(env={**os.environ, "COURSE_SCALE": "full"})
    return time.perf_counter() - start


def _text(cell: nbformat.NotebookNode) -> str:
    return "".join(output.get("text", "") for output in cell.get("outputs", []))


def main(names: list[str]) -> None:
    for path in [Path(name).resolve() for name in names] or in_order(chapters()):
        print(f"== {path.relative_to(ROOT)} at full scale", flush=True)
        print(f"== {execute(path):.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
