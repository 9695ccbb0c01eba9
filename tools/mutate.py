"""Change the course's code in small ways, one at a time, and see whether a test notices (`make mutate`).

Run: python tools/mutate.py                                      two changes in each module, always the same ones
     python tools/mutate.py --each 5 --seed 1 helpers/judge/*.py more, others, in these modules
     python tools/mutate.py --together book/_ext/*.py            one in each of these, all in one site

A change turns a comparison, a sum, a condition, a number or an answer into its neighbour. Those tests of tests/unit run
whose file names the module (for JavaScript: those that run it or one that imports it). What makes the pages is tried
with --together: the site is built with all changes, and its tests that fail are named. All happens in a copy of the
repository. Which test noticed which change of a site, and whether a reader could see one that survived, is for a person
to say.
"""

import argparse
import ast
import atexit
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "_build" / f"mutants-{os.getpid()}"
MODULES = "helpers/**/*.py", "tools/*.py", "book/_ext/*.py", "helpers/live/**/*.js", "book/_static/*.js"
COMPARED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is}
COMPUTED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
            ast.Mod: ast.Mult, ast.Pow: ast.Mult}
IN_JAVASCRIPT = [(re.compile(pattern), new) for pattern, new in (
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" === ", " !== "), (r" !== ", " === "),
    (r" \+ ", " - "), (r" - ", " + "), (r" \* ", " / "), (r" / ", " * "), (r" && ", " || "), (r" \|\| ", " && "),
    (r"\btrue\b", "false"), (r"\bfalse\b", "true"), (r"Math\.max", "Math.min"), (r"Math\.min", "Math.max"),
    (r"(?<![\w.\"#])\d+(?![\w.\"%])", None))]  # None: the number and one
DRAWN = "tests/unit/test_drawn.py::test_a_figure_draws_and_says_what_it_did_when_it_was_looked_at"
TIMEOUT = 1200  # seconds for the tests of one change


@dataclass
class Change:
    """A text in a module, and what stands there instead."""

    path: Path  # within the repository
    line: int
    start: int  # in characters
    end: int
    new: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]


def python_changes(path: Path) -> Iterator[Change]:
    """Every change of a Python module; texts and what stands in f-strings stay."""
    text = (ROOT / path).read_text("utf-8")
    starts = [0]
    for row in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(row))

    def at(line: int, column: int) -> int:  # ast counts bytes
        row = text[starts[line - 1] : starts[line]]
        return starts[line - 1] + len(row.encode()[:column].decode())

    for node in _outside_of_texts(ast.parse(text)):
        start = at(node.lineno, node.col_offset)
        for new in _neighbours(node):
            yield Change(path, node.lineno, start, at(node.end_lineno, node.end_col_offset), new)


def _outside_of_texts(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.JoinedStr, ast.arg)):
            if hasattr(child, "lineno"):
                yield child
            yield from _outside_of_texts(child)


def _neighbours(node: ast.AST) -> Iterator[str]:
    """What could stand in a node's place."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield f"({ast.unparse(ast.Compare(node.left, [COMPARED[type(op)]()], node.comparators))})"
        case ast.BinOp(op=op) if type(op) in COMPUTED:
            yield f"({ast.unparse(ast.BinOp(node.left, COMPUTED[type(op)](), node.right))})"
        case ast.BoolOp(op=op):
            yield f"({ast.unparse(ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), node.values))})"
        case ast.UnaryOp(op=ast.Not()):
            yield f"({ast.unparse(node.operand)})"
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield f"({value + 1})"
        case ast.Return(value=ast.expr()):
            yield "return None"


def javascript_changes(path: Path) -> Iterator[Change]:
    """Every change of a JavaScript module; comments, imports and texts stay."""
    done = 0
    for number, row in enumerate((ROOT / path).read_text("utf-8").splitlines(keepends=True), 1):
        code = re.sub(r"(\"[^\"]*\"|`[^`]*`|//.*)", lambda found: "\0" * len(found[0]), row)
        if not re.match(r"\s*(/\*|\*|//|import |export \{)", row):
            for pattern, new in IN_JAVASCRIPT:
                for found in pattern.finditer(code):
                    yield Change(path, number, done + found.start(), done + found.end(),
                                 new or str(int(found[0]) + 1))
        done += len(row)


def make_copy() -> None:
    """The repository's files as git knows them, and what was installed and built."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, check=True, text=True,
                            capture_output=True).stdout
    for name in filter(None, listed.split("\0")):
        (COPY / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, COPY / name)
    for name in (".venv", "node_modules", ".git", "book/_extra"):
        (COPY / name).symlink_to(ROOT / name)
    (COPY / "_build").mkdir()


def in_copy(*words: str, **options) -> int:
    """Run Python in the copy; gives its exit code."""
    environment = os.environ | {"PYTHONPATH": str(COPY), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *words], cwd=COPY, env=environment, **options).returncode


def tests_of(path: Path) -> list[str]:
    """The tests that could notice a change of a module: whole files, or of JavaScript those that run some."""
    named = files_that_name(path)
    if path.suffix == ".py":
        return named
    return [test for name in named for test in ([name] if "::" in name else of_browser(name))]


def of_browser(name: str) -> list[str]:
    """The tests of a file that run JavaScript, themselves or by the functions that they use."""
    functions = {part.name: part for part in ast.parse((ROOT / name).read_text("utf-8")).body
                 if isinstance(part, ast.FunctionDef)}
    words = {own: set(re.findall(r"\w+", ast.unparse(part))) for own, part in functions.items()}
    found = {own for own, used in words.items() if used & {"in_node", "node", "browser"}}
    while more := {own for own, used in words.items() if used & found} - found:
        found |= more
    return [f"{name}::{own}" for own in functions if own in found and own.startswith("test_")]


def files_that_name(path: Path) -> list[str]:
    """Files of tests whose text names the module; if none does, one that imports it.

    Of JavaScript also all that name one that imports it, directly or not, and what figures with it draw.
    """
    unit, names, drawn = ROOT / "tests" / "unit", {path.stem if path.suffix == ".py" else path.name}, []
    tests = {f"tests/unit/{file.name}": file.read_text("utf-8") for file in sorted(unit.glob("test_*.py"))}
    modules = [*(ROOT / "helpers").rglob(f"*{path.suffix}"), *unit.glob(f"*{path.suffix}")]
    texts = {module.stem if path.suffix == ".py" else module.name: module.read_text("utf-8") for module in modules}
    while True:
        # Many of Python's modules are plain words, so they count where they are imported or stand in a path.
        word = "|".join(map(re.escape, names))
        stems = "|".join(re.escape(name.removesuffix(".js")) for name in names)
        named = re.compile(rf"([./\"]|\b(from|import) )({word})\b" if path.suffix == ".py" else
                           rf"\b({word})\b|\"({stems})\"")
        files = [name for name, text in tests.items() if named.search(text)]
        more = {module for module, text in texts.items() if re.search(rf"([./]|import )({word})\b", text)} - names
        if not more or (files and path.suffix == ".py"):
            break
        names |= more
    if path.suffix == ".js":  # latent-tin is of latent.js
        drawn = [name for name in sorted(file.stem for file in (unit / "drawn").glob("*.txt"))
                 if f"{name.partition('-')[0]}.js" in names]
    return [*(f"{DRAWN}[{name}]" for name in drawn), *files]


def try_out(change: Change) -> str:
    """What became of a change: caught, survived, endless (its tests were stopped), or untested."""
    tests = tests_of(change.path)
    if not tests:
        return "untested"
    file = COPY / change.path
    text = (ROOT / change.path).read_text("utf-8")
    file.write_text(change.apply(text), encoding="utf-8")
    try:
        code = in_copy("-m", "pytest", *tests, "-q", "-x", "-p", "no:xdist", "-p", "no:randomly", timeout=TIMEOUT,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return "endless"
    finally:
        file.write_text(text, encoding="utf-8")
    if code > 2:  # 1: a test fails; 2: a file of tests cannot be imported
        raise SystemExit(f"pytest ended with {code}: {' '.join(tests)}")
    return "caught" if code else "survived"


def try_together(changes: list[Change]) -> None:
    """Make all changes, build the site with the chapters' stored runs, and print which of its tests fail."""
    (COPY / "book" / "_extra").unlink()
    shutil.copytree(ROOT / "book" / "_extra", COPY / "book" / "_extra")
    shutil.copytree(ROOT / "_build" / ".jupyter_cache", COPY / "_build" / ".jupyter_cache")
    for change in changes:
        (COPY / change.path).write_text(change.apply((ROOT / change.path).read_text("utf-8")), encoding="utf-8")
    in_copy("tools/assets.py")
    in_copy(str(Path(sys.executable).with_name("jupyter-book")), "build", "--keep-going", ".")
    in_copy("-m", "pytest", "tests/site", "-n", "2", "--dist", "loadfile", "-q", "--tb=line", "-rf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="files; all by default")
    parser.add_argument("--each", type=int, default=2, help="changes in each module")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--together", action="store_true", help="one change in each module, all in one site")
    chosen = parser.parse_args()
    paths = [Path(name) for name in chosen.modules] or sorted(
        path.relative_to(ROOT) for pattern in MODULES for path in ROOT.glob(pattern))
    make_copy()
    atexit.register(shutil.rmtree, COPY)
    picked, counts = [], Counter()
    for path in paths:
        possible = [*(python_changes if path.suffix == ".py" else javascript_changes)(path)]
        each = 1 if chosen.together else chosen.each
        picked += random.Random(f"{chosen.seed} {path}").sample(possible, min(each, len(possible)))
    for change in picked:
        result = "made" if chosen.together else try_out(change)
        counts[result] += 1
        row = (ROOT / change.path).read_text("utf-8").splitlines()[change.line - 1].strip()
        print(f"{result:9}{change.path}:{change.line}: {row}  →  {change.new}", flush=True)
    if chosen.together:
        try_together(picked)
    print(", ".join(f"{n} {kind}" for kind, n in counts.items()))


if __name__ == "__main__":
    main()
