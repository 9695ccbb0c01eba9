"""What makes pages light, step by step on small pages: states, pictures, scripts, fonts, the policy."""

import base64
import hashlib
import importlib
import io
import json

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from ipywidgets.embed import embed_data
from PIL import Image
from support import ROOT

from helpers.live import PpfExplorer
from helpers.widget_state import part


@pytest.fixture
def extension(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    return importlib.import_module


def state_of(*widgets):
    return {"state": embed_data(widgets, drop_defaults=False)["manager_state"]["state"], "version_major": 2}


def test_each_figure_gets_the_models_that_it_reaches_and_its_links_alone():
    one, other = PpfExplorer(), PpfExplorer()
    both = state_of(one, other)
    mine, theirs = (part(both, explorer.model_id)["state"] for explorer in (one, other))
    assert not set(mine) & set(theirs) and set(mine) | set(theirs) <= set(both["state"])
    assert one.view.model_id in mine and {link.model_id for link in one.links} <= set(mine)
    assert {model["model_name"] for model in mine.values()} >= {"FloatSliderModel", "LinkModel", "AnyModel"}


def test_a_figure_that_the_state_lacks_gets_no_models():
    assert part(state_of(PpfExplorer()), "nothing")["state"] == {}


@pytest.fixture
def site(tmp_path):
    """A folder with two pictures: one of a single colour, which PNG stores in less than WebP, one of many."""
    (tmp_path / "_images").mkdir()
    Image.effect_noise((60, 40), 90).convert("RGB").save(tmp_path / "_images" / "noise.png")
    Image.new("1", (1, 1)).save(tmp_path / "_images" / "dot.png", optimize=True)
    return tmp_path


def test_a_picture_gets_its_size_and_the_smaller_format_and_waits(extension, site):
    page = ('<noscript><img src="../_images/noise.png" alt="never first"></noscript>\n'
            '<img alt="a" src="../_images/noise.png" />'
            '<img src="../_images/dot.png" style="x"><img src="https://elsewhere/_images/b.png">')
    made = extension("pictures").light_pictures(site, {"book/a.html": page})["book/a.html"]
    hidden, first, second, elsewhere = BeautifulSoup(made, "html.parser").select("img")
    bytes_of = {path.name: path.stat().st_size for path in (site / "_images").iterdir()}
    suffixes = {name: min(("png", "webp"), key=lambda end, name=name: bytes_of[f"{name}.{end}"])
                for name in ("noise", "dot")}
    assert first["src"] == f"../_images/noise.{suffixes['noise']}" and (first["width"], first["height"]) == ("60", "40")
    assert second["src"] == f"../_images/dot.{suffixes['dot']}" and second["style"] == "x"
    assert (hidden.get("loading"), first.get("loading"), second.get("loading")) == ("lazy", None, "lazy")
    assert elsewhere.attrs == {"src": "https://elsewhere/_images/b.png"}


def test_a_diagram_keeps_its_format_and_gets_the_size_that_it_says(extension, site):
    (site / "_images" / "plan.svg").write_text('<svg viewBox="0 0 9 9" width="90" height="60"><path/></svg>')
    page = '<img src="../_images/plan.svg" alt="a plan">'
    made = extension("pictures").light_pictures(site, {"book/a.html": page})["book/a.html"]
    picture = BeautifulSoup(made, "html.parser").img
    assert (picture["src"], picture["width"], picture["height"]) == ("../_images/plan.svg", "90", "60")
    (site / "_images" / "bare.svg").write_text("<svg/>")
    with pytest.raises(ValueError, match='bare.svg has no size; expected <svg … width="610"'):
        extension("pictures").convert(site / "_images" / "bare.svg")


def test_webp_keeps_every_pixel(extension, site):
    extension("pictures").convert(site / "_images" / "noise.png")
    before, after = (Image.open(site / "_images" / f"noise.{end}").convert("RGB") for end in ("png", "webp"))
    assert before.tobytes() == after.tobytes()


def test_what_all_pages_have_becomes_one_script_and_the_rest_waits_its_turn(extension, tmp_path):
    (tmp_path / "_static").mkdir()
    for name, text in {"a": "const made = [word];", "b": "made.push(word);", "own": "made.push('own');"}.items():
        (tmp_path / "_static" / f"{name}.js").write_text(text)
    head = ("<title>T</title><script data-now>first()</script>"
            '<script src="{0}_static/a.js?v=1"></script><script>let word = "b";</script>'
            '<script>made.push("c");</script>{1}'
            '<script src="{0}_static/b.js"></script><script>DOCUMENTATION_OPTIONS.pagename = "x";</script>')
    pages = {"index.html": head.format("", ""),
             "book/x.html": head.format("../", '<script src="../_static/own.js"></script>')}
    made = extension("scripts").one_script(tmp_path, pages)
    scripts = BeautifulSoup(made["book/x.html"], "html.parser").select("script")
    assert [script.get("src") for script in scripts] == ["../_static/site.js", None, "../_static/own.js"]
    assert [script.has_attr("defer") for script in scripts] == [True, False, True] and scripts[1].text == "first()"
    assert "own" not in made["index.html"]
    bundle = (tmp_path / "_static" / "site.js").read_text()
    assert bundle.index('"b"') < bundle.index("made=") < bundle.index('"c"') and "pagename" not in bundle


def test_a_font_of_a_few_characters_has_these_alone(extension):
    source = ROOT / "node_modules" / "katex" / "dist" / "fonts" / "KaTeX_Main-Regular.ttf"
    if not source.exists():
        pytest.skip("KaTeX is not installed: run `make site`")
    font = TTFont(io.BytesIO(extension("fonts").few(source, {ord("x"), ord("+")})))
    assert set(font.getBestCmap()) == {ord("x"), ord("+")} and font.flavor == "woff"


def test_the_policy_admits_the_scripts_of_the_page_and_no_other(extension):
    page = ('<head><meta charset="utf-8" /><script>one()</script><script src="a.js"></script>'
            '<script type="application/json">{}</script></head><button onclick="go(&quot;x&quot;)">')
    made = extension("policy").with_policy(None, {"a.html": page})["a.html"]
    policy = BeautifulSoup(made, "html.parser").select_one("meta[http-equiv]")["content"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'" for text in (b"one()", b'go("x")')}
    assert {source for source in rules["script-src"].split() if source.startswith("'sha256")} == hashes
    assert rules["connect-src"] == "'self'" and rules["object-src"] == rules["base-uri"] == "'none'"
    from_a_folder = {name for name, sources in rules.items() if "file:" in sources.split()}
    assert from_a_folder == {f"{kind}-src" for kind in ("default", "script", "style", "img", "font", "worker")} | {
        "form-action"}
    assert "'unsafe-inline'" not in rules["script-src"] and "'unsafe-eval'" not in rules["script-src"]
    assert made.index("http-equiv") < made.index("<script")


def test_a_shared_file_has_its_contents_hash_at_its_address(extension, tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "site.js").write_text("1")
    page = '<script defer src="../_static/site.js"></script>'
    light = extension("light")
    first = light.with_versions(tmp_path, page)
    (tmp_path / "_static" / "site.js").write_text("2")
    assert first != light.with_versions(tmp_path, page) and first.startswith('<script defer src="../_static/site.js?v=')


def test_a_state_is_a_script_that_names_itself(extension):
    own = part(state_of(explorer := PpfExplorer()), explorer.model_id)
    path, text = extension("widget_state").script_of(own)
    assert path == f"figures/{hashlib.sha256(json.dumps(own).encode()).hexdigest()[:16]}.js"
    assert text.startswith(f'course.state("{path}", {{') and text.endswith(");\n")


def test_a_page_with_code_to_run_gets_the_line_and_its_exercises_a_button(extension, tmp_path):
    (tmp_path / "cells.json").write_text(json.dumps({"whole": True, "packages": ["one"], "cells": [
        {"id": "a", "exercise": None}, {"id": "b", "exercise": "2.1"}]}))
    packages = {name: {"file_name": f"{name}.whl", "depends": needs} for name, needs in
                {"one": ["two"], "two": ["one"], "three": []}.items()}
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "pyodide-lock.json").write_text(json.dumps({"packages": packages}))
    for name in [*extension("python_line").RUNTIME, *(f"{name}.whl" for name in packages)]:
        (tmp_path / "python" / name).write_bytes(bytes(2_000_000))
    cell = '<div id="cell-{0}" class="cell"><div><div><div><pre>{0}</pre></div>\n</div>\n</div></div>'
    page = ('<head><meta name="python" content="cells.json?v=1"></head><article><h1>T</h1><p>Words.</p>'
            f'<section>{cell.format("a")}{cell.format("b")}</section></article>')
    made = extension("python_line").python_line(tmp_path, {"a.html": page, "b.html": "<h1>no code</h1>"})
    soup = BeautifulSoup(made["a.html"], "html.parser")
    line = soup.select_one(".python-start")
    assert "up to 14 MB" in line.text  # two of the three packages, and five files of Python's own
    assert made["b.html"] == "<h1>no code</h1>" and line["data-cells"] == "cells.json?v=1"
    assert line.find_previous_sibling().text == "Words." and line.find_next_sibling().name == "section"
    assert [len(soup.select(f"#cell-{name} .python-press")) for name in "ab"] == [0, 1]
    assert " ".join(soup.select_one("#cell-b button").text.split()) == "Answer here exercise 2.1"
