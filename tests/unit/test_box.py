"""Chapter 1: its functions, theorem and exercises; the live figure against closed forms and the browser's code."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics.pairwise import haversine_distances
from sklearn.naive_bayes import GaussianNB
from support import ROOT, browser_code, cells_of, in_node, names_of, solutions_of

from helpers.data import land, sample_land
from helpers.exercises.ch01 import EXERCISES
from helpers.live.box import EARTH_KM, NEAR_KM, BoxExplorer, box_area, draws, nearest_km, on_land

CHAPTER = ROOT / "book" / "01_what_is_a_generative_model.ipynb"
QUIETLY = settings(deadline=None, derandomize=True, database=None)
SIDES = ("west", "east", "south", "north")
GLOBE = (-180, 180, -90, 90)
POINTS = sample_land(50, np.random.default_rng(0))
FRESH = sample_land(400, np.random.default_rng(1))
UNIFORMS = np.random.default_rng(2).random((500, 2))

longitudes = st.lists(st.floats(-180, 180), min_size=2, max_size=2, unique=True).map(sorted)
latitudes = st.lists(st.floats(-90, 90), min_size=2, max_size=2, unique=True).map(sorted)
boxes = st.tuples(longitudes, latitudes).map(lambda pairs: (*pairs[0], *pairs[1])).filter(lambda b: box_area(*b) > 0)


@pytest.fixture(scope="module")
def explorer():
    return BoxExplorer(POINTS, FRESH, UNIFORMS)


def values(explorer, box):
    return explorer.values(**dict(zip(SIDES, box, strict=True)))


def haversine_km(a, b):
    """Great-circle distances by scikit-learn, which takes latitude first."""
    return EARTH_KM * haversine_distances(np.radians(a[:, ::-1]), np.radians(b[:, ::-1]))


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
    assert EXERCISES["1.3"].compared(np.array([57.5, 117.5, 25.5, 66])).tolist() == [1, 1]
    assert best["sea"] == 0 and best["area"] == pytest.approx(0.506, abs=5e-4)
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
    everything = chapter["X"]
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


def test_draws_from_a_box_are_uniform_by_area(chapter):
    X = chapter["draw_box"]((-20, 60, -40, 80), np.random.default_rng(8).random((20_000, 2)))
    low, high = np.sin(np.radians([-40, 80]))
    assert stats.kstest(X[:, 0], stats.uniform(-20, 80).cdf).pvalue > 1e-3
    assert stats.kstest(np.sin(np.radians(X[:, 1])), stats.uniform(low, high - low).cdf).pvalue > 1e-3


# The live figure


def test_areas_have_their_closed_forms():
    assert box_area(*GLOBE) == pytest.approx(4 * np.pi)
    assert box_area(0, 90, 0, 90) == pytest.approx(np.pi / 2)  # an eighth
    assert box_area(-180, 180, 30, 90) == pytest.approx(2 * np.pi * (1 - 0.5))  # a cap, sin 30° = 1/2


def test_a_point_is_on_land_where_its_cell_is():
    mask = land()
    for row, column in np.random.default_rng(3).integers((360, 720), size=(300, 2)):
        centre = np.array([[column / 2 - 179.75, 89.75 - row / 2]])
        assert on_land(centre) == mask[row, column]
    corners_of_the_map = on_land(np.array([[180.0, -90.0], [-180.0, 90.0], [180.0, 90.0]]))
    assert corners_of_the_map.tolist() == [mask[-1, -1], mask[0, 0], mask[0, -1]]


@pytest.mark.parametrize("box", [GLOBE, (-20, 60, -40, 50), (100, 180, -90, -60.25)])
def test_the_share_at_sea_is_that_of_the_cells_within_what_chance_does(explorer, box):
    west, east, south, north = box
    tops, lefts = np.arange(90, -90, -0.5), np.arange(-180, 180, 0.5)
    rows, columns = (tops - 0.5 < north) & (tops > south), (lefts < east) & (lefts + 0.5 > west)
    height = np.diff(-np.sin(np.radians(np.append(tops, -90))))[rows]
    share = 1 - np.average(land()[rows][:, columns].mean(axis=1), weights=height)
    assert values(explorer, box)["sea"] == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / len(UNIFORMS)))


def test_a_box_of_land_has_no_sea_and_one_of_sea_no_land(explorer):
    assert values(explorer, (0, 30, 10, 30))["sea"] == 0
    assert values(explorer, (-160, -150, -40, -30))["sea"] == 1


def test_distances_are_great_circles():
    X = draws(GLOBE, np.random.default_rng(5).random((300, 2)))
    assert nearest_km(X, POINTS) == pytest.approx(haversine_km(X, POINTS).min(axis=1))
    poles = np.array([[0.0, 90.0], [0.0, -90.0]])
    assert nearest_km(poles[:1], poles[1:]) == pytest.approx([np.pi * EARTH_KM])
    points = draws(GLOBE, np.random.default_rng(6).random((1000, 2)))
    turn = np.where(points[:, :1] > 0, -180, 180) * [1, 0]
    opposite = (points + turn) * [1, -1]
    apart = [nearest_km(here[None], there[None])[0] for here, there in zip(points, opposite, strict=True)]
    assert apart == pytest.approx([np.pi * EARTH_KM] * 1000)  # a chord may come out a rounding longer than 2
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


def test_the_marks_are_what_draws_from_the_land_itself_reach(explorer):
    fresh, true_draws = sample_land(20_000, np.random.default_rng(6)), sample_land(500, np.random.default_rng(9))
    assert explorer.possible["distance"] == pytest.approx(np.median(haversine_km(fresh, POINTS).min(axis=1)), rel=0.1)
    covered = np.mean(haversine_km(FRESH, true_draws).min(axis=1) <= NEAR_KM)
    assert explorer.possible["coverage"] == pytest.approx(covered, abs=0.02)


def test_coverage_is_the_share_of_fresh_points_with_a_draw_nearby(explorer):
    for box in ((0, 30, 10, 30), (-20, 60, -40, 50), GLOBE):
        near = haversine_km(FRESH, draws(box, UNIFORMS)).min(axis=1) <= NEAR_KM
        assert values(explorer, box)["coverage"] == pytest.approx(near.mean())


def test_a_box_that_forgets_continents_keeps_both_rules_and_is_caught_by_its_coverage(explorer):
    sahara = values(explorer, (0, 30, 10, 30))
    assert sahara["sea"] == 0 and 0 < sahara["distance"] < explorer.possible["distance"]
    assert sahara["coverage"] < 0.2 < 0.9 < explorer.possible["coverage"]


@pytest.mark.parametrize("points, fresh, uniforms, said", [
    ([[181, 0]], FRESH, UNIFORMS, r"points\[0\] is .*longitude from -180 to 180"),
    (POINTS, [[0, 0], [0, np.nan]], UNIFORMS, r"fresh\[1\] is .*latitude from -90 to 90"),
    (POINTS, FRESH, [[0.5, 1.5]], r"uniforms\[0\] is .*from 0 to 1"),
    (POINTS, FRESH, [0.5, 0.5], r"uniforms has shape \(2,\); expected \(n, 2\)"),
])
def test_points_off_the_globe_and_numbers_outside_their_range_are_named(points, fresh, uniforms, said):
    with pytest.raises(ValueError, match=said):
        BoxExplorer(np.array(points), np.array(fresh), np.array(uniforms))


def test_the_explorer_has_a_stable_name_and_a_picture(explorer):
    assert repr(explorer) == "BoxExplorer(west=-20, east=60, south=-40, north=50)"
    assert explorer._repr_mimebundle_()["image/png"].startswith("iVBOR")


# The browser's code, in node


def test_the_browsers_numbers_are_pythons(explorer):
    rng = np.random.default_rng(7)
    tried = [*(rng.uniform(-1, 1, (40, 4)) * [180, 180, 90, 90]).tolist(), *map(list, (
        GLOBE, (-153, 168, -87, 80), (0, 30, 10, 30), (57.5, 117.5, 25.5, 66), (60, -20, 50, -40), (10, 10, -90, 90),
        (-180, 180, 90, 90), (179, 180, -90, 90), (-180, -179.5, 89.5, 90)))]
    data = {"points": POINTS.ravel().tolist(), "fresh": FRESH.ravel().tolist(), "uniforms": UNIFORMS.ravel().tolist(),
            "boxes": tried, "bits": list(np.packbits(explorer.mask)), "columns": explorer.mask.shape[1]}
    code = browser_code("box.js", "measure") + browser_code("runtime/sphere.js", "boxOf", "unitVectors") + (
        f"const data = {json.dumps(data, default=int)};\n") + """
        const land = new DataView(Uint8Array.from(data.bits).buffer);
        const points = Float64Array.from(data.points), uniforms = Float64Array.from(data.uniforms);
        const known = { points, fresh: unitVectors(Float64Array.from(data.fresh)), uniforms, land };
        const answer = (sides) => measure(boxOf(...sides), { ...known, columns: data.columns }).values;
        console.log(JSON.stringify(data.boxes.map(answer)));"""
    for sides, shown in zip(tried, in_node(code), strict=True):
        assert shown == pytest.approx(values(explorer, sides), rel=1e-9, abs=1e-12), sides
