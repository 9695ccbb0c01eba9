"""What the readers of digit files share: a part of a file, the shapes that it may have, and an error's form.

An error names the file, the place, what was found, what was expected and how to fix that file.
"""

import gzip
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

EMBEDDED = "call digits() without a path for the 5,000 embedded digits"
AGAIN = f"Get the file again, or {EMBEDDED}."
LARGEST = 10**9  # bytes, unpacked; MNIST, as numbers of eight bytes, takes half of it
SHAPES = ((28, 28), (28, 28, 1), (1, 28, 28), (784,))


class Assumption(UserWarning):
    """What was assumed of a file that can be read in two ways, and how to say otherwise."""


class Part(NamedTuple):
    """Pictures and labels as they stand in a file.

    `pixels` (n, 784) and `labels` (n,) are not looked at yet. For a message, ``pixel(row, column)`` and ``label(row)``
    say where one stands and what stands there, as a pair of strings.
    """

    pixels: np.ndarray
    labels: np.ndarray
    pixel: Callable[[int, int], tuple[str, str]]
    label: Callable[[int], tuple[str, str]]


def wrong(path: Path, place: str, found: str, expected: str, remedy: str) -> ValueError:
    """The error to raise; its remedy fixes this file."""
    return ValueError(f"{path}, {place}: found {found}, expected {expected}. {remedy}")


def opened(path: Path) -> BinaryIO:
    """The file, open to be read; a gzipped one is unpacked."""
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            return path.open("rb")
    try:
        with gzip.open(path) as packed:
            content = packed.read(LARGEST + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise wrong(path, "the file", f"what gzip cannot unpack ({error})", "a whole gzip file", AGAIN) from error
    if len(content) > LARGEST:
        raise wrong(path, "the file", f"more than {LARGEST:,} bytes when unpacked", "some digits", AGAIN)
    return io.BytesIO(content)


def part_of(path: Path, images: tuple[str, np.ndarray], labels: tuple[str, np.ndarray]) -> Part:
    """The part that two arrays make, each given as its name and itself."""
    (x_name, x), (y_name, y) = images, labels
    pixels = _flat(path, x_name, x)
    classes = _one_each(path, y_name, y, len(pixels))

    def pixel(row: int, column: int) -> tuple[str, str]:
        index = np.unravel_index(row * 784 + column, x.shape)
        return f"array {x_name}[{', '.join(map(str, index))}]", str(x[index])

    def label(row: int) -> tuple[str, str]:
        return f"array {y_name}[{row}]", repr(classes[row].item()) if y.dtype.kind in "US" else str(classes[row])

    return Part(pixels, classes, pixel, label)


def _flat(path: Path, name: str, x: np.ndarray) -> np.ndarray:
    if x.size == 0 or x.shape[1:] not in SHAPES:
        expected = "(n, 28, 28), n at least 1"
        raise wrong(path, f"array {name}", f"the shape {x.shape}", expected, _reshaped(name, x.shape))
    if x.dtype.kind not in "buif":
        remedy = f"Save it as numbers: {name}.astype(float)."
        raise wrong(path, f"array {name}", f"values of type {x.dtype}", "whole numbers from 0 to 255", remedy)
    return x.reshape(len(x), 784)


def _reshaped(name: str, shape: tuple[int, ...]) -> str:
    if shape[:-1] in SHAPES:
        return f"Its last axis counts the pictures: save np.moveaxis({name}, -1, 0)."
    if shape[1:] == (28, 28, 3):
        return f"Its pictures have colours: save {name}.mean(axis=3)."
    if len(shape) == 3 and shape[0] and shape[1] == shape[2] != 0:
        side = shape[1]
        return (f"Its pictures have {side} × {side} pixels: save "
                f"scipy.ndimage.zoom({name}, (1, 28 / {side}, 28 / {side}), order=1).")
    return AGAIN


def _one_each(path: Path, name: str, y: np.ndarray, n: int) -> np.ndarray:
    if y.shape == (n, 10) and y.dtype.kind in "buif" and ((y == 0) | (y == 1)).all() and (y.sum(axis=1) == 1).all():
        return y.argmax(axis=1)  # one-hot
    if y.shape not in ((n,), (n, 1)):
        remedy = f"Save {name} and its pictures again, both from the same rows."
        raise wrong(path, f"array {name}", f"the shape {y.shape}", f"({n},), a label for each image", remedy)
    if y.dtype.kind not in "uifUS":
        remedy = f"Save it as whole numbers: {name}.astype(int)."
        raise wrong(path, f"array {name}", f"values of type {y.dtype}", "whole numbers from 0 to 9", remedy)
    return y.reshape(n)
