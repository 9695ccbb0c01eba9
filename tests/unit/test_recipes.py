"""Every recipe runs whole at a tiny scale, in a folder of its own, and makes what the manifest lists."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from support import ROOT, tool

from helpers.networks import shipped

RECIPES = tool("artefacts").in_order()
RUN = """
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[3]]
from artefacts import run
from helpers.networks import shipped
shipped.FOLDER = Path(sys.argv[2])
run(Path(sys.argv[1]))
"""


def made_by(recipe: Path) -> set[str]:
    return {name for name, entry in shipped.manifest().items() if entry["recipe"] == f"recipes/{recipe.name}"}


def test_every_shipped_file_has_a_recipe_and_every_recipe_makes_some():
    named = {entry["recipe"] for entry in shipped.manifest().values()}
    assert named == {f"recipes/{path.name}" for path in RECIPES}
    there = {path.name for path in shipped.SHIPPED.glob("*.npz")}
    assert there == set(shipped.manifest())


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_a_recipe_makes_its_files_at_a_tiny_scale(recipe, tmp_path, monkeypatch):
    folder = tmp_path / "files"
    shutil.copytree(shipped.SHIPPED, folder)
    before = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    environment = {**os.environ, "COURSE_SCALE": "demo", "MPLBACKEND": "agg"}
    done = subprocess.run([sys.executable, "-c", RUN, recipe, folder, ROOT / "tools"], env=environment, cwd=tmp_path,
                          capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    after = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    fresh = {name for name in after if after[name] != before.get(name)}
    assert fresh == made_by(recipe)
    for name in fresh:
        assert set(after[name]["scores"]) == set(before[name]["scores"]), name
        assert after[name]["command"] == f"make artefacts RECIPES=recipes/{recipe.name}"
    kinds = {name: type(shipped.load(name)) for name in fresh}
    monkeypatch.setattr(shipped, "FOLDER", folder)
    assert {name: type(shipped.load(name)) for name in fresh} == kinds


def recipe_for(tmp_path, monkeypatch, text):
    """A recipe beside a chapter that defines `double` and the dial N."""
    artefacts = tool("artefacts")
    cells = [nbformat.v4.new_code_cell("N = 3"), nbformat.v4.new_code_cell("N = 4  # not tagged: not run"),
             nbformat.v4.new_code_cell("def double(x):\n    return 2 * x", metadata={"tags": ["model"]})]
    (tmp_path / "book").mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "book" / "99_toy.ipynb")
    monkeypatch.setattr(artefacts, "ROOT", tmp_path)
    path = tmp_path / "99_toy.py"
    path.write_text(text, encoding="utf-8")
    return artefacts, path


def test_a_recipe_sees_the_dials_and_the_models_of_its_chapter(tmp_path, monkeypatch):
    artefacts, path = recipe_for(tmp_path, monkeypatch, "result = double(N)")
    assert artefacts.run(path)["result"] == 6


@pytest.mark.parametrize("text", ["def double(x):\n    return x", "N = 5", "import math as double", "del N"])
def test_a_recipe_that_redefines_a_name_is_refused(tmp_path, monkeypatch, text):
    artefacts, path = recipe_for(tmp_path, monkeypatch, text)
    with pytest.raises(ValueError, match=r"99_toy.py redefines (double|N) of 99_toy.ipynb"):
        artefacts.run(path)


def test_a_recipe_without_a_chapter_is_named(tmp_path, monkeypatch):
    artefacts, path = recipe_for(tmp_path, monkeypatch, "")
    with pytest.raises(FileNotFoundError, match="98_other.py belongs to no notebook"):
        artefacts.run(path.with_name("98_other.py"))
