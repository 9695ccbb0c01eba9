"""What a page costs its reader: weight, time until its first live figure answers, layout shift, a move of a slider.

Run: python benchmarks/pages.py [--json FILE] [--site FOLDER] [PAGE ...]      on the built site, in headless Chromium

first load      everything that a first visit fetches before its reader does anything, text gzipped, in MB; `figures`
                with all that the page's live figures bring besides
usable          from the moment at which the first live figure comes into view, or from the page's request where it is
                on the first screen, until one of its controls has its name and it has drawn, in ms; the median of
                three visits
layout shift    Chromium's score, all shifts of a visit added up, the worse of 1280 × 800 and 390 × 844
slider          the work of one frame with the processor slowed four times, in ms: the mouse's event, links and
                drawing, and the layout that they ask for; the 95th percentile of 180 moves of the first slider (or
                menu) of each figure, five times to and fro, so that sliders of few steps move almost as often

Times mean little on a busy machine: the load is printed with them, and the run waits a while for quiet.
"""

import argparse
import contextlib
import gzip
import json
import os
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from serve import bind  # noqa: E402

SITE = ROOT / "_build" / "html"
BUDGET = {"first_load_mb": 0.5, "figures_mb": 4.0, "usable_ms": 1000, "layout_shift": 0.02, "slider_ms": 16.7}
SCREENS = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TEXT = (".html", ".js", ".css", ".svg", ".json")

# Adds up the layout shifts.
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.shift += entry.value;
})).observe({type: "layout-shift", buffered: true});
"""

# Goes to the first live figure and gives the milliseconds until it answers.
USABLE = """() => new Promise((done) => {
  const ready = ".explorer:has(.explorer-view[data-values]) :is([role=slider][aria-label], select)";
  const place = document.querySelector(".figure-place"), start = place.getBoundingClientRect().top < innerHeight
    ? 0 : performance.now();
  const look = () => document.querySelector(ready) ? done(performance.now() - start) : setTimeout(look, 5);
  place.scrollIntoView({behavior: "instant"});
  look();
})"""

# Drags a slider to and fro, or walks through a menu; gives the milliseconds of work of each frame.
MOVE = """async ([explorer, count, sweep]) => {
  const handle = explorer.querySelector("[role=slider]"), menu = explorer.querySelector("select");
  const figure = explorer.querySelector(".explorer-view"), works = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const mouse = (type, target, clientX) => target.dispatchEvent(
    new MouseEvent(type, {clientX, clientY: 0, buttons: 1, bubbles: true, cancelable: true}));
  const track = handle?.closest(".noUi-base").getBoundingClientRect();
  const place = (i) => track.left + track.width * Math.abs(2 * (i % sweep) / sweep - 1);
  const choose = (i) => {
    menu.selectedIndex = i % menu.options.length;
    menu.dispatchEvent(new Event("change", {bubbles: true}));
  };
  if (handle) mouse("mousedown", handle.firstElementChild, handle.getBoundingClientRect().left);
  for (let i = 0; i < count; i++) {
    await frame();
    const start = performance.now();
    handle ? mouse("mousemove", document.documentElement, place(i)) : choose(i);
    const event = performance.now() - start, before = figure.dataset.state;
    await frame();
    const drawn = performance.now();
    figure.getBoundingClientRect();
    const layout = performance.now() - drawn;
    works.push([event + Number(figure.dataset.ms) + layout, before !== figure.dataset.state]);
  }
  if (handle) mouse("mouseup", document.documentElement, place(count));
  return works;
}"""


def measure(site: Path = SITE, pages: list[str] | None = None, visits: int = 3) -> list[dict]:
    """Measure pages of a built site, by default all of the book; one dict each, in the keys of `BUDGET` and `page`."""
    names = pages or sorted(page.relative_to(site).as_posix() for page in site.glob("book/**/*.html"))
    with served(site) as (browser, address):
        return [measure_page(browser, address, site, name, visits) for name in names]


@contextlib.contextmanager
def served(site: Path) -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of the built site."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("No Chromium found: install it, or set CHROMIUM to its path.")
    with bind(site, 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser, f"http://127.0.0.1:{server.server_port}"
        browser.close()
        server.shutdown()


def measure_page(browser: Browser, address: str, site: Path, name: str, visits: int) -> dict:
    """One page: `visits` wide visits for the time, one narrow one, and the moves of its sliders."""
    usable, shifts, weights, moves = [], [], [0.0, 0.0], []
    for visit, screen in enumerate([SCREENS[0]] * visits + [SCREENS[1]]):
        page = browser.new_context(viewport=screen).new_page()
        sizes = fetched(page, site) if visit == 0 else {}
        page.add_init_script(WATCH)
        page.goto(f"{address}/{name}", wait_until="load")
        live = page.locator(".figure-place").count() > 0
        if visit == 0:
            page.wait_for_load_state("networkidle")
            weights[0] = megabytes(sizes)
        if screen == SCREENS[0] and live:
            usable.append(page.evaluate(USABLE))
        page.wait_for_timeout(500)
        shifts.append(page.evaluate("window.shift"))
        if visit == 0:
            page.evaluate("course.all()")
            weights[1] = megabytes(sizes)
            moves = slider_moves(page) if live else []
        page.context.close()
    return {"page": name, "first_load_mb": weights[0], "figures_mb": weights[1],
            "usable_ms": round(statistics.median(usable)) if usable else None, "layout_shift": round(max(shifts), 4),
            "slider_ms": round(sorted(moves)[int(0.95 * len(moves))], 1) if moves else None}


def fetched(page: Page, site: Path) -> dict[Path, int]:
    """The bytes of the site's files that a page asks for, text gzipped; filled as they come.

    They are weighed on disk: Chromium keeps what it got for a while only.
    """
    sizes: dict[Path, int] = {}

    def weigh(request):
        file = site / unquote(urlsplit(request.url).path).lstrip("/")
        if request.url.startswith("http") and file.is_file() and file not in sizes:
            body = file.read_bytes()
            sizes[file] = len(gzip.compress(body, 6) if file.suffix in TEXT else body)

    page.on("requestfinished", weigh)
    return sizes


def megabytes(sizes: dict[Path, int]) -> float:
    return round(sum(sizes.values()) / 1e6, 2)


def slider_moves(page: Page, count: int = 180, sweep: int = 36) -> list[float]:
    """The work of each frame in which a slider of a live figure moved, the processor slowed four times."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    works = []
    for explorer in page.locator(".explorer:has([role=slider], select)").element_handles():
        explorer.scroll_into_view_if_needed()
        works += [work for work, moved in page.evaluate(MOVE, [explorer, count, sweep]) if moved]
    return works


def wait_for_quiet(limit: float, patience: float = 300) -> float:
    """Wait until fewer than `limit` processes want a processor, or patience is at its end; give the load."""
    deadline = time.time() + patience
    while os.getloadavg()[0] > limit and time.time() < deadline:
        time.sleep(5)
    return os.getloadavg()[0]


def table(found: list[dict]) -> str:
    """The measurements as text; a star marks what is above the budget."""
    heads = {"first_load_mb": "first load", "figures_mb": "figures", "usable_ms": "usable",
             "layout_shift": "shift", "slider_ms": "slider"}
    lines = [f"{'page':46}" + "".join(f"{head:>12}" for head in heads.values()),
             f"{'budget':46}" + "".join(f"{BUDGET[key]:>11g} " for key in heads)]
    for row in found:
        cells = ["–" if row[key] is None else f"{row[key]:g}{'*' if row[key] > BUDGET[key] else ' '}" for key in heads]
        lines.append(f"{row['page']:46}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="such as book/index.html; all pages of the book by default")
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--json", type=Path, help="write the measurements to this file, too")
    options = parser.parse_args()
    if not (options.site / "index.html").exists():
        raise SystemExit(f"{options.site}/index.html is missing. Build the site first: make site")
    load = wait_for_quiet(limit=0.5 * (os.cpu_count() or 1))
    found = measure(options.site, options.pages)
    print(table(found))
    print(f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after, on {os.cpu_count()} cores")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
