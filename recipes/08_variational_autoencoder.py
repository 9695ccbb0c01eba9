"""The VAEs of chapter 8 at full scale: those that ship, a race, and a log p(x) to compare with the literature.

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/08_variational_autoencoder.py PARTS="large small"``.
The part `literature` takes longer than all the others together: 74 minutes of 90.
"""

import os
import time

from helpers.data import pixel_faces
from helpers.data.faces import snap
from helpers.judge.face_reader import FaceReader
from helpers.judge.faces import fashion_police
from helpers.networks import from_keras

N_DIGITS, N_CODED, N_SAMPLES = demo_or_full((500, 500, 500), (60_000, 20_000, 10_000))
LARGE_BELLS, SMALL_BELLS, PEOPLE_BELLS = demo_or_full((2, 2, 2), (50, 60, 30))
LARGE_EPOCHS, SMALL_EPOCHS, SOURCE_EPOCHS = demo_or_full((1, 1, 1), (40, 20, 50))
RACE_EPOCHS = 2, 5, 15, 40
N_PEOPLE, PEOPLE_EPOCHS = demo_or_full((500, 1), (4000, 260))
LITERATURE_EPOCHS, N_DRAWS = demo_or_full((1, 5), (600, 5000))
SEEDS = demo_or_full((0, 1), (0, 1, 2))
XLA = demo_or_full(False, True)  # takes a second to compile, and pays for long trainings
MADE = {"recipe": "recipes/08_variational_autoencoder.py", "seed": SEED}

(x_train, y_train), (x_test, y_test) = digits()
x_train, y_train = x_train[:N_DIGITS], y_train[:N_DIGITS]


def compile_epoch(vae, optimizer, beta, likelihood, xla):
    """The chapter's step for every batch of an epoch, in one graph that TensorFlow runs without asking Python."""
    weights = vae.encoder.trainable_variables + vae.decoder.trainable_variables
    optimizer.build(weights)

    @tf.function(jit_compile=xla, autograph=False)
    def epoch(x, c, rows, noise):
        def step(i, total):
            batch = ops.take(x, rows[i], 0), ops.take(c, rows[i], 0), noise[i]
            with tf.GradientTape() as tape:
                fit, rent = map(ops.mean, elbo_terms(vae, *batch, likelihood))
                loss = beta * rent - fit
            optimizer.apply(tape.gradient(loss, weights), weights)
            return total + ops.stack([fit, rent])
        return ops.fori_loop(0, noise.shape[0], step, ops.zeros(2)) / noise.shape[0]
    return epoch


def train_fused(vae, x, n_epochs, beta=1.0, c=None, binary=False, optimizer=None, likelihood=log_likelihood,
                batch_size=100, rate=RATE, seed=SEED, xla=XLA):
    """The chapter's `train`, a whole epoch at a time: the same batches and noise, the same history."""
    optimizer = optimizer or adam(n_epochs * (len(x) // batch_size), rate)
    epoch = compile_epoch(vae, optimizer, beta, likelihood, xla)
    c, rng, history = no_labels(x) if c is None else c, np.random.default_rng(seed), []
    for _ in range(n_epochs):
        rows, noise = draw_batches(vae, len(x), batch_size, rng)
        history.append(epoch(toss(x, rng) if binary else x, c, rows, noise))
    return np.array(history)


def train_anew(latent_dim, n_epochs, n_labels=0, **options):
    """A VAE of the page, from the first weights that it has there."""
    set_seed(SEED)
    vae = build_vae(latent_dim, n_labels)
    train_fused(vae, x_train, n_epochs, **options)
    return vae


# What Chapter 9 walks through


def train_large(seed):
    """Sixteen numbers, two hidden layers, cheap rent."""
    set_seed(seed)
    vae = build_vae(16, hidden=(128, 64), activation="leaky_relu")
    train_fused(vae, x_train, LARGE_EPOCHS, beta=0.3, rate=0.004, seed=seed)
    sort_latents(vae, x_train)
    return vae


def survey(vae, seed):
    """The judge's line, under a mixture; test fit and rent; the prior's distance."""
    rng = np.random.default_rng(seed)
    fit, rent = test_elbo(vae, x_test)
    by_prior = digit_judge.frechet_distance(sample(vae, N_SAMPLES, rng))
    images = sample_mixture(vae, x_train[:N_CODED], N_SAMPLES, LARGE_BELLS, rng)
    return digit_judge.report(images) | {"fit": fit, "rent": rent, "prior": by_prior}


def large():
    start = time.perf_counter()
    vae = train_large(SEED)
    made = MADE | {"seconds": time.perf_counter() - start}
    scores = digit_judge.over_seeds([survey(vae if seed == SEED else train_large(seed), seed) for seed in SEEDS])
    for name, part in vae._asdict().items():
        shipped.save(f"digit_vae_{name}.npz", from_keras(part, "float16"), scores=scores, **made)


# The models of the page, for its live figures


def compare(vae, rng):
    """Test ELBO, and the distance of samples by the prior and by a mixture."""
    by_prior = sample(vae, N_SAMPLES, rng)
    by_mixture = sample_mixture(vae, x_train[:N_CODED], N_SAMPLES, SMALL_BELLS, rng)
    return {"ELBO": np.subtract(*test_elbo(vae, x_test)), "prior": digit_judge.frechet_distance(by_prior),
            "mixture": digit_judge.frechet_distance(by_mixture)}


def small():
    start, rng, one_hot = time.perf_counter(), np.random.default_rng(SEED), np.eye(10, dtype="float32")
    source = train_anew(4, SOURCE_EPOCHS, beta=0.0392, optimizer=source_optimizer())
    four, plane, twenty = (train_anew(latent_dim, SMALL_EPOCHS) for latent_dim in (4, 2, 20))
    asked = train_anew(2, SMALL_EPOCHS, n_labels=10, c=one_hot[y_train])
    scores = {f"{name}, {what}": score for name, vae in (("source", source), ("ours", four), ("20 numbers", twenty))
              for what, score in compare(vae, rng).items()}
    z, c = rng.standard_normal((N_SAMPLES, 2)), one_hot[np.arange(N_SAMPLES) % 10]
    written = run(asked.decoder, np.concatenate([z, c], axis=1))
    scores["asked, prior"] = digit_judge.frechet_distance(written)
    made = MADE | {"scores": scores, "seconds": time.perf_counter() - start}
    for name, vae in (("four", four), ("plane", plane), ("asked", asked)):
        shipped.save(f"digit_vae_{name}_decoder.npz", from_keras(vae.decoder, "int8"), **made)
    codes, labels = run(plane.encoder, x_test[:1000])[:, :2], y_test[:1000]
    shipped.save("digit_vae_plane_codes.npz", {"codes": codes.astype("float16"), "labels": labels.astype("uint8")},
                 **made)


def people():
    start, rng, planet = time.perf_counter(), set_seed(SEED), pixel_faces()
    palette = planet.palette.astype("float32")
    x, x_fresh = palette[planet.pixels[:N_PEOPLE]], palette[planet.pixels[4000:5000]]
    vae = build_face_vae()
    history = train_fused(vae, x, PEOPLE_EPOCHS, likelihood=laplace, batch_size=50, xla=False)  # slow at convolutions
    sort_latents(vae, x)
    made = MADE | {"seconds": time.perf_counter() - start}
    drawn = snap(sample_mixture(vae, x, 1000, PEOPLE_BELLS, rng), palette)
    reader = FaceReader(x, planet.features[:N_PEOPLE])
    scores = {"off": abs(reconstruct(vae, x_fresh) - x_fresh).mean(), "rent": history[-1, 1],
              "halves agree": reader.agreement(palette[drawn])["all"],
              "police": fashion_police(planet.pixels[5000:5500], drawn[:500]).accuracy}
    for name, part in vae._asdict().items():
        shipped.save(f"face_vae_{name}.npz", from_keras(part, "float16"), scores=scores, **made)


# The source's recipe against ours


class Source(keras.Model):
    """The source's model for Keras's `fit`: a mean wherever it has one."""

    def __init__(self, weight):
        super().__init__()
        (self.encoder, self.decoder), self.weight = build_vae(4), weight
        self.seeds = keras.random.SeedGenerator(SEED)

    def call(self, x):
        mu, log_var = ops.split(self.encoder(x), 2, axis=1)
        self.add_loss(self.weight * ops.mean(ops.exp(log_var) + mu**2 - 1 - log_var))
        noise = keras.random.normal(ops.shape(mu), seed=self.seeds)
        return self.decoder(mu + ops.exp(log_var / 2) * noise)


def train_by_fit(x, weight, n_epochs=SOURCE_EPOCHS):
    """The source's recipe, as one would write it for Keras."""
    set_seed(SEED)
    model = Source(weight)
    model.compile("rmsprop", "binary_crossentropy")
    model.fit(x, x, 100, n_epochs, verbose=0)
    return Vae(model.encoder, model.decoder)


def timed(train_one):
    """CPU seconds, compilation included, and test ELBO."""
    start = time.process_time()
    vae = train_one()
    return time.process_time() - start, np.subtract(*test_elbo(vae, x_test))


def race():
    start, rmsprop = time.perf_counter(), keras.optimizers.RMSprop(0.001)
    runs = {"source": timed(lambda: train_by_fit(x_train, 1e-4)),
            "β = 1": timed(lambda: train_by_fit(x_train, 2 / 784)),
            "sums": timed(lambda: train_anew(4, SOURCE_EPOCHS, optimizer=rmsprop))}
    for n_epochs in RACE_EPOCHS:
        runs[f"ours, {n_epochs} epochs"] = timed(lambda n_epochs=n_epochs: train_anew(4, n_epochs))
    scores = {f"{name}, {what}": score for name, pair in runs.items()
              for what, score in zip(("CPU seconds", "ELBO"), pair, strict=True)}
    shipped.save("digit_vae_race.npz", {"race": np.array([*runs.values()])}, scores=scores,
                 seconds=time.perf_counter() - start, **MADE)


# For the literature: the smallest model of Burda et al. (2016), on digits tossed anew in every epoch


def literature():
    start, rng = time.perf_counter(), np.random.default_rng(SEED)
    set_seed(SEED)
    vae = build_vae(50, hidden=(200, 200), activation="leaky_relu")
    train_fused(vae, x_train, LITERATURE_EPOCHS, binary=True, rate=0.003)
    x_crisp = toss(x_test, np.random.default_rng(SEED))
    found = np.concatenate([log_p(vae, x_crisp[i : i + 1000], N_DRAWS, rng)[-1] for i in range(0, len(x_crisp), 1000)])
    shipped.save("digit_vae_log_p.npz", {"log_p": found.astype("float32")}, scores={"log p": found.mean()},
                 seconds=time.perf_counter() - start, **MADE)


PARTS = {part.__name__: part for part in (large, small, people, race, literature)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
    print(f"{name}: done", flush=True)
