"""Assignments in nbgrader's format. nbgrader itself grades some in `make rehearse WHICH=assignments`."""

import re
import subprocess
import sys
from importlib import import_module

import nbformat
import numpy as np
import pytest
from support import CHAPTERS, ROOT, solutions_of, tool

from helpers.exercises import Exercise

tools = tool("assignment")
PLAIN = Exercise.__dataclass_fields__["compared"].default
KEYS = {"grade", "solution", "task", "locked", "schema_version", "grade_id"}


def assignment(chapter):
    return tools.assignment(nbformat.read(chapter, as_version=4))


def exercises(number):
    return import_module(f"helpers.exercises.ch{number:02d}").EXERCISES


def answer_of(exercise):
    return exercise.solution if exercise.cases else exercise.solution()


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem[:2])
def test_every_exercise_has_its_text_a_place_for_the_answer_and_a_check(chapter):
    notebook, number = assignment(chapter), int(chapter.stem[:2])
    nbformat.validate(notebook)
    kinds = [cell.metadata.nbgrader for cell in notebook.cells]
    assert all(KEYS <= set(kind) and kind.schema_version == 3 for kind in kinds)
    names = [kind.grade_id for kind in kinds]
    parts = "text", "answer", "check"
    wanted = [f"{part}-{number}-{k}" for k in range(1, len(exercises(number)) + 1) for part in parts]
    assert names == ["introduction", "setup", *wanted]
    for kind in kinds:
        asked, graded = kind.grade_id.startswith("answer"), kind.grade_id.startswith("check")
        assert (kind.solution, kind.locked, kind.grade) == (asked, not asked, graded)
        assert (kind.get("points") in (1, 2, 3)) == graded


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem[:2])
def test_no_solution_stands_in_it_and_its_setup_needs_no_tensorflow(chapter):
    notebook = assignment(chapter)
    text = "\n".join(cell.source for cell in notebook.cells)
    assert not [code for code in solutions_of(chapter).values() if code.strip() in text]
    assert not re.search(r"\{(solution|term|eq)\}|Hint|keras|tensorflow", text)
    compile(notebook.cells[1].source, chapter.name, "exec")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem[:2])
def test_its_checks_take_right_answers_and_refuse_wrong_and_missing_ones(chapter):
    number = int(chapter.stem[:2])
    checks = {cell.metadata.nbgrader.grade_id: cell.source for cell in assignment(chapter).cells}
    for name, exercise in exercises(number).items():
        k = name.split(".")[1]
        code = compile(checks[f"check-{number}-{k}"], name, "exec")
        if exercise.compared is PLAIN:  # others take many answers, which the tests of `check` try
            exec(code, {f"answer_{k}": answer_of(exercise)})
        wrong = exercise.mistakes[0][0]
        for answer in (wrong if exercise.cases else wrong(), ..., None, np.nan):
            with pytest.raises(AssertionError, match=r"\w"):
                exec(code, {f"answer_{k}": answer})


def test_the_command_writes_a_course_folder_and_keeps_its_settings(tmp_path):
    tools.write(tmp_path, ["2", "book/05_planet_wrodl.ipynb"])
    names = sorted(path.parent.name for path in tmp_path.glob("source/*/*.ipynb"))
    assert names == ["02_percent_point_function", "05_planet_wrodl"]
    (tmp_path / "nbgrader_config.py").write_text("mine")
    tools.write(tmp_path, ["2"])
    assert (tmp_path / "nbgrader_config.py").read_text() == "mine"


@pytest.mark.parametrize("words", [["99"], ["two"], ["2", "0"]])
def test_a_chapter_that_is_not_there_is_told_with_those_that_are(words):
    done = subprocess.run([sys.executable, ROOT / "tools" / "assignment.py", *words], text=True, capture_output=True)
    assert done.returncode and 'CHAPTERS="2 5"' in done.stderr and "13" in done.stderr
