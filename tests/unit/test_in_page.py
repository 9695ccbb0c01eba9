"""Cells run as in a notebook, in the module that runs them in the page: here by this machine's own Python."""

import json
import sys
import types

import matplotlib.pyplot as plt
import pytest
from support import ROOT

sys.path.insert(0, str(ROOT / "book" / "_python"))
from in_page.cells import Session
from in_page.needs import offered, picked
from in_page.packages import packages, read_files


@pytest.fixture
def session(monkeypatch):
    """A session, and what it has told the page."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setenv("MPLBACKEND", "agg")
    backend, told = plt.get_backend(), []
    one = Session(lambda text: told.append(json.loads(text)))

    def run(source, offer=""):
        told.clear()
        ended = one.run("1", source, one.needs(offer, source))
        return ended, [message.get("output", message) for message in told]

    yield run
    plt.switch_backend(backend)  # a cell may have chosen the page's


def text_of(outputs):
    return "".join(output["text"] for output in outputs if output["output_type"] == "stream")


def test_names_stay_from_one_cell_to_the_next(session):
    session("x = 20")
    assert session("print(x + 1)\nprint('end', end='')") == (True, [
        {"output_type": "stream", "name": "stdout", "text": "21\n"},
        {"output_type": "stream", "name": "stdout", "text": "end"}])


@pytest.mark.parametrize(("source", "shown"), [
    ("1 + 1", "2"), ("1 + 1;", None), ("None", None), ("x = 5", None), ("x = 5\nx", "5"), ("", None), ("# word", None),
])
def test_the_value_of_the_last_line_is_shown_unless_a_semicolon_ends_it(session, source, shown):
    ended, outputs = session(source)
    assert ended and [output["data"]["text/plain"] for output in outputs] == ([shown] if shown else [])


def test_a_table_is_shown_as_one(session):
    _, [output] = session("import pandas as pd\npd.DataFrame({'width': [1, 2]})")
    assert output["output_type"] == "execute_result" and "<table" in output["data"]["text/html"]
    assert output["data"]["text/plain"].startswith("   width")


def test_what_display_shows_comes_after_what_was_printed_before_it(session):
    _, outputs = session("print('a', end='')\ndisplay(3)\nprint('b')")
    assert [output["output_type"] for output in outputs] == ["stream", "display_data", "stream"]


def test_what_goes_to_stderr_stays_apart(session):
    _, outputs = session("import sys\nprint('too few rows', file=sys.stderr)")
    assert [(output["name"], output["text"]) for output in outputs] == [("stderr", "too few rows\n")]


FIGURE = "import matplotlib.pyplot as plt\nplt.switch_backend('module://in_page.figures')\nplt.plot([1, 2])\n"


@pytest.mark.parametrize("end", ["plt.show()\nprint('after')", "print('before')"])
def test_a_figure_is_shown_where_show_stands_or_at_the_end_of_its_cell_and_once(session, end):
    ended, outputs = session(FIGURE + end)
    kinds = [output["output_type"] for output in outputs]
    assert ended and kinds == (["display_data", "stream"] if "after" in end else ["stream", "display_data"])
    picture = next(output for output in outputs if output["output_type"] == "display_data")
    assert picture["data"]["image/png"].startswith("iVBOR")
    assert session("print('next')")[1][0]["text"] == "next\n"


def test_a_live_figure_becomes_what_the_page_shows(session):
    _, [message] = session("from helpers.live import PpfExplorer\nPpfExplorer()")
    place = message["place"]
    models = place["state"]["state"]
    assert message["type"] == "widget" and place["view"] == "ppf" and place["controls"] >= 2
    assert place["model"] in models
    assert "LinkModel" in {model["model_name"] for model in models.values()} and "import {" not in json.dumps(models)


def test_an_error_shows_the_readers_lines_alone(session):
    session("import json\ndef read(text):\n    return json.loads(text)")
    ended, [output] = session("x = 1\nread('{')")
    assert not ended and output["ename"] == "JSONDecodeError"
    assert output["traceback"][:4] == ["line 2", "    read('{')", "line 3, in read", "    return json.loads(text)"]
    assert "json/decoder" not in "\n".join(output["traceback"]) and output["evalue"] in output["traceback"][-1]


@pytest.mark.parametrize(("source", "advice"), [
    ("nowhere + 1", "Did you run the cells above?"), ("import keras", "do not run in a browser"),
    ("from tensorflow.keras import layers", "do not run in a browser"), ("import requests2", "helpers"),
    ("print('a'", "Is a bracket"), ("''.uper()", "after the dot"),
    ("  x = 1", "spaces at the beginning"), ("open('my.csv')", "files of your computer"),
    ("import numpy as np\nnp.ones(10**15)", "not enough memory"), ("def f(): f()\nf()", "without an end"),
    ("import sys\nsys.exit()", "The session goes on"), ("1 / 0", ""),
])
def test_an_error_comes_with_advice(session, monkeypatch, source, advice):
    for name in ("keras", "tensorflow"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Without(), *sys.meta_path])
    ended, [output] = session(source)
    assert not ended and (advice in output["advice"] if advice else output["advice"] == "")


class Without:
    """No Keras and no TensorFlow, as in the page."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("keras", "tensorflow"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_the_line_of_a_syntax_error_is_shown(session):
    _, [output] = session("x = 1\ny = 2 +\n")
    assert output["evalue"] == "invalid syntax (line 2)"
    assert any("y = 2 +" in line for line in output["traceback"]) and "line 2" in output["traceback"][0]


CHAPTER = ["import keras\nimport numpy as np\nfrom statistics import mean\nplt.show()\nN = 4\nlow, high = -N, N",
           "def double(x):\n    return 2 * x\n\nclass Net(keras.Model): pass\ndef net(): return Net()\nresult = 1 / 0",
           "def middle(*numbers):\n    return double(mean(numbers)) - N"]


def test_an_exercise_gets_what_it_uses_of_its_chapter_and_nothing_else(session):
    offer = offered(CHAPTER)
    assert "keras" not in offer and "Net" not in offer and "result" not in offer and "plt" not in offer
    assert picked(offer, "print(low)", set()) == "N = 4\nlow, high = (-N, N)"
    assert picked(offer, "def double(N):\n    return N\ndouble(1)", set()) == picked(offer, "x = (", set()) == ""
    assert session("print(middle(1, 2, 3))", offer) == (True, [
        {"output_type": "stream", "name": "stdout", "text": "0\n"}])


def test_what_a_reader_has_defined_stays(session):
    offer = offered(CHAPTER)
    session("N = 1")
    assert text_of(session("print(N + high)", offer)[1]) == "2\n"
    session("N += 1", offer)
    assert text_of(session("print(N, high)", offer)[1]) == "2 1\n"


def test_a_cell_needs_what_it_imports_and_what_the_courses_modules_import():
    needed = packages("import numpy as np\nfrom helpers.exercises import check\ncheck('2.2', ...)", ROOT)
    assert {"numpy", "scipy"} <= needed and not needed & {"matplotlib", "pandas", "anywidget", "scikit-learn"}
    assert {"anywidget", "ipywidgets", "matplotlib"} <= packages("from helpers.live import PpfExplorer", ROOT)
    assert "pandas" not in packages("from helpers.live import PpfExplorer\nfrom helpers.data import digits", ROOT)
    assert "pandas" in packages("from helpers.live import DressExplorer", ROOT)
    assert packages("x = 1", ROOT) == set() == packages("def broken(:", ROOT)


def test_what_a_function_imports_when_it_is_called_is_not_needed_at_once():
    assert "scikit-learn" not in packages("from helpers.data import digits", ROOT)
    assert "scikit-learn" in packages("def f():\n    from sklearn.decomposition import PCA", ROOT)


def test_a_cell_that_is_said_to_be_slow_is_a_cell_of_its_chapter():
    slow = json.loads((ROOT / "book" / "_python" / "slow_cells.json").read_text("utf-8"))
    for chapter, cells in slow.items():
        text = (ROOT / "book" / f"{chapter}.ipynb").read_text("utf-8")
        assert all(f'"id": "{cell}"' in text for cell in cells) and all(seconds >= 10 for seconds in cells.values())


def test_files_that_have_been_imported_are_bytecode_and_libraries_outside_archives(monkeypatch):
    for name, file in {"a": "/home/a/__init__.pyc", "b": "/home/b.so", "course": "/course/course.py",
                       "zipped": "/lib/python.zip/zipped.pyc", "built_in": None}.items():
        module = types.ModuleType(name)
        module.__file__ = file
        monkeypatch.setitem(sys.modules, f"read_{name}", module)
    monkeypatch.setitem(sys.modules, "read_nothing", None)  # an import that is forbidden
    assert [file for file in read_files() if file.startswith(("/home/", "/course", "/lib/python.zip"))] == [
        "/home/a/__init__.pyc", "/home/b.so"]
