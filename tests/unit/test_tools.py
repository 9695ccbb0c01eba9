"""The build's own tools."""

import errno
import http.client
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from types import SimpleNamespace

import nbformat
import pytest
from support import ROOT, tool


@pytest.fixture
def notebook():
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "abc"}, "text/plain": "X()"}
    cells = [nbformat.v4.new_code_cell("1 + 1  ", execution_count=1, metadata={"execution": {"a": "time"}},
                                       outputs=[nbformat.v4.new_output("display_data", widget)]),
             nbformat.v4.new_code_cell("1 + 1")]
    return nbformat.v4.new_notebook(cells=cells, metadata={"widgets": {"state": {}}, "other": 1})


def test_the_normal_form_leaves_out_what_differs_from_run_to_run(notebook):
    normal = tool("notebooks").normalise(notebook)
    nbformat.validate(normal)
    assert set(normal.metadata) == {"kernelspec", "language_info"}
    assert normal.cells[0].outputs[0].data == {"text/plain": "X()"} and normal.cells[0].metadata == {}
    assert normal.cells[0].source == "1 + 1" and len({cell.id for cell in normal.cells}) == 2


def test_the_normal_form_is_a_fixed_point(notebook):
    once = nbformat.writes(tool("notebooks").normalise(notebook))
    assert nbformat.writes(tool("notebooks").normalise(nbformat.reads(once, as_version=4))) == once


def test_a_chapter_that_raises_is_left_as_it_was(tmp_path):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")]), path)
    before = path.read_bytes()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        tool("notebooks").execute(path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("keras", "left_out"), [(True, set()), (False, {"07", "08", "10", "11", "12", "judge.ipynb"})])
def test_without_tensorflow_the_chapters_that_train_are_left_out(monkeypatch, keras, left_out):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    import untrained

    monkeypatch.setattr(untrained, "find_spec", lambda name: keras)
    config = SimpleNamespace(nb_execution_excludepatterns=[])
    untrained.leave_out(None, config)
    assert {name.partition("_")[0] for name in config.nb_execution_excludepatterns} == left_out
    page = (ROOT / "book/appendix/setting_up.md").read_text(encoding="utf-8")
    assert "chapters 7, 8, 10 to 12 and the page on how the judge was trained do not run" in " ".join(page.split())


def test_the_site_is_served_on_this_machine_only_and_finds_a_free_port(tmp_path):
    (tmp_path / "index.html").write_text("hello")
    serve = tool("serve")
    with serve.bind(tmp_path, 0) as first, serve.bind(tmp_path, first.server_port) as second:
        assert first.server_address[0] == second.server_address[0] == "127.0.0.1"
        assert first.server_port != second.server_port
        threading.Thread(target=first.serve_forever, daemon=True).start()
        connection = http.client.HTTPConnection("127.0.0.1", first.server_port)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"hello"
        connection.close()
        first.shutdown()


@pytest.mark.parametrize("number, ends", [(errno.EADDRINUSE, OSError), (errno.EACCES, OSError),
                                          (errno.EADDRNOTAVAIL, SystemExit)])
def test_only_a_port_that_is_not_to_be_had_sends_the_server_to_another(tmp_path, monkeypatch, number, ends):
    serve, tried = tool("serve"), []

    def refuse(address, handler):
        tried.append(address[1])
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(serve.http.server, "ThreadingHTTPServer", refuse)
    with pytest.raises(ends, match=os.strerror(number)):
        serve.bind(tmp_path, 80)
    assert tried == ([80, 0] if ends is OSError else [80])


def test_serving_without_a_site_says_how_to_build_it(tmp_path):
    with pytest.raises(SystemExit, match="make site"):
        tool("serve").main(str(tmp_path))


def test_the_server_prints_its_address_and_ends_with_ctrl_c(tmp_path):
    (tmp_path / "index.html").write_text("hello")
    command = [sys.executable, ROOT / "tools" / "serve.py", tmp_path, "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        address = next(line.split()[4] for line in server.stdout if "The course is at" in line)
        without_proxy = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        assert without_proxy.open(address).read() == b"hello"
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate()
    assert server.returncode == 0 and "Traceback" not in errors


@pytest.mark.parametrize("port", ["-1", "65536", "eight"])
def test_a_port_that_is_none_is_refused_with_the_numbers_that_are(tmp_path, port):
    (tmp_path / "index.html").write_text("hello")
    with pytest.raises(SystemExit, match=f"The port is '{port}', expected a number from 0 to 65535"):
        tool("serve").main(str(tmp_path), port)


def test_the_lock_file_names_no_download_address():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_npm_installs_when_the_lock_file_is_newer_than_what_is_installed(monkeypatch, tmp_path):
    assets, asked = tool("assets"), []
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(assets, "MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(assets, "run_npm", lambda *words: asked.append(words))
    lock, note = tmp_path / "package-lock.json", tmp_path / "node_modules" / ".package-lock.json"
    note.parent.mkdir()
    lock.touch()
    assets.install()
    assert [words[:2] for words in asked] == [("ci", "--ignore-scripts")]
    note.touch()
    assets.install()
    assert len(asked) == 1
    os.utime(note, (1, 1))
    assets.install()
    assert len(asked) == 2


def test_katex_stylesheet_and_the_renderer_are_of_one_version():
    from sphinxcontrib import katex

    assert f'"katex": "{katex.katex_version}"' in (ROOT / "package.json").read_text(encoding="utf-8")
