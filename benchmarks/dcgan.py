"""The GAN of TensorFlow's tutorial "Deep Convolutional Generative Adversarial Network", judged after every epoch.

Written anew from its description: 60,000 digits in [-1, 1], 100 numbers of noise, batches of 256, Adam at 1e-4 for
both, binary cross-entropy from logits, 50 epochs. No seed is given there; ours is 0.

Run: python -m benchmarks.dcgan --epochs 20 [--seconds 200] [--digits 60000]

It saves its state after each epoch and goes on from there when it is run again, so that --seconds may cut a long
training into pieces. What is reported are the seconds that the processor works for the training alone, without the
judge's: they hardly depend on what else the machine does. The log,
benchmarks/results/dcgan.json, is what `make bench` compares chapter 10's GAN with.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "1", "COURSE_SCALE": "full"}

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from benchmarks.timing import machine
from helpers.data import digits
from helpers.judge import digits as digit_judge

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / "benchmarks" / "results" / "dcgan.json"
STATE = ROOT / "_build" / "dcgan"
NOISE_DIM, BATCH_SIZE, N_JUDGED, SEED = 100, 256, 10_000, 0


def build_generator() -> keras.Sequential:
    """Noise -> picture (28, 28, 1) in [-1, 1]."""
    options = {"padding": "same", "use_bias": False}
    return keras.Sequential([
        keras.Input((NOISE_DIM,)),
        layers.Dense(7 * 7 * 256, use_bias=False), layers.BatchNormalization(), layers.LeakyReLU(),
        layers.Reshape((7, 7, 256)),
        layers.Conv2DTranspose(128, 5, 1, **options), layers.BatchNormalization(), layers.LeakyReLU(),
        layers.Conv2DTranspose(64, 5, 2, **options), layers.BatchNormalization(), layers.LeakyReLU(),
        layers.Conv2DTranspose(1, 5, 2, activation="tanh", **options)])


def build_discriminator() -> keras.Sequential:
    """Picture -> the logit of its being real."""
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        layers.Conv2D(64, 5, 2, "same"), layers.LeakyReLU(), layers.Dropout(0.3),
        layers.Conv2D(128, 5, 2, "same"), layers.LeakyReLU(), layers.Dropout(0.3),
        layers.Flatten(), layers.Dense(1)])


class Training:
    """The two networks, their optimisers and how far they are."""

    def __init__(self):
        keras.utils.set_random_seed(SEED)
        self.networks = build_generator(), build_discriminator()
        self.optimizers = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)
        for network, optimizer in zip(self.networks, self.optimizers, strict=True):
            optimizer.build(network.trainable_variables)
        self.epoch = tf.Variable(0)
        parts = {f"part_{i}": part for i, part in enumerate([*self.networks, *self.optimizers])}
        self.manager = tf.train.CheckpointManager(tf.train.Checkpoint(epoch=self.epoch, **parts), str(STATE), 1)
        self.manager.restore_or_initialize()

    @tf.function(input_signature=[tf.TensorSpec([None, 28, 28, 1])])
    def step(self, images):
        """One batch: both players move at once, as in the tutorial."""
        (generator, discriminator), entropy = self.networks, keras.losses.BinaryCrossentropy(from_logits=True)
        with tf.GradientTape(persistent=True) as tape:
            fakes = generator(tf.random.normal([tf.shape(images)[0], NOISE_DIM]), training=True)
            real, fake = discriminator(images, training=True), discriminator(fakes, training=True)
            losses = entropy(tf.ones_like(fake), fake), entropy(tf.ones_like(real), real) + entropy(
                tf.zeros_like(fake), fake)
        for network, optimizer, loss in zip(self.networks, self.optimizers, losses, strict=True):
            variables = network.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)

    def run_epoch(self, x: np.ndarray) -> float:
        """One pass over the digits, in an order that the epoch decides; the processor's seconds that it took."""
        tf.random.set_seed(SEED + int(self.epoch))
        rows = np.random.default_rng(SEED + int(self.epoch)).permutation(len(x))
        self.step.get_concrete_function()  # building the graph counts for nobody
        start = time.process_time()
        for first in range(0, len(x), BATCH_SIZE):
            self.step(tf.constant(x[rows[first : first + BATCH_SIZE]]))
        self.epoch.assign_add(1)
        return time.process_time() - start

    def distance(self) -> float:
        """Fréchet digit distance of 10,000 samples."""
        z = np.random.default_rng(SEED).standard_normal((N_JUDGED, NOISE_DIM), dtype="float32")
        samples = [np.array(self.networks[0](z[i : i + 500], training=False)) for i in range(0, N_JUDGED, 500)]
        return digit_judge.frechet_distance(np.clip((np.concatenate(samples)[..., 0] + 1) / 2, 0, 1))


def read_log() -> dict:
    """What has been measured: machine, digits, and for each epoch its seconds so far and its distance."""
    return json.loads(LOG.read_text(encoding="utf-8")) if LOG.is_file() else {}


def write_log(log: dict) -> None:
    """Replace the log when the new one is whole."""
    LOG.parent.mkdir(exist_ok=True)
    fresh = LOG.with_suffix(".new")
    fresh.write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    fresh.replace(LOG)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--epochs", type=int, default=20, help="in all, those of earlier runs included")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="begin no epoch after so many seconds")
    parser.add_argument("--digits", type=int, default=60_000, help="fewer for a try; the log then says so")
    options = parser.parse_args()
    begun = time.perf_counter()
    x = 2 * digits()[0][0][: options.digits, ..., None] - 1
    training, log = Training(), read_log()
    done = int(training.epoch)
    if done == 0 or log.get("digits") != len(x) or len(log["epochs"]) < done:
        if done:
            raise SystemExit(f"{STATE} and {LOG} are of different trainings. Remove both, then run again.")
        log = {"machine": machine(), "digits": len(x), "epochs": []}
    log["epochs"] = log["epochs"][:done]
    while done < options.epochs and time.perf_counter() - begun < options.seconds:
        took = training.run_epoch(x)
        so_far = took + (log["epochs"][-1]["seconds"] if log["epochs"] else 0)
        log["epochs"].append({"seconds": round(so_far, 1), "distance": round(training.distance(), 3)})
        write_log(log)
        training.manager.save()
        done = int(training.epoch)
        print(f"epoch {done}: {took:.0f} s, {so_far:.0f} s in all, distance {log['epochs'][-1]['distance']:.2f}",
              flush=True)


if __name__ == "__main__":
    main()
