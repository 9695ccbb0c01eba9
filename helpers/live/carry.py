"""Points on their way from noise to a ring while the velocity that carries them is learned."""

import math

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from helpers.arguments import whole

from .base import Explorer, View, module, slider, stops
from .bells import BATCH, CENTRES, HIDDEN, N_DATA, REACH, WIDTH, draw_ring
from .twins import Noise, adam, backward, forward, start

N_STEPS, N_SHOWN, RADIUS = 1600, 200, 3 * WIDTH  # as in learn/carry.js and carry.js
MENU = (1, 2, 5, 10, 20)  # steps of a walk


class CarryView(View):
    _esm = module("carry.js")
    steps = traitlets.Int(3).tag(sync=True)  # which of n_steps
    n_steps = traitlets.List().tag(sync=True)
    rate = traitlets.Float(0.01).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)  # of the training


class CarryExplorer(Explorer):
    """Train a velocity in the page, and see where it carries two hundred points of noise meanwhile.

    Network, data, batches and rate are those of chapter 12's `train_ring`, the random numbers others: two layers of 64
    ReLU, 4,000 points of eight bells, batches of 128, Adam, a rate that falls along half a cosine in 1,600 steps.

    Parameters
    ----------
    steps : int
        Where the menu of Euler's steps begins: 0 to 4 for 1, 2, 5, 10, 20.
    rate : float
        Adam's first learning rate, 0.001 to 0.05.
    seed : int
        Of the training, 0 to 9.

    Raises
    ------
    ValueError, TypeError
        A number of another form, or not in its range.
    """

    figsize = 6.5, 3.4

    def __init__(self, steps: int = 3, rate: float = 0.01, seed: int = 0):
        whole(steps, "steps", 0, len(MENU) - 1), whole(seed, "seed", 0, 9)
        controls = {"steps": ipywidgets.Dropdown(options=[(str(n), k) for k, n in enumerate(MENU)], index=steps,
                                                 description="steps of a walk", tooltip="steps of a walk",
                                                 style={"description_width": "initial"}, layout={"width": "auto"}),
                    "rate": slider("rate", rate, 0.001, 0.05, 0.001, 3, "first learning rate"),
                    "seed": stops("seed", seed, 0, 9, "seed of the training")}
        label = "Two hundred points of noise and where the velocity carries them, among eight circles on a ring"
        super().__init__(CarryView(n_steps=list(MENU), label=label), controls)
        self.add_class("explorer-learning")

    def path(self, step: int, **state) -> np.ndarray:
        """The points' way after `step` steps of training, float32 (n_steps + 1, 200, 2)."""
        state = self.state | state
        noise, n = Noise(state["seed"]), MENU[state["steps"]]
        data = draw_ring(noise)
        flow = start((3, HIDDEN, HIDDEN, 2), noise)
        path, descend = [noise.normals(N_SHOWN, 2)], adam(flow)
        for k in range(step):
            descend(_slopes(flow, data, noise), falling(state["rate"], k))
        for k in range(n):
            times = np.full((N_SHOWN, 1), k / n, np.float32)
            path.append(path[-1] + forward(flow, np.hstack([path[-1], times]))[-1] / np.float32(n))
        return np.array(path)

    def values(self, step: int = 0, **state) -> dict[str, float]:
        """Mean distance of the points to the nearest bell, and the share that ends in a circle."""
        away = np.linalg.norm(self.path(step, **state)[-1][:, None] - CENTRES, axis=2).min(axis=1)
        return {"away": float(away.mean()), "arrived": float((away < RADIUS).mean())}

    def draw(self, figure: Figure) -> None:
        """The points' way after 100 and after 1,600 steps of training."""
        axes = figure.subplots(1, 2, sharex=True, sharey=True)
        for ax, step in zip(axes, (100, N_STEPS), strict=True):
            path = self.path(step)
            for centre in CENTRES:
                ax.add_patch(Circle(centre, RADIUS, fill=False, linestyle="--", linewidth=0.8))
            ax.plot(*path[:, :16].transpose(2, 0, 1), "C0", linewidth=0.8)
            ax.plot(*path[-1].T, ".", color="C1", markersize=3)
            ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", title=f"{step:,} steps of training")


def falling(rate: float, step: int) -> float:
    """The learning rate of a step: it falls to 0 along half a cosine."""
    return rate * (1 + math.cos(math.pi * min(step / N_STEPS, 1))) / 2


def _slopes(flow: list, data: np.ndarray, noise: Noise) -> list[np.ndarray]:
    """The gradients of the squared error on a batch of points on lines."""
    x, z = data[noise.rows(BATCH, N_DATA)], noise.normals(BATCH, 2)
    t = np.array([[noise.uniform()] for _ in range(BATCH)], np.float32)
    rows = forward(flow, np.hstack([(1 - t) * z + t * x, t]))
    return backward(flow, rows, 2 * (rows[-1] - (x - z)) / BATCH)[0]
