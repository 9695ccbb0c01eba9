"""The role {slide}`3: Real digits`: a link to a chapter's slides, at the section with this title."""

from chapter_numbers import number_of
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

logger = logging.getLogger(__name__)


class slide_link(nodes.Inline, nodes.TextElement):
    """The number of a chapter and the title of a section, until all pages are known."""


class SlideRole(SphinxRole):
    def run(self):
        return [slide_link(self.text, self.text)], []


class ResolveSlides(SphinxPostTransform):
    """A link where the chapter is in the book, else its words; a warning where the chapter has no such section."""

    default_priority = 8

    def run(self, **kwargs):
        pages = {number_of(page): page for page in self.env.found_docs if number_of(page)}
        for node in list(self.document.findall(slide_link)):
            number, _, title = node.astext().partition(": ")
            words = nodes.inline(title, f"{number}: {title}")
            if page := pages.get(int(number)):
                address = self.app.builder.get_relative_uri(self.env.docname, page)
                slide = "" if self.app.builder.name == "epub" else "slide="  # a book without slides has the section
                words = nodes.reference("", f"{number}: {title}", internal=True,
                                        refuri=f"{address}#{slide}{self.section(page, title, node)}")
            node.replace_self(words)

    def section(self, page: str, title: str, node: nodes.Node) -> str:
        """The id of the section of a page with this title."""
        sections = self.env.get_doctree(page).findall(nodes.section)
        found = [section["ids"][0] for section in sections if section[0].astext() == title.replace("'", "’")]
        if not found:
            logger.warning('%s has no section "%s"', page, title, location=node)
        return found[0] if found else ""


def setup(app):
    app.add_node(slide_link)
    app.add_role("slide", SlideRole())
    app.add_post_transform(ResolveSlides)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
