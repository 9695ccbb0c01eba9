"""Sliders for the latent dimensions of any small decoder, and the image that it makes of them."""

from collections.abc import Mapping, Sequence

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import number, numbers, whole
from helpers.data import digits
from helpers.judge.digits import probabilities

from .base import Explorer, module, slider
from .decoders import common_shape, for_page
from .learning import LearningView

MAX_SLIDERS = 8
SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"


class LatentView(LearningView):
    _esm = module("latent.js")
    networks = traitlets.List().tag(sync=True)  # for each decoder its description, as Network.packed gives it
    weights = traitlets.List().tag(sync=True)  # and its weights, bytes
    names = traitlets.List().tag(sync=True)
    value_range = traitlets.List([0.0, 1.0]).tag(sync=True)
    z_base = traitlets.List().tag(sync=True)  # the latent point where no slider moves it
    conditions = traitlets.List().tag(sync=True)  # for each entry of the menu the last numbers of the input, or nothing
    n_sliders = traitlets.Int().tag(sync=True)
    limit = traitlets.Float().tag(sync=True)
    of_digits = traitlets.Bool(True).tag(sync=True)
    choice = traitlets.Int(0).tag(sync=True)
    z0, z1, z2, z3, z4, z5, z6, z7 = (traitlets.Float(0.0).tag(sync=True) for _ in range(MAX_SLIDERS))


class LatentExplorer(Explorer):
    """Move through the latent space of a decoder and see what it makes of each point.

    Parameters
    ----------
    decoder : Network, Keras model, or mapping of str to these
        Maps latent points of shape (n, latent_dim) to images of shape (n, height, width[, channels]) in [0, 1],
        or in [-1, 1] if the last layer is a tanh.
        A mapping gives a menu of decoders, which share their shapes.
    n_sliders : int, optional
        Sliders for the first coordinates, at most 8, by default at most 4; the others stay at 0 until a random
        point is drawn.
    limit : float
        The sliders go from -limit to limit.
    menu : str
        The name of the menu.
    choice : int
        The menu's first entry to show.
    label : str
        What the picture shows, for screen readers.
    conditions : mapping of str to sequence of float, optional
        A menu of what to ask one decoder for: the last numbers of its input, after those of z.
    start : array (latent_dim,), optional
        The latent point to begin with, by default 0; the sliders round its first numbers to tenths.
    of_digits : bool
        Whether the pictures are of digits. The judge, who knows nothing else, is asked about no others.

    Raises
    ------
    ValueError
        A layer that the browser cannot run, decoders of different shapes, or a number of sliders, a limit, a choice,
        conditions or a start that do not fit.
    TypeError
        One of these that is no number.
    """

    figsize = 6.5, 2.4

    def __init__(self, decoder, n_sliders: int | None = None, limit: float = 3.0, menu: str = "Decoder",
                 choice: int = 0, label: str = "Decoded image",
                 conditions: Mapping[str, Sequence[float]] | None = None, start: Sequence[float] | None = None,
                 of_digits: bool = True):
        decoders = dict(decoder) if isinstance(decoder, Mapping) else {"": decoder}
        decoders = {name: for_page(model) for name, model in decoders.items()}
        size, image, value_range = common_shape(decoders)
        tails = _tails(conditions, size, len(decoders)) if conditions else []
        options = list(conditions or decoders)
        latent_dim = size - len(tails[0]) if tails else size
        n_sliders = min(latent_dim, 4) if n_sliders is None else whole(n_sliders, "n_sliders")
        limit, choice = number(limit, "limit", least=0.1), whole(choice, "choice", most=len(options) - 1)
        if not 1 <= n_sliders <= min(latent_dim, MAX_SLIDERS):
            raise ValueError(f"n_sliders is {n_sliders}; a latent point of {latent_dim} numbers takes 1 to "
                             f"{min(latent_dim, MAX_SLIDERS)} sliders")
        start = np.zeros(latent_dim) if start is None else numbers(start, "start").astype(float)
        if start.shape != (latent_dim,) or not (abs(start) <= limit).all():
            raise ValueError(f"start is {start.tolist()}; expected {latent_dim} numbers from {-limit:g} to {limit:g}")
        self.decoders, self.image_shape = list(decoders.values()), image
        networks, weights = zip(*(decoder.packed() for decoder in self.decoders), strict=True)
        view = LatentView(networks=list(networks), weights=list(weights), names=options, conditions=tails,
                          value_range=value_range, z_base=[*start, *[0.0] * (size - latent_dim)], n_sliders=n_sliders,
                          limit=limit, label=label, of_digits=bool(of_digits))
        controls = {f"z{k}": slider(f"z{SUBSCRIPTS[k]}", round(start[k], 1), -limit, limit, 0.1)
                    for k in range(n_sliders)}
        if len(options) > 1:
            controls = {"choice": ipywidgets.Dropdown(options=options, index=choice, description=menu)} | controls
        super().__init__(view, controls)
        self.add_class("explorer-side-by-side")

    def decode(self, **state) -> np.ndarray:
        """The image of a state (`z0=1.5, choice=2`), as the browser computes it: float32, in [0, 1]."""
        state = self.state | state
        tails, choice, z = self.view.conditions, state.get("choice", 0), self._free(state)
        z = np.hstack([z, tails[choice]]) if tails else z
        low, high = self.view.value_range
        x = self.decoders[0 if tails else choice](z[None].astype(np.float32))[0].reshape(self.image_shape)
        return np.clip((x - low) / (high - low), 0, 1)

    def _free(self, state: dict) -> np.ndarray:
        """The latent point without the condition: what the reader moves."""
        tails, z = self.view.conditions, np.array(state.get("z_base", self.view.z_base), float)
        z[: self.view.n_sliders] = [state[f"z{k}"] for k in range(self.view.n_sliders)]
        return z[: len(z) - len(tails[0])] if tails else z

    def values(self, **state) -> dict[str, float]:
        """The image's mean brightness, in [0, 1], and how far the latent point is from 0."""
        length = np.linalg.norm(self._free(self.state | state))
        return {"brightness": float(self.decode(**state).mean()), "length": float(length)}

    def judged(self, **state) -> dict[str, float]:
        """What *Ask the judge* adds: what it reads and how surely, the nearest training digit's distance and label."""
        (x_train, y_train), _ = digits()
        x = self.decode(**state)
        told, away = probabilities(x[None])[0], np.linalg.norm((x_train - x).reshape(len(x_train), -1), axis=1)
        return {"read": int(told.argmax()), "sure": float(told.max()), "near": float(away.min()),
                "near_label": int(y_train[away.argmin()])}

    def draw(self, figure: Figure) -> None:
        """The start, and each slider at its two ends."""
        axes = figure.subplots(2, self.view.n_sliders + 1, squeeze=False)
        start = "start" if any(self.state[f"z{k}"] for k in range(self.view.n_sliders)) else "z = 0"
        for k, column in enumerate(axes.T):
            for ax, end in zip(column, (self.view.limit, -self.view.limit), strict=True):
                state = {} if k == 0 else {f"z{k - 1}": end}
                ax.imshow(self.decode(**state), cmap="gray", vmin=0, vmax=1)
                ax.set_title(start if k == 0 else f"z{SUBSCRIPTS[k - 1]} = {end:+g}", fontsize=9)
                ax.axis("off")


def _tails(conditions: Mapping[str, Sequence[float]], size: int, n_decoders: int) -> list[list[float]]:
    """The conditions as lists; one decoder, and as many numbers each, fewer than it takes."""
    if not isinstance(conditions, Mapping):
        raise ValueError(f"conditions is {conditions!r}; needed is a mapping, such as {{'seven': [0.0, 1.0]}}")
    tails = [numbers(tail, "a condition").astype(float).ravel().tolist() for tail in conditions.values()]
    lengths = {len(tail) for tail in tails}
    if n_decoders != 1 or len(lengths) != 1 or not 0 < max(lengths) < size:
        raise ValueError(f"conditions of {sorted(lengths)} numbers for {n_decoders} decoders that take {size}; needed "
                         "are one decoder and conditions of one length, fewer numbers than the decoder takes")
    return tails
