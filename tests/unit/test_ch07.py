"""Chapter 7: its functions, its theorem and its exercises; the judge's probabilities, which it uses."""

import ast
import os

import nbformat
import numpy as np
import pytest
from support import ROOT, solutions_of

from helpers.data import digits
from helpers.data.biscuit_tins import draw_tins, tins
from helpers.exercises.ch07 import EXERCISES, B, C, W, X
from helpers.judge import digits as digit_judge

CHAPTER = ROOT / "book" / "07_representation_learning.ipynb"


@pytest.fixture(scope="module")
def chapter():
    """The names of Setup, every function of the chapter and the catalogue of tins; nothing is trained."""
    cells = [cell.source for cell in nbformat.read(CHAPTER, as_version=4).cells if cell.cell_type == "code"]
    wanted = [node for source in cells for node in ast.parse(source).body
              if isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom)
              or (isinstance(node, ast.Assign)
                  and ast.unparse(node.targets[0]).startswith(("steps", "catalogue", "Autoencoder")))]
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "agg")
        patch.setattr(os, "environ", os.environ)
        exec(cells[0], names)
        exec(compile(ast.Module(wanted, []), "chapter 7", "exec"), names)
    return names


# The exercises


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_on_the_page_is_right(name, chapter, verdict):
    names = dict(chapter)
    exec(solutions_of(CHAPTER)[name], names)
    assert verdict(name, names[f"answer_{name[-1]}"]) == f"Exercise {name}: right. {EXERCISES[name].right}"


def log10_balls(n, r, d):
    from scipy.special import gammaln
    return (np.log(n) + d / 2 * np.log(np.pi) + d * np.log(r) - gammaln(d / 2 + 1)) / np.log(10)


WRONG_ANSWERS = {
    "7.1": [[9, 3, 4], [-18, -6, -8], [8, 18, 6], [12, 4, 8], [6, 6, 8], [0.82, -1.06, 1.42], [1, 1, 1]],
    "7.2": [13, 3.75 / 16.75, 3.75 / 4, 3.75 / 6, np.sqrt(3.75), 2, 9],
    "7.3": [[1.2, 0.4], [4 / 3, 0], np.linalg.inv(B.T)[:, 0] * 4, [-4 / 7, 12 / 7], [2 / 7, 1 / 7], [12, -4], [1, 1]],
    "7.4": [lambda x, c, w: (x - c) @ w, lambda x, c, w: np.linalg.lstsq(w, x.T, rcond=None)[0].T,
            lambda x, c, w: (x - c) @ w / (w**2).sum(axis=0), lambda x, c, w: np.zeros((len(x), 2))],
    "7.5": [log10_balls, lambda n, r, d: min(0, log10_balls(n, 2 * r, d)), lambda n, r, d: -1.0,
            lambda n, r, d: 10 ** min(0, log10_balls(n, r, d)),
            lambda n, r, d: min(0, log10_balls(n, r, d)) * np.log(10),
            lambda n, r, d: min(0, log10_balls(n, r, d) + np.log10(d / 2))],
}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_foreseen_mistake_gets_its_own_reason(name, verdict):
    exercise, given = EXERCISES[name], []
    for answer in WRONG_ANSWERS[name]:
        given.append(verdict(name, answer).split("not yet. ")[1])
    reasons = [reason for _, reason in exercise.mistakes]
    assert sorted(given) == sorted([*reasons, exercise.hint])


def test_the_slopes_of_exercise_1_are_those_of_a_nudge(chapter):
    start, found = np.array([1.0, -1.0, 1.5]), []
    for nudge in 1e-6 * np.eye(3):
        up, down = (chapter["forward"](*(start + side * nudge), x=3.0, y=1.0)[-1] for side in (1, -1))
        found.append((up - down) / 2e-6)
    assert found == pytest.approx(EXERCISES["7.1"].expected(), abs=1e-6)


def test_no_other_code_rebuilds_better_than_that_of_exercise_4():
    codes = EXERCISES["7.4"].expected()
    best = ((X - C - codes @ W.T) ** 2).sum()
    rng = np.random.default_rng(0)
    assert all(((X - C - (codes + 0.1 * rng.normal(size=codes.shape)) @ W.T) ** 2).sum() > best for _ in range(100))


# The theorem


def test_pca_loses_the_eigenvalues_that_it_leaves_out(chapter):
    x = tins(300)[0]
    flat = x.reshape(300, -1).astype(float)
    lost = np.linalg.eigvalsh(np.cov(flat.T, bias=True))[::-1][2:].sum()
    error = chapter["grey_error"](x, chapter["pca_rebuild"](x, x, 2))
    assert 784 * (error / 255) ** 2 == pytest.approx(lost, rel=1e-4)


def test_no_flat_decoder_beats_pca_with_the_best_encoder(chapter):
    """Planes at random and planes near PCA's, each with its orthogonal projection as encoder."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(80, 6)) @ rng.normal(size=(6, 6)) + 3
    least = np.linalg.eigvalsh(np.cov(x.T, bias=True))[:-2].sum()
    best = np.linalg.eigh(np.cov(x.T, bias=True))[1][:, -2:]
    for noise in (0.01, 0.3, 100):
        for _ in range(50):
            q, _ = np.linalg.qr(best + noise * rng.normal(size=(6, 2)))
            c = x.mean(axis=0) + rng.choice([0, 0.1]) * rng.normal(size=6)
            rest = (x - c) - (x - c) @ q @ q.T
            assert (rest**2).sum(axis=1).mean() >= least - 1e-9


def test_a_one_to_one_map_before_the_decoder_changes_no_reconstruction(chapter):
    keras = chapter["keras"]
    nets = chapter["build"](2)
    names = dict(chapter, tin_nets=nets)
    exec("behind = type(behind)(behind.__code__, globals())", names)
    turn = np.array([[0.6, -0.8], [1.6, 1.2]])
    z = np.array(nets.encoder(tins(20)[0]))
    turned = names["behind"](np.linalg.inv(turn), np.zeros(2))
    assert isinstance(turned, keras.Sequential)
    np.testing.assert_allclose(np.array(turned(z @ turn)), np.array(nets.decoder(z)), atol=1e-5)


# The chapter's functions


def test_a_tin_is_found_in_the_catalogue_and_a_blend_is_not(chapter):
    sizes = np.array([[9.5, 18.5], [14.0, 14.0], [19.5, 11.0]])
    found, far = chapter["nearest_tin"](draw_tins(*sizes.T))
    assert np.abs(found - sizes).max() <= 0.15 and far.max() < 3
    _, far = chapter["nearest_tin"](draw_tins(*sizes.T)[[0, 2]].mean(axis=0)[None])
    assert far[0] > 20


def test_a_sum_of_bends_joins_any_corners(chapter):
    """One unit for each corner, with the change of slope as its weight."""
    corners, heights = np.array([-1.5, -0.3, 0.2, 1.1]), np.array([0.4, -1.0, 2.0, 0.5])
    slopes = np.diff(heights) / np.diff(corners)
    v = np.diff(slopes, prepend=0)
    x = np.linspace(-1.5, 1.1, 50)
    found = chapter["add_bends"](x, np.ones(3), -corners[:3], v, heights[0])
    np.testing.assert_allclose(found, np.interp(x, corners, heights), atol=1e-12)


def test_a_step_goes_downhill_by_the_slopes_of_the_tape(chapter):
    keras = chapter["keras"]
    chapter["set_seed"](0)
    network = keras.Sequential([keras.Input((1,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(1)])
    x = np.linspace(-1, 1, 20, dtype="float32")[:, None]
    step = chapter["make_train_step"](network, keras.optimizers.SGD(0.1))
    losses = [float(step(x, x**2)) for _ in range(20)]
    assert (np.diff(losses) < 0).all()


def test_training_learns_repeats_and_the_spring_pulls(chapter):
    x, found = tins(200)[0], []
    for spring in (0.0, 0.0, 1.0):
        nets = chapter["learn"](x, 2, n_epochs=8, batch_size=20, spring=spring)
        z = chapter["run"](nets.encoder, x)
        found.append((chapter["grey_error"](x, chapter["run"](nets.decoder, z)), np.mean(z**2)))
    chapter["set_seed"](0)
    nets = chapter["build"](2)
    at_first = chapter["grey_error"](x, chapter["run"](nets.decoder, chapter["run"](nets.encoder, x)))
    assert found[0] == found[1]
    assert found[0][0] < 0.8 * at_first
    assert found[2][1] < 0.1 * found[0][1]


def test_the_loss_of_an_epoch_is_the_mean_square_of_what_is_missing(chapter):
    x = tins(60)[0]
    chapter["set_seed"](0)
    network = chapter["keras"].Sequential(chapter["build"](2))
    before = np.mean((chapter["run"](network, x) - x) ** 2)
    history = chapter["train"](network, x, x, 4, 20, rate=1e-12)    # the weights stay where they are
    assert history == pytest.approx([before] * 4, rel=1e-4)


def test_nan_in_the_images_stops_the_training_with_the_remedy(chapter):
    x = tins(40)[0]
    x[3, 5, 5] = np.nan
    with pytest.raises(ValueError, match="epoch 1: the loss is nan. Look for NaN in x and y, or lower the rate"):
        chapter["learn"](x, 2, 4, 20)


def test_the_densities_have_the_range_and_the_moments_of_the_codes(chapter):
    rng = np.random.default_rng(0)
    codes = (rng.normal(size=(500, 3)) @ rng.normal(size=(3, 3)) + 5).astype("float32")
    drawn = chapter["draw_codes"](codes, 0)
    assert (drawn["box"] >= codes.min(axis=0) - 1e-5).all() and (drawn["box"] <= codes.max(axis=0) + 1e-5).all()
    assert drawn["box"].mean(axis=0) == pytest.approx((codes.min(axis=0) + codes.max(axis=0)) / 2, abs=0.3)
    for name in ("Gaussian", "mixture"):
        assert drawn[name].mean(axis=0) == pytest.approx(codes.mean(axis=0), abs=0.2), name
        assert np.cov(drawn[name].T) == pytest.approx(np.cov(codes.T), rel=0.2, abs=0.2), name


def test_a_hole_is_where_one_in_a_hundred_fresh_codes_lies(chapter):
    rng = np.random.default_rng(0)
    codes, fresh = rng.normal(size=(400, 2)), rng.normal(size=(1000, 2))
    tree, gap, edge = chapter["measure"](codes, fresh)
    distances = np.sqrt(((fresh[:, None] - codes) ** 2).sum(axis=2)).min(axis=1)
    assert gap == pytest.approx(np.median(distances)) and (distances > edge).mean() == pytest.approx(0.01)
    assert chapter["hole_share"](fresh, tree, edge) == pytest.approx(0.01)
    assert chapter["hole_share"](fresh + 100, tree, edge) == 1


# The judge's probabilities


def test_the_judges_probabilities_sum_to_one_and_agree_with_its_labels():
    images = digits()[1][0][:100]
    p = digit_judge.probabilities(images)
    assert p.shape == (100, 10) and p.dtype == np.float64
    assert p.sum(axis=1) == pytest.approx(1, abs=1e-12) and (p >= 0).all()
    np.testing.assert_array_equal(p.argmax(axis=1), digit_judge.predict(images))
    assert np.median(p.max(axis=1)) > 0.99
