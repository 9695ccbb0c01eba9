"""The same notebooks in JupyterLab: a real server with a token, a real browser.

tools/rehearse.py runs this file on an environment and a checkout made as Binder makes them: LAB_PYTHON, LAB_ROOT.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import nbformat
import pytest
from conftest import PATIENCE
from support import CHAPTERS, ROOT, press_first_control, quick

from helpers.live import DigitVaeExplorer

TOKEN = "a-token-for-this-test"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, chromium_path):
    """JupyterLab on localhost over copies of the chapters that train for a shorter time, or over LAB_ROOT."""
    folder = tmp_path_factory.mktemp("lab")
    root = Path(os.environ.get("LAB_ROOT", folder))
    for chapter in CHAPTERS if root == folder else []:
        (folder / "book").mkdir(exist_ok=True)
        (folder / "book" / chapter.name).write_text(quick(chapter.read_text(encoding="utf-8")), encoding="utf-8")
    settings = {name: str(folder / f".{name.lower()}") for name in ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR",
                                                                     "JUPYTERLAB_WORKSPACES_DIR")}
    settings["JUPYTER_PATH"] = str(ROOT / "tools" / "lab")  # as `make lab` and Binder do
    log = folder / "server.log"
    command = [os.environ.get("LAB_PYTHON", sys.executable), "-m", "jupyterlab", "--no-browser", "--allow-root",
               "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}",
               f"--ServerApp.root_dir={root}"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | settings) as server:
        try:
            yield wait_for_address(log)
        finally:
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(30)
            server.kill()  # where a kernel that has barely begun keeps it waiting


@pytest.fixture
def page(lab, browser):
    """A page whose kernels stop with it: the cells below need not run on beside the next chapter."""
    with browser.new_page(viewport={"width": 1300, "height": 1000}) as page:
        yield page
    for kernel in json.loads(ask(lab, "kernels")):
        ask(lab, f"kernels/{kernel['id']}", "DELETE")


def wait_for_address(log):
    for _ in range(480):
        found = re.search(r"(http://127\.0\.0\.1:\d+)/lab", log.read_text())
        if found:
            return found[1]
        time.sleep(0.5)
    raise TimeoutError(f"JupyterLab did not start: {log.read_text()[-2000:]}")


def test_the_server_wants_its_token(lab):
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{lab}/api/contents")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_chapter_runs_and_its_first_control_moves_the_figure(lab, page, chapter):
    errors = []
    # JupyterLab's own core may stumble over its cell toolbar while cells scroll by; that is not ours.
    page.on("pageerror", lambda error: None if "/static/lab/jlab_core" in error.stack else errors.append(str(error)))
    page.goto(f"{lab}/lab/tree/{chapter.relative_to(ROOT).as_posix()}?reset&token={TOKEN}")
    page.wait_for_selector(".jp-NotebookPanel .jp-CodeCell")
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    first = page.locator(".explorer-view").first
    first.wait_for(state="attached")
    first.scroll_into_view_if_needed()
    figure = page.locator(".explorer-view[data-values]").first
    figure.wait_for()
    before = figure.get_attribute("data-state"), figure.evaluate("f => f.querySelector('canvas').toDataURL()")
    for _ in range(PATIENCE // 250):  # while the cells below still run, Lab may take the focus away
        press_first_control(page)
        page.wait_for_timeout(250)
        after = figure.get_attribute("data-state"), figure.evaluate("f => f.querySelector('canvas').toDataURL()")
        if before[0] != after[0] and before[1] != after[1]:
            break
    else:
        pytest.fail(f"the control moves nothing: {before[0]}, {after[0]}")
    assert page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert page.locator(".jp-OutputArea-output .ansi-red-fg").count() == 0
    assert errors == []


def test_a_notebook_that_nobody_has_run_shows_the_picture_of_its_figure(lab, page):
    page.goto(f"{lab}/lab/tree/{CHAPTERS[1].relative_to(ROOT).as_posix()}?reset&token={TOKEN}")
    page.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
    output = page.locator(".jp-CodeCell:has-text('PpfExplorer(') .jp-OutputArea-output")
    page.mouse.move(700, 600)
    for _ in range(PATIENCE // 250):  # Lab makes the cells that come near
        if output.count():
            break
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(250)
    assert output.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
    assert output.get_attribute("data-mime-type") == "image/png"


def run_new(lab, page, name, code):
    """Run a new notebook of one cell; gives its live figure, once that has drawn itself."""
    cell = nbformat.v4.new_code_cell(code)
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": {"name": "python3", "display_name": "P"}})
    ask(lab, f"contents/{name}", "PUT", {"type": "notebook", "content": notebook})
    page.goto(f"{lab}/lab/tree/{name}?reset&token={TOKEN}")
    page.get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click()
    figure = page.locator(".explorer-view[data-values]")
    figure.wait_for()
    return figure


def test_a_notebook_that_was_run_shows_its_figures_picture_when_opened_without_its_kernel(lab, page):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error.stack)))
    run_new(lab, page, "again.ipynb", "import ipywidgets\nfrom helpers.live import PpfExplorer\n\n"
                                      "display(PpfExplorer(), ipywidgets.IntSlider())")
    page.keyboard.press("Control+s")
    while b"widget-view" not in ask(lab, "contents/again.ipynb"):
        page.wait_for_timeout(250)
    for starts in (True, False):  # a new kernel, which knows no widget of the old one; then none at all
        for session in json.loads(ask(lab, "sessions")):
            ask(lab, f"sessions/{session['id']}", "DELETE")
        if not starts:
            page.route(re.compile("/api/sessions"), lambda route: route.abort() if route.request.method == "POST"
                       else route.continue_())
        page.goto(f"{lab}/lab/tree/again.ipynb?reset&token={TOKEN}")
        if starts:
            page.get_by_text("| Idle").wait_for()
        output, other = page.locator(".jp-OutputArea-output").nth(0), page.locator(".jp-OutputArea-output").nth(1)
        output.get_by_text("A picture of a live figure. Run this cell to use it.").wait_for()
        assert output.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 300
        assert other.inner_text() == "A widget. Run this cell to use it."
    assert [stack for stack in errors if "course-figures" in stack] == []  # without a kernel ipywidgets has one


def test_a_network_learns_in_a_notebook_from_what_python_sends(lab, page):
    figure = run_new(lab, page, "learns.ipynb", "from helpers.live import DigitVaeExplorer\n\nDigitVaeExplorer()")
    page.get_by_role("button", name="One step").click()
    page.wait_for_function("JSON.parse(document.querySelector('.explorer-view').dataset.state).step === 1",
                           timeout=PATIENCE)
    values = json.loads(figure.get_attribute("data-values"))
    assert values == pytest.approx(DigitVaeExplorer().values(step=1), rel=1e-3)


def ask(lab, path, method="GET", content=None):
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(f"{lab}/api/{path}?token={TOKEN}", data, method=method)
    return urllib.request.urlopen(request).read()


def test_a_hubs_link_brings_a_learner_the_course_and_opens_a_chapter(lab, page, tmp_path):
    """What the link of the instructors' page does once the hub knows who follows it."""
    chapter = CHAPTERS[1].relative_to(ROOT)
    (tmp_path / "course" / "book").mkdir(parents=True)
    shutil.copy(ROOT / chapter, tmp_path / "course" / "book")
    git = ["git", "-C", tmp_path / "course", "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "course"]):
        subprocess.run([*git, *command], check=True)
    query = {"repo": (tmp_path / "course").as_uri(), "branch": "main", "urlpath": f"lab/tree/course/{chapter}"}
    page.goto(f"{lab}/git-pull?{urlencode(query | {'token': TOKEN})}")
    page.wait_for_url(f"**/lab/tree/course/{chapter}")
    page.get_by_text("| Idle").wait_for()
