"""LatentExplorer: what it refuses, what it decodes, what notebooks store of it."""

import numpy as np
import pytest

from helpers.live import LatentExplorer
from helpers.networks import linear_map


def linear(d=3, shape=(4, 5), seed=0):
    rng = np.random.default_rng(seed)
    return linear_map(rng.random(np.prod(shape)), rng.normal(size=(d, np.prod(shape))), shape, clip=(0, 1))


def test_sliders_move_the_first_coordinates_and_the_menu_chooses_the_decoder():
    maps = {"a": linear(seed=1), "b": linear(seed=2)}
    explorer = LatentExplorer(maps, n_sliders=2)
    explorer.controls["z1"].value = 1.5
    explorer.controls["choice"].index = 1
    assert explorer.decode() == pytest.approx(maps["b"](np.array([[0, 1.5, 0]]))[0], abs=1e-3)
    assert explorer.decode(choice=0, z0=-1.0, z1=0.0) == pytest.approx(maps["a"](np.array([[-1, 0, 0]]))[0], abs=1e-3)


def test_a_menu_of_conditions_sets_the_last_numbers_of_one_decoders_input():
    decoder = linear(d=4)
    explorer = LatentExplorer(decoder, conditions={"a": (1, 0), "b": (0, 1)}, menu="Letter", choice=1)
    assert list(explorer.controls) == ["choice", "z0", "z1"] and explorer.controls["choice"].index == 1
    assert explorer.decode(z0=0.5) == pytest.approx(decoder(np.array([[0.5, 0, 0, 1]]))[0], abs=1e-3)
    moved = explorer.decode(z0=0.0, choice=0, z_base=[9.0] * 4)
    assert moved == pytest.approx(decoder(np.array([[0, 0, 1, 0]]))[0], abs=1e-3)


@pytest.mark.parametrize("decoders, conditions", [
    (linear(d=3), {"a": (1, 0), "b": (1,)}),
    (linear(d=2), {"a": (1, 0)}),
    ({"a": linear(seed=1), "b": linear(seed=2)}, {"a": (1,), "b": (0,)}),
])
def test_conditions_that_do_not_fit_are_refused(decoders, conditions):
    with pytest.raises(ValueError, match="conditions of .* one decoder and conditions of one length"):
        LatentExplorer(decoders, conditions=conditions)


def test_a_start_sets_the_sliders_in_tenths_and_the_numbers_that_have_none():
    explorer = LatentExplorer(linear(d=3), n_sliders=2, start=[0.52, -1.0, 2.04])
    assert explorer.state == {"z0": 0.5, "z1": -1.0}
    assert [explorer.controls[name].step for name in ("z0", "z1")] == [0.1, 0.1]
    assert explorer.decode() == pytest.approx(linear(d=3)(np.array([[0.5, -1, 2.04]]))[0], abs=1e-3)
    assert explorer.values()["length"] == pytest.approx(np.linalg.norm([0.5, -1, 2.04]))
    for start in ([0.5], [0, 0, 3.5], [0, 0, np.nan]):
        with pytest.raises(ValueError, match="start is .* expected 3 numbers from -3 to 3"):
            LatentExplorer(linear(d=3), start=start)


def test_values_outside_the_range_of_a_picture_are_clipped():
    assert LatentExplorer(linear()).decode(z0=3.0).max() <= 1


@pytest.fixture(scope="module")
def keras():
    return pytest.importorskip("keras")


def test_a_tanh_generator_is_shown_from_minus_one_to_one(keras):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(16, "tanh"), keras.layers.Reshape((4, 4, 1))])
    explorer = LatentExplorer(model, n_sliders=2)
    raw = np.asarray(model(np.array([[0.5, -1.0]], "float32")))[0, :, :, 0]
    assert explorer.decode(z0=0.5, z1=-1.0) == pytest.approx((raw + 1) / 2, abs=2e-3)


def test_a_layer_that_the_browser_cannot_run_is_named(keras):
    model = keras.Sequential([keras.Input((4,)), keras.layers.LayerNormalization(name="odd"), keras.layers.Dense(4)])
    with pytest.raises(ValueError, match="'odd' \\(LayerNormalization\\).*Supported are the layers"):
        LatentExplorer(model)


@pytest.mark.parametrize("n", [0, 4, 9])
def test_more_sliders_than_coordinates_are_refused(n):
    with pytest.raises(ValueError, match=f"n_sliders is {n}; a latent point of 3 numbers takes 1 to 3"):
        LatentExplorer(linear(d=3), n_sliders=n)


def test_decoders_of_one_menu_share_their_shapes():
    with pytest.raises(ValueError, match="same latent size"):
        LatentExplorer({"a": linear(d=3), "b": linear(d=2)}, n_sliders=2)
    with pytest.raises(ValueError, match="same latent size"):
        LatentExplorer({}, n_sliders=2)


def test_an_output_that_is_no_picture_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match="end it with a Reshape layer"):
        LatentExplorer(linear_map(np.zeros(6), np.zeros((2, 6)), (6,)), n_sliders=2)


def test_notebooks_store_a_stable_text_and_a_picture():
    bundle = LatentExplorer(linear(), n_sliders=2)._repr_mimebundle_()
    again = LatentExplorer(linear(), n_sliders=2)._repr_mimebundle_()
    assert bundle["text/plain"] == "LatentExplorer(z0=0, z1=0)"
    assert bundle["image/png"] == again["image/png"]


def test_only_a_decoder_of_digits_has_the_judge_asked():
    assert [LatentExplorer(linear(), **said).view.of_digits for said in ({}, {"of_digits": False})] == [True, False]
