"""Measured: every row of the course's budgets, beside the methods of the sources (`make bench`)."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # support.py reads chapters; memory.py measures them
