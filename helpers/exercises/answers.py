"""Compares an answer with the solution and with typical mistakes, and says what was found.

Numbers may be rounded to three digits. What is counted must be exact. A function is tried with every case of its
exercise; it gets copies of the arguments, so a function that works in place spoils nothing.
"""

import copy
import inspect
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import slips
from .compare import distance, odd_number, odd_shape


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    solution : callable
        Where a function is asked, a right one; else a function without arguments that computes the number or array.
    right : str
        What the right answer means.
    hint : str
        What to look at when the answer is wrong in a way that nobody foresaw.
    mistakes : tuple of (callable, str)
        Typical wrong answers, of the same kind as `solution`, each with the reason why it is wrong.
    cases : tuple of tuples
        Where a function is asked, the arguments to try it with; empty where a number or an array is asked.
    count : bool
        Whether something is counted, so that the answer must be exact.
    tolerance : float, optional
        Largest relative difference that counts as right: by default what three digits leave open, and 0.1% for
        functions.
    compared : callable
        Where several answers are right: what is compared, made of the answer's array of floats. A ValueError tells
        the reader why it cannot be made.
    """

    solution: Callable[..., Any]
    right: str
    hint: str
    mistakes: tuple[tuple[Callable[..., Any], str], ...] = ()
    cases: tuple[tuple, ...] = ()
    count: bool = False
    tolerance: float | None = None
    compared: Callable[[np.ndarray], Any] = lambda answer: answer

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arguments of the function that is asked."""
        return tuple(inspect.signature(self.solution).parameters)

    @property
    def limit(self) -> float:
        """The largest distance from the solution that counts as right."""
        if self.count:
            return 0.01
        return self.tolerance or (1e-3 if self.cases else 5e-3)

    def expected(self, case: int = 0) -> np.ndarray:
        """What is right, of a function for one of its cases."""
        return self.made_by(self.solution, case)

    def made_by(self, solution: Callable[..., Any], case: int) -> np.ndarray:
        """The value of a solution or mistake."""
        with np.errstate(all="ignore"):
            return np.asarray(solution(*self._arguments(case)), dtype=float)

    def evaluate(self, answer: Any, case: int = 0) -> np.ndarray:
        """The value of a reader's answer; `slips.Slip`, or what the reader's own function raises."""
        if not self.cases:
            return np.asarray(self.compared(np.squeeze(slips.numbers(answer))), dtype=float)
        with warnings.catch_warnings():
            warnings.simplefilter("error", np.exceptions.ComplexWarning)  # an imaginary part that NumPy would drop
            return slips.numbers(slips.call(answer, self._arguments(case), self.names), "your function returns")

    def _arguments(self, case: int) -> tuple:
        return copy.deepcopy(self.cases[case]) if self.cases else ()


def verdict(exercise: Exercise, answer: Any) -> str:
    """Whether the answer is right, and if not, why or where to look."""
    if answer is ...:
        return "not answered yet. Put your answer in place of the three dots and run the cell again."
    for case in range(max(1, len(exercise.cases))):
        if problem := _problem(exercise, answer, case):
            if exercise.cases and slips.reordered(answer, exercise.names):
                return f"not yet. Your function is called with ({', '.join(exercise.names)}), in this order."
            return f"{'right for the first arguments, but for others ' * (case > 0)}{problem}"
    return f"right. {exercise.right}"


def _problem(exercise: Exercise, answer: Any, case: int) -> str:
    """What is wrong with an answer in one case; empty where nothing is."""
    try:
        value = exercise.evaluate(answer, case)
    except slips.Slip as slip:
        return str(slip)
    except Exception as error:  # the reader's own code may raise anything
        said = slips.raised(error, answer) if exercise.cases else f"not yet: {error}."
        return f"{said} {exercise.hint}"
    return _difference(exercise, value, case)


def _difference(exercise: Exercise, value: np.ndarray, case: int) -> str:
    """What is wrong with a value; empty where nothing is.

    A rounded number may fit the solution and a mistake: the nearer one decides. Where a function is asked, a mistake
    may agree with the solution in some cases.
    """
    expected, limit = exercise.expected(case), exercise.limit
    value = value.reshape(()) if value.size == 1 and expected.shape == () else value
    off = distance(value, expected, exercise.count)
    if exercise.cases and off <= limit:
        return ""
    mistaken, reason = min(((distance(value, exercise.made_by(make, case), exercise.count), reason)
                            for make, reason in exercise.mistakes), default=(np.inf, ""))
    if off <= min(limit, mistaken):
        return ""
    if mistaken <= limit:
        return f"not yet. {reason}"
    if value.shape != expected.shape:
        commas = "" if exercise.cases else odd_shape(value, expected)
        return commas or f"the shape is {value.shape}, expected {expected.shape}. {exercise.hint}"
    if np.isnan(value).any():
        return f"not yet. There is a NaN, not a number: from 0/0, or log of a negative number? {exercise.hint}"
    odd = "" if exercise.count else odd_number(value, expected, limit, asks_function=bool(exercise.cases))
    return f"not yet. {odd or exercise.hint}"
