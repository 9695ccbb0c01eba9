"""The exercises of chapter 9."""

from itertools import pairwise

import numpy as np
from scipy.stats import chi2

from helpers.exercises import Exercise

Z, C_4, C_9 = np.array([[0.5, 1, -1], [1, 0, -1], [2, -2, 1]], float)
V, U = np.array([[3.0, 1, 0, 2], [1, 1, -1, 1]])
_RNG = np.random.default_rng(9)
POINTS = _RNG.standard_normal((4, 5))
N_STEPS = 3


def _slerp(z_1: np.ndarray, z_2: np.ndarray, t: float) -> np.ndarray:
    angle = np.arccos(z_1 @ z_2 / (np.linalg.norm(z_1) * np.linalg.norm(z_2)))
    return (np.sin((1 - t) * angle) * z_1 + np.sin(t * angle) * z_2) / np.sin(angle)


def _line(z_1: np.ndarray, z_2: np.ndarray, t: float) -> np.ndarray:
    return (1 - t) * z_1 + t * z_2


def _journey(way, ends_twice: bool = False, last: bool = True) -> np.ndarray:
    """A walk past POINTS; the right one takes arcs, meets each point once, and ends at the last."""
    shares = np.linspace(0, 1, N_STEPS + 1) if ends_twice else np.arange(N_STEPS) / N_STEPS
    walk = [way(a, b, t) for a, b in pairwise(POINTS) for t in shares]
    return np.array(walk if ends_twice or not last else [*walk, POINTS[-1]])


EXERCISES = {
    "9.1": Exercise(
        expected=lambda: Z + 0.5 * (C_9 - C_4),
        right="The vector was (1, -2, 2), and half of it was added to the four's own code, not to the centre.",
        hint="Vector first: c_9 - c_4. Half of it. Add that to the code of this four.",
        mistakes=(
            (lambda: C_4 + 0.5 * (C_9 - C_4), "That is half-way between the centres. Start from this four's code."),
            (lambda: Z + 0.5 * (C_4 - C_9), "You went the other way: from 9 to 4."),
            (lambda: Z + (C_9 - C_4), "That is the full step, α = 1."),
            (lambda: Z + 0.5 * C_9, "Add half of the difference of the centres, not half of a centre."),
            (lambda: 0.5 * (C_9 - C_4), "That is the step. Where does it lead from the code of this four?"),
        ),
    ),
    "9.2": Exercise(
        expected=lambda: 50,
        right="(4/9 + 1/9) · 90. In the middle it would be 45, the smallest value.",
        hint="a² + b² times the mean at the ends, with a = 1 - α and b = α.",
        mistakes=(
            (lambda: 90, "That is the mean at the ends, and everywhere on an arc. On a line a² + b² is less than 1."),
            (lambda: 45, "That is the middle, α = 1/2."),
            (lambda: 10, "You took b = 1/3 alone. The other end still counts with a = 2/3."),
            (lambda: 40, "You took a = 2/3 alone. The other end counts with b = 1/3."),
            (lambda: np.sqrt(50), "That is a length. Asked is the mean of its square."),
            (lambda: np.sqrt(5 / 9) * 90, "The length shrinks by the square root of a² + b², its square by a² + b²."),
        ),
    ),
    "9.3": Exercise(
        expected=lambda: chi2.cdf(25, 50),
        right="About one draw in a thousand. The midpoint of a straight line is a place where hardly any code is.",
        hint="chi2.cdf(squared length, number of dimensions).",
        mistakes=(
            (lambda: chi2.cdf(5, 50), "The chi-squared variable is the squared length: 25, not 5."),
            (lambda: chi2.sf(25, 50), "That is the share of longer draws."),
            (lambda: chi2.cdf(50, 50), "That is the share shorter than √50, the typical length of the ends."),
            (lambda: chi2.pdf(25, 50), "That is the density. The share below is the cdf."),
            (lambda: 100 * chi2.cdf(25, 50), "Give a share, not per cent."),
        ),
        tolerance=0.03,
    ),
    "9.4": Exercise(
        expected=lambda: V - (V @ U) / (U @ U) * U,
        evaluate=lambda answer: answer(V.copy(), U.copy()),
        right="What is left of v has no part along u: their product is 0.",
        hint="v - c u with c = (v · u) / (u · u). Check: the result times u must give 0.",
        mistakes=(
            (lambda: V - (V @ U) * U, "Your u is taken to have length 1. Divide by u · u."),
            (lambda: V - U, "This removes one whole u, however much of it v has. How much of u is in v?"),
            (lambda: (V @ U) / (U @ U) * U, "That is the part along u. Take it away from v."),
            (lambda: V - (V @ U) / np.sqrt(U @ U) * U, "Divide by u · u, the squared length, once for each u."),
            (lambda: U - (V @ U) / (V @ V) * V, "You cleaned u. Clean v."),
        ),
    ),
    "9.5": Exercise(
        expected=lambda: _journey(_slerp),
        evaluate=lambda answer: answer(POINTS.copy(), N_STEPS),
        right="Arc after arc, each point once.",
        hint="For each pair of neighbours the shares 0, 1/n, ..., (n-1)/n; at the very end the last point.",
        mistakes=(
            (lambda: _journey(_line), "You walked on straight lines. Use slerp."),
            (lambda: _journey(_slerp, last=False), "The last point is missing."),
            (lambda: _journey(_slerp, ends_twice=True), "Each point in between comes twice: as an end, and as the next "
                                                        "start. Stop each arc one step short."),
        ),
    ),
}
