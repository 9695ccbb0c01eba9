"""The state of live figures as the site's pages take it: without the code of their views, and each by itself.

A notebook's output has the text of each view and its style sheet, as Jupyter needs it; the site's own script knows the
views by their names. The site's build and Python in the page both give a page its figures through this module.
"""

import json
import re

VIEW = re.compile(r"helpers\.live\.(\w+)\.\w+$")
MODEL = re.compile(r"IPY_MODEL_(\w+)")
LEARNING = {"bells", "bends", "carry", "digit_vae", "duel", "em"}  # the views that tools/learning.js has


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


def place(state: dict, model_id: str) -> dict:
    """A figure's own state and what the page must know before it shows it.

    Returns
    -------
    dict
        `model`, the id; `state`; `view`, the name of its view, which tells the style sheet how much room to keep;
        `controls`, how many it has; `code`, the scripts of the site that show it.
    """
    own = part(state, model_id)
    models = own["state"].values()
    views = [model["state"]["_esm"] for model in models if "_esm" in model["state"]]
    controls = sum("description" in model["state"] and "Style" not in model["model_name"] for model in models)
    code = "vendor/widgets.js" + " vendor/learning.js" * bool(LEARNING & set(views))
    return {"model": model_id, "state": own, "view": views[0] if views else "", "controls": controls, "code": code}
