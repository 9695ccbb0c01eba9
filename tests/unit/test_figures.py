"""Grids of images put every pixel where it belongs."""

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures import image_grid, montage

matplotlib.use("agg")


@given(n=st.integers(1, 12), columns=st.integers(1, 6), gap=st.integers(0, 3), colour=st.booleans())
def test_each_image_stands_whole_in_its_place_and_the_rest_is_white(n, columns, gap, colour):
    images = np.random.default_rng(n).random((n, 3, 4, 3) if colour else (n, 3, 4), dtype=np.float32)
    sheet = montage(images, columns, gap)
    rest = np.ones(sheet.shape, bool)
    for i, image in enumerate(images):
        top, left = i // columns * (3 + gap), i % columns * (4 + gap)
        place = np.s_[top : top + 3, left : left + 4]
        assert (sheet[place] == image).all()
        rest[place] = False
    assert (sheet[rest] == 1).all()


@pytest.mark.parametrize("shape", [(28, 28), (0, 28, 28), (2, 3, 4, 5, 6)])
def test_what_is_no_stack_of_images_is_refused_with_its_shape(shape):
    with pytest.raises(ValueError, match=str(shape[0])):
        montage(np.zeros(shape), 2)


@pytest.mark.parametrize("draw", [lambda images: montage(images, 2), image_grid], ids=["montage", "image_grid"])
@pytest.mark.parametrize(("value", "said"), [
    (255, "Divide them by 255"), (-0.1, r"np.clip\(images, 0, 1\)"), (1.1, "np.clip"), (np.nan, "NaN")])
def test_pictures_of_another_range_are_refused_not_drawn_white_or_black(draw, value, said):
    images = np.zeros((3, 5, 5))
    images[1, 2, 3] = value
    with pytest.raises(ValueError, match=rf"images holds {value:g}, 1% .*expected numbers in \[0, 1\].*{said}"):
        draw(images)
    plt.close("all")


def test_what_rounding_adds_to_full_white_is_drawn():
    assert montage(np.full((1, 2, 2), np.float32(1) + np.float32(1e-6)), 1).shape == (2, 2)


def test_a_grid_draws_on_the_axes_it_is_given_with_a_fixed_grey_scale():
    _, ax = plt.subplots()
    assert image_grid(np.full((3, 5, 5), 0.5), labels=["a", "b", "c"], title="Three", ax=ax) is ax
    assert ax.images[0].get_clim() == (0, 1)
    assert [text.get_text() for text in ax.texts] == ["a", "b", "c"] and ax.get_title() == "Three"
    plt.close("all")


def test_the_house_style_loads():
    with plt.style.context("helpers.book"):
        assert plt.rcParams["image.cmap"] == "gray"
