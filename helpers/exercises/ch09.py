"""The exercises of chapter 9."""

from itertools import pairwise

import numpy as np
from scipy.stats import chi2

from . import Exercise

Z, C_4, C_9 = np.array([[0.5, 1, -1], [1, 0, -1], [2, -2, 1]], float)
VECTORS = (tuple(np.array([[3.0, 1, 0, 2], [1, 1, -1, 1]])), tuple(np.array([[0.5, -2, 1], [0.2, 0.7, 0.1]])))
_RNG = np.random.default_rng(9)
JOURNEYS = ((_RNG.standard_normal((4, 5)), 3), (2 * _RNG.standard_normal((3, 4)), 5))


def _slerp(z_1: np.ndarray, z_2: np.ndarray, t: float) -> np.ndarray:
    angle = np.arccos(z_1 @ z_2 / (np.linalg.norm(z_1) * np.linalg.norm(z_2)))
    return (np.sin((1 - t) * angle) * z_1 + np.sin(t * angle) * z_2) / np.sin(angle)


def _line(z_1: np.ndarray, z_2: np.ndarray, t: float) -> np.ndarray:
    return (1 - t) * z_1 + t * z_2


def _length_one(z: np.ndarray) -> np.ndarray:
    return z / np.linalg.norm(z, axis=-1, keepdims=True)


def _journey(points, n_steps, *, way=_slerp, ends_twice: bool = False) -> np.ndarray:
    """A walk past points; the right one takes arcs and meets each point once."""
    shares = np.linspace(0, 1, n_steps + 1) if ends_twice else np.arange(n_steps) / n_steps
    walk = [way(a, b, t) for a, b in pairwise(points) for t in shares]
    return np.array(walk if ends_twice else [*walk, points[-1]])


EXERCISES = {
    "9.1": Exercise(
        solution=lambda: Z + 0.5 * (C_9 - C_4),
        right="The vector was (1, -2, 2), and half of it was added to the four's own code, not to the centre.",
        hint="The vector is c_9 - c_4. Take half of it, and add that to the code of this four.",
        mistakes=(
            (lambda: C_4 + 0.5 * (C_9 - C_4), "That is half-way between the centres. Start from this four's code."),
            (lambda: Z + 0.5 * (C_4 - C_9), "You went the other way: from 9 to 4."),
            (lambda: Z + (C_9 - C_4), "That is the full step, α = 1."),
            (lambda: Z + 0.5 * C_9, "Add half of the difference of the centres, not half of a centre."),
            (lambda: 0.5 * (C_9 - C_4), "That is the step. Where does it lead from the code of this four?"),
        ),
    ),
    "9.2": Exercise(
        solution=lambda: 50,
        right="(4/9 + 1/9) · 90. In the middle it would be 45, the smallest value.",
        hint="a² + b² times the mean at the ends, with a = 1 - α and b = α.",
        mistakes=(
            (lambda: 90, "That is the mean at the ends, and everywhere on an arc. On a line a² + b² is less than 1."),
            (lambda: 45, "That is the middle, α = 1/2."),
            (lambda: 10, "You took b = 1/3 alone. The other end still counts with a = 2/3."),
            (lambda: 40, "You took a = 2/3 alone. The other end counts with b = 1/3."),
            (lambda: np.sqrt(50), "That is a length. The question is the mean of its square."),
            (lambda: np.sqrt(5 / 9) * 90, "The length shrinks by the square root of a² + b², its square by a² + b²."),
        ),
    ),
    "9.3": Exercise(
        solution=lambda: chi2.cdf(25, 50),
        right="About one draw in a thousand is as short as a typical midpoint, or shorter.",
        hint="chi2.cdf(squared length, number of dimensions).",
        mistakes=(
            (lambda: chi2.cdf(5, 50), "The chi-squared variable is the squared length: 25, not 5."),
            (lambda: chi2.sf(25, 50), "That is the share of longer draws."),
            (lambda: chi2.cdf(50, 50), "That is the share shorter than √50, the typical length of the ends."),
            (lambda: chi2.pdf(25, 50), "That is the density. The share below is the cdf."),
        ),
        tolerance=0.01,  # two digits: 0.0012
    ),
    "9.4": Exercise(
        solution=lambda v, u: v - (v @ u) / (u @ u) * u,
        cases=VECTORS,
        right="What is left of v has no part along u: their product is 0.",
        hint="v - c u with c = (v · u) / (u · u). Check: the result times u must give 0.",
        mistakes=(
            (lambda v, u: v - (v @ u) * u, "Your u is taken to have length 1. Divide by u · u."),
            (lambda v, u: v - u, "This removes one whole u, however much of it v has. How much of u is in v?"),
            (lambda v, u: (v @ u) / (u @ u) * u, "That is the part along u. Take it away from v."),
            (lambda v, u: v - (v @ u) / np.sqrt(u @ u) * u, "You divided by the length of u. Divide by its square, "
                                                            "u · u."),
            (lambda v, u: u - (v @ u) / (v @ v) * v, "You cleaned u. Clean v."),
        ),
    ),
    "9.5": Exercise(
        solution=lambda points, n_steps: _journey(points, n_steps),
        cases=JOURNEYS,
        right="Arc after arc, each point once.",
        hint="For each pair of neighbours the shares 0, 1/n, ..., (n-1)/n; at the very end the last point.",
        mistakes=(
            (lambda points, n_steps: _journey(points, n_steps, way=_line), "You walked on straight lines. Use slerp."),
            (lambda points, n_steps: _journey(points, n_steps)[:-1], "The last point is missing."),
            (lambda points, n_steps: _journey(points, n_steps, ends_twice=True),
             "Each point in between comes twice: as an end, and as the next start. Stop each arc one step short."),
            (lambda points, n_steps: _journey(_length_one(points), n_steps),
             "You gave all points the length 1. The walk goes through the points as they are."),
        ),
    ),
}
