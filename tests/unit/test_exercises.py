"""Every exercise of every chapter: the right answer passes, a foreseen mistake gets its reason."""

from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

import helpers.exercises
from helpers.exercises import Exercise, check

EXERCISES = {
    name: exercise
    for module in iter_modules(helpers.exercises.__path__)
    for name, exercise in import_module(f"helpers.exercises.{module.name}").EXERCISES.items()
}
MISTAKES = [(name, i) for name, exercise in EXERCISES.items() for i in range(len(exercise.mistakes))]


@pytest.mark.parametrize("name", EXERCISES)
def test_three_dots_are_not_answered_yet(verdict, name):
    assert verdict(name, ...).startswith(f"Exercise {name}: not answered yet")


@pytest.mark.parametrize("name", EXERCISES)
def test_no_mistake_passes_for_right(name):
    exercise = EXERCISES[name]
    assert exercise.mistakes, "foresee at least one mistake"
    right = np.asarray(exercise.expected(), float)
    for mistake, reason in exercise.mistakes:
        value = np.asarray(mistake(), float)
        assert value.shape not in ((), right.shape) or not np.allclose(value, right, rtol=exercise.tolerance)
        assert len(reason) > 20


@pytest.mark.parametrize(("name", "i"), MISTAKES)
def test_a_foreseen_mistake_gets_its_reason(verdict, monkeypatch, name, i):
    exercise = EXERCISES[name]
    value, reason = exercise.mistakes[i]
    out = with_plain_values(verdict, monkeypatch, name, value())
    assert out == f"Exercise {name}: not yet. {reason}"


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_value_is_told_what_it_means(verdict, monkeypatch, name):
    exercise = EXERCISES[name]
    out = with_plain_values(verdict, monkeypatch, name, exercise.expected())
    assert out == f"Exercise {name}: right. {exercise.right}"


@pytest.mark.parametrize("name", EXERCISES)
def test_any_other_answer_gets_the_hint_and_never_an_exception(verdict, name):
    for answer in ("a word", None, [[1, 2], [3]], -12345.678, np.full((3, 1, 2), 7.0), lambda *args: 1 / 0):
        assert EXERCISES[name].hint in verdict(name, answer)


def with_plain_values(verdict, monkeypatch, name, value):
    """What check says of a value, where the exercise may ask for a function that gives it."""
    exercise = EXERCISES[name]
    plain = Exercise(exercise.expected, exercise.right, exercise.hint, exercise.mistakes, tolerance=exercise.tolerance)
    monkeypatch.setattr(helpers.exercises, "_find", lambda _: plain)
    return verdict(name, value)


@pytest.mark.parametrize("name", ["99.1", "2.99", "two", ""])
def test_an_unknown_exercise_is_named(name):
    with pytest.raises(KeyError, match="there is no exercise"):
        check(name, 1)
