"""Copies of the notebooks for Colab, each with one cell more; CI publishes them on a branch of their own.

Run: python tools/colab.py FOLDER

The copies fetch the repository that GITHUB_REPOSITORY names (see book/_ext/launch.py).
"""

import shlex
import sys
from pathlib import Path

import nbformat

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))
sys.path.insert(0, str(Path(__file__).parent))
from launch import repository
from notebooks import ROOT, chapters

# Colab has TensorFlow, and no use for what serves notebooks or builds the site.
LEFT_OUT = ("jupyter", "keras", "nbval", "sphinx", "tensorflow")
FIRST_CELL = """\
# Colab only, about half a minute: the course, and the packages that Colab lacks or has too old.
!test -d /content/course || git clone -q --depth 1 --branch {branch} {address} /content/course
%pip install -q {packages}
%cd -q /content/course/book
import sys

from IPython.display import display

sys.path.insert(0, "..")
from helpers.live.base import Explorer

# Colab enables widgets of others in what is displayed, not in a cell's result.
Explorer._ipython_display_ = lambda self: display(self._repr_mimebundle_(), raw=True)"""


def packages() -> list[str]:
    """The lines of requirements.txt that a notebook needs on Colab."""
    lines = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
    return [line for line in lines if line and not line.startswith(LEFT_OUT)]


def with_first_cell(notebook: nbformat.NotebookNode, address: str, branch: str) -> nbformat.NotebookNode:
    """The notebook with the cell that fetches the course before its own."""
    source = FIRST_CELL.format(address=shlex.quote(address), branch=shlex.quote(branch),
                               packages=" ".join(shlex.quote(package) for package in packages()))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(source, id="colab"))
    return notebook


def write(folder: Path, address: str, branch: str) -> None:
    """Write the copies, in the folders of their originals."""
    for path in chapters():
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(with_first_cell(nbformat.read(path, as_version=4), address, branch), target)


def main(folder: str) -> None:
    found = repository()
    if not found:
        raise SystemExit("GITHUB_REPOSITORY is not set, so the copies would not know what to fetch. "
                         "Set it to OWNER/NAME, as GitHub's CI does.")
    write(Path(folder), *found)


if __name__ == "__main__":
    main(*sys.argv[1:])
