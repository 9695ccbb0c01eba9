"""A small table in a CSV file of the reader's: its rows, each with the number of its line."""

import csv
from pathlib import Path


def numbered_rows(path: Path, columns: list[str], n_rows: int) -> list[tuple[int, dict[str, str]]]:
    """The `n_rows` rows of a file with these columns; the first of them numbers the rows from 0.

    Commas, semicolons or tabs separate the cells, blank lines are left out.
    Raises ValueError, which names the file, the line, what was found and what was expected.
    """
    (_, header), *table = _lines(path) or [(1, [])]
    _check_columns(path, header, columns)
    if len(table) != n_rows:
        raise ValueError(f"{path}: found {len(table)} rows below the header, expected {n_rows}. Add or remove rows.")
    rows = []
    for number, (line, cells) in enumerate(table):
        if len(cells) > len(header):
            raise ValueError(f"{path}, line {line}: found {len(cells)} cells, expected {len(header)}, as in the "
                             "header. Is there a separator too many?")
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        if row[columns[0]] != str(number):
            raise ValueError(f"{path}, line {line}, column {columns[0]}: found {row[columns[0]] or 'a blank cell'}, "
                             f"expected {number}: the rows are numbered from 0, in order.")
        rows.append((line, row))
    return rows


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """The cells of each line that is not blank, and its number as an editor counts."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.lstrip().partition("\n")[0]
        reader = csv.reader(text.split("\n"), delimiter=max(",;\t", key=first.count))
        return [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if "".join(cells).strip()]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"{path} is no CSV file in UTF-8 ({error}); expected the columns with commas between. Save "
                         "it so.") from error


def _check_columns(path: Path, header: list[str], columns: list[str]) -> None:
    if missing := [name for name in columns if name not in header]:
        raise ValueError(f"{path}: found the columns {', '.join(header) or '(none)'}, missing {', '.join(missing)}. "
                         f"The first line must name {', '.join(columns)}.")
    if twice := [name for name in columns if header.count(name) > 1]:
        raise ValueError(f"{path}: found the column {twice[0]} {header.count(twice[0])} times, expected it once. "
                         "Remove the one that is wrong.")
