"""The book as an EPUB: formulas as MathML, pages that are XML, what the package's list has to say of them.

Used by tools/epub.py. Formulas carry their source as `alttext`, for readers without MathML. What is folded on the site
by a script is folded here by `<details>`.
"""

import re
from pathlib import Path
from xml.dom.minidom import Document, Element, parseString

from sphinx.builders.epub3 import Epub3Builder
from sphinx.errors import ExtensionError
from sphinxcontrib import katex

ONLY_ON_THE_SITE = re.compile(r'<form\b.*?</form>|<script\b.*?</script>|<div class="keeping.*?</div>'
                              r'|<p class="continue">.*?</p>', re.DOTALL)
HAS_NO_VALUE = re.compile(r"(<details[^>]*) open(?=[ >])")
ACCESS = """\
    <meta property="schema:accessMode">textual</meta>
    <meta property="schema:accessMode">visual</meta>
    <meta property="schema:accessModeSufficient">textual</meta>
    <meta property="schema:accessibilityFeature">alternativeText</meta>
    <meta property="schema:accessibilityFeature">MathML</meta>
    <meta property="schema:accessibilityFeature">structuralNavigation</meta>
    <meta property="schema:accessibilityFeature">tableOfContents</meta>
    <meta property="schema:accessibilityHazard">none</meta>
    <meta property="schema:accessibilitySummary">Pictures have texts that describe them; formulas are MathML.</meta>
  </metadata>"""


def xml(page: str, name: str) -> Document:
    """The page as XML, without what only the site can use."""
    page = ONLY_ON_THE_SITE.sub("", page).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    page = HAS_NO_VALUE.sub(r'\1 open="open"', page).replace("&nbsp;", "&#160;")
    try:
        return parseString(page.encode())
    except Exception as error:
        raise ExtensionError(f"{name} is not XML, which an EPUB needs: {error}. Close every tag of its raw HTML, and "
                             "give every attribute a value.") from None


def fold(page: Document) -> None:
    """Make of what the site's script would fold, a proof or a solution, an element that folds by itself."""
    for block in page.getElementsByTagName("div"):
        classes = block.getAttribute("class").split()
        heads = [node for node in block.childNodes if isinstance(node, Element) and "admonition-title" in
                 node.getAttribute("class").split()]
        if {"dropdown", "toggle"} & set(classes) and heads:
            block.tagName = "details"
            heads[0].tagName = "summary"
            block.insertBefore(heads[0], block.firstChild)


def plain_heads(page: Document) -> None:
    """A folded block's head is one line of text, without the site's signs for open and closed."""
    for head in page.getElementsByTagName("summary"):
        for sign in [tag for tag in head.getElementsByTagName("span") if "marker" in tag.getAttribute("class")]:
            sign.parentNode.removeChild(sign)
        if lines := head.getElementsByTagName("p"):  # one for open, one for closed
            head.childNodes = [lines[0]]
            lines[0].tagName = "span"
        if head.hasAttribute("aria-label"):
            head.removeAttribute("aria-label")


def unique_ids(page: Document) -> None:
    """An id stands once on a page: exercises and proofs share some on the site, where nothing leads to them."""
    seen = set()
    for tag in page.getElementsByTagName("*"):
        name = tag.getAttribute("id")
        if name in seen:
            tag.removeAttribute("id")
        seen |= {name} - {""}


def without_lost_sheets(page: Document, folder: Path) -> None:
    """Take out the style sheets that Sphinx's extensions copy for the site alone."""
    for link in page.getElementsByTagName("link"):
        if not (folder / link.getAttribute("href")).exists():
            link.parentNode.removeChild(link)


def name_formulas(page: Document) -> None:
    for formula in page.getElementsByTagName("math"):
        source = formula.getElementsByTagName("annotation")[0]
        formula.setAttribute("alttext", " ".join(source.firstChild.data.split()))


def properties(page: str) -> str:
    """What the package's list says of a page: that it holds MathML, or SVG."""
    return " ".join(kind for kind, tag in {"mathml": "<math ", "svg": "<svg "}.items() if tag in page)


class CourseEpub(Epub3Builder):
    """Sphinx's EPUB; its pages are put right before the package is made of them."""

    def handle_finish(self):
        for script in Path(self.outdir).rglob("*.js"):
            script.unlink()
        for path in Path(self.outdir).rglob("*.xhtml"):
            page = xml(path.read_text(encoding="utf-8"), path.name)
            for put_right in (fold, plain_heads, unique_ids, name_formulas):
                put_right(page)
            without_lost_sheets(page, path.parent)
            path.write_text(f"<!DOCTYPE html>\n{page.documentElement.toxml()}\n", encoding="utf-8")
        super().handle_finish()

    def build_content(self):
        super().build_content()
        package = Path(self.outdir, "content.opf")
        listed = re.sub(r'(<item [^>]*href="([^"]+\.xhtml)"[^>]*?) ?/>', self.with_properties,
                        package.read_text(encoding="utf-8"))
        listed = listed.replace("  </metadata>", ACCESS, 1)
        package.write_text(listed, encoding="utf-8")

    def with_properties(self, item: re.Match) -> str:
        path = Path(self.outdir, item[2])
        found = properties(path.read_text(encoding="utf-8")) if path.exists() else ""
        return f'{item[1]} properties="{found}"/>' if found and "properties=" not in item[1] else item[0]


def as_mathml(app):
    """Have KaTeX write MathML, and take it without the element around it."""
    render = katex.render_latex

    def mathml(latex, options=None):
        html = render(latex, (options or {}) | {"output": "mathml"})
        return re.search(r"<math.*</math>", html, re.DOTALL)[0]

    katex.render_latex = mathml


def setup(app):
    app.add_builder(CourseEpub, override=True)
    app.connect("builder-inited", as_mathml)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
