"""Odd arguments to every live figure: it is made and draws itself, or it says what it needed."""

import keras
import numpy as np
import pandas as pd
import pytest
from fuzzing import ODD, arrays, ask, fuzz, odd, patience, right, spoilt
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression

from helpers.data.planets import FEATURES, wrodl
from helpers.live.box import BoxExplorer
from helpers.live.digit_flow import DigitFlowExplorer
from helpers.live.dress import DressExplorer
from helpers.live.film import FilmExplorer
from helpers.live.latent import LatentExplorer
from helpers.live.pad import PadExplorer
from helpers.live.pixels import PixelExplorer
from helpers.live.plane import PlaneExplorer
from helpers.live.ppf import PpfExplorer
from helpers.live.report import Measure, ReportExplorer
from helpers.live.styles import StyleExplorer
from helpers.live.walk import WalkExplorer
from helpers.networks import linear_map

SEED = st.integers(0, 99), odd()
FLOATS = st.one_of(st.floats(-500, 500), odd())


def shown(explorer):
    """Nothing odd got into the figure: its numbers are numbers, and its picture can be drawn."""
    if explorer is not None:
        with patience():
            assert all(np.isfinite(number) or number == -np.inf for number in explorer.values().values())
            explorer.draw(Figure())
            assert repr(explorer).startswith(type(explorer).__name__)
        explorer.close_all()


@fuzz(30)
@given(a=spoilt(mu=(st.floats(150, 250), FLOATS), sigma=(st.floats(10, 55), FLOATS),
                n_max=(st.sampled_from([20, 40, 2000]), st.one_of(st.integers(-20, 40), odd())), seed=SEED))
def test_ppf(a):
    shown(ask(PpfExplorer, **a))


@fuzz(40)
@given(a=spoilt(points=(right((20, 2)), arrays((20, 2), (1, 2))), fresh=(right((9, 2)), arrays((9, 2), (1, 2))),
                uniforms=(right((30, 2)), arrays((30, 2), (1, 2)))))
def test_box(a):
    shown(ask(BoxExplorer, **a))


def tables():
    """Fashions with columns and cells changed."""
    def change(cells, drop, rows):
        table = wrodl().astype(object)
        for row, column, value in cells:
            table.iat[row, column] = value
        return table.drop(columns=drop)[rows]

    cell = st.tuples(st.integers(0, 49), st.integers(0, 4), st.one_of(
        st.sampled_from(sorted(value for values in FEATURES.values() for value in values)), odd()))
    return st.one_of(odd(), st.just(wrodl()), st.just(pd.DataFrame()), st.builds(
        change, st.lists(cell, max_size=2), st.lists(st.sampled_from(list(FEATURES)), max_size=1),
        st.sampled_from([slice(None), slice(None), slice(3), slice(0)])))


@pytest.mark.parametrize("kind", [DressExplorer, StyleExplorer])
@fuzz(40)
@given(table=tables())
def test_fashion(kind, table):
    shown(ask(kind, table))


PLACE = st.integers(0, 31), st.one_of(st.integers(-2, 40), odd())


@fuzz(25)
@given(a=spoilt(pixels=(right((100, 32, 32), fill="small", kinds="u1 i8"), arrays((100, 32, 32), (99, 32, 32))),
                palette=(right((256, 3)), arrays((256, 3))), alpha=(st.floats(0.01, 9), FLOATS),
                row=PLACE, column=PLACE))
def test_pixels(a):
    shown(ask(PixelExplorer, **a))


@fuzz(400)
@given(a=spoilt(mean=(right((4,)), arrays((4,))), directions=(right((2, 4), (3, 4)), arrays((2, 4), (2, 12))),
                shape=(st.sampled_from([(2, 2), (4,), (2, 2, 1)]), st.sampled_from([(0,), (-2, -2), (2.0, 2), *ODD])),
                clip=(st.sampled_from([None, (0, 1)]), odd())),
       dtype=st.sampled_from(["float16", "float32", "int8", "float64", None]))
def test_linear_map(a, dtype):
    if (decoder := ask(linear_map, **a)) is not None and (stored := ask(decoder.astype, dtype)) is not None:
        x = stored(np.zeros((1, *decoder.input_shape)))
        assert x.shape == (1, *decoder.output_shape) and np.isfinite(x).all()


LINE = linear_map(np.full(4, 0.5), np.ones((2, 4)), (2, 2), (0, 1))


@pytest.fixture(scope="module")
def decoders():
    """A decoder of two numbers, and what is none: two strategies."""
    layers = keras.layers
    good = keras.Sequential([keras.Input((2,)), layers.Dense(784, "sigmoid"), layers.Reshape((28, 28))])
    vector, unbuilt = keras.Sequential([keras.Input((2,)), layers.Dense(4)]), keras.Sequential([layers.Dense(4)])
    wrong = [vector, unbuilt, layers.Dense(2), {}, {"a": LINE, "b": good}, "digit_vae_decoder.keras", np.ones((2, 784))]
    return st.just(good), st.one_of(st.sampled_from(wrong), odd())


def maybe(*strategies):
    return st.one_of(st.none(), *strategies)


@fuzz(50)
@given(data=st.data())
def test_latent(decoders, data):
    good, wrong = decoders
    shown(ask(LatentExplorer, **data.draw(spoilt(
        decoder=(st.one_of(good, st.sampled_from([LINE, {"a": LINE, "b": LINE}])), wrong),
        limit=(st.floats(0.5, 4), FLOATS),
        n_sliders=(st.sampled_from([None, 1, 2]), st.one_of(st.integers(-1, 9), odd())),
        choice=(st.just(0), st.one_of(st.integers(-2, 3), odd())),
        conditions=(st.none(), st.one_of(st.sampled_from([{"0": [1.0], "1": [0.0]}, {"0": [1], "1": []}]), odd()))))))


@fuzz(50)
@given(data=st.data())
def test_plane(decoders, data):
    good, wrong = decoders
    place = maybe(st.tuples(*[st.floats(-0.5, 0.5)] * 2)), st.one_of(st.tuples(FLOATS, FLOATS), odd())
    shown(ask(PlaneExplorer, **data.draw(spoilt(
        decoder=(st.one_of(good, st.just(LINE)), wrong), codes=(right((5, 2), fill="normal"), arrays((5, 2), (1, 2))),
        labels=(maybe(right((5,), fill="small", kinds="i8 u1")), arrays((5,))), limit=(st.floats(0.5, 9), FLOATS),
        centre=place, start=place, names=(maybe(st.just(list("abcdefghij"))), odd()),
        circles=(st.sampled_from([(), (1, 2)]), odd())))))


@fuzz(25)
@given(data=st.data())
def test_walk(decoders, data):
    classifier = LogisticRegression()
    classifier.coef_, classifier.intercept_ = np.zeros((10, 784)), np.zeros(10)
    points = right((10, 2)), arrays((10, 2), (9, 2))
    digit = st.integers(0, 9), st.one_of(st.integers(-2, 11), odd())
    shown(ask(WalkExplorer, **data.draw(spoilt(
        decoder=decoders, starts=points, centroids=points, digit=digit, source=digit, target=digit,
        alpha=(st.floats(-1, 2), FLOATS),
        classifier=(st.just(classifier), st.sampled_from([LogisticRegression(), *ODD]))))))


@fuzz(20)
@given(a=spoilt(
    flow=(st.just(linear_map(np.zeros(2), np.zeros((13, 2)), (2,))), st.one_of(st.just(LINE), odd())),
    decoder=(st.just(linear_map(np.zeros(784), np.zeros((2, 784)), (28, 28), (0, 1))), st.one_of(st.just(LINE), odd())),
    centre=(right((2,)), arrays((2,), (3,))), spread=(right((2,)), arrays((2,), (3,))),
    start=(right((2,)), arrays((2,), (3,))), digit=(st.integers(0, 10), st.one_of(st.integers(-2, 12), odd())),
    steps=(st.integers(0, 5), st.one_of(st.integers(-2, 7), odd())), w=(st.floats(0, 3), FLOATS),
    t=(st.floats(0, 1), FLOATS)))
def test_digit_flow(a):
    shown(ask(DigitFlowExplorer, **a))


@fuzz(40)
@given(a=spoilt(
    frames=(right((3, 10, 4, 4), fill="small", kinds="u1"), arrays((3, 10, 4, 4), (3, 10, 4))),
    seen=(st.just([10, 20, 40]), st.one_of(st.just([1, 1, 2]), arrays((3,)))),
    measures=(right((2, 3)).map(lambda u: {"distance": u[0] + 0.1, "D": u[1]}),
              st.one_of(st.dictionaries(st.text(max_size=2), arrays((3,)), max_size=2), odd())),
    frame=(st.sampled_from([None, 0, 2]), st.one_of(st.integers(-2, 4), odd()))))
def test_film(a):
    shown(ask(FilmExplorer, **a))


@pytest.fixture(scope="module")
def readers():
    """Models that read and draw, and what is none: two strategies."""
    layers = keras.layers
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(4)])
    decoder = keras.Sequential([keras.Input((2,)), layers.Dense(784, "sigmoid"), layers.Reshape((28, 28))])
    wrong = [{}, {"a": (encoder,)}, {"a": (decoder, encoder)}, {"a": encoder}, {"a": (encoder, LINE)},
             {3: (None, None)}]
    return st.sampled_from([{"a": (encoder, decoder)}, {"a": (encoder, decoder), "b": (encoder, decoder)}]), \
        st.one_of(st.sampled_from(wrong), odd())


@fuzz(25)
@given(data=st.data())
def test_pad(readers, data):
    shown(ask(PadExplorer, **data.draw(spoilt(
        models=readers, images=(right((10, 28, 28)), arrays((10, 28, 28), (9, 28, 28))),
        choice=(st.sampled_from([None, 0, 9]), st.one_of(st.integers(-2, 11), odd()))))))


LINES = {"a": {"x": 1.0, "y": 2.0, "y sd": 0.1}, "b": {"x": 3.0, "y": 1.0}}
MEASURES = {"X": Measure("x"), "Y": Measure("y", "high", True, 1.0)}


@fuzz(60)
@given(a=spoilt(
    lines=(st.just(LINES), st.one_of(
        st.builds(lambda value: {**LINES, "b": {"x": value, "y": 1}}, odd()), st.just({"a": LINES["a"]}), odd())),
    pictures=(right((2, 10, 28, 28)).map(lambda u: dict(zip("ab", u, strict=True))), st.one_of(
        arrays((10, 28, 28), (5, 28, 28)).map(lambda u: {"a": u, "b": u}), odd())),
    measures=(st.just(MEASURES), st.one_of(
        st.builds(lambda better: {**MEASURES, "Y": Measure("y", better)}, odd()), st.just({"X": Measure("z")}),
        st.just({"X": 1, "Y": 2}), odd()))))
def test_report(a):
    shown(ask(ReportExplorer, **a))
