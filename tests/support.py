"""Where things are, the scripts of tools/ as modules, and what CI never skips."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def tool(name: str):
    """A script of tools/ as a module."""
    spec = importlib.util.spec_from_file_location(f"tools_{name}", ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


NOTEBOOKS = tool("notebooks").chapters()
CHAPTERS = [path for path in NOTEBOOKS if path.stem[0].isdigit()]  # the others are appendices


def skip_unless_ci(reason: str) -> None:
    """Skip with a reason that says how to enable the test; in CI nothing is skipped."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
