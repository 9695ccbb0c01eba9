"""Chapter 9: the walks that stand in its cells, its exercises, and its live figure in Python and in the browser."""

import base64
import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy.spatial.transform import Rotation, Slerp
from scipy.stats import chi2
from sklearn.linear_model import LogisticRegression
from support import ROOT, browser_code, in_node, models_of, solutions_of

from helpers.data import digits, pixel_faces
from helpers.exercises.ch09 import EXERCISES
from helpers.judge.face_reader import READ, FaceReader
from helpers.live.walk import STRIP, WalkExplorer
from helpers.networks import as_network

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
PAGE = ROOT / "book" / "09_walking_through_latent_space.ipynb"
DIM = 6


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


@pytest.fixture(scope="module")
def decoder():
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    layers = keras.layers
    return keras.Sequential([keras.Input((DIM,)), layers.Dense(30, "relu"), layers.Dense(784, "sigmoid"),
                             layers.Reshape((28, 28))])


@pytest.fixture(scope="module")
def classifier():
    (x, y), _ = digits()
    return LogisticRegression(max_iter=20, tol=0.1).fit(x[::8].reshape(-1, 784), y[::8])


@pytest.fixture(scope="module")
def points():
    return np.random.default_rng(0).standard_normal((2, 10, DIM))


@pytest.fixture(scope="module")
def explorer(decoder, classifier, points):
    return WalkExplorer(decoder, *points, classifier)


# The walks on the page


def test_a_walk_decodes_the_points_of_a_line(page, decoder):
    page["decoder"] = as_network(decoder)
    z, vector = np.random.default_rng(1).standard_normal((2, DIM)).astype("float32")
    pictures = page["move"](z, vector, [0, 0.5, 2])
    expected = np.array(decoder(np.stack([z, z + 0.5 * vector, z + 2 * vector])))
    np.testing.assert_allclose(pictures, expected, atol=1e-6)


def test_slerp_is_scipys_on_rotations(page):
    rotations = Rotation.random(2, random_state=3)
    one, other = rotations.as_quat()
    other = other * np.sign(one @ other)  # scipy takes the shorter way round
    for t in (0, 0.2, 0.5, 0.9, 1):
        expected = Slerp([0, 1], rotations)([t]).as_quat()[0]
        found = page["slerp"](one[None], other[None], t)[0]
        np.testing.assert_allclose(found * np.sign(found @ expected), expected, atol=1e-12)


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 40), st.floats(0, 1), st.integers(0, 99))
def test_an_arc_keeps_the_length_and_the_speed(page, d, t, seed):
    z_1, z_2 = np.random.default_rng(seed).standard_normal((2, 1, d))
    z_1, z_2 = (3 * z / np.linalg.norm(z) for z in (z_1, z_2))
    found = page["slerp"](z_1, z_2, t)
    whole = np.arccos(np.clip((z_1 * z_2).sum() / 9, -1, 1))
    gone = np.arccos(np.clip((z_1 * found).sum() / 9, -1, 1))
    assert np.linalg.norm(found) == pytest.approx(3, abs=1e-6)
    assert gone == pytest.approx(t * whole, abs=1e-5)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("z_2", [1.0, 1 + 1e-7, 3.0])
def test_an_arc_between_equal_ends_or_ends_of_one_direction_is_their_line(page, z_2):
    z = np.random.default_rng(4).standard_normal((50, 16)).astype("float32")
    for t in (0, 0.3, 1):
        np.testing.assert_allclose(page["slerp"](z, z_2 * z, t), page["line"](z, z_2 * z, t), rtol=1e-3)


def test_the_middle_of_a_line_is_as_short_as_the_theorem_says(page):
    z_1, z_2 = np.random.default_rng(5).standard_normal((2, 20_000, 24))
    squares = (page["line"](z_1, z_2, 0.5) ** 2).sum(axis=1)
    assert squares.mean() == pytest.approx(12, rel=0.02)
    assert squares.var() == pytest.approx(24 * 2 / 4, rel=0.05)


# The reader of faces


@pytest.fixture(scope="module")
def faces():
    faces = pixel_faces()
    return faces.palette[faces.pixels], faces.features


@pytest.fixture(scope="module")
def reader(faces):
    images, features = faces
    return FaceReader(images[:2500], features[:2500])


def test_the_reader_reads_features_of_new_faces(reader, faces):
    images, features = faces
    true = features[list(READ)].astype(str)[5000:].reset_index(drop=True)
    assert ((reader.read(images[5000:]) == true).mean() > [0.9, 0.95, 0.85, 0.95, 0.9, 0.99]).all()


def test_the_halves_of_a_real_face_agree_and_those_of_two_faces_do_not(reader, faces):
    images = faces[0][5000:]
    strangers = np.concatenate([images[:, :, :16], np.roll(images, 1, axis=0)[:, :, 16:]], axis=2)
    real, mixed = reader.agreement(images), reader.agreement(strangers)
    assert list(real.index) == [*READ, "all"]
    assert real["all"] > 0.7 and mixed["all"] < 0.02


@pytest.mark.parametrize("images, message", [
    (np.zeros((3, 32, 32)), r"shape \(3, 32, 32\)"),
    (np.full((3, 32, 32, 3), 7.0), r"outside \[0, 1\]"),
    (np.full((3, 32, 32, 3), np.nan), "NaN"),
])
def test_what_the_reader_cannot_read_is_refused(reader, images, message):
    with pytest.raises(ValueError, match=message):
        reader.read(images)


def test_a_reader_needs_faces_and_their_features(faces):
    with pytest.raises(ValueError, match="600 images and 599 rows"):
        FaceReader(faces[0][:600], faces[1][:599])


# Exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, page, name):
    names = dict(page)
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])


@pytest.mark.parametrize("name, answer, reason", [
    ("9.1", (1.5, -1, 0), "between the centres"),
    ("9.1", (0, 2, -2), "other way"),
    ("9.1", (1.5, -1, 1), "full step"),
    ("9.2", 90, "everywhere on an arc"),
    ("9.2", 45, "middle"),
    ("9.2", 50**0.5, "That is a length"),
    ("9.3", chi2.cdf(5, 50), "squared length"),
    ("9.3", 1 - chi2.cdf(25, 50), "longer"),
    ("9.4", lambda v, u: v - u, "one whole u"),
    ("9.4", lambda v, u: v - (v @ u) * u, "length 1"),
    ("9.5", lambda points, n: points, "shape is (4, 5)"),
    ("9.5", lambda points, n: points[:9], "shape"),
    ("9.5", lambda points: points, "could not be evaluated"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said


# The live figure


def test_the_figure_walks_from_the_digit_along_the_vector(explorer, points):
    starts, centroids = points
    z = explorer.latent_points([0, 1, -0.5], digit=3, source=1, target=8)
    expected = [starts[3] + a * (centroids[8] - centroids[1]) for a in (0, 1, -0.5)]
    np.testing.assert_allclose(z, expected, atol=1e-5)


def test_the_figures_numbers_are_those_of_keras_and_scikit_learn(explorer, decoder, classifier, points):
    shown = explorer.values(digit=4, source=4, target=9, alpha=0.5)
    z = points[0][4] + 0.5 * (points[1][9] - points[1][4])
    image = np.array(decoder(z[None].astype("float32")))
    told = classifier.predict_proba(image.reshape(1, 784))[0]
    assert [shown[f"p{k}"] for k in range(10)] == pytest.approx(told, abs=2e-3)
    assert shown["brightness"] == pytest.approx(image.mean(), abs=1e-3)
    assert shown["length"] == pytest.approx(np.linalg.norm(z), abs=1e-5)


def test_the_still_picture_draws_and_the_repr_says_the_state(explorer):
    figure = Figure(figsize=explorer.figsize, layout="constrained")
    explorer.draw(figure)
    assert len(figure.get_axes()) == 2 + len(STRIP)
    assert repr(explorer) == "WalkExplorer(digit=7, source=6, target=0, reading=0, alpha=1)"


def test_the_still_picture_shows_bars_when_the_reader_asks(explorer):
    widths = []
    for explorer.controls["reading"].index in (1, 0):
        figure = Figure()
        explorer.draw(figure)
        widths.append(sum(bar.get_width() for bar in figure.get_axes()[1].patches))
    assert widths == [pytest.approx(1, abs=1e-6), 0]


@pytest.mark.parametrize("change, message", [
    ({"starts": np.zeros((9, DIM))}, r"starts has shape \(9, 6\)"),
    ({"centroids": np.zeros((10, DIM + 1))}, "takes latent points of 6 numbers"),
    ({"centroids": np.full((10, DIM), np.nan)}, "NaN"),
])
def test_what_the_figure_cannot_show_is_refused(decoder, classifier, points, change, message):
    given_ = {"starts": points[0], "centroids": points[1]} | change
    with pytest.raises(ValueError, match=message):
        WalkExplorer(decoder, classifier=classifier, **given_)


def test_a_decoder_of_other_pictures_and_a_classifier_of_other_labels_are_refused(decoder, classifier, points):
    import keras

    other = keras.Sequential([keras.Input((DIM,)), keras.layers.Dense(64), keras.layers.Reshape((8, 8))])
    with pytest.raises(ValueError, match=r"images of shape \(8, 8\)"):
        WalkExplorer(other, *points, classifier)
    two = LogisticRegression().fit(np.eye(784)[:10], np.arange(10) % 2)
    with pytest.raises(ValueError, match=r"weights of shape \(1, 784\)"):
        WalkExplorer(decoder, *points, two)


@pytest.fixture(scope="module")
def in_browser(explorer, tmp_path_factory):
    """The value of a JavaScript expression in the view's module, where `walk` is the figure's and `data` is given."""
    view = explorer.view
    folder = tmp_path_factory.mktemp("walk")
    state = {"decoder": view.decoder, "reader": view.reader, "starts": view.starts, "centroids": view.centroids,
             "weights": [base64.b64encode(blob).decode() for blob in (view.decoder_weights, view.reader_weights)]}
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")

    imports = (browser_code("walk.js", "describe", "makeWalk", "moved", "verdict")
               + browser_code("runtime/judged.js", "shares"))

    def run(expression, data=None):
        code = (f"import {{ readFileSync }} from 'node:fs';\n{imports}"
                f"const given = JSON.parse(readFileSync({json.dumps(str(folder / 'state.json'))}));\n"
                "const [decoderWeights, readerWeights] = given.weights.map((text) => Buffer.from(text, 'base64'));\n"
                "const walk = makeWalk({ ...given, decoderWeights, readerWeights });\n"
                f"const data = {json.dumps(data)};\nconsole.log(JSON.stringify({expression}))")
        return in_node(code)

    return run


WALKS = [(7, 6, 0, 1.0), (7, 6, 0, -1.0), (0, 3, 3, 0.5), (9, 4, 9, 0.0), (2, 9, 1, 2.0)]


def test_the_browser_shows_the_same_picture_and_numbers(in_browser, explorer):
    shown = in_browser("""data.map(([digit, source, target, alpha]) => {
        const at = walk.at(moved(given.starts[digit], given.centroids[source], given.centroids[target], alpha));
        return { ...at, image: [...at.image] };
    })""", WALKS)
    for walk, found in zip(WALKS, shown, strict=True):
        state = dict(zip(("digit", "source", "target", "alpha"), walk, strict=True))
        expected = explorer.values(**state)
        image = explorer.pictures(explorer.latent_points([state["alpha"]], **state))[0]
        np.testing.assert_allclose(found["image"], image.ravel(), atol=0.5 / 255)
        assert found["told"] == pytest.approx([expected[f"p{k}"] for k in range(10)], abs=1e-4)
        assert found["brightness"] == pytest.approx(expected["brightness"], abs=1e-5)
        assert found["length"] == pytest.approx(expected["length"], abs=1e-4)


def test_the_browsers_caption_names_the_walk_and_the_reading(in_browser):
    told = [0.05, 0.0, 0, 0, 0, 0, 0, 0.9, 0, 0.05]
    state = {"digit": 7, "source": 6, "target": 0, "alpha": -0.5, "reading": 1, "told": told, "brightness": 0.1,
             "length": 3.21}
    said = in_browser("[{}, { source: 0 }, { reading: 0 }].map((it) => describe({ ...data, ...it }, data))", state)
    assert said[0]["text"] == ("A 7, moved by −0.50 of the step from 6 to 0. Logistic regression reads 7 (90%). "
                               "Length of z: 3.2.")
    assert said[1]["text"].startswith("From 0 to 0 is no step: choose two classes.")
    assert said[2]["text"].endswith("Logistic regression is hidden. Length of z: 3.2.")
    assert said[0]["values"] == {**{f"p{k}": p for k, p in enumerate(told)}, "brightness": 0.1, "length": 3.21}


def test_the_verdict_tells_where_reader_and_classifier_changed_their_minds(in_browser):
    told = in_browser("[1.02, 9].map((sum) => verdict(0.4, 1, (alpha) => [sum - alpha, alpha]))")
    assert told == ["You saw another digit at α = 0.40; logistic regression reads 1 from 0.55 on.",
                    "You saw another digit at α = 0.40; logistic regression never reads 1."]


def test_shares_of_large_numbers_do_not_overflow(in_browser):
    assert in_browser("shares(data)", [1000, 1000, -1000]) == [0.5, 0.5, 0]
