"""What we depend on: licences, requirements that nothing uses, and known vulnerabilities (`make audit`).

Run: python tools/audit.py            all three; the last asks PyPI's and npm's services and needs a network
     python tools/audit.py --offline  the first two, which the tests run, too
"""

import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
AUDITOR = str(ROOT / "_build" / "audit" / "bin" / "pip-audit")  # in an environment of its own: `make audit` makes it
# What a licence may say: permissive ones, and those that ask for the source of changed files only.
PERMISSIVE = re.compile(r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|CC0|CC-BY-4|OFL|MPL|Mozilla|"
                        "Public Domain", re.IGNORECASE)
# Looked up by hand: their metadata say nothing.
KNOWN = {"namex": "Apache-2.0", "compute-gcd": "MIT", "compute-lcm": "MIT", "validate.io-array": "MIT",
         "validate.io-function": "MIT", "validate.io-integer": "MIT", "validate.io-integer-array": "MIT",
         "validate.io-number": "MIT"}
# Requirements whose use is not an import in our code, and the file that names them.
USED = {"jupyter": "Makefile", "jupyter-book": "Makefile", "jupyterlab": "Makefile", "nbval": "pyproject.toml",
        "pytest-xdist": "Makefile", "ruff": "Makefile", "sphinx-exercise": "_config.yml", "sphinx-proof": "_config.yml",
        "sphinxcontrib-katex": "_config.yml"}
INSTALLED_IS_USED = {"jupyterlab-myst", "nbgitpuller"}  # Jupyter finds its extensions by itself
IMPORTED_AS = {"scikit-learn": "sklearn", "tensorflow-cpu": "tensorflow"}


def requirements(path: Path) -> list[Requirement]:
    """The lines of a requirements file that name a package and hold on this machine."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-")]
    return [one for one in found if one.marker is None or one.marker.evaluate()]


def installed(wanted: list[Requirement]) -> dict[str, importlib.metadata.Distribution]:
    """These packages and all that they need, by name, as they are installed here."""
    todo, found = list(wanted), {}
    while todo:
        one = todo.pop()
        name = re.sub(r"[-_.]+", "-", one.name).lower()
        if name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found[name] = importlib.metadata.distribution(one.name)
        todo += [Requirement(line) for line in found[name].requires or []]
    return found


def licences() -> dict[str, str]:
    """The licence of every Python package that a reader installs and of every npm package, by name."""
    found = {}
    for name, package in installed(requirements(ROOT / "requirements.txt")).items():
        about = package.metadata
        classified = [line.split("::")[-1].strip() for line in about.get_all("Classifier") or []
                      if line.startswith("License ::")]
        found[name] = (about.get("License-Expression") or "; ".join(classified)
                       or (about.get("License") or "").strip().partition("\n")[0] or KNOWN.get(name, ""))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in lock["packages"].items():
        if name := path.rpartition("node_modules/")[2]:
            found[f"npm {name}"] = package.get("license") or KNOWN.get(name, "")
    return found


def unusual(found: dict[str, str]) -> dict[str, str]:
    """Those that offer no permissive licence."""
    return {name: licence or "no licence named" for name, licence in found.items() if not PERMISSIVE.search(licence)}


def unused() -> list[str]:
    """Requirements, ours and the tests', that no code of ours imports and no file named in `USED` names."""
    folders = ("helpers", "tools", "tests", "benchmarks", "book")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*")
               if path.suffix in (".py", ".ipynb") and "_extra" not in path.parts]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    found = []
    for one in requirements(ROOT / "requirements.txt") + requirements(ROOT / "tests" / "requirements.txt"):
        module = IMPORTED_AS.get(one.name, one.name.replace("-", "_"))
        place = USED.get(one.name)
        named = place and re.search(one.name.replace("-", "[-_. ]"), (ROOT / place).read_text(encoding="utf-8"))
        used = named or one.name in INSTALLED_IS_USED
        if not used and not re.search(rf"(?:^|\s|\")(?:import|from) {module}\b", code):
            found.append(one.name)
    return found


def vulnerabilities() -> bool:
    """Ask PyPI's advisories about the exact versions of constraints.txt, npm's about the lock file; True if none."""
    command = [AUDITOR, "--requirement", "constraints.txt", "--no-deps", "--disable-pip",
               "--strict"]  # or packages that PyPI does not answer for would count as safe
    asked = [subprocess.run(command, cwd=ROOT), subprocess.run(["npm", "audit", "--omit=dev"], cwd=ROOT)]
    return all(one.returncode == 0 for one in asked)


def main(arguments: list[str]) -> None:
    found = licences()
    print(f"{len(found)} packages; licences to look at: {unusual(found) or 'none'}")
    print(f"requirements that nothing uses: {', '.join(unused()) or 'none'}")
    right = not unusual(found) and not unused()
    if "--offline" not in arguments:
        if not Path(AUDITOR).is_file():
            raise SystemExit("pip-audit is missing: run make audit")
        right = vulnerabilities() and right
    raise SystemExit(0 if right else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
