"""The second inspector of faces: a small convolutional network, which looks at shapes and colours and not at patterns.

The Fashion Police (`helpers.judge.faces`) note exact colours in blocks of 2 × 2 pixels, wherever they are. A model
could please them and still draw hair beside the head. This inspector sees windows of 5 × 5 pixels, then of 13 × 13,
and where in the picture they are; and near colours are near to it. It learns by gradient descent, in NumPy.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import expit
from threadpoolctl import threadpool_limits

from helpers.arguments import shades, whole
from helpers.judge.faces import FEWEST, Verdict, verdict

N_EPOCHS, BATCH, RATE, DECAY = 15, 50, 2e-3, 1e-3
WINDOWS = ((5, 2), (5, 2))  # of each convolution: its side, and its step
CHANNELS = 3, 24, 32
SMALLEST = 13  # rows and columns that the two windows need
BETAS = 0.9, 0.999  # Adam's


class Convolution(NamedTuple):
    """What one layer keeps of its input for the way back."""

    rows: np.ndarray
    out: np.ndarray


def second_inspector(real: np.ndarray, generated: np.ndarray, seed: int = 0) -> Verdict:
    """How often a small convolutional network can tell real faces from generated ones: 50% is perfect.

    It learns from one half of the pictures of each kind and judges the other half, then the other way round, so
    that every picture is judged once, by a network that has not seen it.

    Parameters
    ----------
    real, generated : array (n, height, width, 3)
        Colours in [0, 1] (``palette[pixels]``), at least 100 pictures of each kind, and as many of each.
    seed : int
        Of the halves, the first weights and the order of the batches.

    Returns
    -------
    Verdict
        accuracy, the share of all 2n pictures judged rightly, and its standard error.

    Raises
    ------
    ValueError
        Fewer than 100 pictures of a kind, unequal numbers or sizes, no colours in [0, 1], a negative seed.
    TypeError
        A seed that is not an integer.

    Source: D. Lopez-Paz and M. Oquab, Revisiting classifier two-sample tests, ICLR 2017.
    """
    real, generated, seed = shades(real, "real"), shades(generated, "generated"), whole(seed, "seed")
    _check_shapes(real.shape, generated.shape)
    rng = np.random.default_rng(seed)
    X = np.concatenate([real, generated]).astype(np.float32) - np.float32(0.5)
    y = np.repeat(np.float32([0, 1]), len(real))
    half = np.concatenate([rng.permutation(len(real)) % 2 for _ in range(2)]).astype(bool)
    right = np.empty(len(y), bool)
    with threadpool_limits(1):
        for judge in (half, ~half):
            weights = _learn(X[~judge], y[~judge], rng)
            right[judge] = (_forward(X[judge], weights)[0] > 0) == y[judge]
    return verdict(right)


def _check_shapes(real: tuple[int, ...], generated: tuple[int, ...]) -> None:
    if real != generated or len(real) != 4 or real[0] < FEWEST or min(real[1:3]) < SMALLEST or real[3] != 3:
        raise ValueError(f"real has shape {real} and generated {generated}; expected the same, (n, height, width, 3): "
                         f"at least {FEWEST} pictures of each kind, of {SMALLEST} × {SMALLEST} pixels or more, as "
                         "colours: palette[pixels].")


def _learn(X: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """The weights after N_EPOCHS of Adam, with decoupled weight decay."""
    weights = _start(X.shape, rng)
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))
    n_steps = 0
    for _ in range(N_EPOCHS):
        for batch in np.array_split(rng.permutation(len(y)), len(y) // BATCH):
            n_steps += 1
            for w, slope, m, v in zip(weights, _slopes(X[batch], y[batch], weights), first, second, strict=True):
                m += (1 - BETAS[0]) * (slope - m)
                v += (1 - BETAS[1]) * (slope**2 - v)
                step = m / (1 - BETAS[0]**n_steps) / (np.sqrt(v / (1 - BETAS[1]**n_steps)) + 1e-8)
                w -= RATE * (step + DECAY * w)
    return weights


def _start(shape: tuple[int, ...], rng: np.random.Generator) -> list[np.ndarray]:
    """Kernel and bias of each convolution, then those of the last sum, which starts at 0."""
    weights, side = [], np.array(shape[1:3])
    for (window, step), before, after in zip(WINDOWS, CHANNELS, CHANNELS[1:], strict=False):
        fan_in = window * window * before
        kernel = rng.standard_normal((fan_in, after)) * np.sqrt(2 / fan_in)  # He's start
        weights += [kernel.astype(np.float32), np.zeros(after, np.float32)]
        side = (side - window) // step + 1
    return [*weights, np.zeros(side.prod() * CHANNELS[-1], np.float32), np.zeros(1, np.float32)]


def _forward(x: np.ndarray, weights: list[np.ndarray]) -> tuple[np.ndarray, list[Convolution]]:
    """The logit of "generated" for each picture, and what each convolution saw and said."""
    seen = []
    for (window, step), kernel, bias in zip(WINDOWS, weights[:-2:2], weights[1:-2:2], strict=True):
        windows = sliding_window_view(x, (window, window), axis=(1, 2))[:, ::step, ::step].transpose(0, 1, 2, 4, 5, 3)
        rows = windows.reshape(*windows.shape[:3], -1)
        x = np.maximum(rows @ kernel + bias, 0)
        seen.append(Convolution(rows, x))
    return x.reshape(len(x), -1) @ weights[-2] + weights[-1], seen


def _slopes(x: np.ndarray, y: np.ndarray, weights: list[np.ndarray]) -> list[np.ndarray]:
    """The slope of the mean cross-entropy along each weight, by backpropagation."""
    logits, seen = _forward(x, weights)
    error = (expit(logits) - y) / len(y)
    last = seen[-1].out
    slopes = [last.reshape(len(last), -1).T @ error, error.sum(keepdims=True)]
    back = np.multiply.outer(error, weights[-2]).reshape(last.shape)
    for k in reversed(range(len(seen))):
        back = back * (seen[k].out > 0)
        rows, flat = seen[k].rows, back.reshape(-1, back.shape[-1])
        slopes = [rows.reshape(len(flat), -1).T @ flat, flat.sum(axis=0), *slopes]
        if k:
            back = _spread(back @ weights[2 * k].T, seen[k - 1].out.shape, *WINDOWS[k])
    return slopes


def _spread(rows: np.ndarray, shape: tuple[int, ...], window: int, step: int) -> np.ndarray:
    """Slopes along windows, added up where the windows overlap: (n, height, width, channels)."""
    sums = np.zeros(shape, rows.dtype)
    height, width = rows.shape[1:3]
    rows = rows.reshape(*rows.shape[:3], window, window, -1)
    for i in range(window):
        for j in range(window):
            sums[:, i : i + step * height : step, j : j + step * width : step] += rows[:, :, :, i, j]
    return sums
