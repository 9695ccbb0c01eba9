"""One Gaussian for each digit, chosen to write: two hundred of its digits, and what the judge says of ten thousand.

The scores also say what the choice of the shrinkage and fifteen times as many digits do, all else equal.
"""

import time

from helpers.judge import digits as digit_judge
from helpers.scale import demo_or_full

N_SAMPLES = demo_or_full(500, 10_000)  # before the judge
N_FEW = demo_or_full(2_000, 4_000)  # digits to learn from, besides all
DRAWS = demo_or_full((0, 1), (0, 1, 2))  # seeds
SIZES = (20, 40, 60, 80)  # components that the best reader chooses from


def draw(pca, gaussians, seed):
    """Pictures, and the labels that they were drawn for."""
    codes, labels = sample(N_SAMPLES, *gaussians, np.random.default_rng(seed))
    return pca.inverse_transform(codes).clip(0, 1).reshape(-1, 28, 28), labels


def chosen_alphas(X, y):
    """The shrinkages that a held-out fifth of these digits asks for, by purpose."""
    rest, held_out = train_test_split(np.arange(len(y)), test_size=0.2, stratify=y, random_state=SEED)
    codes = PCA(N_COMPONENTS, svd_solver="covariance_eigh").fit(X[rest]).transform(X)
    to_read, to_write = try_alphas(codes[rest], y[rest], codes[held_out], y[held_out]).argmax(axis=0)
    return {"to read": ALPHAS[to_read], "to write": ALPHAS[to_write]}


def best_reader(X, y):
    """How many components, and which shrinkage: the fewest within one standard error of the best accuracy."""
    rest, held_out = train_test_split(np.arange(len(y)), test_size=0.2, stratify=y, random_state=SEED)
    codes = PCA(max(SIZES), svd_solver="covariance_eigh").fit(X[rest]).transform(X)
    tried = {d: try_alphas(codes[rest, :d], y[rest], codes[held_out, :d], y[held_out])[:, 0] for d in SIZES}
    best = max(shares.max() for shares in tried.values())
    enough = best - np.sqrt(best * (1 - best) / len(held_out))
    d = min(d for d, shares in tried.items() if shares.max() >= enough)
    return d, ALPHAS[tried[d].argmax()]


(x_train, y_train), (x_test, y_test) = digits()
X_train, X_test = (x.reshape(len(x), -1).astype(float) for x in (x_train, x_test))
few, _ = train_test_split(np.arange(len(y_train)), train_size=N_FEW, stratify=y_train, random_state=SEED)
table = {}
for amount, rows in (("4,000", few), ("60,000", np.arange(len(y_train)))):
    pca = PCA(N_COMPONENTS, svd_solver="covariance_eigh").fit(X_train[rows])
    for purpose, alpha in chosen_alphas(X_train[rows], y_train[rows]).items():
        codes = pca.transform(X_train[rows])
        start = time.perf_counter()
        gaussians = fit(codes, y_train[rows], alpha)
        seconds = time.perf_counter() - start
        scores = digit_judge.over_seeds([digit_judge.report(*draw(pca, gaussians, seed)) for seed in DRAWS])
        for short, key in (("distance", "frechet_distance"), ("spread", "frechet_distance sd"),
                           ("coverage", "coverage"), ("agree", "label_agreement")):
            table[f"{amount} {purpose}, {short}"] = scores[key]
        table |= {f"{amount} {purpose}, alpha": alpha,
                  f"{amount} {purpose}, reads": accuracy(pca.transform(X_test), y_test, gaussians)}
# The last of the four is what ships: all digits, to write. Beside it the best reader, free to take more components.
table |= {"components": N_COMPONENTS, "test accuracy": table["60,000 to write, reads"]}
n_best, alpha_best = best_reader(X_train, y_train)
pca_best = PCA(n_best, svd_solver="covariance_eigh").fit(X_train)
best = fit(pca_best.transform(X_train), y_train, alpha_best)
table |= {"best reader, components": n_best, "best reader, alpha": alpha_best,
          "best reader, test accuracy": accuracy(pca_best.transform(X_test), y_test, best)}
images, labels = draw(pca, gaussians, SEED)
shipped.save("bayes_samples.npz", {"images": (255 * images[:200]).round().astype(np.uint8), "labels": labels[:200]},
             recipe="recipes/03_bayes_classifier.py", seed=SEED, seconds=seconds, scores=scores | table)
