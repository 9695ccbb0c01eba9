"""Python's own archives with bytecode in place of source, without what no page reads: compile.mjs runs this in Pyodide.

Two thirds of the time that a page waits for its first cell went into compiling what it imports. All files of a package
that a page has unpacked stay in its memory: so tests, and what only a compiler or an editor reads, are left out.
"""

import importlib.util
import os
import re
import warnings
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

warnings.simplefilter("ignore")  # of other people's texts
NEEDLESS = re.compile(r"(^|/)tests?/|\.(pyi|pyx|pxd|tp|tpl|h|c|cpp|a)$")
UNDATED = (2020, 1, 1, 0, 0, 0)


def compile_archive(path: str) -> None:
    """Replace each module of an archive by what Python would make of it; what does not compile stays as it is.

    What is needless is left out.
    """
    fresh = f"{path}.new"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(fresh, "w", compresslevel=9) as new:
        for info in old.infolist():
            if NEEDLESS.search(info.filename):
                continue
            name, data = compiled(info.filename, old.read(info))
            new.writestr(zipfile.ZipInfo(name, UNDATED), data, zipfile.ZIP_DEFLATED)
    os.replace(fresh, path)


def compiled(name: str, data: bytes) -> tuple[str, bytes]:
    if not name.endswith(".py"):
        return name, data
    try:
        code = compile(data, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):  # tests and templates that are meant for another Python
        return name, data
    return f"{name}c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(data), False))
