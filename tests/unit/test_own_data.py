"""Pages that call `digits()` run from start to end on a set of the reader's own: ten letters in Matplotlib's fonts."""

import letters
import matplotlib.pyplot as plt
import pytest
from support import NOTEBOOKS, cells_of, quick

PAGES = {"08": 100, "13": 360}  # letters of each class; the report needs 500 held-out pictures


@pytest.mark.parametrize("page", [path for path in NOTEBOOKS if path.stem[:2] in PAGES], ids=lambda page: page.stem)
def test_a_page_runs_on_letters(page, tmp_path, monkeypatch):
    letters.save(tmp_path / "letters.npz", PAGES[page.stem[:2]])
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "letters.npz"))
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.chdir(page.parent)
    names: dict = {}
    for cell in cells_of(page, "code"):
        exec(compile(quick(cell.source), page.name, "exec"), names)
        plt.close("all")
    assert len(names["x_train"]) + len(names["x_test"]) == 10 * PAGES[page.stem[:2]]
