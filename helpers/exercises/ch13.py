"""The exercises of chapter 13."""

import numpy as np
from scipy.stats import norm

from . import Exercise

RHO = 0.8
UNIFORM = ((np.random.default_rng(12).random((50, 2)),), (np.array([[0.9, 0.2], [0.05, 0.6], [0.5, 0.5]]),))


def _pairs(u: np.ndarray, deviation: float = np.sqrt(1 - RHO**2)) -> np.ndarray:
    """Pairs, each second number told of the first and scattered around its mean by this standard deviation."""
    x = norm.ppf(u[:, 0])
    return np.column_stack([x, RHO * x + deviation * norm.ppf(u[:, 1])])


EXERCISES = {
    "13.1": Exercise(
        solution=lambda: 2.2 - 2 / np.sqrt(3) * 0.3,
        right="No run of three can lie farther out. So every run of a model at 1.7 ± 0.1, whose reach is 0.12, beat "
              "every one of these.",
        hint="How far from the mean can one of three numbers lie, if their standard deviation is 0.3?",
        mistakes=(
            (lambda: 2.2 - 0.3, "One standard deviation is not the limit: one of three numbers may lie farther out."),
            (lambda: 2.2 - 2 * 0.3, "Two standard deviations are more than one of three numbers can reach."),
            (lambda: 2.2 + 2 / np.sqrt(3) * 0.3, "That is the largest distance. Smaller is better here."),
            (lambda: 2 / np.sqrt(3) * 0.3, "That is how far below the mean it can lie. Subtract it from the mean."),
            (lambda: 2.2 - 0.3 / np.sqrt(3), "That is the error of the mean. Asked is a single run."),
        ),
    ),
    "13.2": Exercise(
        solution=lambda: -np.log(0.2),
        right="Beside a hundred nats or more, nobody would notice. In the pictures, everybody would.",
        hint="The new density is at least 0.2 times the old one, everywhere. Take the logarithm of that.",
        mistakes=(
            (lambda: -np.log(0.8), "That is the logarithm of the static's share. The model keeps the other share."),
            (lambda: np.log(0.2), "Right in size. Asked is by how much it falls: a number above 0."),
            (lambda: -np.log10(0.2), "Nats are natural logarithms."),
            (lambda: -np.log2(0.2), "Those are bits. Nats are natural logarithms."),
            (lambda: 0.8, "A share is not a number of nats. What happens to log p(x) if p(x) is multiplied by 0.2?"),
        ),
    ),
    "13.3": Exercise(
        count=True,
        solution=lambda: 7 * 7 * 64 * 32 * 4 * 4,
        right="Each of its weights is used once for each of the 7 × 7 places that it starts from.",
        hint="Every number that comes in is multiplied by 4 × 4 × 32 weights. How many numbers come in?",
        mistakes=(
            (lambda: 14 * 14 * 64 * 32 * 4 * 4, "You counted the places where it arrives. A transposed convolution "
                                               "works from the places that it starts from."),
            (lambda: 64 * 32 * 4 * 4, "That is the number of weights. Each of them is used at 7 × 7 places."),
            (lambda: 7 * 7 * 64 * 4 * 4, "For one filter. There are 32."),
            (lambda: 7 * 7 * 64 * 32, "Each number is spread over 4 × 4 pixels."),
        ),
    ),
    "13.4": Exercise(
        solution=lambda: np.array([1.0, 5.0]),
        compared=lambda answer: np.sort(answer, axis=None),
        right="Mean 3, standard deviation 2, as the normal distribution has. All its other values are missing, and the "
              "distance is 0.",
        hint="Two numbers m - s and m + s, half each, have the mean m and the standard deviation s.",
        mistakes=(
            (lambda: np.array([3.0, 3.0]), "The mean is right. But the spread is 0, so the distance is 2² = 4."),
            (lambda: np.array([-1.0, 7.0]), "Their standard deviation is 4. The 2² in N(3, 2²) is the variance."),
            (lambda: np.array([2.0, 4.0]), "Their standard deviation is 1: each lies 1 from the mean."),
            (lambda: np.array([-2.0, 2.0]), "The standard deviation is right. The mean should be 3."),
            (lambda: 3 + np.array([-1, 1]) * np.sqrt(2),
             "You divided by n - 1. Take the spread of the two-valued distribution itself."),
        ),
    ),
    "13.5": Exercise(
        solution=lambda u: _pairs(u),
        cases=UNIFORM,
        right="Two calls of norm.ppf, the second told of the first result. An image model makes 784 such calls.",
        hint="x_1 = norm.ppf(u_1). Then norm.ppf again, with the mean and the standard deviation that x_1 gives.",
        mistakes=(
            (lambda u: _pairs(u, 1 - RHO**2), "norm.ppf takes the standard deviation. 1 - 0.8² is the variance."),
            (lambda u: norm.ppf(u), "The second number does not listen to the first."),
            (lambda u: _pairs(u, 1), "The mean fits. Given x_1, the spread is smaller."),
            (lambda u: _pairs(u, 0), "Where is u_2? Given x_1, the second number is still random."),
            (lambda u: np.column_stack([norm.ppf(u[:, 0]), norm.ppf(u[:, 1], RHO * u[:, 0], np.sqrt(1 - RHO**2))]),
             "The mean of x_2 depends on x_1, not on the uniform number u_1."),
        ),
    ),
}
