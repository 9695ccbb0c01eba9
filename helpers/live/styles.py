"""Ten new Wrodlers at a time, none a copy of the fifty: a live figure of chapter 5."""

from math import log

import ipywidgets
import pandas as pd
import traitlets
from matplotlib.figure import Figure

from helpers.data.faces import draw_face

from .base import Explorer, module
from .wrodl_models import (
    N_STYLES,
    SIZES,
    FashionView,
    codes_of,
    draw_styles,
    names_of,
    probability,
    readable,
    unseen_share,
)

MODELS = ("naive Bayes", "multinomial")  # as in styles.js
ALPHAS = (0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
COPIES = ("are drawn again", "stay")  # as in styles.js


class StyleView(FashionView):
    _esm = module("styles.js")
    alphas = traitlets.List(list(ALPHAS)).tag(sync=True)
    model, smoothing, copies = (traitlets.Int().tag(sync=True) for _ in range(3))  # places in the lists above
    seed = traitlets.Int().tag(sync=True)  # a press of the button adds 1


class StyleExplorer(Explorer):
    """Choose a model and its smoothing, and draw ten Wrodlers at a time; copies of the fifty are drawn again.

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
            "copies": ipywidgets.Dropdown(options=COPIES, description="Copies of the fifty", style=plain),
        }
        view = StyleView(self.rows, seed=seed, label="Ten Wrodlers drawn from the model")
        super().__init__(view, controls)

    def drawn(self, **state) -> tuple[list[list[int]], int, float, bool]:
        """The codes of the ten, how many draws they took, alpha, and whether the model is naive Bayes."""
        state = self.state | {"seed": self.view.seed} | state
        alpha, naive = ALPHAS[state["smoothing"]], state["model"] == 0
        return *draw_styles(self.rows, alpha, naive, state["seed"], again=state["copies"] == 0), alpha, naive

    def values(self, **state) -> dict[str, float]:
        """How many of the ten are new, the draws they took, the share of new ones in the long run; then of each its
        log-probability and its place among all combinations, as `np.ravel_multi_index` gives it.
        """
        styles, n_draws, alpha, naive = self.drawn(**state)
        result = {"unseen": sum(style not in self.rows for style in styles), "n_draws": n_draws,
                  "unseen_share": unseen_share(self.rows, alpha, naive)}
        for i, style in enumerate(styles):
            place = 0
            for code, size in zip(style, SIZES, strict=True):
                place = place * size + code
            result |= {f"place_{i}": place, f"log_p_{i}": log(probability(self.rows, style, alpha, naive))}
        return result

    def draw(self, figure: Figure) -> None:
        styles, _, alpha, naive = self.drawn()
        for ax, style in zip(figure.subplots(2, N_STYLES // 2).flat, styles, strict=True):
            ax.imshow(draw_face(**names_of(style)))
            times = self.rows.count(style)
            ax.set_title(("new" if times == 0 else f"seen {times}×")
                         + f", p = {readable(probability(self.rows, style, alpha, naive))}", fontsize=8)
            ax.axis("off")
        share = self.values()["unseen_share"]
        figure.suptitle(f"{MODELS[not naive]}, α = {alpha:g}: {share:.0%} of all draws are new", fontsize=10)
