"""One Gaussian for each digit, at full scale: two hundred of its digits, and what the judge says of ten thousand."""

import time

from helpers.judge import digits as digit_judge
from helpers.scale import demo_or_full

N_SAMPLES = demo_or_full(500, 10_000)  # before the judge
DRAWS = demo_or_full((0, 1), (0, 1, 2))  # seeds


def draw(seed):
    """Pictures, and the labels that they were drawn for."""
    codes, labels = sample(N_SAMPLES, *gaussians, np.random.default_rng(seed))
    return pca.inverse_transform(codes).clip(0, 1).reshape(-1, 28, 28), labels


(x_train, y_train), (x_test, y_test) = digits()
X_train, X_test = (x.reshape(len(x), -1).astype(float) for x in (x_train, x_test))
rest, held_out = train_test_split(np.arange(len(y_train)), test_size=0.2, stratify=y_train, random_state=SEED)
n_components, alpha = choose(try_settings(X_train, y_train, rest, held_out), len(held_out))
pca = PCA(n_components, svd_solver="covariance_eigh").fit(X_train)
start = time.perf_counter()
gaussians = fit(pca.transform(X_train), y_train, alpha)
seconds = time.perf_counter() - start
scores = digit_judge.over_seeds([digit_judge.report(*draw(seed)) for seed in DRAWS])
scores |= {"components": n_components, "test accuracy": accuracy(pca.transform(X_test), y_test, gaussians)}
images, labels = draw(SEED)
shipped.save("bayes_samples.npz", {"images": (255 * images[:200]).round().astype(np.uint8), "labels": labels[:200]},
             recipe="recipes/03_bayes_classifier.py", seed=SEED, seconds=seconds, scores=scores)
