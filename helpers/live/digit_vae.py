"""A variational autoencoder that learns the course's digits in the reader's browser."""

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import whole
from helpers.figures import montage

from .base import Explorer, module, slider
from .learning import LearningView
from .parts import N_HELD, digit_bytes
from .vae_twin import STEPS, Run

LATENTS = (2, 4, 16)
BETAS = (0.0392, 0.3, 1.0, 10.0, 784.0)
RATES = (0.0005, 0.002, 0.005, 0.02, 1.0)
LIMIT, STEP = 3.0, 0.1  # of the sliders of z


class DigitVaeView(LearningView):
    _esm = module("digit_vae.js")
    latents, betas, rates = (traitlets.List().tag(sync=True) for _ in range(3))
    latent, beta, rate = (traitlets.Int(0).tag(sync=True) for _ in range(3))  # which of these
    seed = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    z0, z1, z2, z3 = (traitlets.Float(0.0).tag(sync=True) for _ in range(4))
    z_rest = traitlets.List().tag(sync=True)  # of 16 latent numbers, those without a slider
    limit, step_z = traitlets.Float().tag(sync=True), traitlets.Float().tag(sync=True)
    labels = traitlets.Bytes().tag(sync=True)  # of the held-out digits, a byte each


class DigitVaeExplorer(Explorer):
    """Train chapter 8's network, 784–128–d–128–784, in the browser on 4,000 digits, and move what it has learned.

    The digits and the training code are asked for when Play is pressed for the first time. Adam takes batches of 100;
    the rate stays the same throughout, because nobody knows beforehand when the reader will stop.

    Parameters
    ----------
    latent_dim : int
        2, 4 or 16: the latent numbers to begin with.
    beta : float
        The weight of the KL term to begin with, one of 0.0392, 0.3, 1, 10 and 784.
    rate : float
        Adam's rate to begin with, one of 0.0005, 0.002, 0.005, 0.02 and 1.
    seed : int
        Of the first weights, the batches and all noise.

    Raises
    ------
    ValueError, TypeError
        Another number of latent numbers, β, rate or seed.
    """

    figsize = 6.5, 4.0

    def __init__(self, latent_dim: int = 4, beta: float = 1.0, rate: float = 0.005, seed: int = 0):
        choices = {"latent": _menu("latent numbers", LATENTS, latent_dim), "beta": _menu("β", BETAS, beta),
                   "rate": _menu("rate", RATES, rate)}
        view = DigitVaeView(latents=list(LATENTS), betas=list(BETAS), rates=list(RATES), limit=LIMIT, step_z=STEP,
                            seed=whole(seed, "seed", most=2**31), z_rest=[0.0] * (max(LATENTS) - 4),
                            labels=digit_bytes()[-N_HELD:],
                            label="Digits that the network draws from 50 points, and both terms of its loss")
        sliders = {f"z{k}": slider(f"z{'₀₁₂₃'[k]}", 0.0, -LIMIT, LIMIT, STEP) for k in range(4)}
        super().__init__(view, choices | sliders)
        self.add_class("explorer-learning")

    def values(self, **state) -> dict[str, float]:
        """Both terms of the last batch and on held-out digits after the last epoch, and the brightness at z.

        They are those of `state["step"]` steps, trained in NumPy from the same seed; none before the first.
        """
        state = self._numbers(state)
        if not state["step"]:
            return {}
        run = Run(state["latent"], state["beta"], state["rate"], self.view.seed)
        for _ in range(state["step"]):
            run.step()
        z = [state[f"z{k}"] for k in range(4)] + list(state.get("z_rest", self.view.z_rest))
        picture = np.round(255 * run.decode(np.array([z[: state["latent"]]]))) / 255
        return {"reconstruction": run.last[0], "kl": run.last[1], "held_reconstruction": run.held[0],
                "held_kl": run.held[1], "brightness": float(picture.mean())}

    def draw(self, figure: Figure) -> None:
        """What it draws at the start and after one and three epochs, with the ELBO on held-out digits."""
        state = self._numbers({})
        run = Run(state["latent"], state["beta"], state["rate"], self.view.seed)
        for ax, epochs in zip(figure.subplots(1, 3), (0, 1, 3), strict=True):
            while run.steps < epochs * STEPS:
                run.step()
            ax.imshow(montage(run.decode(run.points).reshape(-1, 28, 28), 5, 2), cmap="gray", vmin=0, vmax=1)
            ax.set_title(f"{epochs} epochs: ELBO {run.held[0] - run.held[1]:.0f} nats", fontsize=9)
            ax.axis("off")

    def _numbers(self, state: dict) -> dict:
        """The state with the numbers that the menus stand at."""
        state = {"step": self.view.step} | self.state | state
        return state | {name: choices[state[name]]
                        for name, choices in (("latent", LATENTS), ("beta", BETAS), ("rate", RATES))}


def _menu(name: str, choices: tuple, chosen: float) -> ipywidgets.Dropdown:
    if isinstance(chosen, bool) or chosen not in choices:
        raise ValueError(f"{name} is {chosen!r}; expected one of {', '.join(f'{choice:g}' for choice in choices)}")
    return ipywidgets.Dropdown(options=[f"{choice:g}" for choice in choices], index=choices.index(chosen),
                               description=name, style={"description_width": "initial"})
