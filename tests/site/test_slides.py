"""Chapters as slides: nothing is cut, text is large, figures live; keys turn them, Escape leads back.

Chapter 2 is turned from the first slide to the last and shown to axe; with SLIDES=all
(`make rehearse WHICH=slides`) every chapter is.
"""

import os

import pytest
from conftest import PATIENCE, TWO_FRAMES, WIDE, violations
from support import CHAPTERS
from test_site import html_of

EVERY = os.environ.get("SLIDES") == "all"
WALKED = CHECKED = CHAPTERS if EVERY else [CHAPTERS[1]]
PROJECTOR, LARGE = {"width": 1280, "height": 720}, {"width": 1920, "height": 1080}
COUNT = "() => document.querySelector('.slide-count')?.textContent"
# From the first slide to the last by the key of a remote control; what is cut or small, whether figures live.
# A program alone on its slide may be higher, and scroll. (Indices in formulas are smaller than text.)
WALK = """async () => {
  const article = document.querySelector("article"), root = document.documentElement, wrong = [];
  const scale = Number(getComputedStyle(root).getPropertyValue("--slide-scale"));
  const frame = () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const seen = (part) => part.checkVisibility({ visibilityProperty: true })
    && !part.closest(".katex-mathml, .katex .msupsub, .heard, noscript, svg, .visually-hidden");
  const tall = () => article.scrollHeight > article.clientHeight + 1;
  const key = (name) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  const [, n] = document.querySelector(".slide-count").textContent.split(" of ").map(Number);
  key("Home");
  for (let k = 0, before = ""; k < n; k++, key("PageDown")) {
    const say = (what) => wrong.push(`${location.hash}: ${what}`);
    const places = [...article.querySelectorAll(".figure-place")].filter((place) => place.checkVisibility());
    const waiting = () => places.some((place) => !place.querySelector("[data-values]"));
    for (let tries = 0; waiting() && tries < 5000; tries++) await frame();
    if (waiting()) say("a figure that does not come");
    for (let tries = 0; places.length && tries < 60 && tall(); tries++) await frame();
    if (location.hash === before) say("the same slide again");
    before = location.hash;
    const left = [...article.querySelectorAll("p, figure, pre, table")].filter(seen);
    const alone = left.length === 1 && left[0].matches("pre");
    if (tall() && !alone) say(`${article.scrollHeight} px high in ${article.clientHeight}`);
    for (const part of article.querySelectorAll("*")) {
      if (seen(part) && (part.getBoundingClientRect().right > innerWidth + 1
          || (getComputedStyle(part).overflowX !== "visible" && part.clientWidth > 1  // words for screen readers alone
            && part.scrollWidth > part.clientWidth + 2))) {
        say(`wide: ${part.outerHTML.slice(0, 100)}`);
      }
    }
    const words = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      const { data, parentElement } = words.currentNode, size = parseFloat(getComputedStyle(parentElement).fontSize);
      const large = size * scale > 19.99 || !data.replace(/[\\s\\u200b]/g, "") || !seen(parentElement);
      if (!large) say(`${size * scale} px: ${data.slice(0, 40)}`);
    }
  }
  if (!document.querySelector(".slide-count").textContent.startsWith(`${n} of`)) wrong.push("the end was not reached");
  return [n, wrong];
}"""


@pytest.fixture
def present(browser, site_url):
    """Open a chapter as slides, at an address."""
    pages = []

    def opener(chapter, address="slide=", viewport=PROJECTOR, **options):
        pages.append(page := browser.new_page(viewport=viewport, **options))
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{site_url}/{html_of(chapter)}#{address}")
        page.wait_for_function(COUNT, timeout=PATIENCE)
        return page

    yield opener
    for page in pages:
        page.close()


@pytest.mark.parametrize("chapter", WALKED, ids=lambda chapter: chapter.stem)
def test_from_first_to_last_nothing_is_cut_text_is_large_and_figures_live(present, chapter):
    page = present(chapter)
    n, wrong = page.evaluate(WALK)
    assert wrong == [] and n > 30
    page.set_viewport_size(LARGE)
    page.wait_for_function("() => document.documentElement.style.getPropertyValue('--slide-scale') === '2.4'")
    assert page.evaluate(WALK) == [n, []]
    assert page.errors == []


def test_keys_turn_slides_and_the_address_opens_the_same_one(present):
    page = present(CHAPTERS[1])
    for key, slide in {"ArrowRight": 2, "PageDown": 3, " ": 4, "ArrowLeft": 3, "PageUp": 2, "Home": 1}.items():
        page.keyboard.press(key)
        assert page.evaluate(COUNT).startswith(f"{slide} of")
    page.keyboard.press("End")
    last = page.evaluate(COUNT)
    assert last.split(" of ")[0] == last.split(" of ")[1]
    page.keyboard.press("PageUp")
    before, address = page.evaluate(COUNT), page.url
    page.reload()
    page.wait_for_function(COUNT, timeout=PATIENCE)
    assert (page.evaluate(COUNT), page.url) == (before, address)


def test_the_button_begins_at_the_heading_in_view_and_escape_leads_back_to_the_slides_place(open_page):
    page, watch = open_page(html_of(CHAPTERS[1]), WIDE)
    before = page.evaluate("document.querySelector('article').textContent")
    page.evaluate("document.getElementById('why-it-works').scrollIntoView()")
    button = page.locator(".btn-present-button").bounding_box()
    page.mouse.click(button["x"] + 9, button["y"] + 9)  # Playwright's own click would scroll the page before
    page.wait_for_function(COUNT, timeout=PATIENCE)
    assert page.url.endswith("#slide=why-it-works") and not page.locator(".bd-sidebar-primary").is_visible()
    for key in ("PageDown", "PageUp", "Escape"):
        page.keyboard.press(key)
    page.wait_for_function("() => !document.documentElement.classList.contains('presenting')")
    assert "#" not in page.url and page.locator(".bd-sidebar-primary").is_visible()
    page.evaluate(TWO_FRAMES)
    assert 0 <= page.evaluate("document.getElementById('why-it-works').getBoundingClientRect().top") < 150
    assert page.evaluate("document.querySelector('article').textContent") == before
    assert page.locator(".off-slide, .heard, .slide-bar").count() == 0
    assert watch.errors == []


def test_on_a_slider_arrows_move_the_figure_and_page_keys_turn_the_slide(present):
    page = present(CHAPTERS[1], "slide=move-it")
    while not page.evaluate("document.querySelector('.figure-place').checkVisibility()"):  # empty until it comes
        assert "#slide=move-it" in page.url
        page.keyboard.press("PageDown")
    figure = page.locator(".explorer-view[data-values]").first
    figure.wait_for(timeout=PATIENCE)
    here, before = page.evaluate(COUNT), figure.get_attribute("data-state")
    page.locator(".explorer [role=slider]").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("before => document.querySelector('.explorer-view').dataset.state !== before", arg=before,
                           timeout=PATIENCE)
    assert page.evaluate(COUNT) == here
    page.keyboard.press("PageDown")
    assert page.evaluate(COUNT) != here


def test_every_button_of_the_bar_shows_its_icon(present):
    page = present(CHAPTERS[1], "slide=exercises")
    drawn = page.evaluate("""() => [...document.querySelectorAll(".slide-bar button i")].map(
        (icon) => getComputedStyle(icon, "::before").content)""")
    assert len(drawn) == len(set(drawn)) == 6 and not {"none", "normal"} & set(drawn)


def test_notes_are_the_pages_folded_parts_and_go_back(present):
    page = present(CHAPTERS[1], "slide=exercises")
    solutions = page.locator(".solution").count()
    page.keyboard.press("n")
    pane = page.get_by_role("region", name="Notes")
    assert "Solution to" in pane.inner_text() and "Hint" in pane.inner_text()
    page.keyboard.press("n")
    assert not pane.is_visible() and page.locator("article .solution").count() == solutions
    page.keyboard.press("c")
    page.get_by_role("region", name="Contents").get_by_text("Why it works").click()
    assert "#slide=why-it-works" in page.url


def test_unfolded_code_is_on_the_slides_too(present):
    page = present(CHAPTERS[7])
    for _ in range(int(page.evaluate(COUNT).split(" of ")[1])):
        if page.locator("details.hide:visible").count():
            break
        page.keyboard.press("PageDown")
    page.locator("details.hide:visible summary").first.click()
    code = page.locator("details.hide[open] pre").first
    page.wait_for_function("() => document.querySelector('article details.hide[open]')", timeout=PATIENCE)
    page.evaluate(TWO_FRAMES)
    assert code.is_visible() and "plt" in code.inner_text()


def test_a_finger_turns_slides(present):
    page = present(CHAPTERS[0], viewport={"width": 1024, "height": 768}, has_touch=True)
    page.evaluate("""() => { const article = document.querySelector("article"), send = (type, x) => {
        const touch = new Touch({ identifier: 1, target: article, clientX: x, clientY: 300 });
        const touches = type === "touchend" ? [] : [touch];
        article.dispatchEvent(new TouchEvent(type, { touches, changedTouches: [touch], bubbles: true }));
      }; send("touchstart", 700); send("touchend", 300); }""")
    assert page.evaluate(COUNT).startswith("2 of")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("chapter", CHECKED, ids=lambda chapter: chapter.stem)
def test_axe_finds_no_violation_on_slides(present, chapter, theme):
    page = present(chapter, color_scheme=theme)
    for keys in (["Home"], ["PageDown"] * 3, ["n"], ["c"], ["End"]):
        for key in keys:
            page.keyboard.press(key)
        page.evaluate(TWO_FRAMES)
        assert violations(page) == []


def test_without_javascript_there_is_no_button(open_page):
    page, _ = open_page(html_of(CHAPTERS[0]), java_script_enabled=False)
    assert not page.locator(".btn-present-button").is_visible()
