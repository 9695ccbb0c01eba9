"""What search engines and social sites read of a page: the question that it asks, and the book's card.

A page's description is its first paragraph, in a chapter the question, or the `description` of its front matter.
"""

import re
from html import escape, unescape

from address import site
from docutils import nodes

CARD = "_static/card.png"
CARD_ALT = "The book's title, four sliders, and the digit that a network draws from their four numbers."
LONGEST = 260


def describe(doctree, metadata: dict) -> str:
    """The description of a page, whole sentences where that leaves enough."""
    text = metadata.get("description") or next((first_paragraph(s) for s in doctree.findall(nodes.section)), "")
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        return text
    sentences = re.match(rf".{{60,{LONGEST}}}[.?!](?= )", text)
    return sentences[0] if sentences else text[: text.rindex(" ", 0, LONGEST)] + " …"


def first_paragraph(section) -> str:
    return next((child.astext() for child in section.children if isinstance(child, nodes.paragraph)), "")


def tags(title: str, description: str, book: str, url: str | None, address: str | None) -> list[str]:
    """The tags of a page; those with addresses only where the site's is known."""
    properties = {"og:title": title, "og:type": "article" if title != book else "website", "og:site_name": book,
                  "og:description": description}
    if address:
        properties |= {"og:url": url, "og:image": address + CARD, "og:image:alt": CARD_ALT}
    found = [f'<meta property="{name}" content="{escape(text)}">' for name, text in properties.items()]
    card = "summary_large_image" if address else "summary"
    return [f'<meta name="description" content="{escape(description)}">', *found,
            f'<meta name="twitter:card" content="{card}">']


def add_tags(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    title = unescape(re.sub(r"<[^>]+>", "", context["title"]))
    description = describe(doctree, app.env.metadata[pagename])
    found = tags(title, description, app.config.html_title, context.get("pageurl"), site())
    context["metatags"] = "\n".join([context.get("metatags", ""), *found])


def set_address(app, config):
    """Sphinx writes the canonical link of each page from this."""
    config.html_baseurl = site() or ""


def setup(app):
    app.connect("config-inited", set_address)
    app.connect("html-page-context", add_tags)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
