"""Answers as readers give them: any form of a right one passes, typical wrong ones do not, slips are explained."""

import copy
import functools
import os
import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from support import ROOT
from test_exercises import EXERCISES, FUNCTIONS
from wrong_answers import EXPLAINED, TYPICAL_WRONG, WEIGHT

from helpers.exercises.compare import distance

VALUES = [name for name in EXERCISES if name not in FUNCTIONS]
RIGHT = {name: EXERCISES[name].expected() for name in VALUES} | {
    "1.3": np.array([58, 117, 26, 66]),
    "2.5": np.array([[40, 0], [4.5, 2.17944947]]) @ np.array([[0.8, -0.6], [0.6, 0.8]]),
    "13.4": np.array([5, 1]),
}


def is_right(said):
    return re.match(r"Exercise \d+\.\d: right\. ", said)


class Tensor:
    """What NumPy can turn into an array, as tensors of TensorFlow and PyTorch are."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or self.values.dtype)


def each(kind):
    """Every number of an array by itself, in nested lists."""
    def change(values):
        return kind(values) if values.ndim == 0 else [change(row) for row in values]
    return change


def whole(value):
    return int(value) if value == int(value) else float(value)


def read_only(values):
    values.flags.writeable = False
    return values


VALUE_FORMS = {
    "Python's own": lambda a: a.tolist(),
    "NumPy's scalar or array": lambda a: a[()],
    "0-d array or array": np.array,
    "float32": np.float32,
    "int where it is whole": each(whole),
    "fraction": each(lambda value: Fraction(float(value))),
    "decimal": each(lambda value: Decimal(float(value))),
    "list of 0-d arrays": each(np.array),
    "list of one": lambda a: [a.tolist()],
    "array of one in an array": lambda a: a[None, None],
    "tuple": lambda a: a.item() if a.ndim == 0 else tuple(map(tuple, a)) if a.ndim == 2 else tuple(a),
    "column": lambda a: a.reshape(-1, 1) if a.ndim < 2 else np.asfortranarray(a),
    "Series or table": lambda a: pd.DataFrame(a) if a.ndim == 2 else pd.Series(a.ravel()),
    "tensor": Tensor,
    "object array": lambda a: a.astype(object),
    "read-only": lambda a: read_only(a.copy()),
    "matrix": np.matrix,
}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("form", VALUE_FORMS)
@pytest.mark.parametrize("name", VALUES)
def test_a_right_value_passes_in_any_form(verdict, name, form):
    answer = VALUE_FORMS[form](np.array(RIGHT[name]))
    assert is_right(verdict(name, answer))


ROUNDED = [name for name in VALUES if not EXERCISES[name].count]


@pytest.mark.parametrize("name", ROUNDED)
def test_three_digits_are_enough_and_where_the_text_asks_for_a_tenth_of_a_gram_four(verdict, name):
    digits = 4 if name == "2.4" else 3
    answer = each(lambda value: float(f"{value:.{digits}g}"))(np.array(RIGHT[name]))
    assert is_right(verdict(name, answer))


def test_what_rounding_leaves_where_nought_is_right_passes(verdict):
    assert is_right(verdict("9.1", [1, 1e-12, -1e-12])) and not is_right(verdict("9.1", [1, 0.01, 0]))


def test_an_infinite_number_does_not_hide_how_far_the_others_are():
    assert distance(np.array([-np.inf, 5.0]), np.array([-np.inf, 1.0])) == 4


def spoiling(function):
    """Writes over its arguments, into the first of them if the result fits, as functions that work in place do."""
    def in_place(*arguments):
        result = np.asarray(function(*copy.deepcopy(arguments)))
        spoilt = [part for given in arguments for part in (given if isinstance(given, list) else [given])]
        for array in (part for part in spoilt if isinstance(part, np.ndarray)):
            array[...] = 7
            if array.shape == result.shape and array.dtype == result.dtype:
                array[...] = result
                result = array
        return result
    return in_place


def single(value):
    """Arrays of float64, also in lists, in single precision."""
    if isinstance(value, list):
        return [single(part) for part in value]
    return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype == float else value


def by_name(exercise):
    def function(*, function=exercise.solution, **named):
        return function(*[named[name] for name in exercise.names])
    return function


def after(change):
    """The form of a solution that changes its result."""
    return lambda e: lambda *arguments: change(np.array(e.solution(*arguments)))


class Model:
    """An object with a method, and that can be called."""

    def __init__(self, exercise):
        self.method = exercise.solution

    def __call__(self, *inputs, training=False):
        return self.method(*inputs)

    def predict(self, *inputs):
        return self(*inputs)


FUNCTION_FORMS = {
    "lambda": lambda e: e.solution,
    "other names": lambda e: lambda *a: e.solution(*a),
    "by name only": by_name,
    "one argument more": lambda e: lambda *a, verbose=False: e.solution(*a),
    "partial": lambda e: functools.partial(e.solution),
    "decorated": lambda e: functools.wraps(e.solution)(lambda *a, **k: e.solution(*a, **k)),
    "object": Model,
    "method": lambda e: Model(e).predict,
    "in place": lambda e: spoiling(e.solution),
    "float32 in and out": lambda e: lambda *a: np.float32(e.solution(*map(single, a))),
    "list or number": after(lambda a: a.tolist()),
    "tuple": after(lambda a: tuple(a) if a.ndim else a.item()),
    "tensor": after(Tensor),
    "table": after(lambda a: pd.DataFrame(a) if a.ndim == 2 else pd.Series(a.ravel())),
    "object array": after(lambda a: a.astype(object)),
    "read-only": after(read_only),
    "another order in memory": after(np.asfortranarray),
}


@pytest.mark.parametrize("form", FUNCTION_FORMS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_right_function_passes_in_any_form(verdict, name, form):
    assert is_right(verdict(name, FUNCTION_FORMS[form](EXERCISES[name])))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_that_spoils_its_arguments_spoils_no_later_answer(verdict, name):
    exercise = EXERCISES[name]
    before = copy.deepcopy([case for case in exercise.cases])

    def spoiler(*arguments):
        spoiling(exercise.solution)(*arguments)
        return "nothing"

    assert not is_right(verdict(name, spoiler))
    assert is_right(verdict(name, exercise.solution))
    assert repr(before) == repr([*exercise.cases])


WRONG = [(name, i) for name, answers in TYPICAL_WRONG.items() for i in range(len(answers))]


def test_every_exercise_has_typical_wrong_answers():
    assert [*TYPICAL_WRONG] == [*EXERCISES] and all(len(answers) >= 2 for answers in TYPICAL_WRONG.values())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "i"), WRONG)
def test_a_typical_wrong_answer_does_not_pass(verdict, name, i):
    said = verdict(name, TYPICAL_WRONG[name][i])
    assert not is_right(said) and len(said) < 400
    slips = [words for _, words in EXERCISES[name].mistakes]
    assert next((str(k) for k, words in enumerate(slips) if " ".join(words.split()) in said), ".") == EXPLAINED[name][i]


def no_return(z):
    np.sqrt(z)


def broken(z):
    return z + nowhere  # noqa: F821


def too_flat(z):
    return np.linalg.inv(z)


class Unfinished:
    """A tensor without values yet, as Keras makes while a network is built; Keras writes errors in bold type."""

    def __array__(self, dtype=None, copy=None):
        raise ValueError("no values yet")

    def call(self, z):
        raise ValueError("\x1b[1mInvalid\x1b[0m  input")


def one_by_one(z):
    for number in z:
        yield np.sqrt(number)


@pytest.mark.parametrize(("name", "answer", "said"), [
    ("2.2", np.sqrt([0.1, 0.2]), "an array of shape (2,). The exercise asks for the function itself"),
    ("2.2", 0.5, "your answer is 0.5. The exercise asks for the function itself"),
    ("2.2", no_return(np.ones(2)), "has no `return`. The exercise asks for the function itself"),
    ("2.2", "np.sqrt", "without quotes"),
    ("2.2", no_return, "your function returns None"),
    ("2.2", broken, "stopped in the line `return z + nowhere # noqa: F821` with NameError: name 'nowhere'"),
    ("2.2", too_flat, "stopped in the line `return np.linalg.inv(z)` with LinAlgError"),
    ("2.2", one_by_one, "your function returns an iterator"),
    ("2.2", lambda z: f"{z}", "your function returns a text"),
    ("2.2", lambda: 1, "it takes (), and is called with 1 argument, (z)"),
    ("2.2", lambda z, r: r, "it takes (z, r), and is called with 1 argument, (z)"),
    ("2.2", lambda z: np.where(z > 0.5, np.sqrt(z), np.nan), "a NaN"),
    ("2.2", lambda z: np.sqrt(z) + 0j, "complex numbers"),
    ("2.2", lambda z: (np.sqrt(z) + 1j).astype(float), "ComplexWarning"),
    ("2.3", lambda z: np.trunc(WEIGHT.ppf(WEIGHT.cdf(240) + z * WEIGHT.sf(240))), "whole numbers"),
    ("3.4", lambda z, mu, cov: mu + z @ np.linalg.cholesky(cov).T, "is called with (mu, cov, z)"),
    ("11.4", lambda e, g: 100 * np.mean(g[e] == np.arange(len(e))), "per cent"),
    ("7.5", lambda n, r, d: [1, 2], "the shape is (2,), expected ()"),
    ("2.1", None, "no `return`"),
    ("2.1", "0,93", "decimal point"),
    ("2.1", "0.9332", "without quotes"),
    ("2.1", (0, 93), "write 0.25 for 0,25"),
    ("4.2", [0, 375, 7, 667, 10, 889], "write 0.25 for 0,25"),
    ("6.4", (64, 765, 920), "2582 for 2,582"),
    ("5.2", {2159, 33}, "a set"),
    ("5.2", {"multinomial": 2159, "naive": 33}, "a dictionary"),
    ("5.2", (number for number in (2159, 33)), "an iterator"),
    ("5.2", ["2159", "33"], "made of text"),
    ("5.2", {"multinomial": 2159, "naive": 33}.values(), "an iterator"),
    ("2.1", norm.cdf, "a function. Give what it returns"),
    ("5.1", 6.667, "per cent"),
    ("6.1", 7, "whole numbers"),
    ("6.1", 6.6, "close, within 2%. If you rounded, give more digits: 3 are enough"),
    ("2.4", 211, "give more digits: 4 are enough"),
    ("4.1", float("nan"), "a NaN"),
    ("4.1", 0.6488 + 0j, "complex numbers"),
    ("11.3", [[0.5, 0.5, 0, 0], [0, 0, 1], [0, 0, 0, 1]], "rows of the same length"),
    ("11.3", [0.5, 0.5, 0, 0], "the shape is (4,), expected (3, 4)"),
    ("1.3", (58, 117, 26), "four numbers"),
    ("2.1", object(), "of the type object"),
    ("2.1", Unfinished(), "of the type Unfinished"),
    ("2.2", Unfinished().call, "with ValueError: Invalid input."),
])
def test_a_slip_is_explained(verdict, name, answer, said):
    found = verdict(name, answer)
    assert said in found and not is_right(found)


@pytest.mark.parametrize(("name", "answer"), [("10.2", -69.3), ("7.3", [1, 1]),
                                              ("7.4", lambda X, c, W: np.zeros((3, 2)))])
def test_what_is_no_slip_gets_the_hint(verdict, name, answer):
    assert verdict(name, answer) == f"Exercise {name}: not yet. {EXERCISES[name].hint}"


@pytest.mark.parametrize("name", [name for name in ROUNDED if name not in ("2.5", "13.4")])
def test_a_number_that_is_nearly_right_is_told_to_be_close(verdict, name):
    assert "give more digits" in verdict(name, RIGHT[name] * 1.012)


@pytest.mark.parametrize("name", [name for name in VALUES if EXERCISES[name].count and name != "1.3"])
def test_counts_are_exact(verdict, name):
    for change in (1, -1, 0.5, 64):
        found = verdict(name, RIGHT[name] + change)
        assert not is_right(found) and "digits" not in found


def test_no_check_needs_keras_or_tensorflow():
    code = """
import sys
sys.modules |= {"keras": None, "tensorflow": None}
from helpers.exercises import check
for chapter in range(1, 14):
    for k in range(1, 6):
        check(f"{chapter}.{k}", 0.5)
        check(f"{chapter}.{k}", lambda *_: 0.5)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
