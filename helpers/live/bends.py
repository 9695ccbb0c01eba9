"""A network of a few bends that learns a curve, which the reader draws."""

from collections.abc import Sequence

import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import numbers, whole

from .base import Explorer, View, module, slider, stops
from .twins import Noise, adam, backward, forward, start

PLACES = np.linspace(-2, 2, 41)  # of the curve, as in learn/curve.js
HIGH = 2.4  # the plane is shown from -HIGH to HIGH


class BendsView(View):
    _esm = module("bends.js")
    curve = traitlets.List().tag(sync=True)  # y at each of PLACES
    bends = traitlets.Int(8).tag(sync=True)
    rate = traitlets.Float(0.03).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)


class BendsExplorer(Explorer):
    """Watch the bends of a network with one hidden layer of ReLUs move while it learns a curve.

    All places of the curve make one batch. Kernels start within Glorot's limit and biases at 0, as in Keras; the loss
    is the mean square error, the optimiser Adam.

    Parameters
    ----------
    curve : sequence of float (41,)
        The wanted y at 41 places from x = -2 to 2, within -2.4 to 2.4. The reader draws another.
    n_bends : int
        Units, 1 to 16.
    rate : float
        Adam's learning rate, 0.005 to 0.2.
    seed : int
        Of the start, 0 to 9.

    Raises
    ------
    ValueError, TypeError
        A curve or a number of another form.
    """

    def __init__(self, curve: Sequence[float], n_bends: int = 8, rate: float = 0.03, seed: int = 0):
        found = numbers(curve, "curve").astype(float)
        if found.shape != PLACES.shape or not (abs(found) <= HIGH).all():
            raise ValueError(f"curve has shape {found.shape}; expected (41,), numbers from -{HIGH} to {HIGH}")
        n_bends, seed = whole(n_bends, "n_bends", 1, 16), whole(seed, "seed", 0, 9)
        controls = {"bends": stops("bends", n_bends, 1, 16, "number of bends, the units of the hidden layer"),
                    "rate": slider("rate", rate, 0.005, 0.2, 0.005, 3, "learning rate"),
                    "seed": stops("start", seed, 0, 9, "start, one of ten")}
        label = "A curve that is wanted, the bends of a network, and their sum"
        super().__init__(BendsView(curve=found.round(2).tolist(), label=label), controls)
        self.add_class("explorer-learning")

    def values(self, step: int = 0, **state) -> dict[str, float]:
        """The loss after `step` steps on the curve, and how many units bend between x = -2 and 2."""
        (w, b, *_), outputs, curve = self._learned(step, state)
        with np.errstate(divide="ignore"):
            within = int((abs(b / w[0]) < PLACES[-1]).sum())
        return {"loss": float(((outputs - curve) ** 2).mean()), "within": within}

    def draw(self, figure: Figure) -> None:
        """The curve, the bends and their sum at the start and after 500 steps."""
        axes = figure.subplots(1, 2, sharey=True)
        for ax, step in zip(axes, (0, 500), strict=True):
            (w, b, v, _), outputs, curve = self._learned(step, {})
            ax.plot(PLACES, curve, color="C0", linewidth=6, alpha=0.35)
            ax.plot(PLACES, np.maximum(PLACES[:, None] * w + b, 0) * v[:, 0], color="C1", linewidth=0.8)
            ax.plot(PLACES, outputs, color="black")
            ax.set(title=f"{step} steps", xlabel="x", ylim=(-HIGH, HIGH))
        axes[0].set_ylabel("y")

    def _learned(self, step: int, state: dict) -> tuple[list, np.ndarray, np.ndarray]:
        """The parameters after `step` steps, the network's outputs at PLACES, and the curve."""
        state = {"curve": self.view.curve} | self.state | state
        x, y = PLACES[:, None].astype(np.float32), np.float32(state["curve"])[:, None]
        parameters = start((1, state["bends"], 1), Noise(state["seed"]))
        descend = adam(parameters)
        for _ in range(step):
            rows = forward(parameters, x)
            descend(backward(parameters, rows, 2 * (rows[-1] - y) / len(x))[0], state["rate"])
        return parameters, forward(parameters, x)[-1][:, 0], y[:, 0]
