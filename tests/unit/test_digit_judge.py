"""The judge and its measures: closed forms, known answers, what is caught, what is refused.

The embedded digits are all MNIST training digits, so the judge was trained on them; its accuracy on MNIST's test set
stands in the manifest.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from scipy.spatial.distance import cdist

from helpers.data import digits
from helpers.judge import digits as digit_judge
from helpers.judge.metrics import (
    ball_radii,
    class_balance,
    density_coverage,
    expected_coverage,
    gaussian_distance,
    label_agreement,
    neighbour_ratio,
)
from helpers.networks import shipped

SHARES = np.full(10, 0.1)


@pytest.fixture(scope="module")
def data():
    return digits()


@pytest.fixture(scope="module")
def held_out(data):
    return data[1]


def gaussian(rng, d):
    root = rng.normal(size=(d, d))
    return rng.normal(size=d), root @ root.T


# The Fréchet distance of Gaussians.

def test_in_one_dimension_it_is_the_difference_of_means_and_of_standard_deviations():
    distance = gaussian_distance(np.array([1.0]), np.array([[4.0]]), np.array([4.0]), np.array([[25.0]]))
    assert distance == pytest.approx((1 - 4) ** 2 + (2 - 5) ** 2)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), d=st.integers(1, 12))
def test_it_is_the_textbook_formula_and_symmetric_and_zero_on_itself(seed, d):
    rng = np.random.default_rng(seed)
    (mu_1, cov_1), (mu_2, cov_2) = gaussian(rng, d), gaussian(rng, d)
    textbook = ((mu_1 - mu_2) ** 2).sum() + np.trace(cov_1 + cov_2 - 2 * sqrtm(cov_1 @ cov_2).real)
    assert gaussian_distance(mu_1, cov_1, mu_2, cov_2) == pytest.approx(textbook, rel=1e-5, abs=1e-5)
    assert gaussian_distance(mu_2, cov_2, mu_1, cov_1) == pytest.approx(textbook, rel=1e-5, abs=1e-5)
    assert gaussian_distance(mu_1, cov_1, mu_1, cov_1) == pytest.approx(0, abs=1e-9 * np.trace(cov_1))


def test_covariances_that_commute_compare_by_their_standard_deviations():
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    s, t = rng.random((2, 6))
    distance = gaussian_distance(np.zeros(6), axes * s**2 @ axes.T, np.zeros(6), axes * t**2 @ axes.T)
    assert distance == pytest.approx(((s - t) ** 2).sum())


def test_a_singular_covariance_gives_a_real_distance():
    point, cov = np.zeros((3, 3)), np.diag([1.0, 4.0, 0.0])
    assert gaussian_distance(np.zeros(3), point, np.zeros(3), cov) == pytest.approx(5)
    flat = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert gaussian_distance(np.zeros(3), flat, np.zeros(3), flat) == pytest.approx(0, abs=1e-6)


# Density and coverage.

def test_density_and_coverage_follow_their_definition():
    rng = np.random.default_rng(1)
    real, fake, k = rng.normal(size=(40, 3)), rng.normal(0.5, 1, size=(25, 3)), 4
    inside = np.zeros((40, 25), bool)
    for i in range(40):
        radius = sorted(np.linalg.norm(real - real[i], axis=1))[k]
        inside[i] = np.linalg.norm(fake - real[i], axis=1) < radius
    assert density_coverage(real, fake, k) == pytest.approx((inside.sum() / (k * 25), inside.any(axis=1).mean()))


def test_identical_sets_have_density_and_coverage_of_one_but_for_near_ties():
    x = np.random.default_rng(2).normal(size=(1203, 8))
    density, coverage = density_coverage(x, x)
    assert 1 - 5e-4 < density <= 1 and coverage == 1


def test_rounding_does_not_decide_about_copies():
    rng = np.random.default_rng(9)
    real = rng.normal(size=(300, 64))
    copies = real[rng.choice(300, size=200, replace=False)]
    rounded = copies + rng.uniform(-1e-6, 1e-6, copies.shape)  # as float32 features of one picture differ
    assert density_coverage(real, rounded) == density_coverage(real, copies)


def test_known_radii_give_the_same_numbers():
    real, fake = np.random.default_rng(10).normal(size=(2, 600, 5))
    assert ball_radii(real)[7] == pytest.approx(np.sort(cdist(real[7:8], real)[0])[5])
    assert density_coverage(real, fake, radii=ball_radii(real)) == density_coverage(real, fake)
    with pytest.raises(ValueError, match=r"radii has shape \(9,\), expected \(600,\)"):
        density_coverage(real, fake, radii=ball_radii(real)[:9])


def test_samples_far_away_cover_nothing():
    x = np.random.default_rng(3).normal(size=(100, 4))
    assert density_coverage(x, x + 1000) == (0.0, 0.0)


def test_one_of_two_far_clusters_is_half_the_coverage_and_all_the_density():
    x = np.random.default_rng(4).normal(size=(200, 4))
    assert density_coverage(np.concatenate([x, x + 1000]), x) == (1.0, 0.5)


@pytest.mark.parametrize(("n", "m", "d"), [(300, 300, 2), (400, 100, 20)])
def test_fresh_samples_have_the_expected_density_and_coverage_in_any_dimension(n, m, d):
    rng = np.random.default_rng(5)
    scores = np.array([density_coverage(rng.normal(size=(n, d)), rng.normal(size=(m, d))) for _ in range(40)])
    error = scores.std(axis=0) / np.sqrt(40)
    assert abs(scores.mean(axis=0) - [1, expected_coverage(n, m)]) == pytest.approx([0, 0], abs=4 * error.max())


def test_the_expected_coverage_of_equal_numbers_tends_to_31_in_32():
    assert expected_coverage(10**6, 10**6) == pytest.approx(1 - 2**-5, abs=1e-5)


@pytest.mark.parametrize("arguments", [(3, 1, 5), (5, 10, 5), (100, 0, 5), (100, 10, 0)])
def test_an_expected_coverage_that_does_not_exist_is_refused(arguments):
    with pytest.raises(ValueError, match="expected 1 <= k < n_real and n_fake >= 1"):
        expected_coverage(*arguments)


@pytest.mark.parametrize(("mu", "cov", "message"), [
    (np.full(3, np.nan), np.eye(3), "expected finite numbers"),
    (np.zeros(1), np.eye(3), "expected finite numbers of the shapes"),
    (np.zeros(3), np.eye(4), "expected finite numbers of the shapes"),
    (np.zeros(3), -np.eye(3), "negative eigenvalue, is no covariance"),
    (np.zeros(3), np.eye(3) + np.eye(3, k=1), "not symmetric"),
])
def test_what_is_no_gaussian_has_no_distance(mu, cov, message):
    for arguments in ((mu, cov, np.zeros(3), np.eye(3)), (np.zeros(3), np.eye(3), mu, cov)):
        with pytest.raises(ValueError, match=message):
            gaussian_distance(*arguments)


@pytest.mark.parametrize(("real", "fake", "k", "message"), [
    (np.eye(4), np.eye(4), 4, "k is 4, expected at least 1 and less than the number of real points, 4"),
    (np.eye(4), np.eye(3), 2, "4 columns and fake_features 3"),
    (np.zeros((9, 2)), np.eye(2), 5, "more than 5 real points coincide"),
    (np.eye(4), np.full((2, 4), np.nan), 2, "fake_features has shape .* and NaN or infinity"),
    (np.zeros((0, 4)), np.eye(4), 2, "real_features has shape"),
])
def test_density_and_coverage_refuse_what_has_no_answer(real, fake, k, message):
    with pytest.raises(ValueError, match=message):
        density_coverage(real, fake, k)


# Balance, agreement, memorisation.

def test_class_balance_is_the_kl_divergence():
    assert class_balance(np.arange(10), SHARES) == 0
    assert class_balance([3] * 50, SHARES) == pytest.approx(np.log(10))
    uneven = np.arange(1, 11) / 55
    assert class_balance(np.arange(10), uneven) == pytest.approx((0.1 * np.log(0.1 / uneven)).sum())
    assert class_balance([0, 1], [1, *[0] * 9]) == np.inf


def test_fair_labels_score_nine_over_two_n():
    rng = np.random.default_rng(6)
    scores = [class_balance(rng.integers(0, 10, 2000), SHARES) for _ in range(300)]
    assert np.mean(scores) == pytest.approx(9 / 4000, rel=0.1)


def test_label_agreement_counts_matches():
    assert label_agreement([1, 2, 3, 4], [1, 2, 0, 4]) == 0.75


@pytest.mark.parametrize("call", [
    lambda: class_balance([], SHARES), lambda: class_balance([10], SHARES), lambda: class_balance([0.5], SHARES),
    lambda: class_balance([1], [0.5, 0.5]), lambda: class_balance([1], np.full(10, 0.2)),
    lambda: label_agreement([1, 2], [1]), lambda: label_agreement([1], [-1]),
])
def test_labels_and_shares_of_another_form_are_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call()


def test_the_neighbour_ratio_is_the_nearest_distance_over_the_second():
    rng = np.random.default_rng(7)
    points, rows = rng.normal(size=(20, 5)), rng.normal(size=(30, 5))
    two = np.sort(cdist(points, rows), axis=1)[:, :2]
    assert neighbour_ratio(points, rows) == pytest.approx(two[:, 0] / two[:, 1])
    assert neighbour_ratio(rows, np.concatenate([rows, rows])) == pytest.approx(np.zeros(30)), "copies of duplicates"
    with pytest.raises(ValueError, match="at least 2"):
        neighbour_ratio(points, rows[:1])


def test_a_copier_is_caught_and_fresh_digits_pass(data):
    (x_train, _), (x_test, _) = data
    rng = np.random.default_rng(8)
    bootstrap = x_train[rng.integers(0, len(x_train), 600)]
    assert digit_judge.memorisation(bootstrap, x_train, x_test) == 1
    trained_on, mark, fresh = x_train[:2500], x_train[2500:], x_test
    assert digit_judge.memorisation(fresh, trained_on, mark) < digit_judge.ALLOWED


def test_a_model_that_copies_one_time_in_ten_is_caught(data):
    (x_train, _), (x_test, _) = data
    mixed = np.concatenate([x_train[2500:][:540], x_train[:60]])
    share = digit_judge.memorisation(mixed, x_train[:2500], x_test)
    assert share > digit_judge.ALLOWED
    as_bytes = np.round(255 * x_train[:2500]).astype(np.uint8)
    assert digit_judge.memorisation(mixed, as_bytes, x_test) == share


def test_noisy_copies_are_caught_and_averages_are_not_accused(data):
    (x_train, y_train), (x_test, _) = data
    rng = np.random.default_rng(9)
    noisy = (x_train[:600] + 0.1 * rng.standard_normal((600, 28, 28))).clip(0, 1)
    assert digit_judge.memorisation(noisy, x_train, x_test) > 0.5
    weights = rng.dirichlet(np.ones(50), 600)
    sevens = np.tensordot(weights, x_train[y_train == 7][:50], axes=1)
    assert digit_judge.memorisation(sevens, x_train, x_test) < digit_judge.ALLOWED


# The network.

def test_the_shipped_judge_is_right_on_its_test_set_and_small():
    entry = shipped.about(digit_judge.MODEL)
    assert entry["scores"]["test accuracy"] >= 0.993
    assert sum(shipped.about(name)["bytes"] for name in (digit_judge.MODEL, digit_judge.STATISTICS)) <= 1_000_000


def test_the_shipped_judge_reads_embedded_digits_which_it_was_trained_on(held_out):
    x_test, y_test = held_out
    assert (digit_judge.predict(x_test) == y_test).mean() >= 0.99


def test_features_are_centred_and_scaled_over_the_test_set(held_out):
    known = shipped.load(digit_judge.STATISTICS)
    assert known["mean"].shape == (64,) and abs(known["mean"]).max() < 0.3
    assert np.array_equal(known["cov"], known["cov"].T) and np.linalg.eigvalsh(known["cov"]).min() > 0
    assert np.trace(known["cov"]) == pytest.approx(64, rel=0.2)
    assert digit_judge.features(held_out[0]).shape == (1000, 64)


def test_real_digits_score_near_the_floor_and_spoilt_ones_do_not(held_out):
    x_test, y_test = held_out
    mean, sd = digit_judge.floor(len(x_test))
    noise = np.random.default_rng(0).normal(0, 0.3, x_test.shape)
    real = digit_judge.frechet_distance(x_test)
    assert real < mean + 5 * sd  # embedded digits have equal classes, MNIST's test set has not
    assert digit_judge.frechet_distance((x_test + noise).clip(0, 1)) > 5 * real
    assert digit_judge.frechet_distance(x_test[y_test != 4]) > 5 * real


def test_pictures_are_judged_once_for_several_measures_and_again_once_they_have_changed(held_out, monkeypatch):
    runs, network = [], digit_judge._network()
    monkeypatch.setattr(digit_judge, "_network", lambda: lambda images: runs.append(len(images)) or network(images))
    pictures = held_out[0][:600].copy()
    digit_judge._outputs.clear()
    labels = digit_judge.predict(pictures)
    digit_judge.probabilities(pictures)
    digit_judge.frechet_distance(pictures)
    assert runs == [600]
    pictures[:] = pictures[::-1].copy()
    assert (digit_judge.predict(pictures) == labels[::-1]).all()
    assert runs == [600, 600]


def test_the_floor_falls_with_n_and_is_interpolated():
    sizes = np.array([500, 700, 1000, 1500, 2000, 4000, 5000, 8000, 10000])
    floors = np.array([digit_judge.floor(n)[0] for n in sizes])
    assert (np.diff(floors) < 0).all() and floors.min() > 0
    middle = 1 / np.mean([1 / 500, 1 / 1000])
    assert digit_judge.floor(middle)[0] == pytest.approx((floors[0] + floors[2]) / 2)
    for n in (499, 10_001):
        with pytest.raises(ValueError, match="measured from 500 to 10000"):
            digit_judge.floor(n)


def test_every_number_is_the_same_in_any_order(held_out):
    x_test, y_test = held_out
    order = np.random.default_rng(1).permutation(len(x_test))
    one, other = digit_judge.report(x_test, y_test), digit_judge.report(x_test[order], y_test[order])
    assert one == pytest.approx(other, rel=1e-4)
    assert set(one) == {"n_samples", "frechet_distance", "floor", "density", "coverage", "expected_coverage",
                        "class_balance", "memorisation", "copies", "label_agreement"}


def test_the_report_finds_the_copier_and_not_the_fresh_digits(held_out, data):
    (x_train, _), (x_test, _) = data
    copier, fresh = digit_judge.report(x_train[::6]), digit_judge.report(x_test)
    assert copier["copies"] and copier["memorisation"] == 1 and "label_agreement" not in copier
    assert not fresh["copies"] and fresh["coverage"] > 0.5 and fresh["class_balance"] < 0.01


@pytest.mark.parametrize(("spoil", "message"), [
    (lambda x: x[:499], "samples has 499 pictures, expected at least 500"),
    (lambda x: np.repeat(x[:1], 600, axis=0), "one picture, 600 times"),
    (lambda x: x[..., None], r"shape \(1000, 28, 28, 1\), expected \(n, 28, 28\)"),
    (lambda x: x.reshape(len(x), -1), r"shape \(1000, 784\)"),
    (lambda x: x[:0], r"shape \(0, 28, 28\)"),
    (lambda x: 255 * x, "values from 0 to 255, expected 0 .* Divide grey"),
    (lambda x: 2 * x - 1, "values from -1 to 1, expected 0"),
    (lambda x: np.where(x > 0.99, np.nan, x), "NaN"),
    (lambda x: x.astype(str), "what is no number"),
])
@pytest.mark.parametrize("call", [digit_judge.frechet_distance, digit_judge.report])
def test_samples_of_another_form_are_refused(data, call, spoil, message):
    with pytest.raises(ValueError, match=message):
        call(spoil(data[1][0]))


def test_a_rounding_above_one_is_no_error(held_out):
    x = held_out[0][:5]
    assert np.array_equal(digit_judge.predict(np.nextafter(x, 2, dtype=np.float32)), digit_judge.predict(x))


def test_too_few_held_out_digits_are_refused(data):
    (x_train, _), (x_test, _) = data
    with pytest.raises(ValueError, match="held_out has 100 pictures, expected at least 500"):
        digit_judge.memorisation(x_test, x_train, x_test[:100])


def test_a_memorisation_that_says_nothing_is_refused(data):
    (x_train, _), (x_test, _) = data
    with pytest.raises(ValueError, match="more than 1% of held_out are in trained_on"):
        digit_judge.memorisation(x_test, x_train, x_train[:600])
    with pytest.raises(ValueError, match="samples is one picture, 600 times"):
        digit_judge.memorisation(np.repeat(x_test[:1], 600, axis=0), x_train, x_test)


def test_reports_over_seeds_are_their_means_and_spreads():
    both = digit_judge.over_seeds([{"a": 1.0, "b": 2}, {"a": 3.0, "b": 2}])
    assert both == {"a": 2.0, "b": 2.0, "a sd": pytest.approx(2**0.5), "b sd": 0.0}
    assert digit_judge.over_seeds([{"a": 1.0}]) == {"a": 1.0}


def test_a_table_has_a_line_for_each_model_and_no_agreement_where_nothing_was_asked_for():
    one = {"n_samples": 2000, "frechet_distance": 8.31, "floor": 0.2, "density": 0.5, "coverage": 0.25,
           "expected_coverage": 0.81, "memorisation": 0.0012}
    head, asked, free = digit_judge.table({"x": one | {"label_agreement": 0.871}, "y": one}).splitlines()
    assert len({len(head), len(asked), len(free)}) == 1
    assert "87%" in asked and "0.1%" in asked and "8.3" in asked and free.split()[-2] == "-"


def test_every_score_was_given_by_the_present_judge():
    now = shipped.about(shipped.JUDGE)["sha256"]
    others = {name: entry for name, entry in shipped.manifest().items() if not name.startswith("digit_judge")}
    assert {name for name, entry in others.items() if entry["judge"] != now} == set()


def test_what_the_floor_is_made_of_is_the_mean_of_its_draws():
    scores, draws = shipped.about("digit_judge_floor.npz")["scores"], shipped.load("digit_judge_floor.npz")
    for space in ("judge", "components"):
        means, spreads = draws[space].mean(axis=0), draws[space].std(axis=0, ddof=1)
        said = [scores[f"{space}, {pair}{end}"] for end in ("", " sd") for pair in ("train, train", "train, test")]
        assert said == pytest.approx([*means, *spreads], abs=1e-6)
    floor, error = digit_judge.floor(10_000)[0], scores["judge, train, test sd"] / np.sqrt(20)
    assert scores["judge, train, test"] == pytest.approx(floor, abs=3 * error)
