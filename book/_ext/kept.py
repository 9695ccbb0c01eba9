"""What book/_static/kept.js keeps answers by: the id of the cell with a question, and of each exercise's check.

A cell keeps its id when chapters move, when cells are added and when the site is built anew.
"""

import re

import nbformat
from docutils import nodes

CHOICE = '<details class="choice"'
CHECK = re.compile(r'check\("(\d+)\.(\d+)"')
CELL_LINES = 10_000  # MyST-NB counts the lines of cell k from 10,000 (k + 1) on


def name_questions(app, doctree):
    """Give each answer under *Check yourself* the id of its cell."""
    path = app.env.doc2path(app.env.docname)
    if not path.endswith(".ipynb"):
        return
    cells = nbformat.read(path, as_version=4).cells
    for node in doctree.findall(nodes.raw):
        if CHOICE in node.astext() and node.line:
            cell = cells[node.line // CELL_LINES - 1].id
            node.children = [nodes.Text(node.astext().replace(CHOICE, f'{CHOICE} data-cell="{cell}"'))]


def name_exercises(app, pagename, templatename, context, doctree):
    """Tell the page which cell checks which exercise."""
    if context.get("page_source_suffix") != ".ipynb":
        return
    cells = nbformat.read(app.env.doc2path(pagename), as_version=4).cells
    pairs = [f"ex-{found[1]}-{found[2]}={cell.id}" for cell in cells
             if cell.cell_type == "code" and (found := CHECK.search(cell.source))]
    if pairs:
        context["metatags"] = f'{context.get("metatags", "")}\n<meta name="exercises" content="{" ".join(pairs)}">'


def setup(app):
    app.connect("doctree-read", name_questions)
    app.connect("html-page-context", name_exercises)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
