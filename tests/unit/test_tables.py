"""A small table of the reader's: lines are counted as an editor counts them, and nothing wins silently."""

import pytest

from helpers.data import wrodl
from helpers.data.planets import FILES

LINES = (FILES / "wrodl.csv").read_text(encoding="utf-8").splitlines()


def written(folder, lines, end="\n"):
    path = folder / "mine.csv"
    path.write_bytes((end.join(lines) + end).encode())
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", ", "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\n  \r\n"])
def test_separators_line_ends_and_blank_lines_of_everyday_change_nothing(tmp_path, separator, end):
    lines = [line.replace(",", separator) for line in ["", *LINES, "", ""]]
    assert wrodl(written(tmp_path, lines, end)).equals(wrodl())


def test_blank_lines_do_not_shift_the_line_that_is_named(tmp_path):
    lines = [*LINES[:3], "", " ", LINES[3].replace(LINES[3].split(",")[-1], "Tartan"), *LINES[4:]]
    with pytest.raises(ValueError, match="line 6, column topType: found Tartan, expected one of NoHair"):
        wrodl(written(tmp_path, lines))
    lines[5] = "9" + lines[5]
    with pytest.raises(ValueError, match="line 6, column face_id: found 92, expected 2"):
        wrodl(written(tmp_path, lines))


@pytest.mark.parametrize("name", ["hairColor", "face_id"])
def test_a_column_that_is_there_twice_is_refused(tmp_path, name):
    lines = [f"{LINES[0]},{name}", *(f"{line},{line.split(',')[0]}" for line in LINES[1:])]
    with pytest.raises(ValueError, match=f"found the column {name} 2 times, expected it once"):
        wrodl(written(tmp_path, lines))


def test_other_columns_are_left_aside_even_if_they_are_there_twice(tmp_path):
    lines = [f"{LINES[0]},note,note", *(f"{line},a,b" for line in LINES[1:])]
    assert wrodl(written(tmp_path, lines)).equals(wrodl())


def test_a_cell_too_many_is_refused(tmp_path):
    lines = [*LINES[:4], LINES[4] + ",", *LINES[5:]]
    with pytest.raises(ValueError, match="line 5: found 7 cells, expected 6, as in the header"):
        wrodl(written(tmp_path, lines))


@pytest.mark.parametrize(("lines", "found"), [
    ([], r"\(none\)"), ([LINES[0].replace("topType", "top")], "face_id.*top")])
def test_missing_columns_are_named(tmp_path, lines, found):
    with pytest.raises(ValueError, match=f"found the columns {found}, missing .*topType"):
        wrodl(written(tmp_path, lines))
