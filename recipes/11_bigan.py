"""BiGANs at full scale: the page's two games, two returns, a larger game, and what their codes are worth.

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/11_bigan.py PARTS=comparison``. That part takes the
players that ship as they are, and trains the other games and seeds.
"""

import os
import time

from sklearn.decomposition import PCA

from helpers.networks import from_keras

GAME_STEPS = demo_or_full(1, N_STEPS)
N_TEST = demo_or_full(500, 10_000)  # digits that are read, and points that are drawn
N_CODED, BELLS = demo_or_full((500, 2), (20_000, 50))  # as for Chapter 8's VAE
N_LABELS, N_FEW, N_DRAWS = demo_or_full((200, 100, 2), (4000, 100, 10))
SEEDS = demo_or_full((0, 1), (0, 1, 2))
PICTURE_WEIGHT = 0.02  # of the return of pictures
MADE = {"recipe": "recipes/11_bigan.py", "seed": SEED}

(x_train, y_train), (x_test, y_test) = digits()
x_test, y_test = x_test[:N_TEST], y_test[:N_TEST]
z_test = set_seed(1).standard_normal((N_TEST, LATENT_DIM), "float32")


def play(seed, *weights, new=new_game):
    """The averaged players of a game, and its seconds."""
    start = time.perf_counter()
    bigan, average = new(seed)
    train(bigan, x_train, GAME_STEPS, average, *weights, seed=seed)
    return average, time.perf_counter() - start


def judged(players):
    """The judge's report of what the generator draws, and the share of test digits that keep their class."""
    rebuilt = run(players.generator, run(players.encoder, x_test))
    kept = (digit_judge.predict(rebuilt) == y_test).mean()
    return digit_judge.report(run(players.generator, z_test)) | {"kept": kept}


def players():
    z_vae = set_seed(2).standard_normal((N_TEST, *vae_decoder.input_shape), "float32")
    alone, _ = play(SEED, 0.0)
    (first, seconds), *others = (play(seed, WEIGHT) for seed in SEEDS)
    found = {"pairs alone": survey(*alone[:2], x_test, y_test, z_test),
             "with the return": survey(*first[:2], x_test, y_test, z_test),
             "VAE": survey(read_mu, vae_decoder, x_test, y_test, z_vae)}
    scores = {f"{name}, {what}": number for name, one in found.items() for what, number in one.items()}
    scores |= digit_judge.over_seeds([judged(one) for one in (first, *(other for other, _ in others))])
    for part in ("encoder", "generator"):
        shipped.save(f"bigan_{part}.npz", from_keras(getattr(first, part), "float16"), scores=scores, seconds=seconds,
                     **MADE)


# The same measures for all games, over seeds, and the controls of their codes


def flat(x):
    return x.reshape(len(x), -1)


def probes(encoder):
    """The linear probe with many labels; with few, its mean and standard deviation over draws of these."""
    seen, new = run(encoder, x_train[:N_LABELS]), run(encoder, x_test)
    rng, few = np.random.default_rng(SEED), []
    for _ in range(N_DRAWS):
        rows = rng.choice(N_LABELS, N_FEW, replace=False)
        few.append(probe(seen[rows], y_train[rows], new, y_test))
    return {"many labels": probe(seen, y_train[:N_LABELS], new, y_test), "few labels": np.mean(few),
            "few labels, draws": np.std(few, ddof=1)}


def measure(encoder, generator):
    """What the page's tables hold about a pair of players."""
    rebuilt = run(generator, run(encoder, x_test))
    off = np.sqrt(((rebuilt - x_test) ** 2).mean())
    return {"off": off} | mistakes(rebuilt, y_test) | probes(encoder)


def distances(encoder, generator):
    """The distance of what is drawn at points of the prior, and of a mixture over the codes."""
    z = draw_mixture(run(encoder, x_train[:N_CODED]), N_TEST, BELLS)
    return {"prior": digit_judge.frechet_distance(run(generator, z_test)),
            "mixture": digit_judge.frechet_distance(run(generator, z))}


def controls():
    """The probe of principal components, as many as the codes have numbers, and of the pixels."""
    for n in (16, 32):
        pca = PCA(n, random_state=SEED).fit(flat(x_train))
        yield f"PCA, {n}", probes(lambda x, pca=pca: pca.transform(flat(x)))
    yield "pixels", probes(flat)


def shipped_players():
    return BiGan(*(shipped.load(f"bigan_{part}.npz") for part in ("encoder", "generator")))


def comparison():
    start, table, seeds = time.perf_counter(), {}, {}
    for name, weight in (("pairs alone", 0.0), ("with the return", WEIGHT)):
        found = []
        for seed in SEEDS:
            pair = shipped_players() if weight and seed == SEED else play(seed, weight)[0]
            found.append(measure(*pair[:2]) | distances(*pair[:2]))
            print(name, seed, found[-1], flush=True)
        table[name] = digit_judge.over_seeds(found)
        seeds[name.replace(" ", "_")] = np.array([[*one.values()] for one in found])
    table |= {"VAE": measure(read_mu, vae_decoder)} | dict(controls())
    scores = {f"{name}, {what}": number for name, one in table.items() for what, number in one.items()}
    shipped.save("bigan_comparison.npz", seeds, scores=scores, seconds=time.perf_counter() - start, **MADE)


# A second return, and a larger game


def build_larger_players():
    """Encoder and generator of the larger game: both with convolutions."""
    layer = {"kernel_size": 4, "strides": 2, "padding": "same"}
    encoder = keras.Sequential([
        keras.Input((28, 28)), layers.Reshape((28, 28, 1)),
        layers.Conv2D(16, **layer), layers.LeakyReLU(0.2), layers.Conv2D(32, **layer), layers.LeakyReLU(0.2),
        layers.Flatten(), layers.Dense(128), layers.LeakyReLU(0.2), layers.Dense(LATENT_DIM)])
    generator = keras.Sequential([
        keras.Input((LATENT_DIM,)), layers.Dense(7 * 7 * 48), *awake(), layers.Reshape((7, 7, 48)),
        layers.Conv2DTranspose(24, **layer), *awake(),
        layers.Conv2DTranspose(1, activation="sigmoid", **layer), layers.Reshape((28, 28))])
    return encoder, generator


def build_larger_discriminator(width=256):
    """Three opinions, as on the page; pictures go through Chapter 10's convolutions."""
    def bent(layer, inputs):
        return layers.LeakyReLU(0.2)(layer(inputs))

    x, z = keras.Input((28, 28)), keras.Input((LATENT_DIM,))
    maps = layers.Reshape((28, 28, 1))(x)
    for n in (32, 64, 128):
        maps = bent(layers.Conv2D(n, 4, 2, "same"), maps)
    picture, point = layers.Flatten()(maps), bent(layers.Dense(64), z)
    both = bent(layers.Dense(width), layers.Concatenate()([picture, point]))
    last = picture, bent(layers.Dense(width), point), bent(layers.Dense(width), both)
    return keras.Model([x, z], layers.Concatenate()([layers.Dense(1)(part) for part in last]))


def new_larger_game(seed):
    set_seed(seed)
    bigan = BiGan(*build_larger_players(), build_larger_discriminator())
    return bigan, BiGan(*map(copy_of, bigan[:2]))


def judged_well(players):
    """What comes back of test digits and of points; the judge's report of both kinds of draws."""
    z = draw_mixture(run(players.encoder, x_train[:N_CODED]), N_TEST, BELLS)
    report = digit_judge.report(run(players.generator, z))
    return (survey(*players[:2], x_test, y_test, z_test) | digit_judge.report(run(players.generator, z_test))
            | {f"mixture, {what}": number for what, number in report.items()})


def save_games(file, name, new, weights):
    """Play a game with each seed; save the rows of the page's tables, and give the players and the seconds of each."""
    start, played, found = time.perf_counter(), [], []
    for seed in SEEDS:
        players, _ = play(seed, *weights, new=new)
        played.append(players)
        found.append(measure(*players[:2]) | distances(*players[:2]))
        print(name, seed, found[-1], flush=True)
    seconds = (time.perf_counter() - start) / len(SEEDS)
    scores = {f"{name}, {what}": number for what, number in digit_judge.over_seeds(found).items()}
    shipped.save(file, {"seeds": np.array([[*one.values()] for one in found])}, scores=scores, seconds=seconds, **MADE)
    return played, seconds


def pictures():
    save_games("bigan_pictures.npz", "both returns", new_game, (WEIGHT, PICTURE_WEIGHT))


def convolutions():
    save_games("bigan_convolutions.npz", "larger, the return", new_larger_game, (WEIGHT,))


def large():
    played, seconds = save_games("bigan_larger.npz", "larger, both returns", new_larger_game, (WEIGHT, PICTURE_WEIGHT))
    scores = digit_judge.over_seeds([judged_well(one) for one in played])
    for part in ("encoder", "generator"):
        shipped.save(f"bigan_larger_{part}.npz", from_keras(getattr(played[0], part), "float16"), scores=scores,
                     seconds=seconds, **MADE)


PARTS = {part.__name__: part for part in (players, comparison, pictures, convolutions, large)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
    print(f"{name}: done", flush=True)
