"""Chapter 6: the model that stands in its cells, its exercises, and its live figure in Python and in the browser."""

import json
import zlib

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy.stats import chisquare
from sklearn.metrics import mutual_info_score
from sklearn.naive_bayes import CategoricalNB
from sklearn.preprocessing import OneHotEncoder
from support import ROOT, browser_code, in_node, models_of, solutions_of

from helpers.data.planets import FEATURES, VARIATIONS, pixel_faces
from helpers.exercises.ch06 import EXERCISES
from helpers.live.pixels import PixelExplorer, naive_faces, shares_told, uniforms
from helpers.networks import shipped

PAGE = ROOT / "book" / "06_planet_pixel.ipynb"
ALPHA = 1 / 256


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


@pytest.fixture(scope="module")
def faces():
    return pixel_faces()


@pytest.fixture(scope="module")
def rows(faces):
    return faces.pixels[:1000].reshape(1000, -1)


@pytest.fixture(scope="module")
def explorer(faces):
    return PixelExplorer(faces.pixels[:1000], faces.palette, ALPHA)


def p_value(drawn, probabilities, n):
    """Of the chi-square test; colours expected less than 10 times count as one."""
    common = probabilities * n >= 10
    counts = np.append(drawn[common], drawn[~common].sum())
    expected = np.append(probabilities[common], probabilities[~common].sum()) * n
    return chisquare(counts[expected > 0], expected[expected > 0]).pvalue


# The model on the page


@pytest.mark.parametrize("alpha", [ALPHA, 0.3, 1.0])
def test_the_probabilities_are_those_of_categorical_naive_bayes(page, rows, alpha):
    X = rows[:, 300:340]
    oracle = CategoricalNB(alpha=alpha, min_categories=256).fit(X, np.zeros(len(X), int))
    expected = np.exp([log_p[0] for log_p in oracle.feature_log_prob_])
    np.testing.assert_allclose(page["fit"](X, alpha), expected, rtol=1e-12)


@settings(deadline=None, max_examples=20)
@given(st.floats(0, 50), st.integers(1, 30))
def test_the_probabilities_of_each_pixel_sum_to_one(page, alpha, n):
    theta = page["fit"](np.random.default_rng(n).integers(256, size=(n, 3)), alpha)
    assert theta.shape == (3, 256) and (theta >= 0).all()
    np.testing.assert_allclose(theta.sum(axis=1), 1)


def test_draws_have_the_fitted_probabilities(page, rows):
    theta = page["fit"](rows[:, 450:470], 0.1)
    drawn = page["sample"](20_000, theta, np.random.default_rng(0))
    p_values = [p_value(np.bincount(x, minlength=256), p, 20_000) for x, p in zip(drawn.T, theta, strict=True)]
    assert min(p_values) > 0.05 / 20


def test_a_draw_is_the_first_colour_whose_cumulative_share_exceeds_u(page):
    class Fixed:
        def random(self, size):
            return np.array([[0.0, 0.0], [0.24, 0.49], [0.25, 0.5], [np.nextafter(1, 0), np.nextafter(1, 0)]])

    theta = np.zeros((2, 256))
    theta[0, [3, 7]], theta[1, [0, 255]] = (0.25, 0.75), 0.5
    assert page["sample"](4, theta, Fixed()).tolist() == [[3, 0], [3, 0], [7, 255], [7, 255]]


def test_information_is_scikit_learns(page):
    rng = np.random.default_rng(0)
    a = rng.integers(8, size=500)
    b = (a + rng.integers(3, size=500)) % 8
    found = page["mutual_information"](page["joint_shares"](a, b, 8))
    assert found == pytest.approx(mutual_info_score(a, b), abs=1e-12)


def test_the_number_of_pictures_is_that_of_the_combinations():
    tops_with_colour = (len(FEATURES["topType"]) - 1) * len(FEATURES["hairColor"]) + 1
    rest = [len(FEATURES[name]) for name in ("accessoriesType", "clothingType", "clothingColor")]
    styles = tops_with_colour * np.prod(rest)
    assert styles == 3552
    assert styles * np.prod([len(values) for values in VARIATIONS.values()]) * 9 == 2_045_952


def test_the_likeliest_and_the_price_on_the_page_follow_from_the_table(page, faces):
    theta = page["fit"](faces.pixels[:4000].reshape(4000, -1), ALPHA)
    text = "\n".join(o.get("text", "") for c in nbformat.read(PAGE, as_version=4).cells for o in c.get("outputs", []))
    nats = [-float(p[p > 0] @ np.log(p[p > 0])) for p in theta]
    assert f"{sum(nats):,.0f} nats" in text
    assert f"{np.log(theta.max(axis=1)).sum():,.0f} nats on average" in text


# The mixture on the page


@pytest.fixture(scope="module")
def one_hot(rows):
    return OneHotEncoder().fit_transform(rows)


def test_a_mixture_of_one_type_is_naive_bayes(page, rows, one_hot):
    type_shares, _, r, log_p = page["fit_mixture"](one_hot, 1, 0.1, 2, np.random.default_rng(0))
    expected = np.log(page["fit"](rows, 0.1)[np.arange(1024), rows]).sum(axis=1)
    np.testing.assert_allclose(log_p, expected, rtol=1e-10)
    assert type_shares.tolist() == [1] and (r == 1).all()


def test_its_steps_are_those_of_categorical_naive_bayes_with_the_types_as_classes(page, rows, one_hot):
    types = np.random.default_rng(0).integers(3, size=len(rows))
    type_shares, log_colour_shares = page["m_step"](one_hot, np.eye(3)[types], 0.1)
    r, _ = page["e_step"](one_hot, type_shares, log_colour_shares)
    oracle = CategoricalNB(alpha=0.1, class_prior=type_shares, min_categories=256).fit(rows, types)
    np.testing.assert_allclose(r, oracle.predict_proba(rows), atol=1e-9)


def test_em_almost_without_smoothing_never_lowers_the_likelihood(page, one_hot):
    runs = [page["fit_mixture"](one_hot, 8, 1e-9, steps, np.random.default_rng(1))[-1].mean() for steps in range(1, 7)]
    assert np.diff(runs).min() > -1e-6 and runs[-1] > runs[0] + 1


def test_a_type_for_each_face_copies(page, rows):
    drawn = page["sample_mixture"](50, rows[:60], np.eye(60), np.random.default_rng(0))
    assert {face.tobytes() for face in drawn} <= {face.tobytes() for face in rows[:60]}


def test_the_mixtures_draws_have_the_shares_of_their_type(page):
    X = np.array([[1, 1], [1, 3], [2, 2], [2, 2]])
    drawn = page["sample_mixture"](20_000, X, np.eye(2)[[0, 0, 1, 1]], np.random.default_rng(0))
    shares = [np.mean((drawn == pair).all(axis=1)) for pair in ([1, 1], [1, 3], [2, 2])]
    np.testing.assert_allclose(shares, [0.25, 0.25, 0.5], atol=0.02)


# The nearest stranger


def test_who_asks_nobody_gets_each_pixel_from_any_face(page):
    X = np.array([[0, 1], [2, 3]], np.uint8)
    nobody = np.zeros((2, 1), int)
    drawn = page["draw_strangers"](400, X, nobody, nobody.astype(np.uint8), np.random.default_rng(0))
    pairs, counts = np.unique(drawn, axis=0, return_counts=True)
    assert pairs.tolist() == [[0, 1], [0, 3], [2, 1], [2, 3]] and chisquare(counts).pvalue > 1e-4


def test_the_face_with_the_most_votes_is_asked_and_equals_take_turns(page):
    X = np.array([[5, 7, 1], [5, 8, 2], [6, 8, 3], [5, 8, 4]], np.uint8)
    asked, points = np.array([[0, 0], [0, 0], [0, 1]]), np.array([[0, 0], [0, 0], [2, 1]], np.uint8)
    drawn = page["draw_strangers"](600, X, asked, points, np.random.default_rng(0))
    best = {(5, 7): {1}, (5, 8): {2, 4}, (6, 8): {3}, (6, 7): {3}}
    for pair, colours in best.items():
        assert set(drawn[(drawn[:, :2] == pair).all(axis=1), 2].tolist()) == colours


def test_the_shipped_strangers_are_asked_in_order_and_drew_the_shipped_faces(page, faces):
    told = shipped.load("nearest_stranger.npz")
    heard = told["points"] > 0
    assert (told["asked"] < np.arange(1024)[:, None])[heard].all()
    X = np.asfortranarray(faces.pixels[:4000].reshape(4000, -1))
    entry = shipped.about("stranger_faces.npz")
    drawn = page["draw_strangers"](20, X, told["asked"], told["points"], np.random.default_rng(entry["seed"]))
    assert (drawn.reshape(-1, 32, 32) == shipped.load("stranger_faces.npz")["images"][:20]).all()


# Exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, page, name):
    names = dict(page)
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])


def test_a_last_cumulative_sum_below_one_is_no_edge():
    sevenths, almost_one = np.full(7, 1 / 7), np.nextafter(1, 0)
    assert np.cumsum(sevenths)[-1] < 1
    first = np.tile(sevenths, (7, 1))
    assert EXERCISES["6.5"].solution(sevenths, first, np.full((1, 3), almost_one)).tolist() == [[6, 6, 6]]
    names = {"np": np}
    exec(solutions_of(PAGE)["6.5"], names)
    assert names["answer_5"](sevenths, first, np.full((1, 3), almost_one)).tolist() == [[6, 6, 6]]


@pytest.mark.parametrize("answer", [6.51, 6.512, 1024 * 25.6 / 4025.6])
def test_three_digits_of_the_specks_are_enough(verdict, answer):
    assert "right." in verdict("6.1", answer)


@pytest.mark.parametrize("name, answer, reason", [
    ("6.1", 0.00636, "chance for one pixel"),
    ("6.1", 61.594, "α = 1"),
    ("6.1", 6.5536, "denominator"),
    ("6.2", 0.4**10, "red badge"),
    ("6.2", 1, "some colour"),
    ("6.2", np.log10(2.0982e-4), "power of ten"),
    ("6.3", 0, "That is the truth"),
    ("6.3", 0.196, "2 in the denominator"),
    ("6.4", 261_120, "naive Bayes"),
    ("6.4", 2_023_935, "one row"),
    ("6.5", lambda first, step, z: (np.cumsum(first) <= z[..., None]).sum(axis=2), "naive Bayes"),
    ("6.5", lambda first, step, z: z, "uniform numbers"),
    ("6.5", lambda first, step, z: z[0], "the shape is (6,), expected (3, 6)"),
    ("6.5", lambda first: first, "could not be evaluated"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said


# The live figure in Python


def test_the_share_told_is_information_less_chance_over_entropy(rows):
    shades, chosen = rows // 32, 28 * 32 + 16
    told = shares_told(shades, chosen)
    entropy = mutual_info_score(shades[:, chosen], shades[:, chosen])
    for k in (28 * 32 + 17, 30 * 32 + 8, 5 * 32 + 16, 0):
        chance = (len(np.unique(shades[:, chosen])) - 1) * (len(np.unique(shades[:, k])) - 1) / 2000
        expected = max(0, mutual_info_score(shades[:, chosen], shades[:, k]) - chance) / entropy
        assert told[k] == pytest.approx(expected, abs=1e-12)
    assert told[chosen] == 1


def test_the_figure_opens_where_whole_numbers_have_32_bits(faces, monkeypatch):
    arange = np.arange
    monkeypatch.setattr(np, "arange", lambda *sizes, dtype=np.int32: arange(*sizes, dtype=dtype))
    small = PixelExplorer(faces.pixels[:100], faces.palette, ALPHA)
    monkeypatch.undo()
    assert (small.shades[1] == PixelExplorer(faces.pixels[:100], faces.palette, ALPHA).shades[1]).all()


def test_of_a_pixel_that_hardly_varies_nothing_is_told(rows):
    assert (rows[:, 0] == rows[0, 0]).all()
    assert not shares_told(rows // 32, 0).any()


def test_in_the_data_many_pixels_tell_and_in_the_model_next_to_none(explorer):
    for row, column in ((28, 16), (14, 12), (20, 16), (30, 6)):
        shown = explorer.values(row=row, column=column)
        assert shown["near"] > 0.4 and shown["many"] > 150
        assert shown["modelNear"] < 0.01 and shown["modelMany"] <= 1


def test_the_uniform_numbers_are_uniform_and_neighbours_do_not_depend():
    u = uniforms(np.arange(20_000)[:, None], np.arange(1025))
    assert 0 <= u.min() and u.max() < 1
    assert chisquare(np.bincount((u * 100).astype(int).ravel())).pvalue > 0.001
    cells = (8 * u).astype(int)
    for a, b in ((cells[:, 0], cells[:, 1]), (cells[:, 500], cells[:, 532]), (cells[:-1, 7], cells[1:, 7])):
        assert chisquare(np.bincount(8 * a + b, minlength=64)).pvalue > 0.001


@pytest.mark.parametrize("alpha", [-1, -1e-9, np.nan, np.inf])
def test_a_smoothing_that_makes_no_probabilities_is_refused(page, alpha):
    with pytest.raises(ValueError, match=f"alpha is {alpha}, expected a number of at least 0"):
        page["fit"](np.zeros((3, 2), int), alpha)


@pytest.mark.parametrize("alpha", [ALPHA, 1.0])
def test_naive_faces_have_the_pages_probabilities(page, rows, alpha):
    theta, drawn = page["fit"](rows, alpha), naive_faces(rows, alpha, np.arange(5000))
    p_values = [p_value(np.bincount(drawn[:, k], minlength=256), theta[k], 5000) for k in range(400, 1024, 39)]
    assert min(p_values) > 0.05 / 16


def test_the_figure_weighs_little_and_carries_the_faces_it_was_given(explorer, rows):
    assert len(explorer.view.faces) < 200_000
    assert zlib.decompress(explorer.view.faces) == rows.tobytes()
    assert len(explorer.view.palette) == 768


def test_the_still_picture_draws_and_the_repr_says_the_state(explorer):
    figure = Figure(figsize=explorer.figsize)
    explorer.draw(figure)
    assert len(figure.axes) == 5 and repr(explorer) == "PixelExplorer(row=28, column=16)"


@pytest.mark.parametrize("arguments, message", [
    ({"pixels": np.zeros((200, 28, 28), int)}, r"shape \(200, 28, 28\)"),
    ({"pixels": np.zeros((50, 32, 32), int)}, "at least 100 faces"),
    ({"pixels": np.zeros((200, 32, 32))}, "float64"),
    ({"pixels": np.full((200, 32, 32), 256)}, "from 256 to 256"),
    ({"palette": np.zeros((16, 3))}, r"palette has shape \(16, 3\)"),
    ({"alpha": 0}, "alpha is 0"),
    ({"alpha": -1}, "alpha is -1"),
    ({"alpha": np.nan}, "alpha is nan"),
])
def test_what_the_figure_cannot_show_is_refused(faces, arguments, message):
    given_ = {"pixels": faces.pixels[:200], "palette": faces.palette, "alpha": ALPHA} | arguments
    with pytest.raises(ValueError, match=message):
        PixelExplorer(**given_)


# The browser's code, in node


@pytest.fixture(scope="module")
def in_browser(rows, tmp_path_factory):
    """The value of a JavaScript expression in the view's module, where `faces` are the page's and `data` is given."""
    file = tmp_path_factory.mktemp("faces") / "faces.bin"
    file.write_bytes(rows.tobytes())
    imports = (browser_code("runtime/random.js", "uniformAt") +
               browser_code("runtime/naive_faces.js", "naiveFace", "colourChance") +
               browser_code("runtime/dependence.js", "shadeTable", "sharesTold", "summary"))

    def run(expression, data=None):
        code = (f"import {{ readFileSync }} from 'node:fs';\n{imports}"
                f"const faces = new Uint8Array(readFileSync({json.dumps(str(file))})), data = {json.dumps(data)};\n"
                f"console.log(JSON.stringify({expression}))")
        return in_node(code)

    return run


def test_the_browser_has_the_same_uniform_numbers(in_browser):
    seeds, ks = [0, 1, 2, 12345, 2**31, 2**31 + 999], [0, 1, 31, 1023, 1024]
    shown = in_browser("data[0].map((seed) => data[1].map((k) => uniformAt(seed, k)))", [seeds, ks])
    assert shown == uniforms(np.array(seeds)[:, None], np.array(ks)).tolist()


@pytest.mark.parametrize("alpha", [ALPHA, 0.5])
def test_the_browser_draws_the_same_naive_faces(in_browser, rows, alpha):
    seeds = [0, 1, 77, 2**31]
    shown = in_browser("data[1].map((seed) => [...naiveFace(faces, data[0], seed)])", [alpha, seeds])
    assert shown == naive_faces(rows, alpha, np.array(seeds)).tolist()


def test_the_browsers_probabilities_are_the_pages(in_browser, page, rows):
    pixels = [0, 458, 467, 912, 1023]
    theta = page["fit"](rows, ALPHA)[pixels]
    colours = "Array.from({length: 256}, (_, c) => c)"
    shown = in_browser(f"data.map((k) => {colours}.map((c) => colourChance(faces, {ALPHA}, k, c)))", pixels)
    np.testing.assert_allclose(shown, theta, rtol=1e-6)


def test_many_of_the_browsers_draws_have_these_probabilities(in_browser, page, rows):
    pixels, n = [458, 467, 590, 800, 912, 1000], 10_000
    drawn = in_browser(f"""(() => {{
        const counts = data.map(() => new Array(256).fill(0));
        for (let seed = 0; seed < {n}; seed++) {{
          const face = naiveFace(faces, {ALPHA}, seed);
          data.forEach((k, i) => {{ counts[i][face[k]]++; }});
        }}
        return counts;
    }})()""", pixels)
    theta = page["fit"](rows, ALPHA)[pixels]
    assert min(p_value(np.array(c), p, n) for c, p in zip(drawn, theta, strict=True)) > 0.05 / len(pixels)


def test_the_browsers_maps_are_pythons(in_browser, rows):
    pixels = [0, 16, 458, 602, 656, 912, 966, 1023]
    shown = in_browser("((table) => data.map((k) => [...sharesTold(table, k)]))(shadeTable(faces))", pixels)
    expected = [shares_told(rows // 32, k) for k in pixels]
    np.testing.assert_allclose(shown, expected, atol=1e-9)
    assert max(map(sum, shown)) > 50


def test_the_browser_sums_up_a_map_as_python_does(in_browser, explorer):
    pixels = [(0, 16), (28, 16), (31, 31), (31, 8), (18, 26)]
    shown = in_browser("((table) => data.map((k) => summary(sharesTold(table, k), k)))(shadeTable(faces))",
                       [32 * row + column for row, column in pixels])
    expected = [explorer.values(row=row, column=column) for row, column in pixels]
    assert shown == [[pytest.approx(v["near"]), v["many"]] for v in expected]
