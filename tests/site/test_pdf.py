"""The book on paper."""

from pypdf import PdfReader
from support import ROOT, tool


def test_pages_are_printed_in_order_with_their_text_and_titles(site_url, chromium_path, monkeypatch, tmp_path):
    monkeypatch.setenv("CHROMIUM", chromium_path)
    pdf = tool("pdf")
    names = pdf.pages()
    assert names[0] == "book/index" and names[1].startswith("book/01_")
    printed = pdf.print_pages(ROOT / "_build" / "html", names[:2], tmp_path)
    assert [title for title, _ in printed] == ["Generative models from one line", "1. What is a generative model?"]
    text = "".join(page.extract_text() for page in PdfReader(printed[1][1]).pages)
    assert "Further reading" in text and "globe 12.566 sr" in text
