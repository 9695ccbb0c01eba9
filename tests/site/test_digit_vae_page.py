"""Chapter 8's network learns digits in the page: what it brings and when, its dials, and what goes wrong around it."""

import json

import pytest
from conftest import PATIENCE, SITE, wait_until_it_stays

from helpers.live import DigitVaeExplorer

PAGE = "book/08_variational_autoencoder.html"
STEP = "figure => JSON.parse(figure.dataset.state ?? '{}').step"
NO_WORKER, NO_WEBASSEMBLY = "delete globalThis.Worker;", "delete globalThis.WebAssembly;"


@pytest.fixture
def figure_on(browser, site_url):
    """Open the chapter with a script that runs before it; gives the figure, its page and what the page asked for."""
    pages = []

    def opener(before="", address=f"{site_url}/{PAGE}", **options):
        page, asked = browser.new_page(**options), []
        pages.append(page)
        page.add_init_script(before)
        page.on("request", lambda request: asked.append(request.url.split("/vendor/")[-1]))
        page.goto(address)
        page.locator(".figure-place[data-view=digit_vae]").scroll_into_view_if_needed()
        box = page.locator(".figure-place[data-view=digit_vae] .explorer")
        box.locator(".explorer-view[data-values]").wait_for(timeout=PATIENCE)
        return box, page, asked

    yield opener
    for page in pages:
        page.close()


def press(box, name):
    box.get_by_role("button", name=name).click()


def wait_for_step(page, step):
    page.wait_for_function(f"(step) => ({STEP})(document.querySelector('.explorer-digit-vae')) === step", arg=step,
                           timeout=PATIENCE)


def wait_for_words(page, words):
    page.wait_for_function("(words) => document.querySelector('.explorer-digit-vae .explorer-words')"
                           ".textContent.includes(words)", arg=words, timeout=PATIENCE)


def picture(box):
    return box.locator(".decoded").evaluate("canvas => canvas.toDataURL()")


def values(box):
    return box.locator(".explorer-view").evaluate("figure => JSON.parse(figure.dataset.values)")


def test_nothing_comes_before_the_first_press_and_ten_presses_are_ten_steps(figure_on):
    box, page, asked = figure_on()
    assert not [url for url in asked if "parts/" in url]
    for _ in range(10):
        press(box, "One step")
    wait_for_step(page, 10)
    wait_until_it_stays(page, f"() => ({STEP})(document.querySelector('.explorer-digit-vae')) === 10")
    assert sorted(url for url in asked if "parts/" in url) == ["parts/digit_vae.js", "parts/digits.js"]
    state = box.locator(".explorer-view").evaluate("figure => JSON.parse(figure.dataset.state)")
    assert values(box) == pytest.approx(DigitVaeExplorer().values(**state), rel=1e-3)
    press(box, "Start again")
    wait_for_step(page, 0)
    wait_for_words(page, "Nothing is learned yet")  # but all is loaded


@pytest.mark.parametrize("before", [NO_WORKER, NO_WEBASSEMBLY, NO_WORKER + NO_WEBASSEMBLY],
                         ids=["no worker", "no WebAssembly", "neither"])
def test_it_learns_the_same_where_something_is_missing(figure_on, before):
    box, page, _ = figure_on(before)
    for _ in range(3):
        press(box, "One step")
    wait_for_step(page, 3)
    assert values(box) == pytest.approx(DigitVaeExplorer().values(step=3), rel=1e-3)


def test_it_learns_when_the_page_is_opened_as_a_file(figure_on):
    box, page, _ = figure_on(address=(SITE / PAGE).as_uri())
    press(box, "One step")
    wait_for_step(page, 1)


def test_where_no_code_may_run_it_says_so(figure_on):
    box, page, _ = figure_on(NO_WORKER + "URL.createObjectURL = () => 'blob:nothing';")
    press(box, "Play")
    wait_for_words(page, "this browser lets the page start no worker")


def test_digits_that_do_not_come_are_said_and_asked_for_again(figure_on):
    box, page, _ = figure_on()
    page.route("**/digits.js", lambda route: route.abort())
    press(box, "One step")
    wait_for_words(page, "vendor/parts/digits.js did not load")
    page.unroute("**/digits.js")
    press(box, "One step")
    wait_for_step(page, 1)


def test_it_stops_when_nobody_sees_it_and_says_so(figure_on):
    box, page, _ = figure_on()
    press(box, "Play")
    page.wait_for_function(f"() => ({STEP})(document.querySelector('.explorer-digit-vae')) > 0", timeout=PATIENCE)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
                  "document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_words(page, "Paused, because the page was hidden.")
    wait_until_it_stays(page, f"""() => {{
        const step = ({STEP})(document.querySelector('.explorer-digit-vae')), same = step === globalThis.seen;
        globalThis.seen = step;
        return same;
    }}""")
    page.evaluate("delete document.hidden")
    press(box, "Play")
    page.wait_for_function(f"() => ({STEP})(document.querySelector('.explorer-digit-vae')) > globalThis.seen",
                           timeout=PATIENCE)
    page.evaluate("scrollTo(0, 0)")
    wait_for_words(page, "Paused, because the figure was out of view.")


def test_a_rate_that_is_too_high_is_said_and_a_lower_one_helps(figure_on):
    box, page, _ = figure_on()
    menu = box.get_by_label("rate", exact=True)
    menu.select_option("1")
    press(box, "Play")
    wait_for_words(page, "the loss is not a number any more: the rate 1 is too high.")
    menu.select_option("0.002")
    press(box, "One step")
    wait_for_step(page, 1)


def test_when_it_stands_still_sliders_keys_and_fingers_move_what_it_has_learned(figure_on):
    box, page, _ = figure_on(viewport={"width": 390, "height": 844})
    plane = box.locator(".learned canvas:not(.decoded)")
    assert plane.is_hidden() and box.locator("[role=slider]:visible").count() == 4
    box.get_by_label("latent numbers", exact=True).select_option("2")
    press(box, "One step")
    wait_for_step(page, 1)
    assert plane.is_visible() and box.locator("[role=slider]:visible").count() == 2
    for move in (lambda: box.locator("[role=slider]").first.press("ArrowRight"), lambda: plane.click(),
                 lambda: press(box, "Draw a random z")):
        before = picture(box)
        move()
        page.wait_for_function("(before) => before !== document.querySelector('.learned .decoded').toDataURL()",
                               arg=before, timeout=PATIENCE)
    state = json.loads(box.locator(".explorer-view").get_attribute("data-state"))
    assert values(box) == pytest.approx(DigitVaeExplorer(2).values(**state), rel=1e-3)
