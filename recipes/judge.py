"""The judge at full scale, and what its numbers are compared with: the appendix "The judge"."""

import time

from helpers.networks import from_keras

FLOOR_SIZES = demo_or_full((500, 1000), (500, 1000, 2000, 5000, 10_000))
FLOOR_DRAWS = demo_or_full(3, 20)  # of each size
N_FRESH = demo_or_full(1000, 10_000)  # training digits that set the mark below which a sample is suspicious
MADE = {"recipe": "recipes/judge.py", "seed": SEED}


def measure_floor(real, mean, cov, rng):
    """Distance of n real digits to the test set, for each n of `FLOOR_SIZES`: means and standard deviations."""
    def distance(n):
        some = real[rng.choice(len(real), size=n, replace=False)]
        return metrics.gaussian_distance(some.mean(axis=0), np.cov(some.T), mean, cov)

    scores = np.array([[distance(n) for _ in range(FLOOR_DRAWS)] for n in FLOOR_SIZES])
    return scores.mean(axis=1), scores.std(axis=1, ddof=1)


def measure(x_train, x_test, rng):
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


(x_train, y_train), (x_test, y_test) = digits()
rng = set_seed(SEED)
start = time.perf_counter()
judge = build_judge()
train(judge, x_train, y_train, rng)
seconds = time.perf_counter() - start
right = accuracy(judge, x_test, y_test)
print(f"{right:.2%} of the test set right, {seconds:.0f} s", flush=True)
shipped.save(digit_judge.MODEL, from_keras(judge, "float32"), scores={"test accuracy": right}, seconds=seconds, **MADE)
arrays, scores = measure(x_train, x_test, rng)
shipped.save(digit_judge.STATISTICS, arrays, scores=scores, seconds=seconds, **MADE)
print(scores)
