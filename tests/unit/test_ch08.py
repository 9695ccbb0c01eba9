"""Chapter 8: the ELBO that stands in its cells, against closed forms, integrals and finite differences."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm
from support import ROOT, models_of, solutions_of, tool

from helpers.data import digits
from helpers.exercises.ch08 import EXERCISES
from helpers.networks.shipped import about

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
PAGE = ROOT / "book" / "08_variational_autoencoder.ipynb"


@pytest.fixture
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


@pytest.fixture(scope="module")
def recipe():
    """What the recipe defines beside that; nothing is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PARTS", "")
        return tool("artefacts").run(ROOT / "recipes" / f"{PAGE.stem}.py")


@pytest.fixture
def float64():
    """Models and pictures in double precision, so that differences can be taken."""
    for_now = keras.config.floatx(), keras.config.dtype_policy().name
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(for_now[0])
    keras.config.set_dtype_policy(for_now[1])


numbers = st.floats(-3, 3)


@settings(max_examples=20, deadline=None)
@given(mu=numbers, log_var=numbers)
def test_the_divergence_is_the_integral_of_scipy(kl, mu, log_var):
    q, prior = norm(mu, np.exp(log_var / 2)), norm()
    integral = quad(lambda z: q.pdf(z) * (q.logpdf(z) - prior.logpdf(z)), *(q.mean() + np.array([-12, 12]) * q.std()))
    assert float(kl(np.array([[mu]]), np.array([[log_var]]))[0]) == pytest.approx(integral[0], abs=1e-4)


@pytest.fixture(scope="module")
def kl():
    return models_of(PAGE)["kl_divergence"]


def test_the_divergence_is_that_of_keras_between_histograms(kl):
    mu, sigma = 0.7, 0.4
    edges = np.linspace(-4, 4, 401)
    q, prior = (np.diff(norm(m, s).cdf(edges)) for m, s in ((mu, sigma), (0, 1)))
    keras_says = keras.losses.KLDivergence()(q[None].astype("float32"), prior[None].astype("float32"))
    assert float(kl(np.array([[mu]]), np.log([[sigma**2]]))[0]) == pytest.approx(float(keras_says), rel=2e-3)


def test_the_divergence_of_each_row_is_that_of_monte_carlo(kl):
    rng = np.random.default_rng(0)
    mu, log_var = rng.normal(size=(2, 3, 4))
    sigma = np.exp(log_var / 2)
    z = mu + sigma * rng.standard_normal((200_000, 3, 4))
    drawn = (norm(mu, sigma).logpdf(z) - norm().logpdf(z)).sum(axis=2)
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    assert (abs(np.array(kl(mu, log_var)) - drawn.mean(axis=0)) < 5 * error).all()


def test_the_fit_is_kerass_cross_entropy_summed_over_the_pixels(page):
    x, p = np.random.default_rng(0).random((2, 3, 28, 28)).astype("float32")
    oracle = -784 * keras.losses.binary_crossentropy(x.reshape(3, -1), p.reshape(3, -1))
    np.testing.assert_allclose(page["log_likelihood"](x, p), oracle, rtol=1e-5)
    colour = np.random.default_rng(0).random((2, 3, 8, 8, 3)).astype("float32")
    assert page["log_likelihood"](*colour).shape == (3,)


def test_a_certain_decoder_that_is_wrong_costs_much_and_not_infinitely_much(page):
    x = np.ones((1, 28, 28), "float32")
    assert np.isfinite(page["log_likelihood"](x, 0 * x)).all()
    assert float(page["log_likelihood"](x, x)[0]) == pytest.approx(0, abs=1e-2)


def test_the_gradient_through_the_reparameterisation_is_that_of_finite_differences(page, float64):
    keras.utils.set_random_seed(0)
    vae, rng = page["build_vae"](3, hidden=(16,)), np.random.default_rng(0)
    x, noise, c = rng.random((5, 28, 28)), rng.standard_normal((5, 3)), np.zeros((5, 0))

    def loss():
        fit, rent = page["elbo_terms"](vae, x, c, noise)
        return tf.reduce_mean(0.5 * rent - fit)

    kernel, bias = vae.encoder.layers[-1].weights  # what mu and log_var are made with
    with tf.GradientTape() as tape:
        value = loss()
    slopes = tape.gradient(value, [kernel.value, bias.value])
    for weights, slope in zip((kernel, bias), slopes, strict=True):
        start, step = weights.numpy(), 1e-6
        for place in list(np.ndindex(start.shape))[:12]:
            ends = []
            for sign in (1, -1):
                moved = start.copy()
                moved[place] += sign * step
                weights.assign(moved)
                ends.append(float(loss()))
            weights.assign(start)
            assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(float(slope[place]), rel=1e-5, abs=1e-6)


# A linear decoder with Gaussian noise, for which everything is known exactly


class Linear:
    """z ~ N(0, I), x = W z + b + noise of deviation s; with columns of W at right angles the posterior is diagonal."""

    def __init__(self, s=0.7):
        rng = np.random.default_rng(3)
        self.W = np.linalg.qr(rng.normal(size=(6, 3)))[0] * [2.0, 1.0, 0.5]
        self.b, self.s = rng.normal(size=6), s
        self.x = multivariate_normal(self.b, self.W @ self.W.T + s**2 * np.eye(6)).rvs(40, random_state=0)
        self.log_p = multivariate_normal(self.b, self.W @ self.W.T + s**2 * np.eye(6)).logpdf(self.x)

    def posterior(self, x):
        variance = 1 / (1 + (self.W**2).sum(axis=0) / self.s**2)
        mu = (x - self.b) @ self.W / self.s**2 * variance
        return np.concatenate([mu, np.broadcast_to(np.log(variance), mu.shape)], axis=1).astype("float32")

    def off(self, x):
        """An encoder that is somewhat wrong in place and width."""
        mu, log_var = np.split(self.posterior(x), 2, axis=1)
        return np.concatenate([mu + 0.2, log_var + 0.5], axis=1)

    def decode(self, z):
        return tf.cast(z, "float32") @ self.W.T.astype("float32") + self.b.astype("float32")

    def log_likelihood(self, x, mean):
        squares = tf.reduce_sum((tf.cast(x, "float32") - mean) ** 2, axis=1)
        return -0.5 * squares / self.s**2 - 3 * np.log(2 * np.pi * self.s**2)


@pytest.fixture
def linear(page):
    world = Linear()
    page["log_likelihood"] = world.log_likelihood
    return page, world


def test_with_the_exact_posterior_one_draw_gives_log_p_exactly(linear):
    page, world = linear
    found = page["log_p"](page["Vae"](world.posterior, world.decode), world.x, 1, np.random.default_rng(0))
    np.testing.assert_allclose(found[0], world.log_p, atol=1e-3)


@pytest.mark.parametrize("blind", [False, True])
def test_importance_sampling_comes_to_log_p_from_below(linear, blind):
    page, world = linear
    found = page["log_p"](page["Vae"](world.off, world.decode), world.x, 3000, np.random.default_rng(0), blind=blind)
    assert found.shape == (3000, 40)
    gaps = world.log_p.mean() - found.mean(axis=1)
    assert gaps[0] > gaps[30] > abs(gaps[-1])
    assert abs(gaps[-1]) < (0.3 if blind else 0.01)


def test_the_elbo_and_the_gap_add_up_to_log_p(linear):
    page, world = linear
    rng, x = np.random.default_rng(0), np.repeat(world.x[:3], 100_000, axis=0)
    noise = rng.standard_normal((len(x), 3)).astype("float32")
    vae, c = page["Vae"](world.off, world.decode), page["no_labels"](x)
    fit, rent = page["elbo_terms"](vae, x, c, noise, world.log_likelihood)
    elbo = np.array(fit - rent).reshape(3, -1)
    (mu, log_var), (true_mu, true_log_var) = (np.split(f(world.x[:3]), 2, axis=1) for f in (world.off, world.posterior))
    ratio = np.exp(log_var - true_log_var)
    gap = 0.5 * (ratio + (mu - true_mu) ** 2 / np.exp(true_log_var) - 1 - np.log(ratio)).sum(axis=1)
    np.testing.assert_allclose(elbo.mean(axis=1) + gap, world.log_p[:3], atol=0.03)


# Training and drawing


def pictures(n=300):
    """Bars: a picture is ink in one of 28 columns and the next."""
    x = np.zeros((n, 28, 28), "float32")
    for i, column in enumerate(np.random.default_rng(0).integers(27, size=n)):
        x[i, :, column : column + 2] = 1
    return x


def trained(page, **options):
    keras.utils.set_random_seed(1)
    vae = page["build_vae"](2, n_labels=options.pop("n_labels", 0), hidden=(32,))
    return vae, page["train"](vae, pictures(), 4, **options)


def test_training_climbs_and_repeats_itself(page):
    (vae, history), (_, again) = trained(page), trained(page)
    assert history.shape == (4, 2)
    elbo = history[:, 0] - history[:, 1]
    assert elbo[-1] > elbo[0]
    np.testing.assert_array_equal(history, again)
    fit, rent = page["test_elbo"](vae, pictures())
    assert fit - rent > elbo[0]


def test_dear_rent_is_not_paid(page):
    assert trained(page, beta=784.0)[1][-1, 1] < 0.1 < trained(page)[1][-1, 1]


def test_a_label_and_a_toss_go_through_the_same_function(page):
    c = np.eye(10, dtype="float32")[np.arange(300) % 10]
    (encoder, decoder), history = trained(page, c=c, n_labels=10, binary=True)
    assert encoder.output_shape == (None, 4) and decoder.input_shape == (None, 12)
    assert np.isfinite(history).all()


def test_a_wrong_latent_size_is_refused(page):
    vae = page["Vae"](page["build_vae"](2).encoder, page["build_vae"](3).decoder)
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError), match="incompatible|shape"):
        page["train"](vae, pictures(), 1)


def test_nan_in_the_pictures_stops_the_training_with_the_remedy(page):
    x = pictures()
    x[3, 5, 5] = np.nan
    with pytest.raises(ValueError, match="epoch 1: the ELBO is no number. Look for NaN in x, or lower the rate"):
        page["train"](page["build_vae"](2), x, 2)


def test_tossed_pictures_are_black_and_white_and_right_on_average(page):
    x = np.full((400, 28, 28), 0.3, "float32")
    crisp = page["toss"](x, np.random.default_rng(0))
    assert set(np.unique(crisp)) == {0, 1} and crisp.dtype == np.float32
    assert crisp.mean() == pytest.approx(0.3, abs=0.005)


def test_codes_are_draws_from_each_pictures_cloud(page):
    world = Linear()
    x = np.repeat(world.x[:1], 50_000, axis=0)
    codes = page["draw_codes"](page["Vae"](world.off, None), x, np.random.default_rng(0))
    mu, log_var = np.split(world.off(world.x[:1])[0], 2)
    np.testing.assert_allclose(codes.mean(axis=0), mu, atol=0.02)
    np.testing.assert_allclose(codes.std(axis=0), np.exp(log_var / 2), rtol=0.02)


def test_the_mixture_draws_where_the_codes_are(page):
    world = Linear()
    x = multivariate_normal(world.b, world.W @ world.W.T + world.s**2 * np.eye(6)).rvs(2000, random_state=1)

    def moved(x):
        return world.posterior(x) + np.array([5, 0, 0, 0, 0, 0])

    z = page["sample_mixture"](page["Vae"](moved, lambda z: z), x, 2000, 2, np.random.default_rng(0))
    codes = page["draw_codes"](page["Vae"](moved, None), x, np.random.default_rng(0))
    np.testing.assert_allclose(z.mean(axis=0), codes.mean(axis=0), atol=0.15)
    np.testing.assert_allclose(np.cov(z.T), np.cov(codes.T), atol=0.2)


def test_sorting_the_latent_numbers_changes_no_picture(page):
    vae, x = trained(page)[0], pictures()
    before = page["reconstruct"](vae, x)
    page["sort_latents"](vae, x)
    np.testing.assert_allclose(page["reconstruct"](vae, x), before, atol=1e-5)
    mu, log_var = np.split(page["run"](vae.encoder, x), 2, axis=1)
    rents = (np.exp(log_var) + mu**2 - 1 - log_var).mean(axis=0)
    assert (np.diff(rents) <= 0).all()


def test_the_logarithm_of_laplaces_density_integrates_to_one(page):
    def density(x):
        return float(np.exp(page["laplace"](np.full((1, 1, 1, 1), x), np.full((1, 1, 1, 1), 0.3), b=0.2))[0])

    assert quad(density, -5, 5, points=[0.3])[0] == pytest.approx(1, abs=1e-4)


# The source's recipe


class Literal(keras.Model):
    """The source's loss as it writes it, for `fit`; the noise comes with the pictures."""

    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def call(self, inputs):
        x, noise = inputs
        mu, log_var = keras.ops.split(self.encoder(x), 2, axis=1)
        kl = -keras.ops.mean(1 + log_var - mu**2 - keras.ops.exp(log_var), axis=-1)
        self.add_loss(1e-4 * keras.ops.mean(kl))
        return self.decoder(mu + keras.ops.exp(log_var / 2) * noise)


def curve_of_fit(vae, x, n_epochs):
    """784 times the loss of each epoch, with the batches and the noise that the chapter's `train` draws."""
    model, rng, losses = Literal(*vae), np.random.default_rng(0), []
    model.compile("rmsprop", "binary_crossentropy")
    for _ in range(n_epochs):
        seen, noise = x[rng.permutation(len(x))], rng.standard_normal((len(x), 4), dtype="float32")
        fitted = model.fit((seen, noise), seen, 100, shuffle=False, verbose=0)
        losses.append(784 * fitted.history["loss"][0])
    return np.array(losses)


def test_the_sources_recipe_on_sums_learns_as_keras_learns_on_means(page):
    x, curves = digits()[0][0][:2000], []
    for optimizer in (page["source_optimizer"](), keras.optimizers.RMSprop(0.001)):
        keras.utils.set_random_seed(0)
        history = page["train"](page["build_vae"](4), x, 4, 0.0392, optimizer=optimizer)
        curves.append(0.0392 * history[:, 1] - history[:, 0])
    keras.utils.set_random_seed(0)
    literal = curve_of_fit(page["build_vae"](4), x, 4)
    np.testing.assert_allclose(curves[0], literal, rtol=1e-3)
    assert curves[1][-1] < literal[-1] - 10  # with Keras's own epsilon the sums would learn faster


def test_a_mean_in_place_of_a_sum_is_the_beta_that_the_chapter_says(recipe):
    keras.utils.set_random_seed(0)
    source, x = recipe["Source"](2 / 784), pictures(50)
    p = source(x)
    mu, log_var = keras.ops.split(source.encoder(x), 2, axis=1)
    rent = np.mean(recipe["kl_divergence"](mu, log_var))
    assert 784 * float(source.losses[0]) == pytest.approx(rent, rel=1e-5)
    assert p.shape == x.shape


# The recipe


def test_the_fused_epoch_is_the_pages_steps_at_once(recipe):
    """Labels, tosses and a weight among them; the two differ by rounding only."""
    c = np.eye(10, dtype="float32")[np.arange(300) % 10]
    histories, weights = [], []
    for train in (recipe["train"], recipe["train_fused"]):
        keras.utils.set_random_seed(1)
        vae = recipe["build_vae"](2, n_labels=10, hidden=(32,))
        histories.append(train(vae, pictures(), 3, beta=0.5, c=c, binary=True))
        weights.append(np.concatenate([w.ravel() for w in vae.decoder.get_weights()]))
    np.testing.assert_allclose(*histories, rtol=1e-4)
    np.testing.assert_allclose(*weights, atol=1e-4)


# What the full scale must reach, read from the manifest


def test_our_training_passes_the_sources_recipe_in_a_fraction_of_its_time():
    race = about("digit_vae_race.npz")["scores"]

    def beats(ours, theirs, share, nats=0):
        faster = race[f"ours, {ours} epochs, CPU seconds"] < share * race[f"{theirs}, CPU seconds"]
        return faster and race[f"ours, {ours} epochs, ELBO"] > race[f"{theirs}, ELBO"] + nats

    assert beats(2, "source", share=1 / 25)
    assert beats(40, "source", share=1, nats=12)
    assert beats(15, "β = 1", share=1 / 3)


def test_the_likelihood_of_the_large_model_is_near_that_of_the_literature():
    assert about("digit_vae_log_p.npz")["scores"]["log p"] >= -87.75


def test_the_mixture_over_the_codes_mends_the_samples():
    shipped, small = (about(f"digit_vae_{name}")["scores"] for name in ("decoder.npz", "four_decoder.npz"))
    others = [number for name, number in small.items() if name.endswith(", prior")]
    assert len(others) == 4 and 3 * shipped["frechet_distance"] < shipped["prior"]
    assert 2 * shipped["frechet_distance"] < min(others)


# Exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, name):
    names: dict = {"np": np}
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])


@pytest.mark.parametrize("name, answer, reason", [
    ("8.1", 1.6363, "one half in front"),
    ("8.1", 0.5, "too narrow"),
    ("8.2", 0.0392, "four latent numbers"),
    ("8.2", 0.0784, "mean over the latent numbers"),
    ("8.3", 0.08, "divergence to the prior"),
    ("8.3", 0, "the width is not"),
    ("8.4", lambda mu, log_var, noise: mu + np.exp(log_var) * noise, "its square root"),
    ("8.5", lambda w: w.mean(axis=0), "the ELBO"),
    ("8.5", lambda w: np.log(np.exp(w).mean(axis=0)), "exp(-900) is 0"),
])
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said


