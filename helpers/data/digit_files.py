"""A file of digits → the digits: its layout is recognised by its first bytes, its parts are checked and scaled."""

from pathlib import Path

import numpy as np

from helpers.data.digit_csv import read_csv
from helpers.data.digit_idx import is_idx, read_idx
from helpers.data.digit_npz import read_npz
from helpers.data.digit_parts import AGAIN, Part, opened, wrong
from helpers.data.digit_values import bright_paper, classes_of, full_ink, lying_ones

Digits = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

SPLIT_SEED = 0
LEAST = 7  # digits of a class, of which one is held out
LAYOUTS = "a table (.csv), an .npz archive or IDX files, each gzipped or not"
OTHERS = {  # how a file of another kind begins: what it is, and what to do with it
    b"\x93NUMPY": ("one array, without labels", "Save it with its labels: np.savez('mine.npz', x=..., y=...)."),
    b"\x80": ("a pickle, which can run any program", "Where you trust it, load it yourself and save its arrays: "
              "np.savez('mine.npz', x=..., y=...)."),
    b"\x89HDF": ("an HDF5 file", "Read its arrays with h5py and save them: np.savez('mine.npz', x=..., y=...)."),
    b"MATLAB": ("a file of MATLAB", "Read its arrays with scipy.io.loadmat and save them: "
                "np.savez('mine.npz', x=..., y=...)."),
    b"PAR1": ("a Parquet table", "Save it as text: pandas.read_parquet(path).to_csv('mine.csv', index=False)."),
    b"@RELATION": ("an ARFF table", "Read it with scipy.io.arff.loadarff and save it as CSV."),
    b"<": ("a web page", "Download the file itself, not the page that shows it."),
    b"version https": ("a pointer to a file, by Git LFS", "Get the file itself: git lfs pull."),
}


def read_digits(path: Path, invert: bool | None = None, transpose: bool | None = None) -> tuple[Digits, list[str]]:
    """The digits of a file, and what was assumed of it.

    `invert` turns paper into ink and `transpose` rows into columns; None: as the file looks.
    Raises ValueError, which says what is wrong with the file and where, or IsADirectoryError.
    """
    parts, notices = _parts(path)
    labels = [classes_of(path, part) for part in parts]
    ink = full_ink(path, parts)
    if ink == 1:
        notices.append(f"{path}: its pixels are 0 to 1 and were taken as shades of ink, not divided by 255.")
    invert, transpose, said = _turned(path, parts[0], labels[0], ink, (invert, transpose))
    if len(parts) == 1:
        rows = _held_out(path, parts[0], labels[0])
        halves = [(parts[0].pixels[some], labels[0][some]) for some in rows]
    else:
        halves = [(part.pixels, classes) for part, classes in zip(parts, labels, strict=True)]
    train, test = ((pictures(x, ink, invert, transpose), y) for x, y in halves)
    return (train, test), notices + said


def pictures(pixels: np.ndarray, ink: int = 255, invert: bool = False, transpose: bool = False) -> np.ndarray:
    """Shades up to `ink` as float32 images (n, 28, 28) in [0, 1]."""
    x = np.divide(pixels, ink, dtype=np.float32).reshape(-1, 28, 28)
    x = np.subtract(1, x, out=x) if invert else x
    return np.ascontiguousarray(x.swapaxes(1, 2)) if transpose else x


def _parts(path: Path) -> tuple[list[Part], list[str]]:
    if path.is_dir():
        return read_idx(path)
    if path.stat().st_size == 0:
        raise wrong(path, "the file", "0 bytes", "data", AGAIN)
    with opened(path) as file:
        head = file.read(16)
        file.seek(0)
        for start, (kind, remedy) in OTHERS.items():
            if head.upper().startswith(start.upper()):
                raise wrong(path, "the file", kind, LAYOUTS, remedy)
        if is_idx(head):
            return read_idx(path)
        if head.startswith(b"PK") or path.suffix.lower() == ".npz":
            return read_npz(path, file)
        return read_csv(path, file.read())


def _turned(path: Path, part: Part, classes: np.ndarray, ink: int,
            asked: tuple[bool | None, bool | None]) -> tuple[bool, bool, list[str]]:
    """Whether to invert and to transpose, and what of it was assumed. The first part decides for both."""
    (invert, transpose), said = asked, []
    if invert is None:
        invert = bright_paper(part, ink)
        if invert:
            said.append(f"{path}: the borders of its pictures are bright, so bright was taken as paper and turned into "
                        "0. To say otherwise: digits(path, invert=False), or COURSE_INVERT=no.")
    if transpose is None:
        transpose = "emnist" in path.name.lower()
        if transpose:
            said.append(f"{path}: EMNIST stores its pictures transposed, so their rows and columns were exchanged. "
                        "To say otherwise: digits(path, transpose=False), or COURSE_TRANSPOSE=no.")
        elif lying_ones(part, classes, invert):
            said.append(f"{path}: its ones are wider than high. The pictures were taken as they are stored; if that is "
                        "transposed, as in EMNIST: digits(path, transpose=True), or COURSE_TRANSPOSE=yes.")
    return invert, transpose, said


def _held_out(path: Path, part: Part, classes: np.ndarray) -> list[np.ndarray]:
    """The rows for training and, a seventh of them, each class by its share, for testing; the same ones every time."""
    counts = np.bincount(classes, minlength=10)
    if counts.min() < LEAST:
        raise wrong(path, "the labels", f"{counts.min()} rows of the digit {counts.argmin()}",
                    f"at least {LEAST}, of which one is held out as test",
                    "Add digits of that class, or give training and test digits apart: np.savez('mine.npz', "
                    "x_train=..., y_train=..., x_test=..., y_test=...).")
    from sklearn.model_selection import train_test_split  # half a second that digits() need not pay

    return train_test_split(np.arange(len(classes)), test_size=len(classes) // LEAST, stratify=classes,
                            random_state=SPLIT_SEED)
