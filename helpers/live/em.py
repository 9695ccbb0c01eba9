"""Expectation-maximisation by single steps, on points that the reader places."""

from collections.abc import Sequence

import numpy as np
import traitlets
from matplotlib.figure import Figure
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from helpers.arguments import whole

from .base import Explorer, View, module, stops
from .box import pairs
from .wrodl_models import uniforms

REACH = (5.0, 3.6)  # of the plane, to both sides
LEAST = 0.1  # standard deviations: no component is narrower


class EmView(View):
    _esm = module("em.js")
    points = traitlets.List().tag(sync=True)  # x, y, x, y, …
    bells = traitlets.Int(3).tag(sync=True)  # how many components
    seed = traitlets.Int(0).tag(sync=True)
    start = traitlets.List().tag(sync=True)  # the components when a point was last placed; none: the seed's
    step = traitlets.Int(0).tag(sync=True)  # since then
    reach = traitlets.List().tag(sync=True)
    least = traitlets.Float().tag(sync=True)


class EmExplorer(Explorer):
    """Fit a mixture of Gaussians to points of a plane, step by step; the reader places more.

    A component is a row of six numbers: share, mean (2), variance of x, covariance, variance of y. No component
    becomes narrower than 0.1 in any direction: of all covariances that obey this, the M step takes the best, so no step
    makes the likelihood fall.

    Parameters
    ----------
    points : array (n, 2)
        Where the figure begins: x from -5 to 5, y from -3.6 to 3.6.
    n_components : int
        1 to 4.
    seed : int
        Of the points at which the components start, 0 to 9.

    Raises
    ------
    ValueError, TypeError
        Points, components or a seed of another form.
    """

    def __init__(self, points: np.ndarray, n_components: int = 3, seed: int = 0):
        limits = "x from -5 to 5, y from -3.6 to 3.6"
        rounded = np.round(pairs(points, "points", (-REACH[0], -REACH[1]), REACH, limits), 2)
        n_components, seed = whole(n_components, "n_components", 1, 4), whole(seed, "seed", 0, 9)
        view = EmView(points=rounded.ravel().tolist(), reach=list(REACH), least=LEAST,
                      label="Points of a plane, and ellipses of the components that are fitted to them")
        super().__init__(view, {"bells": stops("components", n_components, 1, 4, "number of components"),
                                "seed": stops("start", seed, 0, 9, "start, one of ten")})
        self.add_class("explorer-learning")

    def values(self, **state) -> dict[str, float]:
        """Log-likelihood of a point after `step` steps, and share and mean of the first component."""
        points, found = self._fitted(state)
        if not len(points):
            return {}
        share, x, y = found[0, :3]
        return {"log_likelihood": e_step(points, found)[1], "share": float(share), "x": float(x), "y": float(y)}

    def draw(self, figure: Figure) -> None:
        """The points and the components of the start."""
        points, found = self._fitted({})
        ax, circle = figure.subplots(), np.linspace(0, 2 * np.pi, 100)
        ax.plot(*points.T, "o", color="0.4", markersize=4)
        for j, (_, x, y, *covariance) in enumerate(found):
            root = np.linalg.cholesky(matrix(covariance))
            ax.plot(*([[x], [y]] + 2 * root @ [np.cos(circle), np.sin(circle)]), color=f"C{j}")
            ax.text(x, y, j + 1, color=f"C{j}", weight="bold", ha="center", va="center")
        ax.set(xlim=(-REACH[0], REACH[0]), ylim=(-REACH[1], REACH[1]), aspect="equal")

    def _fitted(self, state: dict) -> tuple[np.ndarray, np.ndarray]:
        """The points, and the components after so many steps."""
        view = self.view
        state = {"points": view.points, "start": [], "step": 0} | self.state | state
        points = np.reshape(state["points"], (-1, 2)).astype(float)
        start = state["start"] or first_components(points, state["bells"], state["seed"])
        found = np.reshape(start, (-1, 6)).astype(float)
        for _ in range(state["step"]):
            found = m_step(points, e_step(points, found)[0], found)
        return points, found


def matrix(covariance: Sequence[float]) -> np.ndarray:
    """Variance of x, covariance and variance of y as a matrix."""
    xx, xy, yy = covariance
    return np.array([[xx, xy], [xy, yy]])


def first_components(points: np.ndarray, n: int, seed: int) -> list[list[float]]:
    """Round components of equal share, at points drawn without repetition or, where none is left, anywhere."""
    left, draw, variance = points.tolist(), uniforms(seed), (REACH[0] / 6) ** 2
    found = []
    for _ in range(n):
        u, v = next(draw), next(draw)
        place = left.pop(int(u * len(left))) if left else [(2 * u - 1) * REACH[0], (2 * v - 1) * REACH[1]]
        found.append([1 / n, *place, variance, 0.0, variance])
    return found


def e_step(points: np.ndarray, components: np.ndarray) -> tuple[np.ndarray, float]:
    """Responsibilities, shape (n_points, n_components), and the mean log-likelihood of a point."""
    with np.errstate(divide="ignore"):  # a component without points has the share 0
        log_p = np.column_stack([np.log(share) + multivariate_normal((x, y), matrix(covariance)).logpdf(points)
                                 for share, x, y, *covariance in components])
    log_density = logsumexp(log_p, axis=1, keepdims=True)
    return np.exp(log_p - log_density), float(log_density.mean())


def m_step(points: np.ndarray, claims: np.ndarray, components: np.ndarray) -> np.ndarray:
    """The components after a step; what claims nothing stays where it is, with the share 0."""
    found = components.copy()
    found[:, 0] = claims.mean(axis=0)
    for j, weight in enumerate(claims.T):
        if weight.sum() < 1e-12:
            found[j, 0] = 0
            continue
        mean = np.average(points, axis=0, weights=weight)
        values, axes = np.linalg.eigh(np.cov(points.T, aweights=weight, bias=True))
        (xx, xy), (_, yy) = axes * np.maximum(values, LEAST**2) @ axes.T
        found[j, 1:] = *mean, xx, xy, yy
    return found
