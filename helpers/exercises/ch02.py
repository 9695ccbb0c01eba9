"""Answers to the exercises of chapter 2."""

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from . import Exercise

CASES = ((np.linspace(0.05, 0.95, 10),), (np.array([0.9, 0.02, 0.5]),))  # the second does not rise
WEIGHT = norm(200, 40)
HEAVY = WEIGHT.cdf(240)
COVARIANCE = np.array([[1600.0, 180.0], [180.0, 25.0]])
CHOLESKY = np.linalg.cholesky(COVARIANCE)


def heap_cdf(t: float) -> float:
    """Share of a heap of 40% N(160, 20²) and 60% N(240, 30²) at or below t."""
    return 0.4 * norm.cdf(t, 160, 20) + 0.6 * norm.cdf(t, 240, 30)


def covariance_and_shape(matrix: np.ndarray) -> np.ndarray:
    """The entries of LLᵀ, then 1 where L has something above its diagonal, else 0."""
    if matrix.shape != (2, 2):
        raise ValueError(f"the shape is {matrix.shape}, expected (2, 2)")
    return np.append(matrix @ matrix.T, abs(matrix[0, 1]) > 1e-6)


EXERCISES = {
    "2.1": Exercise(
        solution=lambda: WEIGHT.cdf(260),
        right="The cdf takes x back to the z that it came from.",
        hint="The ppf leads from z to x. Which function leads back? SciPy has it as a method of weight.",
        mistakes=(
            (lambda: WEIGHT.sf(260), "That share weighs more than 260 g. z is the share at or below."),
            (lambda: WEIGHT.pdf(260), "That is a density, per gram. z is a share: an area under the pdf."),
            (lambda: 1.5, "260 g lies 1.5 standard deviations above the mean. Which share lies below that?"),
            (lambda: 100 * WEIGHT.cdf(260), "That is z in per cent. z is a number from 0 to 1."),
            (lambda: norm.cdf(260, 200, 1600), "SciPy's second number is the standard deviation, 40."),
            (lambda: norm.cdf(260, 200, np.sqrt(40)), "40 is the standard deviation already: no square root."),
        ),
    ),
    "2.2": Exercise(
        solution=lambda z: np.sqrt(z),
        cases=CASES,
        right="F(r) = r², so r = √z: most of a disc lies near its edge.",
        hint="Within r of the centre lies an area of πr², out of π. Set that share equal to z and solve for r.",
        mistakes=(
            (lambda z: z, "A uniform r crowds the darts at the centre: a thin ring there has little area."),
            (lambda z: z**2, "That is the cdf, F(r) = r². The ppf is its inverse."),
            (lambda z: 2 * z, "That is the pdf of r. Integrate it to get the cdf, then invert."),
            (lambda z: np.sqrt(z / np.pi), "Divide the area πr² by the area of the whole disc, which is π."),
        ),
    ),
    "2.3": Exercise(
        solution=lambda z: WEIGHT.ppf(HEAVY + z * (1 - HEAVY)),
        cases=CASES,
        right="z, squeezed into the heights from F(240) to 1, is a height of a heavy apple.",
        hint="Every z in [0, 1] must become a height between F(240) and 1. Then apply weight.ppf.",
        mistakes=(
            (lambda z: np.maximum(WEIGHT.ppf(z), 240), "Your light apples all become 240 g: they pile up there."),
            (lambda z: 240 + np.abs(WEIGHT.ppf(z) - 200), "All are heavy, but a folded bell is wider than this tail."),
            (lambda z: WEIGHT.ppf(z * HEAVY), "These are the apples lighter than 240 g: the heights from 0 to F(240)."),
            (lambda z: WEIGHT.ppf(HEAVY + z), "F(240) + z passes 1. Squeeze z into what is left."),
            (lambda z: WEIGHT.ppf(z), "These are all apples. Only the heights from F(240) to 1 lead to heavy ones."),
            (lambda z: HEAVY + z * (1 - HEAVY), "The heights are right. Now walk from each height to its x."),
        ),
    ),
    "2.4": Exercise(
        solution=lambda: brentq(lambda t: heap_cdf(t) - 0.5, 100, 300),
        right="Cdfs mix, ppfs do not.",
        hint="Write the heap's cdf, 0.4 times one cdf plus 0.6 times the other, and find where it reaches 0.5.",
        tolerance=5e-4,  # a tenth of a gram
        mistakes=(
            (lambda: 208, "That mixes the two medians. Shares mix, so mix the cdfs; ppfs do not mix."),
            (lambda: 200, "Kind B is the larger part of the heap, and the kinds differ in spread."),
            (lambda: 240, "That is the median of kind B alone."),
            (lambda: brentq(lambda t: 1 - heap_cdf(t) - 0.6, 100, 300), "Your z is 0.4. The median has z = 0.5."),
        ),
    ),
    "2.5": Exercise(
        solution=lambda: np.append(COVARIANCE, 1),
        right="Same covariance, another map: the axes of a latent space have no meaning of their own.",
        hint="Compute your matrix times its transpose and compare it with cov. Try L times a rotation.",
        compared=covariance_and_shape,
        tolerance=0.02,  # products of numbers that may be rounded to three digits
        mistakes=(
            (lambda: np.append(COVARIANCE, 0), "The covariance is right, but the matrix is lower triangular."),
            (lambda: np.append(CHOLESKY.T @ CHOLESKY, 1), "L.T gives LᵀL, which is another matrix than LLᵀ."),
            (lambda: np.append(COVARIANCE @ COVARIANCE, 1), "That is the covariance itself. You need a root of it."),
        ),
    ),
}
