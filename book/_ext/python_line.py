"""One line in each page whose code runs in the page: it says so, and has the button that brings Python.

The pages are those that book/_ext/live_python.py marked: it says what runs, and where the files are. Where the site
has no Python, no page is marked, and no page has a button.
"""

import json
import re
from pathlib import Path

MARK = re.compile(r'<meta name="python" content="([^"]+)"')
START = """<div class="python-start pst-js-only" data-code="vendor/python.js" data-cells="{cells}">
<p class="python-state">{words}</p>
<p class="python-buttons"><button class="python-button python-press" type="button">Start Python</button></p>
</div>
"""
WHOLE = ("<strong>You can run and change the code of this page right here.</strong> There is nothing to install. "
         "Python comes from this site: up to {megabytes} MB, the first time.")
EXERCISES = ("<strong>You can answer the exercises of this page right here.</strong> There is nothing to install. "
             "Python comes from this site: up to {megabytes} MB, the first time.")
ANSWER = """
<div class="python-bar pst-js-only"><button class="python-button python-press" type="button">Answer here
<span class="python-hidden">exercise {name}</span></button></div>"""
RUNTIME = "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "course.zip"
END_OF_CODE = "</pre></div>\n</div>\n</div>"


def python_line(out: Path, pages: dict[str, str]) -> dict[str, str]:
    """The pages (HTML by name), those with code to run each with the line, and a button at each exercise's cell."""
    return {name: with_line(out, page, found[1]) if (found := MARK.search(page)) else page
            for name, page in pages.items()}


def with_line(out: Path, page: str, cells: str) -> str:
    told = json.loads((out / cells.partition("?")[0]).read_text(encoding="utf-8"))
    for cell in told["cells"]:
        if cell["exercise"]:
            page = with_button(page, f'id="cell-{cell["id"]}"', cell["exercise"])
    words = (WHOLE if told["whole"] else EXERCISES).format(megabytes=megabytes(out / "python", told["packages"]))
    line = START.format(cells=cells, words=words)
    title = page.index("</h1>", page.index("<article"))
    first = page.index("<section", title)  # after the words that open a chapter
    return page[:first] + line + page[first:]


def megabytes(folder: Path, packages: list[str]) -> int:
    """What comes before the first cell can run, as it lies on the disk; a server may compress some of it."""
    known, needed = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))["packages"], [*packages]
    for name in needed:  # grows
        needed += [other for other in known[name]["depends"] if other not in needed]
    names = {*RUNTIME, *(known[name]["file_name"] for name in needed)}
    return round(sum((folder / name).stat().st_size for name in names) / 1e6)


def with_button(page: str, cell: str, exercise: str) -> str:
    """The page with a button below the code of an exercise's cell."""
    end = page.index(END_OF_CODE, page.index(cell)) + len(END_OF_CODE)
    return page[:end] + ANSWER.format(name=exercise) + page[end:]
