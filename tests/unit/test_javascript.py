"""The browser's code: its types hold; a figure that fails says so in its caption and stops no other."""

import base64
import shutil
import subprocess

import pytest
from support import ROOT, browser_code, in_node, node, skip_unless_ci

from helpers.live.linker import linked

VIEW = """
import { view } from "./runtime/failure.js";
import { liveFigure } from "./runtime/figure.js";

export default view(({ model, el }) => {
  if (model.get("x") === null) throw new Error("x is <i>missing</i>.");
  return liveFigure({ model, el, traits: ["x"], draw() {
    if (model.get("x") < 0) throw new RangeError("x is negative");
    return { text: `x is ${model.get("x")}`, values: {} };
  } }).stop;
});
"""
SHOW = """async ([address, values]) => {
    const { default: view } = await import(address);
    window.models = [];
    for (const [k, x] of values.entries()) {
      const traits = { x, label: "a figure" }, model = models[k] = {
        get: (trait) => traits[trait], on: (_, call) => { model.call = call; },
        move(x) { traits.x = x; model.call(); },
      };
      await view.render({ model, el: document.body.appendChild(document.createElement("div")) });
    }
}"""
CAPTIONS = """() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(() => told(
    [...document.querySelectorAll("[role=status], [role=alert]")].map((part) => [part.role, part.textContent])))))"""


def test_types_hold():
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.exists():
        skip_unless_ci("typescript is not installed: run `make site` (npm puts it into node_modules)")
    done = subprocess.run([node(), compiler, "-p", ROOT], capture_output=True, text=True, encoding="utf-8")
    assert (done.stdout, done.returncode) == ("", 0)


@pytest.fixture
def show(browser, tmp_path):
    """Show a figure for each x on one page; gives the page, and what it reports of errors."""
    shutil.copytree(ROOT / "helpers" / "live" / "runtime", tmp_path / "runtime")
    (tmp_path / "view.js").write_text(VIEW, encoding="utf-8")
    code = base64.b64encode(linked(tmp_path / "view.js").encode()).decode()
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(error.message))

    def run(*values):
        page.evaluate(SHOW, [f"data:text/javascript;base64,{code}", values])
        return page, errors

    yield run
    page.close()


def test_a_figure_that_cannot_be_made_says_so_and_the_next_one_is_made(show):
    page, errors = show(1, None, 2)
    failed = ["alert", "This figure failed: x is <i>missing</i>. The rest of the page works."]
    assert page.evaluate(CAPTIONS) == [["status", "x is 1"], failed, ["status", "x is 2"]]
    assert errors == ["x is <i>missing</i>."]


def test_a_figure_whose_drawing_fails_says_so_until_a_drawing_succeeds(show):
    page, errors = show(1, 2)
    for x, told in [(-1, ["alert", "This figure failed: x is negative. The rest of the page works."]),
                    (3, ["status", "x is 3"])]:
        page.evaluate("x => models[0].move(x)", x)
        assert page.evaluate(CAPTIONS) == [told, ["status", "x is 2"]]
    assert set(errors) == {"x is negative"}  # once for each time that it drew


def test_a_number_that_is_rounded_to_0_has_no_minus():
    told = in_node(browser_code("runtime/text.js", "signed") + """console.log(JSON.stringify(
        [[-0.001, 2], [-0.4, 0], [-0.005, 3], [-12.5, 1], [NaN, 2], [0]].map((one) => signed(...one))))""")
    assert told == ["0.00", "0", "−0.005", "−12.5", "NaN", "0"]


def test_a_text_of_a_control_is_no_html():
    module = (ROOT / "tools" / "no_html.js").as_uri()
    said = in_node(f"""import escaped from "{module}"; console.log(JSON.stringify(escaped('<b title="&">')));""")
    assert said == "&lt;b title=&quot;&amp;&quot;&gt;"
