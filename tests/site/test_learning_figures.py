"""Figures that learn, on the site: dials and buttons by keyboard, steps as in Python; out of sight they stop."""

import json

import pytest
from conftest import NARROW, PATIENCE, TWO_FRAMES, WIDE, violations

from helpers.live import BellsExplorer, BendsExplorer, CarryExplorer, DuelExplorer, EmExplorer

FIGURES = {  # by view: the page, and the twin; a figure's state says all that the twin needs
    "em": ("04_gaussian_mixtures", EmExplorer([[0, 0]])),
    "bends": ("07_representation_learning", BendsExplorer([0] * 41)),
    "duel": ("10_generative_adversarial_networks", DuelExplorer()),
    "bells": ("10_generative_adversarial_networks", BellsExplorer()),
    "carry": ("12_small_steps", CarryExplorer()),
}
PICTURE = "canvas => canvas.toDataURL()"
STEP = "([figure, step]) => JSON.parse(figure.dataset.state).step >= step"


@pytest.fixture(params=FIGURES)
def learning(request, open_page):
    """A page at a figure that learns: the box, the figure, its twin and what the page complained about."""
    name, twin = FIGURES[request.param]
    page, watch = open_page(f"book/{name}.html", WIDE)
    box = page.locator(f".figure-place[data-view={request.param}] .explorer")
    box.scroll_into_view_if_needed()
    yield page, box, box.locator(".explorer-view"), twin
    assert (watch.off_site, watch.errors) == ([], [])


def shown(figure):
    return map(json.loads, figure.evaluate("f => [f.dataset.state, f.dataset.values]"))


def agrees(figure, twin):
    """The numbers are what Python computes for the same state."""
    state, values = shown(figure)
    assert values == pytest.approx(twin.values(**state), rel=1e-4, abs=1e-4), state
    return state


def press(page, part, key="Enter"):
    part.focus()
    page.keyboard.press(key)
    page.evaluate(TWO_FRAMES)


def wait_for_step(page, figure, step):
    page.wait_for_function(STEP, arg=[figure.element_handle(), step], timeout=PATIENCE)


def button(figure, text):
    return figure.locator(".learning-bar button", has_text=text)


def test_every_dial_by_keyboard_and_steps_are_those_of_python(learning):
    page, box, figure, twin = learning
    assert agrees(figure, twin)["step"] == 0
    parts = [(box.locator("[role=slider]"), "ArrowRight"), (box.locator("select"), "ArrowDown"),
             (box.locator("input[type=checkbox]"), " ")]
    assert sum(found.count() for found, _ in parts) == len(twin.controls)
    for part, key in [(part, key) for found, key in parts for part in found.all()]:
        before = figure.get_attribute("data-state")
        press(page, part, key)
        if figure.get_attribute("data-state") == before:  # it stood at its end
            press(page, part, key.replace("Right", "Left").replace("Down", "Up"))
        assert figure.get_attribute("data-state") != before
        agrees(figure, twin)
    for step in (1, 2, 3):
        press(page, button(figure, "One step"))
        wait_for_step(page, figure, step)
        assert agrees(figure, twin)["step"] == step
    press(page, button(figure, "Start again"))
    assert agrees(figure, twin)["step"] == 0


def test_it_plays_pauses_and_stops_when_nobody_can_see_it(learning):
    page, _, figure, _ = learning
    play, words = figure.locator(".play-button"), figure.locator(".explorer-words")
    press(page, play)
    assert play.inner_text() == "Pause"
    wait_for_step(page, figure, 3)
    press(page, play)
    state, _ = shown(figure)
    page.evaluate(TWO_FRAMES)
    assert next(shown(figure))["step"] == state["step"] and play.inner_text() == "Play"
    press(page, play)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("words => words.textContent.includes('out of view')", arg=words.element_handle(),
                           timeout=PATIENCE)
    figure.scroll_into_view_if_needed()
    press(page, button(figure, "Start again"))
    press(page, play)
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("words => words.textContent.includes('page was hidden')", arg=words.element_handle(),
                           timeout=PATIENCE)
    assert play.inner_text() == "Play"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_its_picture_changes_as_it_learns_and_then_axe_finds_nothing(open_page, theme):
    for name in dict.fromkeys([*(name for name, _ in FIGURES.values()), "08_variational_autoencoder"]):
        page, _ = open_page(f"book/{name}.html", NARROW, color_scheme=theme)
        for place in page.locator(".figure-place:has(.explorer-learning)").all():
            place.scroll_into_view_if_needed()
            canvas, figure = place.locator("canvas").first, place.locator(".explorer-view[data-values]")
            before = canvas.evaluate(PICTURE)
            for step in (1, 2):
                press(page, button(figure, "One step"))
                wait_for_step(page, figure, step)
            page.wait_for_function("([canvas, before]) => canvas.toDataURL() !== before",
                                   arg=[canvas.element_handle(), before], timeout=PATIENCE)
        assert violations(page) == []


def test_ten_presses_in_a_row_are_ten_steps(learning):
    page, _, figure, twin = learning
    button(figure, "One step").evaluate("button => { for (let k = 0; k < 10; k++) button.click(); }")
    wait_for_step(page, figure, 10)
    page.evaluate(TWO_FRAMES)
    assert agrees(figure, twin)["step"] == 10
    figure.locator(".play-button").evaluate("button => { for (let k = 0; k < 10; k++) button.click(); }")
    page.evaluate(TWO_FRAMES)
    assert figure.locator(".play-button").inner_text() == "Play"


@pytest.mark.parametrize("view", ["bends", "bells", "carry"])
def test_a_loss_that_is_no_number_is_said_and_a_new_start_helps(open_page, view):
    name, twin = FIGURES[view]
    page, _ = open_page(f"book/{name}.html", WIDE)
    figure = page.locator(f".explorer-{view}")
    page.evaluate("() => { globalThis.root = Math.sqrt; Math.sqrt = () => NaN; }")  # of Adam
    press(page, figure.locator(".play-button"))
    page.wait_for_function("words => words.textContent.includes('The loss is not a finite number')",
                           arg=figure.locator(".explorer-words").element_handle(), timeout=PATIENCE)
    assert figure.locator(".play-button").inner_text() == "Play"
    page.evaluate("() => { Math.sqrt = root; }")
    press(page, button(figure, "Start again"))
    press(page, button(figure, "One step"))
    wait_for_step(page, figure, 1)
    assert agrees(figure, twin)["step"] == 1


def test_where_motion_is_not_wanted_the_ellipses_are_at_once_where_they_go(open_page):
    page, _ = open_page("book/04_gaussian_mixtures.html", WIDE, reduced_motion="reduce")
    figure = page.locator(".explorer-em")
    press(page, button(figure, "One step"))
    wait_for_step(page, figure, 1)
    page.evaluate(TWO_FRAMES)
    there = figure.locator("canvas").evaluate(PICTURE)
    page.wait_for_timeout(400)
    assert figure.locator("canvas").evaluate(PICTURE) == there


def test_points_are_placed_by_a_press_and_by_keys(open_page):
    page, _ = open_page("book/04_gaussian_mixtures.html", NARROW, has_touch=True)
    figure, twin = page.locator(".explorer-em"), FIGURES["em"][1]
    canvas = figure.locator("canvas")
    canvas.scroll_into_view_if_needed()
    before = len(next(shown(figure))["points"]) // 2
    place = canvas.bounding_box()
    page.touchscreen.tap(place["x"] + place["width"] / 2, place["y"] + 60)
    page.evaluate(TWO_FRAMES)
    assert len(agrees(figure, twin)["points"]) // 2 == before + 1
    press(page, button(figure, "One step"))
    wait_for_step(page, figure, 1)
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
        press(page, canvas, key)
    state = agrees(figure, twin)
    assert (len(state["points"]) // 2, len(state["start"]), state["step"]) == (before + 2, 18, 0)
    press(page, button(figure, "Clear"))
    assert agrees(figure, twin)["points"] == [] and "No points" in figure.locator(".explorer-words").inner_text()
    press(page, figure.locator(".play-button"))
    page.wait_for_function("words => words.textContent.includes('No points are placed yet')",
                           arg=figure.locator(".explorer-words").element_handle(), timeout=PATIENCE)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_targets_are_large_and_swipes_scroll(open_page, viewport):
    for name in sorted({name for name, _ in FIGURES.values()}):
        page, _ = open_page(f"book/{name}.html", viewport)
        for box in page.locator(".explorer-learning").all():
            parts = box.locator(":is(.learning-bar button, .noUi-handle, select, .widget-checkbox label):visible").all()
            assert all(min(part.bounding_box()[side] for side in ("width", "height")) >= 24 for part in parts)
            assert box.locator("canvas").evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"
            if viewport == WIDE:
                assert box.bounding_box()["height"] <= 768 - 60  # below the page's head, on a laptop's screen


def test_what_is_said_is_of_the_points_and_the_curve_that_are_there(open_page):
    page, _ = open_page("book/04_gaussian_mixtures.html", WIDE)
    figure = page.locator(".explorer-em")
    press(page, figure.locator(".play-button"))
    words = figure.locator(".explorer-words")
    page.wait_for_function("words => words.textContent.includes('at rest')", arg=words.element_handle(),
                           timeout=PATIENCE)
    press(page, figure.locator("canvas").first, "ArrowUp")
    press(page, figure.locator("canvas").first)
    assert "49 points" in words.inner_text() and "at rest" not in words.inner_text()
    name, twin = FIGURES["bends"]
    page, _ = open_page(f"book/{name}.html", WIDE)
    figure = page.locator(".explorer-bends")
    before = agrees(figure, twin)
    for key in ("ArrowRight", "ArrowUp"):
        press(page, figure.locator("canvas").first, key)
    assert agrees(figure, twin)["curve"] != before["curve"]
