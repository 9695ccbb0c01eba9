"""Chapters keep the numbers of their files, which the text uses, also in a book that leaves some of them out."""

import re

from docutils import nodes
from sphinx.environment.collectors.toctree import TocTreeCollector

NUMBERED = re.compile(r"(\d+)_")


def number_of(page: str) -> int | None:
    """The number in a page's file name: 8 of "book/08_variational_autoencoder"."""
    found = NUMBERED.match(page.rsplit("/", 1)[-1])
    return int(found[1]) if found else None


def lift(env) -> None:
    """Raise the number of each numbered page to that of its file; one without follows the page before it."""
    last = 0
    for page, sections in env.toc_secnumbers.items():
        if sections.get(""):
            last = max(last + 1, number_of(page) or 0)
            env.toc_secnumbers[page] = {anchor: (last, *number[1:]) if number else None
                                        for anchor, number in sections.items()}
            for node in [env.titles[page], *env.tocs[page].findall(nodes.reference)]:
                if node.get("secnumber"):
                    node["secnumber"] = [last, *node["secnumber"][1:]]


def install(app):
    """Figures, theorems and exercises are numbered by Sphinx after the pages, and take up these numbers."""
    assign = TocTreeCollector.assign_section_numbers
    if getattr(assign, "lifts", False):
        return

    def assign_and_lift(self, env):
        rewritten = assign(self, env)
        lift(env)
        return rewritten

    assign_and_lift.lifts = True
    TocTreeCollector.assign_section_numbers = assign_and_lift


def setup(app):
    app.connect("builder-inited", install)  # when every extension has put its own way of numbering in place
    return {"parallel_read_safe": True, "parallel_write_safe": True}
