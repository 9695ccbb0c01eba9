"""Fonts of the few characters that the site's pages show: the theme's icons and the formulas' letters."""

import base64
import io
import logging
import re
from hashlib import sha256
from html import unescape
from pathlib import Path

from fontTools import subset

logging.getLogger("fontTools").setLevel(logging.ERROR)  # KaTeX's fonts are dated before 1970

ICONS = re.compile(r"url\([^)]*/(fa-\w+-\d+)\.woff2\) ?format\(\"woff2\"\)(?:,url\([^)]*\) ?format\(\"truetype\"\))?")
GLYPH = re.compile(r"\\(f[0-9a-f]{3})|([\ue000-\uf8ff])")
KATEX = re.compile(r"vendor/katex/fonts/(KaTeX_[\w-]+)\.woff2")
WHOLE = Path(__file__).parents[2] / "node_modules" / "katex" / "dist" / "fonts"
TAG = re.compile(r"<[^>]*>")


def with_icons(sheet: str, folder: Path) -> str:
    """The sheet with the icons that it names in itself, in place of fonts of some 1,400 each in `folder`."""
    glyphs = {int(code, 16) if code else ord(character) for code, character in GLYPH.findall(sheet)}
    return ICONS.sub(lambda found: "url(data:font/woff;base64,"
                     f'{base64.b64encode(few(folder / f"{found[1]}.ttf", glyphs)).decode()}) format("woff")', sheet)


def formula_fonts(out: Path, pages: dict[str, str], sheet: str) -> tuple[dict[str, str], str]:
    """Pages and sheet with fonts of the characters that the pages show, half as large as KaTeX's, written to `out`."""
    characters = {ord(character) for page in pages.values() for character in unescape(TAG.sub("", page))}
    names = {}
    for name in set(KATEX.findall(sheet)):
        font = few(WHOLE / f"{name}.ttf", characters)
        names[name] = f"vendor/katex/fonts/{name}.woff?v={sha256(font).hexdigest()[:8]}"
        (out / "vendor" / "katex" / "fonts" / f"{name}.woff").write_bytes(font)

    def renamed(text: str) -> str:
        return KATEX.sub(lambda found: names.get(found[1], found[0]), text)

    return {name: renamed(page) for name, page in pages.items()}, renamed(sheet).replace('"woff2"', '"woff"')


def few(font: Path, characters: set[int]) -> bytes:
    """A font of these characters (Unicode's numbers) alone, in the format WOFF."""
    options = subset.Options(flavor="woff", layout_features=[], name_IDs=[], hinting=False)
    whole = subset.load_font(str(font), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(whole)
    buffer = io.BytesIO()
    subset.save_font(whole, buffer, options)
    return buffer.getvalue()
