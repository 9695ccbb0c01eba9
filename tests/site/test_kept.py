"""What a reader has read and answered stays in the browser: seen in the contents, saved, taken back, forgotten."""

import json

import pytest
from conftest import NARROW, PATIENCE, WIDE
from support import CHAPTERS
from test_site import html_of

LANDING = "book/index.html"
CHAPTER = CHAPTERS[1]
KEPT = f"() => JSON.parse(localStorage.getItem('course page book/{CHAPTER.stem}') ?? '{{}}')"
SHIFT = """() => new Promise((done) => new PerformanceObserver((list) => done(
    list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe(
    {type: "layout-shift", buffered: true}) ?? setTimeout(() => done(0), 500))"""


@pytest.fixture
def reader(browser, site_url):
    """A page of a browser whose reader has read a section of chapter 2, and answered a question and an exercise."""
    context = browser.new_context(viewport=WIDE, accept_downloads=True)
    page = context.new_page()
    page.goto(f"{site_url}/{html_of(CHAPTER)}")
    page.locator("#setup .cell").last.scroll_into_view_if_needed()
    page.wait_for_function(f"() => ({KEPT})().read?.includes('setup')", timeout=PATIENCE)
    page.locator("details.choice summary").first.click()
    page.wait_for_function(f"() => Object.keys(({KEPT})().questions ?? {{}}).length", timeout=PATIENCE)
    page.locator(".solution button").first.click()
    page.wait_for_function(f"() => Object.keys(({KEPT})().exercises ?? {{}}).length", timeout=PATIENCE)
    page.base = site_url
    yield page
    context.close()


def test_answers_are_kept_by_the_ids_of_cells_and_survive_a_reload(reader):
    notebook = json.loads(CHAPTER.read_text(encoding="utf-8"))
    ids = {cell["id"]: "".join(cell["source"]) for cell in notebook["cells"]}
    kept = reader.evaluate(KEPT)
    [question], [exercise] = kept["questions"], kept["exercises"]
    assert "details class=\"choice\"" in ids[question.split(".")[0]] and 'check("2.1"' in ids[exercise]
    assert kept["of"][1:] == [3, 5]
    reader.reload()
    assert reader.evaluate(KEPT)["questions"] == kept["questions"]
    reader.goto(f"{reader.base}/{html_of(CHAPTERS[0])}")
    line = reader.locator(f".bd-docs-nav a[href$='{CHAPTER.stem}.html'] .kept").first
    assert "questions 1/3 · exercises 1/5" in line.inner_text()


def test_an_answer_given_in_the_page_counts_as_right(reader):
    reader.evaluate("document.dispatchEvent(new CustomEvent('course:answered', {detail: '2.1'}))")
    assert list(reader.evaluate(KEPT)["exercises"].values()) == ["right"]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_landing_page_leads_back_and_nothing_moves(reader, viewport):
    reader.set_viewport_size(viewport)
    reader.goto(f"{reader.base}/{LANDING}")
    link = reader.locator(".continue a")
    assert link.is_visible() and "percent point function" in link.inner_text()
    assert reader.evaluate(SHIFT) <= 0.05
    link.click()
    reader.wait_for_url(f"**/{CHAPTER.stem}.html*")


def test_what_is_kept_can_be_saved_forgotten_and_taken_back(reader, tmp_path):
    reader.goto(f"{reader.base}/{LANDING}")
    with reader.expect_download() as download:
        reader.get_by_role("button", name="Save to a file").click()
    download.value.save_as(file := tmp_path / "kept.json")
    before = reader.evaluate("() => ({...localStorage})")
    reader.get_by_role("button", name="Forget everything").click()
    assert reader.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('course '))") == []
    reader.reload()
    assert not reader.locator(".continue").is_visible()
    reader.locator(".keeping input").set_input_files(file)
    reader.wait_for_function("() => localStorage.getItem('course last')", timeout=PATIENCE)
    ours = {key: text for key, text in before.items() if key.startswith("course ")}
    assert ours.items() <= reader.evaluate("() => ({...localStorage})").items()
    (bad := tmp_path / "bad.json").write_text("no JSON")
    reader.locator(".keeping input").set_input_files(bad)
    reader.get_by_text("This file was not taken").wait_for(timeout=PATIENCE)


def test_a_new_reader_sees_no_mark_and_no_place_to_go_on_from(open_page):
    page, watch = open_page(LANDING)
    assert not page.locator(".continue").is_visible() and page.locator(".kept").count() == 0
    assert watch.errors == []
