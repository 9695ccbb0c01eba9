"""What is done to all pages once they are built: light pictures, one script, one style sheet, downloads, a policy."""

import re
from hashlib import sha256
from pathlib import Path

from downloads import downloads
from pictures import light_pictures
from policy import with_policy
from python_line import python_line
from scripts import one_script
from styles import one_sheet

STEPS = light_pictures, python_line, one_script, one_sheet, downloads
OWN_FILE = re.compile(r'(?<=["/ ])(?:_static/site\.\w+|vendor/(?:widgets|learning|python)\.js)(?=[" ])')
ADDRESS = re.compile(r' (?:href|src|data-code)="[^"]*"')  # data-code may name two files


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
    def with_version(name: re.Match) -> str:
        return f"{name[0]}?v={version(out / name[0])}"

    return ADDRESS.sub(lambda address: OWN_FILE.sub(with_version, address[0]), page)


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
