"""The linker: one text for each view with the scopes of its modules; what it does not know it refuses."""

import base64
import json

import pytest
from support import ROOT, in_node

from helpers.live import linker

LIVE = ROOT / "helpers" / "live"
VIEWS = sorted(LIVE.glob("*.js"))


@pytest.fixture
def write(tmp_path):
    """Write files by name and link the last of them."""
    def files(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return linker.linked(tmp_path / f"{name}.js")

    return files


def exports_of(*addresses: str) -> list[dict]:
    """For each module what it exports, by name: its kind and, of a function, its text."""
    return in_node(f"""
        const told = (value) => [typeof value, typeof value === "function" ? String(value) : JSON.stringify(value)];
        const found = await Promise.all({json.dumps(addresses)}.map((address) => import(address)));
        console.log(JSON.stringify(found.map((module) => Object.fromEntries(
          Object.entries(module).map(([name, value]) => [name, told(value)])))));""")


def as_address(text: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_a_views_text_exports_what_its_module_exports(view):
    text = linker.linked(view)
    assert not linker.IMPORT.search(text)
    whole, parts = exports_of(as_address(text), view.as_uri())
    assert whole == parts and "default" in whole


def test_a_folder_of_views_is_looked_at():
    assert len(VIEWS) == 19


def test_modules_with_the_same_private_names_do_not_collide(write):
    text = write(
        one='const SIDE = 1;\nfunction area() { return SIDE; }\nexport const one = area();\n',
        two='import { one } from "./one.js";\nconst SIDE = 20;\nfunction area() { return one + SIDE; }\n'
            'export const two = area();\n',
        view='import { one as first } from "./one.js";\nimport {\n  two,\n} from "./two.js";\nconst SIDE = 300;\n'
             'function area() { return first + two + SIDE; }\nexport default { area: area() };\n')
    assert in_node(text.replace("export default { area: area() };", "console.log(area());")) == 322


def test_a_module_that_two_others_share_is_run_once(write):
    text = write(shared="export class Counter {}\nexport async function later() {}\n",
                 one='import { Counter } from "./shared.js";\nexport const One = Counter;\n',
                 view='import { One } from "./one.js";\nimport { Counter } from "./shared.js";\n'
                      "console.log(JSON.stringify(One === Counter));\n")
    assert in_node(text) is True
    assert text.count("class Counter") == 1


def test_a_circle_is_named(write):
    with pytest.raises(ValueError, match=r"one\.js → two\.js → one\.js: modules import one another in a circle"):
        write(one='import { two } from "./two.js";\nexport const one = two;\n',
              two='import { one } from "./one.js";\nexport const two = one;\n',
              view='import { one } from "./one.js";\nexport default one;\n')


@pytest.mark.parametrize("line", [
    'import one from "./one.js";', 'import * as one from "./one.js";', 'import "./one.js";',
    "import { one } from 'one';",
    'import { one } from "./one.js"; import { two } from "./one.js";', 'export { one } from "./one.js";',
    'export * from "./one.js";', "export { one };", "export let two = 2;",
    "export const { two } = { two: 2 };", "export default 2;", "  export default 2;"])
def test_what_the_linker_does_not_know_is_refused_with_its_line(write, line):
    with pytest.raises(ValueError) as caught:
        write(one="export const one = 1;\nexport const two = 2;\n", middle=f"{line}\nexport const last = 3;\n",
              view='import { last } from "./middle.js";\nexport default last;\n')
    assert f"middle.js has the line {line.strip()!r}" in str(caught.value)


def test_a_name_that_is_not_exported_is_named(write):
    with pytest.raises(ValueError, match=r"view\.js imports three from one\.js, which exports one, two\."):
        write(one="export const one = 1;\nexport const two = 2, three = 3;\n",
              view='import { one, three } from "./one.js";\nexport default one;\n')


def test_a_file_that_is_not_there_is_named(write):
    with pytest.raises(FileNotFoundError, match=r"none\.js"):
        write(view='import { one } from "./none.js";\nexport default one;\n')
