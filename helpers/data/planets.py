"""The Wrodlers and the faces of Planet Pixel: five features, as tables and as 32 × 32 pixels."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.data.tables import numbered_rows
from helpers.paths import candidates

FILES = Path(__file__).with_name("files")
N_WRODLERS = 50
FEATURES = {
    "accessoriesType": ("Blank", "Round", "Sunglasses"),
    "clothingColor": ("Black", "Blue01", "Gray01", "PastelGreen", "PastelOrange", "Pink", "Red", "White"),
    "clothingType": ("Hoodie", "Overall", "ShirtScoopNeck", "ShirtVNeck"),
    "hairColor": ("Black", "Blonde", "Brown", "PastelPink", "Red", "SilverGray"),
    "topType": ("NoHair", "LongHairBun", "LongHairCurly", "LongHairStraight", "ShortHairShortWaved",
                "ShortHairShortFlat", "ShortHairFrizzle"),
}
VARIATIONS = {
    "skin": ("Light", "Brown", "DarkBrown", "Black"),
    "eyes": ("Default", "Happy", "Surprised", "Wink"),
    "mouth": ("Concerned", "Sad", "Serious", "Smile"),
}


class PixelFaces(NamedTuple):
    """What `pixel_faces` returns."""

    pixels: np.ndarray
    palette: np.ndarray
    features: pd.DataFrame
    held_out: pd.DataFrame


def wrodl(source: str | Path | None = None) -> pd.DataFrame:
    """The 50 inhabitants of Planet Wrodl and what they wear: a reconstruction.

    The book that tells of them prints the first ten and how often each value occurs among the 50; the other
    forty are not public. Here rows 0 to 9 and all counts are the book's. Which values of rows 10 to 49 stand
    together is ours: tools/make_wrodl.py shuffles each column. So what a dependence between two columns says,
    it says of our shuffle.

    Parameters
    ----------
    source : path, optional
        A CSV file of your own in the same form: the columns face_id (0 to 49, in order) and the five features,
        one row for each of 50 Wrodlers; commas, semicolons or tabs between them. A relative path is looked for in
        the current folder, then in the folder above it that holds _toc.yml.

    Returns
    -------
    DataFrame, 50 rows
        Index face_id; columns accessoriesType, clothingColor, clothingType, hairColor, topType, categorical,
        each with all its categories, also those that nobody wears (no clothing is Black).

    Raises
    ------
    FileNotFoundError
        There is no such file; the message lists the places tried.
    TypeError
        `source` is no path.
    ValueError
        A column is missing or there twice, there are not 50 rows, a cell is blank or holds an unknown value.

    Source: D. Foster, Generative Deep Learning (O'Reilly, 2019), chapter 1.
    """
    path = FILES / "wrodl.csv" if source is None else _find(source)
    rows = numbered_rows(path, ["face_id", *FEATURES], N_WRODLERS)
    for line, row in rows:
        for column, allowed in FEATURES.items():
            if row[column] not in allowed:
                raise ValueError(
                    f"{path}, line {line}, column {column}: found {row[column] or 'a blank cell'}, "
                    f"expected one of {', '.join(allowed)}."
                )
    index = pd.RangeIndex(len(rows), name="face_id")
    return pd.DataFrame({name: _categorical([row[name] for _, row in rows], name) for name in FEATURES}, index=index)


def pixel_faces() -> PixelFaces:
    """The faces of Planet Pixel: 6,000 pictures of 32 × 32 pixels, each pixel one of 256 palette colours.

    Rows are independent draws. The first 5,000 are for training, the last 1,000 for testing; 15 of the testing
    faces happen to be exact copies of training faces.

    The features depend on each other: hair colour on the top, accessories on the top, the kind of clothing on
    the accessories, the clothing's colour on its kind. ``P_DATA`` in tools/make_faces.py and the appendix Data
    sheets state the tables. A face without hair always carries the label SilverGray, which nothing shows. Skin,
    eyes and mouth vary independently and uniformly, and so does a shift of at most a pixel: `dx` to the right,
    `dy` down. Of the 3,552 combinations of features that can occur, every tenth in order of falling probability
    is held out: it occurs in no row, so that a model which draws it has made something new.

    Returns
    -------
    pixels : uint8 (6000, 32, 32)
        Indices into `palette`.
    palette : float32 (256, 3)
        Red, green, blue in [0, 1], multiples of 1/255, dark to light. ``palette[pixels]`` are the pictures.
    features : DataFrame, 6,000 rows
        Columns as in `wrodl`, then skin, eyes, mouth (categorical), dx, dy (-1, 0 or 1).
    held_out : DataFrame, 355 rows
        The combinations that were never drawn, columns as in `wrodl`, the likeliest first.

    Source: art by Pablo Stanley; tools/make_faces.py drew the faces.
    """
    with np.load(FILES / "pixel_faces.npz") as archive:
        codes, held_out = archive["features"], archive["held_out"]
        values = FEATURES | VARIATIONS
        features = pd.DataFrame({name: _coded(codes[:, i], name) for i, name in enumerate(values)})
        features[["dx", "dy"]] = archive["shifts"]
        combinations = pd.DataFrame({name: _coded(held_out[:, i], name) for i, name in enumerate(FEATURES)})
        palette = archive["palette"].astype(np.float32) / 255
        return PixelFaces(archive["pixels"], palette, features, combinations)


def _categorical(values: list[str], name: str) -> pd.Categorical:
    return pd.Categorical(values, categories=FEATURES[name])


def _coded(codes: np.ndarray, name: str) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, categories=(FEATURES | VARIATIONS)[name])


def _find(source: str | Path) -> Path:
    tried = candidates(source)
    path = next(filter(os.path.isfile, tried), None)
    if path is None:
        raise FileNotFoundError(
            f"No file {source}. Tried {', '.join(map(str, tried))}. Put it there, "
            "or call wrodl() for the 50 Wrodlers that come with the course."
        )
    return path
