"""Code that only draws (cells with the tag hide-input) is folded; its button is named by the words that it shows.

MyST-NB gives the button another name, which nobody who speaks to the page can know.
"""

from myst_nb.sphinx_ import HideCodeCellNode, depart_HideCellInput, visit_HideCellInput


def visit(translator, node):
    node["prompt_show"], node["prompt_hide"] = "Show the code of this figure", "Hide the code of this figure"
    start = len(translator.body)
    visit_HideCellInput(translator, node)
    translator.body[start:] = [part.replace(' aria-label="Toggle hidden content"', "")
                               for part in translator.body[start:]]


def setup(app):
    app.add_node(HideCodeCellNode, override=True, html=(visit, depart_HideCellInput))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
