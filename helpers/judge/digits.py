"""The digit judge: one ruler for every model that draws digits. The appendix "The judge" trains and explains it.

A small frozen network turns a picture into 64 features, which over real digits have about mean 0 and variance 1, and
into a label. It knows strokes, not beauty, and it does not say *why* a number is what it is.
"""

import os
import warnings
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from scipy.special import softmax

from helpers import arguments
from helpers.data import digits
from helpers.judge.metrics import (
    ball_radii,
    class_balance,
    density_coverage,
    expected_coverage,
    gaussian_distance,
    label_agreement,
    neighbour_ratio,
)
from helpers.networks import Network, shipped
from helpers.scale import scale

MODEL, STATISTICS = "digit_judge.npz", "digit_judge_statistics.npz"
N_MIN = 500  # fewer samples say too little about the covariance of 64 features
DIGITS_ONLY = ("The judge knows handwritten digits only, and compares with MNIST's. Of other pictures in COURSE_DATA "
               "its numbers say nothing.")
_outputs: dict[bytes, dict[str, np.ndarray]] = {}  # for the last pictures only, which the next measure often needs
BY_CHANCE, ALLOWED = 0.01, 0.03  # suspicious among fresh digits; among samples, at most


def features(images: np.ndarray) -> np.ndarray:
    """The judge's 64 features of images (n, 28, 28) in [0, 1]: float64 (n, 64).

    Raises ValueError for images of another form.
    """
    return _judge(images)["features"].astype(np.float64)


def predict(images: np.ndarray) -> np.ndarray:
    """The labels that the judge reads in images (n, 28, 28) in [0, 1]: int64 (n,).

    Raises ValueError for images of another form.
    """
    return _judge(images)["logits"].argmax(axis=1)


def probabilities(images: np.ndarray) -> np.ndarray:
    """The probabilities that the judge gives to the ten labels of images (n, 28, 28): float64 (n, 10).

    Of a picture that is no digit they say little: like any network, the judge can be sure of nonsense.

    Raises ValueError for images of another form.
    """
    return softmax(_judge(images)["logits"].astype(np.float64), axis=1)


def frechet_distance(samples: np.ndarray) -> float:
    """Fréchet distance of samples (n, 28, 28), n >= 500, to the 10,000 digits of MNIST's test set.

    Mean and covariance of the judge's features stand for each set. Real digits score `floor(n)`, not 0: the
    estimate from n samples is too large by about a constant / n. So compare scores of equal n only, and only with
    scores by this judge. Source: Heusel et al. (2017), who use the Inception network.

    Raises ValueError for too few samples, and for one picture repeated, which has no covariance. Other repeats are not
    refused: coverage shows them.
    """
    return _frechet(features(_several(samples, "samples")))


def floor(n_samples: int) -> tuple[float, float]:
    """Mean and standard deviation of `frechet_distance` over draws of n real digits of MNIST's training set.

    Measured at 500, 1,000, 2,000, 5,000 and 10,000; linear in 1 / n between. Raises ValueError outside, TypeError for
    what is no number.
    """
    known = _statistics()
    n, n_samples = known["floor_n"], arguments.number(n_samples, "n_samples")
    if not n[0] <= n_samples <= n[-1]:
        raise ValueError(f"n_samples is {n_samples:g}, which is not as expected: the floor was measured from {n[0]} to "
                         f"{n[-1]} samples.")
    mean, sd = (np.interp(1 / n_samples, 1 / n[::-1], known[key][::-1]) for key in ("floor_mean", "floor_sd"))
    return float(mean), float(sd)


def memorisation(samples: np.ndarray, trained_on: np.ndarray, held_out: np.ndarray) -> float:
    """The share of samples (n, 28, 28) that lie suspiciously near one training picture; above 0.03 is copying.

    Suspicious is a `neighbour_ratio` in pixels that only 1% of fresh digits, `held_out`, fall below: fresh digits
    score about 0.01. Blurred samples are near everything and not accused. Not caught: copies moved by a pixel, and
    a model that copies once in a hundred times. After Carlini et al. (2023) and Yoon et al. (2023).

    Bytes in `trained_on` stand for 0 to 255 of 255: so pictures take a quarter of the memory.

    Raises ValueError for fewer than 500 samples or held-out digits, whose shares would be too uncertain, and where more
    than 1% of the held-out digits are training digits.
    """
    seen = _flat(_images(trained_on, "trained_on", bytes_too=True))
    mark = _mark(_flat(_several(held_out, "held_out")), seen)
    if mark == 0:
        raise ValueError("more than 1% of held_out are in trained_on; expected digits that the model has not seen.")
    return _suspicious(_flat(_several(samples, "samples")), seen, mark)


def report(samples: np.ndarray, labels: Sequence[int] | None = None) -> dict[str, float]:
    """Every number that the judge has about samples (n, 28, 28) in [0, 1], 500 <= n <= 10,000.

    Parameters
    ----------
    samples : array (n, 28, 28)
        By a model that was trained on the training part of `digits()`, at the present scale.
    labels : array (n,), optional
        What the model was asked to draw; adds label_agreement.

    Returns
    -------
    dict
        n_samples, frechet_distance, floor, density, coverage, expected_coverage, class_balance, memorisation,
        copies (memorisation is above 0.03). Coverage is against real digits: all 5,000 embedded ones at demo scale,
        MNIST's test set at full scale; memorisation and class balance against the training part of `digits()`. So at
        demo scale the embedded test digits themselves would cover more than expected_coverage.

    Raises ValueError for samples or labels of another form.
    """
    images = _several(samples, "samples")
    judged, known = _judge(images), _reference(scale())
    fake, read = judged["features"].astype(np.float64), judged["logits"].argmax(axis=1)
    density, coverage = density_coverage(known.features, fake, radii=known.radii)
    near = _suspicious(_flat(images), known.seen, known.mark)
    numbers = {"n_samples": len(fake), "frechet_distance": _frechet(fake), "floor": floor(len(fake))[0],
               "density": density, "coverage": coverage,
               "expected_coverage": expected_coverage(len(known.features), len(fake)),
               "class_balance": class_balance(read, known.shares), "memorisation": near, "copies": near > ALLOWED}
    return numbers if labels is None else {**numbers, "label_agreement": label_agreement(read, labels)}


def over_seeds(reports: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each number over several reports, and as "... sd" its standard deviation: scores for the manifest."""
    columns = {key: [float(one[key]) for one in reports] for key in reports[0]}
    spreads = {f"{key} sd": float(np.std(column, ddof=1)) for key, column in columns.items() if len(column) > 1}
    return {key: float(np.mean(column)) for key, column in columns.items()} | spreads


def table(lines: Mapping[str, Mapping[str, float]]) -> str:
    """Reports as text, a line a model: what `report` or the manifest's scores say of each."""
    text = ["                        n  distance  floor  density  coverage  ideal  agree  copies"]
    for name, one in lines.items():
        agree = f"{one['label_agreement']:7.0%}" if "label_agreement" in one else "      -"
        text.append(f"{name:18} {one['n_samples']:6,.0f} {one['frechet_distance']:9.1f} {one['floor']:6.1f} "
                    f"{one['density']:8.2f} {one['coverage']:9.2f} {one['expected_coverage']:6.2f}{agree} "
                    f"{one['memorisation']:7.1%}")
    return "\n".join(text)


@lru_cache(maxsize=1)
def _network() -> Network:
    if os.environ.get("COURSE_DATA"):
        warnings.warn(DIGITS_ONLY, stacklevel=2)
    return shipped.load(MODEL)


def _statistics() -> dict[str, np.ndarray]:
    """Mean and covariance of the test set's features, and the floors, all measured with this very network."""
    known = shipped.load(STATISTICS)
    if str(known["judge"]) != shipped.about(MODEL)["sha256"]:
        raise ValueError(f"{STATISTICS} was measured with another network than {MODEL}: run "
                         f"{shipped.about(MODEL)['command']}, which makes both.")
    return known


class _Reference(NamedTuple):
    """What samples are compared with."""

    features: np.ndarray  # of the real digits, for coverage
    radii: np.ndarray  # of the balls round them
    shares: np.ndarray  # of the classes in the data
    seen: np.ndarray  # the training pictures, as rows of bytes
    mark: float  # the neighbour ratio below which a sample is suspicious


@lru_cache(maxsize=1)
def _reference(at_scale: str) -> _Reference:
    """Measured once for each scale."""
    (x_train, y_train), (x_test, _) = digits()
    seen = np.empty((len(x_train), 784), np.uint8)  # a quarter of the 190 MB that the pictures take at full scale
    for some, pictures in zip(np.array_split(seen, 20), np.array_split(_flat(x_train), 20), strict=True):
        some[:] = (255 * pictures).round()
    real = features(x_test)
    if at_scale == "demo":
        real = np.concatenate([features(x_train), real])
    del x_train, pictures
    shares = np.bincount(y_train, minlength=10) / len(y_train)
    return _Reference(real, ball_radii(real), shares, seen, _mark(_flat(x_test), seen))


def _mark(fresh: np.ndarray, seen: np.ndarray) -> float:
    """The neighbour ratio below which 1% of fresh pictures lie."""
    return float(np.quantile(neighbour_ratio(fresh, seen), BY_CHANCE))


def _suspicious(rows: np.ndarray, seen: np.ndarray, mark: float) -> float:
    return float((neighbour_ratio(rows, seen) < mark).mean())


def _judge(images: np.ndarray) -> dict[str, np.ndarray]:
    network, images = _network(), np.ascontiguousarray(_images(images))
    key = blake2b(images).digest()
    outputs = _outputs.get(key) or network(images)
    _outputs.clear()
    _outputs[key] = outputs
    return outputs


def _frechet(fake: np.ndarray) -> float:
    real = _statistics()
    return gaussian_distance(fake.mean(axis=0), np.cov(fake.T), real["mean"], real["cov"])


def _flat(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1)


def _several(images: np.ndarray, name: str) -> np.ndarray:
    """Enough pictures for statistics, and not one picture again and again."""
    images = _images(images, name)
    if len(images) < N_MIN:
        raise ValueError(f"{name} has {len(images)} pictures, expected at least {N_MIN}: fewer say too little.")
    if (images == images[0]).all():
        raise ValueError(f"{name} is one picture, {len(images)} times: expected different ones, which have a "
                         "covariance and so a distance.")
    return images


def _images(images: np.ndarray, name: str = "images", bytes_too: bool = False) -> np.ndarray:
    images = arguments.numbers(images, name)
    if images.ndim != 3 or images.shape[1:] != (28, 28) or len(images) == 0:
        raise ValueError(f"{name} has shape {images.shape}, expected (n, 28, 28) with n >= 1; "
                         "samples[..., 0] removes a last axis of 1, samples.reshape(-1, 28, 28) unrolls rows.")
    if bytes_too and images.dtype == np.uint8:
        return images
    low, high = images.min(), images.max()
    if not np.isfinite([low, high]).all():  # a NaN is its own array's minimum and maximum
        raise ValueError(f"{name} holds NaN, infinity or what is no number, expected numbers from 0 to 1.")
    if low < -1e-6 or high > 1 + 1e-6:  # a sigmoid can round to 1.0000001
        raise ValueError(f"{name} has values from {low:.4g} to {high:.4g}, expected 0 (paper) to 1 (ink). Divide grey "
                         "values by 255; map tanh's -1 to 1 with (x + 1) / 2; clip what a Gaussian throws outside.")
    images = images.astype(np.float32, copy=False)
    return images if 0 <= low and high <= 1 else images.clip(0, 1)
