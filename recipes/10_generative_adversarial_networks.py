"""GANs at full scale: the digits' forger from six seeds, the film of its training; the faces' forger; the ring.

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/10_generative_adversarial_networks.py PARTS=ring_games``.
"""

import os
import time

from helpers.networks import from_keras

DIGIT_STEPS, FACE_STEPS = demo_or_full((1, 1), (N_STEPS, 6000))
MOMENTS = demo_or_full((1,), (40, 120, 200, 320, 480, 720, 1000, 1400, 2000, 3000, 4000, 6000, 8000, 12_000, 16_000))
SEEDS = demo_or_full((0, 1), range(6))  # the first one's forger ships
N_SAMPLES = demo_or_full(500, 10_000)  # before the judge
RING_SEEDS, RING_MOVES = demo_or_full((2, (1,)), (10, (1600,)))
FACE_DIALS = DIALS | {"rates": (1e-3, 1e-3), "gamma": 0.3}
MADE = {"recipe": "recipes/10_generative_adversarial_networks.py", "seed": SEED}


def columns(labels):
    """Digits to ask for as rows of ten zeros and ones."""
    return np.eye(10, dtype="float32")[labels]


def opinion(discriminator, images, c):
    """D's mean verdict, shown 64 pictures of a kind at a time."""
    parts = [expit(verdict(discriminator, images[i : i + 64], c[i : i + 64]))
             for i in range(0, len(images) - 63, 64)]
    return float(np.mean(parts))


def start_film(n=1000):
    """An empty film, and the function for `train` to call at each moment, which adds to it."""
    film, c = {"seen": [], "frames": [], "distance": [], "real": [], "fake": []}, columns(np.arange(n) % 10)

    def watch(done, average, history):
        settle(average, c, np.random.default_rng(done))
        pictures = forge(average, c, np.random.default_rng(SEED))
        grey = np.round(15 * pictures[:40]).astype("uint8") * 17  # 16 levels take little space
        distance, told = digit_judge.frechet_distance(pictures), np.mean(history[-40:], axis=0)
        for key, item in zip(film, (32 * done, grey, distance, *told[2:]), strict=True):
            film[key].append(item)
        print(f"{done:6,} steps: distance {distance:.2f}", flush=True)

    return film, watch


def train_digits(x_train, y_train, seed, **options):
    """Both players after their training, and the calm forger."""
    set_seed(seed)
    gan = Gan(build_generator(), build_discriminator())
    average = copy_of(gan.generator)
    train(gan, x_train, columns(y_train), DIGIT_STEPS, average=average, seed=seed, **DIALS, **options)
    return gan, average


def build_face_generator(n_latent=32, n_labels=28):
    """z and outfit -> colour picture, 32 x 32."""
    grow = {"strides": 2, "padding": "same"}
    normal, bend = layers.BatchNormalization, layers.LeakyReLU
    return keras.Sequential([
        keras.Input((n_latent + n_labels,)),
        layers.Dense(8 * 8 * 48, use_bias=False), normal(momentum=0.9), bend(0.2), layers.Reshape((8, 8, 48)),
        layers.Conv2DTranspose(32, 4, use_bias=False, **grow), normal(momentum=0.9), bend(0.2),
        layers.Conv2DTranspose(3, 4, activation="sigmoid", **grow)])


def train_faces(x, c):
    """The calm forger of faces."""
    set_seed(SEED)
    gan = Gan(build_face_generator(), build_discriminator((32, 32, 3), n_labels=c.shape[1]))
    average = copy_of(gan.generator)
    train(gan, x, c, FACE_STEPS, average=average, **FACE_DIALS)
    return average


def digit_games():
    (x_train, y_train), (x_test, y_test) = digits()
    film, watch = start_film()
    start = time.perf_counter()
    gan, forger = train_digits(x_train, y_train, SEEDS[0], watch=watch, moments=MOMENTS)
    seconds = time.perf_counter() - start
    rng, wanted = np.random.default_rng(SEED), np.arange(N_SAMPLES) % 10
    forgers = [forger, *(train_digits(x_train, y_train, seed)[1] for seed in SEEDS[1:])]
    scores = digit_judge.over_seeds([digit_judge.report(forge(one, columns(wanted), rng), wanted) for one in forgers])
    scores |= {f"{key} trainings": len(SEEDS) for key in ("frechet_distance", "coverage")}
    shown = {"D unseen": (x_test, y_test), "D seen": (x_train, y_train),
             "D forged": (forge(gan.generator, columns(wanted), rng), wanted)}
    scores |= {key: opinion(gan.discriminator, x, columns(labels)) for key, (x, labels) in shown.items()}
    shipped.save("digit_gan_generator.npz", from_keras(forger, "float16"), scores=scores, seconds=seconds, **MADE)
    shipped.save("digit_gan_film.npz", {key: np.array(items) for key, items in film.items()},
                 scores={"distance": film["distance"][-1]}, seconds=seconds, **MADE)


def face_game():
    people, rng = pixel_faces(), np.random.default_rng(SEED)
    palette, outfit = people.palette.astype("float32"), outfits(people.features)
    x_faces = palette[people.pixels[:4000]]
    start = time.perf_counter()
    face_forger = train_faces(x_faces, outfit[:4000])
    seconds = time.perf_counter() - start
    painted = faces.snap(forge(face_forger, outfit[4000:5000], rng), palette)
    asked = people.features[4000:5000][list(planets.FEATURES)].astype(str).to_numpy()
    reader = face_reader.FaceReader(x_faces, people.features[:4000])
    found = judge_faces(painted, asked, people.pixels[5000:5500], palette, reader)
    shipped.save("face_gan_generator.npz", from_keras(face_forger, "float16"), seconds=seconds, **MADE,
                 scores=dict(zip(("police", "halves agree", "as asked", "neighbours"), found, strict=True)))


def ring_games():
    """The plain game on the ring at equal rates: what Chapter 12's flows are compared with."""
    start = time.perf_counter()
    points = np.array([play(2e-3, seed, RING_MOVES)[-1][0] for seed in range(RING_SEEDS)])
    seconds = (time.perf_counter() - start) / RING_SEEDS
    bells, good = np.array([count_modes(one) for one in points]).T
    scores = {"fewest bells": bells.min(), "most bells": bells.max(), "on a bell": good.mean(),
              "on a bell sd": good.std(ddof=1)}
    shipped.save("ring_gan.npz", {"points": points.astype("float16")}, scores=scores, seconds=seconds, **MADE)


PARTS = {part.__name__: part for part in (digit_games, face_game, ring_games)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
    print(f"{name}: done", flush=True)
