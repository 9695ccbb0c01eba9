"""The whole book as one PDF, printed from the built site by Chromium (`make pdf`).

Run: python tools/pdf.py [site] [file.pdf]
"""

import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path

import yaml
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfWriter

sys.path.insert(0, str(Path(__file__).parent))
from serve import bind

ROOT = Path(__file__).resolve().parents[1]
NUMBER = '<div style="width:100%;font-size:8px;text-align:center"><span class="title"></span></div>'


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """The pages of the site in the book's order."""
    listed = yaml.safe_load(toc.read_text(encoding="utf-8"))
    return [listed["root"], *(entry["file"] for part in listed["parts"] for entry in part["chapters"])]


def print_pages(browser: Browser, site: str, names: list[str], folder: Path) -> list[tuple[str, Path]]:
    """Each page of the site at this address as a PDF of its own, with its title."""
    printed, page = [], browser.new_page()
    for i, name in enumerate(names):
        page.goto(f"{site}/{name}.html", wait_until="load")
        page.evaluate("course.all()")  # the figures, which come when a reader is near
        count = page.locator(".figure-place").count()
        page.wait_for_function("n => document.querySelectorAll('.explorer-view[data-values]').length >= n", arg=count)
        page.pdf(path=(file := folder / f"{i}.pdf"), format="A4", scale=0.75, print_background=True,
                 display_header_footer=True, header_template="<span></span>", footer_template=NUMBER,
                 margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"})
        printed.append((page.title().split(" — ")[0], file))
        print(f"  {printed[-1][0]}", flush=True)
    page.close()
    return printed


def main(site: str = "_build/html", target: str = "_build/book.pdf") -> None:
    if not (Path(site) / "index.html").exists():
        raise SystemExit(f"{site}/index.html is missing. Build the site first: make site")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("No Chromium found: install it, or set CHROMIUM to its path.")
    with (bind(Path(site), 0) as server, sync_playwright() as playwright, PdfWriter() as book,
          tempfile.TemporaryDirectory() as folder):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        address = f"http://127.0.0.1:{server.server_port}"
        for title, file in print_pages(browser, address, pages(), Path(folder)):
            book.append(file, outline_item=title)
        server.shutdown()
        book.write(new := Path(folder, "book.pdf"))
        shutil.move(new, target)
        print(f"{target}: {len(book.pages)} pages, {Path(target).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
