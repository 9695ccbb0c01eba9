"""Exercises of chapter 4, Gaussian mixtures."""

import numpy as np

from . import Exercise

PRODUCTS = np.array([0.8, 0.2]) * np.exp(-0.5 * (2.5 - np.array([0.0, 4.0])) ** 2)
PI, MU, SIGMA = np.array([0.5, 0.3, 0.2]), np.array([-1.0, 2.0, 6.0]), np.array([1.0, 0.5, 2.0])
MIXTURES = ((PI, MU, SIGMA), (np.array([0.1, 0.9]), np.array([5.0, -3.0]), np.array([0.5, 3.0])))
DRAWS = ((np.array([0.1, 0.6, 0.49, 0.95, 0.79]), np.array([0.5, -1.0, 2.0, 0.3, 0.0])),
         (np.array([0.97, 0.05, 0.3]), np.array([-0.7, 1.1, 0.4])))
X, R = np.array([1.0, 2.0, 3.0, 10.0]), np.array([0.0, 0.0, 0.5, 1.0])
CENTRE = R @ X / R.sum()
SPREAD = R @ (X - CENTRE) ** 2


def _variance(pi, mu, sigma) -> float:
    return pi @ (sigma**2 + mu**2) - (pi @ mu) ** 2


def _ways(u, pi) -> np.ndarray:
    """The component of each uniform number: the first whose cumulative share exceeds it."""
    return np.searchsorted(np.cumsum(pi)[:-1], u, side="right")


def _even(u, pi) -> np.ndarray:
    """The component of each uniform number, if all shares were the same."""
    return np.int64(len(pi) * u)


EXERCISES = {
    "4.1": Exercise(
        solution=lambda: PRODUCTS[1] / PRODUCTS.sum(),
        right="The second component is nearer, the first more common; the responsibility weighs both.",
        hint="Share times density for each component, then the second product divided by the sum of the two.",
        mistakes=(
            (lambda: PRODUCTS[0] / PRODUCTS.sum(), "That is the first component's responsibility."),
            (lambda: 1 / (1 + np.exp(-2)), "You left the shares out: the first component is four times as common."),
            (lambda: PRODUCTS[1] / np.sqrt(2 * np.pi), "That is the joint density of x and the second component. "
                                                    "Divide it by the sum over both."),
            (lambda: 0.2, "That is the component's share before you saw x. Weigh it with the density at 2.5."),
        ),
    ),
    "4.2": Exercise(
        solution=lambda: [R.mean(), CENTRE, SPREAD / R.sum()],
        right="It is a count, an average and an average square, with half of the number 3 in them.",
        hint="The total claim is 1.5. The share divides it by 4; mean and variance divide by it.",
        mistakes=(
            (lambda: [1.5, CENTRE, SPREAD / R.sum()], "1.5 is the total claim. The share divides it by the number of "
                                                      "observations, 4."),
            (lambda: [R.mean(), CENTRE, np.sqrt(SPREAD / R.sum())], "The third number is the standard deviation. "
                                                                    "Give the variance, its square."),
            (lambda: [R.mean(), R @ X / 4, R @ (X - R @ X / 4) ** 2 / 4], "You divided by 4. Mean and variance divide "
                                                                          "by the total claim, 1.5."),
            (lambda: [0.5, 6.5, 12.25], "You gave all of the number 3 to the component. It has half of it."),
        ),
    ),
    "4.3": Exercise(
        solution=lambda: 2582,
        count=True,
        right="That is many for a class of 400 digits: hence regularisation, and the verdict of held-out digits.",
        hint="Each component has 40 + 40 · 41 / 2 numbers. The shares add two.",
        mistakes=(
            (lambda: 2583, "Almost: the shares add up to 1, so the third follows from the other two."),
            (lambda: 2580, "The shares are missing: two of the three are free."),
            (lambda: 3 * (40 + 1600) + 2, "A covariance is symmetric: of its 1,600 numbers 820 are free."),
            (lambda: 3 * 80 + 2, "That counts a variance for each number only. A full covariance has 820."),
            (lambda: 3 * 820 + 2, "The means are missing: 40 numbers for each component."),
        ),
    ),
    "4.4": Exercise(
        solution=lambda pi, mu, sigma: [pi @ mu, _variance(pi, mu, sigma)],
        cases=MIXTURES,
        right="The variance is that within the components plus that between their means.",
        hint="Average sigma² + mu² over the components with weights pi, then subtract the squared mean.",
        mistakes=(
            (lambda pi, mu, sigma: [pi @ mu, pi @ sigma**2],
             "That is the variance within the components. The distances between their means add to it."),
            (lambda pi, mu, sigma: [pi @ mu, pi @ mu**2 - (pi @ mu) ** 2],
             "That is the variance between the means. The components' own variances add to it."),
            (lambda pi, mu, sigma: [pi @ mu, pi**2 @ sigma**2],
             "That is the variance of a weighted sum of draws. A mixture takes one of them."),
            (lambda pi, mu, sigma: [pi @ mu, pi @ (sigma**2 + mu**2)],
             "That is the mean of x². Subtract the square of the mean."),
            (lambda pi, mu, sigma: [pi @ mu, np.sqrt(_variance(pi, mu, sigma))],
             "The second number is the standard deviation. Give the variance, its square."),
            (lambda pi, mu, sigma: [mu.mean(), _variance(np.full(len(pi), 1 / len(pi)), mu, sigma)],
             "You gave each component the same share. Weigh them with pi."),
        ),
    ),
    "4.5": Exercise(
        solution=lambda u, z, pi, mu, sigma: mu[_ways(u, pi)] + sigma[_ways(u, pi)] * z,
        cases=tuple((*draws, *mixture) for draws, mixture in zip(DRAWS, MIXTURES, strict=True)),
        right="First the way, from u; then the place within it, from z.",
        hint="j is the first component whose cumulative share exceeds u; the draw is mu[j] + sigma[j] * z.",
        mistakes=(
            (lambda u, z, pi, mu, sigma: pi @ mu + (pi @ sigma) * z,
             "You averaged the components. A draw from a mixture uses one of them, which u chooses."),
            (lambda u, z, pi, mu, sigma: mu[_ways(u, pi)] + sigma[_ways(u, pi)] ** 2 * z,
             "You scaled z by the variance. Its root is the one to use."),
            (lambda u, z, pi, mu, sigma: mu[_ways(u, pi)],
             "These are the means of the chosen components. Add sigma[j] * z."),
            (lambda u, z, pi, mu, sigma: mu[_even(u, pi)] + sigma[_even(u, pi)] * z,
             "You cut the interval from 0 to 1 into even pieces. They are as long as the shares."),
        ),
    ),
}
