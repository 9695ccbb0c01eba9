"""CarryExplorer: fifty steps of training in the browser's engine and in NumPy, and what the training reaches."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import browser_code, in_node

from helpers.live import CarryExplorer
from helpers.live.carry import N_STEPS, falling

FLOW = browser_code("learn/carry.js", "falling", "makeCarrier")


@pytest.mark.parametrize("seed, rate", [(0, 0.01), (4, 0.003)])
def test_fifty_steps_are_the_same_in_numpy(seed, rate):
    code = FLOW + f"""
        const carrier = makeCarrier({seed});
        for (let k = 0; k < 50; k++) carrier.step(falling({rate}, k));
        console.log(JSON.stringify(carrier.path(5).map((at) => [...at])));"""
    explorer = CarryExplorer()
    path = explorer.path(50, seed=seed, rate=rate, steps=2)
    np.testing.assert_allclose(np.reshape(in_node(code), path.shape), path, atol=1e-4)
    assert not np.allclose(explorer.path(49, seed=seed, rate=rate, steps=2), path, atol=1e-4)


def test_the_training_brings_most_points_into_a_circle_and_its_rate_ends_at_0():
    before, after = (CarryExplorer().values(step=step)["arrived"] for step in (0, N_STEPS))
    assert before < 0.1 and after > 0.6
    assert (falling(0.01, 0), falling(0.01, N_STEPS)) == (0.01, pytest.approx(0))


def test_the_still_picture_shows_two_moments():
    figure = Figure()
    CarryExplorer().draw(figure)
    assert [ax.get_title() for ax in figure.get_axes()] == ["100 steps of training", "1,600 steps of training"]


@pytest.mark.parametrize("change, error, message", [
    ({"steps": 5}, ValueError, "steps is 5"), ({"rate": 1}, ValueError, "rate is 1"),
    ({"seed": 0.5}, TypeError, "seed is 0.5")])
def test_what_cannot_be_shown_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        CarryExplorer(**change)
