"""The small changes of `make mutate` are what they say: one place, another meaning, code that can still be read."""

import ast

import pytest
from support import ROOT, tool

mutate = tool("mutate")


@pytest.mark.parametrize("name", ["helpers/judge/metrics.py", "helpers/scale.py", "tools/serve.py"])
def test_each_change_of_python_is_python_with_another_meaning(name):
    path = ROOT / name
    text, changes = path.read_text("utf-8"), [*mutate.python_changes(path.relative_to(ROOT))]
    assert changes
    for change in changes:
        assert ast.dump(ast.parse(change.apply(text))) != ast.dump(ast.parse(text))
        assert text[: change.start].count("\n") + 1 == change.line


def test_changes_of_javascript_stand_in_code_not_in_words():
    path = ROOT / "helpers" / "live" / "runtime" / "axes.js"
    text, changes = path.read_text("utf-8"), [*mutate.javascript_changes(path.relative_to(ROOT))]
    assert len(changes) > 10
    for change in changes:
        line = text.splitlines()[change.line - 1]
        assert not line.lstrip().startswith(("*", "//", "/*", "import"))
        assert change.apply(text) != text and len(change.apply(text).splitlines()) == len(text.splitlines())


def test_the_tests_of_a_module_are_found_by_its_name_or_by_who_imports_it():
    found = mutate.files_that_name((ROOT / "helpers/live/runtime/normal.js").relative_to(ROOT))
    assert "tests/unit/test_ppf.py" in found and "tests/unit/test_pad.py" not in found
    assert f"{mutate.DRAWN}[ppf]" in found and f"{mutate.DRAWN}[pad]" not in found


def test_of_a_file_those_tests_are_taken_that_run_javascript():
    found = mutate.of_browser("tests/unit/test_film.py")
    assert "tests/unit/test_film.py::test_numbers_are_written_as_people_do" in found  # by a fixture
    assert "tests/unit/test_film.py::test_the_slider_reads_images_seen" not in found
