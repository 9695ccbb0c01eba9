"""What Binder, a hub and next year's reader are given, checked without a network; tools/rehearse.py performs it."""

import os
import re
import socket
import subprocess
import sys
import tomllib

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from support import ROOT, skip_unless_ci, tool


def lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in re.sub(r"\s*#.*", "", text).splitlines() if line]


def python_versions() -> SpecifierSet:
    return SpecifierSet(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"])


def test_the_tests_have_no_network():
    if not os.environ.get("COURSE_OFFLINE"):
        skip_unless_ci("the network is there: `make test` takes it away (tools/offline.py) where the system allows "
                       "unprivileged user namespaces (try: unshare -rn true)")
    with pytest.raises(OSError, match="unreachable"):
        socket.create_connection(("192.0.2.1", 80), timeout=5)


def test_binder_installs_the_courses_own_lists():
    listed = lines("binder/requirements.txt")
    assert listed[:2] == ["-r ../requirements.txt", "-c ../constraints.txt"]
    assert set(listed[2:]) <= set(lines("tests/requirements.txt"))  # what a test needs has an exact version


def test_binder_takes_a_python_that_the_course_declares_and_scripts_that_run():
    assert (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-") in python_versions()
    subprocess.run(["bash", "-n", ROOT / "binder/postBuild"], check=True)
    assert os.access(ROOT / "binder/postBuild", os.X_OK)
    shown = subprocess.run([ROOT / "binder/start", "printenv", "MALLOC_ARENA_MAX"], capture_output=True, text=True)
    assert shown.stdout == os.environ["MALLOC_ARENA_MAX"] + "\n"  # what tests/memory.py gave to this process


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_requirement_has_an_exact_version_within_its_range(name):
    pins = dict(line.split("==") for line in lines("constraints.txt"))
    pins = {canonicalize_name(package): version for package, version in pins.items()}
    for line in lines(name):
        requirement = None if line == "-e ." else Requirement(line)
        if requirement and (requirement.marker is None or requirement.marker.evaluate()):
            assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_weekly_run_takes_every_declared_python():
    job = yaml.safe_load((ROOT / ".github/workflows/newest.yml").read_text())["jobs"]["newest"]
    declared = [f"3.{minor}" for minor in range(30) if f"3.{minor}" in python_versions()]
    assert job["strategy"]["matrix"]["python-version"] == declared


GREEDY = """\
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "x = bytearray(300_000_000); print(len(x), flush=True); input()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
None"""


@pytest.mark.parametrize(("limit", "failed"), [(1000, 0), (300, 1)])
def test_a_chapter_over_the_memory_limit_fails_its_children_counted(tmp_path, limit, failed):
    cells = [nbformat.v4.new_code_cell(GREEDY, execution_count=1)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "greedy.ipynb")
    (tmp_path / "conftest.py").write_text(
        f"import memory\npytest_plugins = ['memory']\nmemory.LIMIT = {{False: {limit}}}\n"
        "memory.TABLE = memory.Path('memory.json')")
    result = subprocess.run([sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "."],
                            cwd=tmp_path, capture_output=True, text=True,
                            env=os.environ | {"PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT}"})
    assert result.returncode == failed, result.stdout
    assert ("300 MB are the limit" in result.stdout) == bool(failed)


def test_the_update_shows_what_changed_and_writes_a_list_that_pip_reads(tmp_path):
    update, path = tool("update"), tmp_path / "constraints.txt"
    old = update.versions("numpy==2.0\nJinja2==3.1\n# a comment\n-e git+https://host/course\nold_one==1\n")
    new = {"numpy": "2.1", "jinja2": "3.1", "zeta": "1"}
    assert update.changes(old, new) == [("numpy", "2.0", "2.1"), ("old-one", "1", "–"), ("zeta", "–", "1")]
    update.write(new, path)
    assert path.read_text() == "numpy==2.1\njinja2==3.1\nzeta==1\n" and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_chromium_a_test_says_how_to_enable_it_and_in_ci_it_fails(ci, status):
    command = [sys.executable, "-m", "pytest", "-q", "tests/site/test_lab.py", "-k", "token"]
    environment = {key: value for key, value in os.environ.items() if key != "CHROMIUM"} | {"PATH": "", "CI": ci}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == status
    assert "no Chromium found: install it (Debian: apt-get install chromium)" in result.stdout
