"""Exercises of chapter 4, Gaussian mixtures."""

import numpy as np

from . import Exercise

BELLS = np.array([0.8, 0.2]) * np.exp(-0.5 * (2.5 - np.array([0.0, 4.0])) ** 2)
PI, MU, SIGMA = np.array([0.5, 0.3, 0.2]), np.array([-1.0, 2.0, 6.0]), np.array([1.0, 0.5, 2.0])
MEAN = PI @ MU
VARIANCE = PI @ (SIGMA**2 + MU**2) - MEAN**2
U, Z = np.array([0.1, 0.6, 0.49, 0.95, 0.79]), np.array([0.5, -1.0, 2.0, 0.3, 0.0])
WAYS = np.array([0, 1, 0, 2, 1])
X, R = np.array([1.0, 2.0, 3.0, 10.0]), np.array([0.0, 0.0, 0.5, 1.0])
CENTRE = R @ X / R.sum()
SPREAD = R @ (X - CENTRE) ** 2

EXERCISES = {
    "4.1": Exercise(
        expected=lambda: BELLS[1] / BELLS.sum(),
        right="The second bell is nearer, the first more common; the responsibility weighs both.",
        hint="Share times density for each bell, then the second product over the sum of the two.",
        mistakes=(
            (lambda: BELLS[0] / BELLS.sum(), "That is the first bell's responsibility."),
            (lambda: 1 / (1 + np.exp(-2)), "You left the shares out: the first bell is four times as common."),
            (lambda: BELLS[1] / np.sqrt(2 * np.pi), "That is the joint density of x and the second bell. Divide it by "
                                                    "the sum over both bells."),
            (lambda: 0.2, "That is the bell's share before you saw x. Weigh it with the density at 2.5."),
        ),
    ),
    "4.2": Exercise(
        expected=lambda: [R.mean(), CENTRE, SPREAD / R.sum()],
        right="It is a count, an average and an average square, with half of the number 3 in them.",
        hint="The total claim is 1.5. The share divides it by 4; mean and variance divide by it.",
        mistakes=(
            (lambda: [1.5, CENTRE, SPREAD / R.sum()], "1.5 is the total claim. The share divides it by the number of "
                                                      "observations, 4."),
            (lambda: [R.mean(), CENTRE, np.sqrt(SPREAD / R.sum())], "The third number is the standard deviation; "
                                                                    "asked is the variance, its square."),
            (lambda: [R.mean(), R @ X / 4, R @ (X - R @ X / 4) ** 2 / 4], "You divided by 4. Mean and variance divide "
                                                                          "by the total claim, 1.5."),
            (lambda: [0.5, 6.5, 12.25], "You gave the number 3 to the bell whole. It has half of it."),
        ),
    ),
    "4.3": Exercise(
        expected=lambda: 2582,
        right="That is many for a class of 400 digits: hence regularisation, and the verdict of held-out digits.",
        tolerance=1e-4,
        hint="Each bell has 40 + 40 · 41 / 2 numbers. The shares add two.",
        mistakes=(
            (lambda: 2583, "Almost: the shares add up to 1, so the third follows from the other two."),
            (lambda: 2580, "The shares are missing: two of the three are free."),
            (lambda: 3 * (40 + 1600) + 2, "A covariance is symmetric: of its 1,600 numbers 820 are free."),
            (lambda: 3 * 80 + 2, "That counts a variance for each number only. A full covariance has 820."),
            (lambda: 3 * 820 + 2, "The means are missing: 40 numbers a bell."),
        ),
    ),
    "4.4": Exercise(
        expected=lambda: [MEAN, VARIANCE],
        evaluate=lambda answer: answer(PI.copy(), MU.copy(), SIGMA.copy()),
        right="The variance is that within the bells plus that between their means.",
        hint="Average sigma² + mu² over the bells with weights pi, then subtract the squared mean.",
        mistakes=(
            (lambda: [MEAN, PI @ SIGMA**2], "That is the variance within the bells. The distances between their means "
                                            "add to it."),
            (lambda: [MEAN, PI @ MU**2 - MEAN**2], "That is the variance between the means. The bells' own variances "
                                                   "add to it."),
            (lambda: [MEAN, PI**2 @ SIGMA**2], "That is the variance of a weighted sum of draws. A mixture takes one "
                                               "of them."),
            (lambda: [MEAN, np.sqrt(VARIANCE)], "The second number is the standard deviation; asked is the variance."),
            (lambda: [MU.mean(), (SIGMA**2 + MU**2).mean() - MU.mean() ** 2], "You gave each bell the same share. "
                                                                              "Weigh them with pi."),
        ),
    ),
    "4.5": Exercise(
        expected=lambda: MU[WAYS] + SIGMA[WAYS] * Z,
        evaluate=lambda answer: answer(U.copy(), Z.copy(), PI.copy(), MU.copy(), SIGMA.copy()),
        right="First the way, then the place within it: two labels' worth of randomness from u and z.",
        hint="j is the first bell whose cumulative share exceeds u; the draw is mu[j] + sigma[j] * z.",
        mistakes=(
            (lambda: MEAN + (PI @ SIGMA) * Z, "You averaged the bells. A draw from a mixture uses one bell, which u "
                                              "chooses."),
            (lambda: MU[WAYS] + SIGMA[WAYS] ** 2 * Z, "You scaled z by the variance. Its root is the one to use."),
            (lambda: MU[WAYS], "These are the means of the chosen bells. Add sigma[j] * z."),
            (lambda: MU[np.int64(3 * U)] + SIGMA[np.int64(3 * U)] * Z, "You cut the interval from 0 to 1 into even "
                                                                       "pieces. They are as long as the shares."),
        ),
    ),
}
