"""Any two measures of the report against each other, and beside them what each model draws: chapter 13."""

import math
from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import ipywidgets
import numpy as np
import traitlets
from matplotlib.figure import Figure

from helpers.arguments import floats, number

from .base import Explorer, View, module

BETTER = {"low": lambda value: -value, "high": lambda value: value, "one": lambda value: -abs(value - 1)}
COLUMNS = 10  # pictures in a row, as in report.js


class Measure(NamedTuple):
    """A column of the report, as an axis.

    Attributes
    ----------
    key : str
        Its name in each model's line; the line may lack it, and may have a spread under "... sd".
    better : str
        Which values are better: "low", "high" or "one", the nearer to 1.
    log : bool
        Whether its axis is logarithmic; then all values must be above 0.
    real : float, optional
        What real digits score, drawn as a dashed line.
    digits : int
        Decimals in the read-out.
    """

    key: str
    better: str = "low"
    log: bool = False
    real: float | None = None
    digits: int = 2


class ReportView(View):
    _esm = module("report.js")
    names, measures, numbers, spreads = (traitlets.List().tag(sync=True) for _ in range(4))
    pictures = traitlets.Bytes().tag(sync=True)  # uint8, model by model; as many 28 x 28 pictures of each
    across, up, model = (traitlets.Int().tag(sync=True) for _ in range(3))


class ReportExplorer(Explorer):
    """Two menus choose the axes of a chart of models, a third whose digits stand below it.

    Parameters
    ----------
    lines : mapping of str to mapping of str to float
        The report: for each model its numbers.
    pictures : mapping of str to array (n, 28, 28)
        For each model some of its digits in [0, 1], as many of each.
    measures : mapping of str to Measure
        What the menus offer, by the name on the axis; the first two are shown first.

    Raises
    ------
    ValueError
        Fewer than two models or measures, other pictures than one set for each model, a measure that no line has, an
        unknown `better`, or a value of 0 or less on a logarithmic axis.
    TypeError
        A value that is no number.
    """

    figsize = 6.5, 4.6

    def __init__(self, lines: Mapping[str, Mapping[str, float]], pictures: Mapping[str, np.ndarray],
                 measures: Mapping[str, Measure]):
        for name, given in {"lines": lines, "pictures": pictures, "measures": measures}.items():
            if not isinstance(given, Mapping):
                raise ValueError(f"{name} is a {type(given).__name__}; expected a mapping, as the docstring says.")
        if not (all(isinstance(one, Mapping) for one in lines.values())
                and all(isinstance(one, Measure) for one in measures.values())):
            raise ValueError("expected a mapping of numbers for each of the lines, and a Measure for each of measures.")
        self.names, self.measures = list(lines), list(measures.items())
        self.numbers = [[_number(line, measure.key) for _, measure in self.measures] for line in lines.values()]
        _check(self.names, pictures, self.measures, self.numbers)
        self.spreads = [[line.get(f"{measure.key} sd", 0.0) for _, measure in self.measures] for line in lines.values()]
        shown = np.stack([floats(pictures[name], f"the pictures of {name}") for name in self.names])
        self.pictures = (255 * shown).round().clip(0, 255).astype(np.uint8)
        menus = [ipywidgets.Dropdown(options=options, index=index, description=name) for name, options, index in (
            ("Across", list(measures), 0), ("Up", list(measures), 1), ("Digits by", self.names, len(lines) - 1))]
        view = ReportView(names=self.names, numbers=self.numbers, spreads=self.spreads,
                          measures=[{"name": name, **measure._asdict()} for name, measure in self.measures],
                          pictures=self.pictures.tobytes(), label="Models by two measures, and digits by one of them")
        super().__init__(view, dict(zip(("across", "up", "model"), menus, strict=True)))

    def values(self, **state) -> dict[str, float]:
        """The chosen model's two numbers where it has them; of how many `pairs` of models do both measures say which is
        better, and how many of these do they order `alike`?"""
        state = self.state | state
        columns = [[row[state[axis]] for row in self.numbers] for axis in ("across", "up")]
        (_, x), (_, y) = (self.measures[state[axis]] for axis in ("across", "up"))
        votes = _votes(columns, (BETTER[x.better], BETTER[y.better]))
        numbers = dict(zip("xy", (column[state["model"]] for column in columns), strict=True))
        known = {key: float(value) for key, value in numbers.items() if value is not None}
        return known | {"pairs": len(votes), "alike": sum(vote > 0 for vote in votes)}

    def draw(self, figure: Figure) -> None:
        """The chart, and below it the chosen model's digits."""
        chart, strip = figure.subplots(2, 1, height_ratios=[3, 1])
        chosen = self.state["model"]
        for axis, (name, measure) in ((k, self.measures[self.state[a]]) for k, a in (("x", "across"), ("y", "up"))):
            chart.set(**{f"{axis}scale": "log" if measure.log else "linear", f"{axis}label": name})
            if measure.real is not None:
                (chart.axvline if axis == "x" else chart.axhline)(measure.real, color="C2", linestyle="--")
        places = [(row[self.state["across"]], row[self.state["up"]], i) for i, row in enumerate(self.numbers)]
        for rank, (x, y, i) in enumerate(sorted(place for place in places if None not in place)):
            chart.plot(x, y, "o", color="C1" if i == chosen else "C0")
            side, aligned = ((-6, "right"), (6, "left"))[rank % 2]  # names of neighbours go to two sides
            chart.annotate(self.names[i], (x, y), (side, 4), textcoords="offset points", ha=aligned)
        chart.margins(0.2)
        rows = self.pictures[chosen].reshape(-1, COLUMNS, 28, 28)
        strip.imshow(rows.swapaxes(1, 2).reshape(-1, 28 * COLUMNS), cmap="gray", vmin=0, vmax=255)
        strip.set_title(self.names[chosen], fontsize=9)
        strip.axis("off")


def _number(line: Mapping[str, float], key: str) -> float | None:
    return number(line[key], key) if key in line else None


def _votes(columns: list[list[float | None]], goodness: tuple) -> list[float]:
    """For each pair of models that both measures tell apart: above 0 if they order it alike."""
    both = [[f(value) for f, value in zip(goodness, pair, strict=True)]
            for pair in zip(*columns, strict=True) if None not in pair]
    votes = [(a[0] - b[0]) * (a[1] - b[1]) for a, b in combinations(both, 2)]
    return [vote for vote in votes if vote]


def _check(names: list, pictures: Mapping, measures: list, numbers: list) -> None:
    if len(names) < 2 or len(measures) < 2:
        raise ValueError(f"found {len(names)} models and {len(measures)} measures; expected at least two of each.")
    shapes = {name: floats(pictures.get(name, ()), f"the pictures of {name}").shape for name in names}
    if len(set(shapes.values())) > 1 or len(shape := shapes[names[0]]) != 3 or shape[1:] != (28, 28) \
            or not shape[0] or shape[0] % COLUMNS:
        raise ValueError(f"the pictures have the shapes {shapes}; expected (n, 28, 28) for each model of the lines, "
                         f"with the same n, a multiple of {COLUMNS}.")
    for (name, measure), column in zip(measures, zip(*numbers, strict=True), strict=True):
        found = [value for value in column if value is not None]
        if not isinstance(measure.better, str) or measure.better not in BETTER:
            raise ValueError(f"{name}: better is {measure.better!r}, expected one of {', '.join(BETTER)}.")
        if not found or not all(map(math.isfinite, found)) or (measure.log and min(found) <= 0):
            raise ValueError(f"{name}: the values are {found}; expected finite numbers{' above 0' * measure.log}, at "
                             "least one.")
