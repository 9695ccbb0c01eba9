"""The benchmark of pages weighs as a server sends."""

import gzip
import importlib.util
import sys
from types import SimpleNamespace

import pytest
from support import ROOT


@pytest.fixture(scope="module")
def pages():
    spec = importlib.util.spec_from_file_location("benchmark_pages", ROOT / "benchmarks" / "pages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class _Page:
    """A page of which only the listeners of finished requests are asked."""

    def on(self, event, listener):
        assert event == "requestfinished"
        self.finished = listener

    def answers(self, url, body, status=200):
        answer = SimpleNamespace(url=url, status=status, body=lambda: body)
        self.finished(SimpleNamespace(response=lambda: answer))


def test_text_is_weighed_gzipped_and_a_picture_as_it_is(pages):
    text, picture, page = b"word " * 400_000, bytes(1_000_000), _Page()
    sizes = pages.fetched(page)
    assert pages.megabytes(sizes) == 0
    page.answers("http://site/a.js?v=1", text)
    assert sizes == {"http://site/a.js?v=1": len(gzip.compress(text, 6))}
    page.answers("http://site/a.png", picture)
    page.answers("http://site/a.png", picture)  # asked for twice, sent once
    page.answers("http://site/lost.png", picture, status=404)
    assert pages.megabytes(sizes) == pytest.approx(1, abs=0.01)


def test_the_table_stars_what_is_above_its_budget(pages):
    row = {"page": "book/index.html", "first_load_mb": 0.4, "figures_mb": 4.1, "usable_ms": None,
           "layout_shift": 0.01, "slider_ms": 3.0}
    line = pages.table([row]).splitlines()[-1]
    assert line.split() == ["book/index.html", "0.4", "4.1*", "–", "0.01", "3"]
