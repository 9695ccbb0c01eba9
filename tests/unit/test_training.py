"""The dial and the seeds."""

import subprocess
import sys
import threading
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from helpers.scale import demo_or_full, scale, set_seed, two_at_a_time


@pytest.mark.parametrize(
    ("found", "expected"), [(None, "demo"), ("", "demo"), ("demo", "demo"), ("full", "full")]
)
def test_the_scale_is_what_the_environment_says_and_demo_without_it(monkeypatch, found, expected):
    monkeypatch.delenv("COURSE_SCALE", raising=False)
    if found is not None:
        monkeypatch.setenv("COURSE_SCALE", found)
    assert scale() == expected
    assert demo_or_full("demo", "full") == expected


@pytest.mark.parametrize("found", ["ful", "DEMO", "1", " full"])
def test_an_unknown_scale_is_refused_with_the_scales_there_are(monkeypatch, found):
    monkeypatch.setenv("COURSE_SCALE", found)
    with pytest.raises(ValueError, match=rf"COURSE_SCALE is {found!r}, expected one of demo, full"):
        demo_or_full(1, 2)


def test_the_scale_chooses_a_value_without_looking_at_it(monkeypatch):
    monkeypatch.setenv("COURSE_SCALE", "full")
    assert demo_or_full(5, 0) == 0


def test_a_seed_gives_the_same_draws_as_numpy_gives():
    assert np.array_equal(set_seed(7).random(5), np.random.default_rng(7).random(5))


def test_keras_is_seeded_if_it_is_there(monkeypatch):
    seeds = []
    keras = ModuleType("keras")
    keras.utils = SimpleNamespace(set_random_seed=seeds.append)
    monkeypatch.setitem(sys.modules, "keras", keras)
    set_seed(3)
    assert seeds == [3]


def test_neither_the_helpers_nor_a_seed_import_keras():
    code = (
        "import sys, helpers.data, helpers.scale as t; t.set_seed(0); "
        "sys.exit(any(m in sys.modules for m in ('keras', 'tensorflow')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("seed", [None, 1.5, "1", True])
def test_a_seed_that_is_no_integer_is_refused(seed):
    with pytest.raises(TypeError, match="expected an integer"):
        set_seed(seed)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_keras_cannot_take_is_refused(seed):
    with pytest.raises(ValueError, match=f"seed is {seed}, expected an integer from 0 to 4294967295"):
        set_seed(seed)


def test_two_at_a_time_answers_as_map_does_and_passes_errors_on():
    assert two_at_a_time(pow, [2, 3, 4], (5, 1, 0)) == [32, 3, 1]
    with pytest.raises(ZeroDivisionError):
        two_at_a_time(lambda x: 1 / x, (1, 0))
    with pytest.raises(ValueError, match="shorter"):
        two_at_a_time(pow, [2, 3], [1])


def test_two_calls_run_at_once():
    both = threading.Barrier(2)
    assert sorted(two_at_a_time(lambda _: both.wait(timeout=60), range(2))) == [0, 1]
