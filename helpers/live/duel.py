"""The Dirac GAN: a forger and a curator with one number each, from a start that is dragged."""

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from scipy.special import expit

from .base import Explorer, View, module, slider

DECAY = 0.99  # of the running average, as in duel.js
N_DRAWN = 300  # moves of the still picture


class DuelView(View):
    _esm = module("duel.js")
    theta, psi, gamma, rate, rate_D = (traitlets.Float().tag(sync=True) for _ in range(5))
    averaging = traitlets.Bool(True).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)


class DuelExplorer(Explorer):
    """Let two players move by gradient descent, each on its own loss, and see whether they come to rest.

    The data are the point 0. The forger paints at theta, the curator's logit is psi times x; both move at once, the
    forger down the slope of log(1 - D), the curator down its own, with R1 at the price gamma (Mescheder, Geiger and
    Nowozin, 2018, "Which training methods for GANs do actually converge?").

    Parameters
    ----------
    theta, psi : float
        The start, -2 to 2.
    gamma : float
        The price of steepness, 0 to 1; with 0 there is no R1.
    rate, rate_D : float
        The forger's and the curator's learning rate, 0.02 to 1.

    Raises
    ------
    ValueError, TypeError
        A number that is none, or not in its range.
    """

    figsize = 5.2, 3.1

    def __init__(self, theta: float = 1.0, psi: float = 0.0, gamma: float = 0.0, rate: float = 0.2,
                 rate_D: float = 0.2):
        controls = {"gamma": slider("γ of R1", gamma, 0, 1, 0.05, 2, "γ, the price of steepness"),
                    "averaging": ipywidgets.Checkbox(value=True, description="running average", indent=False),
                    "rate": slider("forger’s rate", rate, 0.02, 1, 0.02, 2),
                    "rate_D": slider("curator’s rate", rate_D, 0.02, 1, 0.02, 2),
                    "theta": slider("start θ", theta, -2, 2, 0.1), "psi": slider("start ψ", psi, -2, 2, 0.1)}
        label = "Two players: the forger's number to the right, the curator's upwards"
        super().__init__(DuelView(label=label), controls)
        self.add_class("explorer-learning")

    def moves(self, step: int = N_DRAWN, **state) -> np.ndarray:
        """The players (theta, psi) after each of `step` moves, the start first: shape (step + 1, 2)."""
        state = self.state | state
        path = [(state["theta"], state["psi"])]
        for _ in range(step):
            theta, psi = path[-1]
            verdict = expit(psi * theta)
            path.append((theta + state["rate"] * psi * verdict,
                         psi - state["rate_D"] * (theta * verdict + state["gamma"] * psi)))
        return np.array(path)

    def values(self, step: int = 0, **state) -> dict[str, float]:
        """Where the players are after `step` moves, and how far they and their running average are from rest."""
        path = self.moves(step, **state)
        return {"theta_now": float(path[-1, 0]), "psi_now": float(path[-1, 1]), "away": float(np.hypot(*path[-1])),
                "average_away": float(np.hypot(*_running(path)[-1]))}

    def draw(self, figure: Figure) -> None:
        """The way of the players and of their running average in 300 moves, without R1 and with it."""
        axes = figure.subplots(1, 2, sharex=True, sharey=True)
        for ax, gamma in zip(axes, sorted({self.state["gamma"], 0.0 if self.state["gamma"] else 0.3}), strict=True):
            path = self.moves(gamma=gamma)
            ax.plot(*path.T, color="C0", linewidth=1, label="players")
            ax.plot(*_running(path).T, color="C1", label="running average")
            ax.plot(0, 0, "k*", markersize=10, label="rest")
            ax.set(xlim=(-3, 3), ylim=(-3, 3), aspect="equal", xlabel="θ, the forger", title=f"γ = {gamma:g}")
        axes[0].set_ylabel("ψ, the curator")
        axes[1].legend(loc="upper right", fontsize=8)


def _running(path: np.ndarray) -> np.ndarray:
    """The running average after each move."""
    averages = [path[0]]
    for place in path[1:]:
        averages.append(DECAY * averages[-1] + (1 - DECAY) * place)
    return np.array(averages)
