"""Mixtures of Gaussians at full scale: two hundred digits of the mixture, and what the judge says of ten thousand.

The control stands in the same entry: one component a class, with the same principal components, regularisation, number
of samples and seeds.
"""

import time

N_SAMPLES = demo_or_full(500, 10_000)  # before the judge
FITS = demo_or_full((0, 1), (0, 1, 2))  # seeds of the fits and of the draws


def draw(parameters, J, seed):
    """Pictures, and the labels that they were drawn for."""
    codes, labels = sample(N_SAMPLES, parameters, J, np.random.default_rng(seed))
    return pca.inverse_transform(codes).clip(0, 1).reshape(-1, 28, 28), labels


def judged(J):
    """The scores of J components a class over the seeds, the first fit, and its seconds."""
    start = time.perf_counter()
    fits = [fit(codes_train, y_train, J, reg, N_STARTS, seed) for seed in FITS]
    seconds = (time.perf_counter() - start) / len(FITS)
    scores = digit_judge.over_seeds([digit_judge.report(*draw(one, J, seed))
                                     for one, seed in zip(fits, FITS, strict=True)])
    right = [(class_log_joint(codes_test, one, J).argmax(axis=1) == y_test).mean() for one in fits]
    return scores | {"test accuracy": np.mean(right), "test accuracy, least": min(right)}, fits[0], seconds


(x_train, y_train), (x_test, y_test) = digits()
X_train, X_test = (x.reshape(len(x), -1).astype(float) for x in (x_train, x_test))
rest, held_out = train_test_split(np.arange(len(y_train)), test_size=0.2, stratify=y_train, random_state=SEED)
results = try_settings(X_train, y_train, rest, held_out)
reg, n_components = choose(results)
pca = PCA(LATENT_DIM, svd_solver="covariance_eigh").fit(X_train)
codes_train, codes_test = pca.transform(X_train), pca.transform(X_test)
scores, mixture, seconds = judged(n_components)
control = {f"one component, {name}": score for name, score in judged(1)[0].items()
           if name.startswith(("frechet", "coverage", "label_agreement", "test"))}
scores |= control | {"components": LATENT_DIM, "bells": n_components, "regularisation": reg}
images, labels = draw(mixture, n_components, SEED)
shipped.save("mixture_samples.npz", {"images": (255 * images[:200]).round().astype(np.uint8), "labels": labels[:200]},
             recipe="recipes/04_gaussian_mixtures.py", seed=SEED, seconds=seconds, scores=scores)
