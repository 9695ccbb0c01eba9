"""Chapter 8's VAE beside the recipe of "Beginners Intro to Generative Modeling", both 784-128-4.

The source's recipe is `Source`, trained by Keras's `fit` with RMSprop, batches of 100, 50 epochs: the mean
cross-entropy plus 1e-4 times the mean of sigma² + mu² - 1 - log sigma², which is beta = 0.0392. It runs twice: with the
epsilon of RMSprop outside the root, as Keras had it up to 2.10, and inside, as Keras 3 has it. The fair baseline is
the same training with beta = 1, for then both sides aim at the number that is compared. Ours is the chapter's model,
trained by `train_fused`. All stand in recipes/. Cross-entropy on grey pixels is not a likelihood: these numbers compare
with each other and with nothing else.

The targets are about full scale, where the recipe runs the same race and stores it in the manifest; at demo scale
this part shows what 4,000 digits give, and at full scale it measures the targets again, by the clock on the wall.
"""

import os
import time

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0",
               "TF_NUM_INTRAOP_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # as in the chapter

import numpy as np
from support import ROOT, tool

from benchmarks.targets import Row
from benchmarks.timing import Timing
from helpers.data import digits
from helpers.scale import demo_or_full, scale, set_seed

RECIPE = ROOT / "recipes" / "08_variational_autoencoder.py"
LATENT_DIM, N_EPOCHS = 4, 50
THEIRS, BETA_1 = 1e-4, LATENT_DIM / (2 * 784)  # weights of the mean penalty: the source's, and that of beta = 1
ROUNDS = demo_or_full(3, 1)
BUDGETS = demo_or_full((4, 8, 25, 50, 100), (1, 2, 5, 15, 40))  # epochs of ours


def timed(train):
    """The trained encoder and decoder, and the seconds from the first layer to the last epoch."""
    set_seed(0)
    start = time.perf_counter()
    vae = train()
    return vae, time.perf_counter() - start


def ours(names: dict, x: np.ndarray, n_epochs: int):
    """The chapter's model, trained by the recipe's loop."""
    vae = names["build_vae"](LATENT_DIM)
    names["train_fused"](vae, x, n_epochs)
    return vae


def sides(names: dict, x: np.ndarray) -> dict:
    """Every training of the comparison, by name, as a function without arguments."""
    fit = names["train_by_fit"]
    fits = {f"{what}, {version}": lambda weight=weight, rmsprop=rmsprop: fit(x, weight, rmsprop, N_EPOCHS)
            for what, weight in (("the recipe", THEIRS), ("beta = 1", BETA_1))
            for version, rmsprop in names["RMSPROPS"].items()}
    return fits | {f"ours, {n} epochs": lambda n=n: ours(names, x, n) for n in BUDGETS}


def rows() -> tuple[list[Row], list[str]]:
    """The targets about the VAE, and the comparisons as lines of text. The sides run by turns."""
    os.environ["PARTS"] = ""  # the recipe's definitions; nothing is made
    names, ((x, _), (x_test, _)) = tool("artefacts").run(RECIPE), digits()
    ours(names, x[:1000], 1)  # imports and the first compilation count for nobody
    results: dict = {}
    for _ in range(ROUNDS):
        for name, train in sides(names, x).items():
            vae, seconds = timed(train)
            results.setdefault(name, []).append((seconds, float(np.subtract(*names["test_elbo"](vae, x_test)))))
    found = {name: summary(runs) for name, runs in results.items()}
    lines = [f"{len(x):,} digits, 784-128-4; test ELBO on {len(x_test):,} grey digits, nats",
             *(f"  {name:24} {timing!s:32} {elbo:8.1f}" for name, (timing, elbo) in found.items())]
    return targets(found) if scale() == "full" else [], lines


def targets(found: dict) -> list[Row]:
    """Ours against each recipe: nats after the same time, and time to the same ELBO."""
    mine, result = [run for name, run in found.items() if name.startswith("ours")], []
    for key, side in (("vae_elbo", "the recipe, Keras 2"), ("vae_elbo_3", "the recipe, Keras 3")):
        time_theirs, elbo = found[side]
        timing, best = max((run for run in mine if run[0].median <= time_theirs.median), key=lambda run: run[1])
        result.append(Row(key, best - elbo, f"{best:.1f} in {timing} against {elbo:.1f} in {time_theirs}"))
    for key, side in (("vae_time", "the recipe, Keras 2"), ("vae_time_3", "the recipe, Keras 3"),
                      ("vae_fair", "beta = 1, Keras 2")):
        time_theirs, goal = found[side]
        timing, value = next((run for run in mine if run[1] >= goal), (None, mine[-1][1]))
        if timing is None:
            result.append(Row(key, 0.0, f"{goal:.1f} not reached: {value:.1f}"))
        else:
            result.append(Row(key, time_theirs.median / timing.median,
                              f"{value:.1f} in {timing} against {goal:.1f} in {time_theirs}"))
    return result


def summary(results: list[tuple[float, float]]) -> tuple[Timing, float]:
    """The times' median and spread, and the mean of the ELBOs."""
    times = [seconds for seconds, _ in results]
    return Timing(float(np.median(times)), min(times), max(times)), float(np.mean([value for _, value in results]))
