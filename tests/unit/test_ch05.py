"""Chapter 5: the models that stand in its cells, against scikit-learn and SciPy, and its exercises."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, chisquare, entropy
from sklearn.metrics import mutual_info_score
from sklearn.naive_bayes import CategoricalNB
from support import ROOT, names_of, solutions_of, tool

from helpers.data.planets import FEATURES
from helpers.exercises.ch05 import EXERCISES, THETA, Z

PAGE = ROOT / "book" / "05_planet_wrodl.ipynb"
SIZES = tuple(len(values) for values in FEATURES.values())
QUIETLY = settings(deadline=None, derandomize=True, database=None)


@pytest.fixture(scope="module")
def page():
    return names_of(PAGE)


# Counting


def test_the_table_holds_the_fifty(page):
    counts, codes = page["counts"], page["codes"]
    assert counts.shape == SIZES == (3, 8, 4, 6, 7) and counts.size == 4032 and counts.sum() == len(codes) == 50
    assert sorted(counts[counts > 0].tolist()) == [1] * 44 + [2] * 3


def test_the_shares_beat_every_other_distribution(page):
    counts, rng = page["counts"].ravel(), np.random.default_rng(0)
    seen = counts > 0
    best = counts[seen] @ np.log(counts[seen] / 50)
    for concentration in (0.1, 1, 10, 100):
        theta = rng.dirichlet(np.full(seen.sum(), concentration), size=200)
        assert (np.log(theta) @ counts[seen] < best).all()


@QUIETLY
@given(st.lists(st.integers(0, 20), min_size=1, max_size=9).filter(any), st.floats(0, 100))
def test_smoothed_shares_are_a_mixture_of_the_shares_and_the_uniform(page, counts, alpha):
    n = np.array(counts)
    w = n.sum() / (n.sum() + alpha * len(n))
    p = page["smoothed"](n, alpha)
    np.testing.assert_allclose(p, w * n / n.sum() + (1 - w) / len(n), atol=1e-12)
    assert p.sum() == pytest.approx(1, abs=1e-12)


@QUIETLY
@given(st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_adding_one_is_the_posterior_mean_under_a_uniform_prior(page, counts):
    """By Dirichlet's integral in exact arithmetic, as in the proof."""

    def integral(powers):
        numerator = 1
        for m in powers:
            numerator *= factorial(m)
        return Fraction(numerator, factorial(len(powers) - 1 + sum(powers)))

    mean = [integral([m + (i == k) for i, m in enumerate(counts)]) / integral(counts) for k in range(len(counts))]
    np.testing.assert_allclose(page["smoothed"](np.array(counts), 1), [float(value) for value in mean], rtol=1e-12)


def factorial(n):
    return n * factorial(n - 1) if n else 1


@pytest.mark.parametrize("alpha", [-1, -1e-9, np.nan, np.inf, -np.inf])
def test_a_smoothing_that_is_none_is_refused(page, alpha):
    for fit in ("smoothed", "naive_bayes", "naive_table", "tree_table"):
        with pytest.raises(ValueError, match="expected a number of at least 0"):
            page[fit](page["counts"], alpha)


def test_the_source_s_denominator_does_not_sum_to_one(page):
    assert page["total"] == pytest.approx(4082 / 4081, rel=1e-12)


# Naive Bayes


@pytest.mark.filterwarnings("ignore:divide by zero")
@pytest.mark.parametrize("alpha", [0, 0.01, 0.5, 1, 7])
def test_the_shares_are_those_of_scikit_learn(page, alpha):
    codes = page["codes"]
    oracle = CategoricalNB(alpha=alpha, force_alpha=True, min_categories=SIZES).fit(codes, np.zeros(50))
    for found, log_p in zip(page["naive_bayes"](page["counts"], alpha), oracle.feature_log_prob_, strict=True):
        np.testing.assert_allclose(found, np.exp(log_p[0]), atol=1e-12, rtol=0)


def test_the_table_is_scikit_learns_joint_probability_at_every_point(page):
    points = np.array(list(product(*map(range, SIZES))))
    oracle = CategoricalNB(alpha=1, min_categories=SIZES).fit(page["codes"], np.zeros(50))
    expected = np.exp(oracle.predict_joint_log_proba(points)[:, 0])
    np.testing.assert_allclose(page["naive_table"](page["counts"], 1).ravel(), expected, rtol=1e-12, atol=1e-15)


def test_the_multinomial_is_scikit_learns_with_one_feature_of_4032_values(page):
    places = np.ravel_multi_index(page["codes"].T, SIZES)[:, None]
    oracle = CategoricalNB(alpha=1, min_categories=[4032]).fit(places, np.zeros(50))
    expected = np.exp(oracle.feature_log_prob_[0][0])
    np.testing.assert_allclose(page["smoothed"](page["counts"], 1).ravel(), expected, rtol=0, atol=1e-12)


def test_the_shares_are_the_books_margins(page):
    margins = {"accessoriesType": (11, 22, 17), "clothingColor": (0, 4, 10, 5, 2, 4, 3, 22),
               "clothingType": (7, 18, 19, 6), "hairColor": (7, 6, 2, 3, 8, 24), "topType": (7, 0, 1, 23, 1, 11, 7)}
    for name, theta_j in zip(page["features"], page["naive_bayes"](page["counts"], 0), strict=True):
        np.testing.assert_allclose(theta_j, np.array(margins[name]) / 50, atol=1e-15)


def test_the_two_combinations_have_the_books_probabilities(page):
    table = page["naive_table"](page["counts"], 0)
    assert round(table[page["place"](page["star"])], 4) == 0.0054
    assert round(table[page["place"](page["twin"])], 5) == 0.00098
    assert page["counts"][page["place"](page["star"])] == 2 and page["counts"][page["place"](page["twin"])] == 0


@pytest.mark.parametrize("alpha", [0, 0.001, 1, 50])
def test_every_model_sums_to_one_over_all_points(page, alpha):
    for fit in ("smoothed", "naive_table", *["tree_table"] * (alpha > 0)):  # no bun: no tree without smoothing
        assert page[fit](page["counts"], alpha).sum() == pytest.approx(1, abs=1e-12)


# Drawing


def pooled(counts, expected, at_least=10):
    """Counts and expectations in groups of at least so many expected; what cannot happen must not."""
    assert counts[expected == 0].sum() == 0
    order = np.argsort(expected)[::-1]
    groups = (np.cumsum(expected[order]) // at_least).astype(int)
    groups = np.minimum(groups, groups[-1] - 1)
    both = [np.bincount(groups, weights=values[order]) for values in (counts, expected)]
    there = both[1] > 0
    return both[0][there], both[1][there] * counts.sum() / expected.sum()


@pytest.mark.parametrize("alpha", [0, 0.01, 1])
def test_draws_from_a_table_pass_a_chi_square_test(page, alpha):
    table = page["smoothed"](page["counts"], alpha)
    drawn = page["draw"](table, 40_000, np.random.default_rng(1))
    counts = np.bincount(np.ravel_multi_index(drawn.T, SIZES), minlength=table.size)
    assert chisquare(*pooled(counts, 40_000 * table.ravel())).pvalue > 0.001


@pytest.mark.parametrize("alpha", [0, 1])
def test_naive_draws_pass_a_chi_square_test_of_whole_combinations(page, alpha):
    theta = page["naive_bayes"](page["counts"], alpha)
    drawn = page["sample"](theta, 40_000, np.random.default_rng(2))
    counts = np.bincount(np.ravel_multi_index(drawn.T, SIZES), minlength=4032)
    assert chisquare(*pooled(counts, 40_000 * page["naive_table"](page["counts"], alpha).ravel())).pvalue > 0.001


def test_new_styles_are_no_copies_and_follow_naive_bayes_given_that(page):
    theta, rng = page["naive_bayes"](page["counts"], 1), np.random.default_rng(4)
    expected = np.where(page["counts"] == 0, page["naive_table"](page["counts"], 1), 0)
    counts = np.zeros(SIZES)
    for _ in range(5000):
        (style,), n_drawn = page["new_styles"](theta, 1, rng)
        assert n_drawn >= 1
        counts[tuple(style)] += 1
    assert chisquare(*pooled(counts.ravel(), 5000 * expected.ravel() / expected.sum())).pvalue > 0.001


def test_the_ten_are_ten(page):
    assert len({tuple(style) for style in page["ten"]}) == 10
    assert not {tuple(style) for style in page["ten"]} & {tuple(row) for row in page["codes"]}


# Independence


@QUIETLY
@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(1, 6), st.integers(1, 80))
def test_mutual_information_is_scikit_learns(page, seed, one, two, n):
    rng = np.random.default_rng(seed)
    a, b = rng.integers(one, size=n), rng.integers(two, size=n)
    assert page["mutual_information"](page["cross_table"](a, b)) == pytest.approx(mutual_info_score(a, b), abs=1e-12)


def test_p_values_of_independent_columns_are_level_and_those_of_copies_are_small(page):
    rng = np.random.default_rng(3)
    p_values = [page["shuffle_test"](*rng.integers(4, size=(2, 50)), rng)[-1] for _ in range(48)]
    assert 0.3 < np.mean(p_values) < 0.7
    column = rng.integers(4, size=50)
    assert page["shuffle_test"](column, column, rng)[-1] == pytest.approx(1 / 1001)


def test_the_page_s_verdict_is_that_of_a_chi_square_test_of_the_tables(page):
    """Another test of the same question: Pearson's statistic instead of mutual information."""
    for (i, j), (*_, p) in page["pixel_test"].items():
        table = np.zeros((SIZES[i], SIZES[j]))
        np.add.at(table, (page["pixel_codes"][:50, i], page["pixel_codes"][:50, j]), 1)
        table = table[table.any(axis=1)][:, table.any(axis=0)]
        other = chi2_contingency(table).pvalue
        assert (p < 0.05) == (other < 0.05) or 0.01 < p < 0.2


def test_all_ten_pairs_of_planet_pixel_depend(page):
    everyone = page["pixel_codes"]
    for i, j in page["pixel_test"]:
        table = np.zeros((SIZES[i], SIZES[j]))
        np.add.at(table, (everyone[:, i], everyone[:, j]), 1)
        assert chi2_contingency(table).pvalue < 0.01


def test_the_even_planet_is_independent_in_pairs_and_not_as_a_whole(page):
    outfits = np.array(page["outfits"])
    for i, j in ((0, 1), (0, 2), (1, 2)):
        table = page["cross_table"](outfits[:, i], outfits[:, j])
        assert page["mutual_information"](table) == pytest.approx(0, abs=1e-15)
    assert 3 * entropy([0.5, 0.5]) - entropy([0.25] * 4) == pytest.approx(EXERCISES["5.4"].expected())


# The tree


def trees(n_features, root=4):
    """Every tree of links away from the root: each other feature has a parent, and none is its own ancestor."""
    others = [j for j in range(n_features) if j != root]
    for parents in product(range(n_features), repeat=len(others)):
        parent = dict(zip(others, parents, strict=True))
        ends = set()
        for j in others:
            for _ in others:
                j = parent.get(j, root)
            ends.add(j)
        if ends == {root}:
            yield [(parent[j], j) for j in others]


def shares(counts, *kept):
    """Shares of the values of some features; the axes of the others have length 1."""
    return counts.sum(axis=tuple(k for k in range(5) if k not in kept), keepdims=True) / counts.sum()


def log_likelihood(counts, links):
    """Mean log-likelihood of counted shares, as a product of conditionals: no mutual information in it."""
    table = shares(counts, 4)
    with np.errstate(invalid="ignore"):  # 0 / 0 where a value of the parent was not seen
        for parent, child in links:
            table = table * (shares(counts, parent, child) / shares(counts, parent))
    return counts[counts > 0] @ np.log(table[counts > 0]) / counts.sum()


def test_no_tree_has_a_higher_likelihood(page):
    """Cayley: of five features there are 5 ** 3 trees."""
    every = list(trees(5))
    assert len(every) == 125
    for rows in (page["codes"], page["pixel_codes"][:50]):
        counts = page["count"](rows)
        best = log_likelihood(counts, page["best_tree"](counts))
        assert best == pytest.approx(max(log_likelihood(counts, links) for links in every), abs=1e-12)


def test_the_tree_finds_the_rule_of_planet_pixel(page):
    links = set(page["best_tree"](page["count"](page["pixel_codes"][:5000])))
    assert links == {(page["HAIR"], page["HAIR_COLOUR"]), (page["HAIR"], page["GLASSES"]),
                     (page["GLASSES"], page["CLOTHING"]), (page["CLOTHING"], page["COLOUR"])}
    tables = [values for name, values in tool("make_faces").P_DATA.items() if "|" in name]
    numbers = [len(row) - 1 for table in tables for row in table.values()]
    assert sum(numbers) + len(FEATURES["topType"]) - 1 == 92


def test_the_trees_table_has_the_smoothed_conditionals(page):
    counts, alpha = page["count"](page["pixel_codes"][:200]), 0.5
    table = page["tree_table"](counts, alpha)
    for parent, child in page["best_tree"](counts):
        others = tuple(k for k in range(5) if k not in (parent, child))
        pairs, expected = (n.sum(axis=others) for n in (counts, table))
        if parent > child:
            pairs, expected = pairs.T, expected.T
        found = (pairs + alpha) / (pairs + alpha).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(expected / expected.sum(axis=1, keepdims=True), found, rtol=1e-12)


# Leaving one out


@pytest.mark.parametrize("alpha", [0.01, 1])
def test_leaving_one_out_is_what_its_formula_says(page, alpha):
    codes, counts = page["codes"], page["counts"]
    whole = np.log((counts[tuple(codes.T)] - 1 + alpha) / (49 + alpha * 4032))
    parts = sum(np.log((np.bincount(codes[:, j])[codes[:, j]] - 1 + alpha) / (49 + alpha * SIZES[j])) for j in range(5))
    np.testing.assert_allclose(page["left_out"](page["smoothed"], alpha, codes), whole)
    np.testing.assert_allclose(page["left_out"](page["naive_table"], alpha, codes), parts)
    assert page["counts"].sum() == 50


# Exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_on_the_page_is_right(name, page, verdict):
    names = dict(page)
    exec(solutions_of(PAGE)[name], names)
    assert verdict(name, names[f"answer_{name[-1]}"]) == f"Exercise {name}: right. {EXERCISES[name].right}"


@pytest.mark.parametrize("name, answer, reason", [
    ("5.1", 0, "maximum likelihood"),
    ("5.1", 1 / 12, "sum to more than 1"),
    ("5.1", 1 / 13, "for red only"),
    ("5.1", 1 / 14, "number of free parameters"),
    ("5.1", 1 / 3, "uniform prior"),
    ("5.1", 0.5, "Add 1 to each"),
    ("5.2", [2160, 37], "one fewer free"),
    ("5.2", [2160, 33], "multinomial's probabilities"),
    ("5.2", [2159, 37], "each feature loses one"),
    ("5.2", [2159, 36], "took away 1 in all"),
    ("5.2", [1079, 32], "two values"),
    ("5.2", [33, 2159], "wrong way round"),
    ("5.2", 2159, "the shape is (), expected (2,)"),
    ("5.3", 50 / 4032, "equally frequent"),
    ("5.3", 50 / (2 * 3982 - 4032), "47 have been seen"),
    ("5.3", 0.01, "44%"),
    ("5.3", 50 / 3985, "47 seen have pretended ones"),
    ("5.4", 0, "each pair"),
    ("5.4", 1, "In nats"),
    ("5.4", -np.log(2), "The truth minus"),
    ("5.4", 2, "logarithm"),
    ("5.4", 4 * np.log(2), "The mean was asked"),
    ("5.5", lambda theta, z: np.column_stack([np.searchsorted(np.cumsum(p), z[:, 0]) for p in theta]), "same column"),
    ("5.5", lambda theta, z: np.column_stack([np.searchsorted(np.cumsum(p), u) + 1
                                              for p, u in zip(theta, z.T, strict=True)]), "start at 0"),
    ("5.5", lambda theta, z: [[p.argmax() for p in theta]] * len(z), "one Wrodler"),
    ("5.5", lambda theta, z: (z * [3, 4, 2]).astype(int), "that is a die"),
    ("5.5", lambda theta, z: z, "These are the uniform numbers"),
    ("5.5", lambda theta: theta, "could not be evaluated"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    text = verdict(name, answer)
    assert reason in text and "right." not in text


def test_a_reader_s_function_cannot_spoil_the_exercise(verdict):
    def spoiler(theta, z):
        for p in theta:
            p[:] = 0
        z[:] = 0
        return z

    verdict("5.5", spoiler)
    assert THETA[0].sum() == pytest.approx(1) and Z.any()
