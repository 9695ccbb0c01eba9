"""Exercises of chapter 8, the variational autoencoder."""

import numpy as np
from scipy.special import logsumexp

from . import Exercise

_RNG = np.random.default_rng(8)
CLOUDS = tuple(tuple(_RNG.normal(size=(3, *shape)) * np.reshape([1, 0.7, 1], (3, *[1] * len(shape))))
               for shape in ((5, 4), (7,)))
LOG_WEIGHTS = tuple((_RNG.normal(size, 3, size=(50, 6)),)  # at one size, then each column at its own
                    for size in (-900, np.array([-900, -500, -100, -5, 0, 300])))


def _kl_term(mu, sigma) -> np.ndarray:
    return 0.5 * (np.square(sigma) + np.square(mu) - 1 - np.log(np.square(sigma)))


def _log_mean(log_w) -> np.ndarray:
    return logsumexp(log_w, axis=0) - np.log(len(log_w))


def _gap(variance: float) -> float:
    """KL from N(m, 1) at the posterior's mean to a posterior of this variance."""
    return 0.5 * (1 / variance - 1 + np.log(variance))


EXERCISES = {
    "8.1": Exercise(
        solution=lambda: _kl_term([1, 0], [1, 0.5]).sum(),
        right="Half a nat for a centre one deviation off, 0.32 for a cloud half as wide.",
        hint="Put each pair of mu and sigma into the closed form, and add the two.",
        mistakes=(
            (lambda: 2 * _kl_term([1, 0], [1, 0.5]).sum(), "Twice too much: there is a one half in front."),
            (lambda: _kl_term([1, 0], [1, 0.5]).mean(), "That is the mean of the two. Independent numbers add up."),
            (lambda: -_kl_term([1, 0], [1, 0.5]).sum(), "The wrong sign: a divergence is never negative."),
            (lambda: _kl_term([1, 0], [1, 0.5]).sum() + np.log(0.5) / 2,
             "You took log sigma in place of log sigma²."),
            (lambda: 0.5, "That is the first number alone. The second is at 0 but too narrow, which costs as well."),
        ),
    ),
    "8.2": Exercise(
        solution=lambda: 784e-4 * 2 / 20,
        right="A mean over more numbers counts each of them less: nearly a plain autoencoder.",
        hint="Only one factor of the equation for beta depends on the number of latent numbers.",
        mistakes=(
            (lambda: 784e-4 * 2 / 4, "That is the beta of four latent numbers. The mean is over twenty now."),
            (lambda: 784e-4 / 20, "The source leaves the one half out, so its sum is twice the KL term."),
            (lambda: 784e-4, "The penalty is a mean over the latent numbers, not their sum."),
            (lambda: 784e-4 * 2, "The penalty is a mean over the latent numbers, not their sum."),
            (lambda: 784e-4 * 2 / 4 * 5, "The wrong way round: a mean over more numbers counts each of them less."),
        ),
    ),
    "8.3": Exercise(
        solution=lambda: _gap(1 / 5),
        right="A guess in the right place that is too wide still misses log p(x), whatever x is.",
        hint="The gap is the divergence from the guess N(m, 1) to the posterior N(2x/5, 1/5), with m = 2x/5.",
        mistakes=(
            (lambda: _kl_term(-0.4, 1), "That is the KL term: the divergence to the prior. The gap is the one to the "
                                        "posterior."),
            (lambda: 0, "The mean is the posterior's, but the width is not: 1 against the square root of 1/5."),
            (lambda: _kl_term(0, np.sqrt(0.2)), "The wrong way round: from the guess to the posterior, not back."),
            (lambda: np.log(5) / 2, "You compared the widths' logarithms only. The mean square counts as well."),
        ),
    ),
    "8.4": Exercise(
        solution=lambda mu, log_var, noise: mu + np.exp(log_var / 2) * noise,
        cases=CLOUDS,
        right="The randomness comes from outside; a sum and a product have derivatives.",
        hint="The standard deviation is the exponential of half the log-variance.",
        mistakes=(
            (lambda mu, log_var, noise: mu + np.exp(log_var) * noise,
             "exp(log_var) is the variance. Noise is scaled by its square root."),
            (lambda mu, log_var, noise: mu + log_var * noise,
             "You took the log-variance for the standard deviation, as the name of the source's layer suggests."),
            (lambda mu, log_var, noise: mu + noise, "The noise has deviation 1. Scale it."),
            (lambda mu, log_var, noise: mu, "That is the centre of the cloud, without a draw."),
        ),
    ),
    "8.5": Exercise(
        solution=lambda log_w: _log_mean(log_w),
        cases=LOG_WEIGHTS,
        right="The largest weight is taken out first, so that nothing underflows.",
        hint="Subtract the largest log-weight, take exponentials, their mean, its logarithm; add what you subtracted.",
        mistakes=(
            (lambda log_w: log_w.mean(axis=0),
             "That is the mean of the logarithms: the ELBO. The logarithm of the mean is wanted."),
            (lambda log_w: np.log(np.exp(log_w).mean(axis=0)),
             "exp(-900) is 0 for a computer. Subtract the largest log-weight before, and add it after."),
            (lambda log_w: np.log(np.exp(log_w + 900).mean(axis=0)) - 900,
             "A fixed 900 is too much for larger weights. Subtract each column's largest log-weight instead."),
            (lambda log_w: np.log(np.exp(log_w - log_w.max()).mean(axis=0)) + log_w.max(),
             "You subtracted the largest of all log-weights. Each column needs its own largest."),
            (lambda log_w: logsumexp(log_w, axis=0),
             "That is the logarithm of the sum. Divide by the number of draws."),
            (lambda log_w: log_w.max(axis=0), "That is the largest weight. The others count as well."),
        ),
        tolerance=1e-6,
    ),
}
