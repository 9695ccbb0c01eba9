"""Chapter 11: the pairs and losses that stand in its cells, its theorem on small worlds, and its exercises."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import entropy
from support import ROOT, models_of, solutions_of

from helpers.exercises.ch11 import EXERCISES
from helpers.networks import shipped

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
PAGE = ROOT / "book" / "11_bigan.ipynb"


@pytest.fixture
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


@pytest.fixture
def float64():
    """Networks in double precision, so that differences can be taken."""
    for_now = keras.config.floatx(), keras.config.dtype_policy().name
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(for_now[0])
    keras.config.set_dtype_policy(for_now[1])


def world(rng, n=12, dim=3):
    """Pictures and points, float64."""
    return rng.random((n, 28, 28)), rng.standard_normal((n, dim))


# The theorem on small worlds


@pytest.fixture(scope="module")
def small():
    return models_of(PAGE)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10_000))
def test_the_divergence_of_the_pairs_is_the_share_of_lost_pictures(small, n, seed):
    rng = np.random.default_rng(seed)
    encoder, generator = rng.integers(0, n, (2, n))
    if seed % 3 == 0:  # inverses, with one exchange at times
        encoder = rng.permutation(n)
        generator = np.argsort(encoder)
        generator[:2] = generator[:2][:: 1 if seed % 2 else -1]
    read, drawn = small["joints"](encoder, generator)
    lost = np.mean(generator[encoder] != np.arange(n))
    middle = (read + drawn) / 2
    divergence = sum(entropy(part.ravel(), middle.ravel()) for part in (read, drawn)) / 2
    assert divergence == pytest.approx(lost * np.log(2), abs=1e-12)


def test_joint_shares_stand_in_the_cell_of_their_pair(small):
    read, drawn = small["joints"](np.array([1, 1, 0]), np.array([2, 0, 1]))
    np.testing.assert_allclose(read, np.array([[0, 1, 0], [0, 1, 0], [1, 0, 0]]) / 3)
    np.testing.assert_allclose(drawn, np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0]]) / 3)
    many = small["joints"](np.array([[1, 1, 0], [0, 1, 2]]), np.array([[2, 0, 1], [1, 1, 1]]))
    np.testing.assert_allclose([part[0] for part in many], [read, drawn])


def test_equal_pairs_mean_inverses_in_every_game_of_three(small):
    tables = [np.array(t) for t in np.ndindex(3, 3, 3)]
    for encoder in tables:
        for generator in tables:
            won = np.array_equal(*small["joints"](encoder, generator))
            inverse = (generator[encoder] == range(3)).all() and (encoder[generator] == range(3)).all()
            assert won == inverse


# Pairs


def test_each_pair_joins_what_belongs_together(page):
    rng = np.random.default_rng(0)
    x, z = (part.astype("float32") for part in world(rng))

    def encoder(x, training):
        return tf.reshape(x, (len(x), -1))[:, :3] * 2

    def generator(z, training):
        return tf.ones((1, 28, 28)) * z[:, :1, None]

    pictures, points = map(np.array, page["pairs"](encoder, generator, x, z))
    np.testing.assert_array_equal(pictures[:12], x)
    np.testing.assert_array_equal(points[:12], 2 * x.reshape(12, -1)[:, :3])
    np.testing.assert_array_equal(points[12:], z)
    np.testing.assert_array_equal(pictures[12:, 5, 7], z[:, 0])


def test_a_swapped_pair_is_told_apart(page):
    """Pictures and points have the right distributions, the pairs are wrong: a discriminator learns to see it."""
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    codes = rng.standard_normal((600, 3)).astype("float32")
    x = np.zeros((600, 28, 28), "float32")
    x[:, :3, :] = 1 / (1 + np.exp(-codes[:, :, None]))
    discriminator = page["build_discriminator"](3, 32)
    optimizer = keras.optimizers.Adam(0.01)
    swapped = np.roll(codes, 1, axis=0)
    for i in range(150):
        rows = np.arange(i * 40, i * 40 + 40) % 500
        with tf.GradientTape() as tape:
            right, wrong = (discriminator([x[rows], z[rows]]) for z in (codes, swapped))
            loss = tf.reduce_mean(tf.nn.softplus(-right) + tf.nn.softplus(wrong))
        optimizer.apply(tape.gradient(loss, discriminator.trainable_variables), discriminator.trainable_variables)
    fresh = [np.array(discriminator([x[510:], z[510:]])).sum(axis=1) for z in (codes, swapped)]
    assert (fresh[0] > fresh[1]).mean() > 0.9


# Losses


def small_game(page, dim=3, dtype="float64"):
    """Networks without batch normalisation, whose loss is the same function at every call."""
    keras.utils.set_random_seed(3)
    layers = keras.layers
    encoder = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(6, "tanh"), layers.Dense(dim)])
    generator = keras.Sequential([keras.Input((dim,)), layers.Dense(8, "tanh"), layers.Dense(784, "sigmoid"),
                                  layers.Reshape((28, 28))])
    return page["BiGan"](encoder, generator, page["build_discriminator"](dim, 10))


def test_the_losses_are_cross_entropies_with_the_labels_swapped(page, float64):
    rng = np.random.default_rng(1)
    x, z = map(tf.constant, world(rng))
    encoder, generator, discriminator = game = small_game(page)
    d_loss, g_loss = page["losses"](game, x, z)
    told = np.concatenate([discriminator([x, encoder(x)]), discriminator([generator(z), z])])
    labels = np.repeat([1.0, 0.0], 12)[:, None] * np.ones((1, told.shape[1]))
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    assert float(d_loss) == pytest.approx(2 * told.shape[1] * float(cross_entropy(labels, told)), rel=1e-6)
    assert float(g_loss) == pytest.approx(2 * told.shape[1] * float(cross_entropy(1 - labels, told)), rel=1e-6)
    lost = np.mean(np.sum((np.array(encoder(generator(z))) - z) ** 2, axis=1))
    assert float(page["losses"](game, x, z, 0.3)[1] - g_loss) == pytest.approx(0.3 * lost, rel=1e-6)
    off = np.mean(np.sum((np.array(generator(encoder(x))) - x) ** 2, axis=(1, 2)))
    assert float(page["losses"](game, x, z, 0.0, 0.02)[1] - g_loss) == pytest.approx(0.02 * off, rel=1e-6)


@pytest.mark.parametrize("which", [0, 1])
def test_the_gradients_are_finite_differences(page, float64, which):
    rng = np.random.default_rng(2)
    x, z = world(rng)
    game = small_game(page)
    weights = page["sides_of"](game)[which]

    def loss():
        return page["losses"](game, x, z, 0.3, 0.02)[which]

    with tf.GradientTape() as tape:
        value = loss()
    for weight, slope in zip(weights, tape.gradient(value, weights), strict=True):
        direction = rng.standard_normal(weight.shape)
        before, h = weight.numpy(), 1e-6
        sides = []
        for sign in (1, -1):
            weight.assign(before + sign * h * direction)
            sides.append(float(loss()))
        weight.assign(before)
        assert np.sum(slope * direction) == pytest.approx((sides[0] - sides[1]) / (2 * h), rel=1e-4, abs=1e-6)


def test_the_steepness_is_the_squared_slope_of_the_opinions(page, float64):
    rng = np.random.default_rng(4)
    x, z = world(rng, n=2)
    discriminator = small_game(page).discriminator
    found, squares = float(page["steepness"](discriminator, tf.constant(x), tf.constant(z))), 0
    for h, k in ((1e-5 * np.eye(784).reshape(-1, 28, 28), np.zeros((784, 3))),  # each pixel alone
                 (np.zeros((3, 28, 28)), 1e-5 * np.eye(3))):
        for picture, point in zip(x, z, strict=True):
            ahead, behind = (np.sum(discriminator([picture + s * h, point + s * k]), axis=1) for s in (1, -1))
            squares += np.sum(((ahead - behind) / 2e-5) ** 2)
    assert found == pytest.approx(squares / 2, rel=1e-3)


# Training


def played(page, n_steps=16, seed=0, weights=()):
    """The averaged players and the history of a short game on noise."""
    x = np.random.default_rng(0).random((300, 28, 28), dtype="float32")
    bigan, average = page["new_game"](seed)
    return average, page["train"](bigan, x, n_steps, average, *weights, batch_size=20, seed=seed)


def test_the_same_seed_plays_the_same_game_and_another_another(page):
    one, again, other = (played(page, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_allclose(one[1], again[1], rtol=1e-5)
    for a, b in zip(one[0][:2], again[0][:2], strict=True):
        for w, v in zip(a.get_weights(), b.get_weights(), strict=True):
            np.testing.assert_allclose(w, v, rtol=1e-4, atol=1e-5)
    assert abs(one[1] - other[1]).max() > 1e-3


def test_a_game_gives_networks_that_fit_the_page_and_a_row_of_losses_for_each_step(page):
    average, history = played(page, n_steps=6, weights=(0.1, 0.02))
    dim = page["LATENT_DIM"]
    assert average.encoder.output_shape == (None, dim) and average.generator.input_shape == (None, dim)
    assert average.generator.output_shape == (None, 28, 28) and average.discriminator is None
    assert history.shape == (6, 2) and np.isfinite(history).all()


def test_a_new_game_has_the_average_where_the_players_start(page):
    bigan, average = page["new_game"](0)
    for player, calm in zip(bigan[:2], average[:2], strict=True):
        assert player is not calm
        for w, v in zip(player.get_weights(), calm.get_weights(), strict=True):
            np.testing.assert_array_equal(w, v)


def test_the_players_are_small_enough_for_a_page_and_a_browser(page):
    from helpers.networks import from_keras

    encoder, generator = map(from_keras, page["build_players"]())
    cost, shape = 0, generator.input_shape
    for layer in generator.layers:
        kernel = generator.weights.get(f"{layer['name']}/kernel")
        cost += 0 if kernel is None else kernel.size * np.prod(shape[:-1])
        shape = layer["output"]
    assert cost < 3_000_000, "multiply-adds a picture"
    numbers = [sum(weight.size for weight in network.weights.values()) for network in (encoder, generator)]
    assert all(4 * count < 500_000 for count in numbers), "bytes of a network in float32"


@pytest.mark.parametrize("steep", [False, True])
def test_one_step_goes_down_both_slopes_and_the_average_follows(page, float64, steep):
    game, weight, rate = small_game(page), 0.3, 0.01
    x, z = map(tf.constant, world(np.random.default_rng(5)))
    sides = page["sides_of"](game)
    with tf.GradientTape(persistent=True) as tape:
        d_loss, g_loss = page["losses"](game, x, z, weight)
        d_loss += page["EVERY"] * page["GAMMA"] / 2 * page["steepness"](
            game.discriminator, x, game.encoder(x)) if steep else 0.0
    slopes = [tape.gradient(loss, side) for loss, side in zip((d_loss, g_loss), sides, strict=True)]
    wanted = [[w.numpy() - rate * slope for w, slope in zip(*pair, strict=True)]
              for pair in zip(sides, slopes, strict=True)]
    average = page["BiGan"](*map(page["copy_of"], game[:2]))
    before = [[w.numpy() for w in network.trainable_variables] for network in average[:2]]
    optimizers = [keras.optimizers.SGD(rate) for _ in sides]
    for optimizer, side in zip(optimizers, sides, strict=True):
        optimizer.build(side)
    page["make_train_step"](game, average, optimizers, weight)(x, z, steep)
    for side, numbers in zip(sides, wanted, strict=True):
        for w, now in zip(side, numbers, strict=True):
            np.testing.assert_allclose(w.numpy(), now, atol=1e-10)
    for player, mean, old in zip(game[:2], average[:2], before, strict=True):
        for w, v, was in zip(player.trainable_variables, mean.trainable_variables, old, strict=True):
            np.testing.assert_allclose(v.numpy(), page["DECAY"] * was + (1 - page["DECAY"]) * w.numpy(), atol=1e-10)


def test_settling_renews_only_what_batch_normalisation_knows(page):
    rng = np.random.default_rng(0)
    generator = page["new_game"](0)[1].generator
    before = [w.numpy() for w in generator.trainable_variables]
    z = rng.standard_normal((500, page["LATENT_DIM"]), "float32")
    own = page["copy_of"](generator)(z, training=True)  # as the numbers of these pictures have it
    off = abs(generator(z) - own).numpy().mean()
    page["settle"](generator, rng)
    for w, old in zip(generator.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(w, old)
    assert abs(generator(z) - own).numpy().mean() < off / 4


def test_the_survey_finds_nothing_wrong_with_a_perfect_pair(page):
    from helpers.data import digits

    (x, y), _ = digits()
    x, y = x[:500], y[:500]

    class Identity:
        def __call__(self, rows):
            return rows

    found = page["survey"](Identity(), Identity(), x, y, x)
    assert found["kept"] > 0.97 and found["off"] == 0 and found["return"] == 0
    assert found["distance"] < 2


# What codes are worth


def test_a_linear_probe_reads_what_a_flat_border_divides_and_nothing_that_bends(page):
    rng = np.random.default_rng(0)
    angle, ring = rng.uniform(0, 2 * np.pi, 600), rng.integers(0, 2, 600)
    bent = (1 + ring)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    for codes, y, expected in ((bent, (bent[:, 0] > 0).astype(int), (0.97, 1)), (bent, ring, (0.3, 0.7))):
        score = page["probe"](codes[:400], y[:400], codes[400:], y[400:])
        assert expected[0] <= score <= expected[1]
        assert page["probe"](1000 * codes[:400], y[:400], 1000 * codes[400:], y[400:]) == pytest.approx(score, abs=0.01)


def test_a_mixture_draws_where_the_codes_are(page):
    rng = np.random.default_rng(0)
    codes = np.array([[5.0, 0, 0], [-5, 0, 0]])[rng.integers(0, 2, 400)] + 0.1 * rng.standard_normal((400, 3))
    z = page["draw_mixture"](codes, 300, 2)
    assert z.shape == (300, 3) and z.dtype == np.float32
    assert (abs(abs(z[:, 0]) - 5) < 0.6).all() and 0.35 < (z[:, 0] > 0).mean() < 0.65
    np.testing.assert_array_equal(z, page["draw_mixture"](codes, 300, 2))


def test_mistakes_are_the_pictures_that_the_judge_reads_as_another_digit(page):
    from helpers.data import digits

    (x, y), _ = digits()
    x, y = x[:500].copy(), y[:500]
    shown = np.where(np.arange(500) < 100, (y + 1) % 10, y)  # for the first hundred, another digit is expected
    found = page["mistakes"](x, shown)
    assert found["lost"] == pytest.approx(0.2, abs=0.01) and found["sure"] > 0.9
    assert found["sure and lost"] == pytest.approx(found["sure"] * found["lost"])
    assert found["grey lost"] == pytest.approx(page["greyness"](x[:100]).mean(), rel=0.05)
    assert found["grey kept"] == pytest.approx(page["greyness"](x[100:]).mean(), rel=0.05)


@pytest.mark.parametrize("file, rows, name", [
    ("comparison", "pairs_alone", "pairs alone"), ("comparison", "with_the_return", "with the return"),
    ("pictures", "seeds", "both returns"), ("convolutions", "seeds", "larger, the return"),
    ("larger", "seeds", "larger, both returns")])
def test_the_scores_of_the_games_are_the_means_of_their_seeds(file, rows, name):
    scores, rows = shipped.about(f"bigan_{file}.npz")["scores"], shipped.load(f"bigan_{file}.npz")[rows]
    own = {key: score for key, score in scores.items() if key.startswith(f"{name}, ")}
    means, spreads = ([score for key, score in own.items() if key.endswith(" sd") == spread]
                      for spread in (False, True))
    assert means == pytest.approx(rows.mean(axis=0), abs=1e-6)
    assert spreads == pytest.approx(rows.std(axis=0, ddof=1), abs=1e-6)


# Exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, name):
    names: dict = {"np": np}
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])


@pytest.mark.parametrize("name, answer, reason", [
    ("11.1", 0.7 * np.log(2), "both sides agree"),
    ("11.1", 0.3, "the share that is lost"),
    ("11.1", 0.6 * np.log(2), "half the sum"),
    ("11.2", [2 / 3, 0, 1 / 2], "drawn pairs"),
    ("11.2", [0.5, 0.5, 0.5], "end of the game"),
    ("11.2", [1 / 3, 1 / 3, 0.5], "ever draw B"),
    ("11.3", [[1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], "never read"),
    ("11.3", [[0.25, 0.25, 0, 0], [0, 0, 0.25, 0], [0, 0, 0, 0.25]], "each row sums to 1"),
    ("11.3", np.full((3, 4), 0.25), "right points, wrong pairs"),
    ("11.4", lambda e, g: np.mean(e[g] == np.arange(len(g))), "share of points"),
    ("11.4", lambda e, g: np.sum(g[e] == np.arange(len(e))), "the number"),
    ("11.5", lambda a, b, e, g, n: np.array([(1 - t) * a + t * b for t in np.linspace(0, 1, n)]), "read nothing"),
    ("11.5", lambda a, b, e, g, n: np.array([(1 - t) * g(e(a)) + t * g(e(b)) for t in np.linspace(0, 1, n)]),
     "double exposure"),
    ("11.5", lambda a, b, e, g, n: np.array([(1 - t) * e(a) + t * e(b) for t in np.linspace(0, 1, n)]), "Draw them"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said
