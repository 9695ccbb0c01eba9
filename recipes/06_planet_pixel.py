"""Naive Bayes on pixels: a hundred of its faces, and what the Police say of three draws of a thousand."""

import time

from helpers.judge import digits as digit_judge

DRAWS = SEED, SEED + 1, SEED + 2
faces = pixel_faces()
x_train, fresh, real = np.split(faces.pixels, [4000, 5000])
known = {face.tobytes() for face in x_train}
start = time.perf_counter()
theta = fit(x_train.reshape(len(x_train), -1), ALPHA)
seconds = time.perf_counter() - start


def draw(n_samples, seed):
    """Naive faces, as palette indices."""
    return sample(n_samples, theta, np.random.default_rng(seed)).reshape(-1, 32, 32)


reports = digit_judge.over_seeds([report(draw(1000, seed), real, known) for seed in DRAWS])
scores = {name: reports[name] for name in ("police", "copies", "neighbours", "police sd")}
shipped.save("naive_faces.npz", {"images": draw(100, SEED)}, recipe="recipes/06_planet_pixel.py", seed=SEED,
             seconds=seconds, scores=scores)
