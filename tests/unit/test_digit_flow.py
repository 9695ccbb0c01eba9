"""DigitFlowExplorer: walks under known velocities, what it refuses, the browser's pictures against Python's."""

import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import browser_code, in_node

from helpers.live.digit_flow import MENU, STOPS, DigitFlowExplorer
from helpers.networks import Network, shipped

START = np.random.default_rng(0).standard_normal(16)
D = 2


def linear(n_in, n_out, weights, bias, shape=None):
    """A network of one dense layer, its weights as given, the output in `shape`."""
    layers = [{"name": "dense", "kind": "dense", "inputs": ["row"], "output": [n_out],
               "activation": {"name": "linear"}}]
    if shape:
        layers.append({"name": "shaped", "kind": "reshape", "inputs": ["dense"], "output": list(shape)})
    return Network({"row": (n_in,)}, layers, {"out": layers[-1]["name"]},
                   {"dense/kernel": np.array(weights, np.float32), "dense/bias": np.array(bias, np.float32)})


def towards_labels():
    """A velocity (label 3 asked for, 0) + (0, time), wherever it is."""
    weights = np.zeros((D + 11, D))
    weights[D + 1 + 3, 0] = weights[D, 1] = 1
    return linear(D + 11, D, weights, np.zeros(D))


PLAIN = linear(D, 784, np.zeros((D, 784)), np.full(784, 0.25), (28, 28))


@pytest.fixture
def known():
    return DigitFlowExplorer(towards_labels(), PLAIN, np.zeros(D), np.ones(D), [1.0, -1.0])


@pytest.fixture(scope="module")
def digits():
    return DigitFlowExplorer(shipped.load("digit_flow.npz"), shipped.load("digit_vae_decoder.npz"),
                             **shipped.load("digit_flow_codes.npz"), start=START)


@pytest.mark.parametrize("digit, w, along", [(3, 0.0, 1), (3, 2.0, 3), (4, 2.0, 0), (10, 2.0, 0)])
def test_guidance_goes_beyond_the_label_that_is_asked_for(known, digit, w, along):
    places, ends = known.path(digit=digit, w=w, steps=2)
    np.testing.assert_allclose(places[:, 0], 1 + along * np.arange(6) / 5, atol=1e-6)
    np.testing.assert_allclose(ends[:, 0], 1 + along, atol=1e-6)


def test_the_velocity_sees_the_time_at_each_steps_start_and_the_rest_of_the_way_is_expected(known):
    places, ends = known.path(steps=2)
    np.testing.assert_allclose(places[:, 1], -1 + np.cumsum([0, 0, 1, 2, 3, 4]) / 25, atol=1e-6)
    t = np.arange(5) / 5
    np.testing.assert_allclose(ends[:5, 1], places[:5, 1] + (1 - t) * t, atol=1e-6)
    np.testing.assert_array_equal(ends[5], places[5])


def test_what_is_expected_changes_only_where_a_step_begins(digits):
    expected = [digits.decode(t=t, steps=2)[:, 30:] for t in (0.2, 0.39, 0.4)]
    assert (expected[0] == expected[1]).all() and (expected[1] != expected[2]).any()
    here = [digits.decode(t=t, steps=2)[:, :28] for t in (0.2, 0.3)]
    assert (here[0] != here[1]).any()


def test_at_the_end_both_pictures_are_the_digit_that_is_asked_for(digits):
    for digit in range(10):
        picture = digits.decode(t=1, digit=digit)
        np.testing.assert_allclose(picture[:, :28], picture[:, 30:], atol=1e-5)
        assert digits.values(t=1, digit=digit)["away"] == pytest.approx(0, abs=1e-3)
    assert len({digits.values(t=1, digit=digit)["brightness"] for digit in range(11)}) == 11


def test_the_still_picture_shows_six_times(digits):
    figure = Figure()
    digits.draw(figure)
    axes = figure.get_axes()
    assert [ax.get_title() for ax in axes[: len(STOPS)]] == [f"t = {t:g}" for t in STOPS]
    np.testing.assert_array_equal(axes[-1].images[0].get_array(), digits.decode(t=1)[:, 30:])


@pytest.mark.parametrize("change, error, message", [
    ({"flow": PLAIN}, ValueError, r"the flow maps \(2,\) to \(28, 28\); expected \(13,\) to \(2,\)"),
    ({"decoder": towards_labels()}, ValueError, "the decoder gives"),
    ({"decoder": linear(2, 9, np.zeros((2, 9)), np.zeros(9), (3, 3))}, ValueError, r"images of shape \(3, 3\)"),
    ({"centre": [0.0]}, ValueError, r"centre has shape \(1,\); expected 2"),
    ({"start": [0.0, np.nan]}, ValueError, "start"), ({"spread": ["a", "b"]}, ValueError, "spread"),
    ({"digit": 11}, ValueError, "digit is 11"), ({"steps": 6}, ValueError, "steps is 6"),
    ({"w": -1}, ValueError, "guidance w is -1"), ({"t": "now"}, TypeError, "time t is 'now'"),
])
def test_what_cannot_be_shown_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        DigitFlowExplorer(**{"flow": towards_labels(), "decoder": PLAIN, "centre": [0.0, 0.0], "spread": [1.0, 1.0],
                             "start": [0.0, 0.0]} | change)


def test_the_browser_draws_what_python_does(digits, tmp_path):
    """To half a grey level, at the end of the path and on the way, for all numbers of steps."""
    states = [{"digit": digit, "steps": steps, "w": w, "t": t, "z": (START * scale).tolist()}
              for digit, steps, w, t, scale in [(3, 0, 0.3, 1.0, 1), (3, 4, 0.3, 1.0, 1), (8, 5, 3.0, 1.0, -1),
                                                (10, 3, 0.3, 1.0, 1.5), (5, 4, 1.0, 0.58, 1), (0, 5, 0.0, 0.58, 2)]]
    names = "flow", "decoder"
    given = {name: getattr(digits.view, name) for name in ("flow", "decoder", "centre", "spread")}
    for name in names:
        (tmp_path / name).write_bytes(getattr(digits.view, f"{name}_weights"))
    given["states"] = [{**state, "n": MENU[state["steps"]]} for state in states]
    (tmp_path / "given.json").write_text(json.dumps(given))
    shown = in_node(f"""import {{ readFileSync }} from "node:fs";
        {browser_code("digit_flow.js", "makeDecoder", "moment", "walk")}
        {browser_code("runtime/network.js", "makeNetwork")}
        const file = (name) => readFileSync({json.dumps(str(tmp_path))} + "/" + name);
        const {{ flow, decoder, centre, spread, states }} = JSON.parse(file("given.json"));
        const {{ run }} = makeNetwork(flow, file("flow"));
        const decode = makeDecoder(decoder, file("decoder"), centre, spread);
        console.log(JSON.stringify(states.map((state) => {{
          const path = walk(run, state), {{ k, place }} = moment(path, state.t);
          return [[...decode(place)], [...decode(path.ends[k])]];
        }})));""")
    for state, (here, expected) in zip(states, shown, strict=True):
        wanted = np.hsplit(digits.decode(**state), [28, 30])
        assert 255 * abs(np.reshape(here, (28, 28)) - wanted[0]).max() < 0.5, state
        assert 255 * abs(np.reshape(expected, (28, 28)) - wanted[2]).max() < 0.5, state
