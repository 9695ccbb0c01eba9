"""Exercises of chapter 3, the Bayes classifier as a generator."""

import numpy as np

from . import Exercise

MU = np.array([1.0, -2.0, 0.5])
COV = np.array([[4.0, 2.0, 0.6], [2.0, 3.0, 1.0], [0.6, 1.0, 2.0]])
Z = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.5, -1.0, 2.0], [0.0, 0.0, 0.0]])

# Independent numbers with variance 0.01, so that the right answer is a sum; det = 0.01**600 is 0 in a float.
WIDE_X, WIDE_MU, WIDE_COV = np.full(600, 0.3), np.full(600, 0.2), 0.01 * np.eye(600)
LOG_2PI = np.log(2 * np.pi)


def _log_density(half_log_det: float, dimensions: int = 600) -> float:
    """The Gaussian's log-density at WIDE_X: each of its 600 numbers lies one standard deviation off."""
    return -0.5 * 600 - half_log_det - 0.5 * dimensions * LOG_2PI


EXERCISES = {
    "3.1": Exercise(
        expected=lambda: [0, 1, 1, 2],
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
        expected=lambda: 29,
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
        expected=lambda: 0.1 * np.exp(3) / (0.9 + 0.1 * np.exp(3)),
        right="A factor of e³ from the picture against a factor of 9 from the prior.",
        hint="Add the log priors, subtract the larger sum from both, exponentiate, divide by the total.",
        mistakes=(
            (lambda: np.exp(3) / (1 + np.exp(3)), "You left the prior out: nine in ten letters are ordinary."),
            (lambda: 0.9 / (0.9 + 0.1 * np.exp(3)), "That is the posterior of an ordinary letter; you were asked for "
                                                    "the registered one."),
            (lambda: 0.9 * np.exp(3) / (0.1 + 0.9 * np.exp(3)), "You gave the prior 0.9 to the registered letter."),
            (lambda: np.log(0.1 * np.exp(3) / (0.9 + 0.1 * np.exp(3))), "That is the log of the posterior: "
                                                                        "exponentiate it."),
        ),
    ),
    "3.4": Exercise(
        expected=lambda: MU + Z @ np.linalg.cholesky(COV).T,
        evaluate=lambda answer: answer(MU.copy(), COV.copy(), Z.copy()),
        right="The same matrix, read backwards, turns points into standard normal numbers: so the model reads.",
        hint="Points are rows: x = mu + z Lᵀ, with L = np.linalg.cholesky(cov).",
        mistakes=(
            (lambda: MU + Z @ np.linalg.cholesky(COV), "The transpose is missing: for points in rows, Lz is z @ L.T."),
            (lambda: MU + Z @ COV, "You multiplied by the covariance. Its Cholesky factor is the one to use."),
            (lambda: Z @ np.linalg.cholesky(COV).T, "You left mu out: these points scatter around 0."),
            (lambda: MU + Z * np.sqrt(np.diag(COV)), "You used the standard deviations only, as naive Bayes does. "
                                                     "The numbers of a point should vary together."),
        ),
    ),
    "3.5": Exercise(
        expected=lambda: _log_density(600 * np.log(0.1)),
        evaluate=lambda answer: answer(WIDE_X.copy(), WIDE_MU.copy(), WIDE_COV.copy()),
        right="A log-density of hundreds of nats is nothing unusual in 600 dimensions.",
        hint="Three terms: -½ z·z with z = L⁻¹(x - mu), minus the sum of log L_ii, minus ½ d log 2π.",
        mistakes=(
            (lambda: np.inf, "The determinant rounded to 0, so the density came out infinite. Take the sum of the "
                             "logarithms of L's diagonal instead."),
            (lambda: _log_density(2 * 600 * np.log(0.1)), "You subtracted log det Σ whole. Half of it is right: the "
                                                          "density divides by its square root."),
            (lambda: _log_density(-600 * np.log(0.1)), "The sign of the log-determinant is turned round: the density "
                                                       "divides by the root of the determinant."),
            (lambda: _log_density(600 * np.log(0.1), 0), "The term ½ d log 2π is missing, or came once instead of once "
                                                         "for each of the d dimensions."),
            (lambda: _log_density(0.0), "The determinant is missing: the sum of the logarithms of L's diagonal."),
        ),
    ),
}
