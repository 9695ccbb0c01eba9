"""One script for the site, which waits until a page can be read: the settings of all pages, then their files."""

import re
import sys
from pathlib import Path
from posixpath import normpath, relpath

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from assets import run_npm

BUNDLE = "_static/site.js"
SCRIPT = re.compile(r"\s*<script\b([^>]*)>(.*?)</script>", re.DOTALL)
PRELOAD = re.compile(r'\s*<link rel="preload" as="script"[^>]*>')
NOT_NOW = re.compile(r'type="application|data-now')  # data, and what must run before the first paint
SETTING = re.compile(r"(var|let|const) ")  # of a variable, for a file above it, which starts at once when deferred
OF_ONE_PAGE = re.compile(r"^DOCUMENTATION_OPTIONS\.pagename")  # read by the theme's menu of versions alone


def one_script(out: Path, pages: dict[str, str]) -> dict[str, str]:
    """The pages with one deferred script in place of those that all of them have; others are deferred, too.

    Parameters
    ----------
    out : Path
        The folder of the built site, to which the script is written.
    pages : dict of str to str
        Their HTML by their names, relative to `out`.
    """
    lists = [parts_of(name, page) for name, page in pages.items()]
    common = [part for part in dict.fromkeys(lists[0]) if all(part in parts for parts in lists)]
    common.sort(key=lambda part: not SETTING.match(part[1]))  # stable: all others keep their order
    text = ";\n".join((out / path).read_text(encoding="utf-8") if path else body for path, body in common)
    text = run_npm("exec", "--offline", "--", "esbuild", "--minify", "--log-level=error", given=text)
    (out / BUNDLE).write_text(text, encoding="utf-8")
    return {name: rewritten(name, page, set(common)) for name, page in pages.items()}


def parts_of(name: str, page: str) -> list[tuple[str, str]]:
    """The scripts of a page, each a path in the site or, if it stands in the page, its text."""
    found = [part(name, *script) for script in SCRIPT.findall(page) if not NOT_NOW.search(script[0])]
    return [one for one in found if not OF_ONE_PAGE.search(one[1])]


def part(name: str, attributes: str, body: str) -> tuple[str, str]:
    source = re.search(r'src="([^"?]+)', attributes)
    return (normpath(f"{name.rpartition('/')[0]}/{source[1]}").lstrip("/"), "") if source else ("", body.strip())


def rewritten(name: str, page: str, common: set[tuple[str, str]]) -> str:
    """A page whose first script is the common one; what else has an address is deferred, in its order."""
    bundle = f'</title>\n<script defer src="{relpath(BUNDLE, name.rpartition("/")[0] or ".")}"></script>'

    def replace(found: re.Match) -> str:
        if NOT_NOW.search(found[1]):
            return found[0]
        one = part(name, found[1], found[2])
        if one in common or OF_ONE_PAGE.search(one[1]):
            return ""
        return found[0] if "defer" in found[1] or not one[0] else found[0].replace("<script", "<script defer", 1)

    return SCRIPT.sub(replace, PRELOAD.sub("", page)).replace("</title>", bundle, 1)
