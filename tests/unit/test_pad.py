"""The drawing pad of chapter 11: ink as MNIST would have it, and models that read and draw, in Python and browser."""

import base64
import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from support import browser_code, in_node

from helpers.data import digits
from helpers.live.pad import FINE, PadExplorer, centred, pack, traced, unpack

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
DIM = 5


@pytest.fixture(scope="module")
def ten():
    (x, y), _ = digits()
    return np.stack([x[y == k][3] for k in range(10)])


@pytest.fixture(scope="module")
def models():
    """A VAE's encoder, of mu and log_var, with a dense decoder; and a convolutional pair."""
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(2)
    layers, paint = keras.layers, {"strides": 2, "padding": "same"}
    dense = (keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(20, "relu"),
                               layers.Dense(2 * DIM)]),
             keras.Sequential([keras.Input((DIM,)), layers.Dense(30, "relu"), layers.Dense(784, "sigmoid"),
                               layers.Reshape((28, 28))]))
    image = keras.Input((28, 28, 1))
    code = layers.Dense(3)(layers.Flatten()(layers.Conv2D(4, 4, activation="leaky_relu", **paint)(image)))
    paints = keras.Sequential([keras.Input((3,)), layers.Dense(7 * 7 * 4), layers.LeakyReLU(0.2),
                               layers.Reshape((7, 7, 4)), layers.Conv2DTranspose(3, 4, activation="elu", **paint),
                               layers.Conv2DTranspose(1, 4, activation="sigmoid", **paint)])
    return {"dense": dense, "convolutional": (keras.Model(image, code), paints)}


@pytest.fixture(scope="module")
def explorer(models, ten):
    return PadExplorer(models, ten)


def centre_of_mass(image):
    places = np.arange(28) + 0.5
    return np.array([image.sum(axis=1 - axis) @ places for axis in (0, 1)]) / image.sum()


# Ink as MNIST would have it


def test_mnists_digits_fill_a_box_of_20_and_have_their_centre_of_mass_from_14_to_15():
    (x, _), _ = digits()
    boxes = [max(np.ptp(place) + 1 for place in np.nonzero(image)) for image in x]
    assert np.mean(np.equal(boxes, 20)) > 0.999
    centres = np.array([centre_of_mass(image) for image in x])
    assert (centres >= 14).all() and (centres < 15).all()
    np.testing.assert_allclose(centres.mean(axis=0), 14.5, atol=0.02)


def test_a_known_digit_that_was_traced_moved_and_shrunk_comes_back():
    (x, _), _ = digits()
    for image in x[::200]:
        ink = traced(image)
        back = centred(ink)
        assert np.corrcoef(back.ravel(), image.ravel())[0, 1] > 0.8
        np.testing.assert_allclose(centre_of_mass(back), 14.5, atol=0.01)
        rows, columns = np.nonzero(ink)
        away = np.zeros_like(ink)
        away[rows - rows.min(), columns - columns.min() + 5] = 1
        np.testing.assert_allclose(centred(away), back, atol=1e-6)
        small = np.zeros_like(ink)
        small[40:40 + FINE // 2, 10:10 + FINE // 2] = ink[::2, ::2]
        assert np.corrcoef(centred(small).ravel(), back.ravel())[0, 1] > 0.9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 50), st.integers(0, 40), st.integers(30, 34), st.integers(1, 44))
def test_ink_keeps_its_share_of_the_box_and_its_centre(top, left, height, width):
    ink = np.zeros((FINE, FINE))
    ink[top:top + height, left:left + width] = 1
    image, scale = centred(ink), max(height, width, 30) / 20
    assert image.sum() == pytest.approx(height * width / scale**2, rel=1e-5)
    assert np.count_nonzero(image.sum(axis=1) > 1e-6) in (20, 21) or height < width
    np.testing.assert_allclose(centre_of_mass(image), 14.5, atol=1e-4)


def test_an_empty_pad_is_an_empty_picture_and_a_dot_stays_small():
    assert not centred(np.zeros((FINE, FINE))).any()
    dot = np.zeros((FINE, FINE))
    dot[3:9, 70:76] = 1
    assert centred(dot).sum() == pytest.approx(16, rel=1e-5)


def test_packed_ink_is_the_same_ink():
    ink = (np.random.default_rng(0).random((FINE, FINE)) < 0.3).astype(np.uint8)
    np.testing.assert_array_equal(unpack(pack(ink)), ink)
    assert not unpack("").any() and unpack("").shape == (FINE, FINE)


# The figure in Python


def test_the_pictures_are_those_of_keras(explorer, models, ten):
    shown = explorer.pictures(choice=4, share=0)
    np.testing.assert_array_equal(shown[0], ten[3])
    encoder, decoder = models["dense"]
    np.testing.assert_allclose(shown[1], decoder(encoder(ten[3:4])[:, :DIM])[0], atol=0.5 / 255)
    encoder, decoder = models["convolutional"]
    np.testing.assert_allclose(shown[2], decoder(encoder(ten[3:4, ..., None]))[0, ..., 0], atol=0.5 / 255)


def test_a_walk_ends_at_the_other_digits_picture(explorer):
    end, goal = explorer.pictures(choice=4, towards=8, share=1), explorer.pictures(choice=9, share=0)
    np.testing.assert_allclose(end[1:], goal[1:], atol=1e-6)
    half, ends = explorer._codes(choice=4, towards=8, share=0.5)[1], [
        explorer._codes(choice=k, share=0)[1] for k in (4, 9)]
    np.testing.assert_allclose(half[0], (ends[0][0] + ends[1][0]) / 2, atol=1e-6)


def test_a_drawing_is_read_like_the_digit_that_it_is(explorer, ten):
    ink = pack(traced(ten[7]))
    drawn, chosen = explorer.values(choice=0, ink=ink, share=0), explorer.values(choice=8, share=0)
    assert drawn["yours"] == pytest.approx(chosen["yours"], rel=0.1)
    assert drawn["length_0"] == pytest.approx(chosen["length_0"], rel=0.3)


def test_the_numbers_are_those_of_the_pictures(explorer):
    image, dense, _ = explorer.pictures(choice=2, share=0)
    numbers = explorer.values(choice=2, share=0)
    assert numbers["yours"] == pytest.approx(image.mean())
    assert numbers["off_0"] == pytest.approx(np.linalg.norm(dense - image) / 28, rel=1e-5)
    row = explorer.decode(choice=2, share=0)
    assert row.shape == explorer.image_shape == (28, 92)
    np.testing.assert_array_equal(row[:, 32:60], dense)
    assert not row[:, 28:32].any()


def test_the_still_picture_draws_and_the_repr_says_the_state(explorer, models, ten):
    figure = Figure(figsize=explorer.figsize, layout="constrained")
    explorer.draw(figure)
    assert len(figure.get_axes()) == 3
    assert repr(explorer) == "PadExplorer(choice=8, towards=0, share=0)"
    assert PadExplorer(models, ten, choice=None).state["choice"] == 0


@pytest.mark.parametrize("images, message", [
    (np.zeros((9, 28, 28)), r"shape \(9, 28, 28\)"),
    (np.full((10, 28, 28), 255.0), "divide grey values by 255"),
    (np.full((10, 28, 28), np.nan), "NaN"),
])
def test_pictures_that_are_no_ten_digits_are_refused(models, images, message):
    with pytest.raises(ValueError, match=message):
        PadExplorer(models, images)


def test_models_that_do_not_fit_are_refused(models, ten):
    import keras

    encoder, decoder = models["dense"]
    layers = keras.layers
    small = keras.Sequential([keras.Input((DIM,)), layers.Dense(64), layers.Reshape((8, 8))])
    with pytest.raises(ValueError, match=r"decoder of A gives images of shape \(8, 8\)"):
        PadExplorer({"A": (encoder, small)}, ten)
    with pytest.raises(ValueError, match=r"gives codes of shape \(10,\)"):
        PadExplorer({"A": (encoder, models["convolutional"][1])}, ten)
    coarse = keras.Sequential([keras.Input((8, 8)), layers.Flatten(), layers.Dense(DIM)])
    with pytest.raises(ValueError, match=r"images of shape \(8, 8\)"):
        PadExplorer({"A": (coarse, decoder)}, ten)


# The figure in the browser


@pytest.fixture(scope="module")
def in_browser(explorer, tmp_path_factory):
    """The value of a JavaScript expression in the view's module; `readers` are the figure's, `data` is given."""
    view = explorer.view
    file = tmp_path_factory.mktemp("pad") / "state.json"
    text = {part: [base64.b64encode(blob).decode() for blob in getattr(view, f"{part}_weights")]
            for part in ("encoder", "decoder")}
    file.write_text(json.dumps({"encoders": view.encoders, "decoders": view.decoders, "text": text}), encoding="utf-8")

    imports = (browser_code("pad.js", "makeReaders", "padSentence", "readPicture", "sideBySide") +
               browser_code("runtime/ink.js", "centred", "packInk", "stroke", "traced", "unpackInk"))

    def run(expression, data=None):
        code = (f"import {{ readFileSync }} from 'node:fs';\n{imports}"
                f"const given = JSON.parse(readFileSync({json.dumps(str(file))}));\n"
                "const bytes = (part) => given.text[part].map((text) => Buffer.from(text, 'base64'));\n"
                "const readers = makeReaders({ ...given, encoderWeights: bytes('encoder'), "
                "decoderWeights: bytes('decoder') });\n"
                f"const data = {json.dumps(data)};\nconsole.log(JSON.stringify({expression}))")
        return in_node(code)

    return run


@pytest.mark.parametrize("share", [0, 0.35])
def test_the_browser_shows_the_same_pictures_and_numbers(in_browser, explorer, ten, share):
    shown = in_browser("""data.x.map((x) => {
        const goal = Float32Array.from(data.goal);
        const { pictures, values } = readPicture(readers, Float32Array.from(x), goal, data.share);
        return { values, row: [...sideBySide(pictures).row] };
    })""", {"x": explorer.images.reshape(10, -1).tolist(), "goal": explorer.images[2].ravel().tolist(), "share": share})
    for k, found in enumerate(shown):
        state = {"choice": k + 1, "towards": 2, "share": share}
        np.testing.assert_allclose(found["row"], explorer.decode(**state).ravel(), atol=0.5 / 255)
        assert found["values"] == pytest.approx(explorer.values(**state), abs=1e-4)


def test_the_browser_traces_packs_and_centres_as_python_does(in_browser, ten):
    found = in_browser("""data.map((x) => {
        const ink = traced(Float32Array.from(x)), text = packInk(ink), { image, factor } = centred(unpackInk(text));
        return { text, image: [...image], factor };
    })""", ten.reshape(10, -1).tolist())
    for image, shown in zip(ten, found, strict=True):
        ink = traced(image)
        assert shown["text"] == pack(ink)
        np.testing.assert_allclose(shown["image"], centred(ink).ravel(), atol=1e-6)
        assert 0.9 < shown["factor"] < 1.2
    empty = in_browser("((drawn) => [drawn.factor, Math.max(...drawn.image)])(centred(unpackInk('')))")
    assert empty == [0, 0]


def test_a_stroke_is_a_round_pen_drawn_along_a_line(in_browser):
    ink = np.array(in_browser("((ink) => { stroke(ink, [20, 10], [20, 60]); stroke(ink, [84, 84], [84, 84]);"
                              " return [...ink]; })(new Uint8Array(84 * 84))")).reshape(FINE, FINE)
    assert ink[17:23, 10:60].all() and not ink[:16].any() and not ink[24:80].any()
    rows, columns = np.mgrid[:FINE, :FINE] + 0.5
    np.testing.assert_array_equal(ink[:40, :10], (np.hypot(rows - 20, columns - 10) <= 3.5)[:40, :10])
    assert ink[80:, 80:].sum() > 5


def test_the_browsers_sentence_says_what_is_shown(in_browser):
    values = {"off_0": 0.084, "off_1": 0.161, "length_0": 3.14, "length_1": 5}
    states = [{"choice": 8, "factor": 1, "towards": 0, "share": 0},
              {"choice": 0, "factor": 1.25, "towards": 3, "share": 0.4},
              {"choice": 0, "factor": 0, "towards": 3, "share": 0.4}]
    said = in_browser("data[0].map((state) => padSentence(state, data[1], ['VAE', 'BiGAN']))", [states, values])
    assert said[0] == "A 7 of the test set. Off by 0.08 (VAE), 0.16 (BiGAN): the root mean square over the pixels."
    assert said[1] == ("Your drawing, made 1.3 times as large and centred, as in MNIST. Its code has gone 40% of "
                       "the way to that of a 3. Length of z: 3.1 (VAE), 5.0 (BiGAN).")
    assert said[2] == "The pad is empty. Draw a digit on it, or choose one from the menu."
