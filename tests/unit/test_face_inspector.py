"""The second inspector of faces: passes what is real, convicts what does not fit together, learns by right slopes."""

import numpy as np
import pytest
from scipy.special import log_expit

from helpers.data.planets import pixel_faces
from helpers.judge import face_inspector
from helpers.judge.face_inspector import second_inspector


@pytest.fixture(scope="module")
def people():
    faces = pixel_faces()
    return faces.palette[faces.pixels[4000:]]


def noise(n, shape=(13, 14, 3), seed=0):
    return np.random.default_rng(seed).random((n, *shape))


def test_real_faces_pass(people):
    accuracy, standard_error = second_inspector(people[1000:1500], people[:500])
    assert abs(accuracy - 0.5) < 3.5 * standard_error


def test_the_left_half_of_one_beside_the_right_half_of_another_is_noticed(people):
    forged = people[:500].copy()
    forged[:, :, 16:] = people[500:1000, :, 16:]
    assert second_inspector(people[1000:1500], forged).accuracy > 0.8


def test_a_face_moved_by_three_pixels_is_noticed(people):
    moved = np.roll(people[:150], 3, axis=1)
    moved[:, :3] = people[:150, :3]
    assert second_inspector(people[1000:1150], moved).accuracy > 0.9


def test_the_same_pictures_and_seed_give_the_same_verdict_and_stay_as_they_are(people):
    real, forged = people[:100].copy(), people[100:200].copy()
    first, again = (second_inspector(real, forged, seed=2) for _ in range(2))
    assert first == again
    assert (real == people[:100]).all() and (forged == people[100:200]).all()


def test_the_slopes_are_those_of_the_mean_cross_entropy():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((4, 13, 15, 3)), np.array([0.0, 1, 1, 0])
    weights = [w.astype(float) + 0.1 * rng.standard_normal(w.shape) for w in face_inspector._start(x.shape, rng)]

    def loss():
        logits = face_inspector._forward(x, weights)[0]
        return -np.mean(y * log_expit(logits) + (1 - y) * log_expit(-logits))

    for weight, slope in zip(weights, face_inspector._slopes(x, y, weights), strict=True):
        assert slope.shape == weight.shape
        at = tuple(rng.integers(side) for side in weight.shape)
        before, differences = weight[at], []
        for step in (1e-5, -1e-5):
            weight[at] = before + step
            differences.append(loss())
        weight[at] = before
        assert slope[at] == pytest.approx((differences[0] - differences[1]) / 2e-5, rel=1e-3, abs=1e-8)


@pytest.mark.parametrize("change, message", [
    (lambda x: x[:99], r"real has shape \(99, 13, 14, 3\)"),
    (lambda x: x[..., 0], r"expected the same, \(n, height, width, 3\)"),
    (lambda x: x[:, :12], "13 × 13 pixels or more"),
    (lambda x: x[..., :2], "as colours"),
])
def test_pictures_that_cannot_be_judged_get_a_reason(change, message):
    with pytest.raises(ValueError, match=message):
        second_inspector(change(noise(120)), change(noise(120, seed=1)))


def test_other_numbers_and_values_are_refused():
    with pytest.raises(ValueError, match="expected the same"):
        second_inspector(noise(120), noise(121))
    with pytest.raises(ValueError, match="Divide them by 255"):
        second_inspector(255 * noise(120), noise(120))
