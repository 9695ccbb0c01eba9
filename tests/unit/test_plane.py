"""PlaneExplorer: what it refuses, what it shows, and the browser's numbers against Python's."""

import base64
import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.optimize import minimize
from support import browser_code, in_node, node

from helpers.live.plane import PlaneExplorer
from helpers.networks import linear_map, shipped

SCRIPT = Path(__file__).with_name("run_plane.mjs")
RNG = np.random.default_rng(0)
CODES = RNG.normal(size=(301, 2)) * (2.0, 0.7) + (3.0, -1.0)
LABELS = RNG.integers(0, 4, 301)
COLOURED = linear_map(RNG.normal(size=60), RNG.normal(size=(2, 60)), (4, 5, 3))
POINTS = [[float(a), float(b)] for a, b in RNG.uniform(-4, 8, (40, 2)).round(2)]
STEPS = [(1.234, 0.05, -3.0, 3.0), (-7.0, 0.1, -3.0, 3.0), (9.0, 0.5, -60.0, 5.5), (0.149, 0.1, -1.0, 1.0),
         (-12.3, 1.0, -40.0, 20.0), (0.0049, 0.002, 0.0, 1.0), (0.0, 0.2, -1.0, 1.0)]
CROWDS = [[[100, 100], [100, 100], None, [104, 97], [98, 110], [111, 103]], [[0, 0], [22, 0], [0, 30]]]


def grey(shape=(6, 4), clip=(0, 1)):
    return linear_map(RNG.random(np.prod(shape)), RNG.normal(size=(2, np.prod(shape))), shape, clip=clip)


@pytest.fixture(scope="module")
def browser_side():
    """What the JavaScript computes, in node."""
    view = PlaneExplorer(COLOURED, CODES).view
    question = {"network": view.network, "weights": base64.b64encode(view.weights).decode(), "codes": CODES.tolist(),
                "labels": LABELS.tolist(), "points": POINTS, "steps": STEPS, "shape": [4, 5, 3], "range": [0.0, 1.0],
                "sets": [4, 6], "crowds": CROWDS}
    done = subprocess.run([node(), SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# The browser against Python


def test_both_sides_find_the_same_nearest_code(browser_side):
    explorer = PlaneExplorer(COLOURED, CODES, LABELS)
    for point, found in zip(POINTS, browser_side["nearest"], strict=True):
        expected = explorer.values(z0=point[0], z1=point[1])
        assert found["distance"] == pytest.approx(expected["nearest"], abs=1e-9)
        assert LABELS[found["index"]] == expected["label"]
        assert expected["nearest"] == pytest.approx(np.linalg.norm(CODES - point, axis=1).min(), abs=1e-5)


def test_both_sides_paint_the_same_picture(browser_side):
    explorer = PlaneExplorer(COLOURED, CODES)
    for point, found in zip(POINTS, browser_side["pictures"], strict=True):
        state = {"z0": point[0], "z1": point[1]}
        shown = np.reshape(found["pixels"], (4, 5, 4))
        assert np.abs(shown[..., :3] - 255 * explorer.decode(**state)).max() <= 0.51
        assert (shown[..., 3] == 255).all()
        assert found["brightness"] == pytest.approx(explorer.values(**state)["brightness"], abs=1e-6)


def test_a_pressed_point_lands_on_a_step_of_the_slider(browser_side):
    assert browser_side["snapped"] == [1.25, -3.0, 5.5, 0.1, -12, 0.004, 0]


def test_a_class_is_named_at_the_median_of_its_codes(browser_side):
    four, six = browser_side["middles"]
    for k, middle in enumerate(four):
        mine = np.sort(CODES[LABELS == k], axis=0)
        assert middle == pytest.approx(mine[len(mine) // 2], abs=1e-5)
    assert six[:4] == four and six[4:] == [None, None]


def test_names_are_moved_apart_and_stay_where_nothing_is_near(browser_side):
    crowded, spread = browser_side["apart"]
    assert crowded.pop(2) is None
    places = np.array(crowded)
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)[np.triu_indices(len(places), 1)]
    assert distances.min() > 21 and np.abs(places - CROWDS[0][0]).max() < 60
    assert spread == CROWDS[1]


# What it shows


def test_the_pad_holds_all_codes_and_is_square():
    view = PlaneExplorer(grey(), CODES).view
    for ends, column in zip((view.x_range, view.y_range), CODES.T, strict=True):
        assert ends[0] <= column.min() and column.max() <= ends[1]
    assert np.ptp(view.x_range) == pytest.approx(np.ptp(view.y_range))


@pytest.mark.parametrize("scale", [1e-3, 0.3, 1, 47, 3000])
def test_sliders_have_about_a_hundred_steps_whatever_the_scale(scale):
    explorer = PlaneExplorer(grey(), CODES * scale)
    for slider in explorer.controls.values():
        steps = (slider.max - slider.min) / slider.step
        assert 60 <= steps <= 260 and steps == pytest.approx(round(steps), abs=1e-6)
        at = (slider.value - slider.min) / slider.step
        assert at == pytest.approx(round(at), abs=1e-6)


def test_a_limit_is_around_zero_unless_a_centre_is_given():
    assert PlaneExplorer(grey(), CODES, limit=3.0).view.x_range == [-3.0, 3.0]
    view = PlaneExplorer(grey(), CODES, limit=2.0, centre=(1.0, -1.0)).view
    assert (view.x_range, view.y_range) == ([-1.0, 3.0], [-3.0, 1.0])


def test_moving_a_slider_moves_the_point():
    decoder = grey()
    explorer = PlaneExplorer(decoder, CODES, limit=3.0, start=(1.0, -0.5))
    assert explorer.state == {"z0": 1.0, "z1": -0.5}
    explorer.controls["z1"].value = 2.0
    assert explorer.decode() == pytest.approx(decoder(np.array([[1.0, 2.0]]))[0], abs=2e-3)


def test_without_labels_no_class_is_told():
    assert set(PlaneExplorer(grey(), CODES).values()) == {"brightness", "nearest"}


def test_a_still_picture_and_a_stable_text_are_stored():
    explorer = PlaneExplorer(grey(), CODES, LABELS, names=["a", "b", "c", "d"], circles=(1, 2))
    figure = Figure()
    explorer.draw(figure)
    assert [text.get_text() for text in figure.axes[0].texts] == ["a", "b", "c", "d"]
    assert len(figure.axes[0].patches) == 2
    assert PlaneExplorer(grey(), CODES, limit=3).__repr__() == "PlaneExplorer(z0=0, z1=0)"


# What it refuses


def test_a_latent_space_that_is_no_plane_is_refused():
    three = linear_map(np.zeros(12), np.zeros((3, 12)), (3, 4))
    with pytest.raises(ValueError, match="takes a latent point of 3 numbers; a plane has 2.*LatentExplorer"):
        PlaneExplorer(three, CODES)


@pytest.mark.parametrize("codes", [CODES[:, :1], CODES.ravel(), CODES[:0], np.zeros((3, 4))])
def test_codes_are_pairs(codes):
    with pytest.raises(ValueError, match=r"codes has shape .*expected \(n, 2\)"):
        PlaneExplorer(grey(), codes)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_codes_that_are_no_numbers_are_refused(wrong):
    codes = CODES.copy()
    codes[7, 1] = wrong
    with pytest.raises(ValueError, match="train the encoder again"):
        PlaneExplorer(grey(), codes)


@pytest.mark.parametrize("labels", [LABELS[:-1], LABELS.astype(float), LABELS - 1, LABELS + 255])
def test_labels_are_small_integers_one_for_each_code(labels):
    with pytest.raises(ValueError, match=r"expected \(301,\), integers from 0 to 255"):
        PlaneExplorer(grey(), CODES, labels)


def test_every_class_needs_a_name():
    with pytest.raises(ValueError, match="there are 3 names, but labels up to 3"):
        PlaneExplorer(grey(), CODES, LABELS, names=["a", "b", "c"])


@pytest.mark.parametrize("limit", [0, -1.0, np.nan, np.inf])
def test_a_limit_is_above_zero(limit):
    with pytest.raises(ValueError, match="limit is .*expected a number above 0"):
        PlaneExplorer(grey(), CODES, limit=limit)


def test_a_start_outside_the_pad_is_refused():
    with pytest.raises(ValueError, match="expected a point of the pad"):
        PlaneExplorer(grey(), CODES, limit=3.0, start=(3.5, 0.0))


def test_a_drawing_stands_where_the_picture_comes_nearest(tmp_path):
    decoder = shipped.load("digit_vae_plane_decoder.npz")
    network, weights = decoder.packed()
    made = np.array([[1.23, -0.57], [-0.4, 2.0]])
    blurred = np.array([(picture + np.roll(picture, 1, axis=1)) / 2 for picture in decoder(made).reshape(-1, 28, 28)])
    drawings = np.concatenate([decoder(made).reshape(-1, 784), blurred.reshape(-1, 784)])
    (tmp_path / "network.json").write_text(json.dumps([network, base64.b64encode(weights).decode(), drawings.tolist()]))
    found = in_node(f"""import {{ readFileSync }} from "node:fs";
        {browser_code("runtime/own_place.js", "nearestPlace")}{browser_code("runtime/network.js", "makeNetwork")}
        const [network, weights, drawings] = JSON.parse(readFileSync({json.dumps(str(tmp_path / "network.json"))}));
        const decoder = makeNetwork(network, Buffer.from(weights, "base64"));
        console.log(JSON.stringify(drawings.map((x) => (
            nearestPlace((z) => decoder.run(z), x, [-4.5, 4.5], [-4.5, 4.5], 0.05)))));""")
    for drawing, z, answer in zip(drawings, np.tile(made, (2, 1)), found, strict=True):
        def distance(place, drawing=drawing):
            return np.linalg.norm(decoder(np.float32([place])).ravel() - drawing)

        assert answer["distance"] == pytest.approx(distance(answer["z"]), abs=1e-3)
        assert answer["distance"] <= minimize(distance, z, method="Nelder-Mead").fun + 0.1
    assert [answer["z"] for answer in found[:2]] == pytest.approx(made, abs=0.05)
