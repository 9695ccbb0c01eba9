"""Chapter 1: its functions, theorem and exercises; the live figure against closed forms and the browser's code."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics.pairwise import haversine_distances
from sklearn.naive_bayes import GaussianNB
from support import ROOT, browser_code, in_node, names_of, solutions_of

from helpers.data import land, sample_land
from helpers.exercises.ch01 import EXERCISES
from helpers.live.box import EARTH_KM, BoxExplorer, box_area, draws, nearest_km

CHAPTER = ROOT / "book" / "01_what_is_a_generative_model.ipynb"
QUIETLY = settings(deadline=None, derandomize=True, database=None)
SIDES = ("west", "east", "south", "north")
GLOBE = (-180, 180, -90, 90)
POINTS = sample_land(50, np.random.default_rng(0))

longitudes = st.lists(st.floats(-180, 180), min_size=2, max_size=2, unique=True).map(sorted)
latitudes = st.lists(st.floats(-90, 90), min_size=2, max_size=2, unique=True).map(sorted)
boxes = st.tuples(longitudes, latitudes).map(lambda pairs: (*pairs[0], *pairs[1])).filter(lambda b: box_area(*b) > 0)


@pytest.fixture(scope="module")
def explorer():
    return BoxExplorer(POINTS)


def values(explorer, box):
    return explorer.values(**dict(zip(SIDES, box, strict=True)))


def haversine_km(a, b):
    """Great-circle distances by scikit-learn, which takes latitude first."""
    return EARTH_KM * haversine_distances(np.radians(a[:, ::-1]), np.radians(b[:, ::-1]))


# The chapter's own functions and solutions


@pytest.fixture(scope="module")
def chapter():
    return names_of(CHAPTER, without="one_run(seed) for")  # the long experiment


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_on_the_page_is_right(name, chapter, verdict):
    names = dict(chapter)
    exec(solutions_of(CHAPTER)[name], names)
    assert verdict(name, names[f"answer_{name[-1]}"]) == f"Exercise {name}: right. {EXERCISES[name].right}"


def corners(X):
    (west, south), (east, north) = X.min(axis=0), X.max(axis=0)
    return west, south, east, north


INTERCEPT, SLOPE = EXERCISES["1.5"].expected()
WRONG_ANSWERS = {
    "1.1": [0.11939, 1 / 400, 8.2070, 1 / (20 * np.sin(np.radians(20))), np.log(8.3764)],
    "1.2": [corners, lambda X: [corners(X)[i] for i in (1, 3, 0, 2)], lambda X: [corners(X)[i] for i in (2, 0, 3, 1)]],
    "1.3": [(10, 20, 15, 25), (-30, -20, 0, 20), (-60, 60, -30, 30)],
    "1.4": [100, 9, 0.99, 50],
    "1.5": [[SLOPE, INTERCEPT], [5.9, -0.9], [INTERCEPT, -SLOPE]],
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_foreseen_mistake_gets_its_own_reason(name, verdict):
    exercise, given_reasons = EXERCISES[name], []
    for answer in WRONG_ANSWERS[name]:
        given_reasons.append(verdict(name, answer).split("not yet. ")[1])
    reasons = [reason for _, reason in exercise.mistakes]
    assert len(set(given_reasons)) == len(given_reasons)
    assert set(given_reasons) <= {*reasons, exercise.hint}
    assert len(set(given_reasons) & set(reasons)) >= len(reasons) - 1


def test_sides_in_the_wrong_order_get_an_answer_that_says_so(verdict):
    assert "west < east" in verdict("1.3", (117, 58, 26, 66))


def test_the_largest_box_of_land_is_as_the_solution_says(explorer):
    best = values(explorer, (57.5, 117.5, 25.5, 66))
    assert best["sea"] == pytest.approx(0, abs=1e-12) and best["area"] == pytest.approx(0.506, abs=5e-4)
    assert max(box_area(*box) for box in land_boxes()) == pytest.approx(best["area"])


def land_boxes():
    """For each pair of rows, the widest box of land between them."""
    mask = land()
    for top in range(len(mask)):
        common = np.ones(mask.shape[1], bool)
        for bottom in range(top, len(mask)):
            common &= mask[bottom]
            if not common.any():
                break
            steps = np.diff(np.r_[0, common.astype(int), 0])
            starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
            widest = (ends - starts).argmax()
            yield starts[widest] / 2 - 180, ends[widest] / 2 - 180, 90 - (bottom + 1) / 2, 90 - top / 2


def test_naive_bayes_is_scikit_learns(chapter):
    X, y = chapter["X_seen"], chapter["y_seen"]
    oracle = GaussianNB(var_smoothing=0).fit(X, y)
    everything = np.vstack([X, chapter["X_unseen"]])
    assert chapter["log_joint"](everything) == pytest.approx(oracle.predict_joint_log_proba(everything))


def test_the_boundary_of_shared_variances_is_where_the_posterior_is_one_half(chapter):
    length = np.linspace(3, 7, 9)
    x = np.column_stack([length, INTERCEPT + SLOPE * length])
    shared = np.sqrt((chapter["sigma"] ** 2).mean(axis=0))
    log_p = stats.norm.logpdf(x[:, None], chapter["mu"], shared).sum(axis=2)
    assert log_p[:, 0] == pytest.approx(log_p[:, 1])


@QUIETLY
@given(boxes)
def test_a_box_has_the_log_likelihood_of_a_uniform_longitude_and_a_uniform_height(chapter, box):
    west, east, south, north = box
    X = draws(box, np.random.default_rng(1).uniform(0.01, 0.99, (7, 2)))
    low, high = np.sin(np.radians([south, north]))
    longitude, height = np.radians(X[:, 0]), np.sin(np.radians(X[:, 1]))
    oracle = (stats.uniform(np.radians(west), np.radians(east - west)).logpdf(longitude).sum()
              + stats.uniform(low, high - low).logpdf(height).sum())
    if np.isfinite(oracle):  # else the box is so thin that rounding decides which points lie inside
        assert chapter["log_likelihood"](box, X) == pytest.approx(oracle, rel=1e-6, abs=1e-6)


@QUIETLY
@given(boxes, st.integers(2, 20), st.integers(0, 1000))
def test_no_box_beats_the_bounding_box(chapter, box, n, seed):
    X = draws(GLOBE, np.random.default_rng(seed).random((n, 2)))
    (west, south), (east, north) = X.min(axis=0), X.max(axis=0)
    best = chapter["log_likelihood"]((west, east, south, north), X)
    assert np.isfinite(best)
    wider = (min(box[0], west), max(box[1], east), min(box[2], south), max(box[3], north))
    assert chapter["log_likelihood"](box, X) <= best
    assert chapter["log_likelihood"](wider, X) <= best


def test_the_chapters_distance_and_land_are_those_of_other_ways(chapter):
    X = draws(GLOBE, np.random.default_rng(2).random((500, 2)))
    assert chapter["nearest_km"](X) == pytest.approx(haversine_km(X, POINTS).min(axis=1), rel=1e-5)
    assert chapter["on_land"](sample_land(500, np.random.default_rng(3))).all()
    assert chapter["on_land"](X).mean() == pytest.approx(0.289, abs=0.08)


def test_draws_from_a_box_are_uniform_by_area(chapter):
    X = chapter["draw_box"]((-20, 60, -40, 80), 20_000)
    low, high = np.sin(np.radians([-40, 80]))
    assert stats.kstest(X[:, 0], stats.uniform(-20, 80).cdf).pvalue > 1e-3
    assert stats.kstest(np.sin(np.radians(X[:, 1])), stats.uniform(low, high - low).cdf).pvalue > 1e-3


# The live figure


def test_areas_have_their_closed_forms():
    assert box_area(*GLOBE) == pytest.approx(4 * np.pi)
    assert box_area(0, 90, 0, 90) == pytest.approx(np.pi / 2)  # an eighth
    assert box_area(-180, 180, 30, 90) == pytest.approx(2 * np.pi * (1 - 0.5))  # a cap, sin 30° = 1/2


def test_the_share_of_sea_of_the_globe_is_the_masks():
    sines = np.sin(np.radians(np.linspace(90, -90, 361)))
    share = np.average(~land(), axis=0, weights=sines[:-1] - sines[1:]).mean()
    assert BoxExplorer(POINTS).values(west=-180, east=180, south=-90, north=90)["sea"] == pytest.approx(share)


@pytest.mark.parametrize("box", [(-20, 60, -40, 50), (-75.3, -73.1, 40.2, 41.9), (100, 180, -90, -60.25)])
def test_the_share_of_sea_is_that_of_many_points_of_the_box(explorer, chapter, box):
    X = draws(box, np.random.default_rng(4).random((100_000, 2)))
    assert values(explorer, box)["sea"] == pytest.approx(1 - chapter["on_land"](X).mean(), abs=0.01)


@QUIETLY
@given(boxes, st.floats(0.1, 0.9))
def test_the_seas_of_two_halves_add_up(explorer, box, part):
    west, east, south, north = box
    middle = west + part * (east - west)
    whole, left, right = (values(explorer, (w, e, south, north)) for w, e in
                          ((west, east), (west, middle), (middle, east)))
    if "sea" in left and "sea" in right:
        sea = left["sea"] * left["area"] + right["sea"] * right["area"]
        assert whole["sea"] * whole["area"] == pytest.approx(sea, abs=1e-9)


def test_a_box_of_land_has_no_sea_and_one_of_sea_no_land(explorer):
    assert values(explorer, (0, 30, 10, 30))["sea"] == pytest.approx(0, abs=1e-12)
    assert values(explorer, (-160, -130, -40, 0))["sea"] == pytest.approx(1, abs=0.01)


def test_distances_are_great_circles():
    X = draws(GLOBE, np.random.default_rng(5).random((300, 2)))
    assert nearest_km(X, POINTS) == pytest.approx(haversine_km(X, POINTS).min(axis=1))
    poles = np.array([[0.0, 90.0], [0.0, -90.0]])
    assert nearest_km(poles[:1], poles[1:]) == pytest.approx([np.pi * EARTH_KM])
    assert nearest_km(np.array([[180.0, 10.0]]), np.array([[-180.0, 10.0]])) == pytest.approx([0], abs=1e-3)


def test_the_figures_log_likelihood_is_largest_at_the_bounding_box(explorer, chapter):
    best = values(explorer, chapter["theta_hat"])
    assert best["outside"] == 0
    assert best["log_likelihood"] == pytest.approx(chapter["best"])
    for i, outward in enumerate((-1, 1, -1, 1)):
        for step in (-0.1, 0.1):
            theta = chapter["theta_hat"] + np.eye(4)[i] * step * outward
            shown = values(explorer, theta)
            assert shown.get("log_likelihood", -np.inf) < best["log_likelihood"]
            assert shown["outside"] == (1 if step < 0 else 0)


def test_sides_may_come_in_either_order(explorer):
    assert values(explorer, (60, -20, 50, -40)) == values(explorer, (-20, 60, -40, 50))


def test_a_box_without_area_shows_the_points_outside_and_nothing_else(explorer):
    assert values(explorer, (10, 10, -90, 90)) == {"outside": 50}
    assert values(explorer, (-180, 180, 0, 0)) == {"outside": 50}


def test_the_mark_of_fresh_points_is_the_median_that_the_chapter_measures(explorer):
    fresh = sample_land(20_000, np.random.default_rng(6))
    assert explorer.fresh == pytest.approx(np.median(haversine_km(fresh, POINTS).min(axis=1)), rel=0.05)


def test_the_explorer_has_a_stable_name_and_a_picture(explorer):
    assert repr(explorer) == "BoxExplorer(west=-20, east=60, south=-40, north=50)"
    assert explorer._repr_mimebundle_()["image/png"].startswith("iVBOR")


# The browser's code, in node


def test_the_browsers_numbers_are_pythons(explorer):
    rng = np.random.default_rng(7)
    tried = [*(rng.uniform(-1, 1, (40, 4)) * [180, 180, 90, 90]).tolist(), *map(list, (
        GLOBE, (-153, 168, -87, 80), (0, 30, 10, 30), (57.5, 117.5, 25.5, 66), (60, -20, 50, -40), (10, 10, -90, 90),
        (-180, 180, 90, 90), (179, 180, -90, 90), (-180, -179.5, 89.5, 90)))]
    data = {"points": POINTS.ravel().tolist(), "uniforms": explorer.uniforms.ravel().tolist(), "boxes": tried,
            "bits": list(np.packbits(explorer.mask)), "columns": explorer.mask.shape[1]}
    code = browser_code("box.js", "measure") + browser_code("runtime/sphere.js", "boxOf", "landSums") + (
        f"const data = {json.dumps(data, default=int)};\n") + """
        const sums = landSums(new DataView(Uint8Array.from(data.bits).buffer), data.columns);
        const points = Float64Array.from(data.points), uniforms = Float64Array.from(data.uniforms);
        const answer = (sides) => measure(boxOf(...sides), { points, uniforms, sums, columns: data.columns }).values;
        console.log(JSON.stringify(data.boxes.map(answer)));"""
    for sides, shown in zip(tried, in_node(code), strict=True):
        assert shown == pytest.approx(values(explorer, sides), rel=1e-9, abs=1e-12), sides
