"""The book on paper: some of its pages, printed as one."""

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from support import tool

pdf = tool("pdf")
NAMES = ["book/index", "book/01_what_is_a_generative_model", "book/appendix/notation"]


@pytest.fixture(scope="module")
def printed(browser, site_url, tmp_path_factory):
    target = tmp_path_factory.mktemp("paper") / "book.pdf"
    pdf.print_book(browser, site_url, pdf.one_page(tool("rehearse_books").ROOT / "_build" / "html", NAMES), target)
    return PdfReader(target)


def targets(reader) -> list:
    """Where the links of all pages lead: a place in the file, or an address."""
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    return [note.get("/Dest", note.get("/A", {}).get("/URI")) for note in notes if note["/Subtype"] == "/Link"]


def test_the_book_lists_every_page_of_the_contents_once():
    names = pdf.pages()
    assert names[0] == "book/index" and names[1].startswith("book/01_") and len(set(names)) == len(names)


def test_pages_are_printed_in_order_with_what_is_folded(printed):
    text = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    order = "The way there", "Contents", "globe 12.566 sr", "Further reading", "Glossary"
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Every model produces an answer" in text and "The density is one over the area" in text, "closed on paper"
    assert "The code of this" in text and "Hide the code" not in text and "Details" not in text


def test_links_between_pages_lead_to_places_in_the_file(printed):
    found = targets(printed)
    inside = [target for target in found if target and not str(target).startswith(("http:", "https:"))]
    assert len(inside) > 50 and not any("127.0.0.1" in str(target) for target in found)
    missing = {str(target) for target in inside} - {str(name) for name in printed.named_destinations}
    assert not missing, missing
    assert any("notation:term-density" in target for target in map(str, inside)), "a word of chapter 1 in the glossary"


def test_pictures_and_formulas_keep_the_texts_that_describe_them(printed):
    assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
    objects = [printed.get_object(k) for k in range(1, printed.trailer["/Size"])]
    said = {str(one["/Alt"]) for one in objects if isinstance(one, DictionaryObject) and "/Alt" in one}
    assert any(text.startswith("A live figure: a menu of ten digits") for text in said)
    assert any("\\operatorname{area}" in text for text in said), sorted(said)


def test_the_outline_has_the_chapters(printed):
    titles = [entry.title for entry in printed.outline if not isinstance(entry, list)]
    assert titles == ["Generative models from one line", "1. What is a generative model?", "Notation and glossary"]
