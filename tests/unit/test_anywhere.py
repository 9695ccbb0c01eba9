"""What Binder, a hub and next year's reader are given, checked without a network; tools/rehearse.py performs it."""

import os
import platform
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
from support import ROOT, skip_unless_ci


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


def exact_versions(name: str) -> list[tuple[Requirement, list[str]]]:
    """The packages of a file in versions/, each with the checksums of its files."""
    text = (ROOT / "versions" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    split = (re.split(r"\s+--hash=", line.strip()) for line in text.splitlines() if not line.startswith("#"))
    return [(Requirement(line), checksums) for line, *checksums in split]


def ranges(name: str) -> list[str]:
    """What is wanted of a file in versions/."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    course = lines("requirements.txt") + about["build-system"]["requires"]  # we install without build isolation
    return course if name == "course" else about["dependency-groups"][name]


SYSTEMS = {f"{system} {machine} 3.{minor}": {
    "platform_system": system, "sys_platform": platform, "os_name": "nt" if system == "Windows" else "posix",
    "platform_machine": machine, "python_version": f"3.{minor}", "python_full_version": f"3.{minor}.{patch}"}
    for system, platform, machine in [("Linux", "linux", "x86_64"), ("Linux", "linux", "aarch64"),
                                      ("Darwin", "darwin", "arm64"), ("Darwin", "darwin", "x86_64"),
                                      ("Windows", "win32", "AMD64")]
    for minor, patch in [(11, 2), (11, 7), (12, 1), (13, 0), (14, 0)]}


def holds(requirement: Requirement, system: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(system)


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
@pytest.mark.parametrize("name", ["course", "tests", "hub", "node"])
def test_every_requirement_has_one_exact_version_within_its_range_on_every_system(name, system):
    pins = [requirement for requirement, _ in exact_versions(name) if holds(requirement, system)]
    pinned = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert len(pinned) == len(pins)
    for wanted in filter(lambda each: holds(each, system), map(Requirement, ranges(name))):
        version = pinned.get(canonicalize_name(wanted.name))
        assert version and version in wanted.specifier, f"{wanted} has {version}. Run: make update UPGRADE="


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_tensorflow_is_asked_for_once_where_there_is_one(system):
    asked = [pin.name for pin, _ in exact_versions("course") if holds(pin, system)
             if pin.name in ("keras", "tensorflow", "tensorflow-cpu")]
    intel_mac = system["sys_platform"] == "darwin" and system["platform_machine"] == "x86_64"
    assert len(asked) == (0 if intel_mac or system["python_version"] == "3.14" else 2)


@pytest.mark.parametrize("name", ["course", "tests", "hub", "node"])
def test_every_exact_version_has_its_checksums_and_no_address(name):
    assert "://" not in (ROOT / "versions" / f"{name}.txt").read_text(encoding="utf-8")
    for pin, checksums in exact_versions(name):
        assert re.fullmatch(r"==[^*,]+", str(pin.specifier))
        assert checksums and all(re.fullmatch("sha256:[0-9a-f]{64}", checksum) for checksum in checksums)


def test_binder_installs_the_courses_exact_versions():
    assert lines("binder/requirements.txt") == ["-r ../versions/course.txt", "-r ../versions/hub.txt"]


def test_binder_takes_a_python_that_the_course_declares_and_scripts_that_run():
    assert (ROOT / "binder/runtime.txt").read_text().strip().removeprefix("python-") in python_versions()
    subprocess.run(["bash", "-n", ROOT / "binder/postBuild"], check=True)
    assert os.access(ROOT / "binder/postBuild", os.X_OK)
    shown = subprocess.run([ROOT / "binder/start", "printenv", "MALLOC_ARENA_MAX"], capture_output=True, text=True)
    assert shown.stdout == os.environ["MALLOC_ARENA_MAX"] + "\n"  # what tests/memory.py gave to this process


def test_the_weekly_run_takes_every_declared_python():
    jobs = yaml.safe_load((ROOT / ".github/workflows/newest.yml").read_text())["jobs"]
    trains, draws = (jobs[name]["strategy"]["matrix"]["python-version"] for name in ("newest", "without-tensorflow"))
    assert trains + draws == [f"3.{minor}" for minor in range(30) if f"3.{minor}" in python_versions()]


@pytest.mark.parametrize(("found", "status"), [("Python 3.99.0", 2), (f"Python {platform.python_version()}", 0)])
def test_make_with_another_python_than_the_environments_says_what_to_do(tmp_path, found, status):
    (tmp_path / "python").write_text(f"#!/bin/sh\necho {found}\n")
    (tmp_path / "python").chmod(0o755)
    result = subprocess.run(["make", "right-python", f"PYTHON={tmp_path}/python", f"VENV={sys.prefix}"], cwd=ROOT,
                            capture_output=True, text=True)
    assert result.returncode == status
    assert ("rm -r" in result.stdout) == (status == 2)


def test_a_new_environment_needs_a_python_that_is_there_and_new_enough(tmp_path):
    old, told = tmp_path / "python3.10", 'import sys; sys.version_info, sys.version = (3, 10, 9), "3.10.9"'
    old.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{told}; exec(sys.argv[2])' \"$@\"\n")
    old.chmod(0o755)
    for python, remedy in ((tmp_path / "nowhere", "was not found. Install Python 3.11 to 3.13"),
                           (old, "is 3.10.9. Try: make PYTHON=python3.12")):
        result = subprocess.run(["make", "right-python", f"PYTHON={python}", f"VENV={tmp_path}/none"], cwd=ROOT,
                                capture_output=True, text=True)
        assert result.returncode == 2 and remedy in result.stdout + result.stderr


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


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_chromium_a_test_says_how_to_enable_it_and_in_ci_it_fails(ci, status):
    command = [sys.executable, "-m", "pytest", "-q", "tests/site/test_lab.py", "-k", "token"]
    environment = {key: value for key, value in os.environ.items() if key != "CHROMIUM"} | {"PATH": "", "CI": ci}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == status
    assert "no Chromium found: install it (Debian: apt-get install chromium)" in result.stdout
