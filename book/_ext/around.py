"""The files around the pages: the page for wrong addresses, the way from the root to the book, the site's map."""

import re
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from address import site

RELATIVE = re.compile(r'\b((?:href|src|action|data-content_root)=")(?![a-z]+:|[/#])([^"]*)"')
SITEMAP = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}</urlset>\n'
ROOT = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={start}">
<link rel="icon" href="_static/favicon.svg">
{head}
</head>
<body><a href="{start}">{title}</a></body>
</html>
"""


def rooted(page: str, folder: str) -> str:
    """The page with every relative address made one from `folder`, so that it works at any depth."""
    return RELATIVE.sub(lambda found: f'{found[1]}{urljoin(folder, found[2])}"', page)


def head_of(page: str) -> str:
    """The title, the description and the card of a page."""
    return "\n".join(re.findall(r'<title>.*?</title>|<meta (?:name="description"|name="twitter|property=)[^>]*>'
                                r'|<link rel="canonical"[^>]*>', page, re.DOTALL))


def write(app, exception):
    if exception or app.builder.name != "html":
        return
    out, address = Path(app.outdir), site()
    missing = out / "404.html"
    missing.write_text(rooted(missing.read_text(encoding="utf-8"), urlsplit(address).path if address else "/"),
                       encoding="utf-8")
    start = app.builder.get_target_uri(app.config.root_doc)
    if start != "index.html":
        head = head_of((out / start).read_text(encoding="utf-8"))
        (out / "index.html").write_text(ROOT.format(language=app.config.language, start=start, head=head,
                                                    title=escape(app.config.html_title)), encoding="utf-8")
    if address:
        urls = sorted(urljoin(address, app.builder.get_target_uri(name)) for name in app.env.found_docs)
        (out / "sitemap.xml").write_text(
            SITEMAP.format("".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in urls)), encoding="utf-8")


def setup(app):
    app.connect("build-finished", write, priority=900)  # from the pages as they stay
    return {"parallel_read_safe": True, "parallel_write_safe": True}
