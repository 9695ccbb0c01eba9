"""Every page in Firefox and WebKit, with its policy: no complaint, each figure alive and moved by keyboard.

tools/rehearse.py runs this file with ENGINE=firefox or ENGINE=webkit; in Chromium `make test` does as much and more.
"""

import os
import re
import shutil
import threading

import pytest
from conftest import PAGES, SITE
from engines import ENGINES
from support import tool

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
# What every engine tells a page of itself, before the page's own scripts begin.
WATCH = """globalThis.complaints = [];
addEventListener("error", (e) => complaints.push(e.message ?? `${e.target.src ?? e.target.href} did not load`), true);
addEventListener("unhandledrejection", (e) => complaints.push(`${e.reason}`));
document.addEventListener("securitypolicyviolation", (e) => complaints.push(`${e.violatedDirective} ${e.blockedURI}`));
console.error = (...words) => complaints.push(words.join(" "));
"""
ALIVE = """await course.all();
const until = Date.now() + 60000, places = document.querySelectorAll(".figure-place");
while (document.querySelectorAll(".explorer-view[data-values]").length < places.length && Date.now() < until) {
  await new Promise((go) => setTimeout(go, 50));
}
return [...places].map((place) => [place.querySelectorAll(".explorer-view[data-values]").length, place.innerText]);"""
# The sliders of a figure; where it has none, its menus.
CONTROLS = """const figure = document.querySelectorAll(".explorer")[%d];
const sliders = [...figure.querySelectorAll("[role=slider]")];
const controls = sliders.length ? sliders : [...figure.querySelectorAll("select")];"""
STATE = """await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
return figure.querySelector(".explorer-view").dataset.state;"""


@pytest.fixture(scope="session")
def watched(tmp_path_factory):
    """The address of a copy of the site whose pages report what goes wrong."""
    copy = tmp_path_factory.mktemp("site") / "html"
    shutil.copytree(SITE, copy)
    (copy / "watch.js").write_text(WATCH)
    for path in [copy / name for name in (*PAGES, "search.html", "404.html")]:
        page, count = POLICY.subn(r'\g<0><script src="/watch.js"></script>', path.read_text(encoding="utf-8"))
        assert count == 1, f"{path.name} has {count} policies"
        path.write_text(page, encoding="utf-8")
    with tool("serve").bind(copy, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    found = ENGINES[os.environ["ENGINE"]](tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.mark.parametrize("name", [*PAGES, "search.html?q=ELBO", "no/such/page.html"])
def test_a_page_has_no_error_and_its_figures_move_by_keyboard(engine, watched, name):
    engine.open(f"{watched}/{name}")
    figures = engine.run(ALIVE)
    assert [text for alive, text in figures if alive != 1] == []
    for k in range(len(figures)):
        move(engine, CONTROLS % k)
    asked = engine.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [url for url in asked if not url.startswith((watched, "data:", "blob:"))] == []
    assert (engine.run("return complaints"), engine.log) == ([], [])


def move(engine, controls: str) -> None:
    """Press both arrows on every control of a figure: one of them changes its state."""
    for k in range(engine.run(f"{controls} return controls.length")):
        engine.run(f"{controls} controls[{k}].focus()")
        states = [engine.run(controls + STATE)]
        for key in ("ArrowDown", "ArrowUp", "ArrowUp"):
            engine.press(key)
            states.append(engine.run(controls + STATE))
        assert len(set(states)) > 1, f"control {k} moves nothing: {states[0]}"
