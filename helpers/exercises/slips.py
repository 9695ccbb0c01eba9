"""Slips of form, the same in every exercise: a text, a set, a result in place of the function, an argument too few."""

import inspect
import re
import traceback
from collections.abc import Callable, Iterator, Mapping, MappingView, Set
from typing import Any

import numpy as np

FORMS = (
    (type(None), "None, which is Python's nothing", "A function gives None where it has no `return`; `print` only "
                                                    "shows a number."),
    (str | bytes, "a text", "Write a number without quotes, and with a decimal point: 0.25."),
    (Set, "a set", "A set keeps no order. Write a list, in square brackets."),
    (Mapping, "a dictionary", "Give the values alone, in a list."),
    (Iterator | MappingView, "an iterator", "It holds no numbers yet. Put list(...) around it."),
    (Callable, "a function", "Give what it returns: call it, with its arguments in parentheses."),
)
KINDS = {
    "U": ("text", "Write numbers without quotes, and with a decimal point: 0.25."),
    "S": ("text", "Write numbers without quotes, and with a decimal point: 0.25."),
    "c": ("complex numbers", "Give real ones."),
}


class Slip(ValueError):
    """An answer that cannot be compared; the message tells the reader what to change."""


def numbers(value: Any, giver: str = "your answer is") -> np.ndarray:
    """The value as an array of floats; `Slip` where it does not consist of numbers."""
    for kind, name, advice in FORMS:
        if isinstance(value, kind):
            raise Slip(f"{giver} {name}. {advice}")
    other = Slip(f"{giver} of the type {type(value).__name__}. Give a number, a list or an array.")
    try:
        array = np.asarray(value)
    except Exception:
        rows = Slip(f"{giver} a list that makes no table of numbers. Are its rows of the same length?")
        raise (rows if isinstance(value, list | tuple) else other) from None
    if array.dtype.kind in KINDS:
        name, advice = KINDS[array.dtype.kind]
        raise Slip(f"{giver} made of {name}. {advice}")
    try:
        with np.errstate(all="ignore"):
            return array.astype(float)
    except Exception:
        raise other from None


def call(function: Any, arguments: tuple, names: tuple[str, ...]) -> Any:
    """What the reader's function returns for these arguments, by position, or by name where it takes them so only."""
    if not callable(function):
        raise Slip(f"{_described(function)} The exercise asks for the function itself: write its name, without quotes "
                   "and without parentheses.")
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C do not tell
        return function(*arguments)
    if _takes(signature, *arguments):
        return function(*arguments)
    named = dict(zip(names, arguments, strict=True))
    if _takes(signature, **named):
        return function(**named)
    raise Slip(f"your function could not be evaluated: it takes {signature}, and is called with "
               f"{len(names)} argument{'s' * (len(names) > 1)}, ({', '.join(names)}).")


def reordered(function: Any, names: tuple[str, ...]) -> bool:
    """Whether the function has arguments of these names in another order."""
    try:
        own = tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return False
    return own != names and sorted(own) == sorted(names)


def raised(error: Exception, function: Any) -> str:
    """The error as one of the reader's function, with the line of it that was running."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    at = f" in the line `{_short(lines[-1], 60)}`" if lines and lines[-1] else ""
    return f"your function stopped{at} with {type(error).__name__}: {_short(str(error), 160)}."


def _takes(signature: inspect.Signature, *arguments: Any, **named: Any) -> bool:
    try:
        signature.bind(*arguments, **named)
    except TypeError:
        return False
    return True


def _described(value: Any) -> str:
    """What stands in place of a function."""
    if value is None:
        return "your answer is None: a function was called, and has no `return`."
    shape = getattr(value, "shape", ())
    return f"your answer is {_short(repr(value), 40) if shape == () else f'an array of shape {shape}'}."


def _short(text: str, length: int) -> str:
    text = " ".join(re.sub(r"\x1b\[\d*m", "", text).split())  # without Keras's bold type
    return text if len(text) <= length else f"{text[:length]} ..."
