"""The run of programs/digit_vae.js in NumPy: the same seed, the same weights, batches and noise, the same numbers."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np

from .parts import N_HELD, N_TRAIN, digit_bytes
from .wrodl_models import uniforms

BATCH, HIDDEN, DRAWS = 100, 128, 50
STEPS = N_TRAIN // BATCH  # of an epoch
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7  # Adam's, as in Keras


class Noise:
    """learn/noise.js: uniform and normal numbers, and orders, from one seed."""

    def __init__(self, seed: int):
        self._uniforms, self._spare = uniforms(seed), None

    def uniform(self, n: int) -> np.ndarray:
        return np.fromiter(self._uniforms, float, n)

    def normals(self, shape: tuple[int, ...]) -> np.ndarray:
        """Draws from N(0, 1), float32: Box and Muller's, two at a time."""
        n = int(np.prod(shape))
        first = [] if self._spare is None else [self._spare]
        pairs = self.uniform(2 * ((n - len(first) + 1) // 2)).reshape(-1, 2)
        radius, angle = np.sqrt(-2 * np.log1p(-pairs[:, 0])), 2 * np.pi * pairs[:, 1]
        found = np.append(first, np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1))
        self._spare = found[n] if len(found) > n else None
        return found[:n].reshape(shape).astype(np.float32)

    def shuffle(self, n: int) -> np.ndarray:
        order = np.arange(n)
        for i, u in zip(range(n - 1, 0, -1), self.uniform(n - 1), strict=True):
            j = int(u * (i + 1))
            order[[i, j]] = order[[j, i]]
        return order


class Run:
    """A network that learns: `step` by step. `last` and `held` are both terms of the ELBO, in nats."""

    def __init__(self, latent: int, beta: float, rate: float, seed: int):
        self.latent, self.beta, self.rate = latent, beta, rate
        self._noise = Noise(seed)
        self._held_noise = Noise(seed + 1).normals((N_HELD, latent))
        self.points = Noise(seed + 2).normals((DRAWS, latent))
        self._x = _digits()
        self.weights = [part for sizes in ((784, HIDDEN, 2 * latent), (latent, HIDDEN, 784))
                        for part in self._start(sizes)]
        self._moments = [(np.zeros_like(w), np.zeros_like(w)) for w in self.weights]
        self.steps, self.last = 0, (0.0, 0.0)
        self.held = self._ask_held()

    def _start(self, sizes: tuple[int, ...]) -> Iterator[np.ndarray]:
        """Glorot's uniform kernels, biases of 0."""
        for inputs, outputs in pairwise(sizes):
            kernel = (2 * self._noise.uniform(inputs * outputs) - 1) * np.sqrt(6 / (inputs + outputs))
            yield kernel.reshape(inputs, outputs).astype(np.float32)
            yield np.zeros(outputs, np.float32)

    def step(self) -> None:
        """Learn from the next 100 digits."""
        if self.steps % STEPS == 0:
            self._order = self._noise.shuffle(N_TRAIN)
        first = self.steps % STEPS * BATCH
        x, noise = self._x[self._order[first : first + BATCH]], self._noise.normals((BATCH, self.latent))
        terms, passed = self._forward(x, noise)
        self.last = tuple(float(term) for term in terms)
        self.steps += 1
        scale = self.rate * np.sqrt(1 - BETA_2**self.steps) / (1 - BETA_1**self.steps)
        for w, (m, v), g in zip(self.weights, self._moments, self._gradients(x, noise, *passed), strict=True):
            m += (1 - BETA_1) * (g - m)
            v += (1 - BETA_2) * (g**2 - v)
            w -= scale * m / (np.sqrt(v) + EPSILON)
        if self.steps % STEPS == 0:
            self.held = self._ask_held()

    def decode(self, z: np.ndarray) -> np.ndarray:
        """The chance of ink of each pixel, (n, 784)."""
        return 1 / (1 + np.exp(-self._decoder(np.asarray(z, np.float32))[1]))

    def _decoder(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        *_, kernel_1, bias_1, kernel_2, bias_2 = self.weights
        hidden = np.maximum(z @ kernel_1 + bias_1, 0)
        return hidden, hidden @ kernel_2 + bias_2

    def _forward(self, x: np.ndarray, noise: np.ndarray) -> tuple[tuple, tuple]:
        """Both terms, and what the way back needs."""
        kernel_1, bias_1, kernel_2, bias_2 = self.weights[:4]
        hidden = np.maximum(x @ kernel_1 + bias_1, 0)
        mu, log_var = np.split(hidden @ kernel_2 + bias_2, 2, axis=1)
        z = mu + np.exp(log_var / 2) * noise
        below, logits = self._decoder(z)
        reconstruction = (x * logits - np.logaddexp(0, logits)).sum(axis=1).mean()
        kl = 0.5 * (np.exp(log_var) + mu**2 - 1 - log_var).sum(axis=1).mean()
        return (reconstruction, kl), (hidden, mu, log_var, z, below, logits)

    def _gradients(self, x, noise, hidden, mu, log_var, z, below, logits) -> list[np.ndarray]:
        """Of beta KL - reconstruction, in the order of the weights."""
        kernel_2, kernel_3, kernel_4 = self.weights[2], self.weights[4], self.weights[6]
        d_logits = (1 / (1 + np.exp(-logits)) - x) / len(x)
        d_below = d_logits @ kernel_4.T * (below > 0)
        d_z, weight = d_below @ kernel_3.T, np.float32(self.beta / len(x))
        d_mu = d_z + weight * mu
        d_log_var = d_z * noise * np.exp(log_var / 2) / 2 + weight * (np.exp(log_var) - 1) / 2
        d_code = np.concatenate([d_mu, d_log_var], axis=1)
        d_hidden = d_code @ kernel_2.T * (hidden > 0)
        return [part for inputs, back in ((x, d_hidden), (hidden, d_code), (z, d_below), (below, d_logits))
                for part in (inputs.T @ back, back.sum(axis=0))]

    def _ask_held(self) -> tuple[float, float]:
        return tuple(float(term) for term in self._forward(self._x[N_TRAIN:], self._held_noise)[0])


@cache
def _digits() -> np.ndarray:
    pixels = np.frombuffer(digit_bytes(), np.uint8)[: (N_TRAIN + N_HELD) * 784]
    return pixels.reshape(-1, 784).astype(np.float32) / 255
