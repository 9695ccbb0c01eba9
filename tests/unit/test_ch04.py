"""Chapter 4: the EM that stands in its cells, against scikit-learn and its own theorem, and its exercises."""

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from support import ROOT, cells_of, models_of, solutions_of

from helpers.exercises.ch04 import EXERCISES

PAGE = ROOT / "book" / "04_gaussian_mixtures.ipynb"


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


def clouds(seed: int, n: int = 150, d: int = 3) -> np.ndarray:
    """Points of three overlapping clouds."""
    rng = np.random.default_rng(seed)
    centres = 2 * rng.normal(size=(3, d))
    return centres[rng.integers(0, 3, n)] + rng.normal(size=(n, d)) @ rng.normal(size=(d, d))


def test_responsibilities_and_likelihood_are_scipys(page):
    X, rng = clouds(0), np.random.default_rng(1)
    pi, mu, L = page["m_step"](X, rng.dirichlet(np.ones(3), len(X)))
    log_p = np.column_stack([np.log(p) + multivariate_normal(m, low @ low.T).logpdf(X)
                             for p, m, low in zip(pi, mu, L, strict=True)])
    r, log_likelihood = page["e_step"](X, pi, mu, L)
    np.testing.assert_allclose(r, np.exp(log_p - logsumexp(log_p, axis=1, keepdims=True)), atol=1e-12)
    assert np.isclose(log_likelihood, logsumexp(log_p, axis=1).mean())


def test_the_m_step_of_certain_responsibilities_is_the_fit_of_each_group(page):
    X, labels = clouds(0), np.random.default_rng(1).integers(0, 2, 150)
    pi, mu, L = page["m_step"](X, np.eye(2)[labels], reg=0.1)
    for j in range(2):
        group = X[labels == j]
        assert np.isclose(pi[j], len(group) / len(X))
        np.testing.assert_allclose(mu[j], group.mean(axis=0))
        np.testing.assert_allclose(L[j] @ L[j].T, np.cov(group.T, bias=True) + 0.1 * np.eye(3))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), n_components=st.integers(1, 3))
def test_the_likelihood_never_falls(page, seed, n_components):
    X = clouds(seed, n=800)  # enough that no component shrinks onto a few points
    start = np.random.default_rng(seed).dirichlet(np.ones(n_components), len(X))
    try:
        history = page["em"](X, start, 30)[2]
    except np.linalg.LinAlgError:  # one has shrunk onto a plane: the trap of which the chapter warns
        reject()
    assert (np.diff(history) > -1e-10).all()


@pytest.mark.parametrize("reg", [0.0, 0.1])
def test_em_is_that_of_scikit_learn(page, reg):
    X = clouds(0)
    pi, mu, L = page["em"](X, np.random.default_rng(1).dirichlet(np.ones(3), len(X)), 1, reg)[0]
    oracle = GaussianMixture(3, weights_init=pi, means_init=mu, reg_covar=reg, tol=1e-13, max_iter=5000,
                             precisions_init=np.linalg.inv(L @ L.transpose(0, 2, 1))).fit(X)
    r = page["e_step"](X, pi, mu, L)[0]
    (pi, mu, L), _, history = page["em"](X, r, 3000, reg)
    np.testing.assert_allclose(oracle.weights_, pi, atol=1e-4)
    np.testing.assert_allclose(oracle.means_, mu, atol=1e-3)
    np.testing.assert_allclose(oracle.covariances_, L @ L.transpose(0, 2, 1), atol=1e-3)
    assert np.isclose(oracle.score(X), history[-1], atol=1e-6)


def test_the_fit_of_each_class_reads_and_scores_as_scikit_learn_does(page):
    X, y = np.concatenate([clouds(0), clouds(1)]), np.repeat([0, 1], [150, 150])
    model = page["fit"](X, y, n_components=2, reg=0.05)
    oracle = [GaussianMixture(2, reg_covar=0.05, max_iter=300, random_state=0).fit(X[y == k]) for k in range(2)]
    scores = np.column_stack([mixture.score_samples(X) for mixture in oracle])
    np.testing.assert_allclose(page["class_log_joint"](X, model, 2), scores + np.log(0.5), atol=1e-8)
    np.testing.assert_allclose(page["own_log_density"](X, y, model, 2), scores[np.arange(300), y], atol=1e-8)
    assert np.isclose(model[0].sum(), 1) and (np.diff(model[0].reshape(2, 2), axis=1) <= 0).all()


def test_draws_have_the_shares_and_moments_of_their_components(page):
    prior, mu = np.array([0.2, 0.5, 0.3]), np.array([[0.0, 0.0], [5.0, 1.0], [-3.0, 2.0]])
    L = np.stack([np.eye(2), [[1.0, 0.0], [0.5, 2.0]], 0.3 * np.eye(2)])
    rng = np.random.default_rng(0)
    ways = page["sample_labels"](100_000, prior, rng)
    drawn = page["sample_given"](ways, mu, L, rng)
    np.testing.assert_allclose(np.bincount(ways) / len(ways), prior, atol=0.01)
    for j in range(3):
        np.testing.assert_allclose(drawn[ways == j].mean(axis=0), mu[j], atol=0.05)
        np.testing.assert_allclose(np.cov(drawn[ways == j].T), L[j] @ L[j].T, atol=0.15)


def test_the_rule_takes_the_fewest_components_within_one_standard_error(page):
    """The best setting has 4 components of these sizes; 3 are behind by less than one error, 2 by more."""
    choose, tried = page["choose"], page["N_COMPONENTS"]
    noise = np.random.default_rng(0).normal(size=400)
    behind = {J: np.where(J == 4, 0.0, -1.0) * np.ones(400) for J in tried}
    behind[3] = 0.5 * noise - noise.mean() * 0.5 - 0.02  # standard error 0.025
    results = {(reg, J): (None, behind[J] - 10 * (reg != 0.03)) for reg in page["REGULARISATION"] for J in tried}
    assert choose(results) == (0.03, 3)
    behind[3] -= 0.02
    results = {(reg, J): (None, behind[J] - 10 * (reg != 0.03)) for reg in page["REGULARISATION"] for J in tried}
    assert choose(results) == (0.03, 4)


@pytest.fixture(scope="module")
def few_labels(page):
    """The functions of the section on few labels, with ten classes of 30 numbers."""
    names = dict(page) | {"n_classes": 10, "codes_train": np.empty((0, 30)), "codes_test": np.empty((0, 30))}
    for cell in cells_of(PAGE, "code"):
        if any(f"def {name}(" in cell.source for name in ("fit_few", "fit_with_unlabelled")):
            exec(cell.source, names)
    return names


def test_em_with_some_labels_finds_the_means_of_separate_classes(few_labels):
    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(10), 200)
    Z = 60 * np.eye(10, 30)[y] + rng.standard_normal((2000, 30))
    few = np.arange(0, 2000, 40)  # five of each class
    means, L = few_labels["fit_with_unlabelled"](Z[few], y[few], np.delete(Z, few, axis=0))
    np.testing.assert_allclose(means, [Z[y == k].mean(axis=0) for k in range(10)], atol=1e-6)
    np.testing.assert_allclose(L @ L.transpose(0, 2, 1), np.tile(np.eye(30), (10, 1, 1)), atol=0.5)


def test_k_means_is_scikit_learns(page):
    names = {"np": np}
    cell = next(cell.source for cell in cells_of(PAGE, "code") if cell.source.startswith("def k_means"))
    exec(cell.partition("\n\n\n")[0], names)
    X = clouds(0)
    centres, squares = names["k_means"](X, X[:2])
    oracle = KMeans(2, init=X[:2], n_init=1).fit(X)
    np.testing.assert_allclose(centres, oracle.cluster_centers_, atol=1e-6)
    assert (squares.argmin(axis=1) == oracle.labels_).all()


# Exercises


@pytest.fixture(scope="module")
def page_answers():
    """The answers that the page's folded solutions give, pasted after its Setup."""
    names = {}
    for code in solutions_of(PAGE).values():
        exec("import numpy as np\n" + code, names)
    return {name: names[f"answer_{name[-1]}"] for name in EXERCISES}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, page_answers, name):
    assert f"Exercise {name}: right." in verdict(name, page_answers[name])


@pytest.mark.parametrize("name, answer, reason", [
    ("4.1", 0.3511, "first component"),
    ("4.1", 0.8808, "left the shares out"),
    ("4.2", [1.5, 7.6667, 10.8889], "total claim"),
    ("4.2", [0.5, 6.5, 12.25], "half of it"),
    ("4.3", 2583, "add up to 1"),
    ("4.3", 4922, "symmetric"),
    ("4.4", lambda pi, mu, sigma: [pi @ mu, pi @ sigma**2], "between their means"),
    ("4.5", lambda u, z, pi, mu, sigma: pi @ mu + pi @ sigma * z, "averaged the components"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said
