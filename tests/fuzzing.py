"""What the fuzz tests share: odd arguments, and the one thing asked of every answer to them.

`make test` runs the same cases every time, about ten thousand. A longer run by hand takes others each time:

    FUZZ=50 .venv/bin/pytest tests/unit/test_fuzz_files.py tests/unit/test_fuzz_arguments.py
"""

import contextlib
import inspect
import os
import re
import signal
import warnings

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES = float(os.environ.get("FUZZ", "1"))
PATIENCE = 60  # seconds; no case takes one, so what is not back by then hangs
TELLS = re.compile("expected|needed|must|no file|missing|lists:|remove the|look like|start it|train the|use dtype|"
                   "needs|takes|name every", re.IGNORECASE)

ODD = [None, True, -1, 0, 1, 7, 2.5, -0.0, 1e300, float("nan"), float("inf"), 10**30, -(10**30), 2j, "3", "", "a word",
       b"x", (), [], [1, 2], [[1], [2, 3]], {}, {"a": 1}, object(), np.float32("nan"), np.int64(2), np.bool_(True),
       np.array(3), np.array([0.5]), np.ma.masked, range(3), len, Ellipsis]
KINDS = ["f8", "f8", "f4", "f4", "f2", "g", "i8", "i4", "u1", "u8", "?", "c16", "U3", "S2", "M8[s]", "m8[s]", "O",
         [("a", "f4")]]
FILLS = ["zeros", "ones", "unit", "unit", "small", "small", "normal", "large", "negative", "nan", "infinite", "one nan"]


def fuzz(cases: int):
    """Hypothesis settings for so many cases, `FUZZ` times as many where that is set."""
    return settings(max_examples=max(1, round(cases * TIMES)), deadline=None, derandomize=TIMES == 1, database=None,
                    suppress_health_check=list(HealthCheck))


@contextlib.contextmanager
def patience():
    """Fail where the body hangs; as a warning may hide a wrong answer, each one is an error."""
    def hangs(*_):
        raise AssertionError(f"not back after {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, hangs) if hasattr(signal, "SIGALRM") else None
    try:
        if before is not None:
            signal.alarm(PATIENCE)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        if before is not None:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, before)


def documented(function) -> set[str]:
    """The errors that a docstring names."""
    return set(re.findall(r"\b\w+Error\b", inspect.getdoc(function) or ""))


def ask(function, *arguments, **options):
    """The answer; None where that is an error that the docstring names and whose message says what was expected."""
    with patience():
        try:
            return function(*arguments, **options)
        except Exception as error:
            known = documented(function) & {kind.__name__ for kind in type(error).__mro__}
            if not known:
                raise AssertionError(f"{function.__name__} documents no {type(error).__name__}: {error}") from error
            if not TELLS.search(str(error)):
                raise AssertionError(f"{function.__name__} does not say what it expects: {error!r}") from error
            return None


def filled(shape: tuple[int, ...], kind, fill: str, seed: int) -> np.ndarray:
    """An array of this shape and kind of number."""
    rng = np.random.default_rng(seed)
    values = {
        "zeros": np.zeros, "ones": np.ones, "unit": rng.random, "normal": rng.standard_normal,
        "small": lambda size: rng.integers(0, 10, size).astype(float),
        "large": lambda size: rng.integers(-300, 2**40, size).astype(float),
        "negative": lambda size: -rng.random(size), "nan": lambda size: np.full(size, np.nan),
        "infinite": lambda size: np.full(size, np.inf), "one nan": rng.random,
    }[fill](shape)
    values = np.asarray(values)  # of no axes, random numbers are plain floats
    if fill == "one nan" and values.size:
        values.flat[seed % values.size] = np.nan
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if kind == "M8[s]" or kind == "m8[s]":
            return np.nan_to_num(values).clip(-1e9, 1e9).astype("i8").astype(kind)
        return np.asarray(values.astype(kind))


def right(*shapes: tuple[int, ...], fill: str = "unit", kinds: str = "f8 f4") -> st.SearchStrategy[np.ndarray]:
    """Arrays as they should be: of one of these shapes."""
    return st.builds(filled, st.sampled_from(shapes), st.sampled_from(kinds.split()), st.just(fill),
                     st.integers(0, 2**16))


def arrays(*shapes: tuple[int, ...]) -> st.SearchStrategy[np.ndarray]:
    """Arrays of about these shapes, of any kind of number and what is none, lists of them, and odd things."""
    near = [*shapes] * 4 + [(), (0,), (1,), (3,), (2, 2), (1, 1, 1)]
    near += [shape[:-1] for shape in shapes] + [(*shape, 1) for shape in shapes] + [(0, *shape[1:]) for shape in shapes]
    plain = st.builds(filled, st.sampled_from(near), st.sampled_from(KINDS), st.sampled_from(FILLS),
                      st.integers(0, 2**16))
    return st.one_of(plain, plain, plain.map(lambda array: array.tolist()), odd())


def odd() -> st.SearchStrategy:
    """What nobody should pass and somebody will."""
    return st.sampled_from(ODD)


@st.composite
def spoilt(draw, **arguments: tuple[st.SearchStrategy, st.SearchStrategy]) -> dict:
    """Arguments by name, each drawn from the first of its two strategies, or, some of them, from the second."""
    names = st.sampled_from(sorted(arguments))
    wrong = draw(st.one_of(st.just(set()), names.map(lambda name: {name}), st.sets(names, max_size=3)))
    return {name: draw(pair[name in wrong]) for name, pair in arguments.items()}
