"""Pictures that several chapters draw. Every function draws on an axes and returns it.

The house style is `book.mplstyle`: `plt.style.use("helpers.book")`.
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from helpers.arguments import shades, whole


def montage(images: np.ndarray, columns: int, gap: int = 2) -> np.ndarray:
    """Images side by side in one array, row by row.

    Parameters
    ----------
    images : array (n, height, width) or (n, height, width, 3)
        Grey or colour images in [0, 1].
    columns : int
        Images in a row; the last row is filled up with blank ones.
    gap : int
        Pixels between neighbours, drawn white (1.0).

    Returns
    -------
    array (rows * (height + gap) - gap, columns * (width + gap) - gap[, 3])

    Raises ValueError for other shapes, values outside [0, 1] and NaN, no column and a negative gap, TypeError where
    these two are no integers.
    """
    images, columns, gap = _images(images), whole(columns, "columns", least=1), whole(gap, "gap")
    n, height, width = images.shape[:3]
    rows = -(-n // columns)
    sheet = np.ones((rows * (height + gap), columns * (width + gap), *images.shape[3:]), np.float32)
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return sheet[: rows * (height + gap) - gap, : columns * (width + gap) - gap]


def image_grid(images: np.ndarray, columns: int = 10, labels: Sequence | None = None, title: str = "",
               ax: Axes | None = None) -> Axes:
    """Draw images as a grid, each with its label above it where `labels` are given.

    Grey 0 is black and 1 is white.

    Raises ValueError for images that `montage` cannot lay out and for more labels than images, TypeError where
    `columns` is no integer.
    """
    images, names = _images(images), _names(labels)
    if len(names) > len(images):
        raise ValueError(f"found {len(names)} labels for {len(images)} images; expected one for each.")
    columns = min(whole(columns, "columns", least=1), len(images))
    gap = 2 if labels is None else max(images.shape[1] // 3, 4)
    sheet = montage(images, columns, gap)
    if ax is None:
        width = min(6.5, 0.75 * columns)
        _, ax = plt.subplots(figsize=(width, width * sheet.shape[0] / sheet.shape[1] + 0.35))
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    for i, name in enumerate(names):
        top, left = i // columns * (images.shape[1] + gap), i % columns * (images.shape[2] + gap)
        ax.text(left + images.shape[2] / 2, top - 1.5, name, ha="center", va="bottom", fontsize=8)
    ax.set_title(title, pad=14 if labels is not None else 6)
    ax.axis("off")
    return ax


def _images(images: np.ndarray) -> np.ndarray:
    images = shades(images, "images")
    if images.ndim not in (3, 4) or images.shape[3:] not in ((), (1,), (3,)) or images.size == 0:
        raise ValueError(f"images has shape {images.shape}; expected (n, height, width[, 3]) with n >= 1")
    return images.astype(np.float32, copy=False)


def _names(labels: Sequence | None) -> list[str]:
    try:
        return [] if labels is None else [str(label) for label in labels]
    except TypeError:
        raise ValueError(f"labels is {labels!r}; expected a sequence, one label for each image.") from None
