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
        self.asked = lambda url: listener(SimpleNamespace(url=url))


def test_text_is_weighed_gzipped_and_a_picture_as_it_is(pages, tmp_path):
    text, page = b"word " * 400_000, _Page()
    (tmp_path / "a.js").write_bytes(text)
    (tmp_path / "a picture.png").write_bytes(bytes(1_000_000))
    sizes = pages.fetched(page, tmp_path)
    assert pages.megabytes(sizes) == 0
    page.asked("http://site/a.js?v=1")
    assert list(sizes.values()) == [len(gzip.compress(text, 6))]
    for _ in range(2):  # asked for twice, sent once
        page.asked("http://site/a%20picture.png")
    for nothing in ("http://site/lost.png", "http://site/", "data:image/png;base64,a.js"):
        page.asked(nothing)
    assert pages.megabytes(sizes) == pytest.approx(1, abs=0.01)


def test_the_table_stars_what_is_above_its_budget(pages):
    row = {"page": "book/index.html", "first_load_mb": 0.4, "figures_mb": 4.1, "usable_ms": None,
           "layout_shift": 0.01, "slider_ms": 3.0}
    line = pages.table([row]).splitlines()[-1]
    assert line.split() == ["book/index.html", "0.4", "4.1*", "–", "0.01", "3"]
