"""Odd arguments to every public helper: a result of the documented form, or the documented error."""

import contextlib
import copy
import io
from importlib import import_module
from pkgutil import iter_modules

import matplotlib.pyplot as plt
import numpy as np
import pytest
from fuzzing import arrays, ask, fuzz, odd, right, spoilt
from hypothesis import given
from hypothesis import strategies as st

import helpers.exercises
from helpers.data import sample_land
from helpers.data.biscuit_tins import draw_tins, tins
from helpers.data.faces import draw_face, snap
from helpers.data.planets import FEATURES, pixel_faces
from helpers.exercises import check
from helpers.figures import image_grid, montage
from helpers.judge import digits as digit_judge
from helpers.judge import metrics
from helpers.judge.face_reader import FaceReader
from helpers.judge.faces import fashion_police, neighbour_information
from helpers.scale import demo_or_full, scale, set_seed

COUNTS = st.one_of(st.integers(-2, 40), odd())
SEED = st.integers(0, 2**31 - 1), st.one_of(st.integers(-2, 2**33), odd())


@fuzz(300)
@given(a=spoilt(n_samples=(st.integers(1, 40), COUNTS), seed=SEED))
def test_tins(a):
    if (made := ask(tins, **a)) is not None:
        images, heights, widths = made
        n = a["n_samples"]
        assert images.shape == (n, 28, 28) and heights.shape == widths.shape == (n,) and 0 <= images.min() <= 1


SIZES = right((3,)).map(lambda u: 8 + 12 * u), arrays((3,), (1,))


@fuzz(500)
@given(a=spoilt(heights=SIZES, widths=SIZES))
def test_draw_tins(a):
    if (images := ask(draw_tins, **a)) is not None:
        assert images.shape == (len(a["heights"]), 28, 28) and 0 <= images.min() and images.max() <= 1


@fuzz(200)
@given(a=spoilt(n_samples=(st.integers(1, 40), COUNTS), rng=(st.integers(0, 99).map(np.random.default_rng), odd())))
def test_sample_land(a):
    if (points := ask(sample_land, **a)) is not None:
        assert points.shape == (a["n_samples"], 2) and (abs(points) <= (180, 90)).all()


@fuzz(300)
@given(a=spoilt(seed=SEED))
def test_set_seed(a):
    if (rng := ask(set_seed, **a)) is not None:
        assert rng.random() == np.random.default_rng(a["seed"]).random()


@fuzz(200)
@given(found=st.one_of(st.sampled_from(["", "demo", "full"]),
                       st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
def test_scale(found):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SCALE", found)
        at = ask(scale)
        assert at == {"": "demo", "demo": "demo", "full": "full"}.get(found)
        assert at is None or demo_or_full("demo", "full") == at


@fuzz(500)
@given(a=spoilt(images=(right((4, 3), (2, 2, 3), (3,)), arrays((4, 3), (3,))),
                palette=(right((5, 3), (256, 3)), arrays((5, 3), (257, 3)))))
def test_snap(a):
    if (indices := ask(snap, **a)) is not None:
        assert indices.dtype == np.uint8 and indices.shape == np.shape(a["images"])[:-1]
        assert not indices.size or indices.max() < len(a["palette"])


@fuzz(150)
@given(style=spoilt(**{name: (st.sampled_from(values), odd()) for name, values in FEATURES.items()}))
def test_draw_face(style):
    if (picture := ask(draw_face, **style)) is not None:
        assert picture.shape == (128, 128, 3) and 0 <= picture.min() and picture.max() <= 1


PICTURES = right((3, 4, 5), (2, 4, 4, 3)), arrays((3, 4, 5), (2, 4, 4, 3))
COLUMNS = st.integers(1, 5), st.one_of(st.integers(-1, 5), odd())


@fuzz(400)
@given(a=spoilt(images=PICTURES, columns=COLUMNS, gap=(st.integers(0, 3), odd())))
def test_montage(a):
    if (sheet := ask(montage, **a)) is not None:
        _, height, width = np.shape(a["images"])[:3]
        gap = a["gap"]
        assert sheet.shape[1] == a["columns"] * (width + gap) - gap and (sheet.shape[0] + gap) % (height + gap) == 0


@fuzz(100)
@given(a=spoilt(images=PICTURES, columns=COLUMNS, labels=(st.sampled_from([None, ["a", 2.5]]), odd()),
                title=(st.text("abc", max_size=5), odd())))
def test_image_grid(a):
    try:
        if (ax := ask(image_grid, **a)) is not None:
            assert len(ax.images) == 1 and len(ax.texts) == len(a["labels"] or [])
    finally:
        plt.close("all")


def covariance(a):
    return a @ a.T


MEAN, COV = (right((3,)), arrays((3,), (1,))), (right((3, 3)).map(covariance), arrays((3, 3), (1, 1)))


@fuzz(400)
@given(a=spoilt(mu_1=MEAN, cov_1=COV, mu_2=MEAN, cov_2=COV))
def test_gaussian_distance(a):
    if (distance := ask(metrics.gaussian_distance, **a)) is not None:
        back = metrics.gaussian_distance(a["mu_2"], a["cov_2"], a["mu_1"], a["cov_1"])
        assert 0 <= distance == pytest.approx(back, rel=1e-4, abs=1e-4)


POINTS = right((8, 2), (12, 2), fill="normal"), arrays((8, 2), (12, 2), (8, 1))


@fuzz(500)
@given(a=spoilt(real_features=POINTS, fake_features=POINTS, k=(st.integers(1, 7), COUNTS)))
def test_density_coverage(a):
    if (found := ask(metrics.density_coverage, **a)) is not None:
        assert found[0] >= 0 and 0 <= found[1] <= 1


@fuzz(200)
@given(a=spoilt(n_real=(st.integers(20, 90), COUNTS), n_fake=(st.integers(1, 90), COUNTS),
                k=(st.integers(1, 19), COUNTS)))
def test_expected_coverage(a):
    if (share := ask(metrics.expected_coverage, **a)) is not None:
        assert 0 <= share <= 1


LABELS = right((10,), fill="small", kinds="i8 u1 f8"), arrays((10,), (3,))


@fuzz(400)
@given(a=spoilt(labels=LABELS, shares=(right((10,)).map(lambda u: u / u.sum()), arrays((10,)))))
def test_class_balance(a):
    if (nats := ask(metrics.class_balance, **a)) is not None:
        assert nats >= 0


@fuzz(300)
@given(a=spoilt(judged=LABELS, labels=LABELS))
def test_label_agreement(a):
    if (share := ask(metrics.label_agreement, **a)) is not None:
        assert 0 <= share <= 1


@fuzz(400)
@given(a=spoilt(points=POINTS, trained_on=POINTS))
def test_neighbour_ratio(a):
    if (ratio := ask(metrics.neighbour_ratio, **a)) is not None:
        assert ratio.shape == (len(a["points"]),) and (0 <= ratio).all() and (ratio <= 1).all()


@fuzz(200)
@given(seed=st.integers(0, 2**16), kinds=st.tuples(*[st.sampled_from(["f8", "f4", "i8", "i4", "u1", "i1", "u2"])] * 2))
def test_the_neighbours_are_the_same_whatever_type_the_numbers_have(seed, kinds):
    points, seen = (np.random.default_rng(seed + i).integers(0, 100, (6, 3)) for i in range(2))
    if "u1" in kinds:  # bytes stand for shares of 255
        wanted = metrics.neighbour_ratio(points / 255, seen / 255)
        given_as = [x.astype(kind) if kind == "u1" else (x / 255).astype("f8")
                    for x, kind in zip((points, seen), kinds, strict=True)]
    else:
        wanted = metrics.neighbour_ratio(points.astype(float), seen.astype(float))
        given_as = [x.astype(kind) for x, kind in zip((points, seen), kinds, strict=True)]
    assert metrics.neighbour_ratio(*given_as) == pytest.approx(wanted, abs=1e-3)


FACES = right((100, 2, 3), fill="small", kinds="i8 u1 i4"), arrays((100, 2, 3), (101, 2, 3), (99, 2, 2), (100, 1, 2))


@fuzz(250)
@given(a=spoilt(real=FACES, generated=FACES, seed=SEED))
def test_fashion_police(a):
    if (verdict := ask(fashion_police, **a)) is not None:
        assert 0 <= verdict.accuracy <= 1 and verdict.standard_error > 0


@fuzz(300)
@given(a=spoilt(images=(st.one_of(FACES[0], right((100, 2, 2))), FACES[1]), seed=SEED))
def test_neighbour_information(a):
    if (found := ask(neighbour_information, **a)) is not None:
        assert found.plug_in > -1e-9 and found.shuffled > -1e-9


@pytest.mark.parametrize("function", [digit_judge.features, digit_judge.predict, digit_judge.probabilities],
                         ids=lambda function: function.__name__)
@fuzz(80)
@given(a=spoilt(images=(right((3, 28, 28)), arrays((1, 28, 28), (3, 28, 28), (2, 28, 28, 1), (2, 784)))))
def test_what_the_judge_sees(function, a):
    if (found := ask(function, **a)) is not None:
        assert len(found) == len(a["images"]) and np.isfinite(found).all()


MANY = right((500, 28, 28)), arrays((500, 28, 28), (499, 28, 28), (500, 784))


@fuzz(16)
@given(a=spoilt(samples=MANY))
def test_the_distance_of_odd_samples(a):
    assert ask(digit_judge.frechet_distance, **a) is None or np.isfinite(digit_judge.frechet_distance(**a))


@fuzz(8)
@given(a=spoilt(samples=MANY, labels=(st.one_of(st.none(), right((500,), fill="small")), arrays((500,)))))
def test_the_report_on_odd_samples(a):
    if (found := ask(digit_judge.report, **a)) is not None:
        assert np.isfinite(list(found.values())).all() and ("label_agreement" in found) == (a["labels"] is not None)


@fuzz(30)
@given(a=spoilt(samples=MANY, trained_on=MANY, held_out=MANY))
def test_memorisation(a):
    if (share := ask(digit_judge.memorisation, **a)) is not None:
        assert 0 <= share <= 1


@fuzz(200)
@given(a=spoilt(n_samples=(st.integers(500, 10_000), st.one_of(st.integers(), odd()))))
def test_the_floor(a):
    if (found := ask(digit_judge.floor, **a)) is not None:
        assert found[0] > 0 and found[1] > 0


@pytest.fixture(scope="module")
def reader():
    pixels, palette, features, _ = pixel_faces()
    return FaceReader(palette[pixels[:500]], features[:500])


@fuzz(120)
@given(a=spoilt(images=(right((3, 32, 32, 3)), arrays((1, 32, 32, 3), (3, 32, 32, 3), (2, 32, 32))),
                part=(st.sampled_from(["whole", "left", "right"]), odd())))
def test_read_faces(reader, a):
    for found in (ask(reader.read, **a), ask(reader.agreement, a["images"])):
        assert found is None or not found.isna().any(axis=None)


EXERCISES = {name: exercise for module in iter_modules(helpers.exercises.__path__) if module.name.startswith("ch")
             for name, exercise in import_module(f"helpers.exercises.{module.name}").EXERCISES.items()}


def raising(kind):
    def answer(*_):
        raise kind("a very long message\n" * 200)
    return answer


def answers():
    """Whatever may stand in place of the three dots."""
    numbers = st.one_of(st.floats(), st.integers(), st.complex_numbers(), st.text(max_size=20))
    values = st.one_of(odd(), numbers, st.recursive(numbers, st.lists, max_leaves=6), arrays((2,), (3,), (4, 2)))
    errors = st.sampled_from([KeyError, OSError, RecursionError, MemoryError, StopIteration, AssertionError])
    return st.one_of(values, values.map(lambda value: lambda *_: value), errors.map(raising),
                     st.sampled_from([dict, np.linalg.inv, "x".join, print, lambda: 1, lambda *a: a, lambda *a: a[0]]))


FORMS = ("your answer is", "your function returns", "is called with", "more numbers", "per cent", "whole numbers",
         "more digits")  # what is said of an answer whose form alone is wrong


@fuzz(1200)
@given(name=st.sampled_from(sorted(EXERCISES)), answer=answers())
def test_check(name, answer):
    before = copy.deepcopy(answer) if isinstance(answer, list | np.ndarray) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        ask(check, name, answer)
    said = " ".join(printed.getvalue().split("\n"))
    exercise = EXERCISES[name]
    reasons = [exercise.hint, *(reason for _, reason in exercise.mistakes), *FORMS]
    assert f"Exercise {name}: " in said and any(reason in said for reason in [exercise.right, *reasons, "three dots"])
    assert len(said) < 1200 and all(len(line) <= 79 for line in printed.getvalue().splitlines())
    assert before is None or repr(before) == repr(answer)


@fuzz(200)
@given(name=st.one_of(st.text(max_size=6), st.floats(), st.sampled_from(["2.1", "02.1", "2.1 ", "2", ".1"]), odd()))
def test_names_of_exercises(name):
    with contextlib.redirect_stdout(io.StringIO()):
        ask(check, name, ...)


@pytest.mark.parametrize("name", sorted(EXERCISES))
def test_an_imaginary_part_makes_no_answer_right(verdict, name):
    exercise = EXERCISES[name]
    right = np.asarray(exercise.expected()) + 3j
    assert "right. " not in verdict(name, right) + verdict(name, lambda *_: right)
