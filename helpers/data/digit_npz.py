"""Digits from an .npz archive: Keras's four arrays, other names for them, or one pair of pictures and labels."""

import re
from pathlib import Path
from typing import BinaryIO

import numpy as np

from helpers.data import digit_parts
from helpers.data.digit_parts import AGAIN, SHAPES, Part, part_of, wrong

KERAS = [("x_train", "y_train"), ("x_test", "y_test")]


def read_npz(path: Path, file: BinaryIO) -> tuple[list[Part], list[str]]:
    """The archive's parts, one or training and test; and what was assumed of it."""
    arrays = _arrays(path, file)
    pairs = _pairs(path, arrays)
    unused = [name for name in arrays if all(name not in pair for pair in pairs)]
    notices = [f"{path}: the arrays {', '.join(unused)} were not used."] if unused else []
    return [part_of(path, (x, arrays[x]), (y, arrays[y])) for x, y in pairs], notices


def _arrays(path: Path, file: BinaryIO) -> dict[str, np.ndarray]:
    try:
        with np.load(file, allow_pickle=False) as archive:
            if (size := sum(member.file_size for member in archive.zip.infolist())) > digit_parts.LARGEST:
                raise ValueError(f"its arrays take {size:,} bytes")
            if damaged := archive.zip.testzip():  # before NumPy believes a shape that chance wrote
                raise ValueError(f"{damaged} does not match its checksum")
            inside, keras = archive.zip.namelist(), [name for pair in KERAS for name in pair]
            names = keras if set(keras) <= set(archive.files) else archive.files
            arrays = {name: _array(archive, name) for name in names}
    except PermissionError:
        raise
    except Exception as error:  # a damaged archive raises zipfile's, zlib's, NumPy's and, for a shape, MemoryError
        found = f"what NumPy cannot read ({type(error).__name__}: {error})"
        raise wrong(path, "the archive", found, "a whole .npz archive of numbers, no pickles", AGAIN) from error
    for name, array in arrays.items():
        if array is None:
            raise wrong(path, f"array {name}", "Python objects", "numbers or texts, no pickles, which can run any "
                        "program", f"Save {name}.astype(str) in its place, {name}.astype(float) if it holds pictures.")
        if not isinstance(array, np.ndarray):
            raise wrong(path, "the archive", f"the files {', '.join(inside[:5])}", "arrays, as np.savez writes them",
                        "Unpack the archive and give the path of a file in it; save a sheet of Excel as CSV.")
    return arrays


def _array(archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray | bytes | None:
    """The array; None where it is a pickle, bytes where it is another file."""
    try:
        return archive[name]
    except ValueError as error:
        if "allow_pickle" in str(error):
            return None
        raise


def _pairs(path: Path, arrays: dict[str, np.ndarray]) -> list[tuple[str, str]]:
    if all(name in arrays for pair in KERAS for name in pair):
        return KERAS
    kinds = ([name for name, array in arrays.items() if array.ndim > 1 and array.shape[1:] in SHAPES],
             [name for name, array in arrays.items() if array.ndim == 1 or array.shape[1:] in ((1,), (10,))])
    (x, x_test), (y, y_test) = ((names, []) if len(names) == 1 else _sides(names) for names in kinds)
    if len(x) == len(y) == 1 and len(x_test) == len(y_test) <= 1:
        return list(zip(x + x_test, y + y_test, strict=True))
    found = ", ".join(f"{name} {array.shape}" for name, array in arrays.items()) or "(none)"
    raise wrong(path, "the archive", f"the arrays {found}", "pictures and labels: x_train, y_train, x_test, y_test, or "
                "one pair x, y", "Save them under these names: np.savez('mine.npz', x_train=..., y_train=..., "
                "x_test=..., y_test=...).")


def _sides(names: list[str]) -> tuple[list[str], list[str]]:
    """Which of these arrays are for training and which for testing, by their names."""
    test = _named("test|t10k", names) or _named("val|dev", names)
    return _named("train", names) or [name for name in names if name not in test], test


def _named(pattern: str, names: list[str]) -> list[str]:
    return [name for name in names if re.search(pattern, name, re.IGNORECASE)]
