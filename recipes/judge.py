"""The judge at full scale, and what its numbers are compared with: the appendix "The judge".

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/judge.py PARTS=composition``. That part takes the judge
that ships as it is.
"""

import os
import time

from sklearn.decomposition import PCA

from helpers.networks import from_keras

FLOOR_SIZES = demo_or_full((500, 1000), (500, 1000, 2000, 5000, 10_000))
FLOOR_DRAWS = demo_or_full(3, 20)  # of each size
N_FRESH = demo_or_full(1000, 10_000)  # training digits that set the mark below which a sample is suspicious
MADE = {"recipe": "recipes/judge.py", "seed": SEED}

(x_train, y_train), (x_test, y_test) = digits()


def measure_floor(real, mean, cov, rng):
    """Distance of n real digits to the test set, for each n of `FLOOR_SIZES`: means and standard deviations."""
    def distance(n):
        some = real[rng.choice(len(real), size=n, replace=False)]
        return metrics.gaussian_distance(some.mean(axis=0), np.cov(some.T), mean, cov)

    scores = np.array([[distance(n) for _ in range(FLOOR_DRAWS)] for n in FLOOR_SIZES])
    return scores.mean(axis=1), scores.std(axis=1, ddof=1)


def measure(rng):
    """What ships beside the judge, and its scores: the floor, and a set of real digits before the judge."""
    real, test = digit_judge.features(x_train), digit_judge.features(x_test)
    mean, cov = test.mean(axis=0), np.cov(test.T)
    floor, spread = measure_floor(real, mean, cov, rng)
    some = rng.choice(len(real), size=len(test), replace=False)
    density, coverage = metrics.density_coverage(test, real[some])
    near = digit_judge.memorisation(x_test, x_train[:-N_FRESH], x_train[-N_FRESH:])
    arrays = {"mean": mean, "cov": cov, "floor_n": np.array(FLOOR_SIZES), "floor_mean": floor, "floor_sd": spread,
              "judge": shipped.about(digit_judge.MODEL)["sha256"]}
    return arrays, {"floor": floor[-1], "density": density, "coverage": coverage, "memorisation": near}


def network():
    rng, start = set_seed(SEED), time.perf_counter()
    judge = build_judge()
    train(judge, x_train, y_train, rng)
    seconds = time.perf_counter() - start
    right = accuracy(judge, x_test, y_test)
    print(f"{right:.2%} of the test set right, {seconds:.0f} s", flush=True)
    shipped.save(digit_judge.MODEL, from_keras(judge, "float32"), scores={"test accuracy": right}, seconds=seconds,
                 **MADE)
    arrays, scores = measure(rng)
    shipped.save(digit_judge.STATISTICS, arrays, scores=scores, seconds=seconds, **MADE)
    print(scores)


# What the floor is made of: sampling error of two sets of digits, and what divides the two sets of MNIST


def between(a, b):
    """The Fréchet distance of two tables of features."""
    return metrics.gaussian_distance(a.mean(axis=0), np.cov(a.T), b.mean(axis=0), np.cov(b.T))


def compare_sets(real, test, rng):
    """Distances of n training digits to n others of the training set, and to as many test digits; n = len(test)."""
    n = min(len(test), len(real) // 2)
    rows = rng.permutation(len(real))
    some = real[rows[:n]]
    return {"train, train": between(some, real[rows[n:2 * n]]),
            "train, test": between(some, test[rng.permutation(len(test))[:n]])}


def composition():
    """The same comparison in the judge's features and in principal components, which no label has shaped."""
    rng, start = np.random.default_rng(SEED), time.perf_counter()
    pca = PCA(N_FEATURES, whiten=True, random_state=SEED).fit(x_train.reshape(len(x_train), -1))
    spaces = {"judge": digit_judge.features, "components": lambda x: pca.transform(x.reshape(len(x), -1)).astype(float)}
    scores, draws = {}, {}
    for name, read in spaces.items():
        real, test = read(x_train), read(x_test)
        found = [compare_sets(real, test, rng) for _ in range(FLOOR_DRAWS)]
        draws[name] = np.array([[*one.values()] for one in found])
        scores |= {f"{name}, {what}": number for what, number in digit_judge.over_seeds(found).items()}
    shipped.save("digit_judge_floor.npz", draws, scores=scores, seconds=time.perf_counter() - start, **MADE)
    print(scores)


PARTS = {part.__name__: part for part in (network, composition)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
