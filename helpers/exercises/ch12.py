"""Answers to the exercises of chapter 12, from noise in small steps."""

import numpy as np

from . import Exercise

X, V = np.array([-1.2, 0.3, 2.5]), np.array([0.4, -0.7, 1.1])
PLACES = np.array([-1.3, -0.2, 0.1, 0.8])
STARTS = np.array([-1.5, 0.2, 0.9])


def _to_bell(x, t):
    """The mean velocity to N(1, 0.5²)."""
    return 1 + (0.25 * t - (1 - t)) / (0.25 * t**2 + (1 - t) ** 2) * (x - t)


def _growth(x, t):
    """A velocity that needs both looks of Heun's method."""
    return x * (1 + t)


def _heun(velocity, z, n_steps):
    x = z
    for k in range(n_steps):
        first = velocity(x, k / n_steps)
        second = velocity(x + first / n_steps, (k + 1) / n_steps)
        x = x + (first + second) / (2 * n_steps)
    return x


def _euler(velocity, z, n_steps):
    x = z
    for k in range(n_steps):
        x = x + velocity(x, k / n_steps) / n_steps
    return x


def _same_time(velocity, z, n_steps):
    x = z
    for k in range(n_steps):
        first = velocity(x, k / n_steps)
        x = x + (first + velocity(x + first / n_steps, k / n_steps)) / (2 * n_steps)
    return x


def _whole_step(velocity, z, n_steps):
    x = z
    for k in range(n_steps):
        first = velocity(x, k / n_steps)
        x = x + (first + velocity(x + first, (k + 1) / n_steps)) / (2 * n_steps)
    return x


def _sum(velocity, z, n_steps):
    x = z
    for k in range(n_steps):
        first = velocity(x, k / n_steps)
        x = x + (first + velocity(x + first / n_steps, (k + 1) / n_steps)) / n_steps
    return x


EXERCISES = {
    "12.1": Exercise(
        solution=lambda: 3,
        right="One step ends at the mean of the data, from every z.",
        hint="At time 0, X_0 is Z: it says nothing about X. So v(z, 0) is the mean of X, minus z.",
        mistakes=(
            (lambda: 3 - 1.7, "That is the velocity. Add it to the place where the walker stands."),
            (lambda: 3 + 2 * 1.7, "That is where infinitely many steps end if the data are normal. Asked is one step."),
            (lambda: 1.7 + 3, "You took E[X] as the velocity. It is E[X − Z], and Z is known at time 0."),
            (lambda: 1.7, "At time 0 the velocity is 3 − 1.7, not 0."),
        ),
    ),
    "12.2": Exercise(
        solution=lambda: 13,
        right="The walk is the ppf of the data at u = Φ(1.5), and for a normal distribution that is 10 + 2z.",
        hint="The end is norm.ppf(norm.cdf(1.5), 10, 2).",
        mistakes=(
            (lambda: 10 + 4 * 1.5, "2² is the variance. The ppf stretches by the standard deviation."),
            (lambda: 10, "That is where one step ends. With many, z = 1.5 ends 1.5 deviations above the mean."),
            (lambda: 10 + 1.5, "The noise has standard deviation 1, the data have 2: distances double."),
            (lambda: 10 - 2 * 1.5, "The walk keeps the order: a large z ends at a large x."),
        ),
    ),
    "12.3": Exercise(
        solution=lambda x, t, v: x + (1 - t) * v,
        cases=((X, 0.25, V), (X, 0.9, V), (X[:2], 0.0, V[:2])),
        right="The velocity covers the rest of the way in the rest of the time.",
        hint="v = (x̂ − x) / (1 − t). Solve for x̂.",
        mistakes=(
            (lambda x, t, v: x + t * v, "Time t has passed already. What is left is 1 − t."),
            (lambda x, t, v: x - t * v, "That is the noise, the mean of Z: you walked back to time 0."),
            (lambda x, t, v: x + v, "A whole unit of time is left only at t = 0."),
            (lambda x, t, v: x - (1 - t) * v, "The velocity points towards the data: add it."),
            (lambda x, t, v: v / (1 - t) + x, "Multiply by the time that is left. You divided by it."),
        ),
    ),
    "12.4": Exercise(
        solution=_heun,
        cases=((_to_bell, STARTS, 5), (_growth, STARTS, 3), (_growth, STARTS.reshape(3, 1), 1)),
        right="Twice the steps now leave a quarter of the error, for twice the looks in each step.",
        hint="Two looks in each step: at (x, k/n), and at (x + first/n, (k + 1)/n). Move by their mean, over n.",
        mistakes=(
            (_euler, "That is Euler's method: one look in each step. Heun's looks again at the end of the step."),
            (_same_time, "Your second look is at the old time. It belongs to the end of the step, (k + 1) / n_steps."),
            (_whole_step, "For the second look you moved by the whole velocity. The step has length 1 / n_steps."),
            (_sum, "You moved by the sum of both velocities. Their mean is wanted: divide by 2."),
        ),
    ),
    "12.5": Exercise(
        solution=lambda x, t: (np.tanh(t * x / (1 - t) ** 2) - x) / (1 - t),
        cases=((PLACES, 0.3), (PLACES, 0.7), (PLACES, 0.0)),
        right="Early it leads to the middle; late, to the nearer side of the coin.",
        hint="First x̂, the mean of the coin given X_t = x: p − (1 − p), with p by Bayes' rule. Then (x̂ − x)/(1 − t).",
        mistakes=(
            (lambda x, t: np.tanh(t * x / (1 - t) ** 2), "That is x̂, the denoised coin. The velocity is "
                                                         "(x̂ − x) / (1 − t)."),
            (lambda x, t: (np.sign(x) - x) / (1 - t), "You took the nearer side as certain. Before the end both sides "
                                                      "are possible: use their probabilities."),
            (lambda x, t: (np.tanh(2 * t * x / (1 - t) ** 2) - x) / (1 - t),
             "The log-odds are 2tx/(1 − t)², and p − (1 − p) is tanh of half the log-odds."),
            (lambda x, t: (np.tanh(t * x / (1 - t)) - x) / (1 - t), "The variance of X_t given X is (1 − t)²: square "
                                                                    "it in the exponent."),
            (lambda x, t: -x / (1 - t), "That takes the mean of the coin as 0. Given x it is not."),
        ),
    ),
}
