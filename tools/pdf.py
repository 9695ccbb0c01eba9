"""The whole book as one PDF, printed from the built site by Chromium (`make pdf`).

Run: python tools/pdf.py [site] [file.pdf]

All pages are put into one before they are printed: so links between chapters stay links, and the PDF is tagged, with
the texts that describe pictures. Live figures stand as their still pictures.
"""

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import urldefrag

import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

sys.path.insert(0, str(Path(__file__).parent))
from serve import bind

ROOT = Path(__file__).resolve().parents[1]
NAMING = "for", "aria-labelledby", "aria-describedby", "aria-controls"
LEFT_OUT = "script, .headerlink, .figure-place, form, noscript p, .printed, .keeping, .continue"
HEADINGS = "h1", "h2", "h3", "h4", "h5", "h6"
NUMBER = '<div style="width:100%;font-size:8px;text-align:center"><span class="pageNumber"></span></div>'
BOOK = """<!DOCTYPE html>
<html lang="{language}" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>{sheets}
<style>article.bd-article {{ break-before: page; }} article:first-child {{ break-before: auto; }}
.contents ol {{ list-style: none; columns: 2; }} .contents {{ break-inside: avoid; }}</style></head>
<body><main class="bd-main bd-content">{articles}</main></body></html>
"""


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """The pages of the site in the book's order."""
    listed = yaml.safe_load(toc.read_text(encoding="utf-8"))
    parts = listed.get("parts", [listed])
    return [listed["root"], *(entry["file"] for part in parts for entry in part["chapters"])]


def place(name: str, fragment: str = "") -> str:
    """The id in the one page of what has this id on this page of the site."""
    return f"{name}:{fragment}" if fragment else name


def lead(link: Tag, name: str, names: list[str]) -> None:
    """Make a link to a page of the book one within it; one to another page of the site becomes its words."""
    if ":" in link["href"].split("/")[0]:
        return
    address, fragment = urldefrag(link["href"])
    page = normpath(join(dirname(name), address)).removesuffix(".html") if address else name
    if page in names:
        link["href"] = f"#{place(page, fragment)}"
    else:
        link.unwrap()


def article(text: str, name: str, names: list[str]) -> Tag:
    """What a page of the site says, to stand in one page with the others: its ids, links and pictures say whose."""
    found = BeautifulSoup(text, "html.parser").select_one("article")
    for tag in found.select(LEFT_OUT):
        tag.decompose()
    for tag in found.select("noscript"):
        tag.unwrap()  # the still picture of a live figure
    for number in found.select(".section-number"):
        number.replace_with(number.get_text())  # the outline would have it twice
    found.smooth()
    for formula in found.select(".katex"):  # drawn; who does not see it hears its source
        formula.attrs |= {"role": "img", "aria-label": formula.annotation.get_text()}
        formula.select_one(".katex-mathml").decompose()
        del formula.select_one(".katex-html")["aria-hidden"]
    for tag in found.select("[id]"):
        tag["id"] = place(name, tag["id"])
    for kind in NAMING:
        for tag in found.select(f"[{kind}]"):
            tag[kind] = " ".join(place(name, one) for one in tag[kind].split())
    for link in found.select("a[href]"):
        lead(link, name, names)
    for picture in found.select("img"):
        picture["src"] = normpath(join("/", dirname(name), picture["src"]))
        picture["loading"] = "eager"
    for folded in found.select("details"):
        folded["open"] = ""
    for head in found.select("details.hide > summary > *"):
        head.string = "The code of this figure"  # on the site it says that the code can be hidden
    found["id"] = place(name)
    return found


def contents(articles: list[Tag]) -> str:
    lines = [f'<li><a href="#{one["id"]}">{one.h1.get_text()}</a></li>' for one in articles]
    return f'<nav class="contents" aria-label="Contents"><h2>Contents</h2><ol>{"".join(lines)}</ol></nav>'


def one_page(site: Path, names: list[str]) -> str:
    """The book as one HTML page that lies at the site's root; its contents follow the first page's text."""
    texts = {name: (site / f"{name}.html").read_text(encoding="utf-8") for name in names}
    first = BeautifulSoup(texts[names[0]], "html.parser")
    sheets = "".join(f'<link rel="stylesheet" href="{normpath(join("/", dirname(names[0]), link["href"]))}">'
                     for link in first.select('link[rel="stylesheet"]'))
    articles = [article(text, name, names) for name, text in texts.items()]
    told = [str(articles[0]).removesuffix("</article>"), contents(articles[1:]), "</article>", *map(str, articles[1:])]
    return BOOK.format(language=first.html["lang"], title=first.title.string, sheets=sheets, articles="".join(told))


def print_book(browser: Browser, address: str, text: str, target: Path) -> None:
    """Print one page, as if it lay at the site's root, to a tagged PDF with an outline of its headings."""
    page = browser.new_page()
    page.route("**/whole-book.html", lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.goto(f"{address}/whole-book.html", wait_until="load", timeout=300_000)
    page.pdf(path=target, format="A4", scale=0.75, print_background=True, tagged=True, outline=True,
             display_header_footer=True, header_template="<span></span>", footer_template=NUMBER,
             margin={"top": "18mm", "bottom": "18mm", "left": "16mm", "right": "16mm"})
    page.close()
    correct_outline(target, text)


def entries(node: DictionaryObject) -> Iterator[DictionaryObject]:
    """The entries of an outline below one of them, from the first to the last."""
    below = node.get("/First")
    while below is not None:
        yield (entry := below.get_object())
        yield from entries(entry)
        below = entry.get("/Next")


def correct_outline(file: Path, text: str) -> None:
    """Write the headings of the page into the outline: Chromium's says those at the top of a sheet twice."""
    headings = [" ".join(tag.get_text().split()) for tag in BeautifulSoup(text, "html.parser").find_all(HEADINGS)]
    book = PdfWriter(clone_from=file)
    for entry, heading in zip(entries(book.root_object["/Outlines"].get_object()), headings, strict=True):
        entry[NameObject("/Title")] = TextStringObject(heading)
    book.write(file)


def main(site: str = "_build/html", target: str = "_build/book.pdf") -> None:
    if not (Path(site) / "index.html").exists():
        raise SystemExit(f"{site}/index.html is missing. Build the site first: make site")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("No Chromium found: install it, or set CHROMIUM to its path.")
    with bind(Path(site), 0) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        new = Path(target).with_suffix(".new")
        print_book(browser, f"http://127.0.0.1:{server.server_port}", one_page(Path(site), pages()), new)
        server.shutdown()
        shutil.move(new, target)
        print(f"{target}: {Path(target).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
