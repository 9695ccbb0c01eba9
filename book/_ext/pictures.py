"""Pictures of a page: with their sizes, in a smaller format where that is one, fetched when they come near."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from posixpath import normpath

from PIL import Image

PICTURE = re.compile(r'<img\b([^>]*?)\bsrc="([^":]*_images/[^"]+\.)(png|svg)"([^>]*?)\s*/?>')
SIDES = re.compile(r'<svg\b[^>]*? width="(\d+)"[^>]*? height="(\d+)"')  # a diagram's own size, in pixels


def light_pictures(out: Path, pages: dict[str, str]) -> dict[str, str]:
    """The pages with sizes at their pictures; WebP without loss where it is smaller, kept beside the PNG.

    Parameters
    ----------
    out : Path
        The folder of the built site.
    pages : dict of str to str
        Their HTML by their names, relative to `out`.
    """
    found = {normpath(f"{name.rpartition('/')[0]}/{src}{kind}") for name, page in pages.items()
             for _, src, kind, _ in PICTURE.findall(page)}
    with ThreadPoolExecutor() as pool:
        sizes = dict(zip(found, pool.map(lambda path: convert(out / path), found), strict=True))
    return {name: rewritten(name, page, sizes) for name, page in pages.items()}


def convert(path: Path) -> tuple[int, int, str]:
    """Width and height of a picture, and the format that is smaller, written beside it: "webp" or "png".

    A diagram stays as it is, "svg". Raises ValueError if its first tag does not say its width and height.
    """
    if path.suffix == ".svg":
        sides = SIDES.search(path.read_text(encoding="utf-8"))
        if sides is None:
            raise ValueError(f'{path.name} has no size; expected <svg … width="610" height="246">, in pixels.')
        return int(sides[1]), int(sides[2]), "svg"
    webp = path.with_suffix(".webp")
    with Image.open(path) as picture:
        if not webp.exists():
            half = path.with_suffix(".half")
            picture.save(half, "WEBP", lossless=True, method=4)
            half.replace(webp)  # a build that is stopped leaves no picture that looks whole
        return *picture.size, "webp" if webp.stat().st_size < path.stat().st_size else "png"


def rewritten(name: str, page: str, sizes: dict[str, tuple[int, int, str]]) -> str:
    """A page whose pictures have sizes; all but the first wait until they come near."""
    first = PICTURE.search(re.sub(r"<noscript>.*?</noscript>", lambda part: " " * len(part[0]), page, flags=re.DOTALL))

    def replace(found: re.Match) -> str:
        width, height, suffix = sizes[normpath(f"{name.rpartition('/')[0]}/{found[2]}{found[3]}")]
        when = "" if first and found.start() == first.start() else ' loading="lazy"'
        return (f'<img{found[1].rstrip()} src="{found[2]}{suffix}" width="{width}" '
                f'height="{height}"{when} decoding="async"{found[4].rstrip()}>')

    return PICTURE.sub(replace, page)
