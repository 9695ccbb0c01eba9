"""Measures of samples against data, on any features: what `digit_judge` and others build on. No network here."""

from collections.abc import Sequence

import numpy as np
from scipy.spatial.distance import cdist

from helpers.arguments import floats, numbers, whole

_ROWS, _COLUMNS = 250, 2500  # distances are computed for so many at once, to save memory
_EDGE = 1e-5  # of a ball's radius: wider than the rounding of float32 features, which must not decide


def gaussian_distance(mu_1: np.ndarray, cov_1: np.ndarray, mu_2: np.ndarray, cov_2: np.ndarray) -> float:
    """The squared Fréchet (2-Wasserstein) distance of two Gaussians: means (d,), covariances (d, d).

    |mu_1 - mu_2|² + tr(cov_1) + tr(cov_2) - 2 tr((cov_1 cov_2)^½). The last trace is the sum of the singular values
    of cov_1^½ cov_2^½: real, and symmetric in the two, also where a covariance is singular.

    Raises ValueError for other shapes, NaN or infinity, and for a matrix that is no covariance.
    """
    mu_1, cov_1, mu_2, cov_2 = (floats(x, "a mean or covariance").astype(float) for x in (mu_1, cov_1, mu_2, cov_2))
    d = np.size(mu_1)
    for mu, cov in ((mu_1, cov_1), (mu_2, cov_2)):
        if np.shape(mu) != (d,) or np.shape(cov) != (d, d) or not (np.isfinite(mu).all() and np.isfinite(cov).all()):
            raise ValueError(f"found a mean of shape {np.shape(mu)} and a covariance of shape {np.shape(cov)}; "
                             f"expected finite numbers of the shapes ({d},) and ({d}, {d}).")
        if not np.allclose(cov, np.transpose(cov)) or np.linalg.eigvalsh(cov)[0] < -1e-6 * np.trace(np.abs(cov)):
            raise ValueError("a matrix that is not symmetric, or has a negative eigenvalue, is no covariance. "
                             "Expected is one such as np.cov(x.T).")
    overlap = np.linalg.svd(_root(cov_1) @ _root(cov_2), compute_uv=False).sum()
    distance = ((mu_1 - mu_2) ** 2).sum() + np.trace(cov_1) + np.trace(cov_2) - 2 * overlap
    return max(float(distance), 0.0)  # rounding can leave -1e-14


def density_coverage(real_features: np.ndarray, fake_features: np.ndarray, k: int = 5,
                     radii: np.ndarray | None = None) -> tuple[float, float]:
    """Density and coverage of fake features (m, d) against real ones (n, d), from Naeem et al. (2020).

    Round each real point lies a ball that reaches to its k-th nearest real neighbour. Coverage: the share of balls
    with a fake point inside. Density: in how many balls a fake point lies, on average, over k. A copy of that k-th
    neighbour lies on the edge, not inside. Two samples of one distribution have density 1 and coverage
    `expected_coverage(n, m, k)`, in expectation. `radii` are `ball_radii(real_features, k)`, where they are known.

    Raises ValueError for k real points or fewer, where more than k of them coincide (a ball of radius 0), and for
    another number of radii; TypeError if k is not an integer.
    """
    real, fake = _table(real_features, "real_features"), _table(fake_features, "fake_features")
    if real.shape[1] != fake.shape[1]:
        raise ValueError(f"real_features has {real.shape[1]} columns and fake_features {fake.shape[1]}; "
                         "expected the same features of both.")
    radii = ball_radii(real, k) if radii is None else floats(radii, "radii")
    if radii.shape != (len(real),):
        raise ValueError(f"radii has shape {radii.shape}, expected ({len(real)},): one for each real point.")
    centre = real.mean(axis=0, dtype=float)
    real, fake = real - centre, fake - centre  # small squares round little
    inner, lengths = ((1 - _EDGE) * radii) ** 2, (fake**2).sum(axis=1)
    inner -= (real**2).sum(axis=1)
    inside = covered = 0
    for start in range(0, len(real), _ROWS):
        some = slice(start, start + _ROWS)
        within = lengths - 2 * (real[some] @ fake.T) < inner[some, None]  # |real|² is on the other side
        inside, covered = inside + int(within.sum()), covered + int(within.any(axis=1).sum())
    return inside / (k * len(fake)), covered / len(real)


def ball_radii(real_features: np.ndarray, k: int = 5) -> np.ndarray:
    """The distance from each real point (n, d) to its k-th nearest neighbour among the others: (n,).

    Raises what `density_coverage` raises.
    """
    real = _table(real_features, "real_features")
    if not 1 <= whole(k, "k") < len(real):
        raise ValueError(f"k is {k}, expected at least 1 and less than the number of real points, {len(real)}.")
    radii = np.empty(len(real))
    for start in range(0, len(real), _ROWS):
        some = slice(start, start + _ROWS)
        radii[some] = np.partition(cdist(real[some], real), k, axis=1)[:, k]  # the nearest is the point itself
    if not radii.all():
        raise ValueError(f"more than {k} real points coincide, so a ball has radius 0. Remove the duplicates.")
    return radii


def expected_coverage(n_real: int, n_fake: int, k: int = 5) -> float:
    """The mean coverage of n_fake fresh points of the real points' own distribution, whatever that is.

    A ball is missed if the k points nearest to its centre are all real. Naeem et al. (2020), lemma 2.

    Raises ValueError unless 1 <= k < n_real and n_fake >= 1, TypeError for what is no integer.
    """
    n_real, n_fake, k = (whole(n, name) for n, name in ((n_real, "n_real"), (n_fake, "n_fake"), (k, "k")))
    if not (1 <= k < n_real and n_fake >= 1):
        raise ValueError(f"n_real is {n_real}, n_fake {n_fake}, k {k}; expected 1 <= k < n_real and n_fake >= 1.")
    i = np.arange(k)
    return float(1 - np.prod((n_real - 1 - i) / (n_real + n_fake - 1 - i)))


def class_balance(labels: Sequence[int], shares: Sequence[float]) -> float:
    """KL(shares of the labels ‖ `shares`) in nats; 0 for the same balance, about 9 / (2n) for n fair draws.

    `shares` are those of the ten classes in the data. A class that the labels have and the data lack makes it
    infinite.

    Raises ValueError for labels outside 0 to 9, and unless `shares` are ten numbers of at least 0 with the sum 1.
    """
    labels, p = _labels(labels), numbers(shares, "shares").astype(float)
    if p.shape != (10,) or not (p >= 0).all() or not np.isclose(p.sum(), 1):
        raise ValueError(f"shares is {shares!r}, expected ten shares of at least 0 that sum to 1.")
    q = np.bincount(labels, minlength=10) / len(labels)
    seen = q > 0
    with np.errstate(divide="ignore"):
        return max(float((q[seen] * np.log(q[seen] / p[seen])).sum()), 0.0)


def label_agreement(judged: Sequence[int], labels: Sequence[int]) -> float:
    """The share of samples in which the judge reads the label that the model was asked for.

    Raises ValueError for labels outside 0 to 9, and for unequal numbers of them.
    """
    judged, labels = _labels(judged), _labels(labels)
    if len(judged) != len(labels):
        raise ValueError(f"found {len(judged)} judged labels and {len(labels)} labels, expected one for each sample.")
    return float((judged == labels).mean())


def neighbour_ratio(points: np.ndarray, trained_on: np.ndarray) -> np.ndarray:
    """Distance to the nearest row of `trained_on` over the distance to the second nearest, for each row: (n,).

    A copy has a ratio near 0, also a slightly noisy one. A point that is near everything, such as an average, has
    one near 1. Where both distances are 0 the ratio is 0. Bytes in `trained_on` stand for 0 to 255 of 255: so
    pictures take a quarter of the memory.

    Raises ValueError unless both are tables of finite numbers with as many columns, and for fewer than two rows in
    `trained_on`.
    """
    points, seen = _floats(_table(points, "points")), _table(trained_on, "trained_on")
    if len(seen) < 2:
        raise ValueError(f"trained_on has {len(seen)} row, expected at least 2: one must be second nearest.")
    if points.shape[1] != seen.shape[1]:
        raise ValueError(f"points has {points.shape[1]} columns and trained_on {seen.shape[1]}; expected as many.")
    two = _two_nearest(points, seen)
    # The search expands squares, which leaves a copy a distance of rounding errors; differences leave it 0.
    distances = np.sort([np.linalg.norm(points - _floats(seen[column]), axis=1) for column in two.T], axis=0)
    return np.divide(distances[0], distances[1], out=np.zeros_like(distances[0]), where=distances[1] > 0)


def _two_nearest(points: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """The rows of `seen` nearest and second nearest to each point: integers (n, 2)."""
    found, least = np.zeros((len(points), 2), int), np.full((len(points), 2), np.inf)
    for first in range(0, len(seen), _COLUMNS):
        rows = _floats(seen[first : first + _COLUMNS])
        lengths = np.einsum("ij,ij->i", rows, rows)
        for start in range(0, len(points), _ROWS):
            some = slice(start, start + _ROWS)
            squares = -2 * (points[some] @ rows.T)
            squares += lengths  # less |point|², which is the same for all
            for _ in range(2):
                column = squares.argmin(axis=1)[:, None]
                square = np.take_along_axis(squares, column, axis=1)
                np.put_along_axis(squares, column, np.inf, axis=1)
                # the nearest so far, then the second so far, then this one: keep two
                squares_3, rows_3 = np.hstack([least[some], square]), np.hstack([found[some], first + column])
                order = squares_3.argsort(axis=1, kind="stable")[:, :2]
                least[some], found[some] = (np.take_along_axis(x, order, axis=1) for x in (squares_3, rows_3))
    return found


def _floats(rows: np.ndarray) -> np.ndarray:
    return np.divide(rows, 255, dtype=np.float32) if rows.dtype == np.uint8 else rows


def _root(cov: np.ndarray) -> np.ndarray:
    """The symmetric square root; eigenvalues that rounding made negative count as 0."""
    values, vectors = np.linalg.eigh(cov)
    return (vectors * np.sqrt(values.clip(min=0))) @ vectors.T


def _table(x: np.ndarray, name: str) -> np.ndarray:
    x = x if getattr(x, "dtype", None) == np.uint8 else floats(x, name)
    if x.ndim != 2 or 0 in x.shape or not np.isfinite(x).all():
        raise ValueError(f"{name} has shape {x.shape}{'' if x.ndim != 2 or 0 in x.shape else ' and NaN or infinity'}; "
                         "expected finite numbers, one point a row.")
    return x


def _labels(labels: Sequence[int]) -> np.ndarray:
    labels = numbers(labels, "labels")
    if labels.ndim != 1 or len(labels) == 0 or not np.isin(labels, range(10)).all():
        raise ValueError(f"labels has shape {labels.shape} and values such as {labels.ravel()[:3].tolist()}; "
                         "expected a row of integers from 0 to 9.")
    return labels.astype(np.int64)
