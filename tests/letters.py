"""A set that is no set of digits: the letters A to J from Matplotlib's fonts, as a reader might bring their own."""

from pathlib import Path

import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont


def letters(n_a_class: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 (10 n, 28, 28), bright on black, each letter in many fonts, sizes, slants and places; labels."""
    rng = np.random.default_rng(seed)
    fonts = sorted((Path(matplotlib.get_data_path()) / "fonts" / "ttf").glob("DejaVu*[a-z].ttf"))
    fonts = [path for path in fonts if "Display" not in path.name]
    y = np.repeat(np.arange(10), n_a_class)
    return np.array([_letter("ABCDEFGHIJ"[label], fonts[rng.integers(len(fonts))], rng) for label in y]), y


def _letter(letter: str, font: Path, rng: np.random.Generator) -> np.ndarray:
    picture = Image.new("L", (28, 28))
    place = 14 + rng.uniform(-1.5, 1.5, size=2)
    drawn = ImageFont.truetype(str(font), int(rng.integers(17, 25)))
    ImageDraw.Draw(picture).text(tuple(place), letter, fill=255, font=drawn, anchor="mm")
    return np.asarray(picture.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR))


def save(path: Path, n_a_class: int) -> None:
    """The set as one array of pictures and one of labels, not divided."""
    x, y = letters(n_a_class)
    np.savez_compressed(path, x=x, y=y)
