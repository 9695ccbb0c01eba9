"""Biscuit tins: grey pictures that two numbers, height and width, describe completely."""

import numpy as np

from helpers.arguments import numbers, whole

SMALLEST, LARGEST = 8.0, 20.0  # pixels, of height and of width
SIDE = 28
_TILT = 0.14  # seen from above: half the lid's depth, as a share of the width
_STRIPS = 8  # strips in which a column of pixels is drawn, so that round edges are smooth
_BATCH = 250  # tins at once, to save memory


def tins(n_samples: int = 3000, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Biscuit tins of random size: ``images, heights, widths``.

    Parameters
    ----------
    n_samples : int
        How many tins.
    seed : int
        The same seed gives the same tins.

    Returns
    -------
    images : float32 (n_samples, 28, 28)
        From 0 for the background to 1, as `draw_tins` draws them.
    heights, widths : float64 (n_samples,)
        In pixels, independent of each other and uniform between 8 and 20.

    Raises TypeError if `n_samples` or `seed` is no integer, ValueError if one is too small.

    Source: the example is D. Foster's, Generative Deep Learning (2019), chapter 1; the pictures are drawn here.
    """
    n_samples, rng = whole(n_samples, "n_samples", least=1), np.random.default_rng(whole(seed, "seed"))
    heights, widths = rng.uniform(SMALLEST, LARGEST, size=(2, n_samples))
    return draw_tins(heights, widths), heights, widths


def draw_tins(heights: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Pictures of tins, one for each pair of height and width: float32 (n, 28, 28) in [0, 1].

    A tin is a cylinder in the middle of the picture, seen from a little above and lit from the left, with a lid.
    Its height is that of its side, without what the round lid and bottom add above and below. A pixel's value is
    its average over the part of the tin that it covers, so the picture changes smoothly with both numbers.

    Parameters
    ----------
    heights, widths : arrays (n,)
        In pixels, from 8 to 20.

    Raises ValueError for arrays of other shapes and for sizes outside that range.
    """
    heights, widths = (numbers(sizes, name).astype(float) for sizes, name in ((heights, "heights"), (widths, "widths")))
    if heights.ndim != 1 or heights.shape != widths.shape or len(heights) == 0:
        raise ValueError(f"heights has shape {heights.shape} and widths {widths.shape}; expected (n,) both, n >= 1: "
                         "draw_tins([12.0], [16.0]) draws one tin.")
    for name, sizes in (("heights", heights), ("widths", widths)):
        wrong = ~((sizes >= SMALLEST) & (sizes <= LARGEST))  # NaN is wrong, too
        if wrong.any():
            raise ValueError(f"{name}[{wrong.argmax()}] is {sizes[wrong.argmax()]}, expected {SMALLEST:g} to "
                             f"{LARGEST:g} pixels: what is larger does not fit into the picture.")
    return np.concatenate([_draw(heights[i : i + _BATCH], widths[i : i + _BATCH])
                           for i in range(0, len(heights), _BATCH)])


def _draw(heights: np.ndarray, widths: np.ndarray) -> np.ndarray:
    half, middle = widths[:, None] / 2, SIDE / 2
    strips = (np.arange(SIDE * _STRIPS) + 0.5) / _STRIPS - middle
    across = strips / half  # -1 at the left edge of the tin, 1 at the right
    inside = np.clip((half - np.abs(strips)) * _STRIPS + 0.5, 0, 1)  # the share of the strip that the tin covers
    front = np.sqrt(np.clip(1 - across**2, 0, None))
    bulge, inner = _TILT * widths[:, None] * front, np.sqrt(np.clip(1 - (across / 0.84) ** 2, 0, None))
    hollow = 0.84 * _TILT * widths[:, None] * inner
    lid, floor = middle - heights[:, None] / 2, middle + heights[:, None] / 2
    light = 0.18 + 0.82 * np.clip(0.85 * front - 0.53 * across, 0, 1)  # Lambert's cosine law, lit from the left
    layers = [  # from, to (rows), brightness
        (lid - bulge, lid - hollow, 0.95), (lid - hollow, lid + hollow, 0.62), (lid + hollow, lid + bulge, 0.95),
        (lid + bulge, lid + bulge + 2, light), (lid + bulge + 2, lid + bulge + 2.6, 0.25 * light),
        (lid + bulge + 2.6, floor + bulge, 0.72 * light),
    ]
    edges = np.arange(SIDE + 1, dtype=float)[:, None]
    picture = 0.0
    for top, bottom, brightness in layers:
        filled = np.clip(edges, top[:, None], bottom[:, None])
        picture = picture + np.diff(filled, axis=1) * np.broadcast_to(brightness * inside, inside.shape)[:, None]
    return picture.reshape(len(heights), SIDE, SIDE, _STRIPS).mean(axis=3).astype(np.float32).clip(0, 1)
