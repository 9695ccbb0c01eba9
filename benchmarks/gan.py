"""Chapter 10's GAN beside TensorFlow's DCGAN tutorial: the time to the best distance that the tutorial reaches.

The tutorial trains for an hour, so it runs by itself (benchmarks/dcgan.py) and leaves a log. Ours trains here, with
the chapter's own functions and dials, and is judged on the way; the judge's seconds do not count. On both sides
seconds are those that the processor works, compilation included on ours.
"""

import time

import numpy as np
from support import ROOT, models_of

from benchmarks.dcgan import read_log
from benchmarks.targets import Row
from helpers.data import digits
from helpers.judge import digits as digit_judge
from helpers.scale import set_seed

CHAPTER = ROOT / "book" / "10_generative_adversarial_networks.ipynb"
WITHIN = 20  # epochs of the tutorial
N_JUDGED, EVERY = 10_000, 400  # samples; moves between two looks


class Reached(Exception):
    """Ours is there: stop training."""


def rows() -> tuple[list[Row], list[str]]:
    """The target, and both courses as lines of text."""
    theirs = read_log().get("epochs", [])[:WITHIN]
    if not theirs:
        return [], ["no log of the tutorial's training: python -m benchmarks.dcgan --epochs 20 (about an hour)"]
    best = min(theirs, key=lambda epoch: epoch["distance"])
    lines = [f"the tutorial, {len(theirs)} epochs: distance {best['distance']:.2f} after {best['seconds']:.0f} s"]
    course = train_until(best["distance"])
    lines += [f"  ours, {moves:6,} moves, {seconds:6.1f} s: {distance:.2f}" for moves, seconds, distance in course]
    moves, seconds, distance = course[-1]
    if distance > best["distance"]:
        return [Row("gan_time", 0.0, f"{best['distance']:.2f} not reached in {moves:,} moves", "full")], lines
    note = (f"{distance:.2f} in {seconds:.0f} s against {best['distance']:.2f} in {best['seconds']:.0f} s, "
            f"epoch {theirs.index(best) + 1} of {len(theirs)}")
    return [Row("gan_time", best["seconds"] / seconds, note, "full")], lines


def train_until(goal: float) -> list[tuple[int, float, float]]:
    """Moves, seconds of training and distance at each look, until the distance is `goal`."""
    chapter = models_of(CHAPTER)
    (x, y), _ = digits()
    one_hot, course, judged = np.eye(10, dtype="float32"), [], 0.0
    asked = one_hot[np.arange(N_JUDGED) % 10]
    digit_judge.predict(x[:1])  # the judge is loaded before the clock starts
    set_seed(chapter["SEED"])
    gan = chapter["Gan"](chapter["build_generator"](), chapter["build_discriminator"]())
    start = time.process_time()

    def watch(moves, forger, history):
        nonlocal judged
        seconds, looked = time.process_time() - start - judged, time.process_time()
        chapter["settle"](forger, asked, np.random.default_rng(moves))
        images = chapter["forge"](forger, asked, np.random.default_rng(0))
        course.append((moves, seconds, digit_judge.frechet_distance(images)))
        judged += time.process_time() - looked
        if course[-1][2] <= goal:
            raise Reached

    try:
        chapter["train"](gan, x, one_hot[y], chapter["N_STEPS"], average=chapter["copy_of"](gan.generator),
                         **chapter["DIALS"], watch=watch, moments=range(EVERY, chapter["N_STEPS"] + 1, EVERY))
    except Reached:
        pass
    return course
