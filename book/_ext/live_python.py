"""What the page's own Python needs: a file of cells for each page, and the course's modules, packed.

A page at rest has one <meta> with the address of its cells and an id at each code cell; all else comes when a reader
asks for it. Where tools/python_page.py found no source, no page has the <meta>, and "How this book is tested" says why.
"""

import json
import re
import sys
import zipfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "_python"))
from in_page.needs import offered, picked
from in_page.packages import packages

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "book" / "_extra" / "python"
LARGE = 50_000  # bytes: such a file comes when a chapter asks for it
EXERCISE = re.compile(r"check\(\"(\d+\.\d+)\", answer_\d\)")
# Cells that take long there, by chapter and id: seconds of processor time, measured on 29 and 30 November 2026, under
# load, on two cores (those of Chapter 3 are estimates).
SLOW = json.loads((ROOT / "book" / "_python" / "slow_cells.json").read_text("utf-8"))


def trains(notebook) -> bool:
    """Whether a notebook's cells need TensorFlow, which no browser runs."""
    return any(re.search(r"^\s*(?:import|from) (?:keras|tensorflow)", cell.source, re.MULTILINE)
               for cell in notebook.cells if cell.cell_type == "code")


def cells_of(path: Path) -> dict:
    """What a page's Python is told of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    whole = not trains(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    offer = offered([cell.source for cell in code])
    cells = [cell_of(cell, offer, SLOW.get(path.stem, {})) for cell in code]
    running = [cell for cell in cells if whole or cell["exercise"]]
    for cell in cells:
        cell["runs"] = cell in running
    return {"file": path.stem, "whole": whole, "offer": offer, "cells": cells,
            "packages": running[0]["packages"] if running else []}


def cell_of(cell, offer: str, slow: dict[str, float]) -> dict:
    exercise = EXERCISE.search(cell.source)
    before = picked(offer, cell.source, set()) if exercise else ""
    return {"id": cell.id, "source": cell.source, "tags": cell.metadata.get("tags", []), "slow": slow.get(cell.id),
            "exercise": exercise and exercise[1], "packages": known(packages(f"{before}\n{cell.source}", ROOT)),
            "outputs": [without_pictures(output) for output in cell.outputs]}


def without_pictures(output) -> dict:
    data = {kind: text for kind, text in output.get("data", {}).items() if not kind.startswith("image/")}
    return {**output, "data": data} if data else output


def known(names: set[str]) -> list[str]:
    """The names that Pyodide's lock has; the others are Python's own modules."""
    return sorted(names & set(json.loads((SOURCE / "pyodide-lock.json").read_text("utf-8"))["packages"]))


def is_there() -> bool:
    return (SOURCE / "pyodide-lock.json").exists()


def course() -> tuple[bytes, dict[str, Path]]:
    """The course's modules as one archive, and the large files that are left out of it, by their path in it."""
    large, buffer = {}, BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in (ROOT, ROOT / "book" / "_python"):
            for path in sorted((folder / ("helpers" if folder == ROOT else "in_page")).rglob("*")):
                if not path.is_file() or "__pycache__" in path.parts:
                    continue
                name = path.relative_to(folder).as_posix()
                if path.stat().st_size > LARGE:
                    large[name] = path
                else:
                    undated = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
                    archive.writestr(undated, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue(), large


def version() -> str:
    """A hash of what stands in the folder python/ of the site."""
    return sha256(b"".join(sha256(path.read_bytes()).digest() for path in sorted(SOURCE.iterdir()))
                  + course()[0]).hexdigest()[:8]


def mark(app, pagename, templatename, context, doctree):
    """The address of the page's cells, where some of them can run."""
    path = Path(app.srcdir) / f"{pagename}.ipynb"
    if path.is_file() and is_there() and any(cell["runs"] for cell in cells_of(path)["cells"]):
        tag = f'<meta name="python" content="python/cells/{path.stem}.json?v={app.python_version}">'
        context["metatags"] = f"{context.get('metatags', '')}\n{tag}"


def name_cells(app, doctree):
    """An id at each code cell."""
    path = Path(app.env.doc2path(app.env.docname))
    if path.suffix != ".ipynb":
        return
    cells = nbformat.read(path, as_version=4).cells
    for node in doctree.findall(lambda node: "cell_index" in getattr(node, "attributes", {})):
        if "cell" in node["classes"]:
            node["ids"].append(f"cell-{cells[node['cell_index']].id}")


def say_why_not(app, docname, source):
    """Where no source had Pyodide, the page about tests says so."""
    reason = SOURCE / "missing.txt"
    if docname.endswith("/how_tested") and not is_there():
        found = reason.read_text("utf-8").strip() if reason.exists() else "tools/python_page.py has not run"
        source[0] += f"\n## No Python in these pages\nThis site was built without it: {found}.\n"


def begin(app):
    app.python_version = version() if is_there() else ""


def write(app, exception):
    if exception or app.builder.name != "html" or not is_there():
        return
    out = Path(app.outdir) / "python"
    for folder in (out / "cells", out / "large"):
        folder.mkdir(parents=True, exist_ok=True)
    archive, large = course()
    (out / "course.zip").write_bytes(archive)
    for path in large.values():
        (out / "large" / path.name).write_bytes(path.read_bytes())
    addresses = {name: f"large/{path.name}" for name, path in large.items()}
    (out / "large.json").write_text(json.dumps(addresses), encoding="utf-8")
    for page in app.env.found_docs:
        if (path := Path(app.srcdir) / f"{page}.ipynb").is_file():
            told = cells_of(path) | {"worker": f"python/worker.js?v={app.python_version}"}
            (out / "cells" / f"{path.stem}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("source-read", say_why_not)
    app.connect("doctree-read", name_cells)
    app.connect("html-page-context", mark)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
