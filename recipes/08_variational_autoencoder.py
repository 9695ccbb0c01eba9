"""The VAEs of chapter 8 at full scale: those that ship, their controls, a race, and a log p(x) for the literature.

`PARTS` chooses what is made: ``make artefacts RECIPES=recipes/08_variational_autoencoder.py PARTS="large small"``.
The part `literature` takes longer than all the others together: 74 minutes of about 100.
"""

import os
import time

from helpers.data import pixel_faces
from helpers.data.faces import snap
from helpers.judge.face_reader import FaceReader
from helpers.judge.faces import fashion_police
from helpers.networks import from_keras
from helpers.scale import demo_or_full

N_DIGITS, N_CODED, N_SAMPLES = demo_or_full((500, 500, 500), (60_000, 20_000, 10_000))
LARGE_BELLS, SMALL_BELLS, PEOPLE_BELLS = demo_or_full((2, 2, 2), (50, 60, 30))
LARGE_EPOCHS, SMALL_EPOCHS, SOURCE_EPOCHS = demo_or_full((1, 1, 1), (40, 20, 50))
RACE_EPOCHS = 2, 5, 15, 40
SOURCE_BETA = 784 * 1e-4 * 2 / 4
N_PEOPLE, PEOPLE_EPOCHS = demo_or_full((500, 1), (4000, 260))
LITERATURE_EPOCHS, N_DRAWS = demo_or_full((1, 5), (600, 5000))
SEEDS = demo_or_full((0, 1), (0, 1, 2))
XLA = demo_or_full(False, True)  # takes a second to compile, and pays for long trainings
MADE = {"recipe": "recipes/08_variational_autoencoder.py", "seed": SEED}

(x_train, y_train), (x_test, y_test) = digits()
x_train, y_train = x_train[:N_DIGITS], y_train[:N_DIGITS]


def toss(x, rng):
    """Black-and-white pictures: each pixel is ink with chance x."""
    return (rng.random(x.shape, dtype="float32") < x).astype("float32")


def given(vae, c):
    """The VAE that remains once c is fixed: its decoder takes z alone."""
    def decoder(z):
        return vae.decoder(ops.concatenate([z, c], axis=1))
    return vae._replace(decoder=decoder)


def compile_epoch(vae, optimizer, beta, xla):
    """The chapter's step for every batch of an epoch, in one graph that TensorFlow runs without asking Python."""
    weights = vae.encoder.trainable_variables + vae.decoder.trainable_variables
    optimizer.build(weights)

    @tf.function(jit_compile=xla, autograph=False)
    def epoch(x, c, rows, noise):
        def step(i, total):
            with tf.GradientTape() as tape:
                terms = elbo_terms(given(vae, ops.take(c, rows[i], 0)), ops.take(x, rows[i], 0), noise[i])
                reconstruction, kl = map(ops.mean, terms)
                loss = beta * kl - reconstruction
            optimizer.apply(tape.gradient(loss, weights), weights)
            return total + ops.stack([reconstruction, kl])
        return ops.fori_loop(0, noise.shape[0], step, ops.zeros(2)) / noise.shape[0]
    return epoch


def train_fused(vae, x, n_epochs, beta=1.0, c=None, binary=False, noisy=True, optimizer=None, batch_size=BATCH_SIZE,
                rate=RATE, seed=SEED, xla=XLA):
    """The chapter's `train`, a whole epoch at a time: the same batches and noise, the same history.

    Beside it: c goes along with z, and `binary` tosses the pictures anew in each epoch.
    """
    optimizer = optimizer or adam(n_epochs * (len(x) // batch_size), rate)
    epoch = compile_epoch(vae, optimizer, beta, xla)
    c = np.zeros((len(x), 0), "float32") if c is None else c
    rng, history = np.random.default_rng(seed), []
    for _ in range(n_epochs):
        rows, noise = draw_batches(vae, len(x), rng, batch_size)
        history.append(epoch(toss(x, rng) if binary else x, c, rows, noise * np.float32(noisy)))
    return np.array(history)


def train_anew(latent_dim, n_epochs, n_labels=0, seed=SEED, **options):
    """A VAE of the page, from the first weights that it has there."""
    set_seed(seed)
    vae = build_vae(latent_dim, n_labels)
    train_fused(vae, x_train, n_epochs, seed=seed, **options)
    return vae


def distance_of_mixture(vae, codes, n_components, rng):
    """The distance of pictures decoded from a mixture of Gaussians over the codes."""
    return digit_judge.frechet_distance(run(vae.decoder, draw_mixture(codes, N_SAMPLES, n_components, rng)))


# What Chapter 9 walks through, and its controls


def sort_latents(vae, x):
    """Reorder the latent numbers: the largest KL term comes first."""
    mu, log_var = np.split(run(vae.encoder, x), 2, axis=1)
    kl = (np.exp(log_var) + mu**2 - 1 - log_var).mean(axis=0)
    order = np.argsort(-kl)
    kernel, bias = vae.encoder.layers[-1].get_weights()
    both = np.concatenate([order, order + len(order)])  # mu and log_var
    vae.encoder.layers[-1].set_weights([kernel[:, both], bias[both]])
    kernel, bias = vae.decoder.layers[0].get_weights()
    vae.decoder.layers[0].set_weights([kernel[order], bias])


def train_large(seed, **options):
    """Sixteen numbers, two hidden layers."""
    set_seed(seed)
    vae = build_vae(16, hidden=(128, 64), activation="leaky_relu")
    train_fused(vae, x_train, LARGE_EPOCHS, rate=0.004, seed=seed, **options)
    sort_latents(vae, x_train)
    return vae


def draw_both(vae, seed):
    """Pictures by the prior, and by a mixture over the codes."""
    rng = np.random.default_rng(seed)
    by_prior = sample(vae, N_SAMPLES, rng)
    z = draw_mixture(draw_codes(vae, x_train[:N_CODED], rng), N_SAMPLES, LARGE_BELLS, rng)
    return by_prior, run(vae.decoder, z)


def survey(vae, seed):
    """The judge's line, under a mixture; both terms on the test set; the prior's distance."""
    reconstruction, kl = test_elbo(vae, x_test)
    by_prior, by_mixture = draw_both(vae, seed)
    return digit_judge.report(by_mixture) | {"fit": reconstruction, "rent": kl,
                                             "prior": digit_judge.frechet_distance(by_prior)}


def large():
    start = time.perf_counter()
    vae = train_large(SEED, beta=0.3)
    made = MADE | {"seconds": time.perf_counter() - start}
    scores = digit_judge.over_seeds([survey(vae if seed == SEED else train_large(seed, beta=0.3), seed)
                                     for seed in SEEDS])
    for name, part in (("encoder", vae.encoder), ("decoder", vae.decoder)):
        shipped.save(f"digit_vae_{name}.npz", from_keras(part, "float16"), scores=scores, **made)


def judge_control(seed):
    """The network of `large` as a plain autoencoder: distances under one Gaussian and under the same mixture."""
    rng = np.random.default_rng(seed)
    autoencoder = train_large(seed, beta=0.0, noisy=False)
    codes = centres(autoencoder, x_train[:N_CODED])
    return {name: distance_of_mixture(autoencoder, codes, n_components, rng)
            for name, n_components in (("one Gaussian", 1), ("mixture", LARGE_BELLS))}


def control():
    start, found = time.perf_counter(), [judge_control(seed) for seed in SEEDS]
    shipped.save("digit_vae_control.npz", {"distances": np.array([[*one.values()] for one in found])},
                 scores=digit_judge.over_seeds(found), seconds=time.perf_counter() - start, **MADE)


def judge_beta_1(seed):
    """The network of `large` with β = 1: distances by the prior and by the same mixture."""
    by_prior, by_mixture = map(digit_judge.frechet_distance, draw_both(train_large(seed), seed))
    return {"prior": by_prior, "mixture": by_mixture}


def beta_1():
    start, found = time.perf_counter(), [judge_beta_1(seed) for seed in SEEDS]
    shipped.save("digit_vae_beta_1.npz", {"distances": np.array([[*one.values()] for one in found])},
                 scores=digit_judge.over_seeds(found), seconds=time.perf_counter() - start, **MADE)


# The models of the page, for its live figures


def compare(vae, rng):
    """Test ELBO, and the distance of samples by the prior and by a mixture."""
    by_prior = sample(vae, N_SAMPLES, rng)
    mixture = distance_of_mixture(vae, draw_codes(vae, x_train[:N_CODED], rng), SMALL_BELLS, rng)
    return {"ELBO": np.subtract(*test_elbo(vae, x_test)), "prior": digit_judge.frechet_distance(by_prior),
            "mixture": mixture}


def small():
    start, rng, one_hot = time.perf_counter(), np.random.default_rng(SEED), np.eye(10, dtype="float32")
    source = train_anew(4, SOURCE_EPOCHS, beta=SOURCE_BETA, optimizer=keras_3_rmsprop())
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
    codes, labels = centres(plane, x_test[:1000]), y_test[:1000]
    shipped.save("digit_vae_plane_codes.npz", {"codes": codes.astype("float16"), "labels": labels.astype("uint8")},
                 **made)


def build_face_vae(latent_dim=16, n_hidden=92):
    """Encoder of colour pictures (n, 32, 32, 3), decoder, and the Laplace density of the chapter."""
    paint = {"strides": 2, "padding": "same"}
    encoder = keras.Sequential([
        keras.Input((32, 32, 3)), layers.Conv2D(24, 4, 4, activation="elu"),
        layers.Conv2D(48, 2, 2, activation="elu"), layers.Flatten(),
        layers.Dense(n_hidden, "elu"), layers.Dense(2 * latent_dim)])
    decoder = keras.Sequential([
        keras.Input((latent_dim,)), layers.Dense(n_hidden, "elu"),
        layers.Dense(8 * 8 * 24, "elu"), layers.Reshape((8, 8, 24)),
        layers.Conv2DTranspose(16, 4, activation="elu", **paint),
        layers.Conv2DTranspose(3, 4, activation="sigmoid", **paint)])
    return Vae(encoder, decoder, laplace)


def people():
    start, rng, planet = time.perf_counter(), set_seed(SEED), pixel_faces()
    palette = planet.palette.astype("float32")
    x, x_fresh = palette[planet.pixels[:N_PEOPLE]], palette[planet.pixels[4000:5000]]
    vae = build_face_vae()
    history = train_fused(vae, x, PEOPLE_EPOCHS, batch_size=50, xla=False)  # slow at convolutions
    sort_latents(vae, x)
    made = MADE | {"seconds": time.perf_counter() - start}
    drawn = snap(run(vae.decoder, draw_mixture(draw_codes(vae, x, rng), 1000, PEOPLE_BELLS, rng)), palette)
    reader = FaceReader(x, planet.features[:N_PEOPLE])
    rebuilt = run(vae.decoder, centres(vae, x_fresh))
    scores = {"off": abs(rebuilt - x_fresh).mean(), "rent": history[-1, 1],
              "halves agree": reader.agreement(palette[drawn])["all"],
              "police": fashion_police(planet.pixels[5000:5500], drawn[:500]).accuracy}
    for name, part in (("encoder", vae.encoder), ("decoder", vae.decoder)):
        shipped.save(f"face_vae_{name}.npz", from_keras(part, "float16"), scores=scores, **made)


# The source's recipe with either place of RMSprop's epsilon, against ours


class RMSpropOfKeras2(keras.optimizers.RMSprop):
    """RMSprop as Keras had it up to 2.10: epsilon is added to the root, not under it."""

    def update_step(self, gradient, variable, learning_rate):
        mean_square = self._velocities[self._get_variable_index(variable)]
        mean_square.assign(self.rho * mean_square + (1 - self.rho) * gradient**2)
        variable.assign_sub(ops.cast(learning_rate, variable.dtype) * gradient / (ops.sqrt(mean_square) + self.epsilon))


def keras_2_rmsprop(scale=784):
    """The source's RMSprop for a loss that is `scale` times as large, with the epsilon of Keras 2."""
    return RMSpropOfKeras2(0.001, epsilon=1e-7 * scale)


def keras_3_rmsprop(scale=784):
    """The same with the epsilon of Keras 3, which stands under the root: the gradients' squares are scale² times."""
    return keras.optimizers.RMSprop(0.001, epsilon=1e-7 * scale**2)


RMSPROPS = {"Keras 2": keras_2_rmsprop, "Keras 3": keras_3_rmsprop}


class Source(keras.Model):
    """The source's model for Keras's `fit`: a mean wherever it has one."""

    def __init__(self, weight):
        super().__init__()
        vae = build_vae(4)
        self.encoder, self.decoder, self.weight = vae.encoder, vae.decoder, weight
        self.seeds = keras.random.SeedGenerator(SEED)

    def call(self, x):
        mu, log_var = ops.split(self.encoder(x), 2, axis=1)
        self.add_loss(self.weight * ops.mean(ops.exp(log_var) + mu**2 - 1 - log_var))
        noise = keras.random.normal(ops.shape(mu), seed=self.seeds)
        return self.decoder(mu + ops.exp(log_var / 2) * noise)


def train_by_fit(x, weight, rmsprop, n_epochs=SOURCE_EPOCHS):
    """The source's recipe, as one would write it for Keras."""
    set_seed(SEED)
    model = Source(weight)
    model.compile(rmsprop(1), "binary_crossentropy")
    model.fit(x, x, 100, n_epochs, verbose=0)
    return Vae(model.encoder, model.decoder, log_likelihood)


def timed(train_one):
    """CPU seconds, compilation included, and test ELBO."""
    start = time.process_time()
    vae = train_one()
    return time.process_time() - start, np.subtract(*test_elbo(vae, x_test))


def race():
    start, runs = time.perf_counter(), {}
    for version, rmsprop in RMSPROPS.items():
        runs |= {f"source, {version}": timed(lambda rmsprop=rmsprop: train_by_fit(x_train, 1e-4, rmsprop)),
                 f"β = 1, {version}": timed(lambda rmsprop=rmsprop: train_by_fit(x_train, 2 / 784, rmsprop))}
    runs["sums"] = timed(lambda: train_anew(4, SOURCE_EPOCHS, optimizer=keras.optimizers.RMSprop(0.001)))
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


PARTS = {part.__name__: part for part in (large, control, beta_1, small, people, race, literature)}
for name in os.environ.get("PARTS", " ".join(PARTS)).split():
    PARTS[name]()
    print(f"{name}: done", flush=True)
