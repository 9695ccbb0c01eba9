"""The digits: 5,000 that come with the course, all of MNIST, or a set of the reader's own."""

import contextlib
import os
import socket
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from helpers.data.digit_files import Digits, pictures, read_digits
from helpers.data.digit_parts import EMBEDDED, Assumption, wrong
from helpers.paths import candidates
from helpers.scale import scale

FULL = "data/mnist.npz"
FILE = Path(__file__).with_name("files") / "digits.npz"
PATIENCE = 30  # seconds that a download may stay silent


def digits(source: str | Path | None = None, *, invert: bool | None = None, transpose: bool | None = None) -> Digits:
    """Handwritten digits, ``(x_train, y_train), (x_test, y_test)``.

    Where several say which, `source` wins, then ``COURSE_DATA``, then ``COURSE_SCALE``.

    Parameters
    ----------
    source : path, optional
        Without it: the set at the path in the environment variable ``COURSE_DATA``, if there is one. Else 5,000
        digits of MNIST's training set, 500 of each class, that come with the course; 4,000 to train and 1,000 to
        test, in one fixed order. With ``COURSE_SCALE=full``: all of MNIST, from ``data/mnist.npz`` if that file
        is there, else downloaded and checked by Keras.

        Any everyday layout of pictures of 28 × 28 pixels with labels from 0 to 9, also gzipped:

        - a table as text: a column of labels and 784 of pixels, with or without names in the first line, such as
          Kaggle's train.csv (columns label, pixel0 ... pixel783; 42,000 rows);
        - an ``.npz`` file: the arrays x_train, y_train, x_test, y_test as Keras lays them out, or a cousin: other
          names, a channel axis, flat pictures, labels as texts or one-hot;
        - MNIST's IDX files: one of the four, or their folder.

        Pixels are 0 to 255 or 0 to 1. Of a set that is not divided, a seventh, the same share of each class and
        the same rows each time, is held out as test. Kaggle does not say how it divided MNIST's 70,000 digits
        and probably mixed MNIST's training and test sets, so a score on digits held out of its file does not
        compare with one on MNIST's test set.

        A relative path is looked for in the current folder, then in the folder above it that holds _toc.yml.
    invert, transpose : bool, optional
        Whether the file's paper is bright and its ink dark; whether its pictures are stored transposed. Without
        them the file decides (bright borders; the name EMNIST), and a warning, `Assumption`, says what was taken.
        With ``COURSE_DATA`` they are ``COURSE_INVERT`` and ``COURSE_TRANSPOSE``, yes or no.

    Returns
    -------
    x_train, x_test : float32 (n, 28, 28), 0 for paper to 1 for ink
    y_train, y_test : int64 (n,), 0 to 9

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        There is no such file, or a folder without a set; the message lists the places tried.
    TypeError
        `source` is not a path, or `invert` or `transpose` is not one of True, False and None.
    ValueError
        The file, or an environment variable, is not as described.
    ConnectionError
        There is no data/mnist.npz, and the download failed, or nothing came for 30 seconds.

    Source: Y. LeCun and C. Cortes, MNIST, CC BY-SA 3.0.
    """
    for name, value in (("invert", invert), ("transpose", transpose)):
        if value not in (None, True, False):
            raise TypeError(f"{name} is {value!r}, expected True, False or None.")
    if source is None and (named := os.environ.get("COURSE_DATA")):
        source = named
        invert, transpose = (_chosen(*pair) for pair in (("COURSE_INVERT", invert), ("COURSE_TRANSPOSE", transpose)))
    if source is not None:
        found, notices = _read(source, invert, transpose)
        for notice in notices:
            warnings.warn(notice, Assumption, stacklevel=2)
        return found
    if scale() == "demo":
        return _embedded()
    path = next(filter(Path.is_file, candidates(FULL)), None)
    return _full(path) if path else _download()


def _embedded() -> Digits:
    with np.load(FILE) as archive:
        pixels, labels = archive["pixels"], archive["labels"].astype(np.int64)
        train, test = ((pictures(pixels[rows]), labels[rows]) for rows in (archive["train"], archive["test"]))
    return train, test


def _read(source: str | Path, invert: bool | None, transpose: bool | None) -> tuple[Digits, list[str]]:
    of_chapters = source == os.environ.get("COURSE_DATA")
    try:
        found, notices = read_digits(path := _find(source), invert, transpose)
        if of_chapters:
            _ten_classes(path, found[0][1])
        return found, notices
    except (OSError, ValueError) as error:
        if of_chapters:
            error.add_note("The path is the environment variable COURSE_DATA's; unset it for the course's digits.")
        raise


def _ten_classes(path: Path, classes: np.ndarray) -> None:
    """Refuse a training part in which a label is missing: the chapters build one model for each of ten."""
    if (counts := np.bincount(classes, minlength=10)).min() == 0:
        raise wrong(path, "the training labels", f"{(counts > 0).sum()} classes, no {counts.argmin()}",
                    "ten classes, 0 to 9", f"Add pictures with the label {counts.argmin()}.")


def _chosen(name: str, asked: bool | None) -> bool | None:
    found = os.environ.get(name, "").lower()
    if found not in ("", "yes", "no"):
        raise ValueError(f"The environment variable {name} is {found!r}, expected yes or no. Set it so, or unset it.")
    return asked if asked is not None or not found else found == "yes"


def _find(source: str | Path) -> Path:
    tried = candidates(source)
    path = next(filter(os.path.exists, tried), None)  # False, unlike Path's, where a name is too long for the system
    if path is None:
        missing = {True: "the folder is there, the file is not", False: "there is no such folder"}
        places = ", ".join(f"{p} ({missing[os.path.isdir(p.parent)]})" for p in tried)
        raise FileNotFoundError(f"No file {source}. Tried {places}. Put it there, or {EMBEDDED}.")
    return path


def _full(path: Path) -> Digits:
    found, _ = read_digits(path)
    (_, y_train), (_, y_test) = found
    if (len(y_train), len(y_test)) != (60_000, 10_000):
        raise wrong(path, "which COURSE_SCALE=full takes as all of MNIST", f"{len(y_train):,} digits to train and "
                    f"{len(y_test):,} to test", "60,000 and 10,000", "For a set of your own set COURSE_DATA to its "
                    "path; for MNIST move this file away, and Keras downloads it.")
    return found


@contextlib.contextmanager
def _patience() -> Iterator[None]:
    """Sockets that are opened here give up after `PATIENCE` seconds of silence; Keras sets no limit of its own."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _download() -> Digits:
    """MNIST through Keras, which removes what an interrupted download left, unless the checksum fails."""
    homes = os.environ.get("KERAS_HOME", "~/.keras"), Path(tempfile.gettempdir()) / ".keras"
    cached = [Path(home).expanduser() / "datasets" / "mnist.npz" for home in homes]
    before = [path.exists() and path.stat().st_mtime_ns for path in cached]
    try:
        import keras

        with _patience():
            (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    except BaseException as error:
        for path, old in zip(cached, before, strict=True):
            if path.exists() and path.stat().st_mtime_ns != old:
                path.unlink()
        if not isinstance(error, Exception):
            raise
        tried = ", ".join(map(str, candidates(FULL)))
        raise ConnectionError(
            f"COURSE_SCALE=full needs all of MNIST. Not found: {tried}; and Keras's download failed: "
            f"{type(error).__name__}: {error}. Place the file at data/mnist.npz, or set COURSE_SCALE=demo."
        ) from error
    return (pictures(x_train), y_train.astype(np.int64)), (pictures(x_test), y_test.astype(np.int64))
