"""The built site in a browser: it moves, it asks nobody, everyone can read it."""

import functools
import json
import re
from pathlib import Path
from urllib.parse import unquote, urldefrag

import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import AT_REST, NARROW, PAGES, PATIENCE, SITE, TWO_FRAMES, WIDE, violations, wait_until_it_stays
from support import CHAPTERS, block_tensorflow, cells_of, press_first_control, quick, trains

from helpers.live import DigitVaeExplorer
from helpers.live.base import Explorer

CUT_FORMULAS = """[...document.querySelectorAll("div.math .katex-html")]
    .filter((formula) => formula.scrollWidth > formula.clientWidth + 1)
    .map((formula) => formula.parentElement.querySelector("annotation").textContent)"""
ASIDE = ":is(.explorer-keepsakes, .explorer-aid, .explorer-question) button, .ask-button"  # test_keepsakes, test_reward
PICTURE = "figure => figure.querySelector('canvas').toDataURL()"
LANDED = """(name) => {
  const { top } = document.getElementById(name).getBoundingClientRect();
  return -1 < top && top < 200 || scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
}"""


def html_of(chapter: Path) -> str:
    return f"book/{chapter.stem}.html"


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_and_has_no_error_and_fits(open_page, name, viewport):
    page, watch = open_page(name, viewport)
    assert (watch.off_site, watch.failed, watch.errors) == ([], [], [])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(CUT_FORMULAS) == []


@pytest.fixture(scope="module")
def explorers():
    """The live figures of a chapter as Python makes them: its code run here."""
    made = {}

    def run(chapter):
        if chapter not in made:
            made[chapter] = run_chapter(chapter)
        return made[chapter]

    return run


def run_chapter(chapter):
    shown, original = [], Explorer.__init__
    sources = [cell.source for cell in cells_of(chapter, "code")]
    last = max(k for k, source in enumerate(sources) if "Explorer(" in source)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(chapter.parent)
        patch.setenv("MPLBACKEND", "agg")
        if not trains(chapter):
            block_tensorflow(patch)
        patch.setattr(Explorer, "__init__", lambda self, *a, **k: (original(self, *a, **k), shown.append(self))[0])
        exec(quick("\n".join(sources[: last + 1])), {})
    plt.close("all")
    return shown


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_every_control_moves_its_figure_by_keyboard_to_what_python_computes(open_page, explorers, chapter):
    page, watch = open_page(html_of(chapter))
    boxes = page.locator(".explorer")
    assert boxes.count() == len(explorers(chapter)) > 0
    for box, explorer in zip(boxes.all(), explorers(chapter), strict=True):
        figure = box.locator(".explorer-view")
        if "explorer-learning" in box.get_attribute("class"):
            continue  # test_learning_figures.py
        agrees(figure, explorer)
        if isinstance(explorer, DigitVaeExplorer):  # a worker computes, nothing moves at once: test_digit_vae.py
            continue
        handles, menus = box.locator("[role=slider]").all(), box.locator(".widget-dropdown select").all()
        assert len(handles) + len(menus) == len(explorer.controls)
        for control, keys in [*((h, ["ArrowRight", "ArrowLeft"]) for h in handles),
                              *((m, ["ArrowDown", "ArrowUp"]) for m in menus)]:
            moved = [press(page, figure, control, key) for key in [keys[0]] * 3 + [keys[1]]]
            assert any(moved), f"{control.get_attribute('aria-label')} moves nothing in {chapter.stem}"
            agrees(figure, explorer)
        for button in box.locator(f"button:not({ASIDE})").all():
            before = figure.evaluate(PICTURE)
            button.focus()
            page.keyboard.press("Enter")
            if button.get_attribute("title") not in ("Stop", "Reset"):
                wait_for_another(page, figure, before)
            button.evaluate("b => b.classList.contains('play-button') && b.click()")
            page.evaluate(TWO_FRAMES)
            agrees(figure, explorer)
        words = figure.locator(".explorer-words").evaluate("w => [w.scrollHeight, w.clientHeight, w.style.contain]")
        assert words[0] <= words[1] and words[2], "the caption is longer than the room that it keeps"
    assert (watch.off_site, watch.errors) == ([], [])


def wait_for_another(page, figure, before: str):
    """Wait until the picture is not the one before."""
    page.wait_for_function("([figure, before]) => figure.querySelector('canvas').toDataURL() !== before",
                           arg=[figure.element_handle(), before], timeout=PATIENCE)


def press(page, figure, control, key) -> bool:
    """Press one key on a control; did the picture change?"""
    before = figure.evaluate(PICTURE)
    control.focus()
    page.keyboard.press(key)
    page.evaluate(TWO_FRAMES)
    return before != figure.evaluate(PICTURE)


def agrees(figure, explorer):
    """The numbers and, where it is a raster, every pixel are what Python computes for the same state."""
    state, values = map(json.loads, figure.evaluate("f => [f.dataset.state, f.dataset.values]"))
    expected = explorer.values(**state)
    assert values.keys() == expected.keys()
    for name, value in expected.items():
        shown = float("-inf") if values[name] is None else values[name]  # JSON has no infinity
        assert shown == pytest.approx(value, rel=1e-4, abs=1e-4), f"{name} at {state}"
    if hasattr(explorer, "decode"):
        data = figure.evaluate("f => { const c = f.querySelector('.decoded') ?? f.querySelector('canvas'); "
                               "return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data] }")
        image = np.array(data).reshape(*explorer.image_shape[:2], 4)[..., :3]
        wanted = 255 * np.broadcast_to(explorer.decode(**state).reshape(*image.shape[:2], -1), image.shape)
        assert np.abs(image - wanted).max() <= 0.51, "more than half a grey level between browser and Python"


@pytest.mark.parametrize("viewport, first, then", [(WIDE, "light", "dark"),
                                                   (NARROW, "dark", "light")], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", [*PAGES, "search.html?q=ELBO", "no/such/page.html"])
def test_axe_finds_no_violation(open_page, name, viewport, first, then):
    """All rules in the colours that the page opens with, those about colours again in the others."""
    page, _ = open_page(name, viewport, color_scheme=first)
    assert violations(page) == []
    page.emulate_media(color_scheme=then)
    page.wait_for_function("then => document.documentElement.dataset.theme === then", arg=then)
    page.evaluate(AT_REST)
    assert violations(page, runOnly=["color-contrast", "link-in-text-block"]) == []


@functools.cache
def links_and_anchors(page: Path) -> tuple[list[str], set[str]]:
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    links = [tag.get("href") or tag.get("src") for tag in soup.select("a[href], img[src], link[href]")]
    return links, {tag["id"] for tag in soup.select("[id]")}


@pytest.mark.parametrize("name", PAGES)
def test_every_internal_link_resolves(name):
    page = (SITE / name).resolve()
    for link in links_and_anchors(page)[0]:
        url, anchor = urldefrag(link)
        if "://" in url or url.startswith(("mailto:", "data:")):
            continue
        target = (page.parent / unquote(url.partition("?")[0])).resolve() if url else page
        assert target.exists(), f"{name} links to {url}, which is not there"
        if anchor and target.suffix == ".html":
            anchor = anchor.removeprefix("slide=")
            assert unquote(anchor) in links_and_anchors(target)[1], f"{name} links to {link}, which is not there"


@pytest.mark.parametrize("name", PAGES)
def test_no_attribute_of_a_formula_is_empty(name):
    """Firefox reports such a one as an error."""
    assert re.findall(r'<m(?!eta|ain)[a-z]+ [^>]*?\w+=""', (SITE / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", PAGES)
def test_each_part_of_a_formula_has_as_many_parts_as_mathml_wants(name):
    soup = BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")
    counts = {"msub": 2, "msup": 2, "mfrac": 2, "munder": 2, "mover": 2, "mroot": 2, "msubsup": 3, "munderover": 3}
    wrong = [part for part in soup.find_all(counts) if len(part.find_all(recursive=False)) != counts[part.name]]
    assert wrong == []


def test_the_site_says_whose_widgets_it_carries():
    vendor = SITE / "vendor"
    assert (vendor / "widgets.js").read_text(encoding="utf-8").startswith("/*! licences.txt")
    named = set()
    for part in (vendor / "licences.txt").read_text(encoding="utf-8").split(f"\n{80 * '-'}\n"):
        names, _, licence = part.partition("\n")
        assert "Copyright" in licence, names
        named.update(names.split(", "))
    assert named >= {"@jupyter-widgets/controls", "katex", "nouislider"}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_without_javascript_formulas_and_pictures_are_there(open_page, chapter):
    page, _ = open_page(html_of(chapter), java_script_enabled=False)
    assert page.locator(".katex-html").first.is_visible()
    assert page.locator(".katex-error").count() == 0
    pictures = page.locator("noscript img")
    assert pictures.count() > 0
    for picture in pictures.all():
        assert picture.is_visible() and len(picture.get_attribute("alt") or "") > 20


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_figure_follows_the_theme(open_page, chapter):
    page, _ = open_page(html_of(chapter), color_scheme="light")
    figure = page.locator(".explorer-view").first
    read = "f => [getComputedStyle(f).color, f.querySelector('canvas').toDataURL()]"
    light = figure.evaluate(read)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.evaluate(TWO_FRAMES)
    dark = figure.evaluate(read)
    assert light[0] != dark[0]
    assert light[1] != dark[1] or "explorer-pixels" in figure.get_attribute("class")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_figure_lives_when_the_page_is_opened_as_a_file(browser, chapter):
    page, errors = browser.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto((SITE / html_of(chapter)).as_uri())
    page.locator(".figure-place").first.scroll_into_view_if_needed()
    figure = page.locator(".explorer-view[data-values]").first
    figure.wait_for(timeout=PATIENCE)
    before = figure.evaluate(PICTURE)
    for _ in range(3):
        press_first_control(page)
    wait_for_another(page, figure, before)
    assert errors == []
    page.close()


def test_a_page_leaves_state_and_code_to_files_that_come_with_the_figure():
    for chapter in CHAPTERS:
        page = (SITE / html_of(chapter)).read_text(encoding="utf-8")
        assert "IPY_MODEL" not in page and "export default" not in page
        for name in re.findall(r'data-state="([^"]+)"', page):
            state = (SITE / name).read_text(encoding="utf-8")
            assert '"_esm": "' in state and "export default" not in state and '"_css"' not in state


@pytest.mark.parametrize("spoil, reason", [
    (lambda state: re.sub(r'"_esm": "\w+"', '"_esm": "nobody"', state), "tools/widgets.js knows no view nobody"),
    (lambda state: state, "not found"),
    (None, "did not load"),
], ids=["a view", "a widget", "a file"])
def test_a_figure_that_fails_says_so_and_stops_no_other(browser, site_url, spoil, reason):
    page, address = browser.new_page(), f"{site_url}/{html_of(next(c for c in CHAPTERS if c.stem.startswith('05')))}"
    page.goto(address)
    name = page.locator(".figure-place").first.get_attribute("data-state")
    page.route(f"**/{name}", lambda route: route.fulfill(body=spoil(route.fetch().text())) if spoil else route.abort())
    if reason == "not found":
        page.evaluate("document.querySelector('.figure-place').dataset.model = 'nobody'")
    page.evaluate("course.all()")
    alert = page.locator(".figure-place[role=alert], .figure-place [role=alert]")
    alert.wait_for(timeout=PATIENCE)
    assert alert.inner_text().startswith("This figure failed: ") and reason in alert.inner_text()
    figure = page.locator(".explorer-view[data-values]")
    figure.wait_for(timeout=PATIENCE)
    menu = page.locator(".explorer", has=figure).locator("select").first
    assert press(page, figure, menu, "ArrowDown") or press(page, figure, menu, "ArrowUp")
    page.close()


def test_a_move_changes_words_and_makes_no_text_node(open_page):
    """A new text node makes the browser ask every `:has()` rule of the page again: longer than a frame."""
    page, _ = open_page(html_of(CHAPTERS[7]))
    page.evaluate("window.before = [...document.querySelectorAll('.explorer')].map(explorer => "
                  "[explorer.querySelector('[role=status]'), explorer.querySelector('.widget-readout')]"
                  ".map(part => [part, part.firstChild, part.textContent]))[0]")
    press_first_control(page)
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("before.map(([part, node, text]) => [part.firstChild === node, part.textContent !== text])"
                         ) == [[True, True]] * 2


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_link_of_the_contents_lands_at_its_heading(open_page, chapter):
    """It would not if sections far away had a guessed height until they come near (content-visibility)."""
    page, _ = open_page(html_of(chapter))
    for link in page.locator(".bd-toc a[href^='#']").all()[-1::-3]:
        link.evaluate("link => link.click()")
        wait_until_it_stays(page, LANDED, link.get_attribute("href")[1:])
