"""The buttons for Binder, Colab and editing, with and without a repository's address, and the copies for Colab."""

import importlib
import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from sphinx.errors import ExtensionError
from support import CHAPTERS, NOTEBOOKS, ROOT, skip_unless_ci, tool

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions, html_theme = ["myst_nb", "sphinx_book_theme", "launch"], "sphinx_book_theme"
html_title, nb_execution_mode, root_doc = "Course", "off", "index"
templates_path = [{str(ROOT / "book" / "_templates")!r}]
"""
PLACES = {"GITHUB_REPOSITORY": "teacher/course", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REF_NAME": "12/pr"}


def build(folder, places):
    """A site of one Markdown page and one notebook; returns the links of each in its header."""
    (folder / "book").mkdir()
    (folder / "conf.py").write_text(CONF)
    (folder / "index.md").write_text("# Course\n\n```{toctree}\nbook/01_a\n```\n")
    cells = [nbformat.v4.new_markdown_cell("# A")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "book" / "01_a.ipynb")
    environment = {key: value for key, value in os.environ.items() if key not in PLACES} | places
    subprocess.run([sys.executable, "-m", "sphinx", "-qW", ".", "site"], cwd=folder, env=environment, check=True)
    pages = [BeautifulSoup((folder / "site" / name).read_text(), "html.parser")
             for name in ("index.html", "book/01_a.html")]
    return [[link["href"] for link in page.select(".article-header-buttons a[target]")
             if "://" in link["href"]] for page in pages]


def test_without_an_address_there_are_no_buttons(tmp_path):
    assert build(tmp_path, {}) == [[], []]


def test_with_an_address_a_notebook_opens_on_binder_and_colab_and_a_page_can_be_edited(tmp_path):
    edit = "https://github.com/teacher/course/edit/12/pr"
    assert build(tmp_path, PLACES) == [[f"{edit}/index.md"], [
        "https://mybinder.org/v2/gh/teacher/course/12%2Fpr?urlpath=lab/tree/book/01_a.ipynb",
        "https://colab.research.google.com/github/teacher/course/blob/colab/book/01_a.ipynb",
        f"{edit}/book/01_a.ipynb"]]


def test_gitlab_edits_at_its_own_address_and_an_unknown_server_nowhere(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    edit = importlib.import_module("launch").edit_url
    assert edit("https://gitlab.com/a/b", "main", "book/index.md") == "https://gitlab.com/a/b/-/edit/main/book/index.md"
    assert edit("https://git.example.org/a/b", "main", "book/index.md") is None


def context_for(monkeypatch, server, branch):
    """What a notebook's page is given where the repository lies there."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    for name, value in zip(PLACES, ("teacher/course", server, branch), strict=True):
        monkeypatch.setenv(name, value)
    context = {"page_source_suffix": ".ipynb", "header_buttons": []}
    importlib.import_module("launch").add_buttons(None, "book/01_a", None, context, None)
    return context


BRANCH = """x"><script>alert('1')</script>&amp;"""


@pytest.mark.parametrize("server", ["https://github.com", "https://gitlab.com", 'http://a"><script>alert(1)</script>'])
def test_a_branch_or_a_server_with_signs_of_html_stays_text(monkeypatch, server):
    context = context_for(monkeypatch, server, BRANCH)
    head = BeautifulSoup(context["metatags"], "html.parser")
    assert [tag.name for tag in head.find_all()] == ["meta"] and head.meta["data-branch"] == BRANCH
    run, *edit = context["header_buttons"]
    urls = [head.meta["content"], *(button["url"] for button in [*run["buttons"], *edit])]
    assert len(urls) >= 2 and not [url for url in urls if set("<>\"'&") & set(url)]


@pytest.mark.parametrize("server", ["javascript:alert(1)//", " https://github.com", "ftp://github.com", ""])
def test_an_address_of_another_kind_than_the_webs_ends_the_build(monkeypatch, server):
    with pytest.raises(ExtensionError, match="http:// or https://"):
        context_for(monkeypatch, server, "main")


def test_another_server_than_github_gets_binder_alone(tmp_path):
    places = PLACES | {"GITHUB_SERVER_URL": "https://git.example.org", "GITHUB_REF_NAME": "main"}
    assert build(tmp_path, places) == [[], [
        "https://mybinder.org/v2/git/https%3A%2F%2Fgit.example.org%2Fteacher%2Fcourse/main"
        "?urlpath=lab/tree/book/01_a.ipynb"]]


def test_the_open_menu_asks_nobody_and_has_no_violation(tmp_path, browser):
    source = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not source.exists():
        skip_unless_ci("axe-core is not installed: run `make site` (npm puts it into node_modules)")
    build(tmp_path, PLACES)
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "site" / "book" / "01_a.html").as_uri())
    page.get_by_role("button", name="Run this page").press("Enter")
    page.get_by_role("link", name="Binder").wait_for()
    assert page.locator(".dropdown-launch-buttons img").evaluate_all("all => all.every(i => i.naturalWidth > 0)")
    page.evaluate("source => new Function('define', 'module', 'exports', source)()", source.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run('.dropdown-launch-buttons', {resultTypes: ['violations']})")["violations"]
    assert [violation["id"] for violation in found] == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_copies_for_colab_have_one_cell_more_and_the_sources_none(tmp_path):
    colab = tool("colab")
    colab.write(tmp_path, "https://github.com/teacher/course", "main")
    for path in NOTEBOOKS:
        source = nbformat.read(path, as_version=4)
        copy = nbformat.read(tmp_path / path.relative_to(ROOT), as_version=4)
        nbformat.validate(copy)
        assert copy.cells[1:] == source.cells
        assert "git clone -q --depth 1 --branch main https://github.com/teacher/course" in copy.cells[0].source
        assert not any("/content" in cell.source for cell in source.cells)


def test_copies_need_an_address(monkeypatch, tmp_path):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    with pytest.raises(SystemExit, match="GITHUB_REPOSITORY"):
        tool("colab").main(str(tmp_path))


# What the package google.colab does to widgets: a hook on what is displayed, none on a cell's result.
FAKE_COLAB = """
from IPython import get_ipython
WIDGET = "application/vnd.jupyter.widget-view+json"
_widgets = type("", (), {"_installed_url": "https://manager"})
def hook(message):
    if WIDGET in message["content"]["data"]:
        message["content"].setdefault("metadata", {}).setdefault(WIDGET, {})["colab"] = "on"
    return message
def enable_custom_widget_manager():
    get_ipython().display_pub.register_hook(hook)
"""


def test_a_copy_runs_where_colab_is_imitated(tmp_path):
    course, fake = tmp_path / "course.git", tmp_path / "packages" / "google" / "colab"
    shutil.copytree(ROOT / "helpers", course / "helpers")
    shutil.copytree(ROOT / "book", course / "book", ignore=shutil.ignore_patterns("_*", ".*"))
    git = ["git", "-C", course, "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "course"]):
        subprocess.run([*git, *command], check=True)
    fake.mkdir(parents=True)
    (fake / "__init__.py").touch()
    (fake / "output.py").write_text(FAKE_COLAB)
    chapter = next(path for path in CHAPTERS if path.stem.startswith("02"))
    copy = tool("colab").with_first_cell(nbformat.read(chapter, as_version=4), course.as_uri(), "main")
    content = tmp_path / "content"
    content.mkdir()
    copy.cells[0].source = (copy.cells[0].source.replace("/content", str(content))
                            + "\nimport google.colab.output; import helpers; print(helpers.__file__)")
    NotebookClient(copy, kernel_name="python3", timeout=120, resources={"metadata": {"path": str(content)}}).execute(
        env=os.environ | {"PYTHONPATH": str(fake.parents[1])})
    assert str(content / "course" / "helpers") in copy.cells[0].outputs[-1].text.replace("/book/..", "")
    bundles = [output.metadata for cell in copy.cells for output in cell.get("outputs", [])
               if "application/vnd.jupyter.widget-view+json" in output.get("data", {})]
    assert bundles and all("colab" in bundle["application/vnd.jupyter.widget-view+json"] for bundle in bundles)
