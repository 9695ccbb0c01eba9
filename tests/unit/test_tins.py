"""Biscuit tins: two numbers, a smooth picture, and errors that say what to do."""

import numpy as np
import pytest
from scipy.stats import kstest, pearsonr

from helpers import data
from helpers.data.biscuit_tins import LARGEST, SMALLEST, draw_tins, tins


def test_tins_are_pictures_with_their_sizes():
    images, heights, widths = data.tins(40)
    assert images.shape == (40, 28, 28) and images.dtype == np.float32
    assert heights.shape == widths.shape == (40,)
    assert images.min() == 0 and 0.9 < images.max() <= 1
    np.testing.assert_array_equal(images, draw_tins(heights, widths))


def test_a_seed_is_a_set_of_tins():
    np.testing.assert_array_equal(tins(5, seed=3)[0], tins(5, seed=3)[0])
    assert not np.allclose(tins(5, seed=3)[1], tins(5, seed=4)[1])


def test_sizes_are_uniform_and_independent():
    _, heights, widths = tins(3000)
    for sizes in (heights, widths):
        assert kstest(sizes, "uniform", args=(SMALLEST, LARGEST - SMALLEST)).pvalue > 0.001
    assert pearsonr(heights, widths).pvalue > 0.001


def test_many_tins_are_drawn_as_each_one_alone():
    images, heights, widths = tins(600)
    for k in (0, 249, 250, 599):
        np.testing.assert_array_equal(images[k], draw_tins([heights[k]], [widths[k]])[0])


@pytest.mark.parametrize("width", [8.0, 11.0, 16.0, 20.0])
def test_the_shape_of_a_tin_is_as_wide_and_as_high_as_asked(width):
    """Measured on the picture: how many columns and how much of the middle column the tin covers."""
    for height in (8.0, 13.0, 20.0):
        covered = draw_tins([height], [width])[0] > 0
        bulge = 0.14 * width
        assert abs(covered.any(axis=0).sum() - width) <= 2
        assert abs(covered[:, 14].sum() - (height + 2 * bulge)) <= 2


def test_a_taller_tin_keeps_its_columns_and_a_wider_one_keeps_its_side():
    low, tall, wide = draw_tins([10.0, 18.0, 10.0], [12.0, 12.0, 18.0])
    np.testing.assert_array_equal((low > 0).any(axis=0), (tall > 0).any(axis=0))
    assert (tall > 0).any(axis=1).sum() == (low > 0).any(axis=1).sum() + 8
    assert (wide > 0).any(axis=0).sum() == (low > 0).any(axis=0).sum() + 6


def test_light_comes_from_the_left():
    image = draw_tins([18.0], [18.0])[0]
    side = image[16:20]
    assert side[:, 6:13].mean() > 1.5 * side[:, 16:23].mean()


def test_the_lid_is_hollow_but_for_its_rim():
    row = draw_tins([10.0], [20.0])[0][9]  # through the lid's middle, left to right
    rim = row[[4, 5, 22, 23]]
    assert row[7:21] == pytest.approx(0.62, abs=0.01) and (rim > 0.75).all()


@pytest.mark.parametrize("step", [(0.01, 0.0), (0.0, 0.01)])
def test_a_picture_changes_smoothly_with_each_number(step):
    """A hundredth of a pixel changes no pixel by more than a few hundredths: edges are averaged, not switched."""
    rng = np.random.default_rng(0)
    heights, widths = rng.uniform(SMALLEST, LARGEST - 0.01, (2, 200))
    change = np.abs(draw_tins(heights + step[0], widths + step[1]) - draw_tins(heights, widths))
    assert 0 < change.max() < 0.05


def test_a_pixel_is_the_average_over_what_it_covers(monkeypatch):
    """Sixteen times as many strips a column change hardly anything."""
    heights, widths = np.random.default_rng(1).uniform(SMALLEST, LARGEST, (2, 100))
    drawn = draw_tins(heights, widths)
    monkeypatch.setattr("helpers.data.biscuit_tins._STRIPS", 128)
    difference = np.abs(draw_tins(heights, widths) - drawn)
    assert difference.max() < 0.05 and difference.mean() < 0.0005


@pytest.mark.parametrize("n", [0, -1])
def test_at_least_one_tin(n):
    with pytest.raises(ValueError, match=f"n_samples is {n}, expected an integer of at least 1"):
        tins(n)


@pytest.mark.parametrize("name", ["n_samples", "seed"])
def test_a_number_that_is_too_large_is_told_the_limit(name):
    with pytest.raises(ValueError, match=f"{name} is {2**31}, expected an integer from [01] to {2**31 - 1}"):
        tins(**{name: 2**31})


@pytest.mark.parametrize("n", [2.0, "3", True])
def test_a_number_of_tins_is_an_integer(n):
    with pytest.raises(TypeError, match="expected an integer"):
        tins(n)


@pytest.mark.parametrize("wrong", [7.9, 20.5, np.nan, np.inf])
def test_a_size_that_does_not_fit_is_named_with_its_place(wrong):
    with pytest.raises(ValueError, match=r"heights\[1\] is .*expected 8 to 20 pixels"):
        draw_tins([10.0, wrong], [10.0, 10.0])
    with pytest.raises(ValueError, match=r"widths\[0\] is .*expected 8 to 20 pixels"):
        draw_tins([10.0, 10.0], [wrong, 10.0])


@pytest.mark.parametrize(("heights", "widths"), [(10.0, 10.0), ([10.0], [10.0, 12.0]), ([], []), ([[9.0]], [[9.0]])])
def test_heights_and_widths_go_in_pairs(heights, widths):
    with pytest.raises(ValueError, match=r"expected \(n,\) both"):
        draw_tins(heights, widths)
