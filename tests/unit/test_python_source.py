"""Where Python in the page comes from: hashes decide, a source that is missing is named, CI does not go on without."""

import json
import shutil
import zipfile

import pytest
from support import ROOT, skip_unless_ci, tool

HERE = ROOT / "data" / "python"  # what `make site` has fetched
SMALL = ("cycler", "six")


@pytest.fixture
def page(monkeypatch, tmp_path):
    """tools/python_page.py with two small packages of Pyodide's, an empty store and a named folder."""
    if not HERE.exists():
        skip_unless_ci("Pyodide's packages were not fetched: run `make site` first")
    monkeypatch.syspath_prepend(ROOT / "tools")
    module = tool("python_page")
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, value in (("KEPT", tmp_path / "kept"), ("TARGET", tmp_path / "python"), ("WANTED", SMALL)):
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(module, "compile_in", lambda folder, names: None)  # one test does it: Pyodide starts in seconds
    monkeypatch.setenv("COURSE_WHEELS", str(folder))
    monkeypatch.delenv("CI", raising=False)
    return module


@pytest.fixture
def wheels(page, tmp_path):
    """The named folder, with all that is wanted."""
    for entry in page.with_needs(page.lock()["packages"], SMALL).values():
        shutil.copy(HERE / entry["file_name"], tmp_path / "wheels")
    for wheel in HERE.glob("*-none-any.whl"):
        shutil.copy(wheel, tmp_path / "wheels")
    return tmp_path / "wheels"


def spoil(path):
    """Another file of the same name, still a wheel."""
    with zipfile.ZipFile(path, "a") as wheel:
        wheel.writestr("more.py", "print('not what was asked for')")


def test_from_a_named_folder_all_comes_without_a_network(page, wheels):
    page.main()
    packages = json.loads((page.TARGET / "pyodide-lock.json").read_text())["packages"]
    assert {*SMALL, "ipywidgets", "anywidget"} <= set(packages) and "numpy" not in packages
    assert {file.name for file in page.TARGET.iterdir()} >= {*page.RUNTIME, "worker.js", "licences.txt"}
    for entry in packages.values():
        assert page.sha256((page.TARGET / entry["file_name"]).read_bytes()) == entry["sha256"]
        assert set(entry["depends"]) <= set(packages)


def test_what_the_page_imports_is_compiled_by_its_own_python_and_the_rest_left_out(page, wheels, tmp_path):
    (entry,) = page.with_needs(page.lock()["packages"], ("six",)).values()
    shutil.copy(wheels / entry["file_name"], tmp_path)
    with zipfile.ZipFile(tmp_path / entry["file_name"], "a") as wheel:
        for needless in ("six/tests/test_six.py", "tests/data.csv", "six.pyi", "six/fast.pyx", "six/fast.cpp"):
            wheel.writestr(needless, "")
    tool("python_page").compile_in(tmp_path, [entry["file_name"]])
    with zipfile.ZipFile(tmp_path / entry["file_name"]) as made, zipfile.ZipFile(wheels / entry["file_name"]) as given:
        names = {name.replace(".py", ".pyc") for name in given.namelist()}
        assert set(made.namelist()) == names and "six.pyc" in names
        code = made.read("six.pyc")
        assert code[2:8] == b"\r\n\x01\0\0\0"  # bytecode that is not compared with a source
        assert all(made.read(name) == given.read(name) for name in given.namelist() if not name.endswith(".py"))


@pytest.mark.parametrize("name", SMALL)
def test_a_file_with_another_hash_is_refused_by_name(page, wheels, name):
    spoil(path := next(wheels.glob(f"{name}-*")))
    with pytest.raises(SystemExit, match=rf"{path.name} of .*{wheels.name} has the SHA-256 .*was not taken"):
        page.main()
    assert not page.TARGET.exists() and not (page.KEPT / path.name).exists()


def test_a_kept_file_that_was_changed_is_refused(page, wheels, monkeypatch):
    page.main()
    spoil(next(page.KEPT.glob("six-*")))
    monkeypatch.delenv("COURSE_WHEELS")
    with pytest.raises(SystemExit, match=r"six-.*was not taken"):
        page.main()


def test_a_pure_wheel_with_another_hash_is_not_taken(page, wheels):
    spoil(next(wheels.glob("comm-*")))
    page.main()
    assert "has no file of comm that versions/page.txt knows" in (page.TARGET / "missing.txt").read_text()
    assert not list(page.KEPT.glob("comm-*"))


def test_what_was_fetched_is_not_fetched_again(page, wheels, monkeypatch):
    page.main()
    monkeypatch.delenv("COURSE_WHEELS")
    monkeypatch.setattr(page, "pip", None)  # calling it would fail
    page.main()
    assert (page.TARGET / "pyodide-lock.json").exists()


def test_without_a_source_the_site_says_why(page, capsys):
    page.main()
    assert [file.name for file in page.TARGET.iterdir()] == ["missing.txt"]
    for said in (capsys.readouterr().out, (page.TARGET / "missing.txt").read_text()):
        assert "wheels lacks cycler-" in said and "six-" in said


def test_what_pip_complains_of_is_said(page, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(page.NoSource, match="^pip could not download no-such-thing==1: ERROR: No matching"):
        page.pip("no-such-thing==1")


def test_in_ci_it_is_a_failure(page, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match="Python in the page: .*wheels lacks cycler-"):
        page.main()
    assert not page.TARGET.exists()


def test_a_folder_that_is_none_is_named(page, monkeypatch):
    monkeypatch.setenv("COURSE_WHEELS", "nowhere")
    with pytest.raises(SystemExit, match="COURSE_WHEELS is 'nowhere', expected a folder"):
        page.main()


def test_every_package_of_the_site_names_its_licence(page, wheels):
    page.main()
    text = (page.TARGET / "licences.txt").read_text("utf-8")
    assert "Mozilla Public License 2.0" in text and all(f"\n{name} " in text for name in (*SMALL, "ipywidgets"))
