"""A second run changes nothing, and a wrong stored number is caught."""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from support import CHAPTERS, NOTEBOOKS, ROOT, tool

QUICKEST = next(path for path in CHAPTERS if path.stem.startswith("02"))


@pytest.fixture(scope="module")
def rerun(tmp_path_factory):
    """Chapter 2, run twice over in a folder of its own."""
    copy = tmp_path_factory.mktemp("rerun") / QUICKEST.name
    shutil.copy(QUICKEST, copy)
    texts = []
    for _ in range(2):
        tool("notebooks").execute(copy)
        texts.append(copy.read_text(encoding="utf-8"))
    return texts


def without_pictures(text):
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/png", None)
    return notebook


def test_a_second_run_writes_the_same_bytes(rerun):
    assert rerun[0] == rerun[1]


def test_a_run_writes_the_committed_text(rerun):
    assert without_pictures(rerun[0]) == without_pictures(QUICKEST.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_chapter_is_in_normal_form(path):
    text = path.read_text(encoding="utf-8")
    normal = tool("notebooks").normalise(nbformat.reads(text, as_version=4))
    assert nbformat.writes(normal) + "\n" == text


def run_nbval(notebook):
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(notebook.parent),
               "-c", str(ROOT / "pyproject.toml"), str(notebook)]
    return subprocess.run(command, cwd=notebook.parent, capture_output=True, text=True, env=dict(os.environ))


def test_a_wrong_stored_number_fails_the_notebook_test(tmp_path):
    notebook = json.loads(QUICKEST.read_text(encoding="utf-8"))
    good, bad = tmp_path / "good.ipynb", tmp_path / "bad.ipynb"
    good.write_text(json.dumps(notebook))
    assert run_nbval(good).returncode == 0
    text = json.dumps(notebook)
    spoilt, n = re.subn(r'("text": \[\s*"[^"]*?)200', r"\g<1>201", text, count=1)
    assert n == 1, "no stored output of chapter 2 shows 200"
    bad.write_text(spoilt)
    result = run_nbval(bad)
    assert result.returncode == 1 and "failed" in result.stdout
