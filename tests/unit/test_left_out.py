"""A book that leaves out chapters: links, the map, tables and numbers follow `_toc.yml`."""

import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from support import ROOT, tool

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "sphinx_design", "sphinxcontrib.bibtex", "sphinx_multitoc_numbering", "chapter_numbers",
              "left_out"]
root_doc, bibtex_bibfiles, numfig = "book/index", [{str(ROOT / "book" / "references.bib")!r}], True
myst_enable_extensions, exclude_patterns = ["colon_fence"], ["book/02*", "book/04*"]
"""
INDEX = """\
# Course

Begin with [](02_second.md), then [the third](03_third.md), or [at the start](#first-chapter).

:::::{div} course-map
::::{div} part part-1
**One**

1. [](01_first.md)

   *20 min*

On to the second.
::::
::::{div} part part-2
**Two**

2. [](02_second.md)

   *20 min · after 1*

And on.
::::
::::{div} part part-3
**Three**

3. [](03_third.md)

   *20 min · after 1 and 2*
4. [](04_fourth.md)

   *20 min · after 3*
5. [](05_fifth.md)

   *20 min · after 4*
::::
:::::

```{toctree}
:numbered: 1
01_first
03_third
05_fifth
```
"""
THIRD = """\
# Third

| chapter | of the course |
|---|---|
| 2 Second | 1 |
| 3 Third | 1, 2 |
| 5 Fifth | 4 |

A {term}`word` of Chapter 2, and Chapter 2 again, of Chapter 5 {cite}`kingma2014`, and of {cite:t}`foster2019`.
"""


def write_book(folder):
    (folder / "book").mkdir()
    (folder / "conf.py").write_text(CONF)
    (folder / "book" / "index.md").write_text(INDEX)
    (folder / "book" / "01_first.md").write_text("# First\n")
    (folder / "book" / "03_third.md").write_text(THIRD)
    (folder / "book" / "05_fifth.md").write_text("# Fifth\n")
    (folder / "book" / "02_second.md").write_text("# Second\n")
    (folder / "book" / "04_fourth.md").write_text("# Fourth\n")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of a book without its chapters 2 and 4, without a glossary and without a page of references."""
    folder = tmp_path_factory.mktemp("left-out")
    write_book(folder)
    subprocess.run([sys.executable, "-m", "sphinx", "-qW", ".", "site"], cwd=folder, check=True)
    return {name: BeautifulSoup((folder / "site" / "book" / f"{name}.html").read_text("utf-8"), "html.parser")
            for name in ("index", "03_third")}


def test_a_link_to_a_page_that_is_left_out_becomes_its_words(pages):
    first = pages["index"].select_one("section > p")
    assert first.text == "Begin with Second, then the third, or at the start."
    assert [link["href"] for link in first.select("a")] == ["03_third.html", "01_first.html"]


def test_the_map_loses_chapters_and_parts_and_what_led_to_them(pages):
    parts = pages["index"].select(".part")
    assert [part.strong.text for part in parts] == ["One", "Three"]
    assert "On to the second" not in parts[0].text and "And on" not in parts[1].text
    assert [(item["value"], item.a.text, item.em.text) for item in pages["index"].select(".part li")] == [
        ("1", "First", "20 min"), ("3", "Third", "20 min · after 1"), ("5", "Fifth", "20 min")]


def test_tables_of_chapters_lose_their_rows(pages):
    rows = [[cell.text for cell in row.select("td")] for row in pages["03_third"].select("tbody tr")]
    assert rows == [["3 Third", "1"], ["5 Fifth", ""]]


def test_the_text_says_once_that_a_chapter_is_not_in_the_book_and_keeps_words_and_sources(pages):
    said = " ".join(pages["03_third"].select_one("section > p").text.split())
    assert said == ("A word of Chapter 2 (not in this book), and Chapter 2 again, of Chapter 5 (Kingma and Welling, "
                    "2014), and of Foster (2019).")


def test_chapters_keep_the_numbers_of_their_files(pages):
    assert pages["03_third"].h1.text.startswith("3. Third")
    assert [item.text for item in pages["index"].select(".toctree-wrapper a")] == ["1. First", "3. Third", "5. Fifth"]


def test_a_link_to_a_page_that_does_not_exist_is_still_reported(tmp_path):
    write_book(tmp_path)
    (tmp_path / "book" / "01_first.md").write_text("# First\n\n[](06_sixth.md)\n")
    done = subprocess.run([sys.executable, "-m", "sphinx", "-qW", ".", "site"], cwd=tmp_path, text=True,
                          capture_output=True)
    assert done.returncode and "06_sixth" in done.stderr


def test_half_of_the_book_builds_without_the_other_half(tmp_path):
    """Every second page; `make rehearse WHICH=shorter` leaves out each page and each part."""
    books = tool("rehearse_books")
    every = [page for part in books.contents()["parts"] for page in books.pages_of(part)]
    assert books.build(tmp_path / "book", every[1::2]) == ""
