"""Give the entries of the bibliography a role that their list may hold.

docutils writes role="doc-biblioentry", which WAI-ARIA has deprecated and which no list may contain.
"""

from docutils import nodes


def visit_citation(translator, node):
    type(translator).visit_citation(translator, node)
    translator.body[-1] = translator.body[-1].replace("doc-biblioentry", "listitem")


def depart_citation(translator, node):
    type(translator).depart_citation(translator, node)


def setup(app):
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
