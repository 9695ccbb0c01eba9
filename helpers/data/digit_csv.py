"""Digits from a table in a text file: a label and 784 pixels a line, under any names or none.

The columns are separated by commas, semicolons, tabs, bars or blanks. Lines are numbered as a text editor numbers
them, and columns are called as the first line calls them.
"""

import codecs
import math
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.data.digit_columns import is_title, label_by_name, label_by_values, order_of
from helpers.data.digit_parts import AGAIN, EMBEDDED, Part, wrong

KAGGLE = f"Use train.csv of Kaggle's Digit Recognizer as it was downloaded, or {EMBEDDED}."
WIDTH = 785
BLOCK = 1000  # lines that are read at once, and looked through one by one where something is wrong in them
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
         codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}  # UTF-32's begins as UTF-16's


class Sheet(NamedTuple):
    """A table as text: the names of its columns, the numbers of its lines, and the lines."""

    titled: bool
    names: list[str]
    numbers: list[int]
    lines: list[bytes]
    separator: bytes | None

    def cells(self, row: int) -> list[bytes]:
        """The cells of a line."""
        return [cell.strip() for cell in self.lines[row].split(self.separator)]


def read_csv(path: Path, content: bytes) -> tuple[list[Part], list[str]]:
    """The one part that the table holds; and what was assumed of it."""
    sheet = _sheet(path, content)
    named = label_by_name(sheet.names) if sheet.titled else None
    _check_width(path, sheet, named)
    table = _table(path, sheet, named)
    label, notice = label_by_values(table) if named is None else (named, "")
    order = order_of(path, sheet.names, label)

    def at(row: int, column: int) -> tuple[str, str]:
        return f"line {sheet.numbers[row]}, column {sheet.names[column]}", _quoted(sheet.cells(row)[column])

    part = Part(table[:, order], table[:, label], lambda row, pixel: at(row, np.arange(WIDTH)[order][pixel]),
                lambda row: at(row, label))
    if not sheet.titled:
        notice = f"its first line was read as a digit, for it holds numbers only{', and ' if notice else ''}{notice}"
    otherwise = "To say otherwise, give the file a first line of names, with label over the labels."
    return [part], [f"{path}: {notice}. {otherwise}"] if notice else []


def _sheet(path: Path, content: bytes) -> Sheet:
    text = _without_mark(path, content).replace(b'"', b"")
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not numbered:
        raise wrong(path, "line 1", "the end of the file", "a label and 784 pixels a line", KAGGLE)
    numbers, lines = map(list, zip(*numbered, strict=True))
    first = lines[0]
    separator = max((b",", b";", b"\t", b"|"), key=first.count)
    separator = separator if separator in first else None  # blanks
    if separator in (b";", b"\t"):
        lines = [line.replace(b",", b".") for line in lines]  # Excel's decimal comma
    names = [cell.decode(errors="replace").strip() for cell in first.split(separator)]
    titled = is_title(names)
    if len(names) == WIDTH + 1 and titled and names[0].lower() in ("", "unnamed: 0", "index", "id"):
        names, lines = names[1:], [line.partition(separator)[2] for line in lines]  # pandas's numbers of the rows
    if not titled:
        return Sheet(False, [str(i) for i in range(1, len(names) + 1)], numbers, lines, separator)
    if len(lines) == 1:
        raise wrong(path, f"line {numbers[0] + 1}", "the end of the file", "a row for each digit", KAGGLE)
    return Sheet(True, names, numbers[1:], lines[1:], separator)


def _without_mark(path: Path, content: bytes) -> bytes:
    """The text in UTF-8, without a byte order mark."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            try:
                return content[3:] if encoding == "utf-8" else content.decode(encoding).encode()
            except UnicodeDecodeError as error:
                found = f"what is no text in {encoding} ({error.reason})"
                raise wrong(path, "line 1", found, "a table", AGAIN) from error
    return content


def _check_width(path: Path, sheet: Sheet, label: int | None) -> None:
    found = len(sheet.names)
    if found == WIDTH - 1 and label is None:
        start = f" from {sheet.names[0]} on" if sheet.titled else ""
        remedy = "This is Kaggle's test.csv, which has no labels." if sheet.names[0] == "pixel0" else (
            "Write each digit's label before its pixels.")
        raise wrong(path, "line 1", f"784 columns{start} and no label", "a first column label", f"{remedy} {KAGGLE}")
    if found != WIDTH:
        side, remedy = math.isqrt(found - 1), f"Look at the file's first line, or {EMBEDDED}."
        if side > 4 and side**2 == found - 1:
            remedy = f"Its pictures have {side} × {side} pixels: bring them to 28 × 28 first, or {EMBEDDED}."
        first = f"{found} columns, the first being {sheet.names[0][:40]!r}"
        raise wrong(path, "line 1", first, "785: a label and 784 pixels", remedy)


def _table(path: Path, sheet: Sheet, label: int | None) -> np.ndarray:
    blocks = []
    for start in range(0, len(sheet.lines), BLOCK):
        lines = sheet.lines[start : start + BLOCK]
        block = _numbers(lines, sheet.separator)
        if block is None or block.shape != (len(lines), WIDTH):
            raise _fault(path, sheet, label, range(start, start + len(lines)))
        blocks.append(block)
    return np.concatenate(blocks)


def _numbers(lines: list[bytes], separator: bytes | None) -> np.ndarray | None:
    """The numbers in some lines: bytes if they are, else float32; None if something is no number."""
    for kind in (np.uint8, float):
        try:
            with warnings.catch_warnings(), np.errstate(over="ignore"):
                warnings.simplefilter("error")  # older NumPy reads 2.5 as 2 and only warns
                mark = separator and separator.decode()
                table = np.loadtxt(lines, kind, delimiter=mark, comments=None, ndmin=2)
                return table if kind is np.uint8 else table.astype(np.float32)
        except (ValueError, Warning):
            pass
    return None


def _fault(path: Path, sheet: Sheet, label: int | None, rows: range) -> ValueError:
    """The first thing wrong in a block: the quick reader fails on a line, and then on a cell of it, alone."""
    for row in rows:
        found = _numbers(sheet.lines[row : row + 1], sheet.separator)
        if found is not None and found.shape == (1, WIDTH):
            continue
        cells, place = sheet.cells(row), f"line {sheet.numbers[row]}"
        remedy = f"Correct {place} or delete it, or {EMBEDDED}."
        if len(cells) != WIDTH:
            cut = row + 1 == len(sheet.lines) and len(cells) < WIDTH
            return wrong(path, place, f"{len(cells)} cells", "785: a label and 784 pixels",
                         f"The file breaks off there. {AGAIN}" if cut else remedy)
        for column, cell in enumerate(cells):
            if _numbers([cell], sheet.separator) is None:
                expected = f"a whole number from 0 to {9 if column == label else 255}"
                return wrong(path, f"{place}, column {sheet.names[column]}", _quoted(cell), expected, remedy)
    place = f"lines {sheet.numbers[rows[0]]} to {sheet.numbers[rows[-1]]}"
    return wrong(path, place, "what NumPy cannot read", "numbers", AGAIN)


def _quoted(cell: bytes) -> str:
    return repr(cell.decode(errors="replace")[:40]) if cell else "an empty cell"
