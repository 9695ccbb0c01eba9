"""Leave the figures' code out of the pages: vendor/widgets.js has it, once for the whole site.

A notebook's widget state holds the text of its view and the style sheet for every figure, as Jupyter needs it. On a
page the text becomes the view's name, under which tools/widgets.js knows it.
"""

import json
import re

from myst_nb.core.render import WIDGET_STATE_MIMETYPE, sanitize_script_content
from myst_nb.sphinx_ import NbMetadataCollector

VIEW = re.compile(r"helpers\.live\.(\w+)\.\w+$")


def without_code(state: dict) -> dict:
    """The widget state of a page: each view of helpers.live as its name, without text and style sheet."""
    for model in state["state"].values():
        if view := VIEW.match(model["state"].get("_anywidget_id", "")):
            model["state"]["_esm"] = view[1]
            model["state"].pop("_css", None)
    return state


def shorten(app, doctree):
    for _, script in NbMetadataCollector.get_js_files(app.env, app.env.docname).values():
        if script.get("type") == WIDGET_STATE_MIMETYPE:
            script["body"] = sanitize_script_content(json.dumps(without_code(json.loads(script["body"]))))


def setup(app):
    app.connect("doctree-read", shorten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
