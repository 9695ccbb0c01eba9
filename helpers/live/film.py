"""A slider through training time: what one model drew at several moments, as pictures that travel with the page."""

import zlib
from collections.abc import Mapping, Sequence

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import numbers, whole
from helpers.figures import montage

from .base import Explorer, View, module

COLUMNS, GAP = 10, 2  # pictures in a row, pixels between them; as in film.js


class FilmView(View):
    _esm = module("film.js")
    frame = traitlets.Int(0).tag(sync=True)
    frames = traitlets.Bytes().tag(sync=True)  # uint8 (n_frames, n, height, width), deflated (zlib)
    shape = traitlets.List().tag(sync=True)  # of the above
    seen = traitlets.List().tag(sync=True)  # pictures painted or shown in training by then, frame by frame
    names = traitlets.List().tag(sync=True)  # of the measures
    measures = traitlets.List().tag(sync=True)  # one list for each name; the first one is drawn as a curve


class FilmExplorer(Explorer):
    """Move through the training of a model: a grid of its pictures at each moment, and what was measured then.

    Parameters
    ----------
    frames : uint8 array (n_frames, n, height, width)
        Grey pictures, 0 black and 255 white: of the same n latent points at every moment. The page carries all of
        them, deflated; rounded to 16 levels of grey they take a quarter of the space.
    seen : sequence of int (n_frames,)
        How many pictures the model had painted (or been shown) in training at each moment, increasing.
    measures : mapping of str to sequence of float (n_frames,)
        What was measured at each moment. The first one must be above 0: its curve, on logarithmic axes, stands
        below the pictures. The others are in the read-out.
    frame : int, optional
        The moment to begin with, by default the last.
    label : str
        What the pictures show, for screen readers.

    Raises
    ------
    ValueError
        Frames of another shape or type, lists of other lengths, moments that do not increase, a measure that
        cannot be drawn, no such frame.
    TypeError
        Measures that are no mapping, a frame that is no integer.
    """

    figsize = 6.5, 4.6

    def __init__(self, frames: np.ndarray, seen: Sequence[int], measures: Mapping[str, Sequence[float]],
                 frame: int | None = None, label: str = "Pictures drawn at one moment of training"):
        self.frames = _frames(frames)
        self.seen = _seen(seen, len(self.frames))
        self.measures = _measures(measures, len(self.seen))
        frame = len(self.seen) - 1 if frame is None else whole(frame, "frame", most=len(self.seen) - 1)
        view = FilmView(frames=zlib.compress(self.frames.tobytes(), 9), shape=list(self.frames.shape), seen=self.seen,
                        names=list(self.measures), measures=list(self.measures.values()), label=label)
        control = ipywidgets.SelectionSlider(
            options=[(f"{count:,}", k) for k, count in enumerate(self.seen)], index=frame, tooltip="Pictures painted",
            description="Pictures painted", style={"description_width": "initial"}, layout={"width": "auto"})
        super().__init__(view, {"frame": control})

    def values(self, **state) -> dict[str, float]:
        """Pictures painted, every measure by its name, and the mean brightness of the pictures, in [0, 1]."""
        frame = (self.state | state)["frame"]
        told = {name: numbers[frame] for name, numbers in self.measures.items()}
        return {"seen": self.seen[frame], **told, "brightness": float(self.frames[frame].mean() / 255)}

    def draw(self, figure: Figure) -> None:
        """The pictures of three moments, from the present one to the last, and the curve."""
        now, last = self.state["frame"], len(self.seen) - 1
        moments = sorted({now, (now + last) // 2, last})
        above, below = figure.subfigures(2, 1, height_ratios=[2, 1])
        for ax, frame in zip(np.atleast_1d(above.subplots(1, len(moments))), moments, strict=True):
            side = int(np.ceil(np.sqrt(self.frames.shape[1])))
            ax.imshow(montage(self.frames[frame] / 255, side, GAP), cmap="gray", vmin=0, vmax=1)
            ax.set_title(f"{self.seen[frame]:,} pictures painted", fontsize=9)
            ax.axis("off")
        ax, (name, numbers) = below.subplots(), next(iter(self.measures.items()))
        ax.loglog(self.seen, numbers, "o-", markersize=4)
        ax.loglog(self.seen[now], numbers[now], "o", color="C1", markersize=9)
        ax.set(xlabel="pictures painted", ylabel=name)


def _frames(frames: np.ndarray) -> np.ndarray:
    frames = numbers(frames, "frames")
    if frames.dtype != np.uint8 or frames.ndim != 4 or 0 in frames.shape:
        raise ValueError(f"frames holds {frames.dtype} of shape {frames.shape}; expected uint8 (n_frames, n, height, "
                         "width): np.round(255 * images).astype('uint8') makes them of images in [0, 1]")
    return frames


def _seen(seen: Sequence[int], n: int) -> list[int]:
    seen = numbers(seen, "seen")
    if seen.shape != (n,) or n < 2:
        raise ValueError(f"there are {n} frames and seen has shape {seen.shape}; expected at least two frames, and one "
                         "number of pictures for each")
    if seen.dtype.kind not in "iu" or seen[0] <= 0 or (np.diff(seen.astype(float)) <= 0).any():
        raise ValueError(f"seen is {seen.tolist()}; expected integers above 0 that increase")
    return seen.tolist()


def _measures(measures: Mapping[str, Sequence[float]], n: int) -> dict[str, list[float]]:
    """Lists of n finite numbers; those of the first one above 0, because its axis is logarithmic."""
    if not isinstance(measures, Mapping):
        raise TypeError(f"measures is a {type(measures).__name__}; expected a mapping such as {{'distance': [...]}}")
    found = {str(name): numbers(values, f"the measure {name!r}").astype(float) for name, values in measures.items()}
    if not found or {"seen", "brightness"} & set(found):
        raise ValueError(f"measures has the names {list(found)}; expected at least one, for the curve, and none of "
                         "'seen' and 'brightness', which the figure tells anyway")
    for name, values in found.items():
        if values.shape != (n,) or not np.isfinite(values).all():
            raise ValueError(f"the measure {name!r} holds {values.tolist()}; expected a finite number for each of the "
                             f"{n} frames")
    name, values = next(iter(found.items()))
    if values.min() <= 0:
        raise ValueError(f"the measure {name!r} holds {values.min():g}; its curve needs numbers above 0")
    return {name: values.tolist() for name, values in found.items()}
