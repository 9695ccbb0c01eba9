"""JupyterLab's citations: what tools/lab makes of jupyterlab-myst's warning signs."""

import json
import os
import re
import subprocess
import sys

import pytest
from pybtex.database import parse_file
from support import ROOT

LAB = ROOT / "tools" / "lab"  # JUPYTER_PATH
EXTENSION = LAB / "labextensions" / "course-citations"
BIBLIOGRAPHY = ROOT / "book" / "references.bib"
SIGN = '<span class="text-yellow-600" title="Citation Not Found"><svg></svg>{}</span>'  # jupyterlab-myst 2.7's
START = """async ([place, bibliography]) => {
  const contents = {get: async (path) => {
    if (path !== place) throw new Error(path);
    return {content: bibliography};
  }};
  const module = (await _JUPYTERLAB["course-citations"].get("./extension"))();
  await module.default.activate({serviceManager: {contents}});
  document.body.append(document.createElement("p"));  // what Lab does next
}"""


@pytest.fixture
def shown(browser):
    """The text of some HTML and its titles once the extension has run, with the bibliography at `place`."""
    page = browser.new_page()
    page.add_init_script(path=EXTENSION / "static" / "remoteEntry.js")
    page.goto("about:blank")

    def show(html: str, place: str = "book/references.bib") -> tuple[str, list[str]]:
        page.set_content(html)
        page.evaluate(START, [place, BIBLIOGRAPHY.read_text(encoding="utf-8")])
        page.wait_for_timeout(100)
        return page.inner_text("body").strip(), page.eval_on_selector_all("span[title]", "all => all.map(a => a.title)")

    yield show
    page.close()


def test_every_entry_has_the_label_that_the_bibliography_gives_it(shown):
    entries, wanted = parse_file(str(BIBLIOGRAPHY)).entries, []
    for entry in entries.values():
        people = entry.persons.get("author") or entry.persons.get("editor")
        names = [" ".join(map(str, [*one.rich_prelast_names, *one.rich_last_names])) for one in people]
        who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
        wanted.append(f"[{who}, {entry.fields['year']}]")
    text, titles = shown("".join(f"<div>{SIGN.format(key)}</div>" for key in entries))
    assert text.splitlines() == wanted
    assert all(titles) and "Citation Not Found" not in titles


@pytest.mark.parametrize("place", ["book/references.bib", "course/book/references.bib"])
def test_several_stand_in_one_bracket_and_a_subject_outside_it(shown, place):
    several = f'<span class="cite-group">{SIGN.format("anderson1936")}{SIGN.format("fisher1936")}</span>'
    subject = f'<span class="cite-group narrative">{SIGN.format("foster2019")}</span>'
    text, _ = shown(f"<p>{several}; {subject} says.</p>", place)
    assert text == "[Anderson, 1936; Fisher, 1936]; Foster [2019] says."


def test_an_unknown_key_keeps_its_sign(shown):
    text, titles = shown(SIGN.format("nobody1900"))
    assert text == "nobody1900" and titles == ["Citation Not Found"]


@pytest.mark.parametrize("folder", sorted(EXTENSION.parent.iterdir()), ids=lambda folder: folder.name)
def test_jupyterlab_finds_the_extension(folder):
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    assert about["name"] == folder.name and (folder / about["jupyterlab"]["_build"]["load"]).exists()
    listed = subprocess.run([sys.executable, "-m", "jupyter", "labextension", "list"], capture_output=True, text=True,
                            env=os.environ | {"JUPYTER_PATH": str(LAB)})
    assert re.search(rf"{about['name']} v{about['version']} .*enabled.*OK", listed.stdout + listed.stderr)


def test_make_lab_and_binder_say_where_it_is():
    said = subprocess.run(["make", "-n", "lab"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert f'JUPYTER_PATH="{ROOT}/tools/lab:$JUPYTER_PATH" .venv/bin/jupyter lab' in said
    shown = subprocess.run([ROOT / "binder" / "start", "printenv", "JUPYTER_PATH"], capture_output=True, text=True)
    assert shown.stdout.split(":")[0] == str(LAB)
