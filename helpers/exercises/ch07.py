"""Exercises of chapter 7, representation learning."""

from itertools import pairwise

import numpy as np
from scipy.special import gammaln

from . import Exercise

UNITS = (784, 128, 64, 2, 64, 128, 784)
EIGENVALUES = np.array([9, 4, 2, 1, 0.5, 0.25])
B = np.array([[3.0, 1.0], [-1.0, 2.0]])
M = np.array([1.0, -1.0, 0.5, 2.0])
W = np.array([[2.0, 0.0, 1.0, 0.0], [1.0, 1.0, 0.0, -1.0]])
X = np.array([[1.5, 0.0, 2.0, 1.0], [-1.0, 2.0, 0.0, 3.0], [4.0, 1.0, -2.0, 0.5]])
FLAT = ((X, M, W), (np.array([[0.5, -1.0, 2.0], [3.0, 1.0, 0.0]]), np.array([0.5, 0.5, -2.0]),
                    np.array([[1.0, 2.0, 2.0], [0.0, 1.0, -1.0]])))
BALLS = ((4000, 0.1, 16), (4000, 0.25, 16), (4000, 0.1, 2), (60000, 0.2, 7))


def _pairs() -> list[tuple[int, int]]:
    return list(pairwise(UNITS))


def _log10(n: int, r: float, d: int, *, ball: float = 1.0, full: float = 0.0) -> float:
    """The answer of 7.5, or with a change what a mistake makes of it."""
    log_ball = d / 2 * np.log(np.pi) + d * np.log(r) - gammaln(d / 2 + ball)
    return min(full, (np.log(n) + log_ball) / np.log(10))


EXERCISES = {
    "7.1": Exercise(
        solution=lambda: sum(a * b + b for a, b in _pairs()),
        right="Two numbers of code, and two hundred thousand to make them and to read them.",
        count=True,
        hint="Six dense layers: (784, 128), (128, 64), (64, 2) and back. Each has a weight for each pair, and biases.",
        mistakes=(
            (lambda: sum(a * b for a, b in _pairs()), "The biases are missing: one for each number that comes out of "
                                                      "a layer."),
            (lambda: sum(a * b + b for a, b in _pairs()[:3]), "That is the encoder. The decoder has its own weights."),
            (lambda: sum(a * b + b for a, b in _pairs()[3:]), "That is the decoder. Add the encoder."),
            (lambda: 2 * sum(a * b + b for a, b in _pairs()[:3]), "Almost: the decoder's biases differ, since 784 "
                                                                  "pixels come out of it and not 2 numbers."),
        ),
    ),
    "7.2": Exercise(
        solution=lambda: EIGENVALUES[2:].sum(),
        right="The encoder may be any function at all; with a flat decoder this much is lost.",
        hint="Keep the two largest eigenvalues; what is lost is the rest.",
        mistakes=(
            (lambda: EIGENVALUES[:2].sum(), "That is the variance that two numbers keep. Asked is what they lose."),
            (lambda: EIGENVALUES[2:].sum() / EIGENVALUES.sum(), "That is the share that is lost. Asked is the error "
                                                                "itself."),
            (lambda: EIGENVALUES[2:].mean(), "The four lost variances add up; do not average them."),
            (lambda: EIGENVALUES[2:].sum() / 6, "That is the error per pixel. Asked is the one per picture."),
            (lambda: np.sqrt(EIGENVALUES[2:].sum()), "That is the root. Asked is the mean square."),
            (lambda: EIGENVALUES[2], "The theorem says the sum from the third eigenvalue on."),
        ),
    ),
    "7.3": Exercise(
        solution=lambda: np.linalg.solve(B, [4.0, 0.0]),
        right="Height grows by 4, and the width's two changes cancel.",
        hint="Solve 3 a + b = 4 and -a + 2 b = 0.",
        mistakes=(
            (lambda: 4 * B[0] / (B[0] @ B[0]), "That is the shortest step that adds 4 pixels of height. It makes the "
                                               "tin narrower, too."),
            (lambda: [4 / 3, 0.0], "Along the first axis alone the height grows by 4, but the width shrinks."),
            (lambda: np.linalg.solve(B.T, [4.0, 0.0]), "You took the columns of B for its rows: the first row is that "
                                                       "of the height."),
            (lambda: np.linalg.solve(B, [0.0, 4.0]), "That makes the tin 4 pixels wider and no taller."),
            (lambda: np.linalg.solve(B, [1.0, 0.0]), "That is the step for one pixel. Asked are four."),
            (lambda: B @ [4.0, 0.0], "That is how the size changes for the step (4, 0). Go the other way."),
        ),
    ),
    "7.4": Exercise(
        solution=lambda X, m, W: np.linalg.lstsq(W.T, (X - m).T, rcond=None)[0].T,
        cases=FLAT,
        right="With a flat decoder the best encoder is flat, too: a projection.",
        hint="Minimise the length of (x - m) - z @ W over z: least squares with the matrix W.T.",
        mistakes=(
            (lambda X, m, W: (X - m) @ W.T, "That is right for directions of length 1 at right angles. These are not: "
                                            "least squares divides by W Wᵀ."),
            (lambda X, m, W: np.linalg.lstsq(W.T, X.T, rcond=None)[0].T, "Subtract m first: the decoder adds it."),
            (lambda X, m, W: (X - m) @ W.T / (W**2).sum(axis=1),
             "The lengths are taken care of, but the directions are not at right angles. Least squares does both."),
        ),
    ),
    "7.5": Exercise(
        solution=lambda n, r, d: _log10(n, r, d),
        cases=BALLS,
        right="Whatever the digits' codes are, in sixteen dimensions they leave nearly all of the space empty.",
        hint="log n + (d/2) log π + d log r - log Γ(d/2 + 1), over log 10, and at most 0.",
        mistakes=(
            (lambda n, r, d: _log10(n, r, d, full=np.inf),
             "A share above 1 cannot be: where the balls could fill the cube, answer 0."),
            (lambda n, r, d: _log10(n, r, d, ball=0.0), "Γ(d/2 + 1), not Γ(d/2)."),
            (lambda n, r, d: _log10(n, 2 * r, d), "r is the radius, not the diameter."),
            (lambda n, r, d: _log10(n, r, d) * np.log(10), "That is the natural logarithm. Divide it by log 10."),
            (lambda n, r, d: 10 ** _log10(n, r, d), "That is the share. Asked is its base-10 logarithm, since such "
                                                    "shares are so small."),
        ),
    ),
}
