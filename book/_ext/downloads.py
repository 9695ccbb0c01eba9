"""A page's source is downloaded, not opened in a tab, and a notebook that stands alone says what it needs."""

import re
from pathlib import Path

import nbformat
from address import repository, site

SOURCE = re.compile(r'(<a href="[^"]*_sources/[^"]*") target="_blank"')
CELL = '''\
# This copy of the chapter needs the course's package: is it here?
from importlib.util import find_spec

if find_spec("helpers") is None:
    raise ModuleNotFoundError("""\
This Python does not have the course's package `helpers`, which this notebook needs.
{}""")'''
OF_A_REPOSITORY = """\
Install it, with what it needs itself (2.5 GB with TensorFlow), in an environment of Python 3.11 to 3.13:
    pip install "git+{address}@{branch}"
Choose that environment as this notebook's kernel, and run this cell again."""
OF_A_FOLDER = """\
Take a copy of the whole course, put this notebook into its folder `book`, and run `make lab` in the
course's folder. Its page "Setting up" says more{where}."""


def downloads(out: Path, pages: dict[str, str]) -> dict[str, str]:
    """The pages (HTML by name) with links that download; the notebooks that they lead to say what they need."""
    for path in (out / "_sources").rglob("*.ipynb"):
        nbformat.write(with_first_cell(nbformat.read(path, as_version=4)), path)
    return {name: SOURCE.sub(r"\1 download", page) for name, page in pages.items()}


def with_first_cell(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with a cell before its first code that stops with a remedy where `helpers` is missing."""
    first = next(k for k, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    if notebook.cells[first].id != "needs":
        notebook.cells.insert(first, nbformat.v4.new_code_cell(CELL.format(remedy()), id="needs"))
    return notebook


def remedy() -> str:
    """How to come by `helpers`: from the repository, where its address is known."""
    if found := repository():
        return OF_A_REPOSITORY.format(address=found[0], branch=found[1])
    return OF_A_FOLDER.format(where=f": {site()}book/appendix/setting_up.html" if site() else "")
