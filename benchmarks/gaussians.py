"""Chapter 3's Gaussians beside np.random.multivariate_normal, SciPy, the sources' loops and scikit-learn."""

import numpy as np
from scipy import stats
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import QuadraticDiscriminantAnalysis
from support import ROOT, models_of

from benchmarks.targets import Row
from benchmarks.timing import race, ratio
from helpers.data import digits

CHAPTER = ROOT / "book" / "03_bayes_classifier.ipynb"
ALPHA, LATENT_DIM, SEED = 0.1, 40, 0  # what the chapter chooses
PIXEL_ALPHA = 0.01  # enough for a density of all 784 pixels


def rows() -> tuple[list[Row], list[str]]:
    """The targets about Gaussians, and the comparisons as lines of text."""
    chapter, ((x_train, y_train), (x_test, y_test)) = models_of(CHAPTER), digits()
    X_train, X_test = (x.reshape(len(x), -1).astype(float) for x in (x_train, x_test))
    found, lines = draws(chapter, X_train, y_train)
    timed, more = classifiers(chapter, X_train, y_train, X_test, y_test)
    return [*found, timed], [*lines, *more]


def draws(chapter: dict, X: np.ndarray, y: np.ndarray) -> tuple[list[Row], list[str]]:
    """A draw of all 784 pixels of a seven from the same Gaussian, by each; then 10,000 of the whole model."""
    prior, mu, L = chapter["fit"](X, y, PIXEL_ALPHA)
    cov, seven, rng = L[7] @ L[7].T, np.array([7]), np.random.default_rng(SEED)
    frozen = stats.multivariate_normal(mu[7], cov)
    sides = {
        "ours": lambda: chapter["sample_given"](seven, mu, L, rng),
        "np.random.multivariate_normal": lambda: np.random.multivariate_normal(mu[7], cov),  # noqa: NPY002 (the sources')
        "Generator.multivariate_normal, Cholesky": lambda: rng.multivariate_normal(mu[7], cov, method="cholesky"),
        "scipy.stats.multivariate_normal.rvs": lambda: stats.multivariate_normal.rvs(mu[7], cov, random_state=rng),
        "the same, frozen": lambda: frozen.rvs(random_state=rng)}
    times = race(sides)
    lines = ["one draw of 784 pixels"]
    for name, timing in times.items():
        times_ours, least, most = ratio(timing, times["ours"])
        lines.append(f"  {name:40} {timing!s:36} {times_ours:8,.0f} × ours ({least:,.0f} to {most:,.0f})")
    many = race({"ours": lambda: chapter["sample"](10_000, prior, mu, L, rng)}, rounds=3)["ours"]
    times_ours, least, most = ratio(times["np.random.multivariate_normal"], times["ours"])
    return [Row("draw", times_ours, f"{least:,.0f} to {most:,.0f}; ours {times['ours']}"),
            Row("draws", many.median, f"{many}; 784 pixels, labels included")], lines


def classifiers(chapter: dict, X_train: np.ndarray, y_train: np.ndarray, X_test: np.ndarray,
                y_test: np.ndarray) -> tuple[Row, list[str]]:
    """Fit and predict in the space of 40 principal components, by each; the sources' loop on pixels, too."""
    pca = PCA(LATENT_DIM, svd_solver="covariance_eigh")
    codes, codes_test = pca.fit_transform(X_train), pca.transform(X_test)

    def ours():
        return chapter["log_joint"](codes_test, *chapter["fit"](codes, y_train, ALPHA)).argmax(axis=1)

    sides = {"ours": ours, "the sources' loop, SciPy": lambda: loop(codes, y_train, codes_test),
             "scikit-learn's QDA": lambda: qda(codes, y_train, codes_test)}
    lines = [f"fit on {len(X_train):,} and predict {len(X_test):,} digits, 40 components"]
    times = race(sides)
    for name, timing in times.items():
        times_ours, least, most = ratio(timing, times["ours"])
        right = (sides[name]() == y_test).mean()
        lines.append(f"  {name:26} {timing!s:36} {times_ours:6.1f} × ours ({least:.1f} to {most:.1f})   "
                     f"{right:.1%} right")
    whole = race({"ours": lambda: (pca.fit_transform(X_train), pca.transform(X_test), ours()),
                  "loop": lambda: loop(X_train, y_train, X_test)}, rounds=2)
    right = (loop(X_train, y_train, X_test) == y_test).mean()
    lines += [f"  {'ours, PCA included':26} {whole['ours']}", f"  {'the loop on 784 pixels':26} {whole['loop']!s:36} "
              f"{right:.1%} right: the covariances are singular, and SciPy's density then is one on a subspace"]
    return Row("bayes_time", whole["ours"].median, f"PCA included; without it {times['ours']}"), lines


def loop(X: np.ndarray, y: np.ndarray, X_new: np.ndarray) -> np.ndarray:
    """A class at a time as the sources do it: mean, covariance, and SciPy's density for reading."""
    scores = []
    for k in range(10):
        mean, cov = X[y == k].mean(axis=0), np.cov(X[y == k], rowvar=False)
        scores.append(stats.multivariate_normal(mean, cov, allow_singular=True).logpdf(X_new) + np.log((y == k).mean()))
    return np.argmax(scores, axis=0)


def qda(X: np.ndarray, y: np.ndarray, X_new: np.ndarray) -> np.ndarray:
    """The same model in scikit-learn, by its default solver."""
    return QuadraticDiscriminantAnalysis(reg_param=ALPHA).fit(X, y).predict(X_new)
