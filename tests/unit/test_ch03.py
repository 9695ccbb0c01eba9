"""Chapter 3: the model that stands in its cells, against SciPy and scikit-learn, and its exercises."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import mahalanobis
from scipy.stats import multivariate_normal
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from support import ROOT, models_of, names_of, solutions_of

from helpers.data import digits
from helpers.exercises.ch03 import EXERCISES

PAGE = ROOT / "book" / "03_bayes_classifier.ipynb"


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


@pytest.fixture(scope="module")
def small():
    """Three classes of 4-dimensional points, unequally frequent, with different covariances."""
    rng = np.random.default_rng(0)
    y = rng.permutation(np.repeat([0, 1, 2], [40, 60, 20]))
    spread = rng.normal(size=(3, 4, 4))
    X = np.stack([2 * k + spread[k] @ rng.normal(size=4) for k in y])
    return X, y


class Fixed:
    """Stands in for a generator and gives the numbers it was told."""

    def __init__(self, numbers):
        self.numbers = np.asarray(numbers, float)

    def random(self, size):
        return self.numbers

    def standard_normal(self, size):
        assert self.numbers.shape == tuple(size)
        return self.numbers.copy()


# Labels


def test_the_shares_are_counts_over_n(page):
    assert page["label_shares"](np.array([2, 0, 2, 2])).tolist() == [0.25, 0, 0.75]


@given(st.lists(st.integers(0, 20), min_size=2, max_size=12).filter(any),
       st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_a_label_is_the_first_whose_cumulative_share_exceeds_u(page, counts, u):
    prior = np.array(counts) / sum(counts)
    cumulative = np.cumsum(prior)
    expected = [next((k for k in range(len(prior)) if cumulative[k] > v), len(prior) - 1) for v in u]
    assert page["sample_labels"](len(u), prior, Fixed(u)).tolist() == expected


def test_the_largest_u_gives_the_last_label_although_ten_tenths_add_up_to_less_than_one(page):
    largest = np.nextafter(1.0, 0)
    assert np.cumsum(np.full(10, 0.1))[-1] <= largest
    assert page["sample_labels"](1, np.full(10, 0.1), Fixed([largest])).tolist() == [9]


def test_a_class_that_never_came_is_never_drawn(page):
    drawn = page["sample_labels"](10_000, np.array([0, 0.5, 0, 0.5, 0]), np.random.default_rng(0))
    assert set(drawn) == {1, 3}


# Reading


@pytest.mark.parametrize("alpha", [0.0, 0.1, 1.0])
def test_the_log_joint_is_the_log_prior_plus_scipys_log_density(page, small, alpha):
    X, y = small
    expected = [np.log((y == k).mean()) + multivariate_normal(
                    X[y == k].mean(axis=0), (1 - alpha) * np.cov(X[y == k].T, bias=True) + alpha * np.eye(4)).logpdf(X)
                for k in range(3)]
    found = page["log_joint"](X, *page["fit"](X, y, alpha))
    np.testing.assert_allclose(found, np.transpose(expected), rtol=1e-9)


@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_the_posterior_is_that_of_scikit_learn(page, small, alpha):
    X, y = small
    oracle = QuadraticDiscriminantAnalysis(reg_param=alpha).fit(X, y)
    found = page["posterior"](X, *page["fit"](X, y, alpha))
    np.testing.assert_allclose(found, oracle.predict_proba(X), atol=1e-8)
    assert page["accuracy"](X, y, page["fit"](X, y, alpha)) == oracle.score(X, y)


@settings(max_examples=30)
@given(st.floats(-1e6, 1e6))
def test_a_posterior_sums_to_one_however_far_away_the_point_is(page, place):
    prior, mu, L = np.array([0.2, 0.8]), np.array([[0.0, 0.0], [1.0, 1.0]]), np.stack([np.eye(2), 2 * np.eye(2)])
    p = page["posterior"](np.array([[place, -place]]), prior, mu, L)
    assert np.isfinite(p).all() and np.isclose(p.sum(), 1)


def test_the_length_of_z_is_scipys_mahalanobis_distance(page, small):
    X, y = small
    _, mu, L = page["fit"](X, y)
    inverse = np.linalg.inv(np.cov(X[y == 1].T, bias=True))
    expected = [mahalanobis(x, mu[1], inverse) for x in X]
    np.testing.assert_allclose(np.linalg.norm(page["to_z"](X, mu[1], L[1]), axis=1), expected)


def test_the_mean_log_density_is_scipys_without_the_prior(page, small):
    X, y = small
    expected = [multivariate_normal(X[y == k].mean(axis=0), np.cov(X[y == k].T, bias=True)).logpdf(x)
                for x, k in zip(X, y, strict=True)]
    assert np.isclose(page["mean_log_density"](X, y, page["fit"](X, y)), np.mean(expected))


def test_each_alpha_is_tried_on_digits_that_the_fit_has_not_seen(page, small):
    X, y = small
    tried = page["try_alphas"](X[::2], y[::2], X[1::2], y[1::2])
    assert tried.shape == (len(page["ALPHAS"]), 2)
    for alpha, (share, density) in zip(page["ALPHAS"], tried, strict=True):
        oracle = QuadraticDiscriminantAnalysis(reg_param=alpha).fit(X[::2], y[::2])
        assert share == oracle.score(X[1::2], y[1::2])
        assert np.isclose(density, page["mean_log_density"](X[1::2], y[1::2], page["fit"](X[::2], y[::2], alpha)))


def test_the_chapters_choice_reads_more_than_94_percent_of_the_held_out_digits(page, monkeypatch):
    monkeypatch.delenv("COURSE_SCALE", raising=False)
    (x_train, y_train), (x_test, y_test) = digits()
    pca = PCA(40, svd_solver="covariance_eigh").fit(x_train.reshape(-1, 784).astype(float))
    codes, codes_test = (pca.transform(x.reshape(-1, 784).astype(float)) for x in (x_train, x_test))
    assert page["accuracy"](codes_test, y_test, page["fit"](codes, y_train, 0.1)) >= 0.94


def test_fifty_digits_a_class_of_the_readers_own_are_enough_for_the_page(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_SCALE", raising=False)
    (x_train, y_train), (x_test, y_test) = digits()
    rows = np.concatenate([np.flatnonzero(y_train == k)[:50] for k in range(10)])
    np.savez(tmp_path / "own.npz", x_train=(255 * x_train[rows]).round().astype(np.uint8), y_train=y_train[rows],
             x_test=(255 * x_test).round().astype(np.uint8), y_test=y_test)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "own.npz"))
    names = names_of(PAGE, without="def judged")  # the judge remembers the digits that it has seen
    plt.close("all")
    assert len(names["y_train"]) == 500 and (names["predicted"] == y_test).mean() > 0.8


# Writing


def test_a_sample_is_the_mean_plus_L_z(page, small):
    _, mu, L = page["fit"](*small)
    y, z = np.array([2, 0, 2, 1]), np.random.default_rng(1).normal(size=(4, 4))
    expected = [mu[k] + L[k] @ row for k, row in zip(y, z, strict=True)]
    np.testing.assert_allclose(page["sample_given"](y, mu, L, Fixed(z)), expected)


def test_samples_have_the_shares_means_and_covariances_of_the_data(page, small):
    X, y = small
    model = page["fit"](X, y)
    drawn, labels = page["sample"](200_000, *model, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(labels) / len(labels), np.bincount(y) / len(y), atol=0.005)
    for k in range(3):
        cov = np.cov(X[y == k].T, bias=True)
        scale = np.sqrt(np.diag(cov))
        error = np.cov(drawn[labels == k].T) - cov
        assert abs(error / np.outer(scale, scale)).max() < 0.03
        assert (abs(drawn[labels == k].mean(axis=0) - X[y == k].mean(axis=0)) < 0.03 * scale).all()


def test_the_principal_map_draws_from_the_same_gaussian(page):
    rng = np.random.default_rng(0)
    L = np.linalg.cholesky(np.cov(rng.normal(size=(4, 50))))
    components = np.linalg.qr(rng.normal(size=(9, 4)))[0].T
    rows = page["principal_map"](L, components)
    np.testing.assert_allclose(rows.T @ rows, components.T @ L @ L.T @ components, atol=1e-12)
    lengths = np.linalg.norm(rows, axis=1)
    assert (np.diff(lengths) <= 0).all() and np.allclose(lengths[::-1] ** 2, np.linalg.eigvalsh(L @ L.T))
    np.testing.assert_allclose(rows @ rows.T, np.diag(lengths**2), atol=1e-12)
    assert (rows[np.arange(4), abs(rows).argmax(axis=1)] > 0).all()


# The theorem


@settings(max_examples=40, deadline=None)
@given(n=st.integers(2, 12), alive=st.integers(1, 10), dead=st.integers(0, 5), seed=st.integers(0, 1000))
def test_a_covariance_has_at_most_the_rank_of_its_data(n, alive, dead, seed):
    X = np.hstack([np.random.default_rng(seed).normal(size=(n, alive)), np.full((n, dead), 0.5)])
    A = X - X.mean(axis=0)
    cov = np.atleast_2d(np.cov(X.T, bias=True))
    np.testing.assert_allclose(cov, A.T @ A / n, atol=1e-12)
    assert np.linalg.matrix_rank(cov, tol=1e-10, hermitian=True) <= min(n - 1, alive)


# Exercises


@pytest.fixture(scope="module")
def page_answers(page):
    """The answers that the page's folded solutions give."""
    names = dict(page)
    for code in solutions_of(PAGE).values():
        exec(code, names)
    return {name: names[f"answer_{name[-1]}"] for name in EXERCISES}


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, page_answers, name):
    assert f"Exercise {name}: right." in verdict(name, page_answers[name])


@pytest.mark.parametrize("name, answer, reason", [
    ("3.1", [0, 1, 2, 2], "evenly"),
    ("3.1", [1, 2, 2, 3], "count the classes from 1"),
    ("3.2", 30, "sum to zero"),
    ("3.2", 324, "30 pictures cannot"),
    ("3.2", 400, "size of the table"),
    ("3.3", 0.9526, "left the prior out"),
    ("3.3", 0.3094, "ordinary letter"),
    ("3.3", np.nan, "not yet"),
    ("3.4", lambda mu, cov, z: mu + z @ np.linalg.cholesky(cov), "transpose"),
    ("3.4", lambda mu, cov, z: mu + z @ cov, "Cholesky factor is the one"),
    ("3.4", lambda mu, cov, z: z @ np.linalg.cholesky(cov).T, "left mu out"),
    ("3.4", lambda mu, cov, z: z[:1], "the shape is (1, 3), expected (4, 3)"),
    ("3.4", lambda mu, cov: mu, "could not be evaluated"),
    ("3.5", lambda x, mu, cov: np.inf, "rounded to 0"),
    ("3.5", lambda x, mu, cov: multivariate_normal(mu, cov).logpdf(x) - np.linalg.slogdet(cov)[1] / 2, "Half of it"),
    ("3.5", lambda x, mu, cov: multivariate_normal(mu, cov).logpdf(x) + np.linalg.slogdet(cov)[1], "sign"),
    ("3.5", lambda x, mu, cov: multivariate_normal(mu, cov).logpdf(x) + 300 * np.log(2 * np.pi), "is missing"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said


def test_scipy_agrees_with_the_last_exercise():
    exercise = EXERCISES["3.5"]
    assert np.isclose(exercise.evaluate(lambda x, mu, cov: multivariate_normal(mu, cov).logpdf(x)), exercise.expected())
