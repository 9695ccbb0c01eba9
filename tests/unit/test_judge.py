"""The judge of faces: it convicts forgeries, passes what is real, and says what it cannot judge."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import uniform_filter1d
from sklearn.metrics import mutual_info_score

from helpers.data.faces import snap
from helpers.data.planets import pixel_faces
from helpers.judge.faces import N_SHADES, fashion_police, neighbour_information


@pytest.fixture(scope="module")
def faces():
    return pixel_faces()


@pytest.fixture(scope="module")
def real(faces):
    return faces.pixels[5000:]


def naive(faces, n, rng):
    """Every pixel copied from a training face picked anew."""
    return faces[rng.integers(len(faces), size=(n, 32, 32)), np.arange(32)[:, None], np.arange(32)]


def independent(n, shape=(6, 5), seed=0):
    return np.random.default_rng(seed).integers(256, size=(n, *shape))


# The Fashion Police


def test_real_faces_pass(faces, real):
    accuracy, standard_error = fashion_police(real, faces.pixels[4000:5000])
    assert abs(accuracy - 0.5) < 3 * standard_error


def test_over_many_divisions_the_verdict_on_real_faces_is_a_fair_coin(real):
    verdicts = []
    for seed in range(10):
        mixed = np.random.default_rng(seed).permutation(real)
        verdicts.append(fashion_police(mixed[:100], mixed[100:200], seed))
    scores = [(v.accuracy - 0.5) / v.standard_error for v in verdicts]
    assert abs(np.mean(scores)) < 3 / np.sqrt(10) and 0.4 < np.std(scores) < 1.8


def test_naive_faces_are_convicted(faces, real):
    verdict = fashion_police(real, naive(faces.pixels[:4000], 1000, np.random.default_rng(0)))
    assert verdict.accuracy >= 0.99


def test_twenty_wrong_pixels_of_1024_are_noticed(faces, real):
    rng = np.random.default_rng(0)
    forged = faces.pixels[4000:4500].copy().reshape(500, -1)
    for face in forged:
        at = rng.choice(1024, size=20, replace=False)
        face[at] = faces.pixels[rng.integers(4000, size=20)].reshape(20, -1)[np.arange(20), at]
    assert fashion_police(real[:500], forged.reshape(-1, 32, 32)).accuracy > 0.85


def test_a_trace_of_blur_is_noticed(faces, real):
    colours = faces.palette[faces.pixels[4000:4300]]
    blurred = snap(0.9 * colours + 0.1 * uniform_filter1d(colours, 3, axis=2), faces.palette)
    assert fashion_police(real[:300], blurred).accuracy > 0.95


def test_the_head_of_one_on_the_body_of_another_is_noticed(faces, real):
    rng = np.random.default_rng(0)
    forged = faces.pixels[4000:5000].copy()
    forged[:, 23:] = forged[rng.permutation(1000), 23:]
    verdict = fashion_police(real, forged)
    assert verdict.accuracy > 0.5 + 6 * verdict.standard_error


def test_a_generator_that_makes_one_face_only_is_convicted(faces, real):
    assert fashion_police(real[:200], np.repeat(faces.pixels[:1], 200, axis=0)).accuracy > 0.98


def test_a_copier_passes_as_the_docstring_warns(faces, real):
    copies = np.random.default_rng(1).permutation(faces.pixels[:4000])[:1000]
    accuracy, standard_error = fashion_police(real, copies)
    assert abs(accuracy - 0.5) < 3 * standard_error


def test_the_same_pictures_and_seed_give_the_same_verdict(faces, real):
    first, again = (fashion_police(real[:200], faces.pixels[:200], seed=3) for _ in range(2))
    assert first == again


def test_the_police_change_nothing_in_what_they_are_shown(faces, real):
    shown, forged = real[:150].copy(), faces.pixels[:150].copy()
    fashion_police(shown, forged)
    assert (shown == real[:150]).all() and (forged == faces.pixels[:150]).all()


def test_the_standard_error_is_that_of_a_share_and_never_zero(faces, real):
    accuracy, standard_error = fashion_police(real[:200], faces.pixels[:200])
    assert standard_error == pytest.approx(np.sqrt(accuracy * (1 - accuracy) / 400), rel=0.02)
    perfect = fashion_police(real[:200], independent(200, (32, 32)))
    assert perfect.accuracy == 1 and 0 < perfect.standard_error < 0.01


def test_pictures_of_another_size_and_of_any_integer_type_are_judged():
    coins = independent(120, (8, 20)) // 128
    equal = np.repeat(coins[:, :, :1], 20, axis=2)
    for kind in (np.uint8, np.int32, np.int64):
        assert fashion_police(coins.astype(kind), equal.astype(kind)).accuracy > 0.95


@pytest.mark.parametrize("change, message", [
    (lambda x: x[:99], "holds 99 pictures; expected at least 100"),
    (lambda x: x[0], r"shape \(6, 5\); expected \(n, height, width\)"),
    (lambda x: x[..., None], r"shape \(120, 6, 5, 1\)"),
    (lambda x: x[:, :1], r"shape \(120, 1, 5\)"),
    (lambda x: x / 255, r"type float64 \(values from 0 to 1\); expected palette indices.*snap"),
    (lambda x: np.where(x == 0, np.nan, x), "NaN among them"),
    (lambda x: x.astype(str), "expected palette indices"),
    (lambda x: x > 9, r"type bool \(such as np\.(True|False)_\); expected palette indices"),
    (lambda x: x + 1, "from 1 to 256; expected palette indices"),
    (lambda x: x - 1, "from -1 to 254; expected palette indices"),
])
@pytest.mark.parametrize("place", [0, 1])
def test_pictures_that_cannot_be_judged_get_a_reason(place, change, message):
    pictures = [independent(120, seed=0), independent(120, seed=1)]
    pictures[place][0, 0, :2] = 0, 255
    pictures[place] = change(pictures[place])
    with pytest.raises(ValueError, match=message) as caught:
        fashion_police(*pictures)
    assert str(caught.value).startswith(("real", "generated")[place])


def test_unequal_numbers_and_sizes_are_refused():
    for other in (independent(121), independent(120, (5, 6))):
        with pytest.raises(ValueError, match="expected the same"):
            fashion_police(independent(120), other)


def test_real_pictures_that_are_all_alike_are_refused():
    with pytest.raises(ValueError, match="All 120 real pictures are the same"):
        fashion_police(np.zeros((120, 6, 5), int), independent(120))


def test_the_judge_does_without_tensorflow():
    code = ("import sys, helpers.judge.digits, helpers.judge.faces; "
            "sys.exit(bool({'tensorflow', 'keras'} & set(sys.modules)))")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Neighbours


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 1000), height=st.integers(2, 4), width=st.integers(2, 4), grey=st.booleans())
def test_the_information_is_scikit_learns_mean_over_neighbours(seed, height, width, grey):
    rng = np.random.default_rng(seed)
    shades = rng.integers(N_SHADES, size=(100, height, width)) // rng.integers(1, 5)
    shades[:, 1] = np.where(rng.random((100, width)) < 0.5, shades[:, 0], shades[:, 1])
    images = (shades + rng.random(shades.shape)) / 8 if grey else 32 * shades + rng.integers(32, size=shades.shape)
    right = [mutual_info_score(shades[:, i, j], shades[:, i, j + 1]) for i in range(height) for j in range(width - 1)]
    below = [mutual_info_score(shades[:, i, j], shades[:, i + 1, j]) for i in range(height - 1) for j in range(width)]
    assert neighbour_information(images).plug_in == pytest.approx(np.mean(right + below), abs=1e-12)


def test_of_independent_pixels_the_baseline_takes_all_away():
    found = neighbour_information(independent(1000, (16, 16)))
    assert found.plug_in == pytest.approx(49 / 2000, rel=0.1) and abs(found.excess) < 0.001


def test_equal_neighbours_share_all_that_there_is():
    images = np.repeat(np.repeat(independent(4000, (1, 1)), 4, axis=1), 4, axis=2)
    assert neighbour_information(images).excess == pytest.approx(np.log(8), abs=0.02)


def test_rows_that_know_nothing_of_each_other_share_half():
    images = np.repeat(independent(4000, (8, 1)), 8, axis=2)
    assert neighbour_information(images).excess == pytest.approx(np.log(8) / 2, abs=0.02)


def test_naive_faces_keep_the_baseline_and_lose_the_rest(faces, real):
    made = neighbour_information(naive(faces.pixels[:4000], 1000, np.random.default_rng(0)))
    found = neighbour_information(real)
    assert found.excess > 0.5 and abs(made.excess) < 0.001
    assert made.shuffled == pytest.approx(found.shuffled, rel=0.05)


def test_white_is_the_lightest_shade_not_one_more():
    images = np.random.default_rng(0).integers(2, size=(200, 3, 3)).astype(float)
    assert neighbour_information(images) == neighbour_information((255 * images).astype(int))


def test_the_order_of_the_pictures_and_the_seed_matter_to_the_shuffle_only():
    images = independent(300)
    first, other = neighbour_information(images), neighbour_information(images[::-1], seed=1)
    assert first.plug_in == pytest.approx(other.plug_in) and first.shuffled != other.shuffled
    assert first == neighbour_information(images)


@pytest.mark.parametrize("images, message", [
    (independent(99), "holds 99 pictures"),
    (independent(120)[0], r"expected \(n, height, width\)"),
    (np.zeros((120, 4, 4, 3)), r"shape \(120, 4, 4, 3\)"),
    (np.zeros((120, 4, 1)), r"at least 2 × 2"),
    (independent(120) * 1.0, r"values from 0 to 255; expected greys in \[0, 1\]"),
    (independent(120) / 255 - 0.5, "expected greys"),
    (np.where(independent(120) < 9, np.nan, 0.5), "NaN"),
    (independent(120) + 9, "expected palette indices"),
    (np.full((120, 4, 4), 0.5), "All 120 pictures are the same"),
    (np.full((120, 4, 4), 7), "All 120 pictures are the same"),
])
def test_images_that_cannot_be_measured_get_a_reason(images, message):
    with pytest.raises(ValueError, match=message):
        neighbour_information(images)
