"""What is done to all pages once they are built: light pictures, one script, one style sheet, downloads, a policy."""

import re
from hashlib import sha256
from pathlib import Path

from downloads import downloads
from pictures import light_pictures
from policy import with_policy
from scripts import one_script
from styles import one_sheet

STEPS = light_pictures, one_script, one_sheet, downloads
OWN_FILE = re.compile(r'((?:href|src|data-code)="(?:\.\./)*)(_static/site\.\w+|vendor/widgets\.js)"')


def write(app, exception):
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    found = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    pages = {name: page for name, page in found.items() if "data-content_root" in page}
    for step in STEPS:
        pages = step(out, pages)
    pages = with_policy(out, {name: with_versions(out, page) for name, page in pages.items()})
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")


def with_versions(out: Path, page: str) -> str:
    """The page with a hash at the addresses of the site's shared files: an old one in a cache meets no new page."""
    return OWN_FILE.sub(lambda found: f'{found[1]}{found[2]}?v={version(out / found[2])}"', page)


def version(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else ""


def begin_anew(app):
    """Pages of an earlier build are lightened already: all are written again."""
    for page in Path(app.outdir).rglob("*.html"):
        page.unlink()


def setup(app):
    app.connect("builder-inited", begin_anew)
    app.connect("build-finished", write, priority=700)  # after those who bring files, before book/_ext/around.py
    return {"parallel_read_safe": True, "parallel_write_safe": True}
