"""Which of Pyodide's packages a text needs: those that it imports, and those that the course's own modules import."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

COURSE = Path(__file__).resolve().parents[1]  # the folder that holds `helpers` in the page
NAMES = {"IPython": "ipython", "PIL": "pillow", "dateutil": "python-dateutil", "sklearn": "scikit-learn"}
CHECK = re.compile(r"\bcheck\(\s*[\"'](\d+)\.")  # check("2.1", …) imports that chapter's answers


def imported(source: str) -> set[str]:
    """The modules that a text names in its imports, wherever in it; none of a text that is no Python."""
    try:
        nodes = [*ast.walk(ast.parse(source))]
    except SyntaxError:
        return set()
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    parts = {f"{node.module}.{alias.name}" for node in nodes
             if isinstance(node, ast.ImportFrom) and node.module and not node.level for alias in node.names}
    answers = {f"helpers.exercises.ch{int(number):02d}" for number in CHECK.findall(source)}
    return plain | parts | answers


def packages(source: str, folder: Path = COURSE) -> set[str]:
    """The distributions that a text needs, by the names that Pyodide's lock has for them.

    Parameters
    ----------
    source : str
        A cell.
    folder : Path
        Where `helpers` lies.
    """
    needed, seen, coming = set(), set(), imported(source)
    while coming:
        name = coming.pop()
        if name in seen:
            continue
        seen.add(name)
        root = name.split(".")[0]
        if root == "helpers":
            coming |= of_course(name, folder)
        elif root in ("keras", "tensorflow"):
            continue
        else:
            needed.add(NAMES.get(root, root))
    return needed


@cache
def of_course(name: str, folder: Path) -> frozenset[str]:
    """What a module of the course, or a name in one, imports: the packages that it lies in, and its own file."""
    found, path = set(), folder
    for part in name.split("."):
        file = path / "__init__.py"
        path = path / (homes(file).get(part, part) if file.is_file() else part)
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not file.is_file():
            break
        package = ".".join(file.relative_to(folder).parent.parts)
        found |= {absolute(one, package) for one in imports_of(file)}
    return frozenset(found)


@cache
def homes(file: Path) -> dict[str, str]:
    """The modules that a package imports when one of their names is asked for: its table HOMES."""
    found = [node.value for node in ast.parse(file.read_text("utf-8")).body
             if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HOMES"]
    return ast.literal_eval(found[0]) if found else {}


def imports_of(file: Path) -> set[tuple[int, str]]:
    """The imports that a module makes when it is imported itself: (level, name)."""
    found = set()
    for node in at_once(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(0, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.level, ".".join(filter(None, (node.module, alias.name)))) for alias in node.names}
    return found


def at_once(node: ast.AST):
    """Every node, but nothing in a function: what is imported there is imported when it is called."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from at_once(child)


def absolute(one: tuple[int, str], package: str) -> str:
    level, name = one
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - level + 1], name]) if level else name


def read_files() -> list[str]:
    """The bytecode and the libraries, outside archives, that have been imported: Python does not read them again."""
    files = {getattr(module, "__dict__", {}).get("__file__") for module in [*sys.modules.values()]}
    return sorted(file for file in files if file and ".zip/" not in file and file.endswith((".pyc", ".so")))
