"""Five features → a picture. It knows nothing of where the features come from.

A face is a stack of sprites over a plain background: body, clothing, hair, glasses. One file, faces.png, holds
them all, 128 × 128 pixels each, one below the other in the order of `SPRITES`. Each is a pair of tiles: on the
left its own colours, already multiplied by its opacity (ink); on the right its opacity in the red channel and in
the green one how much of the chosen colour it takes (tint). Laid over a picture, in Python and in the browser, a
sprite makes of each pixel

    (1 - opacity) * picture + ink + tint * colour

Source: Avataaars by Pablo Stanley, as drawn by the package python-avatars (MIT). tools/make_faces.py makes the
file; files/faces_licence.txt has the licences.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.image import imread
from scipy.spatial import KDTree

from helpers.arguments import shades
from helpers.data.planets import FEATURES, FILES

SIZE = 128
BACKGROUND = "#B9CCDA"
SKIN = "#EDB98A"
COLOURS = {
    "clothingColor": {
        "Black": "#262E33", "Blue01": "#65C9FF", "Gray01": "#E6E6E6", "PastelGreen": "#A7FFC4",
        "PastelOrange": "#FFDEB5", "Pink": "#FF488E", "Red": "#FF5C5C", "White": "#FFFFFF",
    },
    "hairColor": {
        "Black": "#2C1B18", "Blonde": "#B58143", "Brown": "#724133",
        "PastelPink": "#F59797", "Red": "#C93305", "SilverGray": "#E8E1E1",
    },
}
# The art puts the glasses a little further left under these.
LEFT = ("LongHairBun", "LongHairCurly", "ShortHairShortWaved", "ShortHairFrizzle")
SPRITES = ("Body", *FEATURES["clothingType"], *FEATURES["topType"][1:],
           "Round", "Sunglasses", "Round left", "Sunglasses left")


class Sprite(NamedTuple):
    """One layer of a face, float32: `ink` (h, w, 3), `opacity` and `tint` (h, w, 1)."""

    ink: np.ndarray
    opacity: np.ndarray
    tint: np.ndarray

    def over(self, picture: np.ndarray, colour: str) -> np.ndarray:
        """The sprite in `colour` (#RRGGBB) laid over a picture (h, w, 3)."""
        return (1 - self.opacity) * picture + self.ink + self.tint * np.float32(to_rgb(colour))


@cache
def sprites() -> dict[str, Sprite]:
    """The sprites by name, in the order of `SPRITES`."""
    sheet = np.asarray(imread(FILES / "faces.png"), dtype=np.float32)
    tiles = sheet.reshape(len(SPRITES), SIZE, 2, SIZE, 3)
    return {
        name: Sprite(tile[:, 0], tile[:, 1, :, :1], tile[:, 1, :, 1:2])
        for name, tile in zip(SPRITES, tiles, strict=True)
    }


def layers(*, accessoriesType: str, clothingColor: str, clothingType: str, hairColor: str,
           topType: str) -> list[tuple[str, str]]:
    """What a face is made of, from back to front: pairs of a sprite's name and its colour (#RRGGBB).

    Raises ValueError for a value that the feature does not have.
    """
    given = (accessoriesType, clothingColor, clothingType, hairColor, topType)
    for (feature, allowed), value in zip(FEATURES.items(), given, strict=True):
        if value not in allowed:
            raise ValueError(f"{feature} is {value!r}, expected one of {', '.join(allowed)}.")
    stack = [("Body", SKIN), (clothingType, COLOURS["clothingColor"][clothingColor])]
    if topType != "NoHair":
        stack.append((topType, COLOURS["hairColor"][hairColor]))
    if accessoriesType != "Blank":
        stack.append((accessoriesType + (" left" if topType in LEFT else ""), BACKGROUND))
    return stack


def draw_face(*, accessoriesType: str, clothingColor: str, clothingType: str, hairColor: str,
              topType: str) -> np.ndarray:
    """A Wrodler's picture, float32 (128, 128, 3) in [0, 1]: ``draw_face(**wrodl().loc[3])``.

    Raises ValueError for a value that the feature does not have.
    """
    picture = np.full((SIZE, SIZE, 3), to_rgb(BACKGROUND), np.float32)
    for name, colour in layers(accessoriesType=accessoriesType, clothingColor=clothingColor,
                               clothingType=clothingType, hairColor=hairColor, topType=topType):
        picture = sprites()[name].over(picture, colour)
    return picture.clip(0, 1)


def snap(images: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """The nearest palette colour of every pixel.

    Parameters
    ----------
    images : array (..., 3)
        Colours in [0, 1].
    palette : array (k, 3) with k at most 256
        Colours in [0, 1].

    Returns
    -------
    uint8 (...)
        Indices into `palette`; of equally near colours any one.

    Raises ValueError for arrays of other shapes, values outside [0, 1], NaN and what is no number.
    """
    images, palette = shades(images, "images"), shades(palette, "palette")
    if palette.ndim != 2 or palette.shape[1] != 3 or not 1 <= len(palette) <= 256:
        raise ValueError(f"palette has shape {palette.shape}; expected (k, 3) with 1 <= k <= 256.")
    if images.ndim == 0 or images.shape[-1] != 3:
        raise ValueError(f"images has shape {images.shape}; expected (..., 3): red, green, blue.")
    return KDTree(palette).query(images.reshape(-1, 3))[1].astype(np.uint8).reshape(images.shape[:-1])
