"""Shipped models: what is written, what is refused, and that the shipped files are the manifest's."""

import json

import numpy as np
import pytest
from support import ROOT, tool

from helpers.networks import shipped

MADE = {"chapter": "book/appendix/judge.ipynb", "seed": 3, "seconds": 1.6, "scores": {"accuracy": 0.5}}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder of artefacts, at full scale."""
    monkeypatch.setattr(artefacts, "FOLDER", tmp_path / "files")
    monkeypatch.setenv("COURSE_SCALE", "full")
    return shipped.FOLDER


def test_the_shipped_files_are_those_of_the_manifest():
    listed = shipped.manifest()
    there = {path.name for path in shipped.FOLDER.iterdir()} - {shipped.MANIFEST}
    assert there == set(listed) and listed
    for name, entry in listed.items():
        assert shipped._checksum(shipped.FOLDER / name) == entry["sha256"]
        assert (shipped.FOLDER / name).stat().st_size == entry["bytes"]
        assert entry["scale"] == "full" and (ROOT / entry["chapter"]).is_file() and entry["scores"]


def test_the_shipped_files_are_small():
    assert sum(entry["bytes"] for entry in shipped.manifest().values()) <= 8_000_000


def test_arrays_come_back_as_they_were(folder):
    value = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([1, 2], np.uint8)}
    shipped.save("some_samples.npz", value, **MADE)
    back = shipped.load("some_samples.npz")
    assert set(back) == {"a", "b"}
    for key, array in value.items():
        assert back[key].dtype == array.dtype and np.array_equal(back[key], array)


def test_a_model_comes_back_with_its_weights_and_without_its_optimiser(folder):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    shipped.save("some_model.keras", model, **MADE)
    back = shipped.load("some_model.keras")
    x = np.ones((1, 3), "float32")
    assert np.asarray(back(x)) == pytest.approx(np.asarray(model(x))) and not back.compiled


def test_a_model_that_carries_code_is_not_run(folder):
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: 2 * x)])
    shipped.save("some_model.keras", model, **MADE)
    with pytest.raises(ValueError, match="(?i)lambda"):
        shipped.load("some_model.keras")


def test_the_manifest_says_how_a_file_was_made(folder):
    shipped.save("b.npz", {"a": np.zeros(1)}, **MADE)
    shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    entry = shipped.about("a.npz")
    assert entry["seed"] == 3 and entry["seconds"] == 1.6 and entry["scores"] == {"accuracy": 0.5}
    assert entry["command"] == "make artefacts CHAPTERS=book/appendix/judge.ipynb"
    assert entry["versions"]["numpy"] == np.__version__
    assert list(shipped.manifest()) == ["a.npz", "b.npz"]
    assert {path.name for path in folder.iterdir()} == {"a.npz", "b.npz", "manifest.json"}, "nothing is left over"


def test_a_write_that_fails_leaves_the_old_file(folder):
    shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)

    class Broken:
        def save(self, path):
            path.write_bytes(b"half")
            raise OSError("no space left on device")

    (folder / "m.keras").write_bytes(b"old")
    with pytest.raises(OSError, match="no space"):
        shipped.save("m.keras", Broken(), **MADE)
    assert (folder / "m.keras").read_bytes() == b"old"
    assert {path.name for path in folder.iterdir()} == {"a.npz", "m.keras", "manifest.json"}


def test_a_damaged_file_is_refused_with_how_to_restore_it(folder):
    path = shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(ValueError, match=r"checksum .* git checkout -- helpers/networks/files.* make artefacts"):
        shipped.load("a.npz")


def test_a_missing_file_is_named_with_how_to_restore_it(folder):
    shipped.save("a.npz", {"a": np.zeros(1)}, **MADE).unlink()
    with pytest.raises(FileNotFoundError, match=r"a\.npz is missing. .*git checkout"):
        shipped.load("a.npz")


def test_an_unknown_name_gets_the_list_of_names(folder):
    shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    with pytest.raises(KeyError, match=r"no artefact is called 'b.npz'. The manifest lists: a.npz"):
        shipped.load("b.npz")


def test_at_demo_scale_nothing_is_written(folder, monkeypatch):
    monkeypatch.delenv("COURSE_SCALE")
    with pytest.raises(RuntimeError, match="ships at full scale. Run: make artefacts"):
        shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["../a.npz", "a.pkl", "a", "A b.npz", "", 3])
def test_a_name_of_another_form_is_refused(folder, name):
    with pytest.raises(ValueError, match="lower-case letters"):
        shipped.save(name, {"a": np.zeros(1)}, **MADE)


@pytest.mark.parametrize(("name", "value", "message"), [
    ("a.npz", [1, 2], "is a list, expected a dict of arrays"),
    ("a.npz", {"a": np.array([{}])}, "'a' holds Python objects"),
    ("a.keras", {"a": np.zeros(1)}, "is a dict, expected a keras.Model"),
])
def test_a_value_that_does_not_go_with_the_name_is_refused(folder, name, value, message):
    with pytest.raises(TypeError, match=message):
        shipped.save(name, value, **MADE)


def test_the_manifest_is_readable_text():
    text = (shipped.FOLDER / shipped.MANIFEST).read_text(encoding="utf-8")
    assert json.loads(text) == shipped.manifest() and len(text.splitlines()) > 10


def notebook(path, *sources):
    nbformat = pytest.importorskip("nbformat")
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_make_artefacts_runs_what_saves_and_the_judge_first(tmp_path, monkeypatch):
    script = tool("artefacts")
    judge = notebook(tmp_path / "judge.ipynb", "from helpers import artefacts", "shipped.save('a.npz', {})")
    late = notebook(tmp_path / "08.ipynb", "from helpers.networks.shipped import load, save")
    reads = notebook(tmp_path / "03.ipynb", "from helpers import artefacts\nartefacts.load('a.npz')")
    monkeypatch.setattr(script, "FIRST", judge)
    assert script.in_order([reads, late, judge]) == [judge, late]


def test_make_artefacts_runs_at_full_scale_and_leaves_the_notebook(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("COURSE_SCALE", "demo")
    path = notebook(tmp_path / "a.ipynb", "from helpers.scale import scale\nprint('scale', scale())")
    before = path.read_bytes()
    tool("artefacts").execute(path)
    assert path.read_bytes() == before and "scale full" in capfd.readouterr().out
