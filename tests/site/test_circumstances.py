"""Readers' circumstances: storage blocked, forced colours, the narrowest screen, a keyboard alone, paper."""

import contextlib
import io
import json

import numpy as np
import pytest
from conftest import ALIVE, NARROWEST, PAGES, PATIENCE, TWO_FRAMES, Watch, wait_for_figures
from PIL import Image

LANDING = "book/index.html"
THEME = "() => document.documentElement.dataset.theme"
# Boxes that hide a part of what they hold, and that no Tab reaches: WebKit gives none to a box by itself.
OUT_OF_REACH = """() => [...document.querySelectorAll("main *")].filter((box) => box.checkVisibility()
    && ["auto", "scroll"].includes(getComputedStyle(box).overflowX) && box.scrollWidth > box.clientWidth + 1
    && !(box.hasAttribute("tabindex") && box.tabIndex === 0) && !box.querySelector("a[href], button, input, summary"))
  .map((box) => box.outerHTML.slice(0, 200))"""
# Cut at the right, by the sheet or by a box: nobody scrolls on paper. (Below a subscript KaTeX leaves 2 px empty.)
CUT = """() => [...document.querySelectorAll("article *")].filter((part) => part.checkVisibility()
    && !part.closest(".katex-mathml, svg, .visually-hidden, figcaption > span")
    && (part.getBoundingClientRect().right > innerWidth + 1
        || getComputedStyle(part).overflowX !== "visible" && part.scrollWidth > part.clientWidth + 2))
  .map((part) => part.outerHTML.slice(0, 200))"""
CUT_IN_THE_TEXT = """() => [...document.querySelectorAll("article span.math")]
  .filter((formula) => formula.checkVisibility() && formula.scrollWidth > formula.clientWidth + 2)
  .map((formula) => formula.querySelector("annotation").textContent)"""
FOLDED = """() => [...document.querySelectorAll("article .toggle-hidden, article details > :last-child")]
  .filter((part) => !part.checkVisibility()).map((part) => part.textContent.slice(0, 200))"""
# The sheet's width comes when no script runs any more: a canvas keeps its shape by itself.
OUT_OF_SHAPE = """() => [...document.querySelectorAll(".explorer-view canvas")].filter((canvas) => {
    canvas.style.height = "2000px";
    return Math.abs(canvas.clientWidth / canvas.clientHeight / (canvas.width / canvas.height) - 1) > 0.02;
  }).map((canvas) => canvas.outerHTML)"""
A4 = {"width": 673, "height": 971}  # a browser's own margins of 16 mm


@pytest.fixture(scope="module")
def without_storage(browser, chromium_path, tmp_path_factory):
    """A browser whose reader has blocked what sites keep."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "Default").mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (profile / "Default" / "Preferences").write_text(json.dumps(blocked))
    context = browser.browser_type.launch_persistent_context(profile, executable_path=chromium_path,
                                                             args=["--no-sandbox", "--disable-gpu"])
    with contextlib.closing(context):
        yield context


@pytest.mark.parametrize("name", [LANDING, "book/08_variational_autoencoder.html", "search.html?q=ELBO", "404.html"])
def test_where_storage_is_blocked_nothing_fails_and_the_colours_change(without_storage, site_url, name):
    page, watch = without_storage.new_page(), Watch()
    watch.attach(page, site_url)
    page.add_init_script("try { localStorage.length; sessionStorage.length; globalThis.keeps = true; } "
                         "catch { globalThis.keeps = false; }")
    page.goto(f"{site_url}/{name}")
    assert page.evaluate("globalThis.keeps") is False
    wait_for_figures(page)
    before = page.evaluate(THEME)
    for _ in range(2):  # auto, light, dark
        page.locator(".theme-switch-button:visible").first.dispatch_event("click")
        if page.evaluate(THEME) != before:
            break
    assert page.evaluate(THEME) != before
    assert watch.errors == []
    page.close()


@pytest.mark.parametrize("name", [LANDING, "book/08_variational_autoencoder.html"])
def test_in_forced_colours_the_tracks_of_sliders_are_seen(open_page, name):
    page, _ = open_page(name, forced_colors="active")
    for track in page.locator(".explorer .noUi-target").all():
        track.scroll_into_view_if_needed()
        box, handle = track.bounding_box(), track.locator(".noUi-handle").bounding_box()
        far = 0.1 if handle["x"] > box["x"] + box["width"] / 2 else 0.9  # where the handle is not
        strip = {"x": box["x"] + far * box["width"], "y": box["y"] - 4, "width": 2, "height": box["height"] + 8}
        picture = Image.open(io.BytesIO(page.screenshot(clip=strip))).convert("L")
        assert np.ptp(np.asarray(picture, dtype=int)) > 100


@pytest.mark.parametrize("name", PAGES)
def test_on_the_narrowest_screen_nothing_is_wider_and_every_wide_box_can_be_scrolled_by_keyboard(open_page, name):
    page, _ = open_page(name, NARROWEST)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST["width"]
    assert (at_last(page, OUT_OF_REACH), page.evaluate(CUT_IN_THE_TEXT)) == ([], [])


def at_last(page, question):
    """What the page answers; the theme gives boxes to the keyboard a moment after something has changed."""
    for _ in range(300):
        if not (answer := page.evaluate(question)):
            break
        page.evaluate(TWO_FRAMES)
    return answer


@pytest.mark.parametrize("name", PAGES)
def test_a_printed_page_is_whole_and_open(open_page, name):
    page, _ = open_page(name, A4)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert [page.evaluate(question) for question in (CUT, FOLDED, OUT_OF_SHAPE)] == [[], [], []]


def test_figures_that_nobody_came_near_come_for_printing(browser, site_url):
    page = browser.new_page(viewport=A4)
    page.goto(f"{site_url}/book/08_variational_autoencoder.html", wait_until="load")
    assert not page.evaluate(ALIVE)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.wait_for_function(ALIVE, timeout=PATIENCE)
    page.close()


def test_a_solution_is_folded_until_it_is_asked_for(open_page):
    page, _ = open_page("book/06_planet_pixel.html")
    contents = page.locator(".solution section")
    assert contents.count() == 5 and not any(part.is_visible() for part in contents.all())
    page.locator(".solution button").first.click()
    assert contents.first.is_visible()
