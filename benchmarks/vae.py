"""Chapter 8's VAE beside the recipe of "Beginners Intro to Generative Modeling", both 784-128-4.

The source's recipe is `Source`, trained by Keras's `fit` with RMSprop, batches of 100, 50 epochs: the mean
cross-entropy plus 1e-4 times the mean of sigma² + mu² - 1 - log sigma², which is beta = 0.0392. The fair baseline is
the same training with beta = 1. Ours is the chapter's model, trained by `train_fused`. Both stand in recipes/.
Cross-entropy on grey pixels is not a likelihood: these numbers compare with each other and with nothing else.

The targets are about full scale, where the recipe runs the same race and stores it in the manifest; at demo scale
this part shows what 4,000 digits give, and at full scale it measures the targets again, by the clock on the wall.
"""

import os
import time

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}  # as in the chapter

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
BUDGETS = demo_or_full((4, 8, 25), (1, 2, 5, 15, 40))  # epochs of ours to try, on the way to theirs


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


def rows() -> tuple[list[Row], list[str]]:
    """The targets about the VAE, and the comparisons as lines of text. The sides run by turns."""
    os.environ["PARTS"] = ""  # the recipe's definitions; nothing is made
    names, ((x, _), (x_test, _)) = tool("artefacts").run(RECIPE), digits()
    ours(names, x[:1000], 1)  # imports and the first compilation count for nobody

    def elbo(vae):
        return float(np.subtract(*names["test_elbo"](vae, x_test)))

    theirs, fair, mine = [], [], {n: [] for n in BUDGETS}
    for _ in range(ROUNDS):
        for results, run in ((theirs, lambda: names["train_by_fit"](x, THEIRS, N_EPOCHS)),
                             (fair, lambda: names["train_by_fit"](x, BETA_1, N_EPOCHS)),
                             *((mine[n], lambda n=n: ours(names, x, n)) for n in BUDGETS)):
            vae, seconds = timed(run)
            results.append((seconds, elbo(vae)))
    (time_theirs, elbo_theirs), (time_fair, elbo_fair) = summary(theirs), summary(fair)
    found = {n: summary(results) for n, results in mine.items()}
    per_epoch = found[BUDGETS[-1]][0].median / BUDGETS[-1]
    as_long = max(1, int(time_theirs.median / per_epoch))
    vae, seconds = timed(lambda: ours(names, x, as_long))
    lines = [f"{len(x):,} digits, 784-128-4; test ELBO on {len(x_test):,} grey digits, nats",
             f"  {'the recipe, 50 epochs':32} {time_theirs!s:32} {elbo_theirs:8.1f}",
             f"  {'the same with beta = 1':32} {time_fair!s:32} {elbo_fair:8.1f}",
             *(f"  {f'ours, {n} epochs':32} {timing!s:32} {value:8.1f}" for n, (timing, value) in found.items()),
             f"  {f'ours, {as_long} epochs':32} {f'{seconds:.1f} s':32} {elbo(vae):8.1f}"]
    result = [Row("vae_elbo", elbo(vae) - elbo_theirs, f"{elbo(vae):.1f} in {seconds:.1f} s against {elbo_theirs:.1f} "
                                                       f"in {time_theirs.median:.1f} s")]
    for key, timing, goal in (("vae_time", time_theirs, elbo_theirs), ("vae_fair", time_fair, elbo_fair)):
        quick = next((n for n, (_, value) in found.items() if value >= goal), None)
        if quick is None:
            result.append(Row(key, 0.0, f"{goal:.1f} not reached in {BUDGETS[-1]} epochs"))
        else:
            took, value = found[quick]
            result.append(Row(key, timing.median / took.median,
                              f"{value:.1f} in {took} against {goal:.1f} in {timing}"))
    return result if scale() == "full" else [], lines


def summary(results: list[tuple[float, float]]) -> tuple[Timing, float]:
    """The times' median and spread, and the mean of the ELBOs."""
    times = [seconds for seconds, _ in results]
    return Timing(float(np.median(times)), min(times), max(times)), float(np.mean([value for _, value in results]))
