"""A GAN that learns in the page: forger and curator of points on a ring of eight bells."""

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from scipy.special import expit

from helpers.arguments import whole

from .base import Explorer, View, module, slider, stops
from .twins import Noise, adam, backward, forward, start, steepness

RATE, BETA, DECAY, BATCH, HIDDEN = 2e-3, 0.5, 0.99, 128, 64  # as in learn/ring.js, like all numbers below
N_DATA, N_SHOWN, WIDTH = 4000, 500, 0.1
CENTRES = 2 * np.stack([np.cos(np.arange(8) * np.pi / 4), np.sin(np.arange(8) * np.pi / 4)], axis=1)
RATES = (2e-4, 6e-4, 2e-3)  # of the curator
REACH = 3.2  # of the plane that is shown


class BellsView(View):
    _esm = module("bells.js")
    gamma = traitlets.Float(0.0).tag(sync=True)
    rate = traitlets.Int(0).tag(sync=True)  # which of rates
    rates = traitlets.List().tag(sync=True)
    averaging = traitlets.Bool(False).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)


class BellsExplorer(Explorer):
    """Play the game of a GAN on eight bells, with the remedies as switches.

    Networks, batches, rates and data are those of chapter 10's `play`, the random numbers others: two layers of 64
    ReLU each, 4,000 points, batches of 128, Adam with momentum 0.5, the forger's rate 0.002, the loss that does not
    saturate. R1 is paid at every move.

    Parameters
    ----------
    rate : int
        The curator's rate: 0 for a tenth of the forger's, 1 for 0.3 of it, 2 for the same.
    gamma : float
        The price of steepness, 0 to 1; with 0 there is no R1.
    averaging : bool
        Whether the points are those of the running average of the forger's weights.
    seed : int
        Of the game, 0 to 9.

    Raises
    ------
    ValueError, TypeError
        A number of another form, or not in its range.
    """

    figsize = 3.5, 2.9

    def __init__(self, rate: int = 0, gamma: float = 0.0, averaging: bool = False, seed: int = 0):
        whole(rate, "rate", 0, 2), whole(seed, "seed", 0, 9)
        controls = {
            "rate": ipywidgets.Dropdown(options=[(f"{value:g}", k) for k, value in enumerate(RATES)], index=rate,
                                        description="curator’s rate", tooltip="the curator's learning rate",
                                        style={"description_width": "initial"}, layout={"width": "auto"}),
            "gamma": slider("γ of R1", gamma, 0, 1, 0.05, 2, "γ, the price of steepness"),
            "averaging": ipywidgets.Checkbox(value=averaging, description="calm forger (average)", indent=False),
            "seed": stops("seed", seed, 0, 9, "seed of the game")}
        label = "A plane with eight bells, a forger's points, and the curator's verdict on each place as shades"
        super().__init__(BellsView(rates=list(RATES), label=label), controls)
        self.add_class("explorer-learning")

    def points(self, step: int, **state) -> np.ndarray:
        """The forger's points after `step` moves, float32 (500, 2)."""
        return self._played(step, state)[0]

    def values(self, step: int = 0, **state) -> dict[str, float]:
        """Bells that get 1 point in 80 or more, and the share of the points that lie on a bell."""
        distances = np.linalg.norm(self.points(step, **state)[:, None] - CENTRES, axis=2)
        good = distances.min(axis=1) < 3 * WIDTH
        counts = np.bincount(distances.argmin(axis=1)[good], minlength=8)
        return {"bells": int((counts >= N_SHOWN / 80).sum()), "good": float(good.mean())}

    def draw(self, figure: Figure) -> None:
        """The game after 400 moves."""
        points, curator = self._played(400, {})
        side = np.linspace(-REACH, REACH, 41)
        plane = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
        ax = figure.subplots()
        shade = ax.imshow(expit(forward(curator, plane)[-1]).reshape(41, 41), cmap="PuOr_r", vmin=0, vmax=1,
                          extent=2 * (-REACH, REACH), origin="lower")
        ax.plot(*CENTRES.T, "k+", markersize=9)
        ax.plot(*points.T, ".", color="#009e73", markersize=3)
        ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), title="400 moves")
        figure.colorbar(shade, ax=ax, label="D: chance of being real")

    def _played(self, step: int, state: dict) -> tuple[np.ndarray, list]:
        """The points of the forger after `step` moves, and the curator's parameters."""
        state = self.state | state
        noise = Noise(state["seed"])
        data = draw_ring(noise)
        forger, curator = (start((2, HIDDEN, HIDDEN, n), noise) for n in (2, 1))
        shown, calm = noise.normals(N_SHOWN, 2), [value.copy() for value in forger]
        steps = adam(forger, BETA), adam(curator, BETA)
        for _ in range(step):
            real, z = data[noise.rows(BATCH, N_DATA)], noise.normals(BATCH, 2)
            gradients = _slopes(forger, curator, real, z, state["gamma"])
            steps[0](gradients[0], RATE)
            steps[1](gradients[1], RATES[state["rate"]])
            for mean, now in zip(calm, forger, strict=True):
                mean += np.float32(1 - DECAY) * (now - mean)
        return forward(calm if state["averaging"] else forger, shown)[-1], curator


def draw_ring(noise: Noise) -> np.ndarray:
    """Points of the eight bells, float32 (4000, 2)."""
    points = np.empty((N_DATA, 2), np.float32)
    for row in points:
        x, y = CENTRES[int(8 * noise.uniform())]
        row[:] = x + WIDTH * noise.normal(), y + WIDTH * noise.normal()
    return points


def _slopes(forger, curator, real, z, gamma) -> tuple[list, list]:
    """The gradients of the forger's and of the curator's loss, both before the move."""
    made = forward(forger, z)
    judged, known = forward(curator, made[-1]), forward(curator, real)
    fooled, (caught, found) = (expit(judged[-1]) - 1) / BATCH, (expit(judged[-1]) / BATCH,
                                                                (expit(known[-1]) - 1) / BATCH)
    of_forger, _ = backward(forger, made, backward(curator, judged, fooled)[1][0])
    parts = [backward(curator, judged, caught)[0], backward(curator, known, found)[0]]
    if gamma:
        parts.append(steepness(curator, real, gamma))
    return of_forger, [sum(part) for part in zip(*parts, strict=True)]
