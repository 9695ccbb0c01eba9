"""What a newcomer waits for: `make site` and `.ci/run` on a fresh clone, packages from pip's and npm's caches."""

import subprocess
import tempfile
import time
from pathlib import Path

from support import ROOT

from benchmarks.targets import Row

COMMANDS = {"fresh": ["make", "site"], "ci": ["bash", ".ci/run"]}


def rows() -> tuple[list[Row], list[str]]:
    """The two targets; each command runs in a clone of what is committed."""
    found, lines = [], []
    for key, command in COMMANDS.items():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "clone", "-q", str(ROOT), folder], check=True)
            start = time.perf_counter()
            result = subprocess.run(command, cwd=Path(folder), capture_output=True, text=True)
            minutes = (time.perf_counter() - start) / 60
        if result.returncode:
            lines.append(f"{' '.join(command)} failed after {minutes:.1f} min: {result.stdout[-300:]}")
        else:
            found.append(Row(key, minutes, "downloads included, caches warm"))
    return found, lines
