"""ReportExplorer: what it refuses, what it says of two measures, and the browser's numbers against Python's."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.stats import kendalltau
from support import node

from helpers.live.report import Measure, ReportExplorer

SCRIPT = Path(__file__).with_name("run_report.mjs")
RNG = np.random.default_rng(0)
NAMES = ["a", "b", "c", "d", "e", "f"]
COLUMNS = {"distance": 10 ** RNG.uniform(-1, 1, 6), "coverage": RNG.random(6), "density": RNG.uniform(0.5, 1.5, 6),
           "copies": np.array([0, 0, 0.1, 0, 0.2, 0.1]), "seconds": 10 ** RNG.uniform(0, 4, 6).round()}
MEASURES = {"Distance": Measure("distance", "low", True, 0.06), "Coverage": Measure("coverage", "high", real=0.95),
            "Density": Measure("density", "one"), "Copies": Measure("copies"), "Seconds": Measure("seconds", log=True),
            "Agreement": Measure("agreement", "high")}
PICTURES = {name: RNG.random((20, 28, 28)) for name in NAMES}


def lines():
    found = {name: {key: float(values[i]) for key, values in COLUMNS.items()} for i, name in enumerate(NAMES)}
    found["a"] |= {"agreement": 0.9, "distance sd": 0.1}
    found["c"]["agreement"] = 0.7
    return found


@pytest.fixture
def explorer():
    return ReportExplorer(lines(), PICTURES, MEASURES)


@pytest.fixture(scope="module")
def browser_side():
    """What the JavaScript computes, in node."""
    view = ReportExplorer(lines(), PICTURES, MEASURES).view
    question = {"numbers": view.numbers, "measures": view.measures}
    done = subprocess.run([node(), SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_both_sides_count_the_same_pairs(browser_side, explorer):
    for i in range(len(MEASURES)):
        for j in range(len(MEASURES)):
            found = explorer.values(across=i, up=j, model=0)
            assert browser_side["agreement"][i][j] == {key: found[key] for key in ("pairs", "alike")}


def test_every_axis_of_the_browser_holds_its_values_and_the_real_digits(browser_side, explorer):
    for k, measure in enumerate(MEASURES.values()):
        low, high = browser_side["ranges"][k]
        shown = [row[k] for row in explorer.numbers if row[k] is not None] + [measure.real] * (measure.real is not None)
        assert low < min(shown) and max(shown) < high
        assert low > 0 or not measure.log


def test_without_ties_the_counts_are_kendalls_tau(explorer):
    found = explorer.values(across=0, up=1, model=0)
    assert found["pairs"] == 15
    tau = kendalltau(-COLUMNS["distance"], COLUMNS["coverage"]).statistic
    assert 2 * found["alike"] / found["pairs"] - 1 == pytest.approx(tau)


def test_density_is_best_at_one(explorer):
    tau = kendalltau(-abs(COLUMNS["density"] - 1), -COLUMNS["distance"]).statistic
    found = explorer.values(across=2, up=0, model=0)
    assert 2 * found["alike"] / found["pairs"] - 1 == pytest.approx(tau)


def test_ties_are_not_told_apart_and_a_measure_agrees_with_itself(explorer):
    assert explorer.values(across=3, up=3, model=0)["pairs"] == 15 - 3 - 1
    both = explorer.values(across=0, up=0, model=0)
    assert both["pairs"] == both["alike"] == 15


def test_a_model_shows_its_own_numbers_and_none_where_it_has_none(explorer):
    assert explorer.values(across=5, up=0, model=0) == {"x": 0.9, "y": COLUMNS["distance"][0], "pairs": 1,
                                                       "alike": int(COLUMNS["distance"][0] < COLUMNS["distance"][2])}
    assert "x" not in explorer.values(across=5, up=0, model=1)


def test_it_begins_with_the_first_two_measures_and_the_last_model(explorer):
    assert explorer.state == {"across": 0, "up": 1, "model": 5}
    assert repr(explorer) == "ReportExplorer(across=0, up=1, model=5)"
    assert explorer.view.spreads[0][0] == 0.1 and explorer.view.spreads[1][0] == 0


@pytest.mark.parametrize("axes", [(0, 1), (5, 3), (4, 4)])
def test_the_still_picture_shows_a_dot_a_model_and_its_digits(explorer, axes):
    explorer.controls["across"].index, explorer.controls["up"].index = axes
    figure = Figure()
    explorer.draw(figure)
    chart, strip = figure.axes
    both = sum(row[axes[0]] is not None and row[axes[1]] is not None for row in explorer.numbers)
    assert len(chart.texts) == both and chart.get_xlabel() == list(MEASURES)[axes[0]]
    sheet = strip.images[0].get_array()
    assert sheet.shape == (56, 280)
    np.testing.assert_array_equal(sheet[28:, :28], (255 * PICTURES["f"][10]).round())


@pytest.mark.parametrize(("change", "message"), [
    (lambda x, p, m: (dict(list(x.items())[:1]), p, m), "1 models"),
    (lambda x, p, m: (x, p, {"Copies": m["Copies"]}), "1 measures"),
    (lambda x, p, m: (x, p | {"a": p["a"][:10]}, m), "the pictures have the shapes"),
    (lambda x, p, m: (x, {k: v for k, v in p.items() if k != "b"}, m), "the pictures have the shapes"),
    (lambda x, p, m: (x, {k: v[:15] for k, v in p.items()}, m), "a multiple of 10"),
    (lambda x, p, m: (x, p, m | {"Distance": Measure("distance", "small")}), "better is 'small', expected one of low"),
    (lambda x, p, m: (x, p, m | {"Copies": Measure("copies", log=True)}), "Copies: .* expected finite numbers above 0"),
    (lambda x, p, m: (x, p, m | {"Copies": Measure("nobody")}), "Copies: the values are \\[\\]; expected"),
    (lambda x, p, m: (x | {"a": x["a"] | {"density": np.nan}}, p, m), "density is nan, expected a finite number"),
])
def test_what_cannot_be_shown_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        ReportExplorer(*change(lines(), PICTURES, MEASURES))
