"""Pages that call `digits()` run from start to end on a set of the reader's own: ten letters in Matplotlib's fonts."""

import re

import letters
import matplotlib.pyplot as plt
import pytest
from support import NOTEBOOKS, cells_of, quick

from helpers.judge import digits as digit_judge

PAGES = {"03": 100, "04": 100, "07": 100, "08": 100, "10": 350, "13": 360}  # letters of each class, as the pages ask


@pytest.fixture
def fresh_judge():
    """The judge remembers the digits that it has seen."""
    memories = digit_judge._network, digit_judge._reference
    for memory in memories:
        memory.cache_clear()
    yield
    for memory in memories:
        memory.cache_clear()


def short(code: str) -> str:
    """A chapter's code with less training, also where its length is no dial, a quarter of the samples, two seeds."""
    code = re.sub(r"(n_epochs ?= ?)\d+", r"\g<1>3", quick(code), flags=re.IGNORECASE)
    return re.sub(r"\b2_?000\b", "500", code).replace("range(3)", "range(2)")


@pytest.mark.parametrize("page", [path for path in NOTEBOOKS if path.stem[:2] in PAGES], ids=lambda page: page.stem)
def test_a_page_runs_on_letters_and_the_judge_says_that_it_knows_digits(page, fresh_judge, tmp_path, monkeypatch):
    letters.save(tmp_path / "letters.npz", PAGES[page.stem[:2]])
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "letters.npz"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(page.parent)
    names: dict = {}
    with pytest.warns(UserWarning, match="knows handwritten digits only") as warned:
        for cell in cells_of(page, "code"):
            exec(compile(short(cell.source), page.name, "exec"), names)
            plt.close("all")
    assert [str(one.message) for one in warned if issubclass(one.category, RuntimeWarning)] == []  # NumPy's
    assert len(names["x_train"]) + len(names["x_test"]) == 10 * PAGES[page.stem[:2]]
