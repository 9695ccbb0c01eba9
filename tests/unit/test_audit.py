"""What we depend on: free to ship, and used. `make audit` asks for known vulnerabilities as well."""

import json
import subprocess
import sys
from pathlib import Path

from support import ROOT

BIN = Path(sys.executable).parent
PERMISSIVE = {"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0"}
# Looked up by hand: their metadata say nothing.
MIT = {"compute-gcd", "compute-lcm", "validate.io-function", "validate.io-integer", "validate.io-integer-array",
       "validate.io-number"}


def run(program: str, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run([BIN / program, *words], cwd=ROOT, capture_output=True, text=True)


def test_every_python_package_has_a_permissive_licence():
    result = run("pip-licenses")
    assert result.returncode == 0 and " numpy " in result.stdout, result.stderr


def test_a_python_package_with_another_licence_is_reported():
    result = run("pip-licenses", "--allow-only=MIT", "--packages", "pytest", "certifi")
    assert result.returncode == 1 and "certifi" in result.stderr


def test_every_npm_package_has_a_permissive_licence():
    listed = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = {path.rpartition("node_modules/")[2]: package.get("license") for path, package in listed.items() if path}
    assert {name for name, licence in found.items() if licence not in PERMISSIVE} == MIT and "katex" in found


def test_every_requirement_is_used():
    result = run("deptry", ".", "--no-ansi")
    assert result.returncode == 0, result.stderr


def test_a_requirement_that_nothing_uses_is_reported(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["numpy", "pandas"]\n')
    (tmp_path / "x.py").write_text("import numpy\n")
    result = subprocess.run([BIN / "deptry", "."], cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 1 and "'pandas'" in result.stderr and "'numpy'" not in result.stderr
