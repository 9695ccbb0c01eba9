"""The one dial of the course (`COURSE_SCALE`), its seeds, and two cores for work that comes in parts."""

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np

from helpers.arguments import whole

T = TypeVar("T")
SCALES = ("demo", "full")


def scale() -> str:
    """The scale that chapters run at: ``"demo"`` (the default) or ``"full"``, from `COURSE_SCALE`.

    Raises ValueError if the environment variable holds anything else.
    """
    found = os.environ.get("COURSE_SCALE") or "demo"
    if found not in SCALES:
        raise ValueError(
            f"The environment variable COURSE_SCALE is {found!r}, expected one of {', '.join(SCALES)}. "
            "Set it to one of them, or unset it to get 'demo'."
        )
    return found


def demo_or_full(demo: T, full: T) -> T:
    """`demo` at demo scale, `full` at full scale: ``n_epochs = demo_or_full(3, 50)``."""
    return full if scale() == "full" else demo


def set_seed(seed: int) -> np.random.Generator:
    """A generator with this seed; Keras, if it has been imported by now, gets the same seed.

    Call it after ``import keras``: it never imports Keras itself, which would cost seconds and half a
    gigabyte in the chapters that do without.

    Raises TypeError if `seed` is no integer, ValueError if it is not in 0 to 2³² - 1 (what Keras takes).
    """
    seed = whole(seed, "seed", most=2**32 - 1)
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(seed)
    return np.random.default_rng(seed)


def two_at_a_time(function: Callable[..., T], *iterables: Iterable[Any]) -> list[T]:
    """``list(map(function, *iterables))``, but two calls run side by side, each on a thread.

    Made for trainings and measurements that do not need each other's results: NumPy and TensorFlow compute outside of
    Python's lock, so two cores are busy. A call must not use what all share, such as the seed of `set_seed`: build
    networks before, then train them here. Python in the page has no threads, so a chapter that runs there cannot call
    this.

    Raises what a call raises.
    """
    calls = zip(*iterables, strict=True)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda call: function(*call), calls))
