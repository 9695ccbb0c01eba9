"""Sizes of what is committed, and what the manifest says of the models that ship."""

import json

from support import NOTEBOOKS

from benchmarks.targets import Row
from helpers.networks import shipped

VAE, SMALL_VAES = "digit_vae_decoder.npz", "digit_vae_four_decoder.npz"


def sizes() -> tuple[list[Row], list[str]]:
    """The largest notebook, and all artefacts together."""
    largest = max(NOTEBOOKS, key=lambda path: path.stat().st_size)
    whole = sum(entry["bytes"] for entry in shipped.manifest().values())
    return [Row("notebook", largest.stat().st_size / 1e6, largest.stem), Row("artefacts", whole / 1e6)], []


def qualities() -> tuple[list[Row], list[str]]:
    """Scores at full scale, each measured by the recipe that made the model and stored in the manifest."""
    listed = {name: entry["scores"] for name, entry in shipped.manifest().items()}
    bayes, mixture = listed.get("bayes_samples.npz"), listed.get("mixture_samples.npz")
    large, small, gan = listed.get(VAE), listed.get(SMALL_VAES), _gan(listed)
    found = []
    if bayes:
        found.append(Row("bayes", 100 * bayes["best reader, test accuracy"]))
    if mixture:
        found.append(Row("mixture", 100 * mixture["test accuracy, least"], "the least of three seeds"))
    if "digit_vae_log_p.npz" in listed:
        found.append(Row("log_p", listed["digit_vae_log_p.npz"]["log p"], "published: -86.76"))
    if large and small:
        mixed = large["frechet_distance"]
        found.append(Row("codes", large["prior"] / mixed, f"{large['prior']:.2f} and {mixed:.2f}, beta = 0.3"))
        best = min(score for name, score in (large | small).items() if name.endswith("prior"))
        found.append(Row("codes_best", best / mixed, f"{best:.2f} and {mixed:.2f}"))
    if "digit_vae_race.npz" in listed:
        found += race(listed["digit_vae_race.npz"])
    if gan:
        spread, n = gan.get("frechet_distance sd", 0) / gan["floor"], gan.get("frechet_distance trainings", 3)
        found += [Row("gan", gan["frechet_distance"] / gan["floor"], f"± {spread:.2f}, {n:.0f} trainings"),
                  Row("coverage", gan["coverage"], f"ideal {gan['expected_coverage']:.3f}"),
                  Row("copies", 100 * gan["memorisation"])]
    for row in found:
        row.scale = "full"
    return found, [f"from {shipped.FOLDER.name}/{shipped.MANIFEST}, measured at full scale by the recipes"]


def race(scores: dict[str, float]) -> list[Row]:
    """Chapter 8's race at full scale, in seconds of the processor; each row against both versions of RMSprop."""
    runs = {name.removesuffix(", ELBO"): (scores[f"{name.removesuffix(', ELBO')}, CPU seconds"], elbo)
            for name, elbo in scores.items() if name.endswith(", ELBO")}
    ours = sorted(run for name, run in runs.items() if name.startswith("ours"))
    found = []
    for key, side in (("vae_elbo", "source, Keras 2"), ("vae_elbo_3", "source, Keras 3")):
        seconds, elbo = runs[side]
        best = max(value for time, value in ours if time <= seconds)
        found.append(Row(key, best - elbo, f"{best:.1f} against {elbo:.1f} in {seconds:.0f} CPU s"))
    for key, side in (("vae_time", "source, Keras 2"), ("vae_time_3", "source, Keras 3"),
                      ("vae_fair", "β = 1, Keras 2")):
        goal_time, goal = runs[side]
        if reached := [run for run in ours if run[1] >= goal]:
            seconds, elbo = reached[0]
            found.append(Row(key, goal_time / seconds, f"{elbo:.1f} in {seconds:.1f} CPU s against {goal:.1f} in "
                                                       f"{goal_time:.0f}"))
    return found


def _gan(listed: dict[str, dict]) -> dict | None:
    named = (scores for name, scores in listed.items() if name.startswith("digit_gan"))
    return next((scores for scores in named if "coverage" in scores), None)


def cost() -> tuple[list[Row], list[str]]:
    """Multiply-adds of one picture of the GAN's generator: chapter 10's network, chapter 13's count."""
    from support import models_of

    from helpers.networks import from_keras

    gan, report = (models_of(next(path for path in NOTEBOOKS if path.stem.startswith(number)))
                   for number in ("10_", "13_"))
    return [Row("gan_cost", report["multiply_adds"](from_keras(gan["build_generator"]())) / 1e6)], []


def copier() -> tuple[list[Row], list[str]]:
    """What the judge says of a model that draws training digits."""
    import numpy as np

    from helpers.data import digits
    from helpers.judge import digits as digit_judge

    (x_train, _), (x_test, _) = digits()
    drawn = x_train[np.random.default_rng(0).integers(len(x_train), size=1000)]
    share = digit_judge.memorisation(drawn, x_train, x_test)
    return [Row("copier", 100 * share, f"1,000 draws of {len(x_train):,} training digits")], []


def rows() -> tuple[list[Row], list[str]]:
    """All of these."""
    parts = [sizes(), qualities(), cost(), copier()]
    return [row for found, _ in parts for row in found], [line for _, lines in parts for line in lines]


if __name__ == "__main__":
    print(json.dumps([vars(row) for row in rows()[0]], indent=1))
