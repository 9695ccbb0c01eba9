"""Faces: every combination of features has its picture, and the shipped art is the art it says it is."""

from importlib.util import find_spec
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from support import skip_unless_ci, tool

from helpers.data.faces import BACKGROUND, COLOURS, SIZE, SKIN, SPRITES, draw_face, layers, snap, sprites
from helpers.data.planets import FEATURES, FILES, pixel_faces, wrodl

ROW = {"accessoriesType": "Round", "clothingColor": "White", "clothingType": "ShirtScoopNeck", "hairColor": "Red",
       "topType": "LongHairStraight"}
styles = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in FEATURES.items()})


@pytest.fixture
def maker():
    """The script that makes the art, where the packages that draw it are installed."""
    if not (find_spec("python_avatars") and find_spec("resvg_py")):
        skip_unless_ci("the art cannot be re-made: pip install -r versions/tests.txt")
    return tool("make_faces")


def test_every_combination_has_a_picture_and_3552_of_them_differ():
    pictures = set()
    for values in product(*FEATURES.values()):
        picture = draw_face(**dict(zip(FEATURES, values, strict=True)))
        assert picture.shape == (128, 128, 3) and picture.dtype == np.float32
        assert picture.min() >= 0 and picture.max() <= 1
        pictures.add(np.round(255 * picture).astype(np.uint8).tobytes())
    bald = 3 * 8 * 4 * 6
    assert len(pictures) == 3552 == 4032 - bald * 5 // 6


@settings(deadline=None, max_examples=20)
@given(styles, st.sampled_from(FEATURES["hairColor"]))
def test_a_face_without_hair_is_the_same_in_every_hair_colour(style, colour):
    bald = style | {"topType": "NoHair"}
    np.testing.assert_array_equal(draw_face(**bald), draw_face(**bald | {"hairColor": colour}))


@settings(deadline=None, max_examples=50)
@given(styles, st.data())
def test_a_face_changes_where_the_eye_sees_it_when_a_visible_feature_changes(style, data):
    name = data.draw(st.sampled_from(list(FEATURES)))
    value = data.draw(st.sampled_from([value for value in FEATURES[name] if value != style[name]]))
    if name == "hairColor" and style["topType"] == "NoHair":
        return
    change = np.abs(draw_face(**style) - draw_face(**style | {name: value})).max(axis=-1)
    assert (change > 0.05).sum() >= 50


def test_a_row_of_the_wrodlers_is_drawn():
    picture = draw_face(**wrodl().loc[3])
    np.testing.assert_array_equal(picture, draw_face(**ROW))
    assert picture[2, 2] == pytest.approx(to_rgb(BACKGROUND), abs=0.01)
    assert picture[-2, SIZE // 2] == pytest.approx(to_rgb(COLOURS["clothingColor"]["White"]), abs=0.01)
    assert picture[110, 30] == pytest.approx(to_rgb(COLOURS["hairColor"]["Red"]), abs=0.01)


@pytest.mark.parametrize("name", FEATURES)
def test_an_unknown_value_is_named_with_the_allowed_ones(name):
    with pytest.raises(ValueError) as error:
        draw_face(**ROW | {name: "Tartan"})
    assert f"{name} is 'Tartan'" in str(error.value) and ", ".join(FEATURES[name]) in str(error.value)


def test_a_missing_feature_is_named():
    with pytest.raises(TypeError, match="topType"):
        draw_face(**{name: value for name, value in ROW.items() if name != "topType"})


def test_layers_go_from_back_to_front():
    assert [name for name, _ in layers(**ROW)] == ["Body", "ShirtScoopNeck", "LongHairStraight", "Round"]
    assert layers(**ROW)[0] == ("Body", SKIN)
    assert layers(**ROW | {"topType": "NoHair", "accessoriesType": "Blank"})[1:] == [("ShirtScoopNeck", "#FFFFFF")]


def test_every_sprite_of_the_sheet_is_used_and_adds_no_light():
    used = {name for values in product(*FEATURES.values())
            for name, _ in layers(**dict(zip(FEATURES, values, strict=True)))}
    assert used == set(SPRITES) == set(sprites())
    for sprite in sprites().values():
        assert (sprite.ink + sprite.tint <= sprite.opacity + 2 / 255).all()


def test_the_files_are_small():
    assert (FILES / "faces.png").stat().st_size < 60_000
    assert (FILES / "pixel_faces.npz").stat().st_size < 1_500_000


# The art re-made


def avatar_arguments(face):
    return {"top": face["topType"], "clothing": face["clothingType"], "accessory": face["accessoriesType"],
            "hair": COLOURS["hairColor"][face["hairColor"]], "cloth": COLOURS["clothingColor"][face["clothingColor"]]}


def re_made(maker, **arguments):
    """The whole face in one go, by python-avatars, over the background, (136, 136, 3)."""
    drawn = maker.rasterise(maker.avatar_svg(**arguments))
    return drawn[..., :3] + (1 - drawn[..., 3:]) * np.float32(to_rgb(BACKGROUND))


def test_the_sheet_is_what_the_script_makes(maker):
    shipped = np.round(255 * imread(FILES / "faces.png")).astype(int)
    assert np.abs(shipped - maker.sheet(maker.all_sprites())).max() <= 1


def test_composed_faces_are_the_faces_that_python_avatars_draws(maker):
    rng = np.random.default_rng(0)
    tops = [dict(ROW, topType=top, accessoriesType=glasses)
            for top in FEATURES["topType"] for glasses in FEATURES["accessoriesType"]]
    others = [{name: str(rng.choice(values)) for name, values in FEATURES.items()} for _ in range(20)]
    for face in tops + others:
        whole = re_made(maker, **avatar_arguments(face))[maker.BLOCK : -maker.BLOCK, maker.BLOCK : -maker.BLOCK]
        assert np.abs(draw_face(**face) - whole).max() < 3 / 255


def test_pixel_faces_are_re_made_in_their_nearest_palette_colours(maker):
    faces = pixel_faces()
    for i in np.random.default_rng(0).choice(6000, size=20, replace=False):
        face = faces.features.iloc[i]
        whole = re_made(maker, **avatar_arguments(face), eyes=face["eyes"], mouth=face["mouth"],
                        skin=maker.SKINS[face["skin"]])
        picture = maker.shrink(whole, int(face["dx"]), int(face["dy"]))
        distance = np.linalg.norm(picture[..., None, :] - faces.palette, axis=-1)
        chosen = np.take_along_axis(distance, faces.pixels[i][..., None].astype(int), axis=-1)[..., 0]
        assert (chosen <= distance.min(axis=-1) + 3 / 255).all()
        assert chosen.mean() < 0.01


def test_the_drawn_features_are_what_the_script_draws():
    maker = tool("make_faces")
    codes, shifts = maker.draw_features(np.random.default_rng(maker.SEED))
    with np.load(FILES / "pixel_faces.npz") as archive:
        np.testing.assert_array_equal(codes, archive["features"])
        np.testing.assert_array_equal(shifts, archive["shifts"])


# Snapping to a palette


def test_snap_takes_the_nearest_colour():
    rng = np.random.default_rng(0)
    images, palette = rng.random((3, 8, 8, 3)), rng.random((50, 3))
    nearest = np.linalg.norm(images[..., None, :] - palette, axis=-1).argmin(axis=-1)
    indices = snap(images, palette)
    assert indices.dtype == np.uint8
    np.testing.assert_array_equal(indices, nearest)


def test_snapping_what_is_in_the_palette_changes_nothing():
    faces = pixel_faces()
    np.testing.assert_array_equal(snap(faces.palette[faces.pixels[:50]], faces.palette), faces.pixels[:50])


@pytest.mark.parametrize(("images", "palette", "said"), [
    (np.zeros((2, 2)), np.zeros((4, 3)), "images has shape"),
    (np.zeros((2, 3)), np.zeros((4, 4)), "palette has shape"),
    (np.zeros((2, 3)), np.zeros((257, 3)), "palette has shape"),
    (np.full((2, 3), np.nan), np.zeros((4, 3)), r"images holds nan.*expected numbers in \[0, 1\]"),
    (np.zeros((2, 3)), np.full((4, 3), np.inf), "palette holds inf"),
    (np.full((2, 3), 200), np.zeros((4, 3)), "images holds 200.*Divide them by 255"),
    (np.zeros((2, 3)), np.full((4, 3), 64), "palette holds 64.*Divide them by 255"),
    (np.full((2, 3), -0.5), np.zeros((4, 3)), r"images holds -0.5.*np.clip\(images, 0, 1\)"),
])
def test_snap_says_what_is_wrong(images, palette, said):
    with pytest.raises(ValueError, match=said):
        snap(images, palette)
