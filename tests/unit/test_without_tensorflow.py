"""What trains nothing runs where Keras and TensorFlow are not installed; of whole chapters nbval's run says so."""

import os
import re
import subprocess
import sys

import pytest
from support import ROOT, block_tensorflow

from helpers.networks import as_network

BLOCKED = """
import sys
for name in ("keras", "tensorflow"):
    sys.modules[name] = None
"""


def run_without(code: str) -> subprocess.CompletedProcess:
    """Run code in a fresh process in which importing Keras or TensorFlow fails."""
    return subprocess.run([sys.executable, "-c", BLOCKED + code], cwd=ROOT / "book", capture_output=True, text=True,
                          env={**os.environ, "MPLBACKEND": "agg"}, timeout=120)


def test_the_landing_page_runs():
    cells = re.findall(r"```\{code-cell\}.*?\n(.*?)```", (ROOT / "book" / "index.md").read_text("utf-8"), re.DOTALL)
    code = "\n".join("\n".join(line for line in cell.split("\n") if not line.startswith(":")) for cell in cells)
    assert "LatentExplorer" in code
    done = run_without(code)
    assert done.returncode == 0, done.stderr


def test_the_judge_reports():
    done = run_without("""
from helpers.data import digits
from helpers.judge import digits as judge
(x, y), _ = digits()
print(judge.report(x[:600], y[:600])["label_agreement"])
""")
    assert done.returncode == 0 and float(done.stdout) > 0.99, done.stderr


def test_every_room_is_imported():
    done = run_without("import helpers.live, helpers.networks.shipped, helpers.judge.faces, helpers.exercises, "
                       "helpers.data\nprint('tensorflow' in str(sys.modules.get('keras')))")
    assert done.returncode == 0, done.stderr


def test_what_needs_keras_says_so(monkeypatch):
    block_tensorflow(monkeypatch)
    with pytest.raises(ImportError, match="keras"):
        from helpers.networks import to_keras  # noqa: F401


def test_what_is_no_network_is_named(monkeypatch):
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    with pytest.raises(ValueError, match="found a str; needed is a Network or a Keras model"):
        as_network("digit_vae_decoder.npz")
