"""Digits from a file of the reader's: Kaggle's train.csv or a Keras-layout .npz, read whole and checked.

An error names the file, the place, what was found, what was expected and how to mend it.
"""

import warnings
from pathlib import Path

import numpy as np

Digits = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

SPLIT_SEED = 0
COLUMNS = ["label", *(f"pixel{i}" for i in range(784))]
ARRAYS = {"x_train": 255, "y_train": 9, "x_test": 255, "y_test": 9}  # name: its largest value
EMBEDDED = "call digits() without a path for the 5,000 embedded digits"
LARGEST = 10**9  # bytes of all arrays together; MNIST, as numbers of eight bytes, takes half of it
KAGGLE = f"Use train.csv of Kaggle's Digit Recognizer as it was downloaded, or {EMBEDDED}."
KERAS = f"Get the file again (Keras's mnist.npz has this layout), or {EMBEDDED}."


def read_digits(path: Path) -> Digits:
    """The digits of a .csv or .npz file; ValueError says what is wrong with it and where."""
    readers = {".csv": _read_csv, ".npz": _read_npz}
    if path.suffix.lower() not in readers:
        expected = "Kaggle's train.csv or a Keras-layout .npz"
        raise _bad(path, "its ending", repr(path.suffix), expected, "Unpack or convert the file first.")
    if path.stat().st_size == 0:
        raise _bad(path, "the file", "0 bytes", "data", f"Get the file again, or {EMBEDDED}.")
    return readers[path.suffix.lower()](path)


def split_by_class(x: np.ndarray, y: np.ndarray, n_test: int) -> Digits:
    """Hold out `n_test` rows, each class by its share, the same ones every time."""
    from sklearn.model_selection import train_test_split  # half a second that land() need not pay

    rows = train_test_split(np.arange(len(y)), test_size=n_test, stratify=y, random_state=SPLIT_SEED)
    train, test = ((scaled(x[i]), y[i].astype(np.int64)) for i in rows)
    return train, test


def scaled(x: np.ndarray) -> np.ndarray:
    """Bytes, 0 to 255, as float32 images of shape (n, 28, 28) in [0, 1]."""
    return np.divide(x, 255, dtype=np.float32).reshape(-1, 28, 28)


def _bad(path: Path, place: str, found: str, expected: str, remedy: str) -> ValueError:
    return ValueError(f"{path}, {place}: found {found}, expected {expected}. {remedy}")


def _read_csv(path: Path) -> Digits:
    """Kaggle's train.csv; lines are numbered as a text editor does, the header being line 1."""
    lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").rstrip().splitlines()
    _check_header(path, lines[0] if lines else b"")
    if len(lines) == 1:
        raise _bad(path, "line 2", "the end of the file", "a row for each digit", KAGGLE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # older NumPy reads 2.5 as 2 and only warns
            table = np.loadtxt(lines[1:], delimiter=",", dtype=np.uint8, comments=None, ndmin=2)
        understood = table.shape == (len(lines) - 1, len(COLUMNS)) and table[:, 0].max() <= 9
    except (ValueError, Warning):
        understood = False
    if not understood:  # loadtxt is quick and its messages are not ours: look for the place line by line
        table = np.array([_parse_line(path, number, line) for number, line in enumerate(lines[1:], 2)])
    counts = np.bincount(table[:, 0], minlength=10)
    if counts.min() < 7:
        found = f"{counts.min()} rows of the digit {counts.argmin()}"
        raise _bad(path, "column label", found, "at least 7, of which one is held out as test", KAGGLE)
    return split_by_class(table[:, 1:], table[:, 0], n_test=len(table) // 7)


def _check_header(path: Path, header: bytes) -> None:
    names = [name.strip() for name in header.decode(errors="replace").split(",")]
    if names == COLUMNS[1:]:
        remedy = f"This is Kaggle's test.csv, which has no labels. {KAGGLE}"
        raise _bad(path, "line 1", "784 columns from pixel0 on and no label", "a first column label", remedy)
    if len(names) != len(COLUMNS):
        found = f"{len(names)} columns, the first being {names[0][:40]!r}"
        raise _bad(path, "line 1", found, "785: label, pixel0 to pixel783", KAGGLE)
    for i, (name, expected) in enumerate(zip(names, COLUMNS, strict=True), 1):
        if name != expected:
            raise _bad(path, f"line 1, column {i}", repr(name[:40]), repr(expected), KAGGLE)


def _parse_line(path: Path, number: int, line: bytes) -> list[int]:
    cells = [cell.strip() for cell in line.split(b",")]
    if len(cells) != len(COLUMNS):
        raise _bad(path, f"line {number}", f"{len(cells)} cells", "785: a label and 784 pixels", KAGGLE)
    for name, cell in zip(COLUMNS, cells, strict=True):
        largest = 9 if name == "label" else 255
        if not (cell.isdigit() and float(cell) <= largest):
            found = repr(cell.decode(errors="replace")[:40]) if cell else "an empty cell"
            expected = f"a whole number from 0 to {largest}"
            raise _bad(path, f"line {number}, column {name}", found, expected, KAGGLE)
    return [int(cell) for cell in cells]


def _read_npz(path: Path) -> Digits:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            if (size := sum(member.file_size for member in archive.zip.infolist())) > LARGEST:
                raise ValueError(f"its arrays take {size:,} bytes")
            if damaged := archive.zip.testzip():  # before NumPy believes a shape that chance wrote
                raise ValueError(f"{damaged} does not match its checksum")
            names = archive.files
            arrays = [archive[name] for name in ARRAYS if name in names]
    except PermissionError:
        raise
    except Exception as error:  # a damaged archive raises zipfile's, zlib's, NumPy's and, for a shape, MemoryError
        found = f"what NumPy cannot read ({type(error).__name__}: {error})"
        expected = "a whole .npz archive of numbers, no pickles"
        raise _bad(path, "the archive", found, expected, KERAS) from error
    if len(arrays) < len(ARRAYS):
        found = f"the arrays {', '.join(names) or '(none)'}"
        raise _bad(path, "the archive", found, ", ".join(ARRAYS), KERAS)
    for images, labels in ((0, 1), (2, 3)):
        n = arrays[images].shape[:1]
        _check_array(path, list(ARRAYS)[images], arrays[images], (*n, 28, 28))
        _check_array(path, list(ARRAYS)[labels], arrays[labels], n)
    x_train, y_train, x_test, y_test = arrays
    return (scaled(x_train), y_train.astype(np.int64)), (scaled(x_test), y_test.astype(np.int64))


def _check_array(path: Path, name: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    place = f"array {name}"
    if array.shape != shape or array.size == 0:
        expected = "(n, 28, 28), n at least 1" if name[0] == "x" else f"{shape}, a label for each image"
        raise _bad(path, place, f"the shape {array.shape}", expected, KERAS)
    expected = f"whole numbers from 0 to {ARRAYS[name]}"
    if array.dtype.kind not in "uif":
        raise _bad(path, place, f"values of type {array.dtype}", expected, KERAS)
    right = (array >= 0) & (array <= ARRAYS[name]) & (array == np.floor(array))
    if not right.all():
        index = np.unravel_index(right.argmin(), array.shape)
        place += f"[{', '.join(map(str, index))}]"
        raise _bad(path, place, str(array[index]), expected, KERAS)
