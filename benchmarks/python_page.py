"""Python in the page: seconds until a reader's first cell has run, the memory that a page has when all its cells have.

Each in a Chromium of its own, the site's files in its cache from a first visit, as a reader has them the second time.
"""

import os
import shutil
import statistics
import threading
import time
from pathlib import Path

from page_python import PagePython
from playwright.sync_api import sync_playwright
from support import tool

from benchmarks.targets import Row

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
VISITS = 3
REST = 10  # seconds: then the browser has collected what nobody needs any more
PATIENCE = 900_000
SCIPY, NUMPY = "02", "11"  # chapters: the first cell of one, an exercise cell of the other
HEAVY = ("01", "02", "05")  # chapters whose cells all run for the memory; COURSE_PYTHON=all: every one


def rows() -> tuple[list[Row], list[str]]:
    """The targets of Python in the page, and a line for each chapter."""
    chapters = HEAVY if os.environ.get("COURSE_PYTHON") != "all" else ("01", "02", "03", "04", "05", "06", "09", "13")
    with tool("serve").bind(SITE, 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        browser = chromium(playwright)
        first = {chapter: first_cell(browser.new_context(), url, chapter) for chapter in (SCIPY, NUMPY)}
        browser.close()
        runs = {}
        for chapter in chapters:  # a browser for each: its only busy renderer is the page's
            browser = chromium(playwright)
            runs[chapter] = all_cells(browser.new_page(), url, chapter)
            browser.close()
        server.shutdown()
    lines = ["every cell of a chapter in the page: seconds, memory of the page's process"]
    lines += [f"  {chapter}  {seconds:5.0f} s  {megabytes:4.0f} MB" for chapter, (seconds, megabytes) in runs.items()]
    worst = max(runs, key=lambda chapter: runs[chapter][1])
    return [Row("python_scipy", first[SCIPY], f"Chapter {int(SCIPY)}"),
            Row("python_numpy", first[NUMPY], f"Chapter {int(NUMPY)}"),
            Row("python_memory", runs[worst][1], f"Chapter {int(worst)}")], lines


def chromium(playwright):
    """A headless Chromium: the one that CHROMIUM names, or the system's."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("No Chromium found: install it, or set CHROMIUM to its path.")
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])


def first_cell(context, url: str, chapter: str) -> float:
    """Seconds from the start of the worker to the end of the first cell that runs; the median after one visit more."""
    times = []
    for _ in range(VISITS + 1):
        page, start = context.new_page(), time.perf_counter()
        there = PagePython(page, url, chapter, PATIENCE)
        cell = next(cell for cell in there.told["cells"] if cell["runs"])
        there.run(cell["source"], there.told["offer"])
        times.append(time.perf_counter() - start)
        page.close()
    context.close()
    return statistics.median(times[1:])


def all_cells(page, url: str, chapter: str) -> tuple[float, float]:
    """Seconds from the start of the worker to the end of the last cell, and MB of the page's process when it rests."""
    start = time.perf_counter()
    there = PagePython(page, url, chapter, PATIENCE)
    for cell in there.told["cells"]:
        there.run(cell["source"])
    seconds = time.perf_counter() - start
    return seconds, largest_renderer()


def largest_renderer() -> float:
    """MB of the largest renderer among this process's descendants, at rest: its share (PSS), as Linux counts it."""
    time.sleep(REST)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"--type=renderer" in (folder / "cmdline").read_bytes() and os.getpid() in parents(folder.name):
                text = (folder / "smaps_rollup").read_text()
                found.append(next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")))
        except (OSError, StopIteration):  # it has ended
            continue
    return max(found) * 1024 / 1e6


def parents(process: str) -> list[int]:
    """The processes above one."""
    above = []
    while int(process) > 1:
        process = Path("/proc", process, "stat").read_text().rpartition(")")[2].split()[1]
        above.append(int(process))
    return above
