"""EmExplorer: a step against scikit-learn's and against the browser's; the likelihood never falls."""

import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from sklearn.mixture import GaussianMixture
from support import browser_code, in_node

from helpers.live import EmExplorer
from helpers.live.em import LEAST, REACH, e_step, first_components, m_step, matrix

RNG = np.random.default_rng(0)
CLUMPS = np.concatenate([RNG.normal(at, 0.7, (20, 2)) for at in ((-2, -1), (0, 1.5), (2, -1))])
AWKWARD = {  # where a covariance has no width, a component no point, or there is next to nothing
    "one point": [[1, 1]], "one place": [[1, 1]] * 5, "a line": [[x / 3, 0.5] for x in range(-9, 9)],
    "two places": [[-2, 0]] * 6 + [[2, 0]], "far apart": [[-5, -3.6], [5, 3.6], [5, -3.6]], "clumps": CLUMPS.tolist()}


def steps(points, n, seed, n_steps):
    """The components after each step, and the log-likelihoods of a point."""
    points = np.array(points, dtype=float)
    found = [np.array(first_components(points, n, seed))]
    for _ in range(n_steps):
        found.append(m_step(points, e_step(points, found[-1])[0], found[-1]))
    return found, np.array([e_step(points, one)[1] for one in found])


@pytest.mark.parametrize("seed", range(3))
def test_a_step_is_scikit_learns_step(seed):
    (before, after), _ = steps(CLUMPS, 3, seed, 1)
    precisions = [np.linalg.inv(matrix(row[3:])) for row in before]
    model = GaussianMixture(3, reg_covar=0, max_iter=1, weights_init=before[:, 0], means_init=before[:, 1:3],
                            precisions_init=precisions)
    with pytest.warns(UserWarning, match="did not converge"):
        model.fit(CLUMPS)
    np.testing.assert_allclose(after[:, 0], model.weights_, atol=1e-6)
    np.testing.assert_allclose(after[:, 1:3], model.means_, atol=1e-6)
    np.testing.assert_allclose([matrix(row[3:]) for row in after], model.covariances_, atol=1e-6)


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_likelihood_never_falls_and_no_component_is_too_narrow(name, n):
    for seed in range(4):
        found, fits = steps(AWKWARD[name], n, seed, 40)
        assert np.isfinite(fits).all() and (np.diff(fits) > -1e-12).all()
        for row in found[-1]:
            assert np.linalg.eigvalsh(matrix(row[3:])).min() >= LEAST**2 - 1e-12
        assert found[-1][:, 0].sum() == pytest.approx(1)


@pytest.mark.parametrize("name", AWKWARD)
def test_the_browser_fits_as_python_does(name):
    code = (browser_code("runtime/mixture.js", "firstBells", "expect") + browser_code("em.js", "nextFit") + f"""
        const points = {json.dumps(AWKWARD[name])}, bells = firstBells(points, 3, 5, {json.dumps(REACH)});
        let fit = {{ bells, claims: [], fits: [expect(points, bells).fit] }};
        for (let k = 0; k < 30; k++) fit = nextFit(points, fit, {LEAST});
        console.log(JSON.stringify([fit.bells, fit.fits]));""")
    bells, fits = in_node(code)
    found, expected = steps(AWKWARD[name], 3, 5, 30)
    np.testing.assert_allclose(fits, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(bells, found[-1], rtol=1e-6, atol=1e-9)


def test_values_are_those_of_the_step_and_go_on_from_placed_points():
    explorer = EmExplorer(CLUMPS, 3, seed=2)
    found, fits = steps(np.round(CLUMPS, 2), 3, 2, 7)
    assert explorer.values(step=7)["log_likelihood"] == pytest.approx(fits[7])
    assert explorer.values(step=4, start=found[3].ravel().tolist())["share"] == pytest.approx(found[7][0, 0])
    assert explorer.values(points=[]) == {}


def test_the_still_picture_has_an_ellipse_for_each_component():
    figure = Figure()
    EmExplorer(CLUMPS, 2).draw(figure)
    (ax,) = figure.get_axes()
    assert len(ax.lines) == 3 and [text.get_text() for text in ax.texts] == ["1", "2"]


@pytest.mark.parametrize("change, error, message", [
    ({"points": [[9, 0]]}, ValueError, "x from -5 to 5"), ({"points": [1, 2]}, ValueError, r"expected \(n, 2\)"),
    ({"n_components": 5}, ValueError, "n_components is 5"), ({"seed": 1.5}, TypeError, "seed is 1.5")])
def test_what_cannot_be_shown_is_refused(change, error, message):
    with pytest.raises(error, match=message):
        EmExplorer(**{"points": CLUMPS} | change)
