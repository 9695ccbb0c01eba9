"""The benchmark of pages weighs as a server sends."""

import base64
import gzip
import importlib.util
import json
import os
import sys

import pytest
from support import ROOT


@pytest.fixture(scope="module")
def pages():
    spec = importlib.util.spec_from_file_location("benchmark_pages", ROOT / "benchmarks" / "pages.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def page_with(numbers: bytes) -> bytes:
    state = {"state": {"id": {"model_name": "AnyModel", "buffers": [
        {"data": base64.b64encode(numbers).decode(), "path": ["weights", 0], "encoding": "base64"}]}}}
    tag = '<script type="application/vnd.jupyter.widget-state+json">'
    return f"<p>text</p>{tag}{json.dumps(state)}</script><p>more</p>".encode()


def test_numbers_of_a_network_are_weighed_apart(pages):
    bodies = {"http://site/a.html?x=1": page_with(os.urandom(400_000)), "http://site/a.png": os.urandom(200_000)}
    whole, without = pages.weigh(bodies)
    assert whole == pytest.approx(0.6, abs=0.02) and without == pytest.approx(0.2, abs=0.01)
    assert pages.weigh({"http://site/a.html": page_with(b"")}) == (0, 0)


def test_text_is_weighed_gzipped_and_a_picture_as_it_is(pages):
    text, picture = b"word " * 400_000, bytes(1_000_000)
    assert pages.weigh({"http://site/a.js": text})[0] == round(len(gzip.compress(text, 6)) / 1e6, 2)
    assert pages.weigh({"http://site/a.png": picture})[0] == 1.0


def test_the_table_stars_what_is_above_its_budget(pages):
    row = {"page": "book/index.html", "first_load_mb": 1.2, "without_weights_mb": 2.6, "usable_ms": None,
           "layout_shift": 0.01, "slider_ms": 3.0}
    line = pages.table([row]).splitlines()[-1]
    assert line.split() == ["book/index.html", "1.2", "2.6*", "–", "0.01", "3"]
