"""The book in an e-reader: the package, its links, pictures and formulas. `make rehearse WHICH=printed`: epubcheck."""

import posixpath
import re
import zipfile
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import pytest
from support import CHAPTERS, tool

X, M = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/1998/Math/MathML}"
OPF = "{http://www.idpf.org/2007/opf}"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Every file of the EPUB, pages as trees."""
    with zipfile.ZipFile(tool("epub").build(tmp_path_factory.mktemp("epub"))) as package:
        files = {name: package.read(name) for name in package.namelist()}
    return {name: ElementTree.fromstring(data) if name.endswith((".xhtml", ".opf")) else data
            for name, data in files.items()}


@pytest.fixture(scope="module")
def pages(book):
    return {name: tree for name, tree in book.items() if name.endswith(".xhtml")}


def test_the_chapters_stand_in_the_order_of_the_contents(book):
    package = book["content.opf"]
    places = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    order = [places[item.get("idref")].removesuffix(".xhtml") for item in package.iter(f"{OPF}itemref")]
    listed = tool("pdf").pages()
    assert [name for name in order if name in listed] == listed


def test_every_link_inside_leads_to_a_place_in_the_book(pages):
    ids = {name: {tag.get("id") for tag in tree.iter()} for name, tree in pages.items()}
    broken, inside = [], 0
    for name, tree in pages.items():
        for link in tree.iter(f"{X}a"):
            address, fragment = urldefrag(unquote(link.get("href", "")))
            if ":" in address:
                continue
            page = posixpath.normpath(posixpath.join(posixpath.dirname(name), address)) if address else name
            inside += page != name
            if page not in ids or (fragment and fragment not in ids[page]):
                broken.append((name, link.get("href")))
    assert broken == [] and inside > 300


def test_pictures_are_there_with_the_texts_that_describe_them(book, pages):
    pictures = [(name, tag) for name, tree in pages.items() for tag in tree.iter(f"{X}img")]
    assert len(pictures) > 80
    for name, picture in pictures:
        assert posixpath.normpath(posixpath.join(posixpath.dirname(name), picture.get("src"))) in book
        assert len(picture.get("alt", "")) > 20 and not picture.get("alt").startswith(".."), (name, picture.attrib)
    assert any(picture.get("alt").startswith("A live figure") for _, picture in pictures)


def test_formulas_are_mathml_with_their_source(pages):
    formulas = [tag for tree in pages.values() for tag in tree.iter(f"{M}math")]
    assert len(formulas) > 1000 and all(tag.get("alttext") for tag in formulas)
    assert not [tag for tree in pages.values() for tag in tree.iter() if "katex" in (tag.get("class") or "")]


def test_solutions_are_folded_and_nothing_needs_a_script(book, pages):
    exercises = re.findall(r"\{solution\} ex-", "".join(page.read_text("utf-8") for page in CHAPTERS))
    folded = [tag for tree in pages.values() for tag in tree.iter(f"{X}details")]
    assert sum("solution" in (tag.get("class") or "").split() for tag in folded) == len(exercises)
    assert all(len(tag) and tag[0].tag == f"{X}summary" and "".join(tag[0].itertext()).strip() for tag in folded)
    assert not [name for name in book if name.endswith(".js")]
    assert not [tag for tree in pages.values() for kind in ("script", "form") for tag in tree.iter(f"{X}{kind}")]


def test_the_package_says_which_pages_hold_formulas_and_drawings(book):
    said = {item.get("href"): item.get("properties") for item in book["content.opf"].iter(f"{OPF}item")}
    assert said["book/index.xhtml"] == "mathml svg" and said["nav.xhtml"] == "nav"
