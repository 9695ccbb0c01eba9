"""Every everyday layout of a set of digits loads, to the last pixel; what has two readings says which was taken."""

import gzip
import os
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.data import digits
from helpers.data.digit_columns import is_title, label_by_name, order_of
from helpers.data.digit_parts import Assumption

N = 140  # digits of a small set, 14 of each class
PIXELS = [f"pixel{i}" for i in range(784)]
GRID = [f"{row}x{column}" for row in range(1, 29) for column in range(1, 29)]


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch, tmp_path):
    for name in ("COURSE_SCALE", "COURSE_DATA", "COURSE_INVERT", "COURSE_TRANSPOSE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def a_few_real_digits():
    (x, y), _ = digits()
    rows = np.concatenate([np.flatnonzero(y == k)[:14] for k in range(10)])
    rows = np.random.default_rng(0).permutation(rows)
    return np.rint(255 * x[rows]).astype(np.uint8), y[rows]


X, Y = a_few_real_digits()  # uint8 (140, 28, 28), int64 (140,)
FLAT = X.reshape(N, 784)


def read(path, *said, **options):
    """The digits of a file that has these assumptions said of it, and no others."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = digits(path, **options)
    texts = [str(warning.message) for warning in caught]
    assert len(texts) == len(said) and all(part in text for part, text in zip(said, texts, strict=True)), texts
    assert all(warning.category is Assumption and warning.filename == __file__ for warning in caught)
    return found


def holds(found, x=X, exact=True):
    """Training and test part are together these pictures, each with its label; a seventh is the test."""
    (x_train, y_train), (x_test, y_test) = found
    assert x_train.dtype == x_test.dtype == np.float32 and y_train.dtype == y_test.dtype == np.int64
    assert x_train.shape == (120, 28, 28) and np.array_equal(np.bincount(y_test), [2] * 10)
    x_all, y_all = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    expected = np.divide(x, 255, dtype=np.float32)
    row_of = {picture.tobytes(): row for row, picture in enumerate(np.rint(255 * expected).astype(np.uint8))}
    rows = [row_of[picture.tobytes()] for picture in np.rint(255 * x_all).astype(np.uint8)]
    assert sorted(rows) == list(range(N)) and np.array_equal(y_all, Y[rows])
    np.testing.assert_allclose(x_all, expected[rows], rtol=0, atol=0 if exact else 1e-6)


# Tables


def lines_of(header, rows, separator=","):
    table = ([header] if header else []) + list(rows)
    return "\n".join(separator.join(map(str, row)) for row in table) + "\n"


FIRST, LAST = np.column_stack([Y, FLAT]), np.column_stack([FLAT, Y])
TITLED = lines_of(["label", *PIXELS], FIRST)
SHUFFLED = np.random.default_rng(1).permutation(784)
DECIMAL = [[f"{cell}.0" for cell in row] for row in FIRST]
NO_TITLE = "its first line was read as a digit"
UNIT = "its pixels are 0 to 1"
FRAME = pd.DataFrame(FIRST)
TABLES = {  # its bytes, and what is said of it
    "Kaggle's": TITLED,
    "1x1 to 28x28": lines_of(["label", *GRID], FIRST),
    "pixel1 to pixel784": lines_of(["label", *(f"pixel{i}" for i in range(1, 785))], FIRST),
    "OpenML's, class last": lines_of([*PIXELS, "class"], LAST),
    "another name first": lines_of(["Character", *PIXELS], FIRST),
    "another name last": lines_of([*PIXELS, "what it is"], LAST),
    "a label in the middle": lines_of([*PIXELS[:9], "label", *PIXELS[9:]],
                                      np.column_stack([FLAT[:, :9], Y, FLAT[:, 9:]])),
    "names in capitals, with blanks": lines_of([" Label", *PIXELS], FIRST, ", "),
    "names without numbers": lines_of(["label", *(f"p{'abc'[i % 3]}" for i in range(784))], FIRST),
    "columns in another order": lines_of(["label", *np.array(PIXELS)[SHUFFLED]],
                                         np.column_stack([Y, FLAT[:, SHUFFLED]])),
    "columns sorted as words": lines_of(["label", *sorted(PIXELS)],
                                        np.column_stack([Y, FLAT[:, np.argsort(PIXELS)]])),
    "quoted names": lines_of([f'"{name}"' for name in ("label", *PIXELS)], FIRST),
    "quoted cells": lines_of(["label", *PIXELS], [[f'"{cell}"' for cell in row] for row in FIRST]),
    "pandas's, with its index": FRAME.set_axis(["label", *PIXELS], axis=1).to_csv(),
    "pandas's, of an array": FRAME.to_csv(index=False),
    "pandas's, of an array with its index": FRAME.to_csv(),
    "pandas's, of an array, the label last": pd.DataFrame(LAST).to_csv(index=False),
    "whole numbers as floats": lines_of(["label", *PIXELS], DECIMAL),
    "labels as floats": lines_of(["label", *PIXELS], [[f"{row[0]}.0", *row[1:]] for row in FIRST]),
    "one float in a thousand lines": TITLED.replace(",255,", ",255.0,", 1),
    "semicolons": lines_of(["label", *PIXELS], FIRST, ";"),
    "tabs": lines_of(["label", *PIXELS], FIRST, "\t"),
    "bars": lines_of(["label", *PIXELS], FIRST, "|"),
    "blanks": lines_of(["label", *PIXELS], FIRST, " "),
    "Excel's: mark, semicolons, decimal commas":
        "\ufeff" + lines_of(["label", *PIXELS], DECIMAL, ";").replace(".", ","),
    "Windows line ends": TITLED.replace("\n", "\r\n"),
    "a blank line after each": TITLED.replace("\n", "\r\r\n"),
    "blank lines in front and within": "\n\n" + TITLED.replace("\n", "\n\n", 9),
    "UTF-16, as PowerShell writes": TITLED.encode("utf-16"),
    "UTF-32": TITLED.encode("utf-32"),
    "gzipped": gzip.compress(TITLED.encode()),
}
ASSUMED = {
    "no first line, label first": (lines_of([], FIRST), [NO_TITLE]),
    "no first line, label last": (lines_of([], LAST), [NO_TITLE]),
    "no first line, gzipped": (gzip.compress(lines_of([], FIRST).encode()), [NO_TITLE]),
    "numpy.savetxt's": ("\n".join(" ".join(f"{cell:.18e}" for cell in row) for row in FIRST), [NO_TITLE]),
    "no first line, blanks before the numbers": (lines_of([], FIRST, "   ").replace("\n", "\n  "), [NO_TITLE]),
}


@pytest.mark.parametrize("name", ["mine.csv", "mine.txt", "mine"])
@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_a_table_is_read_under_any_names_and_marks(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    holds(read(path))


@pytest.mark.parametrize(("content", "said"), ASSUMED.values(), ids=ASSUMED)
def test_a_table_without_names_is_read_and_says_so(tmp_path, content, said):
    path = tmp_path / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    holds(read(path, *said))
    with pytest.warns(Assumption, match="give the file a first line of names, with label over the labels"):
        digits(path)


def test_both_outer_columns_may_be_labels_the_first_is_taken_and_a_name_says_otherwise(tmp_path):
    twice = np.column_stack([Y, FLAT])
    twice[:, -1] = np.roll(Y, 1)
    path = tmp_path / "mine.csv"
    path.write_text(lines_of([], twice))
    found = read(path, f"{NO_TITLE}, for it holds numbers only, and its first column was taken as the labels")
    path.write_text(lines_of(["label", *PIXELS], twice))
    assert all(np.array_equal(a, b) for ours, named in zip(found, read(path), strict=True)
               for a, b in zip(ours, named, strict=True))
    path.write_text(lines_of([*PIXELS, "label"], twice))
    assert not np.array_equal(found[0][0], read(path)[0][0])


def test_pixels_from_0_to_1_in_a_table_are_not_divided_again(tmp_path):
    path = tmp_path / "mine.csv"
    pd.DataFrame(np.column_stack([Y, FLAT / 255])).to_csv(path, index=False)
    holds(read(path, UNIT), exact=False)


# Archives


def four(**changes):
    """Keras's four arrays of the small set: the first 100 and the last 40."""
    return {"x_train": X[:100], "y_train": Y[:100], "x_test": X[100:], "y_test": Y[100:]} | changes


def both(change_x=lambda x: x, change_y=lambda y: y):
    return {name: (change_x if name[0] == "x" else change_y)(array) for name, array in four().items()}


def renamed(*names):
    return dict(zip(names, four().values(), strict=True))


ARCHIVES = {
    "Keras's": four(),
    "a last channel": both(lambda x: x[..., None]),
    "a first channel": both(lambda x: x[:, None]),
    "flat pictures": both(lambda x: x.reshape(-1, 784)),
    "labels as texts, as OpenML's": both(change_y=lambda y: y.astype(str)),
    "labels as bytes": both(change_y=lambda y: y.astype("S")),
    "labels in a column": both(change_y=lambda y: y[:, None]),
    "one-hot labels": both(change_y=lambda y: np.eye(10)[y]),
    "whole numbers as floats": both(lambda x: x.astype(float), lambda y: y.astype(np.float32)),
    "wide whole numbers": both(lambda x: x.astype(np.int64)),
    "column by column in memory": both(np.asfortranarray),
    "MedMNIST's and Kuzushiji's way": renamed("train_images", "train_labels", "test_images", "test_labels"),
    "capitals": renamed("X_train", "Y_train", "X_test", "Y_test"),
    "the test part named alone": renamed("images", "labels", "images_test", "labels_test"),
    "t10k": renamed("train_x", "train_y", "t10k_x", "t10k_y"),
    "a validation part for a test": renamed("x_train", "y_train", "x_val", "y_val"),
    "Keras's and others": four(names=np.array(["a"]), more=X),
}


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("arrays", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_is_read_in_its_own_order(tmp_path, arrays, save):
    save(tmp_path / "mine.npz", **arrays)
    (x_train, y_train), (x_test, y_test) = read(tmp_path / "mine.npz")
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]), np.divide(X, 255, dtype=np.float32))
    np.testing.assert_array_equal(y_train, Y[:100])
    np.testing.assert_array_equal(y_test, Y[100:])


@pytest.mark.parametrize("names", [("x", "y"), ("images", "labels"), ("arr_0", "arr_1"), ("data", "target")])
def test_one_pair_of_arrays_is_divided_as_kaggles_table_is(tmp_path, names):
    np.savez(tmp_path / "mine.npz", **dict(zip(names, (X, Y), strict=True)))
    (tmp_path / "mine.csv").write_text(TITLED)
    found, kaggle = read(tmp_path / "mine.npz"), read(tmp_path / "mine.csv")
    holds(found)
    assert np.array_equal(found[0][0], kaggle[0][0]) and np.array_equal(found[1][1], kaggle[1][1])


def test_one_hot_labels_under_any_name_are_found_beside_their_pictures(tmp_path):
    np.savez(tmp_path / "mine.npz", digits=X, one_hot=np.eye(10)[Y])
    holds(read(tmp_path / "mine.npz"))


def test_a_third_part_is_left_out_and_named(tmp_path):
    np.savez(tmp_path / "mine.npz", **renamed("train_images", "train_labels", "test_images", "test_labels"),
             val_images=X[:3], val_labels=Y[:3])
    found = read(tmp_path / "mine.npz", "the arrays val_images, val_labels were not used")
    assert len(found[0][0]) == 100 and len(found[1][0]) == 40


def test_a_gzipped_archive_is_read(tmp_path):
    np.savez(tmp_path / "mine.npz", x=X, y=Y)
    (tmp_path / "mine.npz.gz").write_bytes(gzip.compress((tmp_path / "mine.npz").read_bytes()))
    holds(read(tmp_path / "mine.npz.gz"))


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_pixels_from_0_to_1_are_not_divided_again(tmp_path, kind):
    np.savez(tmp_path / "mine.npz", x=(X / 255).astype(kind), y=Y)
    (x_train, _), _ = read(tmp_path / "mine.npz", UNIT)
    assert x_train.max() == 1 and 0.09 < x_train.mean() < 0.16


@pytest.mark.parametrize("kind", [bool, np.uint8, np.float32])
def test_pixels_that_are_0_or_1_are_paper_and_ink(tmp_path, kind):
    np.savez(tmp_path / "mine.npz", x=(X > 127).astype(kind), y=Y)
    holds(read(tmp_path / "mine.npz", UNIT), 255 * (X > 127))


# IDX files


def idx(array, kind=8):
    head = bytes([0, 0, kind, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape)
    return head + array.astype({8: "u1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}[kind]).tobytes()


MNIST_NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def write_idx(folder, names=MNIST_NAMES, pack=bytes, kind=8):
    folder.mkdir(exist_ok=True)
    for name, array in zip(names, four().values(), strict=True):
        (folder / name).write_bytes(pack(idx(array, kind)))
    return folder


def is_the_set(found):
    (x_train, y_train), (x_test, y_test) = found
    np.testing.assert_array_equal(np.concatenate([x_train, x_test]), np.divide(X, 255, dtype=np.float32))
    assert np.array_equal(y_train, Y[:100]) and np.array_equal(y_test, Y[100:])


@pytest.mark.parametrize("which", [None, 0, 1, 2, 3], ids=["the folder", "train x", "train y", "test x", "test y"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_idx_files_are_read_from_any_of_the_four_or_their_folder(tmp_path, pack, which):
    names = [name + ".gz" * (pack is gzip.compress) for name in MNIST_NAMES]
    folder = write_idx(tmp_path / "raw", names, pack)
    (folder / "readme.txt").write_text("train images and labels")
    is_the_set(read(folder if which is None else folder / names[which]))


def test_idx_files_under_other_names_and_kinds_and_one_unpacked_already(tmp_path):
    names = [name.replace("-idx", ".idx").replace("t10k", "test") for name in MNIST_NAMES]
    folder = write_idx(tmp_path / "raw", names, kind=12)
    is_the_set(read(folder))
    (folder / (names[0] + ".gz")).write_bytes(gzip.compress((folder / names[0]).read_bytes()))
    is_the_set(read(folder))
    write_idx(tmp_path / "floats", names, kind=13)
    is_the_set(read(tmp_path / "floats"))


def test_idx_files_of_one_part_are_divided(tmp_path):
    for name, array in zip(MNIST_NAMES, (X, Y), strict=False):
        (tmp_path / name).write_bytes(idx(array))
    holds(read(tmp_path))


def test_of_two_idx_sets_in_a_folder_a_file_says_which(tmp_path):
    folder = write_idx(tmp_path / "raw", [f"a-{name}" for name in MNIST_NAMES])
    write_idx(folder, [f"b-{name}" for name in MNIST_NAMES])
    with pytest.raises(ValueError, match=r"the sets a-, b-, expected one set.*digits\('.*a-t"):
        digits(folder)
    is_the_set(read(folder / f"b-{MNIST_NAMES[2]}"))


def spoil_idx(folder, name, change):
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


WRONG_IDX = {
    "cut off": (lambda data: data[:-5], ["78,395 bytes", "78,400 bytes for the shape (100, 28, 28)", "again"]),
    "too long": (lambda data: data + b"more", ["78,404 bytes", "78,400"]),
    "a header cut off": (lambda data: data[:9], ["bytes"]),
    "pictures of another size": (lambda data: idx(np.zeros((100, 8, 8))), ["(100, 8, 8)", "8 × 8 pixels"]),
    "fewer pictures": (lambda data: idx(X[:99]), ["train-labels-idx1-ubyte", "(100,)", "(99,), a label"]),
    "pixel 300": (lambda data: idx(np.full((100, 28, 28), 300), 12),
                  ["train-images-idx3-ubyte[0, 0, 0]", "300", "a whole number from 0 to 255"]),
}


@pytest.mark.parametrize(("change", "said"), WRONG_IDX.values(), ids=WRONG_IDX)
def test_a_wrong_idx_file_is_named_with_what_was_found_and_expected(tmp_path, change, said):
    folder = write_idx(tmp_path / "raw")
    spoil_idx(folder, MNIST_NAMES[0], change)
    with pytest.raises(ValueError) as error:
        digits(folder / MNIST_NAMES[0])
    assert all(part in str(error.value) for part in ("found", "expected", str(folder), *said)), error.value


def test_an_idx_file_without_its_fellow_says_which_is_missing(tmp_path):
    (tmp_path / MNIST_NAMES[0]).write_bytes(idx(X))
    with pytest.raises(ValueError, match="found train-images-idx3-ubyte alone, expected a file of its labels"):
        digits(tmp_path)
    (tmp_path / "numbers").write_bytes(idx(X))
    with pytest.raises(ValueError, match="its name: found 'numbers', expected names such as train-images.*Rename"):
        digits(tmp_path / "numbers")


def test_a_damaged_gzip_file_is_named(tmp_path):
    whole = gzip.compress(TITLED.encode())
    for name, content in {"cut.csv.gz": whole[:500], "bad.csv.gz": whole[:300] + bytes(9) + whole[309:]}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=rf"{name}, the file: found what gzip cannot unpack.*Get the file again"):
            digits(tmp_path / name)


def test_a_gzip_file_that_unpacks_to_more_than_is_allowed_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.data.digit_parts.LARGEST", 10**5)
    (tmp_path / "mine.csv.gz").write_bytes(gzip.compress(bytes(10**6)))
    with pytest.raises(ValueError, match="more than 100,000 bytes when unpacked"):
        digits(tmp_path / "mine.csv.gz")


# Other files


def zipped(folder, *names):
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "label,pixel0")
    return (folder / "a.zip").read_bytes()


def saved(folder):
    np.save(folder / "a.npy", X)
    return (folder / "a.npy").read_bytes()


OTHERS = {  # what is in it, and the remedy
    "a bare array": (saved, ["one array, without labels", "np.savez('mine.npz', x=..., y=...)"]),
    "a pickle": (lambda folder: pd.to_pickle(X, folder / "a.pkl") or (folder / "a.pkl").read_bytes(),
                 ["a pickle, which can run any program", "np.savez"]),
    "HDF5": (lambda folder: b"\x89HDF\r\n\x1a\n", ["an HDF5 file", "h5py"]),
    "MATLAB": (lambda folder: b"MATLAB 5.0 MAT-file", ["MATLAB", "scipy.io.loadmat"]),
    "Parquet": (lambda folder: b"PAR1", ["Parquet", "read_parquet"]),
    "ARFF": (lambda folder: b"@relation mnist_784", ["ARFF", "scipy.io.arff"]),
    "a web page": (lambda folder: b"<!DOCTYPE html>", ["a web page", "Download the file itself"]),
    "Git LFS": (lambda folder: b"version https://git-lfs.github.com/spec/v1", ["Git LFS", "git lfs pull"]),
    "Kaggle's zip": (lambda folder: zipped(folder, "train.csv", "test.csv"),
                     ["the files train.csv, test.csv", "Unpack the archive"]),
    "a sheet of Excel": (lambda folder: zipped(folder, "xl/workbook.xml"), ["xl/workbook.xml", "as CSV"]),
    "a zip of text": (lambda folder: zipped(folder, "x_train.npy"), ["the files x_train.npy", "np.savez"]),
}


@pytest.mark.parametrize(("make", "said"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("name", ["mine.csv", "mine.npz", "mine"])
def test_a_file_of_another_kind_is_recognised_and_the_remedy_says_what_to_do_with_it(tmp_path, make, said, name):
    content = make(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ValueError) as error:
        digits(tmp_path / name)
    assert all(part in str(error.value) for part in (str(tmp_path / name), "found", "expected", *said)), error.value


def test_labels_from_1_to_10_are_told_to_begin_at_0(tmp_path):
    np.savez(tmp_path / "mine.npz", x=X, y=Y + 1)
    with pytest.raises(ValueError, match=r"y\[\d+\]: found 10, .*The labels are 1 to 10: subtract 1 from each"):
        digits(tmp_path / "mine.npz")


def test_chapters_refuse_a_training_part_without_one_of_the_ten_classes(tmp_path, monkeypatch):
    few = Y < 5
    np.savez(tmp_path / "mine.npz", x_train=X[few], y_train=Y[few], x_test=X, y_test=Y)
    monkeypatch.setenv("COURSE_DATA", "mine.npz")
    with pytest.raises(ValueError, match=r"found 5 classes, no 5, expected ten classes.*with the label 5"):
        digits()
    assert set(digits(tmp_path / "mine.npz")[0][1]) == {0, 1, 2, 3, 4}  # a program's own


def test_letters_for_labels_are_told_to_become_numbers(tmp_path):
    np.savez(tmp_path / "mine.npz", x=X, y=np.array(list("ABCDEFGHIJ"))[Y])
    with pytest.raises(ValueError, match=r"y\[0\]: found '[A-J]', .*the ten classes as 0 to 9"):
        digits(tmp_path / "mine.npz")


# Two readings


@pytest.mark.parametrize("pictures", [X, (X > 127).astype(np.uint8), X / 255], ids=["bytes", "0 or 1", "0 to 1"])
def test_bright_paper_is_turned_into_0_and_says_how_to_keep_it(tmp_path, pictures):
    path, unit = tmp_path / "mine.npz", [UNIT] if pictures.max() == 1 else []
    np.savez(path, x=pictures.max() - pictures, y=Y)
    expected = 255 * pictures if unit else pictures
    holds(read(path, *unit, "the borders of its pictures are bright"), expected, exact=False)
    holds(read(path, *unit, invert=False), 255 - expected, exact=False)
    holds(read(path, *unit, invert=True), expected, exact=False)


def test_dark_paper_is_kept_unless_told_otherwise(tmp_path):
    np.savez(tmp_path / "mine.npz", x=X, y=Y)
    holds(read(tmp_path / "mine.npz"))
    holds(read(tmp_path / "mine.npz", invert=True), 255 - X, exact=False)


@pytest.mark.parametrize("dark", [np.s_[:, 0, 1:-1], np.s_[:, -1, 1:-1], np.s_[:, 1:-1, 0], np.s_[:, 1:-1, -1]])
def test_only_the_outermost_pixels_are_the_border_and_three_sides_of_it_are_enough(tmp_path, dark):
    framed, inner = X.copy(), X.copy()
    framed[:, (0, -1)] = framed[:, :, (0, -1)] = 255
    framed[dark] = 0
    inner[:, (1, -2), 1:-1] = inner[:, 1:-1, (1, -2)] = 255
    np.savez(tmp_path / "framed.npz", x=framed, y=Y)
    np.savez(tmp_path / "inner.npz", x=inner, y=Y)
    holds(read(tmp_path / "framed.npz", "the borders of its pictures are bright"), 255 - framed, exact=False)
    holds(read(tmp_path / "inner.npz"), inner)


def test_pictures_that_fill_their_frame_are_not_taken_for_bright_paper(tmp_path):
    full = np.random.default_rng(0).integers(0, 256, X.shape, dtype=np.uint8)
    np.savez(tmp_path / "mine.npz", x=full, y=Y)
    holds(read(tmp_path / "mine.npz"), full)


@pytest.mark.parametrize("turned", [False, True], ids=["dark paper", "bright paper"])
def test_ones_that_lie_on_their_side_are_named_and_one_word_puts_them_upright(tmp_path, turned):
    stored = X.swapaxes(1, 2)
    np.savez(tmp_path / "mine.npz", x=255 - stored if turned else stored, y=Y)
    bright = ["the borders of its pictures are bright"] * turned
    holds(read(tmp_path / "mine.npz", *bright, "its ones are wider than high"), stored, exact=False)
    holds(read(tmp_path / "mine.npz", *bright, transpose=True), exact=False)
    holds(read(tmp_path / "mine.npz", *bright, transpose=False), stored, exact=False)


def test_emnist_is_put_upright_by_its_name_and_says_so(tmp_path):
    stored = np.column_stack([Y, X.swapaxes(1, 2).reshape(N, 784)])
    path = tmp_path / "emnist-mnist-train.csv"
    path.write_text(lines_of([], stored))
    holds(read(path, NO_TITLE, "EMNIST stores its pictures transposed"))
    holds(read(path, NO_TITLE, transpose=False), X.swapaxes(1, 2))


@pytest.mark.parametrize("wrong", [0.5, "yes", 2])
def test_a_turn_that_is_neither_true_nor_false_is_refused(wrong):
    for name in ("invert", "transpose"):
        with pytest.raises(TypeError, match=f"{name} is {wrong!r}, expected True, False or None"):
            digits("mine.csv", **{name: wrong})


# The reader's own set for all chapters


def test_course_data_gives_digits_without_a_path(tmp_path, monkeypatch):
    path = tmp_path / "mine.csv"
    path.write_text(TITLED)
    for value in (str(path), "mine.csv", os.path.join("~", "mine.csv")):
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("COURSE_DATA", value)
        holds(read(None))


def test_a_path_wins_over_course_data_and_course_data_over_the_scale(tmp_path, monkeypatch):
    (tmp_path / "mine.csv").write_text(TITLED)
    np.savez(tmp_path / "other.npz", **four())
    monkeypatch.setenv("COURSE_DATA", "mine.csv")
    assert len(digits("other.npz")[0][0]) == 100
    monkeypatch.setenv("COURSE_SCALE", "full")
    assert len(digits()[0][0]) == 120
    monkeypatch.setenv("COURSE_SCALE", "demo")
    monkeypatch.setenv("COURSE_DATA", "")
    assert len(digits()[0][0]) == 4000


def test_a_wrong_course_data_is_answered_as_a_wrong_path_is(monkeypatch):
    monkeypatch.setenv("COURSE_DATA", "nowhere.csv")
    with pytest.raises(FileNotFoundError, match=r"No file nowhere.csv. Tried ") as error:
        digits()
    assert error.value.__notes__ == [
        "The path is the environment variable COURSE_DATA's; unset it for the course's digits."]


def test_two_variables_say_how_the_set_lies(tmp_path, monkeypatch):
    stored = 255 - X.swapaxes(1, 2)
    np.savez(tmp_path / "mine.npz", x=stored, y=Y)
    monkeypatch.setenv("COURSE_DATA", "mine.npz")
    monkeypatch.setenv("COURSE_TRANSPOSE", "yes")
    holds(read(None, "COURSE_INVERT=no"), exact=False)
    monkeypatch.setenv("COURSE_INVERT", "no")
    holds(read(None), 255 - X)
    holds(read(None, invert=True), exact=False)
    holds(read("mine.npz", invert=False, transpose=False), stored)
    monkeypatch.setenv("COURSE_INVERT", "maybe")
    with pytest.raises(ValueError, match="COURSE_INVERT is 'maybe', expected yes or no"):
        digits()


# Columns


@pytest.mark.parametrize(("cells", "title"), [
    (["label", *PIXELS], True), ([str(i) for i in range(785)], True), ([str(i) for i in range(1, 786)], True),
    (["5", *["0"] * 784], False), (["5.0", *["0.5"] * 784], False), (["1", "2"], False)])
def test_a_first_line_is_a_title_if_it_has_words_or_counts_the_columns(cells, title):
    assert is_title(cells) == title


@pytest.mark.parametrize(("names", "label"), [
    (["x", "LABEL", "z"], 1), (["a1", "a2", "kind"], 2), (["label", "class", "a1"], None), (["a1", "a2"], None),
    ([f"{i}" for i in range(785)], None)])
def test_the_label_is_found_by_its_name_or_as_the_odd_one_out(names, label):
    assert label_by_name(names) == label


def test_names_order_pixels_row_by_row():
    down = [f"{row}x{column}" for column in range(1, 29) for row in range(1, 29)]  # column by column
    order = order_of(Path("a.csv"), [*down, "label"], 784)
    assert [down[i] for i in order] == GRID
