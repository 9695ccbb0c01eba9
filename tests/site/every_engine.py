"""Every page in Firefox and WebKit, with its policy: no complaint, each figure alive and moved by keyboard; those that
learn take a step.

tools/rehearse.py runs this file with ENGINE=firefox or ENGINE=webkit; in Chromium `make test` does as much and more.
"""

import json
import os
import re
import shutil
import threading

import pytest
from conftest import PAGES, SITE
from engines import ENGINES
from page_python import agrees, printed, told_of
from support import CHAPTERS, solutions_of, tool

PAGE = next(path for path in CHAPTERS if path.stem.startswith("07"))
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
# Firefox says so of a formula that has come by half; test_site.py counts the parts of each.
HALF_READ = "Invalid markup: Incorrect number of children"
# The sliders of a figure; where it has none, its menus.
CONTROLS = """const figure = document.querySelectorAll(".explorer")[%d];
const sliders = [...figure.querySelectorAll("[role=slider]")];
const controls = sliders.length ? sliders : [...figure.querySelectorAll("select")];"""
STATE = """await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
return figure.querySelector(".explorer-view").dataset.state;"""

# One step of each figure that learns, in a worker or on the page's own thread; gives the steps that it then says.
LEARN = """const figures = [...document.querySelectorAll(".explorer-learning .explorer-view")];
const until = Date.now() + 60000;
const step = (figure) => JSON.parse(figure.dataset.state).step;
for (const figure of figures) {
  [...figure.querySelectorAll(".learning-bar button")].find((button) => button.textContent === "One step").click();
  while (step(figure) !== 1 && Date.now() < until) await new Promise((go) => setTimeout(go, 50));
}
return figures.map(step);"""


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
    assert set(engine.run(LEARN)) <= {1}
    asked = engine.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [url for url in asked if not url.startswith((watched, "data:", "blob:"))] == []
    assert (engine.run("return complaints"), [text for text in engine.log if HALF_READ not in text]) == ([], [])


# Boots Python in a worker and runs some cells, one after the other; gives what it said.
PYTHON = """const [told, cells] = %s, said = [], worker = new Worker(`/${told.worker}`, { type: "module" });
const ended = () => new Promise((go, stop) => {
  worker.onerror = (error) => { stop(error.message); };
  worker.onmessage = ({ data }) => {
    said.push(data);
    if (data.type === "failed") stop(data.text);
    if (data.type === "ready" || data.type === "done") go();
  };
});
let last = ended();
worker.postMessage({ type: "boot", packages: told.packages });
await last;
for (const [k, { source }] of cells.entries()) {
  last = ended();
  worker.postMessage({ type: "run", id: `${k}`, source, offer: told.offer });
  await last;
}
worker.terminate();
const outputs = said.filter(({ type }) => type === "output");
return cells.map((_, k) => outputs.filter(({ id }) => id === `${k}`).map(({ output }) => output));"""


def test_an_exercise_is_answered_by_python_in_the_page(engine, watched):
    told = told_of("07")
    cells = [cell | {"source": f"{solutions_of(PAGE)[cell['exercise']]}\n{cell['source'].splitlines()[-1]}"}
             for cell in told["cells"] if cell["exercise"]]
    engine.open(f"{watched}/404.html")
    said = "".join(map(printed, engine.run(PYTHON % json.dumps([told, cells]))))
    assert re.findall(r"Exercise 7\.(\d): right", said) == ["1", "2", "3", "4", "5"]


def test_a_whole_chapter_prints_there_what_the_page_shows(engine, watched):
    told = told_of("02")
    engine.open(f"{watched}/404.html")
    for cell, found in zip(told["cells"], engine.run(PYTHON % json.dumps([told, told["cells"]])), strict=True):
        assert [one for one in found if one["output_type"] == "error"] == []
        text, stored = printed(found), printed(cell["outputs"])
        assert text == stored or agrees(text, stored, "02", cell["id"]), (cell["source"], text)


def move(engine, controls: str) -> None:
    """Press both arrows on every control of a figure: one of them changes its state."""
    for k in range(engine.run(f"{controls} return controls.length")):
        engine.run(f"{controls} controls[{k}].focus()")
        states = [engine.run(controls + STATE)]
        for key in ("ArrowDown", "ArrowUp", "ArrowUp"):
            engine.press(key)
            states.append(engine.run(controls + STATE))
        assert len(set(states)) > 1, f"control {k} moves nothing: {states[0]}"
