"""Chapter 10: the game that stands in its cells, against brute force, SciPy, Keras and finite differences."""

import ast
import os
import re
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.spatial.distance import jensenshannon
from scipy.special import expit
from scipy.stats import norm
from support import ROOT, models_of, solutions_of

from helpers.data.planets import FEATURES, wrodl
from helpers.exercises.ch10 import EXERCISES, VERDICTS, _duel, _forger_first

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")
PAGE = ROOT / "book" / "10_generative_adversarial_networks.ipynb"
RECIPE = ROOT / "recipes" / "10_generative_adversarial_networks.py"


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


@pytest.fixture(scope="module")
def recipe(page):
    """The functions and dials of the recipe, in the chapter's namespace: all but its work."""
    tree = ast.parse(RECIPE.read_text(encoding="utf-8"))
    begins = next(k for k, node in enumerate(tree.body) if ast.unparse(node).startswith("PARTS ="))
    names = dict(page)
    exec(compile(ast.Module(tree.body[:begins], []), RECIPE.name, "exec"), names)
    return names


@pytest.fixture
def float64():
    """Networks in double precision, so that differences can be taken."""
    for_now = keras.config.floatx(), keras.config.dtype_policy().name
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(for_now[0])
    keras.config.set_dtype_policy(for_now[1])


# The two theorems, on dice

weights = st.lists(st.floats(0.01, 1), min_size=6, max_size=6)


def dice(a, b):
    p, q = np.array(a), np.array(b)
    return p / p.sum(), q / q.sum()


@settings(max_examples=50, deadline=None)
@given(weights, weights, st.integers(0, 999))
def test_no_curator_earns_more_than_the_best_one(page, a, b, seed):
    p, q = dice(a, b)
    best = page["best_curator"](p, q)
    others = np.random.default_rng(seed).uniform(0.001, 0.999, (200, 6))
    highest = page["value"](best, p, q)
    assert all(page["value"](other, p, q) <= highest + 1e-12 for other in others)
    for step in (-1e-4, 1e-4):
        assert page["value"](np.clip(best + step, 1e-9, 1 - 1e-9), p, q) < highest


@settings(max_examples=50, deadline=None)
@given(weights, weights)
def test_the_value_is_twice_scipys_divergence_less_log_4(page, a, b):
    p, q = dice(a, b)
    found = page["value"](page["best_curator"](p, q), p, q)
    assert found == pytest.approx(2 * jensenshannon(p, q) ** 2 - np.log(4), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(weights, weights)
def test_only_the_datas_own_die_brings_the_value_down_to_minus_log_4(page, a, b):
    p, q = dice(a, b)
    assume(abs(p - q).max() > 0.01)
    assert page["value"](page["best_curator"](p, p), p, p) == pytest.approx(-np.log(4))
    assert page["value"](page["best_curator"](p, q), p, q) > -np.log(4)
    np.testing.assert_array_equal(page["best_curator"](p, p), 0.5)


# The slopes that reach the forger


@pytest.mark.parametrize("theta", [0.1, 1.0, 2.5, 5.0])
def test_the_slopes_are_differences_of_the_two_losses_under_a_perfect_curator(page, theta):
    def logit(x):
        return norm(0, 1).logpdf(x) - norm(theta, 1).logpdf(x)

    def losses(place):
        lines = (lambda s: -np.logaddexp(0, s)), (lambda s: np.logaddexp(0, -s))
        return np.array([quad(lambda x, line=line: norm(place, 1).pdf(x) * line(logit(x)), place - 9, place + 9)[0]
                         for line in lines])

    differences = (losses(theta + 1e-4) - losses(theta - 1e-4)) / 2e-4
    np.testing.assert_allclose(page["slopes"](theta), differences, atol=1e-5)


def test_the_losses_are_kerass_cross_entropies(page):
    real, fake = np.random.default_rng(0).normal(0, 3, (2, 50)).astype("float32")
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    ones, zeros = np.ones(50, "float32"), np.zeros(50, "float32")
    assert float(page["curator_loss"](real, fake)) == pytest.approx(
        float(entropy(ones, real) + entropy(zeros, fake)), rel=1e-5)
    assert float(page["forger_loss"](fake)) == pytest.approx(float(entropy(ones, fake)), rel=1e-5)
    assert np.isfinite(page["forger_loss"](np.float32([-500, 500])))


def test_at_the_equilibrium_the_losses_are_log_4_and_log_2(page):
    assert float(page["curator_loss"](np.zeros(3), np.zeros(3))) == pytest.approx(np.log(4))
    assert float(page["forger_loss"](np.zeros(3))) == pytest.approx(np.log(2))


# The duel


def test_without_penalty_the_duel_spirals_out_and_with_it_in(page):
    out, rest = (np.linalg.norm(page["duel"](gamma), axis=1) for gamma in (0, 0.3))
    assert out[-1] > 2 * out[0] and (np.diff(out) > -1e-9).all()
    assert rest[-1] < 1e-3


def test_the_duels_moves_go_down_the_slopes_of_the_value_and_of_r1(page):
    moves = page["duel"](0.3, n_steps=20, rate=0.2)
    theta, psi = (tf.constant(column) for column in moves[:-1].T)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([theta, psi])
        value = -tf.math.softplus(-0 * psi) - tf.math.softplus(psi * theta)  # the data are at 0
        paid = 0.3 / 2 * psi**2 - value
    after = [theta - 0.2 * tape.gradient(value, theta), psi - 0.2 * tape.gradient(paid, psi)]
    np.testing.assert_allclose(moves[1:].T, after)


def test_the_running_average_weighs_each_place_by_how_long_ago_it_was(page):
    moves = np.random.default_rng(0).normal(size=(40, 2))
    ages = np.arange(40)[::-1]
    weights = np.where(ages == 39, 1, 0.1) * 0.9**ages
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(page["running_average"](moves, 0.9)[-1], weights @ moves)
    np.testing.assert_array_equal(page["running_average"](moves)[0], moves[0])


# One move


def ring_gan(page, n_labels=0):
    keras.utils.set_random_seed(0)
    gan = page["Gan"](page["build_dense"](2 + n_labels, 2, 8), page["build_dense"](2, n_labels or 1, 8))
    rng = np.random.default_rng(0)
    for player in gan:  # biases of 0 would put dead units right on the kink
        player.set_weights([weight + 0.1 * rng.normal(size=weight.shape) for weight in player.get_weights()])
    return gan


def batch(n_labels=0, n=16):
    """Real points, what is asked for, and the forger's input."""
    rng = np.random.default_rng(0)
    x, z = rng.normal(size=(2, n, 2))
    c = np.eye(n_labels)[np.arange(n) % n_labels] if n_labels else np.zeros((n, 0))
    return tuple(map(tf.constant, (x, c, np.concatenate([z, c], axis=1))))


@pytest.mark.parametrize("steep", [False, True])
@pytest.mark.parametrize("n_labels", [0, 3])
def test_a_step_goes_down_the_slopes_of_finite_differences(page, float64, n_labels, steep):
    gan, (x, c, asked), gamma = ring_gan(page, n_labels), batch(n_labels), 0.2

    def paid():
        forger, curator, *_ = page["losses"](gan, x, c, asked)
        rent = page["EVERY"] * gamma / 2 * page["steepness"](gan.discriminator, x, c) if steep else 0.0
        return [float(forger), float(curator + rent)]

    places = [[list(np.ndindex(*weight.shape))[:6] for weight in player.trainable_variables] for player in gan]
    slopes = [[[difference(paid, k, weight, place) for place in some] for weight, some in
               zip(player.trainable_variables, places[k], strict=True)] for k, player in enumerate(gan)]
    before = [[weight.numpy() for weight in player.trainable_variables] for player in gan]
    sgd = [keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.01)]
    for optimizer, player in zip(sgd, gan, strict=True):
        optimizer.build(player.trainable_variables)
    page["make_train_step"](gan, page["copy_of"](gan.generator), sgd, gamma, 0.9)(x, c, asked, steep)
    for k, (player, rate) in enumerate(zip(gan, (0.1, 0.01), strict=True)):
        for weight, old, some, slope in zip(player.trainable_variables, before[k], places[k], slopes[k], strict=True):
            moved = [(old[place] - weight.numpy()[place]) / rate for place in some]
            np.testing.assert_allclose(moved, slope, rtol=1e-4, atol=1e-6)


def difference(paid, k, weight, place, step=1e-6):
    """The slope of what player k pays in one number of its weights."""
    start, ends = weight.numpy(), []
    for sign in (1, -1):
        moved = start.copy()
        moved[place] += sign * step
        weight.assign(moved)
        ends.append(paid()[k])
    weight.assign(start)
    return (ends[0] - ends[1]) / (2 * step)


def test_the_steepness_is_the_mean_squared_slope_by_differences(page, float64):
    gan, (x, c, _) = ring_gan(page), batch()
    slopes = []
    for axis in np.eye(2) * 1e-6:
        ends = [page["verdict"](gan.discriminator, x.numpy() + side * axis, c).numpy() for side in (1, -1)]
        slopes.append((ends[0] - ends[1]) / 2e-6)
    found = float(page["steepness"](gan.discriminator, x, c))
    assert found == pytest.approx((np.square(slopes).sum(axis=0)).mean(), rel=1e-5)


def test_the_losses_come_with_the_mean_verdicts(page):
    gan, (x, c, asked) = ring_gan(page), (tf.cast(part, tf.float32) for part in batch())
    forger, curator, on_real, on_fake = map(float, page["losses"](gan, x, c, asked))
    real, fake = page["verdict"](gan.discriminator, x, c), page["verdict"](gan.discriminator, gan.generator(asked), c)
    assert forger == pytest.approx(float(page["forger_loss"](fake)), rel=1e-5)
    assert curator == pytest.approx(float(page["curator_loss"](real, fake)), rel=1e-5)
    assert (on_real, on_fake) == pytest.approx((expit(real).mean(), expit(fake).mean()), rel=1e-5)


def test_of_several_logits_the_label_picks_one(page):
    numbers = np.arange(12.0).reshape(4, 3)
    c = np.eye(3)[[2, 0, 1, 1]]
    np.testing.assert_array_equal(page["verdict"](lambda x: x, numbers, c), [2, 3, 7, 10])
    np.testing.assert_array_equal(page["verdict"](lambda x: x, numbers[:, :1], np.zeros((4, 0))), [0, 3, 6, 9])


# Training


def short(page, seed=0, **options):
    """Both players, the calm forger and the history of eighty steps on the ring."""
    x, y = page["draw_ring"](500, np.random.default_rng(0))
    c, gan = np.eye(8, dtype="float32")[y], ring_gan(page, 8)
    average = page["copy_of"](gan.generator)
    history = page["train"](gan, x, c, 80, (1e-3, 1e-3), average, batch_size=16, seed=seed, **options)
    return gan, average, history


@pytest.mark.parametrize("gamma", [0.0, 0.1])
def test_a_training_repeats_with_its_seed_and_differs_with_another(page, gamma):
    (_, one, history), (_, again, same), (_, _, other) = (short(page, seed, gamma=gamma) for seed in (0, 0, 1))
    np.testing.assert_array_equal(history, same)
    for weight, twin in zip(one.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, twin)
    assert history.shape == (80, 4) and not np.allclose(history, other)


def test_the_price_of_steepness_changes_the_training(page):
    (_, _, without), (_, _, with_r1) = short(page), short(page, gamma=1.0)
    assert np.array_equal(without[0], with_r1[0])  # told before the first step
    assert not np.allclose(without[1:], with_r1[1:])


def test_without_calm_the_average_is_the_player_and_with_much_it_stays_at_the_start(page):
    gan, player, _ = short(page, decay=0.0)
    for weight, own in zip(player.get_weights(), gan.generator.get_weights(), strict=True):
        np.testing.assert_allclose(weight, own, atol=1e-6)
    _, calm, _ = short(page, decay=1.0)
    for weight, start in zip(calm.get_weights(), ring_gan(page, 8).generator.get_weights(), strict=True):
        np.testing.assert_allclose(weight, start, atol=1e-6)


def test_the_watcher_is_called_at_the_moments_with_the_average_and_what_was_told_so_far(page):
    calls = []
    _, average, history = short(page, moments=(40, 80), watch=lambda done, *told: calls.append((done, *told)))
    assert [done for done, *_ in calls] == [40, 80] and all(one is average for _, one, _ in calls)
    np.testing.assert_array_equal(calls[-1][2], history)


def test_the_rate_stays_for_the_first_half_and_then_falls(page):
    rate = page["build_adam"](page["build_dense"](2, 2), 0.002, 1000)._learning_rate
    assert [float(rate(step)) for step in (0, 250, 500)] == pytest.approx([0.002] * 3)
    later = [float(rate(step)) for step in (600, 750, 900, 1000)]
    assert later == sorted(later, reverse=True) and later[-1] == pytest.approx(0.02 * 0.002, rel=1e-3)


def test_settling_renews_only_what_batch_normalisation_knows(page):
    keras.utils.set_random_seed(0)
    generator, rng = page["build_generator"](4, 10), np.random.default_rng(0)
    before = [weight.numpy() for weight in generator.trainable_variables]
    c = np.eye(10, dtype="float32")[rng.integers(10, size=3000)]
    rows = page["ask"](generator, c[:500], rng)
    own = page["copy_of"](generator)(rows, training=True)  # as the numbers of these pictures have it
    off = abs(generator(rows) - own).numpy().mean()
    page["settle"](generator, c, rng)
    for weight, old in zip(generator.trainable_variables, before, strict=True):
        np.testing.assert_array_equal(weight, old)
    assert abs(generator(rows) - own).numpy().mean() < off / 4


# The ring


def test_the_ring_has_eight_bells_of_its_width(page):
    x, y = page["draw_ring"](20_000, np.random.default_rng(0))
    middles = np.array([x[y == k].mean(axis=0) for k in range(8)])
    np.testing.assert_allclose(middles, page["CENTRES"], atol=0.02)
    np.testing.assert_allclose(np.linalg.norm(middles, axis=1), 2, atol=0.02)
    assert (x - page["CENTRES"][y]).std() == pytest.approx(page["WIDTH"], rel=0.02)
    assert page["count_modes"](x) == (8, pytest.approx(1 - np.exp(-4.5), abs=0.005))


def test_modes_are_counted_by_points_on_a_bell(page):
    on_two = np.repeat(page["CENTRES"][[0, 3]], 50, axis=0)
    assert page["count_modes"](on_two) == (2, 1.0)
    assert page["count_modes"](np.zeros((100, 2))) == (0, 0.0)


@pytest.mark.parametrize("seed", [3])  # the page shows seed 0
def test_a_slow_curator_lets_the_forger_collapse_and_equal_rates_or_labels_mend_it(page, monkeypatch, seed):
    monkeypatch.setitem(page, "SEED", seed)
    slow, equal, asked = (page["train_ring"](rates, labels) for rates, labels in (
        ((2e-3, 2e-4), False), ((2e-3, 2e-3), False), ((2e-3, 2e-4), True)))
    assert max(page["count_modes"](shot)[0] for shot in slow) <= 2
    for shots in (equal, asked):
        modes, good = page["count_modes"](shots[-1])
        assert modes == 8 and good > 0.6


# Digits and faces


def test_the_picture_of_a_transposed_convolution_is_what_keras_computes():
    layer = keras.layers.Conv1DTranspose(1, 4, strides=2, padding="same", use_bias=False)
    layer.build((None, 2, 1))
    layer.set_weights([np.array([1.0, 2, 2, 1], "float32").reshape(4, 1, 1)])
    computed = np.array(layer(np.array([3.0, 1], "float32").reshape(1, 2, 1))).ravel()
    picture = (PAGE.parent / "10_transposed.svg").read_text(encoding="utf-8")
    drawn = re.findall(r'class="out"/><text[^>]*>(\d+)<', picture)
    np.testing.assert_allclose(computed, [float(number) for number in drawn], rtol=1e-6)


def test_variety_is_the_mean_standard_deviation_of_the_batch(page):
    x = np.random.default_rng(0).normal(size=(6, 3, 3, 2)).astype("float32")
    seen = np.array(page["Variety"]()(x))
    np.testing.assert_array_equal(seen[..., :2], x)
    np.testing.assert_allclose(seen[..., 2], x.std(axis=0).mean(), rtol=1e-4)
    assert abs(np.array(page["Variety"]()(np.ones((4, 2, 2, 1), "float32")))[..., 1]).max() < 1e-3


@pytest.mark.parametrize("name, size, shape", [("build_generator", 64 + 10, (28, 28)),
                                               ("build_face_generator", 32 + 28, (32, 32, 3))])
def test_a_generator_paints_in_range_and_cheaply_enough_for_a_browser(recipe, name, size, shape):
    generator = recipe[name]()
    assert generator.input_shape[1] == size and generator.output_shape[1:] == shape
    images = np.array(generator(np.zeros((2, size), "float32")))
    assert images.min() >= 0 and images.max() <= 1
    cost = 0
    for layer in generator.layers:
        if isinstance(layer, keras.layers.Dense):
            cost += layer.kernel.shape[0] * layer.kernel.shape[1]
        elif isinstance(layer, keras.layers.Conv2DTranspose):
            height, width = layer.input.shape[1:3]
            cost += height * width * int(np.prod(layer.kernel.shape))
    assert cost <= 3_000_000


@pytest.mark.parametrize("shape, labels", [((28, 28, 1), 10), ((32, 32, 3), 28)])
def test_a_discriminator_gives_a_logit_for_each_label(page, shape, labels):
    network = page["build_discriminator"](shape, labels)
    images = np.zeros((4, *(shape[:2] if shape[2] == 1 else shape)), "float32")
    assert network(images).shape == (4, labels)


def test_a_film_keeps_forty_pictures_of_each_moment_and_what_was_measured(recipe, monkeypatch):
    monkeypatch.setattr(recipe["digit_judge"], "frechet_distance", lambda images: float(len(images)))
    film, watch = recipe["start_film"](500)
    generator, history = recipe["build_generator"](), [[0.9, 1.1, 0.9, 0.1]] * 3 + [[0.9, 1.1, 0.6, 0.4]] * 40
    for done in (40, 120):
        watch(done, generator, history)
    assert film["seen"] == [32 * 40, 32 * 120] and film["distance"] == [500, 500]
    assert film["real"] == pytest.approx([0.6, 0.6]) and film["fake"] == pytest.approx([0.4, 0.4])
    assert film["frames"][0].shape == (40, 28, 28) and film["frames"][0].dtype == np.uint8
    assert not (film["frames"][0] % 17).any()  # 16 levels of grey
    assert abs(film["frames"][0].astype(int) - film["frames"][1]).max() <= 17  # of the same latent points


def test_an_opinion_is_the_mean_of_d_over_whole_batches(page, recipe):
    network = page["build_discriminator"]()
    images = np.random.default_rng(0).random((150, 28, 28), dtype="float32")
    c = np.eye(10, dtype="float32")[np.arange(150) % 10]
    logits = np.concatenate([page["verdict"](network, images[i : i + 64], c[i : i + 64]) for i in (0, 64)])
    assert recipe["opinion"](network, images, c) == pytest.approx(expit(logits).mean(), rel=1e-5)


@pytest.mark.parametrize("police, halves, heard", [(0.5, 0.8, 1.0)])
def test_faces_are_judged_by_the_police_their_halves_and_what_was_asked(page, monkeypatch, police, halves, heard):
    pixels, features = np.zeros((6, 32, 32), int), wrodl()[:6]
    asked = features[list(FEATURES)].astype(str).to_numpy()

    class Reader:
        def agreement(self, pictures):
            return {"all": halves}

        def read(self, pictures):
            return features

    for name, value in (("fashion_police", SimpleNamespace(accuracy=police)),
                        ("neighbour_information", SimpleNamespace(excess=-0.2))):
        monkeypatch.setattr(page["face_judge"], name, lambda *told, value=value: value)
    found = page["judge_faces"](pixels, asked, pixels[:2], np.zeros((1, 3)), Reader())
    assert found == (police, halves, heard, 0.2)
    asked[0, 0] = "another"
    assert page["judge_faces"](pixels, asked, pixels[:2], np.zeros((1, 3)), Reader())[2] == pytest.approx(29 / 30)


def test_the_forger_draws_the_same_for_the_same_seed_and_answers_every_request(page):
    generator, c = page["build_generator"](4, 10), np.eye(10, dtype="float32")[[3, 3, 5]]
    one, same = (page["forge"](generator, c, np.random.default_rng(1)) for _ in range(2))
    np.testing.assert_array_equal(one, same)
    assert one.shape == (3, 28, 28) and not np.allclose(one[0], one[1])


def test_an_outfit_is_a_one_in_each_of_five_groups(page):
    rows = page["outfits"](wrodl())
    starts = np.cumsum([0, *map(len, FEATURES.values())])
    assert rows.shape == (50, starts[-1]) and set(np.unique(rows)) == {0, 1}
    for (name, values), start, end in zip(FEATURES.items(), starts, starts[1:], strict=False):
        assert [values[k] for k in rows[:, start:end].argmax(axis=1)] == wrodl()[name].tolist()
        assert (rows[:, start:end].sum(axis=1) == 1).all()


# Exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_pages_solution_is_right(verdict, name):
    names: dict = {"np": np, "expit": expit}
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])


@pytest.mark.parametrize("name, answer, reason", [
    ("10.1", 0.75, "equally often"),
    ("10.1", 0.4, "that it is forged"),
    ("10.1", 6 / 7, "wrong way round"),
    ("10.2", np.log(2) / 2, "The value is twice that"),
    ("10.2", -np.log(4), "are the same"),
    ("10.2", 0, "no face in common"),
    ("10.3", np.exp(-4), "other way round"),
    ("10.3", expit(-4), "That is D"),
    ("10.4", lambda D: D / D.sum(), "In proportion to D"),
    ("10.4", lambda D: D.argmax(), "That is the place"),
    ("10.5", lambda n, rate: _duel(False, n, rate), "both at once"),
    ("10.5", lambda n, rate: _forger_first(n, rate), "The curator should"),
    ("10.5", lambda n, rate: _duel(True, n, rate)[1:], "The start"),
])
def test_a_foreseen_mistake_is_answered_with_its_reason(verdict, name, answer, reason):
    said = verdict(name, answer)
    assert reason in said and "right." not in said


def test_no_other_forger_loses_less_to_a_curator_that_stands_still():
    best = EXERCISES["10.4"].expected()
    others = np.random.default_rng(0).dirichlet(np.ones(4), (1000, 2))
    losses = -(others * np.log(VERDICTS)).sum(axis=2)
    assert (losses >= -(best * np.log(VERDICTS)).sum(axis=1)).all()


def test_in_turn_the_duel_neither_leaves_nor_arrives():
    away = np.linalg.norm(_duel(True, 3000, 0.1), axis=1)
    assert 0.8 < away.min() and away.max() < 1.2
