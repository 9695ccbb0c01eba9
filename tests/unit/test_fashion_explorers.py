"""The live figures of chapter 5: the browser's models, draws and faces against Python's. One node process runs all."""

import base64
import json
import subprocess
from itertools import islice, product
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread
from scipy.stats import chisquare
from support import node

from helpers.data.faces import BACKGROUND, COLOURS, SIZE, SPRITES, draw_face, layers
from helpers.data.planets import FEATURES, FILES, wrodl
from helpers.live.dress import MENUS, DressExplorer
from helpers.live.dress import MODELS as DRESS_MODELS
from helpers.live.styles import ALPHAS, StyleExplorer
from helpers.live.wrodl_models import (
    ART,
    SIZES,
    codes_of,
    conditional,
    draw_style,
    draw_styles,
    names_of,
    probability,
    readable,
    uniforms,
    unseen_share,
)

SCRIPT = Path(__file__).with_name("run_fashion.mjs")
POINTS = list(product(*map(range, SIZES)))
MODELS = [(0, False), (0.01, False), (1, False), (0, True), (1, True), (100, True)]
SEEDS = list(range(2000))
NUMBERS = [0, 1, 0.04, 0.0054146, 0.00098, 0.000245, 0.000098, 1e-7, 1.2e-9, 0.5]
STAMPS = [(SPRITES.index(name), colour) for name in SPRITES
          for colour in ("#000000", "#FFFFFF", "#65C9FF", COLOURS["hairColor"]["Red"], ART["skin"], BACKGROUND)]


@pytest.fixture(scope="module")
def rows():
    return codes_of(wrodl())


@pytest.fixture(scope="module")
def browser_side(rows):
    """What the JavaScript computes, in node."""
    sheet = np.round(255 * imread(FILES / "faces.png")[..., :3]).astype(np.uint8)
    rgba = np.dstack([sheet, np.full(sheet.shape[:2], 255, np.uint8)])
    question = {"rows": rows, "sizes": SIZES, "points": POINTS, "models": MODELS, "seeds": SEEDS, "numbers": NUMBERS,
                "art": ART, "sheet": base64.b64encode(rgba.tobytes()).decode(),
                "styles": [names_of(point) for point in POINTS], "stamps": STAMPS}
    done = subprocess.run([node(), SCRIPT], input=json.dumps(question), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


# The models


@pytest.mark.parametrize("k", range(len(MODELS)))
def test_the_browsers_probabilities_are_pythons_and_sum_to_one(browser_side, rows, k):
    alpha, naive = MODELS[k]
    expected = [probability(rows, point, alpha, naive) for point in POINTS]
    np.testing.assert_allclose(browser_side["probabilities"][k], expected, rtol=1e-12, atol=1e-15)
    assert sum(expected) == pytest.approx(1, abs=1e-12)
    assert browser_side["unseen"][k] == pytest.approx(unseen_share(rows, alpha, naive), abs=1e-12)


@pytest.mark.parametrize("alpha", [0, 0.001, 1, 30])
def test_the_chain_rule_gives_the_smoothed_shares_of_whole_combinations(rows, alpha):
    counts = np.zeros(SIZES)
    np.add.at(counts, tuple(np.transpose(rows)), 1)
    expected = (counts + alpha) / (len(rows) + alpha * counts.size)
    found = [probability(rows, point, alpha, naive=False) for point in POINTS]
    np.testing.assert_allclose(found, expected.ravel(), rtol=1e-12, atol=1e-15)


def test_naive_bayes_forgets_what_came_before(rows):
    for k in range(len(SIZES)):
        codes = [row[k] for row in rows]
        shares = [(codes.count(value) + 1) / (len(rows) + SIZES[k]) for value in range(SIZES[k])]
        assert conditional(rows, [0, 7, 2, 4][:k], 1, naive=True) == pytest.approx(shares)


def test_the_browser_counts_the_same_combinations(browser_side, rows):
    assert browser_side["occurrences"] == [rows.count(row) for row in rows]
    assert sorted(browser_side["occurrences"])[-7:] == [1, 2, 2, 2, 2, 2, 2]


# The draws


def test_both_sides_draw_the_same_uniform_numbers(browser_side):
    expected = list(islice(uniforms(2**32 - 1), 1000))
    assert browser_side["uniforms"] == expected
    assert all(0 <= u < 1 for u in expected)


@pytest.mark.parametrize("k", range(len(MODELS)))
def test_both_sides_draw_the_same_wrodlers(browser_side, rows, k):
    for seed in SEEDS[::100]:
        uniform = uniforms(seed)
        expected = [draw_style(rows, *MODELS[k], uniform) for _ in range(10)]
        assert browser_side["draws"][k][10 * seed : 10 * seed + 10] == expected


@pytest.mark.parametrize("k", range(len(MODELS)))
def test_both_sides_draw_the_same_ten_and_draw_copies_again(browser_side, rows, k):
    asked = [(seed, again) for seed in SEEDS[:20] for again in (True, False)]
    for (seed, again), found in zip(asked, browser_side["tens"][k], strict=True):
        assert (found["styles"], found["draws"]) == draw_styles(rows, *MODELS[k], seed, again)


@pytest.mark.parametrize("alpha, naive", MODELS[1:])
def test_of_ten_styles_none_is_a_copy_and_new_ones_stay(rows, alpha, naive):
    for seed in range(20):
        (kept, ten), (new, n_draws) = (draw_styles(rows, alpha, naive, seed, again) for again in (False, True))
        assert ten == 10 <= n_draws and not [style for style in new if style in rows]
        assert [one for one, other in zip(kept, new, strict=True) if one not in rows and one != other] == []


@pytest.mark.parametrize("k", range(len(MODELS)))
def test_the_browsers_draws_pass_a_chi_square_test(browser_side, rows, k):
    drawn = np.array(browser_side["draws"][k])
    places = np.ravel_multi_index(drawn.T, SIZES)
    counts = np.bincount(places, minlength=len(POINTS))
    expected = len(drawn) * np.array([probability(rows, point, *MODELS[k]) for point in POINTS])
    assert counts[expected == 0].sum() == 0
    order = np.argsort(expected)[::-1]
    groups = np.cumsum(expected[order]) // 10                # neighbours together, about ten expected in each
    groups = np.minimum(groups, groups[-1] - 1).astype(int)
    pooled = [np.bincount(groups, weights=values[order]) for values in (counts, expected)]
    pooled = [values[pooled[1] > 0] for values in pooled]
    assert chisquare(pooled[0], pooled[1] * len(drawn) / pooled[1].sum()).pvalue > 0.001


class Fixed:
    """Uniform numbers as told."""

    def __init__(self, *numbers):
        self.numbers = iter(numbers)

    def __next__(self):
        return next(self.numbers)


def test_a_draw_at_the_ends_of_the_interval_is_a_possible_one(rows):
    for naive in (False, True):
        for u in (0.0, 1 - 2**-32):
            style = draw_style(rows, 0, naive, Fixed(*[u] * 5))
            assert probability(rows, style, 0, naive) > 0


# The faces


def test_the_browser_stacks_the_same_layers(browser_side):
    for point, stack in zip(POINTS, browser_side["layers"], strict=True):
        assert [tuple(layer) for layer in stack] == layers(**names_of(point))


def test_stamps_laid_over_each_other_are_the_face_that_python_draws(browser_side):
    stamp = {key: np.frombuffer(base64.b64decode(data), np.uint8).reshape(SIZE, SIZE, 4) / 255
             for key, data in zip(STAMPS, browser_side["stamps"], strict=True)}
    style = {"accessoriesType": "Sunglasses", "clothingColor": "Blue01", "clothingType": "Overall",
             "hairColor": "Red", "topType": "LongHairStraight"}
    picture = np.full((SIZE, SIZE, 3), to_rgb(BACKGROUND))
    for name, colour in layers(**style):
        pixels = stamp[SPRITES.index(name), colour]
        picture = (1 - pixels[..., 3:]) * picture + pixels[..., 3:] * pixels[..., :3]
    assert abs(picture - draw_face(**style)).max() < 2.5 / 255  # a stamp is rounded to 8 bits, and so is a canvas


# What the figures say


def test_probabilities_are_readable_and_the_same_on_both_sides(browser_side):
    assert browser_side["readable"] == [readable(number) for number in NUMBERS]
    assert browser_side["readable"][:7] == ["0", "1.00", "0.040", "0.0054", "0.00098", "0.00024", "0.000098"]


def test_without_smoothing_the_multinomial_copies_and_naive_bayes_creates():
    explorer = StyleExplorer(wrodl())
    for seed in range(20):
        assert explorer.values(model=1, smoothing=0, seed=seed)["unseen"] == 0
        assert explorer.values(model=0, smoothing=0, seed=seed)["unseen"] == 10
    assert 0 <= explorer.values(model=1, smoothing=0)["unseen_share"] < 1e-12
    assert explorer.values(model=1, smoothing=ALPHAS.index(1))["unseen_share"] == pytest.approx(3985 / 4082)
    assert explorer.values(model=0, smoothing=0)["unseen_share"] == pytest.approx(0.8906, abs=1e-4)


def test_the_ten_are_those_of_the_views_seed():
    explorer = StyleExplorer(wrodl(), seed=7)
    assert explorer.values() == explorer.values(seed=7) != explorer.values(seed=8)


def test_the_star_has_the_numbers_of_the_book():
    explorer = DressExplorer(wrodl())
    star = explorer.values()
    assert star["count"] == 2 and np.exp(star["multinomial"]) == pytest.approx(0.04)
    assert round(np.exp(star["naive"]), 4) == 0.0054
    twin = explorer.values(clothingColor=FEATURES["clothingColor"].index("Blue01"))
    assert twin["count"] == 0 and twin["multinomial"] == -np.inf
    assert round(np.exp(twin["naive"]), 5) == 0.00098
    assert np.exp(twin["multinomial_smoothed"]) == pytest.approx(1 / 4082)


def test_black_clothing_is_impossible_until_it_is_smoothed():
    values = DressExplorer(wrodl()).values(clothingColor=FEATURES["clothingColor"].index("Black"))
    assert values["naive"] == -np.inf and np.isfinite(values["naive_smoothed"])


def test_every_menu_sets_its_feature():
    explorer = DressExplorer(wrodl())
    assert set(MENUS) == set(FEATURES) == set(explorer.controls)
    for name, values in FEATURES.items():
        for value in values:
            explorer.controls[name].value = value
            assert names_of(explorer.codes())[name] == value


def test_the_still_picture_calls_new_what_nobody_wears():
    explorer, figure = StyleExplorer(wrodl()), Figure()
    explorer.draw(figure)
    told = [ax.get_title().split(",")[0] for ax in figure.axes]
    worn = [explorer.rows.count(style) for style in explorer.drawn()[0]]
    assert told == [f"seen {n}×" if n else "new" for n in worn] and 0 in worn


def test_without_smoothing_nothing_is_possible_after_what_nobody_wears():
    assert conditional([[0, 1, 0, 0, 0]], [1], 0, naive=False) == [0.0] * SIZES[1]


@pytest.mark.parametrize("explorer", [StyleExplorer, DressExplorer])
def test_still_pictures_can_be_drawn(explorer):
    made, figure = explorer(wrodl()), Figure()
    made.draw(figure)
    assert len(figure.axes) >= 2
    assert "0x" not in repr(made)


@pytest.mark.parametrize("explorer", [StyleExplorer, DressExplorer])
def test_a_wrong_table_is_refused_with_what_is_wrong(explorer):
    with pytest.raises(ValueError, match="missing are topType"):
        explorer(wrodl().drop(columns="topType"))
    table = wrodl().astype(str)
    table.loc[4, "hairColor"] = "Green"
    with pytest.raises(ValueError, match="column hairColor holds 'Green', expected one of Black, Blonde"):
        explorer(table)


def test_the_models_of_the_dressing_figure_are_named_after_what_they_are():
    assert [(alpha, naive) for _, _, alpha, naive in DRESS_MODELS] == [(0, False), (1, False), (0, True), (1, True)]
