"""What the numbers in a file of digits mean: labels, shades, bright paper, pictures that lie on their side.

No layout of a file is known here.
"""

from pathlib import Path

import numpy as np

from helpers.data.digit_parts import Part, wrong

HERE = "Correct it, or leave that digit out."


def classes_of(path: Path, part: Part) -> np.ndarray:
    """The labels, int64 (n,), 0 to 9. Texts such as "7" are numbers, too."""
    labels = part.labels
    if labels.dtype.kind in "US":
        labels = np.array([_number(text) for text in labels.tolist()])
    right = (labels >= 0) & (labels <= 9) & (labels == np.floor(labels))
    if not right.all():
        place, found = part.label(int(right.argmin()))
        raise wrong(path, place, found, "a whole number from 0 to 9", _numbered(labels, right))
    return labels.astype(np.int64)


def _number(text: str | bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _numbered(labels: np.ndarray, right: np.ndarray) -> str:
    outside, kinds = (np.unique(some[np.isfinite(some)]) for some in (labels[~right], labels))
    if np.array_equal(kinds, np.arange(1, 11)):
        return "The labels are 1 to 10: subtract 1 from each."
    if len(outside) > 1:
        return f"It has {len(kinds)} classes: keep ten of them and number these 0 to 9."
    return HERE if len(outside) else "Write each label as a number, the ten classes as 0 to 9."


def full_ink(path: Path, parts: list[Part]) -> int:
    """The largest shade that the file can hold: 255, or 1 where no pixel is larger than 1."""
    largest = max(float(np.fmax.reduce(part.pixels, axis=None)) for part in parts)  # of the numbers, NaN left aside
    if 0 < largest <= 1.01 / 255:
        raise wrong(path, "the pixels", f"none larger than {largest:.4f}", "0 to 255, or 0 to 1",
                    "They were divided by 255 twice: multiply them by 255.")
    ink = 1 if 0 < largest <= 1 else 255
    for part in parts:
        if part.pixels.dtype not in (bool, np.uint8):
            _check_shades(path, part, ink)
    return ink


def _check_shades(path: Path, part: Part, ink: int) -> None:
    pixels = part.pixels
    right = (pixels >= 0) & (pixels <= ink)
    if ink == 255 and pixels.dtype.kind == "f":
        right &= pixels == np.floor(pixels)
    if not right.all():
        place, found = part.pixel(*map(int, np.unravel_index(right.argmin(), right.shape)))
        expected = "a number from 0 to 1" if ink == 1 else "a whole number from 0 to 255"
        raise wrong(path, place, found, expected, _rescaled(pixels, right))


def _rescaled(pixels: np.ndarray, right: np.ndarray) -> str:
    low, high = float(pixels.min()), float(pixels.max())
    if 0 <= low and high <= 1:
        return "These pixels are 0 to 1 and the file's others 0 to 255: multiply these by 255 and round them."
    if right.mean() > 0.99 or not np.isfinite([low, high]).all():
        return HERE
    if -1 <= low < 0 and high <= 1:
        return "The pixels are -1 to 1: add 1 and divide by 2."
    if low < 0 and high < 20:
        return "The pixels were standardised: multiply them by their standard deviation and add their mean again."
    if 0 <= low and 255 < high <= 65535:
        return "The pixels are 0 to 65535: divide them by 257 and round them."
    return "Round the pixels to whole numbers." if 0 <= low and high <= 255 else HERE


def bright_paper(part: Part, ink: int) -> bool:
    """Whether three of four pixels on the pictures' borders are nearer to full ink than to 0.

    Nobody writes there, so these are paper.
    """
    pictures = part.pixels.reshape(-1, 28, 28)
    edges = pictures[:, (0, -1)], pictures[:, :, (0, -1)]
    return bool(np.mean([(edge > ink / 2).mean() for edge in edges]) > 0.75)


def lying_ones(part: Part, classes: np.ndarray, turned: bool) -> bool:
    """Whether the ones are wider than they are high: a picture that is stored transposed lies on its side."""
    ones = part.pixels[classes == 1].reshape(-1, 28, 28)
    mean = ones.mean(axis=0) if len(ones) else np.zeros((28, 28))
    ink = mean.max() - mean if turned else mean
    down, across = (_spread(ink.sum(axis=axis)) for axis in (1, 0))
    return across > 1.25 * down


def _spread(weight: np.ndarray) -> float:
    """The standard deviation of 0, 1, 2 … where each has this weight."""
    at, share = np.arange(len(weight)), weight / max(weight.sum(), 1e-9)
    return float(np.sqrt(share @ (at - share @ at) ** 2))
