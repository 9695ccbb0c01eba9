"""Pictures that several chapters draw. Every function draws on an axes and returns it.

The house style is `book.mplstyle`: `plt.style.use("helpers.book")`.
"""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes


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
    """
    images = np.asarray(images, dtype=np.float32)
    if images.ndim not in (3, 4) or len(images) == 0:
        raise ValueError(f"images has shape {images.shape}; expected (n, height, width[, 3]) with n >= 1")
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

    Grey 0 is black and 1 is white; the range does not adapt to the images.
    """
    images = np.asarray(images)
    columns = min(columns, len(images))
    gap = 2 if labels is None else max(images.shape[1] // 3, 4)
    sheet = montage(images, columns, gap)
    if ax is None:
        width = min(6.5, 0.75 * columns)
        _, ax = plt.subplots(figsize=(width, width * sheet.shape[0] / sheet.shape[1] + 0.35))
    ax.imshow(sheet, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    for i, label in enumerate(labels if labels is not None else []):
        top, left = i // columns * (images.shape[1] + gap), i % columns * (images.shape[2] + gap)
        ax.text(left + images.shape[2] / 2, top - 1.5, str(label), ha="center", va="bottom", fontsize=8)
    ax.set_title(title, pad=14 if labels is not None else 6)
    ax.axis("off")
    return ax
