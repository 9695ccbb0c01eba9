"""BendsExplorer: fifty steps in the browser's engine and in NumPy; the pen's strokes."""

import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import browser_code, in_node

from helpers.live import BendsExplorer
from helpers.live.bends import PLACES

CURVE = (np.sin(2 * PLACES) + 0.3 * PLACES).round(2)


@pytest.mark.parametrize("n, seed, rate", [(8, 0, 0.03), (3, 7, 0.1)])
def test_fifty_steps_are_the_same_in_numpy(n, seed, rate):
    code = browser_code("learn/curve.js", "makeCurveLearner") + f"""
        const learner = makeCurveLearner({n}, {seed}), curve = {json.dumps(CURVE.tolist())};
        for (let k = 0; k < 50; k++) learner.step(curve, {rate});
        console.log(JSON.stringify([learner.loss(curve), ...learner.outputs()]));"""
    loss, *outputs = in_node(code)
    explorer = BendsExplorer(CURVE, n, rate, seed)
    np.testing.assert_allclose(outputs, explorer._learned(50, {})[1], atol=1e-4)
    assert loss == pytest.approx(explorer.values(step=50)["loss"], abs=1e-5)
    assert loss < explorer.values(step=0)["loss"]


def test_at_the_start_all_units_bend_at_0():
    explorer = BendsExplorer(CURVE, 5)
    assert explorer.values()["within"] == 5 and np.all(explorer._learned(0, {})[0][1] == 0)


def test_counted_are_the_units_whose_bend_is_in_the_picture():
    explorer = BendsExplorer(CURVE, 8)
    w, b, *_ = explorer._learned(500, {})[0]
    bent = np.maximum(np.linspace(-2, 2, 4001)[:, None] * w + b, 0) > 0  # each unit: 0 on one side, above on the other
    assert explorer.values(step=500)["within"] == (bent.any(axis=0) & ~bent.all(axis=0)).sum() > 4


def test_a_stored_view_has_no_number_that_changes_from_run_to_run():
    assert repr(BendsExplorer(CURVE, 5).view) == "BendsView()"


def pen(call: str) -> np.ndarray:
    return np.array(in_node(browser_code("bends.js", "drawn", "lifted") + f"console.log(JSON.stringify({call}));"))


def test_a_stroke_of_the_pen_is_a_straight_line_between_its_ends():
    curve = pen(f"drawn({json.dumps([9] * 41)}, [-1, 2], [1, 0])")
    within = abs(PLACES) <= 1.001
    np.testing.assert_allclose(curve[within], 1 - PLACES[within], atol=0.01)
    assert (curve[~within] == 9).all()
    np.testing.assert_array_equal(pen(f"drawn({json.dumps([9] * 41)}, [1, 0], [-1, 2])"), curve)


def test_a_key_lifts_the_curve_around_a_place_and_not_above_the_picture():
    lifted = pen(f"lifted({json.dumps([0.0] * 41)}, 20, 0.2)")
    np.testing.assert_allclose(lifted[16:25], [0, 0.05, 0.1, 0.15, 0.2, 0.15, 0.1, 0.05, 0])
    assert np.count_nonzero(lifted) == 7 and pen(f"lifted({json.dumps([2.39] * 41)}, 3, 0.2)").max() == 2.4


def test_the_still_picture_shows_the_start_and_500_steps():
    figure = Figure()
    BendsExplorer(CURVE, 4).draw(figure)
    assert [(ax.get_title(), len(ax.lines)) for ax in figure.get_axes()] == [("0 steps", 6), ("500 steps", 6)]


@pytest.mark.parametrize("change, error, message", [
    ({"curve": CURVE[:5]}, ValueError, r"curve has shape \(5,\)"),
    ({"curve": CURVE + 9}, ValueError, "numbers from -2.4 to 2.4"),
    ({"n_bends": 0}, ValueError, "n_bends is 0"), ({"rate": "a"}, TypeError, "rate is 'a'")])
def test_what_cannot_be_shown_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        BendsExplorer(**{"curve": CURVE} | change)
