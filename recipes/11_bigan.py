"""BiGANs at full scale: both games of the chapter, the second from three seeds, and Chapter 8's VAE beside them."""

import time

from helpers.networks import from_keras

GAME_STEPS = demo_or_full(1, N_STEPS)
N_TEST = demo_or_full(500, 10_000)  # digits that are read, and points that are drawn
SEEDS = demo_or_full((0, 1), (0, 1, 2))  # the first one's players ship
MADE = {"recipe": "recipes/11_bigan.py", "seed": SEED}


def play(seed, weight):
    """The averaged players of a game, and its seconds."""
    start = time.perf_counter()
    bigan, average = new_game(seed)
    train(bigan, x_train, GAME_STEPS, average, weight, seed=seed)
    return average, time.perf_counter() - start


def judged(players):
    """The judge's report of what the generator draws, and the share of test digits that keep their class."""
    rebuilt = run(players.generator, run(players.encoder, x_test))
    kept = (digit_judge.predict(rebuilt) == y_test).mean()
    return digit_judge.report(run(players.generator, z_test)) | {"kept": kept}


(x_train, y_train), (x_test, y_test) = digits()
x_test, y_test = x_test[:N_TEST], y_test[:N_TEST]
z_test = set_seed(1).standard_normal((N_TEST, LATENT_DIM), "float32")
z_vae = set_seed(2).standard_normal((N_TEST, *vae_decoder.input_shape), "float32")
alone, _ = play(SEED, 0.0)
(players, seconds), *others = (play(seed, WEIGHT) for seed in SEEDS)
found = {"pairs alone": survey(*alone[:2], x_test, y_test, z_test),
         "with the return": survey(*players[:2], x_test, y_test, z_test),
         "VAE": survey(read_mu, vae_decoder, x_test, y_test, z_vae)}
scores = {f"{name}, {what}": number for name, one in found.items() for what, number in one.items()}
scores |= digit_judge.over_seeds([judged(one) for one in (players, *(other for other, _ in others))])
for part in ("encoder", "generator"):
    shipped.save(f"bigan_{part}.npz", from_keras(getattr(players, part), "float16"), scores=scores, seconds=seconds,
                 **MADE)
