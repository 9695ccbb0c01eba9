"""Where TensorFlow is missing, notebooks that train are not run: their pages show the outputs that they store."""

import re
from importlib.util import find_spec
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[1]


def can_run(notebook: Path) -> bool:
    """Whether this machine has Keras, or the notebook does without."""
    return bool(find_spec("keras")) or not re.search(r"(import|from) keras", notebook.read_text(encoding="utf-8"))


def leave_out(app, config):
    left_out = [notebook.name for notebook in NOTEBOOKS.rglob("*.ipynb") if not can_run(notebook)]
    config.nb_execution_excludepatterns = [*config.nb_execution_excludepatterns, *left_out]


def setup(app):
    app.connect("config-inited", leave_out)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
