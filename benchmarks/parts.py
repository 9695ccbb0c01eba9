"""The parts of the benchmarks by name, each run in a process of its own, so that none finds another's leftovers."""

import importlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from benchmarks.targets import Row

PARTS = ("files", "gaussians", "vae", "chapters", "pages", "learning", "python_page", "lighthouse", "gan", "fresh")
LONG = ("gan", "fresh")  # at full scale only
SITE = {"slider": ("slider_ms", 1), "alive": ("usable_ms", 1e-3), "first_load": ("first_load_mb", 1),
        "figures_load": ("figures_mb", 1)}  # a target's name, that of benchmarks/pages.py, and what makes its unit


def run(part: str) -> tuple[list[Row], list[str]]:
    """What a part found of the targets, and its details as lines of text."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as own:
        return own.submit(_rows, part).result()


def _rows(part: str) -> tuple[list[Row], list[str]]:
    return _pages() if part == "pages" else importlib.import_module(f"benchmarks.{part}").rows()


def _pages() -> tuple[list[Row], list[str]]:
    """The site's rows: of each number the worst page."""
    pages = importlib.import_module("benchmarks.pages")
    found, rows = pages.measure(), []
    for key, (name, factor) in SITE.items():
        worst = max((page for page in found if page[name] is not None), key=lambda page, name=name: page[name])
        rows.append(Row(key, worst[name] * factor, worst["page"]))
    return rows, pages.table(found).splitlines()
