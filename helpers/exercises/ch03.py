"""Exercises of chapter 3, the Bayes classifier as a generator."""

import numpy as np
from scipy.linalg import solve_triangular, sqrtm
from scipy.stats import norm

from . import Exercise

MU = np.array([1.0, -2.0, 0.5])
COV = np.array([[4.0, 2.0, 0.6], [2.0, 3.0, 1.0], [0.6, 1.0, 2.0]])
Z = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, -1.0, 2.0], [0.0, 0.0, 0.0]])

# Independent numbers with variance 0.01, whose det = 0.01**600 is 0 in a float; then three that vary together.
WIDE = np.full(600, 0.3), np.full(600, 0.2), 0.01 * np.eye(600)
NARROW = np.array([2.0, 1.0, -1.5]), MU, COV


def _log_density(x, mu, cov, *, log_det: float = 1.0, constants: int | None = None) -> float:
    """A Gaussian's log-density, or with a change what a mistake makes of it."""
    L = np.linalg.cholesky(cov)
    z = solve_triangular(L, x - mu, lower=True)
    constants = len(mu) if constants is None else constants
    return -0.5 * (z @ z) - log_det * np.log(np.diag(L)).sum() - 0.5 * constants * np.log(2 * np.pi)


def _by_determinant(x, mu, cov) -> float:
    """The log-density with the determinant itself, which is 0 where a float cannot hold it."""
    return _log_density(x, mu, cov, log_det=0) - 0.5 * np.log(np.linalg.det(cov))


EXERCISES = {
    "3.1": Exercise(
        solution=lambda: [0, 1, 1, 2],
        count=True,
        right="Half of all u fall below 0.5 and become zeros, as half of the data are zeros.",
        hint="The cumulative shares are 0.5, 0.8 and 1. Find the first that is larger than u.",
        mistakes=(
            (lambda: [0, 1, 2, 2], "You divided the interval from 0 to 1 evenly: that is uniform labels. "
                                   "The pieces are as long as the shares, 0.5, 0.3 and 0.2."),
            (lambda: [1, 2, 2, 3], "You count the classes from 1. The first class is the label 0."),
            (lambda: [0.1, 0.55, 0.79, 0.81], "These are the uniform numbers. Each becomes a label: 0, 1 or 2."),
        ),
    ),
    "3.2": Exercise(
        solution=lambda: 29,
        count=True,
        right="Thirty pictures differ from their own mean in 29 independent directions, whatever their size.",
        hint="The rank is at most the number of pixels that change, and at most the number of independent rows "
             "of the centred data.",
        mistakes=(
            (lambda: 30, "Almost: the mean was computed from the same 30 pictures, so the centred ones sum to zero, "
                         "and one follows from the other 29."),
            (lambda: 324, "324 pixels can change, but 30 pictures cannot show 324 independent directions."),
            (lambda: 400, "That is the size of the table. Dead pixels and the number of pictures bound its rank."),
            (lambda: 399, "It is the number of pictures, not of pixels, that loses one."),
            (lambda: 323, "It is the number of pictures, not of pixels, that loses one."),
        ),
    ),
    "3.3": Exercise(
        solution=lambda: 0.1 * np.exp(3) / (0.9 + 0.1 * np.exp(3)),
        right="A factor of e³ from the picture against a factor of 9 from the prior.",
        hint="Add the log priors, subtract the larger sum from both, exponentiate, divide by the total.",
        mistakes=(
            (lambda: np.exp(3) / (1 + np.exp(3)), "You left the prior out: nine in ten letters are ordinary."),
            (lambda: 0.9 / (0.9 + 0.1 * np.exp(3)), "That is the posterior of an ordinary letter; the question is "
                                                    "about the registered one."),
            (lambda: 0.9 * np.exp(3) / (0.1 + 0.9 * np.exp(3)), "You gave the prior 0.9 to the registered letter."),
            (lambda: np.log(0.1 * np.exp(3) / (0.9 + 0.1 * np.exp(3))), "That is the log of the posterior: "
                                                                        "exponentiate it."),
        ),
    ),
    "3.4": Exercise(
        solution=lambda mu, cov, z: mu + z @ np.linalg.cholesky(cov).T,
        cases=((MU, COV, Z), (MU[:2], COV[1:, 1:], Z[::-1, 1:])),
        right="The same matrix, read backwards, turns points into standard normal numbers: so the model reads.",
        hint="Points are rows: x = mu + z Lᵀ, with L = np.linalg.cholesky(cov).",
        mistakes=(
            (lambda mu, cov, z: mu + z @ np.linalg.cholesky(cov),
             "The transpose is missing: for points in rows, Lz is z @ L.T."),
            (lambda mu, cov, z: mu + z @ cov,
             "You multiplied by the covariance. Its Cholesky factor is the one to use."),
            (lambda mu, cov, z: z @ np.linalg.cholesky(cov).T, "You left mu out: these points scatter around 0."),
            (lambda mu, cov, z: mu + z * np.sqrt(np.diag(cov)), "You used the standard deviations only, as naive Bayes "
                                                                "does. The numbers of a point should vary together."),
            (lambda mu, cov, z: mu + z @ sqrtm(cov), "You took the symmetric root of the covariance. It gives the same "
                                                     "distribution, but the exercise asks for the Cholesky factor."),
        ),
    ),
    "3.5": Exercise(
        solution=lambda x, mu, cov: _log_density(x, mu, cov),
        cases=(WIDE, NARROW),
        right="A log-density of hundreds of nats is nothing unusual in 600 dimensions.",
        hint="Three terms: -½ z·z with z = L⁻¹(x - mu), minus the sum of log L_ii, minus ½ d log 2π.",
        mistakes=(
            (_by_determinant, "The determinant rounded to 0, so the density came out infinite. Take the sum of the "
                              "logarithms of L's diagonal instead."),
            (lambda x, mu, cov: _log_density(x, mu, cov, log_det=2), "You subtracted the whole log det Σ. Half of it "
                                                                     "counts: the density divides by its square root."),
            (lambda x, mu, cov: _log_density(x, mu, cov, log_det=-1),
             "The log-determinant has the wrong sign: the density divides by the root of the determinant."),
            (lambda x, mu, cov: _log_density(x, mu, cov, constants=0), "The term ½ d log 2π is missing."),
            (lambda x, mu, cov: _log_density(x, mu, cov, constants=1), "The term ½ log 2π comes once for each of the d "
                                                                       "dimensions."),
            (lambda x, mu, cov: _log_density(x, mu, cov, log_det=0), "The determinant is missing: the sum of the "
                                                                     "logarithms of L's diagonal."),
            (lambda x, mu, cov: norm.logpdf(x, mu, np.sqrt(np.diag(cov))).sum(), "You used the variances only. The "
             "covariances, beside the diagonal, count as well."),
        ),
    ),
}
