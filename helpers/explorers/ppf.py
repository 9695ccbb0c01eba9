"""From z through the cumulative distribution function to x: the live figure of chapter 2."""

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure
from scipy.stats import norm

from .base import Explorer, View, module, slider


class PpfView(View):
    _esm = module("ppf.js")
    z, mu, sigma = (traitlets.Float().tag(sync=True) for _ in range(3))
    n = traitlets.Int().tag(sync=True)
    draws = traitlets.Bytes().tag(sync=True)  # float64 uniform numbers; the browser takes the first n


class PpfExplorer(Explorer):
    """z travels through the cdf of N(mu, sigma) to x; below, the first n of `n_max` draws fill a histogram.

    Parameters
    ----------
    mu, sigma : float
        Where the sliders start: mean and standard deviation.
    n_max : int
        The number of uniform draws that the page carries.
    seed : int
        Their seed.
    """

    def __init__(self, mu: float = 200.0, sigma: float = 40.0, n_max: int = 2000, seed: int = 0):
        self.uniforms = np.random.default_rng(seed).uniform(size=n_max)
        controls = {
            "z": slider("z, the input", 0.841, 0.001, 0.999, 0.001, digits=3),
            "mu": slider("μ, the mean", mu, 100.0, 300.0, 1.0, digits=0),
            "sigma": slider("σ, the deviation", sigma, 10.0, 80.0, 1.0, digits=0),
            "n": ipywidgets.IntSlider(value=0, min=0, max=n_max, step=20, description="n, the draws",
                                      style={"description_width": "initial"}, layout={"width": "auto"}),
        }
        play = ipywidgets.Play(value=0, min=0, max=n_max, step=20, interval=50, description="Draw",
                               show_repeat=False)
        view = PpfView(draws=self.uniforms.astype("<f8").tobytes(),
                       label="The cumulative distribution function above, the density and the draws below")
        super().__init__(view, controls, rows=[*controls.values(), play])
        self.links.append(ipywidgets.jslink((play, "value"), (controls["n"], "value")))

    def values(self, **state) -> dict[str, float]:
        """x = ppf(z), and mean and standard deviation of the first n draws (where n > 0)."""
        state = self.state | state
        x = norm.ppf(self.uniforms[: state["n"]], state["mu"], state["sigma"])
        result = {"x": float(norm.ppf(state["z"], state["mu"], state["sigma"]))}
        return result | ({"mean": float(x.mean()), "deviation": float(x.std())} if len(x) else {})

    def draw(self, figure: Figure) -> None:
        z, mu, sigma, _ = self.state.values()
        grid, x = np.linspace(0, 400, 401), self.values()["x"]
        top, bottom = figure.subplots(2, 1, sharex=True)
        top.plot(grid, norm.cdf(grid, mu, sigma))
        top.plot([0, x, x], [z, z, 0], color="C1")
        top.set(ylabel="z = cdf(x)", xlim=(0, 400), ylim=(0, 1), title=f"z = {z:.3f} → x = {x:.1f}")
        bottom.plot(grid, norm.pdf(grid, mu, sigma))
        bottom.axvline(x, color="C1")
        bottom.set(xlabel="x", ylabel="pdf(x)", ylim=(0, None))
