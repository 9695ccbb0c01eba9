"""Naive Bayes and its mixtures on pixels: a hundred naive faces, and what the Police say of three seeds of each."""

import time

from helpers.judge import digits as digit_judge
from helpers.scale import demo_or_full

SEEDS = SEED, SEED + 1, SEED + 2
TYPES = N_TYPES, 2 * N_TYPES, 4 * N_TYPES
faces = pixel_faces()
x_train, fresh, real = np.split(faces.pixels, [4000, 5000])
X_train, X_both = (part.reshape(len(part), -1) for part in (x_train, faces.pixels[:5000]))
known = {face.tobytes() for face in x_train}
one_hot = OneHotEncoder().fit_transform(X_both)
start_time = time.perf_counter()
theta = fit(X_train, ALPHA)
seconds = time.perf_counter() - start_time


def draw(n_samples, seed):
    """Naive faces, as palette indices."""
    return sample(n_samples, theta, np.random.default_rng(seed)).reshape(-1, 32, 32)


def mixture_report(n_types, seed):
    """A mixture fitted and drawn from with this seed: the report, and log p of the fresh faces."""
    mixture_rng = np.random.default_rng(seed)
    *shares_of, r, _ = fit_mixture(one_hot[:4000], demo_or_full(n_types // 40, n_types), ALPHA, N_STEPS, mixture_rng)
    _, log_p_fresh = e_step(one_hot[4000:], *shares_of)
    drawn = sample_mixture(1000, X_train, r, mixture_rng).reshape(-1, 32, 32)
    return report(drawn, real, known) | {"log p": log_p_fresh.mean()}


scores = digit_judge.over_seeds([report(draw(1000, seed), real, known) for seed in SEEDS])
for n_types in TYPES:
    found = digit_judge.over_seeds([mixture_report(n_types, seed) for seed in SEEDS])
    scores |= {f"{n_types} types {name}": score for name, score in found.items()}
shipped.save("naive_faces.npz", {"images": draw(100, SEED)}, recipe="recipes/06_planet_pixel.py", seed=SEED,
             seconds=seconds, scores=scores)
