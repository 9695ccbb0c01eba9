"""Python in the page, as its reader meets it: the press, the buttons, the editor, and what stays.

What needs no Python runs with a worker that never answers, because Python takes seconds to start.
"""

import contextlib
import re
import threading

import nbformat
import pytest
from conftest import AT_REST, NARROW, NARROWEST, PATIENCE, SITE, WIDE, Watch, violations
from support import skip_unless_ci, tool

CHAPTER, TRAINS, SHORT = "05_planet_wrodl", "08_variational_autoencoder", "02_percent_point_function"
BLOCKED = 'for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name, ' \
          '{ get() { throw new DOMException("blocked", "SecurityError"); } });'
STARTS = ".python-start .python-press"
# Workers that run no Python: one never answers, one counts the cells and stops at "stop", one lacks a name.
SILENT = ""
ANSWERS = """let n = 0;
const output = (text) => ({ output_type: "stream", name: "stdout", text });
onmessage = ({ data: { type, id, source } }) => {
  if (type === "boot") return postMessage({ type: "ready" });
  const ok = !source.startsWith("stop"), wrong = { output_type: "error", ename: "Error", evalue: "", traceback: [] };
  postMessage({ type: "output", id, output: ok ? output(`${n += 1}`) : wrong });
  postMessage({ type: "done", id, ok, seconds: 0.1 });
};"""
MISSES = ANSWERS.replace('!source.startsWith("stop")', "false").replace(
    'ename: "Error", evalue: ""', 'ename: "NameError", evalue: "name \'nowhere\' is not defined"')

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
DRAWS = ANSWERS.replace('"stream", name: "stdout", text',
                        f'"display_data", metadata: {{}}, data: {{ "image/png": "{PIXEL}" }}')


@pytest.fixture(scope="module", autouse=True)
def with_python():
    if not (SITE / "python" / "worker.js").exists():
        skip_unless_ci("the site has no Python: see book/appendix/how_tested.md")


@pytest.fixture
def visit(browser, site_url):
    """Visit a page without Python behind its button, and press it; gives the page and its watch."""
    with contextlib.ExitStack() as stack:

        def opener(name, context=None, press=STARTS, script="", worker=SILENT, **options):
            context = context or stack.enter_context(contextlib.closing(browser.new_context(**options)))
            page, watch = context.new_page(), Watch()
            watch.attach(page, site_url)
            page.route("**/python/worker.js*", lambda route: route.fulfill(body=worker, content_type="text/javascript"))
            page.add_init_script(script)
            page.goto(f"{site_url}/book/{name}.html")
            if press:
                page.locator(press).first.click()
                page.locator(".python-bar .python-said").first.wait_for(state="attached", timeout=PATIENCE)
            return page, watch

        yield opener


@pytest.fixture(scope="module")
def awake(browser, site_url):
    """Chapter 5 with Python in it, started once for all tests that need it."""
    context = browser.new_context(viewport=WIDE)
    with contextlib.closing(context):
        page, watch = context.new_page(), Watch()
        watch.attach(page, site_url)
        page.goto(f"{site_url}/book/{CHAPTER}.html")
        page.locator(STARTS).click()
        page.get_by_text("Python is ready").wait_for(timeout=PATIENCE)
        yield page
        assert (watch.off_site, watch.errors) == ([], [])


def cell(page, text):
    """The cell whose code has this text."""
    return page.locator(".cell:has(> .python-bar)").filter(has=page.locator(".cell_input", has_text=text)).first


def press(box, name):
    box.get_by_role("button", name=re.compile(f"^{name}")).first.click()  # "Run" comes before "Run all above"


def write(box, text):
    """Put a text into the editor of a cell."""
    if box.locator(".cm-content").count() == 0:
        press(box, "Edit")
    editor = box.locator(".cm-content")
    editor.press("Control+a")
    editor.press("Delete")
    editor.page.keyboard.insert_text(text)


def said(box, words):
    box.locator(".python-said", has_text=words).wait_for(timeout=PATIENCE)


def run(box, words="Done"):
    press(box, "Run")
    said(box, words)
    return box.locator(".python-outputs")


# Without Python

def test_nothing_of_python_comes_before_the_press_and_nothing_moves(browser, site_url):
    page, asked = browser.new_page(), []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site_url)))
    page.goto(f"{site_url}/book/{CHAPTER}.html", wait_until="networkidle")
    assert [url for url in asked if "python" in url] == []
    line = page.locator(".python-start")
    assert "MB" in line.inner_text() and "install" in line.inner_text()
    tops = "() => [...document.querySelectorAll('.python-start, h2')].slice(0, 2).map(part => part.offsetTop)"
    before = page.evaluate(tops)
    page.locator(STARTS).click()
    page.locator(".python-said").first.wait_for(state="attached", timeout=PATIENCE)
    assert page.evaluate(tops)[0] == before[0] and any("vendor/python.js" in url for url in asked)
    page.close()


def test_a_page_from_a_folder_says_how_to_start_a_server(browser):
    page = browser.new_page()
    page.goto((SITE / "book" / f"{CHAPTER}.html").as_uri())
    page.locator(STARTS).click()
    page.get_by_text("python -m http.server").wait_for(timeout=PATIENCE)
    assert page.locator(".python-said").count() == 0
    page.close()


def test_what_was_written_is_there_after_a_reload_and_reset_takes_it_away(visit):
    page, watch = visit(CHAPTER)
    box = cell(page, "import")
    stored = box.locator(".cell_input pre").inner_text()
    write(box, "print('mine')\n")
    said(box, "kept in this browser")
    write(cell(page, "5.1"), "answer_1 = 1 / 7")
    said(cell(page, "5.1"), "kept in this browser")
    again, _ = visit(CHAPTER, page.context)
    assert "answer_1 = 1 / 7" in cell(again, "5.1").locator(".cm-content").inner_text()
    box = cell(again, "import")
    assert "print('mine')" in box.locator(".cm-content").inner_text()
    press(box, "Reset")
    assert box.locator(".cell_input pre").inner_text() == stored and box.locator(".cm-content").count() == 0
    third, _ = visit(CHAPTER, page.context)
    assert cell(third, "import").locator(".cm-content").count() == 0 and watch.errors == []


def test_where_the_page_has_changed_since_both_versions_are_offered(visit):
    page, _ = visit(CHAPTER)
    box = cell(page, "import")
    write(box, "x = 'mine'")
    said(box, "kept")
    page.evaluate("""() => {
        const key = Object.keys(localStorage).find((key) => key.startsWith("course edit"));
        localStorage.setItem(key.replace(/\\w+$/, "before"), localStorage[key]);
        localStorage.removeItem(key);
    }""")
    for way, expected in [("Keep the page", 0), ("Use my version", 1)]:
        other, _ = visit(CHAPTER, page.context)
        box = cell(other, "import")
        kept = other.evaluate("() => JSON.stringify(localStorage)")
        assert box.locator(".python-offer pre").inner_text(timeout=PATIENCE) is not None
        assert box.locator(".cm-content").count() == 0
        press(box.locator(".python-offer"), way)
        assert box.locator(".cm-content").count() == expected
        other.evaluate("kept => Object.assign(localStorage, JSON.parse(kept))", kept)
    assert box.locator(".cm-content").inner_text().strip() == "x = 'mine'"


def test_two_tabs_do_not_overwrite_each_other(visit):
    one, _ = visit(CHAPTER)
    two, _ = visit(CHAPTER, one.context)
    mine, theirs = cell(one, "import"), cell(two, "import")
    write(mine, "here = 1")
    theirs.get_by_text("in another tab").wait_for(timeout=PATIENCE)
    press(theirs.locator(".python-offer"), "Keep the version here")
    write(theirs, "there = 2")
    mine.get_by_text("in another tab").wait_for(timeout=PATIENCE)
    write(mine, "here = 3")
    assert "not kept yet" in mine.locator(".python-said").inner_text()
    assert "there = 2" in str(one.evaluate("() => Object.values(localStorage)"))
    press(mine.locator(".python-offer"), "Keep the version here")
    assert "here = 3" in str(two.evaluate("() => Object.values(localStorage)"))


def test_where_storage_is_blocked_everything_else_works_and_says_so(visit):
    page, watch = visit(CHAPTER, script=BLOCKED)
    box = cell(page, "import")
    write(box, "x = 1")
    said(box, "keeps nothing")
    assert watch.errors == []


@pytest.mark.parametrize("viewport, theme", [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_with_editors_open_axe_finds_nothing_in_both_themes(visit, viewport, theme):
    page, _ = visit(CHAPTER, viewport=viewport, color_scheme=theme)
    write(cell(page, "import"), "import numpy as np  # a comment\nprint('text', 1 + 2)\n\ndef f(x):\n    return None\n")
    write(cell(page, "check("), "answer_1 = [1, 2]")
    for _ in range(2):
        assert violations(page) == []
        theme = {"light": "dark", "dark": "light"}[theme]
        page.emulate_media(color_scheme=theme)
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        page.evaluate(AT_REST)


@pytest.mark.parametrize("viewport", [NARROW, NARROWEST], ids=["390", "320"])
@pytest.mark.parametrize("name", [CHAPTER, TRAINS])
def test_on_a_phone_nothing_is_wider_than_the_screen(visit, name, viewport):
    page, _ = visit(name, viewport=viewport)
    box = cell(page, "check(")
    write(box, f"answer_1 = {list(range(60))}")
    page.evaluate("for (const folded of document.querySelectorAll('.python-start ~ * details')) folded.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_by_keyboard_alone(visit):
    page, _ = visit(TRAINS, press=None)
    page.locator(".python-bar .python-press").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.cm-content')", timeout=PATIENCE)
    label = page.locator(":focus").get_attribute("aria-label")
    assert "exercise 8.1" in label and "Escape" in label
    page.keyboard.press("Control+Home")
    page.keyboard.type("x = 4 / 2\nif x:\n# in\n")  # a theme takes "/" for its search
    page.keyboard.press("Tab")
    text = page.locator(":focus").inner_text()
    assert "x = 4 / 2" in text and "    # in" in text
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text().startswith("Run")
    page.keyboard.press("Shift+Tab")
    lines = cell(page, "8.1").locator(".cm-line").count()
    page.keyboard.press("Shift+Enter")
    said(cell(page, "8.1"), "Running")
    assert cell(page, "8.1").locator(".cm-line").count() == lines


def test_run_all_runs_each_cell_once_in_order_and_an_error_ends_it(visit):
    page, _ = visit(CHAPTER, worker=ANSWERS)
    bars = page.locator(".python-bar")
    press(page.locator(".python-start"), "Run all cells")
    bars.last.get_by_text("Done").wait_for(timeout=PATIENCE)
    n = bars.count()
    assert page.locator(".python-outputs .stream").all_inner_texts() == [str(k) for k in range(1, n + 1)]
    assert page.locator(".python-said").first.inner_text().endswith("in 0.1 s")
    named = page.locator(".cell:not(.python-exercise) > .python-bar .python-press").all_text_contents()
    assert named[:3] == ["Run cell 1", "Run cell 2", "Run cell 3"]
    write(cell(page, "import"), "stop here")
    press(page.locator(".python-start"), "Run all cells")
    bars.last.get_by_text("Not run, because a cell before had an error").wait_for(timeout=PATIENCE)
    assert page.get_by_text("Not run, because").count() == n - 1


def test_a_picture_of_changed_code_is_not_described_as_the_pages_own(visit):
    page, _ = visit(CHAPTER, worker=DRAWS)
    box = page.locator(".cell:has(> .python-bar)", has=page.locator("figure img")).first
    own = box.locator("figure img").get_attribute("alt")
    assert len(own) > 40 and run(box).locator("img").get_attribute("alt") == own
    write(box, "x = 1")
    assert run(box).locator("img").get_attribute("alt") == "A picture that your code drew."


def test_a_name_that_no_cell_above_has_is_a_matter_of_spelling(visit):
    page, _ = visit(CHAPTER, worker=MISSES)
    above, here = (page.locator(".cell:has(> .python-bar)").nth(k) for k in (1, 2))
    for text, offers in (("near = 1", 0), ("nowhere = 1", 1)):
        write(above, text)
        run(here, "An error")
        assert here.get_by_role("button", name="Run the cells above, then this one").count() == offers


# With Python itself

def test_a_cell_runs_in_place_and_reset_brings_the_stored_output_back(awake):
    box = cell(awake, "import")
    write(box, "import math\nprint('eight', 2 ** 3)\nmath.pi")
    outputs = run(box)
    assert outputs.locator(".stream").inner_text().strip() == "eight 8"
    assert outputs.locator(".text_plain").inner_text().startswith("3.14159")
    press(box, "Reset")
    assert not outputs.is_visible() and box.locator(".cm-content").count() == 0


def test_an_error_names_itself_its_line_and_what_to_do(awake):
    box = cell(awake, "import")
    write(box, "total = 1\ntotal / 0")
    error = run(box, "An error").locator(".python-error")
    assert "ZeroDivisionError" in error.inner_text() and error.locator("details").count() == 1
    error.locator("summary").click()
    assert "total / 0" in error.locator("pre").inner_text()
    assert "ZeroDivisionError" in awake.locator(".python-state").inner_text()
    press(box, "Reset")


def test_a_cell_whose_cells_above_have_not_run_offers_to_run_them(awake):
    setup, box = (awake.locator(".cell:has(> .python-bar)").nth(k) for k in (0, 1))
    run(box, "An error")
    box.get_by_role("button", name="Run the cells above, then this one").click()
    said(box, "Done")
    said(setup, "Done")


def test_an_exercise_answers_in_words_and_is_remembered(awake):
    run(cell(awake, "import"))
    box = cell(awake, "check(")
    assert "not answered yet" in run(box).inner_text()
    source = (SITE / "_sources" / "book" / f"{CHAPTER}.ipynb").read_text(encoding="utf-8")
    solution = next(text for text in re.findall(r"```python\n(.*?)```", "".join(
        part["source"] for part in nbformat.reads(source, 4).cells), re.DOTALL) if "answer_1" in text)
    write(box, f'{solution}\ncheck("5.1", answer_1)')
    assert "right" in run(box).inner_text()
    assert awake.evaluate("localStorage['course answered 5.1']") == "right"
    press(box, "Reset")


def test_what_is_downloaded_is_a_notebook_with_what_the_reader_wrote(awake, tmp_path):
    box = cell(awake, "import")
    name = box.get_attribute("id").removeprefix("cell-")
    write(box, "print('mine')")
    run(box)
    with awake.expect_download() as download:
        press(awake.locator(".python-start"), "Download")
    download.value.save_as(tmp_path / download.value.suggested_filename)
    notebook = nbformat.read(tmp_path / f"{CHAPTER}.ipynb", 4)
    nbformat.validate(notebook)
    mine = next(one for one in notebook.cells if one.id == name)
    assert mine.source == "print('mine')" and mine.outputs[0].text == "mine\n"
    press(box, "Reset")


def test_an_endless_loop_is_stopped_and_the_cells_run_again(awake):
    first, second = awake.locator(".cell:has(> .python-bar)").nth(0), awake.locator(".cell:has(> .python-bar)").nth(1)
    write(second, "while True:\n    pass")
    press(second, "Run")
    said(second, "Running")
    press(second, "Stop")
    said(second, "variables are lost")
    press(second, "Reset")
    press(second, "Run all above")
    said(first, "Done")
    run(second)


def test_run_all_cells_of_a_chapter_draws_its_pictures_and_live_figures_again(browser, site_url):
    page, watch = browser.new_page(viewport=NARROW), Watch()
    watch.attach(page, site_url)
    page.goto(f"{site_url}/book/{SHORT}.html")
    page.locator(STARTS).click()
    press(page.locator(".python-start"), "Run all cells")
    bars = page.locator(".python-bar")
    for k in range(bars.count()):
        bars.nth(k).locator(".python-said", has_text=re.compile("Done|error")).wait_for(timeout=5 * PATIENCE)
    assert page.locator(".python-error").all_inner_texts() == []
    live = page.locator(".cell_output:not(.python-outputs) .figure-place").count()
    page.wait_for_function("n => document.querySelectorAll('.python-outputs .explorer-view[data-values]').length === n",
                           arg=live, timeout=PATIENCE)
    assert live > 0
    stored = page.locator(".cell_output:not(.python-outputs) figure img")
    assert page.locator(".python-outputs figure img").count() == stored.count() > 2
    assert page.locator(".cell_output:not(.python-outputs)").locator("visible=true").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert (watch.off_site, watch.failed, watch.errors) == ([], [], [])
    page.close()


def test_under_a_sub_path_python_comes_too(browser, tmp_path):
    (tmp_path / "some" / "where").mkdir(parents=True)
    (tmp_path / "some" / "where" / "course").symlink_to(SITE)
    with tool("serve").bind(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page, watch = browser.new_page(), Watch()
        base = f"http://127.0.0.1:{server.server_port}/some/where/course"
        watch.attach(page, base)
        page.goto(f"{base}/book/{TRAINS}.html")
        page.locator(".python-bar .python-press").first.click()
        box = cell(page, "check(")
        assert "not answered yet" in run(box).inner_text()
        assert (watch.off_site, watch.failed) == ([], [])
        page.close()
        server.shutdown()
