"""Chapter 2: the live figure against SciPy, the exercises' answers, the theorems as properties."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy import stats
from scipy.special import ndtr, ndtri
from support import ROOT, browser_code, cells_of, in_node, names_of, solutions_of

from helpers.exercises.ch02 import EXERCISES
from helpers.live.ppf import RANGE, PpfExplorer

CHAPTER = ROOT / "book" / "02_percent_point_function.ipynb"
HIGHEST = 1 - 2**-53  # the largest z that NumPy draws
QUIETLY = settings(deadline=None, derandomize=True, database=None)


# The chapter's own functions and solutions


@pytest.fixture(scope="module")
def chapter():
    return names_of(CHAPTER)


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_on_the_page_is_right_after_setup_alone(name, verdict):
    names = {}
    exec(cells_of(CHAPTER, "code")[0].source, names)
    exec(solutions_of(CHAPTER)[name], names)
    assert verdict(name, names[f"answer_{name[-1]}"]) == f"Exercise {name}: right. {EXERCISES[name].right}"


WRONG_ANSWERS = {
    "2.1": [1 - stats.norm.cdf(1.5), stats.norm.pdf(260, 200, 40), 1.5, 93.3193, 0.51496, 1.0],
    "2.2": [lambda z: z, lambda z: z**2, lambda z: 2 * z, lambda z: np.sqrt(z / np.pi)],
    "2.3": [
        lambda z: np.maximum(stats.norm.ppf(z, 200, 40), 240),
        lambda z: 240 + np.abs(40 * stats.norm.ppf(z)),
        lambda z: stats.norm.ppf(z * stats.norm.cdf(1), 200, 40),
        lambda z: stats.norm.ppf(z + stats.norm.cdf(1), 200, 40),
        lambda z: stats.norm.ppf(z, 200, 40),
        lambda z: stats.norm.cdf(1) + z * stats.norm.sf(1),
    ],
    "2.4": [208, 200, 240, stats.norm.ppf(0.4)],
    "2.5": [[[40, 0], [4.5, 5 * np.sqrt(0.19)]], [[40, 4.5], [0, 5 * np.sqrt(0.19)]], [[1600, 180], [180, 25]]],
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_foreseen_mistake_gets_its_own_reason(name, verdict):
    exercise, given_reasons = EXERCISES[name], []
    for answer in WRONG_ANSWERS[name]:
        given_reasons.append(verdict(name, answer).removeprefix(f"Exercise {name}: not yet. "))
    reasons = [reason for _, reason in exercise.mistakes]
    assert len(set(given_reasons)) == len(given_reasons)
    assert set(given_reasons) <= {*reasons, exercise.hint}
    assert len(set(given_reasons) & set(reasons)) >= len(reasons) - 1


def test_an_unforeseen_or_unusable_answer_gets_the_hint(verdict):
    for name, answer in (("2.1", 0.25), ("2.2", np.cos), ("2.3", lambda z: 240 + z), ("2.4", 100), ("2.5", [1, 2])):
        assert EXERCISES[name].hint in verdict(name, answer)


def test_the_heaps_median_halves_a_large_heap(chapter):
    rng = np.random.default_rng(0)
    y = chapter["label_ppf"]([0.4, 0.6], rng.uniform(size=400_000))
    heap = stats.norm.ppf(rng.uniform(size=len(y)), np.array([160, 240])[y], np.array([20, 30])[y])
    assert np.median(heap) == pytest.approx(EXERCISES["2.4"].expected(), abs=0.5)


weights = st.lists(st.integers(0, 9), min_size=1, max_size=12).filter(any)


@QUIETLY
@given(weights, st.lists(st.floats(0, HIGHEST), max_size=20))
def test_a_drawn_label_exists_and_is_possible(chapter, counts, zs):
    p = np.array(counts) / sum(counts)
    labels = chapter["label_ppf"](p, [0.0, HIGHEST, *zs])
    assert (p[labels] > 0).all()


def test_a_label_begins_on_its_own_jump(chapter):
    below = np.nextafter(0.4, 0)
    assert chapter["label_ppf"]([0.4, 0.6], [0, below, 0.4, HIGHEST]).tolist() == [0, 0, 1, 1]


@QUIETLY
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_one_after_the_other_and_all_at_once_make_the_same_apple(chapter, u_1, u_2):
    """The matrix's rows are the ppf of the weight, and that of the width given the weight."""
    weight = stats.norm(200, 40).ppf(u_1)
    width = chapter["width_given"](weight).ppf(u_2)
    assert chapter["decoder"](stats.norm.ppf([[u_1, u_2]]))[0] == pytest.approx([weight, width])


def test_the_width_given_the_weight_is_that_of_apples_of_about_that_weight(chapter):
    apples = stats.multivariate_normal([200, 75], [[1600, 180], [180, 25]]).rvs(2_000_000, random_state=0)
    near = apples[np.abs(apples[:, 0] - 260) < 1, 1]
    given_260 = chapter["width_given"](260)
    assert (near.mean(), near.std()) == pytest.approx((given_260.mean(), given_260.std()), rel=0.01)


def test_the_decoders_points_have_the_covariance_of_its_matrix(chapter):
    z = np.random.default_rng(1).standard_normal((400_000, 2))
    assert np.cov(chapter["decoder"](z).T) == pytest.approx(chapter["cov"], rel=0.02)


# The theorems

CONTINUOUS = [stats.norm(200, 40), stats.expon(scale=1 / 3), stats.gamma(2.5), stats.beta(2, 5), stats.t(3),
              stats.cauchy(), stats.lognorm(0.8), stats.uniform(-1, 4)]
DISCRETE = [stats.binom(10, 0.3), stats.poisson(4), stats.geom(0.2), stats.randint(-3, 4)]


@QUIETLY
@given(st.sampled_from(CONTINUOUS), st.floats(1e-6, 1 - 1e-6))
def test_the_cdf_undoes_the_ppf(distribution, z):
    assert distribution.cdf(distribution.ppf(z)) == pytest.approx(z, abs=1e-9)


@QUIETLY
@given(st.sampled_from(DISCRETE), st.floats(1e-6, 1 - 1e-6), st.integers(-5, 60))
def test_the_exchange_lemma_holds_across_jumps(distribution, z, t):
    if abs(distribution.cdf(t) - z) > 1e-9:  # on the jump itself, rounding decides
        assert (z <= distribution.cdf(t)) == (distribution.ppf(z) <= t)


@QUIETLY
@given(st.floats(0.001, 0.999), st.floats(-1, 5))
def test_the_exchange_lemma_holds_for_the_chapters_cdf_with_a_jump_and_a_flat_piece(chapter, z, t):
    cdf = chapter["cdf_with_jump"]
    x = chapter["ppf_by_bisection"](cdf, z, -1, 5)
    if abs(float(cdf(t)) - z) > 1e-9:
        assert (z <= cdf(t)) == (x <= t)
    assert cdf(x) >= z


@QUIETLY
@given(st.sampled_from(CONTINUOUS[:4]), st.floats(0.001, 0.999))
def test_bisection_finds_the_ppf(chapter, distribution, z):
    found = chapter["ppf_by_bisection"](distribution.cdf, z, -1000, 1000)
    assert found == pytest.approx(distribution.ppf(z), abs=1e-6)


# The live figure


@pytest.mark.parametrize("z, x", [(0.5, 200), (0.5 + 0.3413, 240), (0.5 + 0.3413 + 0.1359, 280)])
def test_the_figure_shows_the_three_numbers_of_the_source(z, x):
    assert round(PpfExplorer().values(z=z)["x"]) == x


def test_the_still_picture_marks_the_point_of_the_curve():
    figure = Figure()
    PpfExplorer().draw(figure)
    line = next(line for ax in figure.axes for line in ax.lines if line.get_marker() == "o")
    (at,) = line.get_markevery()
    assert line.get_xydata()[at] == pytest.approx([240, 0.841], abs=0.1)


def test_the_figures_numbers_are_those_of_its_draws():
    explorer = PpfExplorer()
    assert explorer.values().keys() == {"x"}
    x = stats.norm(170, 25).ppf(np.random.default_rng(0).uniform(size=2000))[:140]
    expected = {"x": 145.0, "mean": x.mean(), "deviation": x.std()}
    assert explorer.values(z=stats.norm.cdf(-1), mu=170, sigma=25, n=140) == pytest.approx(expected)


def test_no_setting_of_the_sliders_leaves_the_picture():
    controls = PpfExplorer().controls
    for z in (controls["z"].min, controls["z"].max):
        for mu in (controls["mu"].min, controls["mu"].max):
            assert RANGE[0] < stats.norm.ppf(z, mu, controls["sigma"].max) < RANGE[1]


def test_all_steps_of_n_reach_draws_that_the_page_carries():
    explorer = PpfExplorer()
    assert len(explorer.view.draws) == 8 * explorer.controls["n"].max
    assert explorer.controls["n"].max % explorer.controls["n"].step == 0


# The browser's code, in node


def in_browser(expression: str, data) -> list:
    """The value of a JavaScript expression of `data` in the view's module; numbers come back as text."""
    answer = f"console.log(JSON.stringify(({expression}).map(String)))"
    imports = browser_code("ppf.js", "densities", "meanAndDeviation") + browser_code("runtime/normal.js", "normalCdf",
                                                                                  "normalPpf")
    code = f"{imports}const data = {json.dumps(data)};\n{answer}"
    return [float(text.replace("Infinity", "inf")) for text in in_node(code)]


def test_the_browsers_ppf_is_scipys_to_fifteen_digits_over_all_of_its_range():
    z = np.concatenate([10.0 ** np.linspace(-300, -1, 4000), np.linspace(0.075, 0.925, 4001),
                        1 - 10.0 ** np.linspace(-16, -1, 4000), [np.exp(-25), 1e-300, 1 - 1e-16]])
    shown = np.array(in_browser("data.map(normalPpf)", z.tolist()))
    assert shown == pytest.approx(ndtri(z), rel=4e-15, abs=1e-16)


def test_the_browsers_ppf_at_the_ends_and_outside():
    shown = in_browser("data.map((z) => normalPpf(z === null ? NaN : z))", [0, 1, 0.5, -0.1, 1.2, None])
    assert shown[:3] == [-np.inf, np.inf, 0]
    assert np.isnan(shown[3:]).all()


def test_the_browsers_cdf_is_scipys():
    x = np.linspace(-6, 6, 101)
    assert np.array(in_browser("data.map(normalCdf)", x.tolist())) == pytest.approx(ndtr(x), abs=1e-14)


def test_the_browsers_mean_deviation_and_bars_are_numpys():
    x = np.random.default_rng(3).normal(200, 90, 500)
    bars, _ = np.histogram(x, 50, RANGE)
    assert in_browser("meanAndDeviation(data)", x.tolist()) == pytest.approx([x.mean(), x.std()])
    assert in_browser(f"densities(data, {list(RANGE)}, 50)", x.tolist()) == pytest.approx(bars / (len(x) * 10))


def test_the_browsers_law_of_a_drawn_density_is_scipys_histogram():
    heights = [0, 0, 30, 100, 0, 0, 20, 70, 5, 0] * 5
    law = stats.rv_histogram((heights, np.linspace(*RANGE, 51)), density=False)
    z, x = np.linspace(0.001, 0.999, 200), np.linspace(-60, 460, 105) + 0.5
    run = browser_code("runtime/own_density.js", "LAWS", "lawOf", "stroked")
    pdf, cdf, ppf, laws, stroke = in_node(f"""{run}
        const law = lawOf({heights}, {list(RANGE)});
        console.log(JSON.stringify([{x.tolist()}.map(law.pdf), {x.tolist()}.map(law.cdf), {z.tolist()}.map(law.ppf),
            LAWS, stroked([0, 0, 0, 0, 0, 9], [4, 110], [1, 50])]))""")
    assert pdf == pytest.approx(law.pdf(x)) and cdf == pytest.approx(law.cdf(x)) and ppf == pytest.approx(law.ppf(z))
    normal, *others = laws.values()
    assert len(normal) == 50 and set(normal) == {0} and len(others) == 4
    assert all(len(other) == 50 and 0 <= min(other) and 50 < max(other) <= 100 for other in others)
    assert stroke == [0, 50, 70, 90, 100, 9]


def test_values_follow_a_drawn_density():
    own = [0] * 20 + [100] * 10 + [0] * 20  # uniform from 150 to 250
    shown = PpfExplorer().values(own=own, z=0.25, n=2000)
    assert shown["x"] == pytest.approx(175) and shown["mean"] == pytest.approx(200, abs=3)
