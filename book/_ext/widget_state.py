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

VIEW = re.compile(r"helpers\.live\.(\w+)\.\w+$")
MODEL = re.compile(r"IPY_MODEL_(\w+)")
PLACE = re.compile(rf'<script type="{re.escape(WIDGET_VIEW_MIMETYPE)}">(.*)</script>', re.DOTALL)


def without_code(state: dict) -> dict:
    """The widget state of a page: each view of helpers.live as its name, without text and style sheet."""
    for model in state["state"].values():
        if view := VIEW.match(model["state"].get("_anywidget_id", "")):
            model["state"]["_esm"] = view[1]
            model["state"].pop("_css", None)
    return state


def part(state: dict, model_id: str) -> dict:
    """What a figure needs of the state: the models that it reaches, and the links between two of them."""
    models = state["state"]
    reached, coming = set(), {model_id} & set(models)
    while coming:
        reached |= coming
        named = {name for one in coming for name in MODEL.findall(json.dumps(models[one]["state"]))}
        links = {name for name, model in models.items() if (ends := ends_of(model)) and reached.issuperset(ends)}
        coming = ((named & set(models)) | links) - reached
    return state | {"state": {name: model for name, model in models.items() if name in reached}}


def ends_of(model: dict) -> list[str]:
    """The two models that a link joins; nothing for another model, though it may have a number called source."""
    return MODEL.findall(json.dumps([model["state"].get(key) for key in ("source", "target")]))


def script_of(own: dict) -> tuple[str, str]:
    """The file of a figure's state, named by its content, and what stands in it."""
    path = f"figures/{sha256(json.dumps(own).encode()).hexdigest()[:16]}.js"
    return path, f"course.state({json.dumps(path)}, {json.dumps(own)});\n"


def place_of(own: dict, model_id: str, path: str) -> str:
    """Where a figure goes; its view's name tells the style sheet how much room to keep."""
    views = [model["state"]["_esm"] for model in own["state"].values() if "_esm" in model["state"]]
    controls = sum("description" in model["state"] and "Style" not in model["model_name"]
                   for model in own["state"].values())
    return (f'<div class="figure-place" data-view="{views[0] if views else ""}" data-model="{model_id}" '
            f'data-controls="{controls}" '
            f'data-state="{path}" data-code="vendor/widgets.js"></div>')


def split(app, doctree):
    """Take the state out of a page; what each figure needs of it is kept with what myst-nb knows of the page."""
    scripts, files = NbMetadataCollector.get_js_files(app.env, app.env.docname), {}
    keys = [key for key, (_, script) in scripts.items() if script.get("type") == WIDGET_STATE_MIMETYPE]
    for state in [without_code(json.loads(scripts.pop(key)[1]["body"])) for key in keys]:
        for node in doctree.findall(nodes.raw):
            if found := PLACE.search(node.astext()):
                model_id = json.loads(found[1])["model_id"]
                own = part(state, model_id)
                path, text = script_of(own)
                files[path] = text
                node.children = [nodes.Text(place_of(own, model_id, path))]
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
