"""Google's Lighthouse on every page: a slow phone on a slow network, simulated, over a small server that compresses.

Run: python benchmarks/lighthouse.py [--site FOLDER] [--runs 3] [PAGE ...]

Beside the site's pages, in the same run, stands one of its notebooks as a default Jupyter Book makes a page of it: the
stored outputs, Jupyter Book's own configuration. (That page asks a server elsewhere for its formulas' scripts. Without
a network they fail at once, which flatters it.) Each number is the median of the runs; the times want a quiet machine.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from benchmarks.targets import Row

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from serve import QuietHandler  # noqa: E402

HERE = Path(__file__).parent
SITE = ROOT / "_build" / "html"
DEFAULT = ROOT / "book" / "02_percent_point_function.ipynb"
TEXT = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
AUDITS = {"lcp_s": ("largest-contentful-paint", 1e-3), "blocking_ms": ("total-blocking-time", 1),
          "shift": ("cumulative-layout-shift", 1), "first_paint_s": ("first-contentful-paint", 1e-3)}
CATEGORIES = "performance", "accessibility", "best-practices", "seo"


class Compressing(QuietHandler):
    """Sends text as GitHub Pages does, with gzip."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in TEXT or not path.is_file():
            return super().do_GET()
        body = gzip.compress(path.read_bytes(), 6)
        self.send_response(200)
        headers = {"Content-Type": TEXT[path.suffix], "Content-Encoding": "gzip", "Content-Length": len(body)}
        for name, value in headers.items():
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


def installed() -> Path:
    """Lighthouse's program, brought by npm in the version of benchmarks/package-lock.json."""
    program = HERE / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.exists():
        npm = shutil.which("npm") or sys.exit("npm was not found: install Node.js")
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=HERE, check=True)
    return program


def visit(url: str) -> dict[str, float]:
    """The scores and times of one visit."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    command = ["node", installed(), url, "--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}",
               "--chrome-flags=--headless=new --no-sandbox --disable-gpu"]
    done = subprocess.run(command, env=os.environ | {"CHROME_PATH": chromium or ""}, check=True, capture_output=True)
    report = json.loads(done.stdout)
    return {name: report["categories"][name]["score"] for name in CATEGORIES} | {
        name: report["audits"][audit]["numericValue"] * unit for name, (audit, unit) in AUDITS.items()}


def measure(site: Path, pages: list[str], runs: int) -> list[dict]:
    """The median of each number, for each page of a site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressing, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = []
        for page in pages:
            visits = [visit(f"http://127.0.0.1:{server.server_port}/{page}") for _ in range(runs)]
            found.append({"page": page} | {name: round(statistics.median(one[name] for one in visits), 3)
                                           for name in visits[0]})
            print(line(found[-1]), flush=True)
        server.shutdown()
    return found


def default_page(folder: Path) -> Path:
    """A site of one notebook, as Jupyter Book makes it where nothing is configured but that the outputs stay."""
    shutil.copy(DEFAULT, folder)
    (folder / "_config.yml").write_text("title: Default\nexecute: {execute_notebooks: 'off'}\n")
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: {DEFAULT.stem}\n")
    subprocess.run(["jupyter-book", "build", str(folder)], check=True, capture_output=True)
    return folder / "_build" / "html"


def line(one: dict) -> str:
    """A page's numbers as a line of text."""
    return f"{one['page']:46}" + "".join(f"{one[name]:10.2f}" for name in (*CATEGORIES, *AUDITS))


def rows(site: Path = SITE, pages: list[str] | None = None, runs: int = 3) -> tuple[list[Row], list[str]]:
    """The targets: of each number the worst page, and how far the default page stays behind."""
    names = pages or sorted(page.relative_to(site).as_posix() for page in site.glob("book/**/*.html"))
    print(f"{'page':46}" + "".join(f"{name[:9]:>10}" for name in (*CATEGORIES, *AUDITS)))
    found = measure(site, names, runs)
    with tempfile.TemporaryDirectory() as folder:
        plain = measure(default_page(Path(folder)), [f"{DEFAULT.stem}.html"], runs)[0]
    worst = {name: max(found, key=lambda one, name=name: one[name]) for name in AUDITS}
    least = min(found, key=lambda one: one["performance"])
    own = next((one for one in found if DEFAULT.stem in one["page"]), least)
    return [Row("lighthouse", least["performance"], least["page"]),
            *(Row(name, worst[name][name], worst[name]["page"]) for name in ("lcp_s", "blocking_ms", "shift")),
            Row("lighthouse_others", min(one[name] for one in found for name in CATEGORIES[1:])),
            Row("lighthouse_ahead", own["performance"] - plain["performance"],
                f"{own['performance']:.2f} and {plain['performance']:.2f}")], [line(one) for one in [*found, plain]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="such as book/index.html; all pages of the book by default")
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--runs", type=int, default=3)
    print(*rows(**vars(parser.parse_args()))[0], sep="\n")
