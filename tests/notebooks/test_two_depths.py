"""Who skips a chapter's Deeper sections misses nothing that the rest needs."""

import contextlib
import io
import re

import matplotlib.pyplot as plt
import nbformat
import pytest
from support import CHAPTERS, block_tensorflow, trains

TWO_DEPTHS = [path for path in CHAPTERS if not trains(path) and "\"## Deeper: " in path.read_text(encoding="utf-8")]


def core(path):
    """The code cells of a chapter that stand in no Deeper section."""
    deeper = False
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and not deeper:
            yield cell
        for heading in re.findall(r"^## (.*)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else []:
            deeper = heading.startswith("Deeper")


@pytest.mark.parametrize("path", TWO_DEPTHS, ids=lambda path: path.stem)
def test_the_core_alone_runs_and_prints_what_the_page_shows(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    block_tensorflow(monkeypatch)
    names = {}
    with plt.rc_context({"backend": "agg"}):
        for cell in core(path):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(cell.source, path.name, "exec"), names)
            assert printed.getvalue() == "".join(output.get("text", "") for output in cell.outputs), cell.source
            plt.close("all")
