"""The 50 Wrodlers and the faces of Planet Pixel: what the syllabus and the data sheets say of them is so."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare
from sklearn.metrics import mutual_info_score
from support import ROOT, tool

from helpers import data
from helpers.data.planets import FEATURES, FILES, VARIATIONS, pixel_faces, wrodl

FIRST_ROWS = """\
Round White ShirtScoopNeck Red ShortHairShortFlat
Round White Overall SilverGray ShortHairFrizzle
Sunglasses White ShirtScoopNeck Blonde ShortHairShortFlat
Round White ShirtScoopNeck Red LongHairStraight
Round White Overall SilverGray NoHair
Blank White Overall Black LongHairStraight
Sunglasses White Overall SilverGray LongHairStraight
Round White ShirtScoopNeck SilverGray ShortHairShortFlat
Round Pink Hoodie SilverGray LongHairStraight
Round PastelOrange ShirtScoopNeck Blonde LongHairStraight"""
COUNTS = {
    "accessoriesType": {"Blank": 11, "Round": 22, "Sunglasses": 17},
    "clothingColor": {"Black": 0, "Blue01": 4, "Gray01": 10, "PastelGreen": 5, "PastelOrange": 2, "Pink": 4, "Red": 3,
                      "White": 22},
    "clothingType": {"Hoodie": 7, "Overall": 18, "ShirtScoopNeck": 19, "ShirtVNeck": 6},
    "hairColor": {"Black": 7, "Blonde": 6, "Brown": 2, "PastelPink": 3, "Red": 8, "SilverGray": 24},
    "topType": {"NoHair": 7, "LongHairBun": 0, "LongHairCurly": 1, "LongHairStraight": 23, "ShortHairShortWaved": 1,
                "ShortHairShortFlat": 11, "ShortHairFrizzle": 7},
}
NAMED = {"accessoriesType": "Round", "clothingType": "ShirtScoopNeck", "hairColor": "Red",
         "topType": "LongHairStraight"}
CHAIN = {("topType", "hairColor"), ("topType", "accessoriesType"), ("accessoriesType", "clothingType"),
         ("clothingType", "clothingColor")}


@pytest.fixture(scope="module")
def faces():
    return pixel_faces()


@pytest.fixture(scope="module")
def maker():
    return tool("make_faces")


@pytest.fixture
def lines():
    return (FILES / "wrodl.csv").read_text(encoding="utf-8").splitlines()


def message(tmp_path, lines, encoding="utf-8"):
    """What wrodl says of a file with these lines."""
    path = tmp_path / "mine.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    with pytest.raises(ValueError) as error:
        wrodl(path)
    assert str(path) in str(error.value)
    return str(error.value)


# The Wrodlers


def test_the_first_ten_wrodlers_are_the_ones_the_book_prints():
    printed = [line.split() for line in FIRST_ROWS.splitlines()]
    assert wrodl().iloc[:10].to_numpy().tolist() == printed


def test_every_value_occurs_as_often_as_the_book_says():
    table = wrodl()
    assert list(table) == list(COUNTS) and all(sum(counts.values()) == 50 for counts in COUNTS.values())
    for name, counts in COUNTS.items():
        assert table[name].value_counts(sort=False).to_dict() == counts


@pytest.mark.parametrize(("colour", "times"), [("White", 2), ("Blue01", 0)])
def test_the_named_combination_occurs_twice_and_its_blue_twin_never(colour, times):
    table = wrodl()
    assert (table[list(NAMED)] == pd.Series(NAMED)).all(axis=1)[table["clothingColor"] == colour].sum() == times


def test_every_column_declares_all_its_categories_in_order():
    table = wrodl()
    assert table.index.name == "face_id" and table.index.tolist() == list(range(50))
    for name, counts in COUNTS.items():
        assert table[name].dtype == pd.CategoricalDtype(list(counts), ordered=False)


def test_the_space_has_4032_points():
    assert np.prod([len(values) for values in FEATURES.values()]) == 4032


def test_the_script_makes_the_file_and_no_earlier_seed_would_do(tmp_path):
    script = tool("make_wrodl")
    script.main(tmp_path / "wrodl.csv")
    assert (tmp_path / "wrodl.csv").read_bytes() == (FILES / "wrodl.csv").read_bytes()
    seed, _ = script.reconstruct()
    assert seed == 5
    for earlier in map(script.rows, range(seed)):
        assert earlier.count(script.TWICE) != 2 or script.NEVER in earlier


def test_data_offers_both_functions():
    assert data.wrodl is wrodl and data.pixel_faces is pixel_faces


# A file of the reader's


def test_a_file_of_yours_is_read_from_the_folder_above_too(tmp_path, monkeypatch, lines):
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "book").mkdir()
    lines[1] = "0,Blank,Black,Hoodie,Brown,LongHairBun"
    (tmp_path / "mine.csv").write_text("\n".join(lines), encoding="utf-8-sig")
    monkeypatch.chdir(tmp_path / "book")
    table = wrodl("mine.csv")
    assert table.loc[0].tolist() == ["Blank", "Black", "Hoodie", "Brown", "LongHairBun"]
    pd.testing.assert_frame_equal(table.iloc[1:], wrodl().iloc[1:])


def test_a_missing_file_is_named_with_the_places_tried(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError) as error:
        wrodl("mine.csv")
    assert str(tmp_path / "mine.csv") in str(error.value) and "wrodl()" in str(error.value)


def test_an_unknown_category_is_named_with_its_place_and_what_is_allowed(tmp_path, lines):
    lines[4] = lines[4].replace("Red", "Purple")
    said = message(tmp_path, lines)
    assert "line 5, column hairColor: found Purple" in said and all(value in said for value in FEATURES["hairColor"])


def test_a_blank_cell_is_named_with_its_place(tmp_path, lines):
    lines[7] = "6,Sunglasses,,Overall,SilverGray,LongHairStraight"
    assert "line 8, column clothingColor: found a blank cell" in message(tmp_path, lines)


def test_a_row_that_ends_early_has_a_blank_cell(tmp_path, lines):
    lines[7] = "6,Sunglasses,White,Overall,SilverGray"
    assert "line 8, column topType: found a blank cell" in message(tmp_path, lines)


@pytest.mark.parametrize("missing", ["face_id", "hairColor"])
def test_a_missing_column_is_named(tmp_path, lines, missing):
    lines[0] = lines[0].replace(missing, "colour")
    assert f"missing {missing}" in message(tmp_path, lines)


@pytest.mark.parametrize("n", [0, 49])
def test_a_wrong_number_of_rows_is_named(tmp_path, lines, n):
    assert f"found {n} rows below the header, expected 50" in message(tmp_path, lines[: n + 1])


def test_an_empty_file_has_no_columns(tmp_path):
    assert "found the columns (none)" in message(tmp_path, [])


def test_rows_out_of_order_are_named(tmp_path, lines):
    lines[3], lines[4] = lines[4], lines[3]
    assert "line 4, column face_id: found 3, expected 2" in message(tmp_path, lines)


def test_a_file_in_another_encoding_is_refused(tmp_path, lines):
    lines[3] = lines[3].replace("Blonde", "Blondé")
    assert "UTF-8" in message(tmp_path, lines, encoding="latin-1")


# Planet Pixel


def test_pixel_faces_have_the_stated_form(faces):
    assert faces.pixels.shape == (6000, 32, 32) and faces.pixels.dtype == np.uint8
    assert faces.palette.shape == (256, 3) and faces.palette.dtype == np.float32
    assert len(np.unique(faces.palette, axis=0)) == 256
    np.testing.assert_allclose(255 * faces.palette, np.round(255 * faces.palette), atol=1e-4)
    assert list(faces.features) == [*FEATURES, *VARIATIONS, "dx", "dy"] and len(faces.features) == 6000
    for name, values in (FEATURES | VARIATIONS).items():
        assert faces.features[name].cat.categories.tolist() == list(values)
    assert set(faces.features["dx"]) == set(faces.features["dy"]) == {-1, 0, 1}


def test_the_palette_goes_from_dark_to_light(faces):
    assert (np.diff(faces.palette @ (0.2126, 0.7152, 0.0722)) >= -1e-6).all()


def test_held_out_combinations_never_occur(faces):
    drawn = set(map(tuple, faces.features[list(FEATURES)].to_numpy()))
    held_out = set(map(tuple, faces.held_out.to_numpy()))
    assert len(held_out) == len(faces.held_out) == 355 and not drawn & held_out


def test_the_held_out_combinations_are_every_tenth_and_a_tenth_of_the_probability(faces, maker):
    p = maker.p_data()
    assert np.count_nonzero(p) == 3552 and p.sum() == pytest.approx(1)
    codes = np.column_stack([faces.held_out[name].cat.codes for name in FEATURES])
    np.testing.assert_array_equal(codes, maker.combinations()[maker.held_out()])
    kept = p[maker.held_out()]
    assert (np.diff(kept) <= 1e-12).all() and kept.sum() == pytest.approx(0.1, abs=0.001)


def test_every_table_is_a_distribution(maker):
    for name, table in maker.P_DATA.items():
        for row in table.values() if " | " in name else [table]:
            assert sum(row) == pytest.approx(1) and min(row) >= 0


def test_pairs_of_features_occur_as_often_as_p_data_says(faces, maker):
    p = maker.p_data()
    p[maker.held_out()] = 0
    space = maker.combinations()
    for a, b in combinations(range(5), 2):
        expected = np.zeros((len(space), len(space)))[: space[:, a].max() + 1, : space[:, b].max() + 1].copy()
        np.add.at(expected, (space[:, a], space[:, b]), p / p.sum() * len(faces.pixels))
        codes = [faces.features[list(FEATURES)[i]].cat.codes for i in (a, b)]
        observed = np.zeros_like(expected)
        np.add.at(observed, tuple(codes), 1)
        possible = expected > 0
        assert observed[~possible].sum() == 0
        assert chisquare(observed[possible], expected[possible]).pvalue > 1e-4


@pytest.mark.parametrize("pair", sorted(CHAIN))
def test_the_dependence_between_features_is_real(faces, pair):
    x, y = (faces.features[name].cat.codes.to_numpy() for name in pair)
    rng = np.random.default_rng(0)
    null = [mutual_info_score(x, rng.permutation(y)) for _ in range(100)]
    assert mutual_info_score(x, y) > 10 * max(null)


def test_skin_eyes_mouth_and_shift_depend_on_nothing(faces):
    rng = np.random.default_rng(0)
    for name in (*VARIATIONS, "dx", "dy"):
        for other in FEATURES:
            x, y = faces.features[name].to_numpy(), faces.features[other].cat.codes.to_numpy()
            null = [mutual_info_score(x, rng.permutation(y)) for _ in range(20)]
            assert mutual_info_score(x, y) < 2 * max(null)


def test_faces_without_hair_carry_one_label(faces):
    assert set(faces.features["hairColor"][faces.features["topType"] == "NoHair"]) == {"SilverGray"}


def test_as_many_testing_faces_are_copies_of_training_faces_as_the_docstring_says(faces):
    train = {face.tobytes() for face in faces.pixels[:5000]}
    copies = sum(face.tobytes() in train for face in faces.pixels[5000:])
    assert f"last 1,000 for testing; {copies} of" in " ".join(pixel_faces.__doc__.split())


def test_the_data_sheet_states_the_tables(maker):
    sheet = (ROOT / "book/appendix/data_sheets.md").read_text(encoding="utf-8")
    for name, table in maker.P_DATA.items():
        feature, *given = name.split(" | ")
        columns = " | ".join(FEATURES[feature])
        title = f"| {feature} given {given[0]} | {columns} |" if given else f"| {feature} | {columns} |"
        body = sheet.split(title)[1].split("\n\n")[0]
        for value, row in table.items() if given else [("p", table)]:
            assert f"| {value} | {' | '.join(f'{p:.2f}' for p in row)} |" in body
