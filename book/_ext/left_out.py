"""A book that leaves out pages: `_toc.yml` decides, and every page follows it.

A link to a page that is not in the book becomes its words. The map on the landing page and the tables of chapters lose
its line. Where the text names a chapter that is left out, the first time on a page, it says so. The label
`first-chapter` is the first numbered page, whichever that is.
"""

import re
from pathlib import Path

import nbformat
from chapter_numbers import number_of
from docutils import nodes
from shorter import depart_item, replace, shorten_map, shorten_table, visit_item
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

NAMED = re.compile(r"\b[Cc]hapter (\d+)\b")
KINDS = ".ipynb", ".md"
PROSE = nodes.paragraph, nodes.emphasis, nodes.strong, nodes.inline


def title(file: Path) -> str:
    """The title of a page that is not in the book."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".ipynb":
        text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
    return re.search(r"^# (.+)$", text, re.MULTILINE)[1]


def cited(entry) -> tuple[str, str]:
    """The authors and the year of a source, for a book without the page of references."""
    names = [" ".join(person.last_names) for person in entry.persons["author"]]
    authors = " and ".join(names) if len(names) < 3 else f"{names[0]} and others"
    return authors, entry.fields["year"]


class LeftOut(SphinxPostTransform):
    """Takes out of a page what would lead to pages that are not in the book."""

    default_priority = 8  # before MyST, which warns of links to them

    def run(self, **kwargs):
        files = [file for kind in KINDS for file in Path(self.env.srcdir, "book").glob(f"*{kind}")]
        left_out = {number_of(file.stem) for file in files} - {number_of(page) for page in self.env.found_docs} - {None}
        if left_out:
            shorten_map(self.document, left_out)
            for table in self.document.findall(nodes.table):
                shorten_table(table, left_out)
        for link in list(self.document.findall(addnodes.pending_xref)):
            if words := self.words(link):
                link.replace_self(nodes.inline(words, words))
        self.say_so(left_out)

    def words(self, link: addnodes.pending_xref) -> str | None:
        """What stands in place of a link to a page that is left out; None where the page is in the book."""
        kind, domains = f"{link.get('refdomain')}:{link['reftype']}", self.env.domains
        if kind == "std:term" and not any(name == "term" for name, _ in domains["std"].objects):
            return link.astext()
        if link.get("refdomain") == "cite" and not domains["cite"].bibliographies:
            entries = domains["cite"].bibdata.data.entries
            keys = [target.key for target in parse_citation_targets(link["reftarget"])]
            form = "{} ({})" if link["reftype"] == "t" else "({}, {})"
            return ", ".join(form.format(*cited(entries[key])) for key in keys) if set(keys) <= set(entries) else None
        if link.get("refdomain") == "doc" and link["reftarget"] not in self.env.found_docs:
            files = [Path(self.env.srcdir, f"{link['reftarget']}{kind}") for kind in KINDS]
            return next((link.astext() or title(file) for file in files if file.is_file()), None)

    def say_so(self, left_out: set[int]) -> None:
        """Say of each chapter that is left out, where a page first names it, that it is not in this book."""
        told = set()

        def mark(found: re.Match) -> str:
            known = (number := int(found[1])) not in left_out or number in told
            told.add(number)
            return found[0] if known else f"{found[0]} (not in this book)"

        for text in [text for text in self.document.findall(nodes.Text) if isinstance(text.parent, PROSE)]:
            if left_out and (new := NAMED.sub(mark, text.astext())) != text.astext():
                replace(text, new)


def name_first_chapter(app, env) -> list[str]:
    first = next((page for page, sections in env.toc_secnumbers.items() if sections.get("")), None)
    if first:
        env.domains["std"].anonlabels["first-chapter"] = first, ""
    return []  # no page has to be read again


def setup(app):
    app.connect("env-get-updated", name_first_chapter, priority=900)  # once the pages have their numbers
    app.add_node(nodes.list_item, override=True, html=(visit_item, depart_item))
    app.add_post_transform(LeftOut)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
