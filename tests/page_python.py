"""Python in a page of the built site, for tests and benchmarks: one worker, driven as the page drives it."""

import json
import re
from pathlib import Path

from support import ROOT

CELLS = ROOT / "_build" / "html" / "python" / "cells"
START = """([address, packages]) => {
    const worker = globalThis.worker = new Worker(address, { type: "module" });
    globalThis.told = [];
    worker.onmessage = ({ data }) => { told.push(data); };
    worker.onerror = (error) => { told.push({ type: "failed", text: `${error.message}` }); };
    worker.postMessage({ type: "boot", packages });
}"""
ENDED = "() => told.some(({ type }) => ['ready', 'done', 'failed'].includes(type))"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DRAWS = "NumPy draws in another basis there: its eigenvectors come from other code"
# Outputs that differ there from the stored ones, by chapter and cell: the reason; a pattern of what is printed there
# and what the page stores instead; or how far numbers may be apart. All else is equal to the last letter.
DIFFERENCES = {
    ("02", "328eb3e9"): ("0.0115, between the two: SciPy 1.18 and 1.17 round it apart", "gap 0.012", "gap 0.011"),
    ("03", "61afa81b"): ("scikit-learn 1.8 has another posterior", "posterior: False", "posterior: True"),
    ("09", "401848a1"): (DRAWS, 3),  # per cent
    ("09", "e5ff995f"): (DRAWS, 3),
    ("09", "9366899d"): ("scikit-learn 1.8 ends its search elsewhere, by two per cent of a probability", 2),
}


def told_of(chapter: str) -> dict:
    """What the site's own file says of a chapter's cells."""
    return json.loads(next(CELLS.glob(f"{chapter}*.json")).read_text("utf-8"))


class PagePython:
    """One worker on a page of the site; `patience` is the longest that a cell may take, in ms."""

    def __init__(self, page, url: str, chapter: str, patience: int):
        self.page, self.patience, self.n, self.told = page, patience, 0, told_of(chapter)
        page.goto(f"{url}/404.html")
        page.evaluate(START, [f"{url}/{self.told['worker']}", self.told["packages"]])
        self.heard()

    def heard(self) -> list[dict]:
        """What the worker has said until it ended what it was asked.

        Raises RuntimeError if it cannot go on.
        """
        self.page.wait_for_function(ENDED, timeout=self.patience)
        told = self.page.evaluate("() => told.splice(0)")
        if told[-1]["type"] == "failed":
            raise RuntimeError(told[-1]["text"])
        return told

    def run(self, source: str, offer: str = "") -> list[dict]:
        """Run a cell, with what it needs of a chapter's offer; gives the messages, the last of them `done`."""
        self.n += 1
        self.page.evaluate("(order) => worker.postMessage(order)", {
            "type": "run", "id": str(self.n), "source": source, "offer": offer})
        return self.heard()


def outputs(told: list[dict]) -> list[dict]:
    return [message["output"] for message in told if message["type"] == "output"]


def printed(outputs: list[dict]) -> str:
    return "".join(one["text"] for one in outputs if one["output_type"] == "stream")


def shapes(outputs: list[dict]) -> list[str]:
    """What stands in a cell's output beside its text: pictures, live figures, values."""
    return [one["output_type"] for one in outputs if one["output_type"] != "stream"]


def agrees(text: str, stored: str, chapter: str, cell: str) -> bool:
    """Whether a cell printed there what the page stores, but for what DIFFERENCES says of it."""
    _, *how = DIFFERENCES.get((chapter, cell), ("none", "$^", ""))
    if len(how) == 2:
        return re.sub(*how, text) == stored
    there, here = ([float(number) for number in NUMBER.findall(one)] for one in (text, stored))
    same = " ".join(NUMBER.sub("#", text).split()) == " ".join(NUMBER.sub("#", stored).split())
    return same and all(abs(a - b) <= how[0] for a, b in zip(there, here, strict=True))


def wrong_answers() -> str:
    """The text of the typical wrong answers, which the page's Python can run."""
    return Path(__file__).with_name("wrong_answers.py").read_text("utf-8")
