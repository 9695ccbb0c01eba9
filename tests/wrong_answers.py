"""Typical wrong answers to every exercise, as readers give them; the page's own Python is asked about them, too."""

import itertools

import numpy as np
from scipy.special import expit, gammaln, logsumexp
from scipy.stats import norm

WEIGHT = norm(200, 40)
cholesky, log = np.linalg.cholesky, np.log


def diagonal_density(x, mu, cov):
    return norm.logpdf(x, mu, np.sqrt(np.diag(cov))).sum()


def lists(cut):
    """A function of naive Bayes' probabilities that takes its first code for all, or another by `cut`."""
    return lambda theta, z: np.stack([cut(np.cumsum(p), u) for p, u in zip(theta, z.T, strict=True)], axis=1)


def straight(points, n_steps):
    t = np.linspace(0, 1, n_steps, endpoint=False)[:, None]
    return np.concatenate([*[(1 - t) * a + t * b for a, b in itertools.pairwise(points)], points[-1:]])


def duel(n_moves, rate, sign=1, curator=True):
    theta, psi, moves = 1.0, 0.0, [(1.0, 0.0)]
    for _ in range(n_moves):
        psi = psi - sign * rate * theta * expit(psi * theta) if curator else psi
        theta = theta + rate * psi * expit(psi * theta)
        moves.append((theta, psi))
    return np.array(moves)


def euler(velocity, z, n_steps):
    for k in range(n_steps):
        z = z + velocity(z, k / n_steps) / n_steps
    return z


TYPICAL_WRONG = {
    "1.1": [0.119, 1 / 0.349, 57.3, 0.0209, 1 / (np.radians(20) * 2)],
    "1.2": [lambda X: X.min(axis=0), lambda X: (*X[0], *X[-1]), lambda X: [X.min(), X.max(), X.min(), X.max()],
            lambda X: (X[:, 0].min(), max(0, X[:, 0].max()), X[:, 1].min(), max(0, X[:, 1].max())),
            lambda X: (X[:, 0].min(), X[:, 1].min(), X[:, 0].max(), X[:, 1].max())],
    "1.3": [(117, 58, 26, 66), (26, 66, 58, 117), (-180, 180, -90, 90), (113, 154, -39, -11), (0, 1, 0, 1)],
    "1.4": [100, 101, 98, 99.5, 990, 0.99],
    "1.5": [[-0.402, 3.65], [3.65, 0.402], [1, -0.4], [3.65], [5.5, -0.8]],
    "2.1": [1.5, 0.0668, 93.32, 260, 0.9, 0.95],
    "2.2": [np.square, lambda z: 1 - np.sqrt(1 - z), lambda z: np.sqrt(1 - z), lambda z: np.sort(np.sqrt(z)),
            lambda z: np.sqrt(np.random.default_rng(0).random(len(z)))],
    "2.3": [lambda z: 240 + 40 * z, lambda z: WEIGHT.ppf(z)[WEIGHT.ppf(z) > 240], lambda z: WEIGHT.isf(z),
            lambda z: np.sort(WEIGHT.ppf(WEIGHT.cdf(240) + z * WEIGHT.sf(240))),
            lambda z: WEIGHT.ppf(1 - z * WEIGHT.sf(240))],
    "2.4": [208, 210, 211, 213.5, 200],
    "2.5": [[[40, 0], [4.5, 2.179]], np.eye(2), [[40, 0], [0, 5]], [[1600, 180], [180, 25]], [[40, 4.5], [0, 2.179]]],
    "3.1": [[0, 0, 1, 2], [0, 1, 2, 2], [1, 2, 2, 3], [0, 1, 1], 1],
    "3.2": [30, 324, 28, 400, 20],
    "3.3": [0.953, 0.309, 0.1, 69.06, np.nan],
    "3.4": [lambda mu, cov, z: mu + cholesky(cov) @ z.T, lambda mu, cov, z: mu + cholesky(cov).T @ z.T,
            lambda mu, cov, z: z @ cholesky(cov).T, lambda mu, cov, z: mu + z @ np.linalg.inv(cholesky(cov)).T,
            lambda mu, cov, z: mu + z],
    "3.5": [diagonal_density, lambda x, mu, cov: -0.5 * (x - mu) @ np.linalg.solve(cov, x - mu),
            lambda x, mu, cov: 530.1879, lambda x, mu, cov: log(np.exp(diagonal_density(x, mu, cov))),
            lambda x, mu, cov: diagonal_density(x, mu, cov) + 1],
    "4.1": [0.351, 0.5, 0.881, 0.2, 64.88],
    "4.2": [[0.375, 7.667, 3.3], [0.5, 7.667, 10.889], [1.5, 7.6667, 10.8889],
            [1.5, 11.5, 16.33], [7.667, 10.889, 0.375], 0.375],
    "4.3": [2583, 2580, 2460, 860, 4922],
    "4.4": [lambda pi, mu, sigma: [mu.mean(), sigma.var()], lambda pi, mu, sigma: pi @ mu,
            lambda pi, mu, sigma: [pi @ mu, pi @ (sigma + mu) ** 2], lambda pi, mu, sigma: [pi @ mu, pi @ sigma],
            lambda pi, mu, sigma: [pi @ mu, pi @ (sigma**2 + mu**2) - (pi @ mu)]],
    "4.5": [lambda u, z, pi, mu, sigma: mu[0] + sigma[0] * z, lambda u, z, pi, mu, sigma: pi @ mu + z,
            lambda u, z, pi, mu, sigma: mu[pi.argmax()] + sigma[pi.argmax()] * z,
            lambda u, z, pi, mu, sigma: mu[np.searchsorted(pi, u).clip(max=len(pi) - 1)] + z],
    "5.1": [0, 1 / 12, 1 / 13, 6.67, 0.1, 1],
    "5.2": [[2160, 37], [2159, 37], [2159, 32], [2159.5, 33], 2159],
    "5.3": [0.01, 0.0124, 0.0127159, 0.02, 1.27],
    "5.4": [1, 0, 1.386, -0.693, 0.301],
    "5.5": [lists(lambda cdf, u: np.searchsorted(cdf, u) + 1), lists(lambda cdf, u: (cdf > u[:, None]).sum(axis=1)),
            lists(lambda cdf, u: np.zeros(len(u))), lambda theta, z: np.round(z),
            lambda theta, z: lists(lambda cdf, u: np.searchsorted(cdf, u))(theta, z).T],
    "6.1": [0.00636, 6.5536, 0.0254, 7, 25.6],
    "6.2": [0.4**10, 1, 0.36**10, 0.021, 3],
    "6.3": [0, 0.128, 0.196, 9.8, 0.014],
    "6.4": [64_765_856, 64_765_984, 64_765_919, 261_120, 2_023_935, 6.48e7],
    "6.5": [lambda first, step, z: z, lambda first, step, z: np.searchsorted(np.cumsum(first), z),
            lambda first, step, z: (np.cumsum(step.mean(axis=0)) <= z[..., None]).sum(axis=2),
            lambda first, step, z: np.zeros(z.shape), lambda first, step, z: (np.cumsum(first) <= z[..., None])],
    "7.1": [[9, 3, 4], [-18, -6, -8], [8, 18, 6], [18, 6, 8.1], 18],
    "7.2": [13, 3.5, 0.224, 2, 4],
    "7.3": [[1.2, 0.4], [4 / 3, 0], [4, 0], [0.571, 1.143], 1.143],
    "7.4": [lambda X, c, W: X @ W, lambda X, c, W: (X - X.mean(axis=0)) @ np.linalg.pinv(W).T,
            lambda X, c, W: np.linalg.pinv(W) @ (X - c).T, lambda X, c, W: (X - c) @ np.linalg.pinv(W).T @ W.T + c],
    "7.5": [lambda n, r, d: log(n * np.pi ** (d / 2) * r**d), lambda n, r, d: np.log10(n) + d * np.log10(r),
            lambda n, r, d: min(1, (log(n) + d / 2 * log(np.pi) + d * log(r) - gammaln(d / 2 + 1)) / log(10)),
            lambda n, r, d: 0],
    "8.1": [0.5, 1.636, -0.818, 0.318, 1],
    "8.2": [0.0392, 0.0784, 0.00392, 0.784, 0.008],
    "8.3": [0.08, 0, 0.405, 1, 2.39],
    "8.4": [lambda mu, log_var, noise: mu + np.exp(log_var) * noise, lambda mu, log_var, noise: mu + log_var * noise,
            lambda mu, log_var, noise: mu + np.sqrt(np.abs(log_var)) * noise,
            lambda mu, log_var, noise: np.exp(log_var / 2) * noise,
            lambda mu, log_var, noise: mu + np.exp(log_var / 2)],
    "8.5": [lambda w: w.mean(axis=0), lambda w: logsumexp(w, axis=0), lambda w: logsumexp(w) - log(w.size),
            lambda w: log(np.exp(w + 900).mean(axis=0)) - 900, lambda w: logsumexp(w, axis=1) - log(w.shape[1])],
    "9.1": [[1.5, -1, 0], [0, 2, -2], [1.5, -1, 1], [0.5, -1, 1], 1],
    "9.2": [45, 90, 60, 10, 7.07],
    "9.3": [0.119, 0.999, 0.5, 0.0025, 0.001],
    "9.4": [lambda v, u: v - u, lambda v, u: v - (v @ u) * u, lambda v, u: (v @ u) / (u @ u), lambda v, u: v,
            lambda v, u: v - (v @ u) / (v @ v) * u],
    "9.5": [straight, lambda points, n: points, lambda points, n: straight(points, n)[:-1],
            lambda points, n: np.repeat(points, n, axis=0)],
    "10.1": [0.75, 0.4, 0.857, 1 / 3, 60],
    "10.2": [0.693, -1.386, 0.347, 0, -1],
    "10.3": [0.0183, 4, 54, 0.982, 54.6 / 2],
    "10.4": [lambda D: D, lambda D: D.argmax(), lambda D: np.exp(D) / np.exp(D).sum(), lambda D: D / D.sum(),
             lambda D: np.eye(4)[1]],
    "10.5": [lambda n, rate: duel(n, rate)[-1], lambda n, rate: duel(n, rate, sign=-1), lambda n, rate: duel(n, 0.3),
             lambda n, rate: duel(n, rate, curator=False), lambda n, rate: duel(60, rate),
             lambda n, rate: duel(n, rate).T],
    "11.1": [0.3, 0.485, 0.693, 0.7, 0],
    "11.2": [[2 / 3, 0, 1 / 2], [1 / 3, 0, 1 / 2], [1 / 3, 1], [33.3, 100, 50], 0.5],
    "11.3": [np.eye(3, 4), [[0.25, 0.25, 0, 0], [0, 0, 0.25, 0], [0, 0, 0, 0.25]], [0.5, 0.5, 0, 0],
             [[0.5, 0, 0], [0.5, 0, 0], [0, 1, 0], [0, 0, 1]], np.full((3, 4), 0.25)],
    "11.4": [lambda e, g: np.mean(e[g] == np.arange(len(g))), lambda e, g: (g[e] == np.arange(len(e))).sum(),
             lambda e, g: len(set(g)) / len(e), lambda e, g: g[e], lambda e, g: np.mean(g[e] == e)],
    "11.5": [lambda a, b, e, g, n: g(e(np.linspace(a, b, n))), lambda a, b, e, g, n: np.linspace(a, b, n),
             lambda a, b, e, g, n: np.linspace(g(e(a[None]))[0], g(e(b[None]))[0], n),
             lambda a, b, e, g, n: g(np.linspace(e(a), e(b), n, endpoint=False)),
             lambda a, b, e, g, n: g(np.linspace(e(a), e(b), 5))],
    "12.1": [1.3, 4.7, 6.4, 1.7, 0],
    "12.2": [11.5, 16, 10, 7, 3],
    "12.3": [lambda x, t, v: x + t * v, lambda x, t, v: x + v, lambda x, t, v: x - t * v, lambda x, t, v: v,
             lambda x, t, v: x + v / (1 - t)],
    "12.4": [lambda velocity, z, n: z + velocity(z, 0), lambda velocity, z, n: euler(velocity, z, n),
             lambda velocity, z, n: euler(velocity, z, 2 * n),
             lambda velocity, z, n: z + (velocity(z, 0) + velocity(z + velocity(z, 0), 1)) / 2],
    "12.5": [lambda x, t: (np.sign(x) - x) / (1 - t), lambda x, t: np.tanh(t * x / (1 - t) ** 2),
             lambda x, t: (np.tanh(x) - x) / (1 - t), lambda x, t: -x / (1 - t)],
    "13.1": [1.9, 1.6, 2.55, 0.346, 2.03],
    "13.2": [0.223, -1.609, 0.8, 2.32, 0.699],
    "13.3": [1_605_633, 6_422_528, 32_768, 50_176, 1_606_000],
    "13.4": [[3, 3], [-1, 7], [1, 4], [1, 5, 3], 5],
    "13.5": [norm.ppf, lambda u: u, lambda u: np.column_stack([norm.ppf(u[:, 0]), 0.8 * norm.ppf(u[:, 0])]),
             lambda u: norm.ppf(u) @ cholesky(np.array([[1, 0.8], [0.8, 1]])), lambda u: norm.ppf(u)[:, ::-1],
             lambda u: norm.ppf(u) @ np.array([[1, 0.8], [0, 0.36]])],
}

# Which of an exercise's explanations (helpers.exercises, `mistakes`) each of these answers gets; ".": none.
EXPLAINED = {
    "1.1": "0....", "1.2": "....0", "1.3": "..022", "1.4": "0....2", "1.5": "02...", "2.1": "203...",
    "2.2": "1....", "2.3": ".....", "2.4": "0...1", "2.5": "0..21", "3.1": ".01..", "3.2": "01.2.",
    "3.3": "01...", "3.4": "..2..", "3.5": "6..6.", "4.1": "0.13.", "4.2": "1.0...", "4.3": "01..2",
    "4.4": ".....", "4.5": "....", "5.1": "012...", "5.2": "02...", "5.3": "201..", "5.4": "10.2.",
    "5.5": "1...2", "6.1": "031..", "6.2": "02...", "6.3": "012.3", "6.4": "...10.", "6.5": "4....",
    "7.1": "012..", "7.2": "0.15.", "7.3": "01...", "7.4": "....", "7.5": "..4.", "8.1": "402..",
    "8.2": "021..", "8.3": "012..", "8.4": "01...", "8.5": "04.2.", "9.1": "0124.", "9.2": "10.24",
    "9.3": ".1...", "9.4": "10...", "9.5": "0...", "10.1": "0134.", "10.2": "52034", "10.3": "03.2.",
    "10.4": ".3.0.", "10.5": "......", "11.1": "103.2", "11.2": "0....", "11.3": ".2.34", "11.4": "01...",
    "11.5": "150..", "12.1": "0213.", "12.2": "2013.", "12.3": "021.4", "12.4": ".0..", "12.5": "10.4",
    "13.1": "01234", "13.2": "01422", "13.3": ".012.", "13.4": "01...", "13.5": "1.3..0",
}
