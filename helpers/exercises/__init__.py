"""Checks an answer to an exercise and says what to look at.

`check("2.1", answer)` looks exercise 1 of chapter 2 up in `ch02.py`; the answers stand there, out of sight.
"""

import reprlib
import textwrap
from importlib import import_module
from typing import Any

from .answers import Exercise, verdict

__all__ = ["Exercise", "check"]


def check(name: str, answer: Any) -> None:
    """Print whether `answer` is right, and if not, why or where to look.

    Parameters
    ----------
    name : str
        Chapter and number, "2.1".
    answer : number, array or function
        What the exercise asks for; `...` means that it is not answered yet. Three digits of a number are enough; what
        is counted must be exact.

    Raises
    ------
    KeyError
        There is no such exercise.
    """
    print(textwrap.fill(f"Exercise {name}: {verdict(_find(name), answer)}", width=50, break_on_hyphens=False))


def _find(name: str) -> Exercise:
    try:
        chapter = int(name.split(".")[0])
        return import_module(f"{__name__}.ch{chapter:02d}").EXERCISES[name]
    except (AttributeError, KeyError, TypeError, ValueError, ModuleNotFoundError):
        raise KeyError(f"there is no exercise {reprlib.repr(name)}; expected is its name in quotes, then the answer: "
                       'check("2.1", answer_1)') from None
