"""Python's own archives with bytecode in place of source: compile.mjs runs this in Pyodide.

Two thirds of the time that a page waits for its first cell went into compiling what it imports.
"""

import importlib.util
import os
import warnings
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc

warnings.simplefilter("ignore")  # of other people's texts
UNDATED = (2020, 1, 1, 0, 0, 0)


def compile_archive(path: str) -> None:
    """Replace each module of an archive by what Python would make of it; what does not compile stays as it is."""
    fresh = f"{path}.new"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(fresh, "w", compresslevel=9) as new:
        for info in old.infolist():
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
