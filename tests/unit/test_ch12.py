"""Chapter 12: velocities against quadrature, walks against ppfs and exact densities, and what its cells learn."""

import os

import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp
from scipy.optimize import brentq
from scipy.stats import norm
from support import ROOT, models_of, solutions_of

from helpers.exercises.ch12 import EXERCISES

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
PAGE = ROOT / "book" / "12_small_steps.ipynb"


@pytest.fixture(scope="module")
def page():
    """What the chapter defines: its imports, and the functions of the cells tagged "model"."""
    return models_of(PAGE)


def bells(page):
    """The data's density and cdf, from the chapter's numbers."""
    shares, means, sds = page["SHARES"], page["MEANS"], page["SDS"]
    return lambda x: shares @ norm.pdf(x, means, sds), lambda x: shares @ norm.cdf(x, means, sds)


def mean_given(what, x, t, density, ends=(-8, 8)):
    """E[what(X, Z) | X_t = x] by quadrature over X: given X = a, Z is (x - t a) / (1 - t)."""
    def weight(a):
        return density(a) * norm.pdf((x - t * a) / (1 - t))
    return (quad(lambda a: what(a, (x - t * a) / (1 - t)) * weight(a), *ends, limit=200)[0]
            / quad(weight, *ends, limit=200)[0])


PLACES = [(-1.5, 0.1), (-0.4, 0.5), (0.2, 0.8), (1.1, 0.95), (0.7, 0.0)]


@pytest.mark.parametrize(("x", "t"), PLACES)
def test_the_velocity_to_two_bells_is_the_mean_of_the_lines(page, x, t):
    expected = mean_given(lambda a, z: a - z, x, t, bells(page)[0])
    assert page["velocity"](np.array([x]), t)[0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("x", "t"), PLACES)
def test_the_velocity_to_one_bell_is_the_mean_of_the_lines(page, x, t):
    expected = mean_given(lambda a, z: a - z, x, t, norm(0.7, 0.4).pdf)
    assert page["velocity_to_bell"](x, t, 0.7, 0.4) == pytest.approx(expected, abs=1e-6)


def test_the_velocity_to_the_ring_is_the_mean_of_the_lines(page):
    rng, t, place = np.random.default_rng(0), 0.5, np.array([0.6, 0.3])
    a = page["CENTRES"][rng.integers(8, size=400_000)] + page["WIDTH"] * rng.standard_normal((400_000, 2))
    z = (place - t * a) / (1 - t)
    weight = np.exp(-(z**2).sum(axis=1) / 2)
    expected = ((a - z) * weight[:, None]).sum(axis=0) / weight.sum()
    np.testing.assert_allclose(page["velocity_to_ring"](place[None], t)[0], expected, atol=0.02)


# Walks


def exact_walk(velocity, z):
    """The end of the path from z, by a solver that keeps its error below 1e-8."""
    return solve_ivp(lambda t, x: velocity(x, t), (0, 1), z, rtol=1e-9, atol=1e-10).y[:, -1]


U = np.linspace(0.02, 0.98, 13)


def test_the_walk_to_one_bell_ends_at_its_ppf(page):
    end = exact_walk(lambda x, t: page["velocity_to_bell"](x, t, 0.3, 1.2), norm.ppf(U))
    np.testing.assert_allclose(end, norm.ppf(U, 0.3, 1.2), atol=1e-3)


def test_the_walk_to_two_bells_ends_at_their_ppf_and_keeps_the_order(page):
    cdf = bells(page)[1]
    expected = [brentq(lambda x, share=share: cdf(x) - share, -6, 6) for share in U]
    np.testing.assert_allclose(exact_walk(page["velocity"], norm.ppf(U)), expected, atol=1e-3)
    np.testing.assert_allclose(page["ppf_of_bells"](U), expected, atol=1e-4)
    assert (np.diff(page["walk"](page["velocity"], norm.ppf(U), 100), axis=1) > 0).all(), "paths do not cross"


def test_twice_the_steps_halve_eulers_error(page):
    ends = {n: page["walk"](page["velocity"], norm.ppf(U), n)[-1] for n in (50, 100, 200)}
    exact = exact_walk(page["velocity"], norm.ppf(U))
    errors = [np.linalg.norm(end - exact) for end in ends.values()]
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1) and errors[1] / errors[2] == pytest.approx(2, rel=0.05)


def test_one_step_ends_at_the_mean_of_the_data(page):
    end = page["walk"](page["velocity"], np.array([-2.0, 0.1, 3.0]), 1)[-1]
    np.testing.assert_allclose(end, page["SHARES"] @ page["MEANS"], atol=1e-12)


def test_the_density_along_a_path_is_that_of_the_data(page):
    def velocity(x, t):
        return page["velocity"](x[:, 0], t)[:, None]

    z = np.array([[-1.3], [0.2], [1.6]])
    x, log_p = page["walk_with_density"](velocity, z)
    np.testing.assert_allclose(log_p, np.log([bells(page)[0](a) for a in x[:, 0]]), atol=2e-3)


def test_the_divergence_sums_the_slopes_of_each_coordinate(page):
    matrix = np.array([[0.3, -2.0], [5.0, 0.4]])
    found = page["divergence"](lambda x, t: x @ matrix.T + t, np.ones((3, 2)), 0.5)
    np.testing.assert_allclose(found, 0.7, atol=1e-8)


# Regression, diffusion, guidance


def test_the_least_squared_error_is_at_the_mean():
    """A discrete world: Z and X are dice, t is 1/2, and the best table of velocities is found by least squares."""
    z, x = (axis.ravel() for axis in np.meshgrid(np.arange(1, 7), [2, 4, 8]))
    places, which = np.unique((z + x) / 2, return_inverse=True)
    best = np.linalg.lstsq(np.eye(len(places))[which], (x - z).astype(float), rcond=None)[0]
    np.testing.assert_allclose(best, [np.mean((x - z)[which == k]) for k in range(len(places))], atol=1e-12)


@pytest.mark.parametrize(("x", "t"), PLACES[:4])
def test_velocity_noise_denoised_and_score_are_one_thing(page, x, t):
    density, place = bells(page)[0], np.array([x])
    noise, clean = (mean_given(what, x, t, density) for what in (lambda a, z: z, lambda a, z: a))
    v, score = page["velocity"](place, t)[0], page["score"](place, t)[0]
    assert v == pytest.approx(clean - noise, abs=1e-6)
    assert v == pytest.approx((clean - x) / (1 - t), abs=1e-5)
    assert v == pytest.approx((x - noise) / t, abs=1e-5)
    assert score == pytest.approx(-noise / (1 - t), abs=1e-4)
    assert t * clean == pytest.approx(x + (1 - t) ** 2 * score, abs=1e-5)


def test_with_fresh_noise_the_distribution_is_the_same(page):
    rng = np.random.default_rng(1)
    x = page["wander"](rng.standard_normal(20_000), 200, rng)
    shares, means, sds = page["SHARES"], page["MEANS"], page["SDS"]
    assert x.mean() == pytest.approx(shares @ means, abs=0.03)
    assert x.var() == pytest.approx(shares @ (sds**2 + means**2) - (shares @ means) ** 2, rel=0.04)
    assert (x < -0.6).mean() == pytest.approx(bells(page)[1](-0.6), abs=0.02)


class Labelled:
    """A flow that gives the place back, times 1 where a label is asked for and times 3 where none is."""

    def __call__(self, rows):
        return rows[:, :2] * np.where(rows[:, 3:].sum(axis=1, keepdims=True) > 0, 1, 3)


def test_guidance_goes_beyond_the_label(page):
    x, c = np.array([[1.0, -2.0]]), np.eye(10, dtype="float32")[[4]]
    for w, factor in ((0, 1), (0.5, 0), (1, -1)):
        np.testing.assert_allclose(page["guided"](Labelled(), c, w)(x, 0.3), factor * x, atol=1e-6)


def test_a_flow_learns_all_bells_of_the_ring(page):
    flow = page["train_ring"](3)
    z, nothing = np.random.default_rng(5).standard_normal((1000, 2)), np.zeros((1000, 0))
    modes, good = page["count_modes"](page["walk"](page["velocity_of"](flow, nothing), z, 20)[-1])
    assert modes == 8 and good > 0.6


@pytest.mark.parametrize("name", EXERCISES)
def test_each_solution_of_the_page_is_right(verdict, page, name):
    names = dict(page)
    exec(solutions_of(PAGE)[name], names)
    assert f"Exercise {name}: right." in verdict(name, names[f"answer_{name[-1]}"])
