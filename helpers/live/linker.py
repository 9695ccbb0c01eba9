"""One text for each live figure: its module and, before it, every module that it imports.

Jupyter hands a view to the browser as one text. A bundler could make it, but bundlers need Node.js wherever Python
runs, and Colab, Binder and Pyodide have none. So this linker keeps the rules of modules itself. Each imported file
becomes a function with names of its own, whose exports are an object; the view's file comes last, as it is:

    import { segment } from "./marks.js";        const $runtime_axes = (() => {
    export function xAxis() { … }            →   const { segment } = $runtime_marks;
                                                 function xAxis() { … }
                                                 return { xAxis }; })();

It knows named imports of neighbouring files, and `export` before a function, class or single const. What it does not
know it refuses: nothing is silently wrong.
"""

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[\w./]+\.js)";$', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:(?:async )?function|const|class) (\w+))", re.MULTILINE)
DEFAULT = re.compile(r"^export default ", re.MULTILINE)
UNKNOWN = re.compile(r"^\s*(?:import|export)\b.*", re.MULTILINE)


def linked(view: Path) -> str:
    """The text of the module `view` with all that it imports, directly or not.

    Raises
    ------
    ValueError
        An import or export of a form that is not known, a name that is not exported, modules in a circle.
    FileNotFoundError
        An import of a file that is not there.
    """
    parts: dict[Path, str] = {}
    _add(view.resolve(), (), parts, {})
    return "\n".join(parts.values())


def _add(path: Path, above: tuple[Path, ...], parts: dict[Path, str], exports: dict[Path, set[str]]) -> None:
    """Put the module and, before it, what it imports into `parts`; its exported names into `exports`."""
    if path in above:
        circle = " → ".join(module.name for module in (*above[above.index(path):], path))
        raise ValueError(f"{circle}: modules import one another in a circle. Move what both need to a third one.")
    text = path.read_text(encoding="utf-8")
    for names, other in IMPORT.findall(text):
        needed = (path.parent / other).resolve()
        if needed not in parts:
            _add(needed, (*above, path), parts, exports)
        wanted = {name.split(" as ")[0].strip() for name in names.split(",")} - {""}
        if missing := sorted(wanted - exports[needed]):
            raise ValueError(f"{path.name} imports {', '.join(missing)} from {needed.name}, which exports "
                             f"{', '.join(sorted(exports[needed]))}.")
    exports[path] = {name for _, name in EXPORT.findall(text)}
    text = IMPORT.sub(lambda line: f"const {{{line[1].replace(' as ', ': ')}}} = {_name(path.parent / line[2])};", text)
    plain = EXPORT.sub(r"\1", text)
    if unknown := UNKNOWN.search(plain if above else DEFAULT.sub("", plain)):
        raise ValueError(f"{path.name} has the line {unknown[0].strip()!r}, which the linker does not know. Expected "
                         'is import { a, b as c } from "./file.js"; or export function, class or const; in a view '
                         "default, too.")
    parts[path] = text if not above else (f"const {_name(path)} = (() => {{\n{plain}"
                                          f"return {{ {', '.join(sorted(exports[path]))} }};\n}})();\n")


def _name(path: Path) -> str:
    """The constant that holds what a module exports; modules of one folder and name would be a SyntaxError."""
    return "$" + re.sub(r"\W", "_", f"{path.resolve().parent.name}_{path.stem}")
