"""Every exercise of every chapter: the right answer passes, a foreseen mistake gets its reason."""

import re
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from support import ROOT, solutions_of

import helpers.exercises
from helpers.exercises import check
from helpers.exercises.compare import distance

EXERCISES = {name: exercise for chapter in range(1, 14)
             for name, exercise in import_module(f"helpers.exercises.ch{chapter:02d}").EXERCISES.items()}
MISTAKES = [(name, i) for name, exercise in EXERCISES.items() for i in range(len(exercise.mistakes))]
FUNCTIONS = [name for name, exercise in EXERCISES.items() if exercise.cases]


def test_there_are_five_exercises_a_chapter():
    assert [*EXERCISES] == [f"{chapter}.{k}" for chapter in range(1, 14) for k in range(1, 6)]


@pytest.mark.parametrize("name", EXERCISES)
def test_three_dots_are_not_answered_yet(verdict, name):
    assert verdict(name, ...).startswith(f"Exercise {name}: not answered yet")


@pytest.mark.parametrize(("name", "i"), MISTAKES)
def test_no_mistake_passes_for_right(name, i):
    exercise = EXERCISES[name]
    mistake, reason = exercise.mistakes[i]
    cases = range(max(1, len(exercise.cases)))
    assert max(distance(exercise.made_by(mistake, k), exercise.expected(k), exercise.count) for k in cases) > 1e-3
    assert len(reason) > 20


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "i"), MISTAKES)
def test_a_foreseen_mistake_gets_its_reason(verdict, monkeypatch, name, i):
    mistake, reason = EXERCISES[name].mistakes[i]
    out = of_value(verdict, monkeypatch, name, mistake)
    assert out.startswith(f"Exercise {name}: ") and out.endswith(f"not yet. {reason}")


@pytest.mark.parametrize("name", EXERCISES)
def test_what_is_right_is_told_what_it_means(verdict, monkeypatch, name):
    exercise = EXERCISES[name]
    out = of_value(verdict, monkeypatch, name, exercise.solution)
    assert out == f"Exercise {name}: right. {exercise.right}"


@pytest.mark.parametrize("name", EXERCISES)
def test_a_wrong_answer_that_nobody_foresaw_gets_the_hint_and_never_an_exception(verdict, name):
    for value in (-12345.678, np.full((3, 1, 2), 7.1), [0.1234, -5.6]):
        answer = (lambda *_, value=value: value) if name in FUNCTIONS else value
        assert EXERCISES[name].hint in verdict(name, answer)


def of_value(verdict, monkeypatch, name, made_by):
    """What check says of a function, or of what it gives where the exercise asks for a value."""
    exercise = replace(EXERCISES[name], compared=lambda value: value)
    monkeypatch.setattr(helpers.exercises, "_find", lambda _: exercise)
    return verdict(name, made_by if exercise.cases else made_by())


def test_what_is_counted_is_counted_exactly():
    counted = {name for name, exercise in EXERCISES.items() if exercise.count}
    assert counted == {"1.3", "1.4", "3.1", "3.2", "4.3", "5.2", "6.4", "13.3"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_tried_twice_and_in_two_sizes_or_with_two_results(name):
    exercise = EXERCISES[name]
    results = [exercise.expected(case) for case in range(len(exercise.cases))]
    assert len(results) >= 2
    assert any(distance(result, results[0]) > 0.1 for result in results[1:])


WRITTEN = [(name, line.rsplit(" ", 1)[1]) for page in sorted((ROOT / "book").glob("[01]*.ipynb"))
           for name, code in solutions_of(page).items() if name not in FUNCTIONS
           for line in re.findall(r"#[^#\n]* -?[\d,]*\.?\d+$", code, re.MULTILINE) if "/" not in line]


def test_solutions_write_numbers():
    assert {"5.3", "6.1", "6.4", "9.3", "10.3"} <= {name for name, _ in WRITTEN}


@pytest.mark.parametrize(("name", "number"), WRITTEN)
def test_the_number_that_a_solution_writes_is_right(verdict, name, number):
    assert verdict(name, float(number.replace(",", ""))).startswith(f"Exercise {name}: right. ")


@pytest.mark.parametrize("name", ["99.1", "2.99", "two", "", 2.1, None, [1], "2.1" * 99])
def test_an_unknown_exercise_is_named_and_the_form_of_a_name_shown(name):
    with pytest.raises(KeyError, match=r"there is no exercise .*in quotes.* check\(\"2.1\", answer_1\)") as error:
        check(name, 1)
    assert len(str(error.value)) < 200


def test_the_lines_are_short_enough_for_a_narrow_page(capsys):
    check("8.5", np.cos)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1 and max(map(len, lines)) <= 50
