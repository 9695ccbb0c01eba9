"""Dress one Wrodler and see what each model thinks of it: a live figure of chapter 5."""

import ipywidgets
import numpy as np
import pandas as pd
import traitlets
from matplotlib.figure import Figure

from helpers.data.faces import draw_face
from helpers.data.planets import FEATURES

from .base import Explorer, module
from .wrodl_models import FashionView, codes_of, names_of, probability, readable

MENUS = {"topType": "Top", "hairColor": "Hair colour", "accessoriesType": "Glasses", "clothingType": "Clothing",
         "clothingColor": "Its colour"}
START = {"topType": "LongHairStraight", "hairColor": "Red", "accessoriesType": "Round",
         "clothingType": "ShirtScoopNeck", "clothingColor": "White"}
# Names as in dress.js: key, name on the figure, alpha, naive.
MODELS = (("multinomial", "multinomial", 0, False), ("multinomial_smoothed", "multinomial, α = 1", 1, False),
          ("naive", "naive Bayes", 0, True), ("naive_smoothed", "naive Bayes, α = 1", 1, True))


class DressView(FashionView):
    _esm = module("dress.js")
    models = traitlets.List([list(model) for model in MODELS]).tag(sync=True)
    topType, hairColor, accessoriesType, clothingType, clothingColor = (
        traitlets.Int().tag(sync=True) for _ in range(5))


class DressExplorer(Explorer):
    """Five menus dress a Wrodler; its probability under four models, and how often it occurs in the data.

    Parameters
    ----------
    wrodlers : DataFrame
        What the models are fitted to, as `wrodl` gives it.

    Raises
    ------
    ValueError
        A feature's column is missing, or holds an unknown value.
    """

    figsize = 6.5, 2.6

    def __init__(self, wrodlers: pd.DataFrame):
        self.rows = codes_of(wrodlers)
        controls = {name: ipywidgets.Dropdown(options=FEATURES[name], value=START[name], description=menu)
                    for name, menu in MENUS.items()}
        super().__init__(DressView(self.rows, label="A Wrodler as dressed, and its probability"), controls)

    def codes(self, **state) -> list[int]:
        """The state as codes, in the order of `FEATURES`."""
        state = self.state | state
        return [state[name] for name in FEATURES]

    def values(self, **state) -> dict[str, float]:
        """How often the combination occurs among the fifty, and its log-probability under each model."""
        codes = self.codes(**state)
        with np.errstate(divide="ignore"):  # the logarithm of 0
            return {"count": self.rows.count(codes)} | {
                key: float(np.log(probability(self.rows, codes, alpha, naive))) for key, _, alpha, naive in MODELS}

    def draw(self, figure: Figure) -> None:
        face, bars = figure.subplots(1, 2, width_ratios=[1, 2])
        codes = self.codes()
        count = self.rows.count(codes)
        face.imshow(draw_face(**names_of(codes)))
        face.set_title(f"{count} of {len(self.rows)}", fontsize=9)
        face.axis("off")
        p = {name: probability(self.rows, codes, alpha, naive) for _, name, alpha, naive in MODELS}
        bars.barh(list(p), list(p.values()), color="C0")
        bars.set(xscale="log", xlim=(1e-7, 1), xlabel="probability")
        bars.invert_yaxis()
        for y, value in enumerate(p.values()):
            bars.text(max(value, 1e-7) * 1.3, y, readable(value), va="center", fontsize=9)
