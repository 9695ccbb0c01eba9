"""A book of two pages with the course's configuration, in a folder with a space, an accent and brackets."""

import collections
import contextlib
import importlib
import os
import shutil
import subprocess
import sys
import threading
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup
from support import ROOT, tool

LINKED = ["book/_ext", "book/_static", "book/_templates", "book/_extra", "node_modules", "tools"]
TOC = "format: jb-book\nroot: book/index\nchapters:\n- file: book/01_small\n"
EXERCISE = ":::{{exercise}} Title, easy\n:label: ex-1-{0}\n\nText.\n:::\n\n:::{{solution}} ex-1-{0}\n\nSolved.\n:::\n"


def build(folder, **options) -> subprocess.Popen:
    """Start the build as README's lines for Windows do it."""
    environment = {key: value for key, value in os.environ.items() if key not in ("COURSE_ALONE", "GITHUB_REPOSITORY")}
    environment["PATH"] = f"{os.path.dirname(sys.executable)}{os.pathsep}{environment['PATH']}"
    return subprocess.Popen(["jupyter-book", "build", "--warningiserror", "--keep-going", "."], cwd=folder, text=True,
                            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)


@pytest.fixture(scope="module")
def small_book(tmp_path_factory):
    """The folder of the book; its first build has to wait for another, which is imitated."""
    folder = tmp_path_factory.mktemp("books") / "Mein [Kurs] é (1)"
    (folder / "book").mkdir(parents=True)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for name in ("_config.yml", "book/references.bib"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "_toc.yml").write_text(TOC)
    (folder / "book" / "index.md").write_text("# A book\n\nIs it small?\n")
    new = nbformat.v4
    cells = [new.new_markdown_cell("# Small\n\nIs it?"), new.new_code_cell("print(6 * 7)"),
             *(new.new_markdown_cell(EXERCISE.format(k)) for k in (1, 2))]
    nbformat.write(new.new_notebook(cells=cells, metadata=tool("notebooks").METADATA), folder / "book/01_small.ipynb")
    lock = tool("alone").take(folder / "_build" / ".lock")
    building = build(folder)
    waits = next(line for line in building.stdout if "waiting" in line or "finished" in line)
    lock.close()
    text, _ = building.communicate(timeout=300)
    assert building.returncode == 0, text
    return SimpleNamespace(folder=folder, site=folder / "_build" / "html", waits=waits)


def page_of(book) -> BeautifulSoup:
    return BeautifulSoup((book.site / "book" / "01_small.html").read_text(encoding="utf-8"), "html.parser")


def test_a_build_waits_for_another_of_the_same_folder(small_book):
    assert small_book.waits == "Another build is at work in this folder: waiting for it to end.\n"


def test_rules_that_pages_use_are_found_in_any_folder(small_book):
    sheet = (small_book.site / "_static" / "site.css").read_text(encoding="utf-8")
    assert all(rule in sheet for rule in (".admonition", ".bd-article", ".cell_output", ".toctree-l1"))


def test_an_id_stands_once_on_a_page(small_book):
    found = collections.Counter(tag["id"] for tag in page_of(small_book).select("[id]"))
    assert {"ex-1-1", "ex-1-2"} <= set(found) and set(found.values()) == {1}


def test_a_failed_build_fails_again_until_its_cause_is_gone(small_book):
    page, ends = small_book.folder / "book" / "index.md", []
    right = page.read_text()
    for text in (right + "\n:::{nothing-of-this-name}\n:::\n", None, right):
        if text is not None:
            page.write_text(text)
        building = build(small_book.folder)
        said, _ = building.communicate(timeout=300)
        ends.append((building.returncode != 0, "nothing-of-this-name" in said))
    assert ends == [(True, True), (True, True), (False, False)]


@contextlib.contextmanager
def served(folder):
    with tool("serve").bind(folder, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_the_link_to_a_notebook_downloads_it(small_book, browser, tmp_path):
    link = page_of(small_book).select_one(".btn-download-source-button")
    assert link.has_attr("download") and not link.has_attr("target")  # whatever type a server gives the file
    page = browser.new_page()
    with served(small_book.site) as address:
        page.goto(f"{address}/book/01_small.html")
        with page.expect_download() as coming:
            page.locator(".btn-download-source-button").dispatch_event("click")
        coming.value.save_as(tmp_path / "copy.ipynb")
    assert coming.value.suggested_filename == "01_small.ipynb" and len(page.context.pages) == 1
    page.close()
    ours = nbformat.read(small_book.folder / "book" / "01_small.ipynb", as_version=4).cells
    assert [cell for cell in nbformat.read(tmp_path / "copy.ipynb", as_version=4).cells if cell.id != "needs"] == ours


def first_code(book) -> str:
    cells = nbformat.read(book.site / "_sources" / "book" / "01_small.ipynb", as_version=4).cells
    return next(cell.source for cell in cells if cell.cell_type == "code")


def test_a_downloaded_notebook_says_what_it_needs_where_there_is_no_course(small_book, tmp_path):
    done = subprocess.run([sys.executable, "-I", "-S", "-c", first_code(small_book)], cwd=tmp_path,
                          capture_output=True, text=True)
    assert "does not have the course's package `helpers`, which this notebook needs" in done.stderr
    assert "put this notebook into its folder `book`, and run `make lab`" in done.stderr
    assert subprocess.run([sys.executable, "-c", first_code(small_book)], cwd=ROOT).returncode == 0


def test_a_notebook_of_a_known_repository_says_what_to_install(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    remedy = importlib.import_module("downloads").remedy
    monkeypatch.setenv("GITHUB_REPOSITORY", "Teacher/course")
    assert '    pip install "git+https://github.com/Teacher/course@main"\n' in remedy()
    monkeypatch.delenv("GITHUB_REPOSITORY")
    monkeypatch.setenv("SITE_URL", "https://example.org/book")
    assert "https://example.org/book/book/appendix/setting_up.html" in remedy()


@pytest.fixture
def whole_builds(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    monkeypatch.setenv("COURSE_ALONE", "1")
    return importlib.import_module("whole_builds")


def test_pages_of_a_build_that_was_stopped_are_parsed_anew(whole_builds, tmp_path):
    stopped = SimpleNamespace(doctreedir=tmp_path / ".doctrees", outdir=tmp_path / "html", _warncount=0)
    whole_builds.begin(stopped, None)
    pages = stopped.doctreedir / "environment.pickle"
    pages.touch()
    whole_builds.begin(stopped, None)
    assert not pages.exists()
    pages.touch()
    whole_builds.end(stopped, None)
    whole_builds.begin(stopped, None)
    assert pages.exists()


def test_a_full_disk_ends_the_build_with_what_to_do(whole_builds, tmp_path):
    app = SimpleNamespace(doctreedir=tmp_path, _warncount=0)
    with pytest.raises(SystemExit, match="The disk is full.*No space left.*run the same command again"):
        whole_builds.end(app, OSError(28, "No space left on device"))
