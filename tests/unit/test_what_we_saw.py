"""What the pages say of their learning figures under "What we saw" is what the figures show."""

import re

import nbformat
import numpy as np
import pytest
from support import CHAPTERS, cells_of

from helpers.judge import digits as digit_judge
from helpers.live import BendsExplorer, CarryExplorer, DigitFlowExplorer, DuelExplorer, EmExplorer
from helpers.networks import shipped

REST = 1e-6  # as in em.js


def page(number: str):
    return next(path for path in CHAPTERS if path.stem.startswith(number))


def saw(number: str, first: str) -> str:
    """The folded text of a chapter that begins with these words, minus signs as Python writes them."""
    text = "\n".join(cell.source for cell in cells_of(page(number), "markdown"))
    (found,) = re.findall(rf":::\{{dropdown\}} What we saw\n({re.escape(first)}.*?)\n:::", text, re.DOTALL)
    return found.replace("−", "-")


def explorer_of(number: str, name: str, **names):
    """The figure that a chapter's cell makes, from the cell's own code."""
    (source,) = (cell.source for cell in cells_of(page(number), "code") if f"{name}(" in cell.source)
    exec(re.sub(rf"^{name}\(", f"figure = {name}(", source, flags=re.MULTILINE), names)
    return names["figure"]


def at_rest(explorer, **state) -> tuple[int, float]:
    """The step at which the figure stops by itself, and the log-likelihood there."""
    fits = [explorer.values(step=0, **state)["log_likelihood"]]
    while len(fits) < 2 or fits[-1] - fits[-2] >= REST:
        fits.append(explorer.values(step=len(fits), **state)["log_likelihood"])
    return len(fits) - 1, fits[-1]


def test_em():
    text, explorer = saw("04", "From start 0"), explorer_of("04", "EmExplorer", np=np, EmExplorer=EmExplorer)
    ends = [at_rest(explorer, seed=seed) for seed in range(10)]
    assert f"after {ends[0][0]} steps it is at rest, at {ends[0][1]:.3f} nats" in text
    assert sum(abs(fit - ends[0][1]) < 5e-4 for _, fit in ends) == 8 and "Eight of the ten" in text
    assert f"Start 3 ends at {ends[3][1]:.3f} and start 8 at {ends[8][1]:.3f}" in text
    assert f"the four reach {at_rest(explorer, bells=4)[1]:.3f}" in text


def test_duel():
    text, explorer = saw("10", "From the first start"), DuelExplorer()
    away = [explorer.values(step=300, gamma=gamma)["away"] for gamma in (0.05, 0.1, 0.15)]
    assert "{:.2f} from rest after 300 moves if γ is 0.05, {:.2f} if it is 0.1, and {:.2f} if".format(*away) in text
    slow = [explorer.values(step=300, rate=rate, rate_D=rate)["away"] for rate in (0.1, 0.02)]
    assert "{:.2f} away with rates of 0.1, {:.2f} with 0.02".format(*slow) in text


def test_bends():
    text = saw("07", "With eight bends, start 0")
    explorer = explorer_of("07", "BendsExplorer", np=np, BendsExplorer=BendsExplorer)
    loss = [explorer.values(step=step)["loss"] for step in (100, 500)]
    assert "the loss is {:.4f} after 100 steps and {:.4f} after 500".format(*loss) in text
    ends = [explorer.values(step=2000, bends=4, seed=seed) for seed in range(10)]
    least = min(end["loss"] for end in ends)
    assert f"the best of the ten has a loss of {least:.4f}" in text
    stuck = [seed for seed, end in enumerate(ends) if end["loss"] > 0.1]
    assert f"starts {stuck[0]} and {stuck[1]} stay at {ends[stuck[0]]['loss']:.4f}" in text and len(stuck) == 2
    assert [ends[seed]["within"] for seed in stuck] == [1, 1] and "one unit bends in the picture" in text


def test_carry():
    text, explorer = saw("12", "Seed 0, ten steps of a walk."), CarryExplorer()
    arrived = [100 * explorer.values(step=step)["arrived"] for step in (100, 1600)]
    for share, words in zip(arrived, ("% after 100 steps", "% at the end"), strict=True):
        (said,) = re.findall(rf"(\d+){words}", text)
        assert float(said) == pytest.approx(share, abs=3)  # the browser's numbers are float32, too, rounded otherwise


def test_digit_flow():
    """Its numbers are read off the figure in tests/site/test_tries.py; here is what its pictures are."""
    text, names = saw("12", "Twenty steps."), {"np": np, "shipped": shipped, "SEED": 0,
                                               "DigitFlowExplorer": DigitFlowExplorer}
    explorer = explorer_of("12", "DigitFlowExplorer", decoder=shipped.load("digit_vae_decoder.npz"), **names)

    def seen(**state):
        return explorer.decode(**state)[:, 30:]

    fives = [{"digit": 5, "t": t} for t in (0, 0.4, 1)]
    states = [*({"digit": 10, "t": t} for t in (0, 0.4, 1)), *fives, {"digit": 5, "t": 1, "w": 3}]
    assert [*digit_judge.predict(np.array([seen(**state) for state in states]))] == [8, 3, 3, 5, 5, 5, 5]
    assert "a blot like an 8" in text and "decides for a 3 in its first half" in text
    assert (seen(digit=5, steps=0, t=0) == seen(digit=5, steps=0, t=1)).all() and "the first picture is also" in text
    assert seen(digit=5, w=3, t=1).mean() > 1.05 * seen(digit=5, t=1).mean() and "more ink" in text


@pytest.mark.parametrize("number, name", [("04", "EmExplorer"), ("07", "BendsExplorer"), ("10", "DuelExplorer"),
                                          ("10", "BellsExplorer"), ("12", "CarryExplorer"),
                                          ("12", "DigitFlowExplorer")])
def test_before_each_figure_stands_what_to_try_and_below_it_what_we_saw(number, name):
    cells = nbformat.read(page(number), as_version=4).cells
    (k,) = (k for k, cell in enumerate(cells) if cell.cell_type == "code" and f"{name}(" in cell.source)
    assert "**Try this.**" in cells[k - 1].source and "{dropdown} What we saw" in cells[k + 1].source
