"""From z through the cumulative distribution function to x: the live figure of chapter 2."""

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from scipy.stats import norm, rv_histogram

from helpers.arguments import whole

from .base import Explorer, View, module, slider

STEP = 20  # draws that one step of n adds; ppf.js shows the newest ones on their way
RANGE = (-50, 450)  # of x, as in ppf.js: it holds whatever z, mu and sigma reach
N_BARS = 50  # of the density that a reader draws over this range


class PpfView(View):
    _esm = module("ppf.js")
    z, mu, sigma = (traitlets.Float().tag(sync=True) for _ in range(3))
    n = traitlets.Int().tag(sync=True)
    own = traitlets.List([0] * N_BARS).tag(sync=True)  # heights of the reader's density, 0 to 100; all 0: the normal's
    draws = traitlets.Bytes().tag(sync=True)  # float64 uniform numbers; the browser takes the first n


class PpfExplorer(Explorer):
    """z travels through the cdf of N(mu, sigma) to x; the first n of `n_max` draws pile up beside and below.

    Parameters
    ----------
    mu, sigma : float
        Where the sliders start: mean (150 to 250) and standard deviation (10 to 55).
    n_max : int
        The number of uniform draws that the page carries, a multiple of 20.
    seed : int
        Their seed.

    Raises
    ------
    ValueError, TypeError
        A number that is none, or not in its range.
    """

    def __init__(self, mu: float = 200.0, sigma: float = 40.0, n_max: int = 2000, seed: int = 0):
        if whole(n_max, "n_max", least=STEP) % STEP:
            raise ValueError(f"n_max is {n_max}, expected a multiple of {STEP}.")
        self.uniforms = np.random.default_rng(whole(seed, "seed")).uniform(size=n_max)
        controls = {
            "z": slider("z, the input", 0.841, 0.001, 0.999, 0.001, digits=3),
            "mu": slider("μ, the mean", mu, 150.0, 250.0, 1.0, digits=0),
            "sigma": slider("σ, the deviation", sigma, 10.0, 55.0, 1.0, digits=0),
            "n": ipywidgets.IntSlider(value=0, min=0, max=n_max, step=STEP, description="n, the draws",
                                      tooltip="n, the draws",
                                      style={"description_width": "initial"}, layout={"width": "auto"}),
        }
        view = PpfView(draws=self.uniforms.astype("<f8").tobytes(),
                       label="The cumulative distribution function; beside it draws of z, below it draws of x")
        super().__init__(view, controls)

    def values(self, **state) -> dict[str, float]:
        """x = ppf(z), and mean and standard deviation of the first n draws (where n > 0)."""
        state = {"own": self.view.own} | self.state | state
        law = norm(state["mu"], state["sigma"])
        if any(state["own"]):
            law = rv_histogram((state["own"], np.linspace(*RANGE, N_BARS + 1)), density=False)
        x = law.ppf(self.uniforms[: state["n"]])
        result = {"x": float(law.ppf(state["z"]))}
        return result | ({"mean": float(x.mean()), "deviation": float(x.std())} if len(x) else {})

    def draw(self, figure: Figure) -> None:
        z, mu, sigma, n = self.state.values()
        zs = self.uniforms[: n or None]  # a still picture has no button to draw with: show all
        axes = figure.subplots(2, 2, sharex="col", sharey="row", width_ratios=[1, 6])
        (strip, top), (corner, bottom) = axes
        grid, x = np.linspace(*RANGE, 501), self.values()["x"]
        strip.hist(zs, bins=10, range=(0, 1), density=True, orientation="horizontal", alpha=0.5)
        strip.axhline(z, color="C1")
        strip.set(xlabel="draws of z", ylabel="z", ylim=(0, 1), xticks=[])
        top.plot(grid, norm.cdf(grid, mu, sigma))
        top.plot([RANGE[0], x, x], [z, z, 0], color="C1", marker="o", markevery=[1])
        top.set(title=f"z = {z:.3f} → x = {x:.1f}; {len(zs)} draws", xlim=RANGE, ylabel="cdf(x)")
        bottom.hist(norm.ppf(zs, mu, sigma), bins=50, range=RANGE, density=True, color="C0", alpha=0.5)
        bottom.plot(grid, norm.pdf(grid, mu, sigma), color="C0")
        bottom.axvline(x, color="C1")
        bottom.set(xlabel="x", ylabel="pdf(x), draws of x", ylim=(0, None))
        corner.set_axis_off()
