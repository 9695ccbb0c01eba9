"""A pad over a latent plane: the codes of the data as dots, and what a decoder makes of any point among them."""

import math
from collections.abc import Sequence

import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from helpers.arguments import numbers

from .base import Explorer, module, slider
from .decoders import common_shape, for_page
from .learning import LearningView

COLOURS = ("#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd",
           "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22", "#17becf")  # Matplotlib's ten, as in plane_chart.js


class PlaneView(LearningView):
    _esm = module("plane.js")
    z0, z1, step = (traitlets.Float(0.0).tag(sync=True) for _ in range(3))
    network = traitlets.Dict().tag(sync=True)  # the decoder's description, as Network.packed gives it
    weights = traitlets.Bytes().tag(sync=True)
    value_range = traitlets.List([0.0, 1.0]).tag(sync=True)
    codes = traitlets.Bytes().tag(sync=True)  # float32 (n, 2)
    labels = traitlets.Bytes().tag(sync=True)  # uint8 (n,), or empty
    names = traitlets.List().tag(sync=True)  # of the classes
    x_range, y_range, circles = (traitlets.List().tag(sync=True) for _ in range(3))


class PlaneExplorer(Explorer):
    """Move a point over a latent plane, by two sliders or by pointer, and see what the decoder makes of it.

    Parameters
    ----------
    decoder : Network or Keras model
        Maps points of shape (n, 2) to images of shape (n, height, width[, channels]) in [0, 1], or in [-1, 1] if
        the last layer is a tanh.
    codes : array (n, 2)
        The codes of data, drawn as dots; the page carries all of them, 8 bytes each. A few thousand are plenty.
    labels : integer array (n,), optional
        Their classes from 0: the colours of the dots. Each class's name stands at the median of its codes,
        or in the browser beside it, where it would cover another.
    limit : float, optional
        The pad reaches from centre - limit to centre + limit in both directions, so that distances are seen as
        they are. By default the smallest round limit that shows all codes; dots outside are not drawn.
    centre : (float, float), optional
        By default the middle of the codes' range where `limit` is not given either, else (0, 0).
    start : (float, float), optional
        Where the point starts, by default at the centre.
    names : sequence of str, optional
        The names of the classes, by default "0", "1", ...
    circles : sequence of float
        Radii of dashed circles around 0, such as (1, 2, 3) for standard deviations of a prior N(0, I).
    label : str
        What the figure shows, for screen readers.

    Raises
    ------
    ValueError
        The decoder does not take two numbers or has a layer that the browser cannot run; codes, labels, limit
        or start of another form.
    TypeError
        A number among these that is none.
    """

    figsize = 6.5, 4.0

    def __init__(self, decoder, codes: np.ndarray, labels: np.ndarray | None = None, limit: float | None = None,
                 centre: tuple[float, float] | None = None, start: tuple[float, float] | None = None,
                 names: Sequence[str] | None = None, circles: Sequence[float] = (),
                 label: str = "The latent plane with the codes of data as dots"):
        self.decoder = for_page(decoder)
        size, self.image_shape, value_range = common_shape({"": self.decoder})
        if size != 2:
            raise ValueError(f"the decoder takes a latent point of {size} numbers; a plane has 2. Show it with a "
                             "LatentExplorer")
        self.codes = _codes(codes)
        self.labels, names = _labels(labels, len(self.codes), names)
        centre, limit, step = _window(self.codes, centre, limit)
        x_range, y_range = ([round(middle + side * limit, 9) for side in (-1, 1)] for middle in centre)
        start = centre if start is None else _pair(start, "start")
        if not (x_range[0] <= start[0] <= x_range[1] and y_range[0] <= start[1] <= y_range[1]):
            raise ValueError(f"start is {start}; expected a point of the pad, z0 in {x_range} and z1 in {y_range}")
        digits = max(0, -math.floor(math.log10(step) + 1e-9))
        place = [round(round(float(number) / step) * step, 9) for number in start]
        controls = {"z0": slider("z₀", place[0], *x_range, step, digits),
                    "z1": slider("z₁", place[1], *y_range, step, digits)}
        circles = numbers(circles, "circles").astype(float).ravel().tolist()
        network, weights = self.decoder.packed()
        view = PlaneView(network=network, weights=weights, value_range=value_range, names=names, step=step,
                         codes=self.codes.astype("<f4").tobytes(), labels=self.labels.astype(np.uint8).tobytes(),
                         x_range=x_range, y_range=y_range, circles=circles, label=label)
        super().__init__(view, controls)

    def decode(self, **state) -> np.ndarray:
        """The image at a point (`z0=1.5, z1=0`), as the browser computes it: float32, in [0, 1]."""
        state = self.state | state
        low, high = self.view.value_range
        x = self.decoder(np.array([[state["z0"], state["z1"]]], np.float32))[0].reshape(self.image_shape)
        return np.clip((x - low) / (high - low), 0, 1)

    def values(self, **state) -> dict[str, float]:
        """The image's mean brightness in [0, 1], the distance to the nearest code, and that code's class."""
        state = self.state | state
        distances = np.linalg.norm(self.codes - [state["z0"], state["z1"]], axis=1)
        numbers = {"brightness": float(self.decode(**state).mean()), "nearest": float(distances.min())}
        return numbers | ({"label": int(self.labels[distances.argmin()])} if len(self.labels) else {})

    def draw(self, figure: Figure) -> None:
        """The plane with its codes; beside it the image at the point."""
        plane, picture = figure.subplots(1, 2, width_ratios=[2, 1])
        colours = [COLOURS[k % len(COLOURS)] for k in self.labels] if len(self.labels) else "C0"
        plane.scatter(*self.codes.T, s=4, c=colours, alpha=0.7, linewidths=0)
        for k in np.unique(self.labels):
            plane.text(*np.median(self.codes[self.labels == k], axis=0), self.view.names[k], weight="bold", ha="center",
                       va="center", bbox={"boxstyle": "circle,pad=0.1", "fc": "white", "ec": COLOURS[k % len(COLOURS)]})
        for radius in self.view.circles:
            plane.add_patch(Circle((0, 0), radius, fill=False, linestyle="--", linewidth=0.8))
        z0, z1 = self.state.values()
        plane.plot(z0, z1, "o", color="C1", markeredgecolor="black", markersize=9)
        plane.set(xlim=self.view.x_range, ylim=self.view.y_range, xlabel="$z_0$", ylabel="$z_1$", aspect="equal")
        picture.imshow(self.decode(), cmap="gray", vmin=0, vmax=1)
        picture.set_title(f"decoded: z = ({z0:g}, {z1:g})", fontsize=9)
        picture.axis("off")


def _codes(codes: np.ndarray) -> np.ndarray:
    """As the browser has them: float32 values, in float64."""
    codes = numbers(codes, "codes")
    if codes.ndim != 2 or codes.shape[1] != 2 or len(codes) == 0:
        raise ValueError(f"codes has shape {codes.shape}; expected (n, 2), one row for each picture of the data")
    if not np.isfinite(codes).all():
        raise ValueError("codes holds NaN, infinity or what is no number: train the encoder again")
    return codes.astype(np.float32).astype(float)


def _labels(labels: np.ndarray | None, n: int, names: Sequence[str] | None) -> tuple[np.ndarray, list[str]]:
    """The labels, none for None, and the name of every class."""
    if labels is None:
        return np.zeros(0, int), []
    labels = numbers(labels, "labels")
    if labels.shape != (n,) or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() > 255:
        raise ValueError(f"labels holds {labels.dtype} of shape {labels.shape}; expected ({n},), integers from 0 to "
                         "255, one for each code")
    if names is not None and not isinstance(names, Sequence):
        raise ValueError(f"names is {names!r}; expected a sequence, one name for each class")
    names = [str(k) for k in range(labels.max() + 1)] if names is None else [str(name) for name in names]
    if len(names) <= labels.max():
        raise ValueError(f"there are {len(names)} names, but labels up to {labels.max()}: name every class from 0")
    return labels.astype(int), names


def _pair(point, name: str) -> tuple[float, float]:
    pair = numbers(point, name, "two numbers, such as (0, 0)")
    if pair.shape != (2,) or not np.isfinite(pair).all():
        raise ValueError(f"{name} is {point!r}; expected two numbers, such as (0, 0)")
    return float(pair[0]), float(pair[1])


def _window(codes: np.ndarray, centre, limit: float | None) -> tuple[tuple[float, float], float, float]:
    """Centre, limit and slider step of the pad, all on multiples of the step."""
    if limit is not None and not (isinstance(limit, int | float | np.integer | np.floating) and 0 < limit < np.inf):
        raise ValueError(f"limit is {limit}; expected a number above 0, such as 3.0")
    centre = None if centre is None else _pair(centre, "centre")
    low, high = codes.min(axis=0), codes.max(axis=0)
    if centre is None:
        centre = (0.0, 0.0) if limit is not None else (low + high) / 2
    reach = max(*np.abs(codes - centre).max(axis=0), 1e-6) if limit is None else limit
    power = 10.0 ** math.floor(math.log10(reach / 100))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= reach / 100 * (1 - 1e-9))
    if limit is None:
        reach = math.ceil(1.02 * reach / (5 * step)) * 5 * step
    centre = tuple(round(round(float(middle) / step) * step, 9) for middle in centre)
    return centre, round(math.ceil(reach / step - 1e-6) * step, 9), round(step, 9)
