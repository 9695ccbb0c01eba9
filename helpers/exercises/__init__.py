"""Checks an answer to an exercise and says what to look at.

`check("2.1", answer)` looks exercise 1 of chapter 2 up in `ch02.py`; the answers stand there, out of sight.
"""

import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    expected : callable
        Computes the right value: a number or an array.
    right : str
        What the right answer means.
    hint : str
        What to look at when the answer is wrong in a way that nobody foresaw.
    mistakes : tuple of (callable, str)
        Foreseen wrong values, each with the reason why it is wrong.
    evaluate : callable
        Turns the answer into the value to compare, for example by calling it where it is a function.
    tolerance : float
        Largest relative difference that still counts as right.
    """

    expected: Callable[[], Any]
    right: str
    hint: str
    mistakes: tuple[tuple[Callable[[], Any], str], ...] = ()
    evaluate: Callable[[Any], Any] = lambda answer: answer
    tolerance: float = 1e-3


def check(name: str, answer: Any) -> None:
    """Print whether `answer` is right, and if not, why or where to look.

    Parameters
    ----------
    name : str
        Chapter and number, "2.1".
    answer : number, array or function
        What the exercise asks for; `...` means that it is not answered yet.

    Raises
    ------
    KeyError
        There is no such exercise.
    """
    print(textwrap.fill(f"Exercise {name}: {_verdict(_find(name), answer)}", width=50, break_on_hyphens=False))


def _find(name: str) -> Exercise:
    try:
        chapter = int(name.split(".")[0])
        return import_module(f"{__name__}.ch{chapter:02d}").EXERCISES[name]
    except (AttributeError, KeyError, TypeError, ValueError, ModuleNotFoundError):
        raise KeyError(f"there is no exercise {name!r}; names look like '2.1' (chapter.number)") from None


def _verdict(exercise: Exercise, answer: Any) -> str:
    if answer is ...:
        return "not answered yet. Put your answer in place of the three dots and run the cell again."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part that NumPy would drop
            value = _real(exercise.evaluate(answer))
    except Exception as error:  # the reader's own code may raise anything
        said = textwrap.shorten(f"{type(error).__name__}: {error}", 200, placeholder=" ...")
        return f"your answer could not be evaluated ({said}). {exercise.hint}"
    expected = np.asarray(exercise.expected(), dtype=float)
    if _close(value, expected, exercise.tolerance):
        return f"right. {exercise.right}"
    for mistake, reason in exercise.mistakes:
        if _close(value, np.asarray(mistake(), dtype=float), exercise.tolerance):
            return f"not yet. {reason}"
    if value.shape != expected.shape:
        return f"the shape is {value.shape}, expected {expected.shape}. {exercise.hint}"
    return f"not yet. {exercise.hint}"


def _real(value: Any) -> np.ndarray:
    """The value as floats; TypeError for complex numbers, whose imaginary part NumPy may drop."""
    value = np.asarray(value)
    if value.dtype.kind == "c":
        raise TypeError("complex numbers; expected real ones")
    return value.astype(float)


def _close(value: np.ndarray, target: np.ndarray, tolerance: float) -> bool:
    return value.shape == target.shape and bool(np.allclose(value, target, rtol=tolerance, atol=tolerance * 1e-3))
