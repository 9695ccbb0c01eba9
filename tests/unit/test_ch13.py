"""Chapter 13: its table comes from the manifest, its tricks do what the page says, and what stands in its cells."""

import os
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from support import ROOT, cells_of, models_of, solutions_of

from helpers.data import digits
from helpers.exercises.ch13 import EXERCISES
from helpers.judge import digits as digit_judge
from helpers.judge.metrics import gaussian_distance
from helpers.networks import shipped

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
PAGE = ROOT / "book" / "13_report.ipynb"


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


def run(names: dict, *texts: str) -> dict:
    """Run the cells that hold these texts, in the order of the page."""
    for cell in cells_of(PAGE, "code"):
        if any(text in cell.source for text in texts):
            exec(compile(cell.source, PAGE.name, "exec"), names)
    return names


# The table


def test_the_table_is_the_manifests(capsys):
    names = run(models_of(PAGE), "MODELS = {", 'print("                 distance')
    lines = capsys.readouterr().out.splitlines()
    for name, file in names["MODELS"].items():
        scores = shipped.about(file)["scores"]
        scores = names["part"](scores, {"BiGAN": "mixture, ", "flow": "w = 0.3, "}.get(name, ""))
        (line,) = [line for line in lines if line.startswith(f"{name} ")]
        assert f"{scores['frechet_distance']:.2f}" in line and f"{scores['coverage']:.2f}" in line
        assert (" ± " in line) == any(key.endswith(" sd") for key in scores)


def test_another_manifest_gives_another_table(capsys, monkeypatch):
    changed = shipped.manifest()
    changed["mixture_samples.npz"]["scores"] |= {"frechet_distance": 12.34, "frechet_distance sd": 5.67}
    monkeypatch.setattr(shipped, "manifest", lambda: changed)
    run(models_of(PAGE), "MODELS = {", 'print("                 distance', "for better, worse in pairwise(ranked)")
    printed = capsys.readouterr().out
    assert "12.34 ± 5.67" in printed and "may be luck" in printed


def test_a_number_has_its_spread_and_a_dash_where_it_is_not_defined(page):
    line = {"a": 0.5, "a sd": 0.25, "b": 0.875}
    assert page["number"](line, "a", ".2f", 14) == "   0.50 ± 0.25"
    assert page["number"](line, "a", ".1f", 12, 10) == "   5.0 ± 2.5"
    assert page["number"](line, "b", ".1%", 7) == "  87.5%"
    assert page["number"](line, "c", ".2f", 3) == "  -"


@settings(max_examples=200, deadline=None)
@given(runs=st.lists(st.floats(-100, 100), min_size=3, max_size=3))
def test_no_run_of_three_is_farther_from_the_mean_than_the_page_says(runs):
    reach = 2 / np.sqrt(3) * np.std(runs, ddof=1)
    assert np.abs(np.array(runs) - np.mean(runs)).max() <= reach + 1e-9


def test_the_reach_is_reached():
    runs = [2.0, -1.0, -1.0]
    assert 2 / np.sqrt(3) * np.std(runs, ddof=1) == pytest.approx(2)


def test_the_flow_walks_by_guided_steps_from_noise(page):
    times = []

    def network(given):
        times.append(float(given["t"][0, 0]))
        return np.ones((28, 28)) * given["c"].sum(axis=1)[:, None, None]  # 1 if a label is asked for, else 0

    made = page["draw_flow"](network, 3, np.random.default_rng(0), w=0.5, n_steps=4)
    noise = np.random.default_rng(0).standard_normal((3, 28, 28))
    np.testing.assert_allclose(made, ((noise + 1.5 + 1) / 2).clip(0, 1), atol=1e-12)
    assert times == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75]


# What a picture costs


def test_multiply_adds_are_what_a_network_of_ones_adds_up(page):
    keras = pytest.importorskip("keras")
    from helpers.networks import from_keras

    layers = keras.layers
    ones = {"kernel_initializer": "ones", "use_bias": False}
    for shape, layer in (((7,), layers.Dense(5, **ones)), ((9, 8, 3), layers.Conv2D(4, 3, 2, **ones)),
                         ((5, 4, 6), layers.Conv2DTranspose(2, 4, 2, **ones))):
        network = keras.Sequential([keras.Input(shape), layer])
        assert page["multiply_adds"](from_keras(network)) == float(np.sum(network(np.ones((1, *shape)))))
    both = keras.Sequential([keras.Input((7,)), layers.Dense(12), layers.ReLU(), layers.Reshape((2, 2, 3)),
                             layers.BatchNormalization(), layers.Conv2DTranspose(1, 2, 2)])
    assert page["multiply_adds"](from_keras(both)) == 7 * 12 + 2 * 2 * 3 * 2 * 2


def test_bells_have_the_parameters_of_chapter_4(page):
    assert page["mixture_costs"](1, 40) == (861 - 1, 820)  # a share that is 1 is no parameter
    assert page["mixture_costs"](3, 40)[0] == 2582  # exercise 4.3


# The tricks


@pytest.fixture(scope="module")
def trial(page):
    names = dict(page)
    (names["x_train"], names["y_train"]), (names["x_test"], names["y_test"]) = digits()
    return run(names, 'tricks = {"the crammer"', "trial = {")


def test_the_crammer_fools_the_distance_and_not_the_coverage(trial):
    one = trial["trial"]["the crammer"]
    fresh = digit_judge.floor(one["n_samples"])[0]
    assert one["frechet_distance"] < 1.5 * fresh
    assert one["coverage"] < 0.6 * one["expected_coverage"]


def test_cramming_beats_drawing_as_many_at_random(page):
    rng = np.random.default_rng(0)
    features, (mean, cov) = rng.normal(size=(60, 4)), (np.full(4, 0.3), np.diag([2.0, 1.0, 0.5, 0.2]))

    def distance(rows):
        return gaussian_distance(features[rows].mean(axis=0), np.cov(features[rows].T), mean, cov)

    random = [distance(rng.integers(0, 60, 300)) for _ in range(20)]
    assert distance(page["cram"](features, mean, cov, 300)) < 0.3 * min(random)


def test_the_copier_is_caught_by_memorisation_alone(trial):
    one = trial["trial"]["the copier"]
    assert one["frechet_distance"] < 3 * one["floor"] and one["coverage"] > one["expected_coverage"]
    assert one["memorisation"] == 1 and one["copies"]


def test_the_launderer_passes_and_is_caught_where_somebody_looks_for_moved_copies(trial, capsys):
    one = trial["trial"]["the launderer"]
    assert not one["copies"] and one["frechet_distance"] < 3
    run(trial, "nine = windows.reshape(")
    assert "the launderer: 100% of 500 suspicious" in capsys.readouterr().out


def test_the_liar_is_caught_by_label_agreement_alone(trial):
    liar, copier = trial["trial"]["the liar"], trial["trial"]["the copier"]
    assert liar["label_agreement"] < 0.02 < 0.98 < copier["label_agreement"]
    assert {key: liar[key] for key in liar if key != "label_agreement"} == {
        key: copier[key] for key in copier if key != "label_agreement"}


def test_the_miser_is_caught_by_everything(trial):
    one = trial["trial"]["the miser"]
    assert one["frechet_distance"] > 100 and one["density"] < 0.1 and one["coverage"] < 0.1


@settings(max_examples=50, deadline=None)
@given(log_p=st.floats(-500, 100), log_q=st.floats(-500, 100))
def test_static_costs_at_most_the_logarithm_of_its_share(log_p, log_q):
    mixed = np.logaddexp(np.log(0.01) + log_p, np.log(0.99) + log_q)
    assert mixed >= log_p + np.log(0.01) - 1e-9


# Drawing, exercises


def test_codes_are_drawn_from_bells_over_the_codes(page):
    rng = np.random.default_rng(0)
    x = np.concatenate([np.full((300, 1), -4.0), np.full((100, 1), 4.0)])

    def encoder(x):  # mu = x, log_var = -2
        return np.concatenate([x, np.full_like(x, -2)], axis=1)

    z = page["draw_codes"](encoder, x, np.zeros((4000, 1)), 2, rng)
    assert z.shape == (4000, 1) and (z > 0).mean() == pytest.approx(0.25, abs=0.03)
    assert z[z > 0].std() == pytest.approx(np.exp(-1), rel=0.2)
    assert abs(np.mean([a > 0 for a, b in pairwise(z[:, 0]) if b > 0]) - 0.25) < 0.06, "in no order"
    points = page["draw_codes"](lambda x: x, x, np.zeros((4000, 1)), 2, rng)  # an encoder without clouds
    assert abs(abs(points) - 4).max() < 0.2 and (points > 0).mean() == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize("name", EXERCISES)
def test_each_solution_of_the_page_is_right(verdict, page, name):
    names = dict(page)
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])


@pytest.mark.parametrize(("name", "answer", "reason"), [
    ("13.1", 1.9, "not the limit"),
    ("13.2", -1.6094, "above 0"),
    ("13.3", 32768, "number of weights"),
    ("13.4", [-1, 7], "is the variance"),
    ("13.4", [5, 1], "right"),
    ("13.5", lambda u: norm.ppf(u), "does not listen"),
])
def test_mistakes_are_told_apart(verdict, name, answer, reason):
    assert reason in verdict(name, answer)
