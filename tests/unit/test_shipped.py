"""Shipped networks and samples: what is written, what is refused, and that the shipped files are the manifest's."""

import json

import numpy as np
import pytest
from support import ROOT

from helpers.networks import linear_map, shipped

MADE = {"recipe": "recipes/judge.py", "seed": 3, "seconds": 1.6, "scores": {"accuracy": 0.5}}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """An empty folder of artefacts, at full scale."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "files")
    monkeypatch.setenv("COURSE_SCALE", "full")
    return shipped.FOLDER


def test_the_shipped_files_are_those_of_the_manifest():
    listed = shipped.manifest()
    there = {path.name for path in shipped.FOLDER.iterdir()} - {shipped.MANIFEST}
    assert there == set(listed) and listed
    for name, entry in listed.items():
        assert shipped._checksum(shipped.FOLDER / name) == entry["sha256"]
        assert (shipped.FOLDER / name).stat().st_size == entry["bytes"]
        assert entry["scale"] == "full" and (ROOT / entry["recipe"]).is_file() and entry["scores"]


def test_the_shipped_files_are_small():
    assert sum(entry["bytes"] for entry in shipped.manifest().values()) <= 8_000_000


def test_arrays_come_back_as_they_were(folder):
    value = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([1, 2], np.uint8)}
    shipped.save("some_samples.npz", value, **MADE)
    back = shipped.load("some_samples.npz")
    assert set(back) == {"a", "b"}
    for key, array in value.items():
        assert back[key].dtype == array.dtype and np.array_equal(back[key], array)


def test_a_network_comes_back_as_it_was(folder):
    network = linear_map(np.arange(4.0), np.ones((2, 4)), (2, 2))
    shipped.save("a_decoder.npz", network, **MADE)
    z = np.random.default_rng(0).normal(size=(3, 2))
    np.testing.assert_array_equal(shipped.load("a_decoder.npz")(z), network(z))


def test_a_copy_that_asks_for_a_keras_file_is_told_what_there_is_now():
    with pytest.raises(KeyError, match="networks are .npz files now.*Get the notebook again"):
        shipped.load("digit_judge.keras")


def test_the_manifest_says_how_a_file_was_made(folder):
    shipped.save("b.npz", {"a": np.zeros(1)}, **MADE)
    shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    entry = shipped.about("a.npz")
    assert entry["seed"] == 3 and entry["seconds"] == 1.6 and entry["scores"] == {"accuracy": 0.5}
    assert entry["command"] == "make artefacts RECIPES=recipes/judge.py"
    assert entry["versions"]["numpy"] == np.__version__
    assert list(shipped.manifest()) == ["a.npz", "b.npz"]
    assert {path.name for path in folder.iterdir()} == {"a.npz", "b.npz", "manifest.json"}, "nothing is left over"


def test_a_write_that_fails_leaves_the_old_file(folder, monkeypatch):
    path = shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    before = {one.name: one.read_bytes() for one in folder.iterdir()}

    def fail(file, **arrays):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez_compressed", fail)
    for value in ({"a": np.ones(1)}, linear_map(np.zeros(1), np.ones((1, 1)), (1, 1))):
        with pytest.raises(OSError, match="no space"):
            shipped.save(path.name, value, **MADE)
        assert {one.name: one.read_bytes() for one in folder.iterdir()} == before


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


def test_at_demo_scale_nothing_is_written_where_the_shipped_files_are(folder, monkeypatch):
    monkeypatch.delenv("COURSE_SCALE")
    monkeypatch.setattr(shipped, "SHIPPED", folder)
    with pytest.raises(RuntimeError, match="ships at full scale. Run: make artefacts"):
        shipped.save("a.npz", {"a": np.zeros(1)}, **MADE)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["../a.npz", "a.pkl", "a.keras", "a", "A b.npz", "", 3])
def test_a_name_of_another_form_is_refused(folder, name):
    with pytest.raises(ValueError, match="lower-case letters"):
        shipped.save(name, {"a": np.zeros(1)}, **MADE)


@pytest.mark.parametrize(("name", "value", "message"), [
    ("a.npz", [1, 2], "is a list, expected a Network or a dict of arrays"),
    ("a.npz", {"a": np.array([{}])}, "'a' holds Python objects"),
    ("a.npz", print, "is a builtin_function_or_method, expected a Network"),
])
def test_a_value_that_is_neither_is_refused(folder, name, value, message):
    with pytest.raises(TypeError, match=message):
        shipped.save(name, value, **MADE)


def test_the_manifest_is_readable_text():
    text = (shipped.FOLDER / shipped.MANIFEST).read_text(encoding="utf-8")
    assert json.loads(text) == shipped.manifest() and len(text.splitlines()) > 10
