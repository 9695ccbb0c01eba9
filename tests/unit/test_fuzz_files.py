"""Damaged and odd files before every loader: what the file says, or the documented error, and nothing left behind."""

import gzip
import io
import json
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from fuzzing import arrays, ask, filled, fuzz, odd, right, spoilt
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import digit_parts, digits, wrodl
from helpers.data.planets import FEATURES, FILES
from helpers.networks import shipped

CELLS = ["", " ", "0", "9", "10", "255", "256", "-1", "+5", "5.0", "2.5", "1e2", "nan", "inf", "٣", "0x1f",
         "1_0", '"', '"3"', "\0", "\ufeff", "a" * 200_000, "0" * 5000 + "7", "9" * 5000, "label", "Red", "=1+1"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder that holds a case's file and nothing else, before and after the case."""
    return tmp_path_factory.mktemp("files")


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with some cut off, cut out, doubled, swapped, flipped or put in."""
    place, piece = st.integers(0, len(content)), st.integers(0, 40)

    def cut_out(data, at, n):
        return data[:at] + data[at + n:]

    def double(data, at, n):
        return data[: at + n] + data[at:]

    def flip(data, at, n):
        return data[:at] + bytes(b ^ (1 << n % 8) for b in data[at : at + 1]) + data[at + 1:]

    def swap(data, at, n):
        return data[:at] + data[at + n : at + 2 * n] + data[at : at + n] + data[at + 2 * n:]

    def put_in(data, at, n):
        return data[:at] + bytes([n * 6 % 256]) * n + data[at:]

    def cut_off(data, at, n):
        return data[:at]

    def apply(steps):
        data = content
        for change, at, n in steps:
            data = change(data, at % (len(data) + 1), n)
        return data

    change = st.sampled_from([cut_out, double, flip, flip, flip, swap, put_in, cut_off])
    return st.lists(st.tuples(change, place, piece), min_size=1, max_size=4).map(apply)


def edited(text: str, separator: str = ",") -> st.SearchStrategy[str]:
    """A table as text with cells and lines changed as people and their programs change them."""
    lines = text.splitlines()
    cells = st.tuples(st.integers(0, len(lines) - 1), st.integers(0, 900), st.sampled_from(CELLS))

    def apply(changes, whole, line_end):
        table = [line.split(separator) for line in lines]
        for row, column, cell in changes:
            table[row][column % len(table[row])] = cell
        table = whole(table)
        return line_end.join(separator.join(row) for row in table) + line_end

    whole = st.sampled_from([
        *[lambda table: table] * 6, lambda table: table[1:], lambda table: table[:1], lambda table: table[:-3],
        lambda table: [row[1:] for row in table], lambda table: [row[:-1] for row in table],
        lambda table: [*table, []], lambda table: [*table, table[-1]], lambda table: [[*row, "1"] for row in table],
        lambda table: [[*table[0], "more"], *table[1:]], lambda table: [[f" {cell} " for cell in row] for row in table],
        lambda table: [[";".join(row)] for row in table], lambda table: [table[0], *table],
        lambda table: table[:1] + table[:0:-1]])
    return st.builds(apply, st.lists(cells, max_size=3), whole, st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n"]))


def only(folder: Path, name: str, content: bytes) -> Path:
    """The file with this content, alone in its folder."""
    path = folder / name
    path.write_bytes(content)
    return path


def digits_of(path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", digit_parts.Assumption)  # it says what it assumed, which is no fault
        return digits(path)


digits_of.__doc__ = digits.__doc__


def check_digits(path: Path) -> None:
    content = path.read_bytes()
    if (found := ask(digits_of, path)) is not None:
        for x, y in found:
            assert x.dtype == np.float32 and x.shape == (len(y), 28, 28) and 0 <= x.min() and x.max() <= 1
            assert y.dtype == np.int64 and 0 <= y.min() and y.max() <= 9
    assert path.read_bytes() == content and list(path.parent.iterdir()) == [path]
    path.unlink()


def small_archive() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {"x_train": rng.integers(0, 256, (3, 28, 28), dtype=np.uint8), "y_train": np.arange(3, dtype=np.uint8),
            "x_test": rng.integers(0, 256, (2, 28, 28), dtype=np.uint8), "y_test": np.arange(2, dtype=np.uint8)}


def packed(members: dict, save=np.savez_compressed) -> bytes:
    save(buffer := io.BytesIO(), **members)
    return buffer.getvalue()


def small_table() -> str:
    x = np.random.default_rng(0).integers(0, 256, (70, 784))
    header = ",".join(["label", *(f"pixel{i}" for i in range(784))])
    return "\n".join([header, *(f"{i % 10}," + ",".join(map(str, row)) for i, row in enumerate(x))]) + "\n"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@fuzz(300)
@given(data=st.data())
def test_a_damaged_archive_of_digits(folder, save, data):
    check_digits(only(folder, "mnist.npz", data.draw(damaged(packed(small_archive(), save)))))


@fuzz(300)
@given(data=st.data())
def test_an_archive_of_odd_arrays(folder, data):
    members = small_archive()
    for name in data.draw(st.lists(st.sampled_from([*members, "more"]), min_size=1, max_size=3)):
        shape = np.shape(small_archive().get(name, 0))
        members[name] = data.draw(st.one_of(arrays(shape), st.just(300 * filled(shape, "f8", "unit", 0))))
    for name in data.draw(st.lists(st.sampled_from(sorted(members)), max_size=1)):
        del members[name]
    try:
        content = packed({name: np.asanyarray(array) for name, array in members.items()})
    except ValueError:  # lists of unequal lengths are no array
        return
    check_digits(only(folder, "mnist.npz", content))


HEADERS = ["{'descr': '|u1', 'fortran_order': False, 'shape': (1000000000000, 28, 28), }",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (-3, 28, 28), }",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (3.0, 28, 28), }",
           "{'descr': '|O', 'fortran_order': False, 'shape': (3, 28, 28), }",
           "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 28, 28), }",
           "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (3, 28, 28), }",
           "{'descr': '|V784', 'fortran_order': False, 'shape': (3,), }",
           "{'descr': '|u1', 'shape': (3, 28, 28), }", "[" * 3000, "", "__import__('os').abort()",
           "{'descr': '|u1', 'fortran_order': False, 'shape': (" + "3, " * 100 + "), }"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("version", [1, 3])
def test_an_archive_whose_header_lies(folder, header, version):
    text = header.encode() + b"\n"
    length = len(text).to_bytes(2 if version == 1 else 4, "little")
    content = b"\x93NUMPY" + bytes([version, 0]) + length + text + bytes(2352)
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as archive:
        for name, array in small_archive().items():
            np.save(member := io.BytesIO(), array)
            archive.writestr(f"{name}.npy", content if name == "x_train" else member.getvalue())
    check_digits(only(folder, "mnist.npz", buffer.getvalue()))


def test_an_archive_that_unpacks_to_more_than_is_allowed_is_refused_unread(folder, monkeypatch):
    monkeypatch.setattr(digit_parts, "LARGEST", 10**7)
    monkeypatch.setattr(np.lib.npyio.NpzFile, "__getitem__", lambda *_: pytest.fail("the archive was unpacked"))
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name in small_archive():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                member.write(bytes(3 * 10**6))
    path = only(folder, "mnist.npz", buffer.getvalue())
    assert path.stat().st_size < 10**5
    with pytest.raises(ValueError, match="its arrays take 12,000,000 bytes"):
        digits(path)
    path.unlink()


def idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + b"".join(n.to_bytes(4, "big") for n in array.shape) + array.tobytes()


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
@fuzz(150)
@given(data=st.data())
def test_a_damaged_idx_file(tmp_path_factory, pack, data):
    folder = tmp_path_factory.mktemp("idx")
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    for name, array in zip(names, small_archive().values(), strict=True):
        (folder / name).write_bytes(pack(idx(array)))
    spoilt_one = folder / data.draw(st.sampled_from(names))
    spoilt_one.write_bytes(data.draw(damaged(spoilt_one.read_bytes())))
    for path in (folder, spoilt_one):
        if (found := ask(digits_of, path)) is not None:
            assert all(x.shape == (len(y), 28, 28) and 0 <= x.min() and x.max() <= 1 for x, y in found)


@fuzz(300)
@given(content=damaged(small_table().encode()))
def test_a_damaged_table_of_digits(folder, content):
    check_digits(only(folder, "train.csv", content))


@fuzz(300)
@given(text=edited(small_table()), encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_an_edited_table_of_digits(folder, text, encoding):
    check_digits(only(folder, "train.csv", text.encode(encoding)))


PATHS = st.one_of(st.text(), st.sampled_from([
    "", ".", "..", "/", "~", "~nobody/train.csv", "~/train.csv", "a\0b.csv", "x" * 300 + ".csv",
    "x/" * 3000 + "a.npz", "\n.csv", "/dev/null", "/dev/full", "COM1.csv", "train.csv/", "book", "\ud800.csv"]), odd())


@pytest.mark.parametrize("function", [digits_of, wrodl])
@fuzz(400)
@given(source=PATHS)
def test_odd_paths(function, source):
    ask(function, source)


def check_wrodlers(path: Path) -> None:
    if (table := ask(wrodl, path)) is not None:
        assert list(table.columns) == list(FEATURES) and len(table) == 50 and not table.isna().any(axis=None)
    assert list(path.parent.iterdir()) == [path]
    path.unlink()


TABLE = (FILES / "wrodl.csv").read_text(encoding="utf-8")


@fuzz(700)
@given(content=damaged(TABLE.encode()))
def test_a_damaged_table_of_wrodlers(folder, content):
    check_wrodlers(only(folder, "mine.csv", content))


@fuzz(700)
@given(text=edited(TABLE), encoding=st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"]))
def test_an_edited_table_of_wrodlers(folder, text, encoding):
    check_wrodlers(only(folder, "mine.csv", text.encode(encoding, errors="replace")))


# Shipped networks and samples

MADE = {"recipe": "recipes/03_bayes_classifier.py", "seed": 0, "seconds": 1.0, "scores": {"a": 0.5}}
VALUE = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([1, 2], np.uint8)}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder of artefacts with one file in it, and its two files' bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shipped, "FOLDER", tmp_path_factory.mktemp("files"))
        patch.setenv("COURSE_SCALE", "full")
        path = shipped.save("a.npz", VALUE, **MADE)
        yield path, path.read_bytes(), (shipped.FOLDER / shipped.MANIFEST).read_bytes()


def loaded(files, file: bytes, manifest: bytes):
    """What `load` makes of these two files; each is there afterwards as it was."""
    path, *_ = files
    path.write_bytes(file)
    (path.parent / shipped.MANIFEST).write_bytes(manifest)
    back = ask(shipped.load, "a.npz")
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == {
        "a.npz": file, shipped.MANIFEST: manifest}
    return back


@fuzz(400)
@given(data=st.data())
def test_a_changed_artefact_is_refused(files, data):
    _, file, manifest = files
    changed = data.draw(damaged(file))
    assert (loaded(files, changed, manifest) is None) == (changed != file)


@fuzz(500)
@given(data=st.data())
def test_a_changed_manifest_gives_the_arrays_or_is_refused(files, data):
    _, file, manifest = files
    back = loaded(files, file, data.draw(damaged(manifest)))
    assert back is None or all(np.array_equal(back[key], array) for key, array in VALUE.items())


JSON = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
                    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(
                        st.sampled_from(["a.npz", "sha256", "command", "x"]), inner, max_size=3)), max_leaves=6)


@fuzz(500)
@given(found=JSON)
def test_a_manifest_of_another_form_is_refused(files, found):
    _, file, _ = files
    assert loaded(files, file, json.dumps(found).encode()) is None


NUMBERS = st.dictionaries(st.sampled_from(["a", "b_2"]), right((2,), (0,), (2, 3), kinds="f8 u1 i4 U3 ?"), max_size=2)
SCORES = st.just({"a": 0.5, "b": np.float32(2), "c": float("inf")})


@fuzz(500)
@given(a=spoilt(
    name=(st.just("b.npz"), st.one_of(st.text(max_size=12), st.sampled_from(["b.keras", "../b.npz", "B.npz"]), odd())),
    value=(NUMBERS, st.one_of(st.dictionaries(st.text(max_size=3), arrays((2,)), max_size=2), odd())),
    recipe=(st.just(MADE["recipe"]), odd()), seed=(st.integers(0, 9), odd()),
    seconds=(st.floats(0, 1e6), st.one_of(st.floats(), odd())),
    scores=(SCORES, st.one_of(st.dictionaries(st.text(), odd(), max_size=2), odd()))))
def test_what_is_saved_is_there_whole_or_not_at_all(files, a):
    path, file, manifest = files
    for one in path.parent.iterdir():
        one.unlink()
    path.write_bytes(file)
    (path.parent / shipped.MANIFEST).write_bytes(manifest)
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    if ask(shipped.save, **a) is None:
        assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before
    else:
        assert {one.name for one in path.parent.iterdir()} == {"a.npz", a["name"], shipped.MANIFEST}
        back = shipped.load(a["name"])
        assert all(np.array_equal(back.pop(key), array) for key, array in a["value"].items()) and not back
