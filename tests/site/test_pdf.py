"""The book on paper."""

from pypdf import PdfReader
from support import tool


def test_pages_are_printed_in_order_with_their_text_and_titles(browser, site_url, tmp_path):
    pdf = tool("pdf")
    names = pdf.pages()
    assert names[0] == "book/index" and names[1].startswith("book/01_")
    printed = pdf.print_pages(browser, site_url, names[:2], tmp_path)
    assert [title for title, _ in printed] == ["Generative models from one line", "1. What is a generative model?"]
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(printed[1][1]).pages).split())
    assert "Further reading" in text and "globe 12.566 sr" in text
    assert "Every model produces an answer" in text and "The density is one over the area" in text, "closed on paper"
