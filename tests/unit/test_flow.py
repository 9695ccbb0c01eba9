"""FlowExplorer: Euler's steps against paths that are known, what it refuses, the browser's walk against Python's."""

import base64
import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import browser_code, in_node

from helpers.live.flow import FlowExplorer
from helpers.networks import Network

STARTS = np.random.default_rng(0).standard_normal((7, 2))
CENTRES = np.array([[2.0, 0.0], [-2.0, 0.0]])


def straight_line(weights, bias, bend="linear"):
    """A flow whose velocity is `bend` of (x, y, t) times `weights` plus `bias`."""
    return Network({"row": (3,)}, [{"name": "dense", "kind": "dense", "inputs": ["row"], "output": [2],
                                    "activation": {"name": bend}}], {"velocity": "dense"},
                   {"dense/kernel": np.array(weights, np.float32), "dense/bias": np.array(bias, np.float32)})


CONSTANT = straight_line(np.zeros((3, 2)), [1.0, -0.5])
TURNING = straight_line([[0, 1], [-1, 0], [0.5, 0.25]], [0.1, -0.3])


def test_under_a_constant_velocity_all_steps_lead_to_the_same_place():
    explorer = FlowExplorer(CONSTANT, STARTS, CENTRES, n_steps=(1, 3))
    for n_steps in (1, 3):
        np.testing.assert_allclose(explorer.path(n_steps)[-1], STARTS + np.array([1, -0.5]), atol=1e-6)
    halfway = np.linalg.norm((STARTS + np.array([0.5, -0.25]))[:, None] - CENTRES, axis=2).min(axis=1)
    for steps in (0, 1):
        assert explorer.values(t=0.5, steps=steps)["away"] == pytest.approx(halfway.mean(), abs=1e-6)
        assert explorer.values(t=0.0, steps=steps)["away"] == pytest.approx(
            np.linalg.norm(STARTS[:, None] - CENTRES, axis=2).min(axis=1).mean(), abs=1e-6)


def test_the_time_given_to_the_flow_is_that_of_the_steps_start():
    clock = straight_line([[0, 0], [0, 0], [1, 0]], [0, 0])  # dx/dt = t: x grows by the mean of the steps' starts
    path = FlowExplorer(clock, STARTS, CENTRES).path(4)
    np.testing.assert_allclose(path[:, :, 0] - STARTS[:, 0], np.cumsum([0, 0, 1, 2, 3])[:, None] / 16 * np.ones(7),
                               atol=1e-6)


def test_a_point_within_the_radius_has_arrived():
    explorer = FlowExplorer(CONSTANT, [[1.0, 0.5], [1.0, 1.5]], CENTRES, radius=0.1)
    assert explorer.values(t=1)["arrived"] == 0.5


def test_the_still_picture_draws_at_any_time():
    for t in (0.0, 0.33, 1.0):
        explorer, figure = FlowExplorer(TURNING, STARTS, CENTRES), Figure(layout="constrained")
        explorer.controls["t"].value = t
        explorer.draw(figure)
        (ax,) = figure.get_axes()
        np.testing.assert_allclose(ax.collections[0].get_offsets(), explorer._now(), atol=1e-6)


@pytest.mark.parametrize("change, message", [
    ({"starts": STARTS[:, :1]}, r"starts has shape \(7, 1\); expected \(n, 2\)"),
    ({"starts": np.full((2, 2), np.nan)}, "finite numbers"),
    ({"centres": []}, r"centres has shape \(0,\)"),
    ({"n_steps": (0,)}, "n_steps is 0"),
    ({"radius": -1}, "radius is -1"),
])
def test_what_cannot_be_shown_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        FlowExplorer(**{"flow": CONSTANT, "starts": STARTS, "centres": CENTRES} | change)


def test_a_network_of_another_form_is_refused():
    wrong = Network({"row": (2,)}, [{"name": "flat", "kind": "flatten", "inputs": ["row"], "output": [2]}],
                    {"out": "flat"}, {})
    with pytest.raises(ValueError, match=r"the flow maps \(2,\) to \(2,\); expected"):
        FlowExplorer(wrong, STARTS, CENTRES)


@pytest.mark.parametrize("t", [0, 0.31, 0.5, 1])
def test_the_browser_walks_as_python_does(t):
    explorer = FlowExplorer(TURNING, STARTS, CENTRES, n_steps=(5,))
    network, weights = explorer.flow.packed()
    code = (browser_code("flow.js", "passed", "walk") + browser_code("runtime/network.js", "makeNetwork")
            + f"const bytes = new Uint8Array(Buffer.from('{base64.b64encode(weights).decode()}', 'base64'));\n"
            f"const flow = makeNetwork({json.dumps(network)}, bytes);\n"
            f"const path = walk(flow, Float32Array.from({json.dumps(STARTS.ravel().tolist())}), 5);\n"
            f"console.log(JSON.stringify([...passed(path, {t}).at(-1)]));")
    np.testing.assert_allclose(np.reshape(in_node(code), (-1, 2)), explorer._passed(t=t, steps=0)[-1], atol=1e-5)
