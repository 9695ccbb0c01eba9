"""What the two live figures of chapter 5 share: the fifty Wrodlers, the models of them, the art of their faces."""

from collections.abc import Iterator, Sequence
from math import prod

import numpy as np
import pandas as pd
import traitlets

from helpers.data.faces import BACKGROUND, COLOURS, LEFT, SIZE, SKIN, SPRITES
from helpers.data.planets import FEATURES, FILES

from .base import View

ART = {"size": SIZE, "sprites": list(SPRITES), "left": list(LEFT), "skin": SKIN, "background": BACKGROUND,
       "colours": COLOURS}
SIZES = tuple(len(values) for values in FEATURES.values())
N_STYLES = 10  # as in runtime/wrodl_models.js


class FashionView(View):
    features = traitlets.Dict().tag(sync=True)  # name: values, in the order of the codes
    rows = traitlets.List().tag(sync=True)  # the codes of each Wrodler
    art = traitlets.Dict().tag(sync=True)
    sheet = traitlets.Bytes().tag(sync=True)  # faces.png

    def __init__(self, rows: list[list[int]], **traits):
        super().__init__(rows=rows, features={name: list(values) for name, values in FEATURES.items()}, art=ART,
                         sheet=(FILES / "faces.png").read_bytes(), **traits)


def codes_of(wrodlers: pd.DataFrame) -> list[list[int]]:
    """The rows of a table of Wrodlers as codes, in the order of `FEATURES`.

    Raises ValueError if a feature's column is missing or holds a value that the feature does not have.
    """
    if not isinstance(wrodlers, pd.DataFrame):
        raise ValueError(f"found a {type(wrodlers).__name__}, expected a table of Wrodlers: take wrodl() as it comes.")
    missing = [name for name in FEATURES if name not in wrodlers]
    if missing:
        raise ValueError(f"the table has the columns {', '.join(map(str, wrodlers.columns))}; missing are "
                         f"{', '.join(missing)}. Take wrodl() as it comes.")
    columns = []
    for name, values in FEATURES.items():
        column = pd.Index(values).get_indexer(wrodlers[name].astype(str))
        if (column < 0).any():
            raise ValueError(f"column {name} holds {wrodlers[name].iloc[int(np.argmin(column))]!r}, expected "
                             f"one of {', '.join(values)}.")
        columns.append(column.tolist())
    return [list(row) for row in zip(*columns, strict=True)]


def names_of(codes: Sequence[int]) -> dict[str, str]:
    """The features that five codes stand for, as `draw_face` takes them."""
    return {name: values[code] for (name, values), code in zip(FEATURES.items(), codes, strict=True)}


def uniforms(seed: int) -> Iterator[float]:
    """Uniform numbers in [0, 1), the same as in the browser: Tommy Ettinger's mulberry32 (public domain)."""
    state = seed % 2**32
    while True:
        state = (state + 0x6D2B79F5) % 2**32
        t = (state ^ state >> 15) * (state | 1) % 2**32
        t ^= (t + (t ^ t >> 7) * (t | 61)) % 2**32
        yield (t ^ t >> 14) / 2**32


def conditional(rows: list, before: Sequence[int], alpha: float, naive: bool) -> list[float]:
    """p(next feature | the features so far): the chain rule for the multinomial, naive Bayes forgets `before`."""
    k = len(before)
    counts, rest = [0] * SIZES[k], 1 if naive else prod(SIZES[k + 1 :])
    for row in rows:
        counts[row[k]] += naive or row[:k] == list(before)
    total = sum(counts) + alpha * rest * SIZES[k]
    return [(count + alpha * rest) / total if total > 0 else 0.0 for count in counts]


def probability(rows: list, codes: Sequence[int], alpha: float, naive: bool) -> float:
    """The probability of a whole combination."""
    return prod(conditional(rows, codes[:k], alpha, naive)[code] for k, code in enumerate(codes))


def draw_style(rows: list, alpha: float, naive: bool, uniform: Iterator[float]) -> list[int]:
    """One Wrodler from five uniform numbers: the inverse cdf, feature by feature, by the browser's steps."""
    codes = []
    while len(codes) < len(SIZES):
        shares, u = conditional(rows, codes, alpha, naive), next(uniform)
        code, below = 0, shares[0]
        while u >= below and code < len(shares) - 1:
            code += 1
            below += shares[code]
        while shares[code] == 0:  # rounding may leave the last sum a hair below 1
            code -= 1
        codes.append(code)
    return codes


def draw_styles(rows: list, alpha: float, naive: bool, seed: int, again: bool) -> tuple[list[list[int]], int]:
    """Ten Wrodlers, and how many draws they took: with `again`, a copy of a row is replaced by the next draw.

    Each of the ten has uniform numbers of its own, so that drawing one again leaves the others as they are.
    """
    again = again and unseen_share(rows, alpha, naive) > 1e-9  # a model of copies alone would draw for ever
    styles, n_draws = [], 0
    for i in range(N_STYLES):
        uniform, style = uniforms(N_STYLES * seed + i), None
        while style is None or (again and style in rows):
            style = draw_style(rows, alpha, naive, uniform)
            n_draws += 1
        styles.append(style)
    return styles, n_draws


def unseen_share(rows: list, alpha: float, naive: bool) -> float:
    """The share of a model's draws that are none of the rows."""
    seen = sum(probability(rows, row, alpha, naive) for row in {tuple(row) for row in rows})
    return max(0.0, 1 - seen)  # the sum may round to a hair above 1


def readable(p: float) -> str:
    """A probability for reading: two digits, never as a power of ten."""
    return f"{p:.{max(2, 1 - int(np.floor(np.log10(p))))}f}" if p > 0 else "0"
