"""The browser's engine for figures that learn, again in NumPy: what its runs are compared with (helpers/live/learn)."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from .wrodl_models import uniforms

Parameters = list[np.ndarray]  # kernel, bias, layer by layer


class Noise:
    """Random numbers of a run, the same as in the browser (learn/noise.js)."""

    def __init__(self, seed: int):
        self._uniforms, self._spare = uniforms(seed), None

    def uniform(self) -> float:
        return next(self._uniforms)

    def normal(self) -> float:
        """A draw from N(0, 1): Box and Muller give two at a time."""
        if self._spare is not None:
            kept, self._spare = self._spare, None
            return kept
        radius, angle = math.sqrt(-2 * math.log(1 - self.uniform())), 2 * math.pi * self.uniform()
        self._spare = radius * math.sin(angle)
        return radius * math.cos(angle)

    def normals(self, *shape: int) -> np.ndarray:
        """Draws from N(0, 1), float32, row by row."""
        return np.array([self.normal() for _ in range(math.prod(shape))], np.float32).reshape(shape)

    def rows(self, n: int, n_rows: int) -> np.ndarray:
        """n of the numbers 0 to n_rows - 1, each drawn anew."""
        return np.array([int(self.uniform() * n_rows) for _ in range(n)])


def start(sizes: Sequence[int], noise: Noise) -> Parameters:
    """Kernels uniform within Glorot's limit and biases 0, as Keras starts dense layers."""
    parameters = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = math.sqrt(6 / (n_in + n_out))
        kernel = [limit * (2 * noise.uniform() - 1) for _ in range(n_in * n_out)]
        parameters += [np.reshape(kernel, (n_in, n_out)).astype(np.float32), np.zeros(n_out, np.float32)]
    return parameters


def forward(parameters: Parameters, x: np.ndarray) -> list[np.ndarray]:
    """The rows x and what each layer makes of them; all layers but the last have a ReLU."""
    rows = [np.asarray(x, np.float32)]
    for k in range(0, len(parameters), 2):
        sums = rows[-1] @ parameters[k] + parameters[k + 1]
        rows.append(np.maximum(sums, 0) if k + 2 < len(parameters) else sums)
    return rows


def backward(parameters: Parameters, rows: list[np.ndarray], slopes: np.ndarray) -> tuple[Parameters, list[np.ndarray]]:
    """The gradients of all parameters, and those of the input and of each layer's sums, first to last."""
    gradients, back = [], [np.asarray(slopes, np.float32)]
    for k in range(len(parameters) - 2, -1, -2):
        gradients = [rows[k // 2].T @ back[0], back[0].sum(axis=0), *gradients]
        before = back[0] @ parameters[k].T
        back.insert(0, before * (rows[k // 2] > 0) if k else before)
    return gradients, back


def steepness(parameters: Parameters, x: np.ndarray, gamma: float) -> Parameters:
    """The gradients of R1, gamma / 2 times the mean squared slope of the network's one output at the rows x."""
    rows = forward(parameters, x)
    _, back = backward(parameters, rows, np.ones((len(x), 1)))
    carried, gradients = back[0] * np.float32(gamma / len(x)), []
    for k in range(0, len(parameters), 2):
        gradients += [carried.T @ back[k // 2 + 1], np.zeros_like(parameters[k + 1])]
        carried = carried @ parameters[k]
        if k + 2 < len(parameters):
            carried = carried * (rows[k // 2 + 1] > 0)
    return gradients


def adam(parameters: Parameters, beta1: float = 0.9, beta2: float = 0.999) -> Callable[[Parameters, float], None]:
    """Keras's Adam: a function that moves the parameters, in place, along gradients with a rate."""
    means, squares = ([np.zeros_like(value) for value in parameters] for _ in range(2))
    steps: Iterator[int] = iter(range(1, 2**31))

    def step(gradients: Parameters, rate: float) -> None:
        n = next(steps)
        scale = rate * math.sqrt(1 - beta2**n) / (1 - beta1**n)
        for value, gradient, mean, square in zip(parameters, gradients, means, squares, strict=True):
            mean += (gradient - mean) * np.float32(1 - beta1)
            square += (gradient**2 - square) * np.float32(1 - beta2)
            value -= np.float32(scale) * mean / (np.sqrt(square) + np.float32(1e-7))

    return step
