"""Which column of a table of digits is the label, and in which order the others are a picture."""

import re
from pathlib import Path

import numpy as np

from helpers.data.digit_parts import EMBEDDED, wrong

LABELS = {"label", "labels", "class", "target", "digit", "y"}
NUMBERED = re.compile(r"(\D*)(\d{1,9})(?:(\D+)(\d{1,9}))?")  # pixel0, x_12, 1x1, r3c28


def is_title(cells: list[str]) -> bool:
    """Whether a first line holds names: words, or the numbers of the columns, as pandas writes them."""
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        return True
    return len(cells) > 28 and bool((np.diff(numbers) == 1).all())


def label_by_name(names: list[str]) -> int | None:
    """The column with a name such as label, or the only one that is not numbered as its neighbours are."""
    named = [i for i, name in enumerate(names) if name.lower() in LABELS]
    if not named:
        kinds = [_numbering(name)[0] for name in names]
        common = max(set(kinds), key=kinds.count)
        named = [i for i, kind in enumerate(kinds) if kind != common]
    return named[0] if len(named) == 1 else None


def label_by_values(table: np.ndarray) -> tuple[int, str]:
    """The first column, or the last where only that one holds labels; and what was assumed, if both may.

    Labels are 0 to 9, each of them several times; where there are fewer, the better column counts.
    """
    last = table.shape[1] - 1
    first, other = (sum(min(7, (table[:, column] == k).sum()) for k in range(10)) for column in (0, last))
    if other > first:
        return last, ""
    both = first == other == 70
    return 0, "its first column was taken as the labels, though the last could hold them, too" if both else ""


def order_of(path: Path, names: list[str], label: int) -> slice | np.ndarray:
    """The columns of the pixels, row by row of the picture: as numbered, or as they stand where they are not."""
    as_they_stand = np.delete(np.arange(len(names)), label)
    kinds, numbers = zip(*(_numbering(names[i]) for i in as_they_stand), strict=True)
    order = as_they_stand
    if len(set(kinds)) == 1 and kinds[0] is not None:
        fault = f"Correct the names in its first line, or {EMBEDDED}."
        for i, number in enumerate(numbers):
            if number in numbers[:i]:
                place = f"line 1, column {as_they_stand[i] + 1}"
                raise wrong(path, place, f"{names[as_they_stand[i]]!r} again", "each pixel once", fault)
        if (np.ptp(numbers, axis=0) != (783 if len(numbers[0]) == 1 else 27)).any():
            found = f"{names[as_they_stand[0]]!r} to {names[as_they_stand[-1]]!r} with gaps"
            raise wrong(path, "line 1", found, "784 numbers without a gap", fault)
        order = as_they_stand[sorted(range(len(numbers)), key=numbers.__getitem__)]
    if np.array_equal(order, np.arange(1, len(names))):
        return slice(1, None)  # a view, no copy
    return order


def _numbering(name: str) -> tuple[tuple | None, tuple[int, ...]]:
    """What stands around the numbers in a name, and these: pixel12 is numbered 12, 3x28 is 3, 28."""
    if not (parts := NUMBERED.fullmatch(name)):
        return None, ()
    before, first, between, second = parts.groups()
    return (before, between), (int(first),) + ((int(second),) if second else ())
