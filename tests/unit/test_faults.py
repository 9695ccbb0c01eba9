"""What goes wrong around the code: full disks, cut lines, interrupts, two at once. Files are whole or not there."""

import errno
import json
import os
import subprocess
import sys
import urllib.error
from pathlib import Path
from queue import Empty

import numpy as np
import pytest
from support import ROOT, tool

from helpers.data import digits
from helpers.networks import shipped

MADE = {"recipe": "recipes/judge.py", "seed": 3, "seconds": 1.6, "scores": {"accuracy": 0.5}}
OLD, NEW = {"a": np.zeros(4)}, {"a": np.random.default_rng(0).random(4)}


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A folder of artefacts with one file in it, at full scale."""
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "files")
    monkeypatch.setenv("COURSE_SCALE", "full")
    shipped.save("a.npz", OLD, **MADE)
    return shipped.FOLDER


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# Interrupts


def interrupted_at(line, function):
    """Run a function and press Ctrl-C at the line'th line that shipped.py executes; True if it came that far."""
    count = 0

    def trace(frame, event, _):
        nonlocal count
        if frame.f_code.co_filename != shipped.__file__:
            return None
        if event == "line":
            count += 1
            if count == line:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_an_interrupt_at_any_line_leaves_files_that_are_whole_or_refused(folder):
    before, line, states = contents(folder), 1, set()
    while interrupted_at(line, lambda: shipped.save("a.npz", NEW, **MADE)):
        assert set(contents(folder)) == set(before), f"line {line} leaves something over"
        try:
            found = shipped.load("a.npz")["a"]
            states.add("old" if np.array_equal(found, OLD["a"]) else "new")
            assert any(np.array_equal(found, value["a"]) for value in (OLD, NEW))
        except ValueError as error:  # between the file and its line in the manifest
            assert "Or make it again" in str(error)
            states.add("refused")
        shipped.save("a.npz", OLD, **MADE)
        line += 1
    assert line > 30 and states == {"old", "refused", "new"}


CHAPTER = """
import os
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0"}
from support import ROOT, models_of
chapter = models_of(ROOT / "book" / "08_variational_autoencoder.ipynb")
x = chapter["digits"]()[0][0][:200]
vae = chapter["build_vae"](2)
"""


def test_a_notebook_interrupted_while_training_goes_on_from_there():
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, "PYTHONPATH": str(ROOT / "tests"), "MPLBACKEND": "agg"},
                         cwd=str(ROOT / "book"))
    try:
        client = manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=60)
        assert run(client, CHAPTER)["status"] == "ok"
        asked = client.execute("print('begun', flush=True); chapter['train'](vae, x, 1_000_000)",
                               stop_on_error=False)  # else the kernel drops what follows within a tenth of a second
        wait_for_text(client)
        manager.interrupt_kernel()
        assert reply_to(client, asked)["ename"] == "KeyboardInterrupt"
        after = run(client, "import numpy as np\n"
                            "found = chapter['train'](vae, x, 2)\n"
                            "assert found.shape == (2, 2) and np.isfinite(found).all()")
        assert after["status"] == "ok", after
    finally:
        manager.shutdown_kernel(now=True)


def reply_to(client, asked):
    """The kernel's answer to a request, without those to earlier ones."""
    while True:
        message = client.get_shell_msg(timeout=120)
        if message["parent_header"]["msg_id"] == asked:
            return message["content"]


def run(client, code):
    return reply_to(client, client.execute(code))


def wait_for_text(client):
    """Until the cell has printed something."""
    for _ in range(200):
        try:
            if client.get_iopub_msg(timeout=120)["msg_type"] == "stream":
                return
        except Empty:
            break
    pytest.fail("the cell printed nothing")


# Disks

FULL_DISK = """
import resource, signal, sys
import numpy as np
from pathlib import Path
from helpers.networks import shipped
shipped.FOLDER = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
shipped.save("a.npz", {"a": np.random.default_rng(0).random(50_000)}, recipe="x.py", seed=0, seconds=1, scores={})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process's files need Linux or macOS")
@pytest.mark.parametrize("limit", [0, 1, 100, 4096, 100_000])
def test_a_disk_that_fills_up_leaves_the_old_files(folder, limit):
    before = contents(folder)
    result = subprocess.run([sys.executable, "-c", FULL_DISK, str(folder), str(limit)], capture_output=True, text=True)
    assert result.returncode == 1 and "OSError" in result.stderr
    assert contents(folder) == before


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"),
                                   OSError(errno.EROFS, "Read-only file system"),
                                   PermissionError(errno.EACCES, "denied")],
                         ids=lambda error: errno.errorcode[error.errno])
@pytest.mark.parametrize("call", ["replace", "mkdir", "open"])
def test_a_folder_that_takes_nothing_keeps_the_old_files(folder, monkeypatch, call, error):
    def refuse(path, *arguments, **options):
        if str(folder) in str(path) and (call != "open" or arguments[0] & os.O_CREAT):
            raise error
        return original(path, *arguments, **options)

    before, original = contents(folder), getattr(os, call)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        if call == "open":  # os.open is what tempfile and locks use, io.open the rest
            patch.setattr(np, "savez_compressed", lambda path, **_: refuse(path, os.O_CREAT))
        with pytest.raises(type(error)) as raised:
            shipped.save("a.npz", NEW, **MADE)
    assert raised.value.errno == error.errno and contents(folder) == before
    assert np.array_equal(shipped.load("a.npz")["a"], OLD["a"])


def test_a_file_in_place_of_the_folder_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SCALE", "full")
    monkeypatch.setattr(shipped, "FOLDER", tmp_path / "files")
    shipped.FOLDER.write_text("a file")
    with pytest.raises(FileExistsError, match="files"):
        shipped.save("a.npz", OLD, **MADE)
    assert shipped.FOLDER.read_text() == "a file"


def test_a_chapter_on_a_full_disk_is_left_as_it_was(tmp_path, monkeypatch):
    import nbformat

    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")]), path)
    before, notebooks = path.read_bytes(), tool("notebooks")

    def write_half(notebook, target):
        Path(target).write_text("{")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(notebooks.nbformat, "write", write_half)
    with pytest.raises(OSError, match="No space"):
        notebooks.execute(path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


# Two at once

WRITER = """
import sys
import numpy as np
from pathlib import Path
from helpers.networks import shipped
shipped.FOLDER = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for i in range(20):
    shipped.save(f"{sys.argv[2]}_{i}.npz", {"a": np.full(1000, i)}, recipe="x.py", seed=0, seconds=1, scores={})
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock: one process at a time, says shipped.py")
def test_processes_that_save_at_once_lose_no_entry(folder):
    start = [sys.executable, "-c", WRITER, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    writers = [subprocess.Popen([*start, own], **pipes) for own in ("b", "c", "d")]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    written = {f"{own}_{i}.npz": i for own in ("b", "c", "d") for i in range(20)}  # each once: a lost entry stays lost
    assert set(shipped.manifest()) == {"a.npz", *written}
    for name, i in written.items():
        assert (shipped.load(name)["a"] == i).all()
    assert set(contents(folder)) == {*shipped.manifest(), shipped.MANIFEST}


# Downloads


@pytest.fixture
def line(monkeypatch, tmp_path):
    """Keras itself on a line that a test cuts: full scale, an empty cache, and what urlretrieve shall do."""
    keras = pytest.importorskip("keras")
    from keras.src.utils import file_utils

    monkeypatch.setenv("COURSE_SCALE", "full")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(keras.config, "keras_home", lambda: str(tmp_path / "keras"), raising=False)
    monkeypatch.setattr(file_utils.config, "keras_home", lambda: str(tmp_path / "keras"), raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "keras"))  # where Keras turns if it cannot write there
    (tmp_path / "keras").mkdir()
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return lambda urlretrieve: monkeypatch.setattr(file_utils, "urlretrieve", urlretrieve)


@pytest.mark.parametrize("cut", [urllib.error.ContentTooShortError("got 500 of 11490434 bytes", None), None,
                                 OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()],
                         ids=["cut off", "cut off without a word", "disk full", "interrupted"])
def test_a_download_that_breaks_off_leaves_nothing(line, tmp_path, cut):
    asked = []

    def urlretrieve(url, path, progress=None):
        asked.append(Path(path))
        Path(path).write_bytes(bytes(500))
        if cut is not None:
            raise cut

    line(urlretrieve)
    with pytest.raises(KeyboardInterrupt if isinstance(cut, KeyboardInterrupt) else ConnectionError):
        digits()
    assert asked and tmp_path in asked[0].parents, "the test must not touch the reader's own cache"
    assert not [path for path in (tmp_path / "keras").rglob("*") if path.is_file()]


def test_the_manifest_of_the_course_is_json_that_a_browser_reads():
    """No NaN and no Infinity, which Python writes and others refuse."""
    text = (ROOT / "helpers" / "networks" / "files" / "manifest.json").read_text(encoding="utf-8")
    json.loads(text, parse_constant=lambda name: pytest.fail(f"the manifest holds {name}"))
