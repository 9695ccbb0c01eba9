"""The files around the pages: the page for wrong addresses, ways from the root and old addresses, the site's map."""

import re
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import relpath
from urllib.parse import urljoin, urlsplit

from address import site

RELATIVE = re.compile(r'\b((?:href|src|action|data-content_root)=")(?![a-z]+:|[/#])([^"]*)"')
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}</urlset>\n'
MOVED = {"book/12_report": "book/13_report"}  # where a page has been, and where it is
FORWARD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={to}">
<link rel="icon" href="{icon}">
{head}
</head>
<body><a href="{to}">{title}</a></body>
</html>
"""


def rooted(page: str, folder: str) -> str:
    """The page with every relative address made one from `folder`, so that it works at any depth."""
    return RELATIVE.sub(lambda found: f'{found[1]}{urljoin(folder, found[2])}"', page)


def head_of(page: str) -> str:
    """The title, the description and the card of a page."""
    return "\n".join(re.findall(r'<title>.*?</title>|<meta (?:name="description"|name="twitter|property=)[^>]*>'
                                r'|<link rel="canonical"[^>]*>', page, re.DOTALL))


def forward(app, old: str, new: str) -> None:
    """Write a page at the old address that leads to the new one, unless both are the same."""
    if old == new:
        return
    out, folder = Path(app.outdir), PurePosixPath(old).parent
    page = FORWARD.format(language=app.config.language, to=relpath(new, folder), title=escape(app.config.html_title),
                          icon=relpath("_static/favicon.svg", folder), head=head_of((out / new).read_text("utf-8")))
    (out / old).write_text(page, encoding="utf-8")


def write(app, exception):
    if exception or app.builder.name != "html":
        return
    out, address = Path(app.outdir), site()
    missing = out / "404.html"
    missing.write_text(rooted(missing.read_text(encoding="utf-8"), urlsplit(address).path if address else "/"),
                       encoding="utf-8")
    ways = {old: new for old, new in MOVED.items() if new in app.env.found_docs} | {"index": app.config.root_doc}
    for old, new in ways.items():
        forward(app, app.builder.get_target_uri(old), app.builder.get_target_uri(new))
    if address:
        urls = sorted(urljoin(address, app.builder.get_target_uri(name)) for name in app.env.found_docs)
        (out / "sitemap.xml").write_text(
            SITEMAP.format("".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in urls)), encoding="utf-8")


def setup(app):
    app.connect("build-finished", write, priority=900)  # from the pages as they stay
    return {"parallel_read_safe": True, "parallel_write_safe": True}
