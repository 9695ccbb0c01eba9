"""One style sheet for the site: of the theme's and the extensions' thirteen, the rules and icons that its pages use."""

import re
import sys
import tempfile
from pathlib import Path
from posixpath import normpath, relpath

from fonts import formula_fonts, with_icons

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from assets import run_npm

SHEET = "_static/site.css"
OWN = "_static/course.css"  # kept whole: what it names may come later, with a live figure
NO_CLUE = "bootstrap.js", "fontawesome.js", "site.js"  # name all that Bootstrap can do
LINK = re.compile(r'\s*<link (?=[^>]*rel="stylesheet")[^>]*href="([^"]+)"[^>]*>')
ADDRESS = re.compile(r"""url\((['"]?)(?!data:|#)([^)'"]+)\1\)""")
IMPORT = re.compile(r"""@import ?["']([^"']+)["'];""")


def one_sheet(out: Path, pages: dict[str, str]) -> dict[str, str]:
    """The pages with one link to a style sheet, which is written to `out`.

    Parameters
    ----------
    out : Path
        The folder of the built site.
    pages : dict of str to str
        Their HTML by their names, relative to `out`.
    """
    sheets = list(dict.fromkeys(sheet for name, page in pages.items() for sheet in sheets_of(name, page)))
    text = "\n".join([*used(out, sheets), moved(out / OWN, OWN)])
    pages, text = formula_fonts(out, pages, with_icons(text, out / "_static" / "vendor" / "fontawesome" / "webfonts"))
    text = minified(text)
    (out / SHEET).write_text(text, encoding="utf-8")
    return {name: relinked(name, page) for name, page in pages.items()}


def sheets_of(name: str, page: str) -> list[str]:
    """The style sheets of a page, as paths in the site."""
    folder = name.rpartition("/")[0]
    return [normpath(f"{folder}/{address.partition('?')[0]}").lstrip("/") for address in LINK.findall(page)]


def relinked(name: str, page: str) -> str:
    """A page with one link in place of its first."""
    link = f'\n<link rel="stylesheet" href="{relpath(SHEET, name.rpartition("/")[0] or ".")}">'
    first, rest = LINK.search(page), LINK.sub("", page)
    return rest[: first.start()] + link + rest[first.start():] if first else page


def used(out: Path, sheets: list[str]) -> list[str]:
    """The rules of each sheet that a page or a script of the site can use."""
    scripts = [path for path in (out / "_static").rglob("*.js") if path.name not in NO_CLUE]
    scripts += (out / "vendor").glob("slides.js")  # its buttons have icons
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder, f"{k}.css") for k, sheet in enumerate(sheets) if sheet != OWN]
        for copy, sheet in zip(copies, [sheet for sheet in sheets if sheet != OWN], strict=True):
            copy.write_text(moved(out / sheet, sheet), encoding="utf-8")
        pages = [f"{literal(out)}/{pattern}" for pattern in ("*.html", "book/**/*.html")]
        run_npm("exec", "--offline", "--", "purgecss", "--config", "tools/purgecss.config.cjs", "--css", *copies,
                "--content", *pages, *map(literal, scripts), "--output", folder)
        return [copy.read_text("utf-8") for copy in copies]


def literal(path: Path) -> str:
    """A path as a pattern that fits it alone: in "course (1)" the brackets would be signs of their own."""
    return re.sub(r"[()\[\]{}!*?+@|]", r"\\\g<0>", path.as_posix())


def moved(path: Path, sheet: str) -> str:
    """A sheet with what it imports, and with its addresses as seen from the one sheet's folder."""
    def target(address: str) -> str:
        return normpath(f"{sheet.rpartition('/')[0]}/{address}")

    text = ADDRESS.sub(lambda found: f"url({relpath(target(found[2]), SHEET.rpartition('/')[0])})",
                       path.read_text(encoding="utf-8").removeprefix('@charset "UTF-8";'))
    return IMPORT.sub(lambda found: moved(path.parent / found[1], target(found[1])), text)


def minified(text: str) -> str:
    return run_npm("exec", "--offline", "--", "esbuild", "--loader=css", "--minify", "--log-level=error", given=text)
