"""Digits from IDX files, the layout of MNIST's own four files: pictures and labels, for training and testing.

Source: http://yann.lecun.com/exdb/mnist/, "The IDX file format".
"""

import math
import re
from pathlib import Path

import numpy as np

from helpers.data.digit_parts import AGAIN, EMBEDDED, Part, opened, part_of, wrong

TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
NAME = re.compile(r"(.*?)(train|t10k|test)(.*?)(image|label)(.*)", re.IGNORECASE)
NAMES = "names such as train-images-idx3-ubyte and train-labels-idx1-ubyte, t10k for the test part"


def is_idx(head: bytes) -> bool:
    """Whether a file that begins so is an IDX file."""
    return head[:2] == b"\0\0" and len(head) > 3 and head[2] in TYPES and 1 <= head[3] <= 4


def read_idx(path: Path) -> tuple[list[Part], list[str]]:
    """The parts of the set that a folder holds or that a file belongs to; nothing is assumed."""
    files = _files(path)
    parts = []
    for side in sorted({side for side, _ in files}, reverse=True):  # train before test
        for kind in ("image", "label"):
            if (side, kind) not in files:
                there = files[side, "label" if kind == "image" else "image"]
                raise wrong(path, "the folder", f"{there.name} alone", f"a file of its {kind}s, too",
                            f"Put it beside {there.name}; {NAMES}.")
        images, labels = files[side, "image"], files[side, "label"]
        parts.append(part_of(path, (images.name, _array(images)), (labels.name, _array(labels))))
    return parts, []


def _files(path: Path) -> dict[tuple[str, str], Path]:
    """The files of the set by side (train or test) and kind (image or label)."""
    if not path.is_dir():
        if not (parts := NAME.fullmatch(path.name)):
            raise wrong(path, "its name", repr(path.name), NAMES, "Rename the files: the name says what a file holds.")
        return _sets(path.parent)[parts[1].lower()]
    sets = _sets(path)
    if not sets:
        tables = [file for file in sorted(path.iterdir()) if file.suffix in (".csv", ".npz", ".gz")]
        raise IsADirectoryError(f"{path} is a folder, expected a file in it, such as {(*tables, path / 'train.csv')[0]}"
                                f", or the four files of an IDX set, {NAMES}. Give the path of a file, or {EMBEDDED}.")
    if len(sets) > 1:
        one = next(iter(sets[min(sets)].values()))
        raise wrong(path, "the folder", f"the sets {', '.join(sorted(sets))}", "one set",
                    f"Give one file of the set that you mean: digits({str(one)!r}).")
    return next(iter(sets.values()))


def _sets(folder: Path) -> dict[str, dict[tuple[str, str], Path]]:
    """The sets in a folder by what their names begin with; of a file that is there twice, the unpacked one."""
    sets: dict[str, dict] = {}
    for file in sorted(folder.iterdir()):
        if (parts := NAME.fullmatch(file.name)) and file.is_file():
            prefix, side, _, kind, _ = (part.lower() for part in parts.groups())
            with file.open("rb") as head:
                start = head.read(4)
            if start[:2] == b"\x1f\x8b" or is_idx(start):
                sets.setdefault(prefix, {}).setdefault(("train" if side == "train" else "test", kind), file)
    return sets


def _array(path: Path) -> np.ndarray:
    with opened(path) as file:
        content = file.read()
    if not is_idx(content[:4]):
        raise wrong(path, "its first bytes", repr(content[:4]), "those of an IDX file", AGAIN)
    kind, start = np.dtype(TYPES[content[2]]), 4 + 4 * content[3]
    shape = [int.from_bytes(content[i : i + 4]) for i in range(4, start, 4)]
    size = math.prod(shape) * kind.itemsize
    if len(content) - start != size:
        raise wrong(path, "the file", f"{len(content) - start:,} bytes of data",
                    f"{size:,} bytes for the shape {tuple(shape)}", AGAIN)
    return np.frombuffer(content, kind, offset=start).reshape(shape)
