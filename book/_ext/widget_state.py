"""The state of each live figure in a file of its own, which a page asks for when the figure comes near.

A notebook's output is one state with the models of all its figures, each with the text of its view and its style
sheet, as Jupyter needs it. On the site vendor/widgets.js knows the views by their names, once for all pages, and each
figure has a script `figures/HASH.js` with the models that it reaches: one form that a page can load from a server and
from a folder. Where the figure goes stands a <div>, with the file's name and a height like the figure's.
"""

import json
import re
from hashlib import sha256
from pathlib import Path

from docutils import nodes
from myst_nb.core.render import WIDGET_STATE_MIMETYPE, WIDGET_VIEW_MIMETYPE
from myst_nb.sphinx_ import NbMetadataCollector

from helpers.widget_state import place, without_code

PLACE = re.compile(rf'<script type="{re.escape(WIDGET_VIEW_MIMETYPE)}">(.*)</script>', re.DOTALL)


def script_of(own: dict) -> tuple[str, str]:
    """The file of a figure's state, named by its content, and what stands in it."""
    path = f"figures/{sha256(json.dumps(own).encode()).hexdigest()[:16]}.js"
    return path, f"course.state({json.dumps(path)}, {json.dumps(own)});\n"


def place_of(figure: dict, path: str) -> str:
    """Where a figure goes, with what the style sheet must know to keep room for it."""
    return (f'<div class="figure-place" data-view="{figure["view"]}" data-model="{figure["model"]}" '
            f'data-controls="{figure["controls"]}" '
            f'data-state="{path}" data-code="{figure["code"]}"></div>')


def split(app, doctree):
    """Take the state out of a page; what each figure needs of it is kept with what myst-nb knows of the page."""
    scripts, files = NbMetadataCollector.get_js_files(app.env, app.env.docname), {}
    keys = [key for key, (_, script) in scripts.items() if script.get("type") == WIDGET_STATE_MIMETYPE]
    for state in [without_code(json.loads(scripts.pop(key)[1]["body"])) for key in keys]:
        for node in doctree.findall(nodes.raw):
            if found := PLACE.search(node.astext()):
                model_id = json.loads(found[1])["model_id"]
                figure = place(state, model_id)
                path, text = script_of(figure["state"])
                files[path] = text
                node.children = [nodes.Text(place_of(figure, path))]
    NbMetadataCollector.set_doc_data(app.env, app.env.docname, "figures", files)


def write(app, exception):
    if exception or app.builder.name != "html":
        return
    (Path(app.outdir) / "figures").mkdir(exist_ok=True)
    for data in NbMetadataCollector.get_doc_data(app.env).values():
        for path, text in data.get("figures", {}).items():
            (Path(app.outdir) / path).write_text(text, encoding="utf-8")


def setup(app):
    app.connect("doctree-read", split)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
