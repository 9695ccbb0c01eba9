"""Ten new Wrodlers at a time from a model of the fifty: a live figure of chapter 5."""

from math import log

import ipywidgets
import pandas as pd
import traitlets
from matplotlib.figure import Figure

from helpers.data.faces import draw_face

from .base import Explorer, module
from .wrodl_models import (
    SIZES,
    FashionView,
    codes_of,
    draw_style,
    names_of,
    probability,
    readable,
    uniforms,
    unseen_share,
)

MODELS = ("naive Bayes", "multinomial")  # as in styles.js
ALPHAS = (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
N_STYLES = 10


class StyleView(FashionView):
    _esm = module("styles.js")
    alphas = traitlets.List(list(ALPHAS)).tag(sync=True)
    model, smoothing = (traitlets.Int().tag(sync=True) for _ in range(2))  # indices into MODELS and ALPHAS
    seed = traitlets.Int().tag(sync=True)  # a press of the button adds 1


class StyleExplorer(Explorer):
    """Choose a model and its smoothing, and draw ten new Wrodlers at a time.

    Parameters
    ----------
    wrodlers : DataFrame
        What the models are fitted to, as `wrodl` gives it.
    seed : int
        Seed of the first ten; the button takes the next one.

    Raises
    ------
    ValueError
        A feature's column is missing, or holds an unknown value.
    """

    figsize = 6.5, 3.4

    def __init__(self, wrodlers: pd.DataFrame, seed: int = 5):
        self.rows = codes_of(wrodlers)
        plain = {"description_width": "initial"}
        controls = {
            "model": ipywidgets.Dropdown(options=MODELS, description="Model", style=plain),
            "smoothing": ipywidgets.SelectionSlider(
                options=[(f"{alpha:g}", alpha) for alpha in ALPHAS], value=1, description="α, the smoothing",
                tooltip="α, the smoothing", style=plain, layout={"width": "auto"}),
        }
        view = StyleView(self.rows, seed=seed, label="Ten Wrodlers drawn from the model")
        super().__init__(view, controls)

    def drawn(self, **state) -> tuple[list[list[int]], float, bool]:
        """The codes of the ten, alpha, and whether the model is naive Bayes."""
        state = self.state | {"seed": self.view.seed} | state
        alpha, naive = ALPHAS[state["smoothing"]], state["model"] == 0
        uniform = uniforms(state["seed"])
        return [draw_style(self.rows, alpha, naive, uniform) for _ in range(N_STYLES)], alpha, naive

    def values(self, **state) -> dict[str, float]:
        """How many of the ten are new, the share that is so in the long run, and each one's codes and log-probability.

        A Wrodler's codes are one number, its place among all combinations, as `np.ravel_multi_index` gives it.
        """
        styles, alpha, naive = self.drawn(**state)
        result = {"unseen": sum(style not in self.rows for style in styles),
                  "unseen_share": unseen_share(self.rows, alpha, naive)}
        for i, style in enumerate(styles):
            place = 0
            for code, size in zip(style, SIZES, strict=True):
                place = place * size + code
            result |= {f"place_{i}": place, f"log_p_{i}": log(probability(self.rows, style, alpha, naive))}
        return result

    def draw(self, figure: Figure) -> None:
        styles, alpha, naive = self.drawn()
        for ax, style in zip(figure.subplots(2, N_STYLES // 2).flat, styles, strict=True):
            ax.imshow(draw_face(**names_of(style)))
            times = self.rows.count(style)
            ax.set_title(("new" if times == 0 else f"seen {times}×")
                         + f", p = {readable(probability(self.rows, style, alpha, naive))}", fontsize=8)
            ax.axis("off")
        share = self.values()["unseen_share"]
        figure.suptitle(f"{MODELS[not naive]}, α = {alpha:g}: {share:.0%} of all draws are new", fontsize=10)
