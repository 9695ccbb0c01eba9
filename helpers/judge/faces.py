"""One ruler for every model's samples; so far its part about faces and about neighbouring pixels.

It knows nothing of how the pictures came about: it gets pictures, and compares.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from helpers.arguments import numbers, whole

N_COLOURS = 256  # of a palette
N_SHADES = 8  # groups of colours, or levels of grey, between which `neighbour_information` tells
FEWEST = 100  # pictures of a kind; with fewer no verdict means much
N_FOLDS = 5
STEPS = ((0, 1), (1, 0), (0, 8), (8, 0))  # down, right: pairs of pixels whose colours the police note
BLOCK_BITS = 18  # 2 × 2 blocks of colours share 2**18 places
PENALTY = 0.1  # scikit-learn's C, chosen on other forgeries than those of the chapters


class Verdict(NamedTuple):
    """What `fashion_police` returns."""

    accuracy: float
    standard_error: float


class NeighbourInformation(NamedTuple):
    """What `neighbour_information` returns, in nats a pair of neighbours."""

    plug_in: float
    shuffled: float

    @property
    def excess(self) -> float:
        """What the neighbours share beyond chance: the estimate less what shuffled pixels give."""
        return self.plug_in - self.shuffled


def fashion_police(real: np.ndarray, generated: np.ndarray, seed: int = 0) -> Verdict:
    """How often a classifier can tell real faces from generated ones: 50% is perfect for the generator.

    A two-sample test by classification. The classifier is a logistic regression on which colours stand side by
    side, one above the other or eight pixels apart, and which blocks of 2 × 2 colours occur, wherever in the
    picture; each is weighted by how much more often it occurs in one kind. Five times it learns from four fifths of
    the pictures and judges the last fifth, so that every picture is judged by one that has not seen it.

    It cannot notice that generated faces are copies, as long as they are not copies of `real`, and are not dealt
    out more than once.

    Parameters
    ----------
    real : integer array (n, height, width)
        Palette indices from 0 to 255, at least 100 pictures, at best 1,000, which the generator never saw.
    generated : integer array (n, height, width)
        As many. A model that makes colours snaps them to the palette first (`helpers.data.faces.snap`).
    seed : int
        How the pictures are divided into fifths.

    Returns
    -------
    Verdict
        accuracy, the share of all 2n pictures judged rightly, and its standard error (that of a share; two right
        and two wrong verdicts are added, so that 100% has an error too).

    Raises
    ------
    ValueError
        Fewer than 100 pictures of a kind, unequal numbers or sizes, no palette indices, real pictures all alike,
        a negative seed.
    TypeError
        A seed that is not an integer.

    Source: D. Lopez-Paz and M. Oquab, Revisiting classifier two-sample tests, ICLR 2017; the weights are those of
    S. Wang and C. Manning, Baselines and bigrams, ACL 2012.
    """
    real, generated, seed = _indices(real, "real"), _indices(generated, "generated"), whole(seed, "seed")
    if real.shape != generated.shape:
        raise ValueError(f"real has shape {real.shape} and generated {generated.shape}; expected the same: pictures of "
                         "one size, and as many of each, so that half of the verdicts are right by chance.")
    if (real == real[0]).all():
        raise ValueError(f"All {len(real)} real pictures are the same; expected a sample of different ones.")
    X, y = _patterns(np.concatenate([real, generated])), np.repeat([0, 1], len(real))
    right = np.empty(len(y), bool)
    for learn, judge in StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed).split(X, y):
        weights = sparse.diags_array(_weights(X[learn], y[learn]))
        police = LogisticRegression(C=PENALTY, solver="liblinear", dual=True, tol=1e-2, random_state=seed)
        police.fit(X[learn] @ weights, y[learn])
        right[judge] = police.predict(X[judge] @ weights) == y[judge]
    return verdict(right)


def verdict(right: np.ndarray) -> Verdict:
    """The share of right verdicts (booleans) and its standard error."""
    share, n = (right.sum() + 2) / (len(right) + 4), len(right) + 4
    return Verdict(float(right.mean()), float(np.sqrt(share * (1 - share) / n)))


def neighbour_information(images: np.ndarray, seed: int = 0) -> NeighbourInformation:
    """The mutual information between neighbouring pixels, averaged over all pairs side by side or one above the other.

    Pixels are taken in eight shades: palette indices in eight groups of 32 (the palette of the faces runs from
    dark to light), grey values in eight equal steps. The estimate puts shares of the pictures in place of
    probabilities. That never gives less than 0, and too much on average: for independent pixels about
    (8 - 1)² / 2n, and with 256 colours, on 1,000 faces, more than twenty times that. So the same estimate is made once
    more with the pixels shuffled, each among the pictures by itself: this destroys dependence and keeps the error.

    Parameters
    ----------
    images : integer array (n, height, width) of palette indices from 0 to 255, or float array of greys in [0, 1]
        At least 100 pictures.
    seed : int
        Of the shuffle.

    Returns
    -------
    NeighbourInformation
        plug_in and shuffled, in nats a pair; excess is their difference. It may fall a little below 0.

    Raises
    ------
    ValueError
        Fewer than 100 pictures, another shape, values out of range, NaN, pictures all alike, a negative seed.
    TypeError
        A seed that is not an integer.
    """
    images, seed = numbers(images, "images"), whole(seed, "seed")
    if images.dtype.kind == "f":
        _check_shape(images, "images")
        if not ((images >= 0) & (images <= 1)).all():  # not so for NaN
            raise ValueError(f"images holds {_odd(images)}; expected greys in [0, 1]. Clip them, or divide by 255.")
        shades = np.minimum(images * N_SHADES, N_SHADES - 1).astype(np.int64)
    else:
        shades = _indices(images, "images") // (N_COLOURS // N_SHADES)
    if (images == images[0]).all():
        raise ValueError(f"All {len(images)} pictures are the same; expected different ones: a pixel "
                         "that never varies tells nothing of another.")
    mixed = np.random.default_rng(seed).permuted(shades.reshape(len(shades), -1), axis=0).reshape(shades.shape)
    return NeighbourInformation(_mean_information(shades), _mean_information(mixed))


def _mean_information(shades: np.ndarray) -> float:
    """The mean over neighbours a, b of H(a) + H(b) - H(a, b), shares in place of probabilities."""
    found = []
    for a, b in ((shades[:, :, :-1], shades[:, :, 1:]), (shades[:, :-1], shades[:, 1:])):
        a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
        n_pairs = a.shape[1]
        cells = (np.arange(n_pairs) * N_SHADES + a) * N_SHADES + b
        counts = np.bincount(cells.ravel(), minlength=n_pairs * N_SHADES**2)
        joint = counts.reshape(n_pairs, N_SHADES, N_SHADES) / len(a)
        found.append(_entropy(joint.sum(2)) + _entropy(joint.sum(1)) - _entropy(joint.reshape(n_pairs, -1)))
    return float(np.concatenate(found).mean())


def _entropy(p: np.ndarray) -> np.ndarray:
    """Entropy in nats of each row of probabilities."""
    return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=1)


def _patterns(pictures: np.ndarray) -> sparse.csr_array:
    """Which pairs and blocks of colours a picture has: a row of truths for each."""
    columns = _columns(pictures.astype(np.int32))
    ends = np.arange(len(columns) + 1, dtype=np.int32) * columns.shape[1]
    shape = len(columns), len(STEPS) * N_COLOURS**2 + 2**BLOCK_BITS
    found = sparse.csr_array((np.ones(columns.size, bool), columns.ravel(), ends), shape=shape)
    found.sum_duplicates()
    return found[:, found.sum(axis=0) > 1]  # what only one picture has cannot help to judge another


def _columns(pictures: np.ndarray) -> np.ndarray:
    """The number of each pair and of each block in a picture: int32 (n, pairs and blocks), some of them several times.

    int32 takes half the memory of int64, and these are the largest arrays here.
    """
    n, height, width = pictures.shape
    kinds = []
    for k, (down, right) in enumerate(STEPS):
        first, second = pictures[:, : height - down, : width - right], pictures[:, down:, right:]
        kinds.append((k * N_COLOURS**2 + first * N_COLOURS + second).reshape(n, -1))
    pairs = (pictures[:, :, :-1] * N_COLOURS + pictures[:, :, 1:]).astype(np.uint32)
    hashed = pairs[:, :-1] * np.uint64(N_COLOURS**2)
    hashed += pairs[:, 1:]
    hashed *= np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash
    hashed >>= np.uint64(64 - BLOCK_BITS)
    kinds.append(len(STEPS) * N_COLOURS**2 + hashed.reshape(n, -1).astype(np.int32))
    return np.concatenate(kinds, axis=1)


def _weights(X: sparse.csr_array, y: np.ndarray) -> np.ndarray:
    """For each pattern the log of how much more often it occurs in generated pictures than in real ones."""
    real, generated = (X[y == kind].sum(axis=0, dtype=np.float32) for kind in (0, 1))
    return np.log((generated + 1) / (real + 1))


def _indices(images: np.ndarray, name: str) -> np.ndarray:
    """Palette indices as int64, checked."""
    images = numbers(images, name, "palette indices, integers from 0 to 255")
    _check_shape(images, name)
    if images.dtype.kind not in "iu":
        raise ValueError(f"{name} holds values of type {images.dtype} ({_odd(images)}); expected palette indices, "
                         "integers from 0 to 255. helpers.data.faces.snap(images, palette) makes them of colours.")
    if images.min() < 0 or images.max() >= N_COLOURS:
        raise ValueError(f"{name} holds values from {images.min()} to {images.max()}; expected palette indices "
                         "from 0 to 255.")
    return images.astype(np.int64)


def _check_shape(images: np.ndarray, name: str) -> None:
    if images.ndim != 3 or min(images.shape[1:]) < 2:
        raise ValueError(f"{name} has shape {images.shape}; expected (n, height, width): one number a pixel, and "
                         "pictures of at least 2 × 2.")
    if len(images) < FEWEST:
        raise ValueError(f"{name} holds {len(images)} pictures; expected at least {FEWEST}. Draw more.")


def _odd(images: np.ndarray) -> str:
    """What is out of the ordinary about these numbers."""
    if not np.issubdtype(images.dtype, np.number):
        return f"such as {images.flat[0]!r}"
    if np.isnan(images).any():
        return "NaN among them"
    return f"values from {images.min():g} to {images.max():g}"
