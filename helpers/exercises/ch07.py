"""Exercises of chapter 7, representation learning."""

import numpy as np
from scipy.special import gammaln

from . import Exercise

EIGENVALUES = np.array([9, 4, 2, 1, 0.5, 0.25])
B = np.array([[3.0, 1.0], [-1.0, 2.0]])
C = np.array([1.0, -1.0, 0.5, 2.0])
W = np.array([[2.0, 1.0], [0.0, 1.0], [1.0, 0.0], [0.0, -1.0]])
X = np.array([[1.5, 0.0, 2.0, 1.0], [-1.0, 2.0, 0.0, 3.0], [4.0, 1.0, -2.0, 0.5]])
FLAT = ((X, C, W), (np.array([[0.5, -1.0, 2.0], [3.0, 1.0, 0.0]]), np.array([0.5, 0.5, -2.0]),
                    np.array([[1.0, 0.0], [2.0, 1.0], [2.0, -1.0]])))
BALLS = ((4000, 0.1, 16), (4000, 0.25, 16), (4000, 0.1, 2), (60000, 0.2, 7))


def _slopes(x: float = 3.0, v: float = 1.5, outer: float = 4.0) -> np.ndarray:
    """The answer of 7.1, or with a change what a mistake makes of it."""
    return outer * np.array([v * x, v, 2.0])


def _log10(n: int, r: float, d: int, *, ball: float = 1.0, full: float = 0.0) -> float:
    """The answer of 7.5, or with a change what a mistake makes of it."""
    log_ball = d / 2 * np.log(np.pi) + d * np.log(r) - gammaln(d / 2 + ball)
    return min(full, (np.log(n) + log_ball) / np.log(10))


EXERCISES = {
    "7.1": Exercise(
        solution=lambda: _slopes(),
        right="Forward for the values, backward for the slopes: that is all of backpropagation.",
        hint="Forward: a = 2, h = 2, output 3. The slope in the output is 2 (3 - 1) = 4; multiply it back, box by box.",
        mistakes=(
            (lambda: _slopes(outer=2.0), "The slope of a square has a factor 2: it is 2 (ŷ - y)."),
            (lambda: _slopes(outer=-4.0), "The sign is wrong: the output is too large, so its slope is 2 (3 - 1), "
                                          "positive."),
            (lambda: _slopes()[[2, 0, 1]], "These are the slopes in v, w and b. Give them in the order w, b, v."),
            (lambda: _slopes(v=1.0), "On the way back to w and b the slope is multiplied by v."),
            (lambda: _slopes(x=1.0), "The slope in w is that in a times x: a = w x + b."),
            (lambda: np.array([1.0, -1.0, 1.5]) - 0.01 * _slopes(), "These are the parameters after a step. Give the "
                                                                    "slopes."),
        ),
    ),
    "7.2": Exercise(
        solution=lambda: EIGENVALUES[2:].sum(),
        right="The encoder may be any function at all; with a flat decoder this much is lost.",
        hint="Keep the two largest eigenvalues; what is lost is the rest.",
        mistakes=(
            (lambda: EIGENVALUES[:2].sum(), "That is the variance that two numbers keep. Give what they lose."),
            (lambda: EIGENVALUES[2:].sum() / EIGENVALUES.sum(), "That is the share that is lost. Give the error "
                                                                "itself."),
            (lambda: EIGENVALUES[2:].mean(), "The four lost variances add up; do not average them."),
            (lambda: EIGENVALUES[2:].sum() / 6, "That is the error per pixel. Give the one per picture."),
            (lambda: np.sqrt(EIGENVALUES[2:].sum()), "That is the root. Give the mean square."),
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
            (lambda: np.linalg.solve(B, [1.0, 0.0]), "That is the step for one pixel. The tin grows by four."),
            (lambda: B @ [4.0, 0.0], "That is how the size changes for the step (4, 0). Go the other way."),
        ),
    ),
    "7.4": Exercise(
        solution=lambda X, c, W: np.linalg.lstsq(W, (X - c).T, rcond=None)[0].T,
        cases=FLAT,
        right="With a flat decoder the best encoder is flat, too: a projection.",
        hint="Minimise the length of (x - c) - W z over z: least squares with the matrix W.",
        mistakes=(
            (lambda X, c, W: (X - c) @ W, "That is right for directions of length 1 at right angles. These are not: "
                                          "least squares divides by WᵀW."),
            (lambda X, c, W: np.linalg.lstsq(W, X.T, rcond=None)[0].T, "Subtract c first: the decoder adds it."),
            (lambda X, c, W: (X - c) @ W / (W**2).sum(axis=0),
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
             "A share is never above 1. Where the balls could fill the cube, answer 0."),
            (lambda n, r, d: _log10(n, r, d, ball=0.0), "Γ(d/2 + 1), not Γ(d/2)."),
            (lambda n, r, d: _log10(n, 2 * r, d), "r is the radius, not the diameter."),
            (lambda n, r, d: _log10(n, r, d) * np.log(10), "That is the natural logarithm. Divide it by log 10."),
            (lambda n, r, d: 10 ** _log10(n, r, d), "That is the share. Give its base-10 logarithm, because such "
                                                    "shares are so small."),
        ),
    ),
}
