"""What a newcomer waits for: `make site` and `.ci/run` on a fresh clone, packages from pip's and npm's caches.

What they print goes to _build/bench-fresh.log and _build/bench-ci.log, line by line.
"""

import os
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
    environment = {key: value for key, value in os.environ.items() if key not in ("COURSE_SCALE", "VIRTUAL_ENV")}
    for key, command in COMMANDS.items():
        log = ROOT / "_build" / f"bench-{key}.log"
        with tempfile.TemporaryDirectory() as folder, log.open("w", encoding="utf-8") as out:
            subprocess.run(["git", "clone", "-q", str(ROOT), folder], check=True)
            start = time.perf_counter()
            result = subprocess.run(command, cwd=Path(folder), env=environment, stdout=out, stderr=subprocess.STDOUT)
            minutes = (time.perf_counter() - start) / 60
        if result.returncode:
            lines.append(f"{' '.join(command)} failed after {minutes:.1f} min: see {log.relative_to(ROOT)}")
        else:
            found.append(Row(key, minutes, "downloads included, caches warm"))
    return found, lines
