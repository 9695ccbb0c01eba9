"""Which pixels tell about which, in the data and in naive Bayes: the live figure of chapter 6."""

import zlib

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import floats, number, numbers, whole

from .base import Explorer, View, module

SIDE, N_COLOURS, N_SHADES = 32, 256, 8
MODEL_SEEDS = 2**31  # as in pixels.js
TELLS = 0.1  # a pixel that tells this share or more is counted
HARDLY = 0.99  # a pixel with one shade in more than this share of the faces: nothing to tell but chance


class PixelView(View):
    _esm = module("pixels.js")
    row, column, seed = (traitlets.Int(0).tag(sync=True) for _ in range(3))
    faces = traitlets.Bytes().tag(sync=True)  # uint8 (n, 1024), palette indices, deflated (zlib)
    palette = traitlets.Bytes().tag(sync=True)  # uint8 (256, 3)
    alpha = traitlets.Float().tag(sync=True)


class PixelExplorer(Explorer):
    """Choose a pixel and see which others tell about it, in faces and in naive Bayes fitted to them.

    The share told is the mutual information between the shades of two pixels (eight groups of 32 palette
    indices), less (a - 1)(b - 1) / 2n, what chance adds to its estimate where a and b shades occur in n faces,
    over the entropy of the chosen pixel. Of a pixel with one shade in more than 99% of the faces nothing is told.
    The model's map is the same estimate on as many faces drawn from it.

    Parameters
    ----------
    pixels : integer array (n, 32, 32)
        Faces as palette indices from 0 to 255; the page carries all of them (about 170 bytes each), and its
        naive Bayes is fitted to them.
    palette : array (256, 3)
        Colours in [0, 1].
    alpha : float
        Additive smoothing of the naive Bayes, above 0.
    row, column : int
        The pixel to start with, from 0 to 31.

    Raises
    ------
    ValueError
        Faces or palette of another shape, indices out of range, fewer than 100 faces, alpha not above 0, no such pixel.
    TypeError
        A row, column or alpha that is no number.
    """

    figsize = 6.5, 6.8

    def __init__(self, pixels: np.ndarray, palette: np.ndarray, alpha: float, row: int = 28, column: int = 16):
        pixels, palette, alpha = numbers(pixels, "pixels"), floats(palette, "palette"), number(alpha, "alpha")
        row, column = (whole(value, name, most=SIDE - 1) for value, name in ((row, "row"), (column, "column")))
        if pixels.ndim != 3 or pixels.shape[1:] != (SIDE, SIDE) or len(pixels) < 100:
            raise ValueError(f"pixels has shape {pixels.shape}; expected (n, 32, 32) with at least 100 faces.")
        if pixels.dtype.kind not in "iu" or pixels.min() < 0 or pixels.max() >= N_COLOURS:
            raise ValueError(f"pixels holds {pixels.dtype} from {pixels.min()} to {pixels.max()}; expected palette "
                             "indices, integers from 0 to 255.")
        if palette.shape != (N_COLOURS, 3) or not ((palette >= 0) & (palette <= 1)).all():
            raise ValueError(f"palette has shape {palette.shape}; expected (256, 3): red, green, blue in [0, 1].")
        if not alpha > 0:
            raise ValueError(f"alpha is {alpha}; expected a number above 0, what smoothing adds to each count.")
        self.faces, self.palette, self.alpha = pixels.reshape(len(pixels), -1).astype(np.uint8), palette, float(alpha)
        drawn = naive_faces(self.faces, self.alpha, MODEL_SEEDS + np.arange(len(pixels), dtype=np.int64))
        self.shades = self.faces // (N_COLOURS // N_SHADES), drawn // (N_COLOURS // N_SHADES)
        controls = {name: ipywidgets.IntSlider(value=value, min=0, max=SIDE - 1, description=name, tooltip=name,
                                               style={"description_width": "initial"}, layout={"width": "auto"})
                    for name, value in (("row", row), ("column", column))}
        view = PixelView(faces=zlib.compress(self.faces.tobytes(), 9), alpha=self.alpha,
                         palette=np.rint(255 * palette).astype(np.uint8).tobytes(),
                         label="A face of the data and a naive face; below, which pixels tell about the framed one")
        super().__init__(view, controls)

    def values(self, **state) -> dict[str, float]:
        """The numbers of the read-out.

        Returns
        -------
        dict
            near, modelNear: the share of what is unknown about the chosen pixel that the pixels beside it tell, on
            average; many, modelMany: how many others tell a tenth or more; index, chance: the naive face's colour
            there and its probability; mean: that face's mean palette index.
        """
        row, column, seed = self._place(state)
        chosen, face = row * SIDE + column, naive_faces(self.faces, self.alpha, np.array([seed]))[0]
        found = {}
        for names, shades in zip((("near", "many"), ("modelNear", "modelMany")), self.shades, strict=True):
            told = shares_told(shades, chosen)
            beside = [told[r * SIDE + c] for r, c in ((row - 1, column), (row + 1, column), (row, column - 1),
                                                      (row, column + 1)) if 0 <= r < SIDE and 0 <= c < SIDE]
            found |= {names[0]: float(np.mean(beside)), names[1]: int(np.sum(np.delete(told, chosen) >= TELLS))}
        count = int(np.sum(self.faces[:, chosen] == face[chosen]))
        chance = (count + self.alpha) / (len(self.faces) + N_COLOURS * self.alpha)
        return found | {"index": int(face[chosen]), "chance": chance, "mean": float(face.mean())}

    def draw(self, figure: Figure) -> None:
        row, column, seed = self._place({})
        chosen, axes = row * SIDE + column, figure.subplots(2, 2)
        real = self.faces[int(uniforms([seed], SIDE * SIDE)[0] * len(self.faces))]
        naive = naive_faces(self.faces, self.alpha, np.array([seed]))[0]
        for ax, face, title in zip(axes[0], (real, naive), ("a face of the data", "a naive face"), strict=True):
            ax.imshow(self.palette[face.reshape(SIDE, SIDE)])
            ax.set_title(title)
        for ax, shades, title in zip(axes[1], self.shades, ("data", "naive model"), strict=True):
            shown = ax.imshow(shares_told(shades, chosen).reshape(SIDE, SIDE), cmap="Blues", vmin=0, vmax=1)
            ax.set_title(f"who tells: {title}")
        for ax in axes.flat:
            ax.plot(column, row, "s", markersize=7, markerfacecolor="none", color="C1")
            ax.set(xticks=[], yticks=[])
        figure.colorbar(shown, ax=axes[1], label="share told", orientation="horizontal", fraction=0.06)

    def _place(self, state: dict) -> tuple[int, int, int]:
        state = {"seed": self.view.seed} | self.state | state
        return state["row"], state["column"], state["seed"]


def scramble(x: np.ndarray) -> np.ndarray:
    """32 bits that look random, for each integer: C. Wellons's lowbias32."""
    x = np.atleast_1d(x).astype(np.uint32)  # of arrays NumPy takes products modulo 2³² without a warning
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniforms(seed: np.ndarray, k: np.ndarray) -> np.ndarray:
    """The numbers k of the streams `seed`, in [0, 1), as pixels.js has them."""
    return scramble(scramble(seed) ^ scramble(k)) / 2.0**32


def naive_faces(faces: np.ndarray, alpha: float, seeds: np.ndarray) -> np.ndarray:
    """A naive face for each seed, uint8 (len(seeds), n_pixels): see `naiveFace` in naive_faces.js."""
    n, n_pixels = faces.shape
    t = uniforms(np.asarray(seeds)[:, None], np.arange(n_pixels)) * (n + N_COLOURS * alpha)
    copied = faces[np.minimum(t, n - 1).astype(int), np.arange(n_pixels)]
    return np.where(t < n, copied, np.clip((t - n) / alpha, 0, N_COLOURS - 1)).astype(np.uint8)


def shares_told(shades: np.ndarray, chosen: int) -> np.ndarray:
    """For each pixel the share of the chosen one's entropy that it tells: see `PixelExplorer`."""
    n, n_pixels = shades.shape
    cells = np.arange(n_pixels) * N_SHADES**2 + shades[:, [chosen]].astype(int) * N_SHADES + shades
    joint = np.bincount(cells.ravel(), minlength=n_pixels * N_SHADES**2).reshape(n_pixels, N_SHADES, N_SHADES) / n
    mine, other = joint[0].sum(axis=1), joint.sum(axis=1)

    def entropy(p):
        return -(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1)

    if mine.max() > HARDLY:
        return np.zeros(n_pixels)
    chance = (np.count_nonzero(mine) - 1) * (np.count_nonzero(other, axis=1) - 1) / (2 * n)
    told = entropy(mine) + entropy(other) - entropy(joint.reshape(n_pixels, -1)) - chance
    told = np.maximum(told, 0) / entropy(mine)
    told[chosen] = 1
    return told
