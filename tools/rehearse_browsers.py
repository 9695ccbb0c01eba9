"""Rehearsals of the built site: a slow processor, every slide, Firefox and WebKit.

Firefox is Debian's firefox-esr or another of version 140 or newer; WebKit is Debian's webkit2gtk-driver, which needs a
display (xvfb). tests/engines.py speaks with both; no driver comes from anywhere else.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run_tests(path: str, *before: str, **settings: str) -> None:
    """A file of tests in this environment, with these variables; stop if one fails."""
    command = [*before, sys.executable, "-m", "pytest", "-q", path]
    print("$", *command, flush=True)
    if status := subprocess.run(command, cwd=ROOT, env=os.environ | settings).returncode:
        raise SystemExit(f"exit status {status}")


def slow(folder: Path) -> None:
    """Every page with figures in a Chromium whose processor is ten times slower."""
    run_tests("tests/site/test_slow.py", SLOW="all")


def slides(folder: Path) -> None:
    """Every chapter as slides, from the first to the last, in two sizes of the window."""
    run_tests("tests/site/test_slides.py", SLIDES="all")


def python(folder: Path) -> None:
    """The chapters that take longer than two minutes in the page's own Python, and the others."""
    run_tests("tests/site/test_python.py", COURSE_PYTHON="all")


def firefox(folder: Path) -> None:
    """Every page in Firefox: its policy, no complaint, every figure moved by keyboard."""
    run_tests("tests/site/every_engine.py", ENGINE="firefox")


def webkit(folder: Path) -> None:
    """The same in WebKit."""
    run_tests("tests/site/every_engine.py", "xvfb-run", "--auto-servernum", ENGINE="webkit")
