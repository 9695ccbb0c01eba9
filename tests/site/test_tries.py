"""Each *Try this* is played; every number under *What we saw* is read off the figure, or was printed on the page."""

import re

import nbformat
import pytest
from conftest import PATIENCE, TWO_FRAMES
from support import CHAPTERS, cells_of

# What a reader sets, by chapter and figure: the figure's address (helpers/live/runtime/keepsakes.js) without its name.
PLAYED = {
    "01": {"box": ["west=-153&east=168&south=-87&north=80", "west=-180&east=180&south=-90&north=90",
                   "west=10&east=25&south=0&north=15"]},
    "03": {"latent": ["choice=1&z0=-3", "choice=1&z0=3", "choice=1&z1=-3", "choice=7&z1=-3"]},
    "04": {"latent": ["choice=21", "choice=22", "choice=23", "choice=21&z1=-3", "choice=21&z1=3"]},
    "05": {"styles": [f"model=1&smoothing={k}" for k in (0, 1, 5)] + ["model=0&smoothing=7"],
           "dress": ["topType=3&hairColor=5&accessoriesType=1&clothingType=2&clothingColor=7", "clothingColor=0"]},
    "06": {"pixels": ["row=30&column=16", "row=14&column=12", "row=18&column=26"]},
    "07": {"latent": ["choice=0&z0=-1.7", "choice=0&z0=1.7", "choice=1&z0=1.7", "choice=0&z0=1.7&z1=1.7"],
           "plane": ["z0=10&z1=3", "z0=15&z1=-50"]},
    "08": {"latent": ["z0=-3", "z0=3"], "plane": ["z0=-1&z1=1"], "latent-3": ["z0=-3", "z0=3", "z1=-3", "z1=3"]},
    "09": {"walk": [f"digit={walk[0]}&source={walk[1]}&target={walk[2]}&reading={which}&alpha={alpha}"
                    for walk in ("760", "449", "110", "249") for which in (1, 2)
                    for alpha in (0, 0.75, 1, 1.25, 1.75, 2)]},
    "10": {"latent": ["choice=1", "choice=7"], "film": ["frame=0", "frame=14"], "latent-2": ["choice=4", "choice=8"]},
    "11": {"pad": ["choice=2", "choice=8"]},
    "12": {"flow": ["t=1&steps=0", "t=1&steps=1", "t=1&steps=2", "t=1&steps=5"],
           "digit_flow": [f"t={t}&digit={digit}" for digit in (5, 10) for t in (0, 0.2, 0.4, 0.6)]
           + ["t=1&digit=5&w=3", "t=0&steps=0"]},
    "13": {"report": ["across=1&up=0", "across=6&up=0", "across=5&up=0", "across=6&up=5"]},
}
MEASURED_APART = {"10": {"150", "32"}, "12": {"0.4", "0.8"}}  # a closer look; a model's dial
LEARNING = ("From start 0", "With eight bends", "From the first start", "Equal rates", "Seed 0, ten steps",
            "With 4 numbers the held-out")
# how those of the figures that learn begin: tests/unit/test_what_we_saw.py, test_digit_vae.py and benchmarks/bells.py
NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
BOX = re.compile(r":::\{dropdown\} What we saw\n(.*?)\n:::", re.DOTALL)


def tries(chapter):
    """For each *Try this* of a chapter, what was seen."""
    text = "\n".join(cell.source for cell in cells_of(chapter, "markdown"))
    return [BOX.search(after) for after in text.split("**Try this.**")[1:]]


def printed(chapter):
    """Everything that the chapter printed."""
    outputs = [output for cell in nbformat.read(chapter, as_version=4).cells for output in cell.get("outputs", [])]
    return " ".join(output.get("text", "") for output in outputs)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_what_we_saw_follows_each_try(chapter):
    assert None not in tries(chapter)


@pytest.mark.parametrize("chapter", [path for path in CHAPTERS if path.stem[:2] in PLAYED], ids=lambda path: path.stem)
def test_every_number_that_we_saw_is_read_off_the_figure(open_page, chapter):
    page, watch = open_page(f"book/{chapter.stem}.html")
    seen = []
    for figure, states in PLAYED[chapter.stem[:2]].items():
        view = page.locator(f".figure-place[data-name={figure}] .explorer-view")
        for state in states:
            before = view.get_attribute("data-state")
            page.evaluate(f"history.replaceState(null, '', '?figure={figure}&{state}');"
                          "dispatchEvent(new PopStateEvent('popstate'))")
            page.evaluate(TWO_FRAMES)
            page.evaluate(TWO_FRAMES)
            assert view.locator(".explorer-words[role=status]").count() == 1  # it has not failed
            seen += [state, view.locator(".explorer-words").inner_text(timeout=PATIENCE)]
        assert view.get_attribute("data-state") != before or len(states) == 1
    known = {"0", "1", *MEASURED_APART.get(chapter.stem[:2], ()), *NUMBER.findall(" ".join([*seen, printed(chapter)]))}
    for box in [box for box in tries(chapter) if not box[1].startswith(LEARNING)]:
        assert set(NUMBER.findall(box[1].replace("$", " "))) <= known, box[1]
    assert watch.errors == []
