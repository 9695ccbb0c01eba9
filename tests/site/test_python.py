"""Python in the page: the chapters that train nothing run there cell by cell, and every exercise is answered there.

Chapters that take longer than two minutes there run once a week (`make rehearse WHICH=python`, which sets
COURSE_PYTHON=all); so do Firefox and WebKit.
"""

import os
import sys

import pytest
from conftest import NARROW, Watch
from page_python import CELLS, DIFFERENCES, PagePython, agrees, outputs, printed, shapes, told_of, wrong_answers
from support import CHAPTERS, skip_unless_ci, solutions_of, trains
from wrong_answers import TYPICAL_WRONG

from benchmarks.python_page import largest_renderer
from benchmarks.targets import TARGETS

PATIENCE = 900_000  # ms for one cell: the page's Python is 20 times slower, and so may this machine be
WHOLE = [path for path in CHAPTERS if not trains(path)]
SLOW = ("03", "04", "06", "09", "13")  # over two minutes on a quiet machine, or near it
OF_THE_DAY = [path for path in WHOLE if path.stem[:2] not in SLOW or os.environ.get("COURSE_PYTHON") == "all"]
TRAINING = [path for path in CHAPTERS if trains(path)]
LINUX = sys.platform == "linux"  # which says what a process takes
MEMORY = next(target.at_most for target in TARGETS if target.key == "python_memory")  # MB
FORGET = "for name in [*globals()]:\n    if name[:2] != '__' and name not in ('display', 'name'): del globals()[name]"


@pytest.fixture(scope="module", autouse=True)
def page_has_python(site_url):
    if not CELLS.exists():
        skip_unless_ci("the site was built without Python in its pages: `make site` says why")


@pytest.fixture
def python(browser, site_url):
    """Starts a chapter's worker on a page of the site; at the end nobody off the site was asked."""
    contexts, watch = [], Watch()

    def start(chapter):
        contexts.append(browser.new_context(viewport=NARROW))
        page = contexts[-1].new_page()
        watch.attach(page, site_url)
        return PagePython(page, site_url, chapter, PATIENCE)

    yield start
    for context in contexts:
        context.close()
    assert watch.off_site == []


@pytest.mark.parametrize("path", OF_THE_DAY, ids=lambda path: path.stem)
def test_all_cells_of_a_chapter_run_there_and_print_what_the_page_shows(python, path):
    there, differing = python(path.stem), []
    for cell in there.told["cells"]:
        told = there.run(cell["source"])
        found, stored = outputs(told), cell["outputs"]
        assert told[-1]["ok"], f"{cell['source']}\n{found[-1]}"
        widgets = [message["place"]["view"] for message in told if message["type"] == "widget"]
        assert len(shapes(found)) + len(widgets) == len(shapes(stored)), cell["source"]
        text = printed(found)
        if text != printed(stored):
            differing.append(cell["id"])
            assert agrees(text, printed(stored), path.stem[:2], cell["id"]), f"{cell['id']}\n{text}\n{printed(stored)}"
    assert sorted(differing) == sorted(cell for chapter, cell in DIFFERENCES if chapter == path.stem[:2])
    assert not LINUX or largest_renderer() <= MEMORY


def test_files_of_what_is_imported_take_no_memory_any_more(python):
    there = python("07")
    names = ("numpy", "numpy.linalg._umath_linalg")
    there.run("import numpy as np")
    sizes = there.run(f"import os, sys\nprint(sum(os.stat(sys.modules[name].__file__).st_size for name in {names}))")
    assert printed(outputs(sizes)) == "0\n"
    assert printed(outputs(there.run("import numpy.linalg as again\nprint(again.det(np.eye(3)))"))) == "1.0\n"


LENDS = """import json, sys
import numpy as np
from course_page import network
from helpers.networks import shipped

decoder = shipped.load("digit_vae_decoder.npz")
description, weights = decoder.packed()
z = np.zeros(decoder.input_shape, "float32")
before = sys.getrefcount(z)
network(json.dumps(description), weights)({name: z for name in decoder.inputs}, 1)
print(sys.getrefcount(z) - before)"""


def test_the_pages_runner_of_networks_gives_back_the_rows_that_it_was_lent(python):
    assert printed(outputs(python("07").run(LENDS))) == "0\n"


def test_every_exercise_is_answered_there_though_no_cell_above_it_has_run(python, verdict):
    there = python(CHAPTERS[0].stem)
    for path in CHAPTERS:
        there.run(FORGET)
        answer_all(there, path, verdict)


def answer_all(there, path, verdict):
    """The folded solution of each exercise passes there; three wrong answers are told there what they are told here."""
    told = told_of(path.stem)
    exercises = [cell for cell in told["cells"] if cell["exercise"]]
    assert len(exercises) == 5
    for cell in exercises:
        name, solution = cell["exercise"], solutions_of(path)[cell["exercise"]]
        check = cell["source"].split("\n")[-1]
        said = outputs(there.run(f"{solution}\n{check}", told["offer"]))
        assert " ".join(printed(said).split()).startswith(f"Exercise {name}: right. "), (name, said)
    there.run(wrong_answers())
    for cell in exercises:
        name = cell["exercise"]
        said = printed(outputs(there.run("\n".join(
            f"check({name!r}, TYPICAL_WRONG[{name!r}][{i}])" for i in range(3)))))
        here = [verdict(name, answer) for answer in TYPICAL_WRONG[name][:3]]
        assert " ".join(said.split()) == " ".join(here) and f"Exercise {name}: right. " not in said


def test_every_chapter_says_what_runs_there():
    whole = {path.stem for path in CHAPTERS if told_of(path.stem)["whole"]}
    assert whole == {path.stem for path in WHOLE}
    for path in TRAINING:
        running = [cell for cell in told_of(path.stem)["cells"] if cell["runs"]]
        assert len(running) == 5 and all(cell["exercise"] for cell in running)


def test_memory_that_does_not_do_is_said_and_the_session_goes_on(python):
    there = python("07")
    for source in ("import numpy as np\nnp.ones((60_000, 60_000))", "[np.empty(10**8) for _ in range(9)]"):
        told = there.run(source)
        assert "There is not enough memory" in outputs(told)[-1]["advice"] and not told[-1]["ok"]
    assert printed(outputs(there.run("print(np.ones(3).sum())"))) == "3.0\n"


def test_a_file_that_does_not_come_is_named(browser, site_url):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/course.zip*", lambda route: route.fulfill(status=404))
    with pytest.raises(RuntimeError, match=r"Python cannot go on: .*course\.zip did not load \(404\)"):
        PagePython(page, site_url, "07", PATIENCE)
    context.close()
