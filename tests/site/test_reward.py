"""Figures are moved where they are drawn, compare, judge on request, and let their reader commit before they tell."""

import json
import re

import numpy as np
import pytest
from conftest import AT_REST, NARROW, PATIENCE, TWO_FRAMES, violations, wait_until_it_stays
from scipy.stats import norm
from support import CHAPTERS

LAPTOP = {"width": 1366, "height": 768}
HEAD = 60  # pixels of the page's head
READS = "view => view.textContent.includes('The judge reads')"
BY_NUMBER = {chapter.stem[:2]: f"book/{chapter.stem}.html" for chapter in CHAPTERS}


@pytest.fixture
def figure(open_page):
    """Open a chapter; gives its page and the figure of this name."""
    def opener(chapter, name, viewport=LAPTOP, **options):
        page, _ = open_page(BY_NUMBER[chapter], viewport, **options)
        view = page.locator(f".figure-place[data-name={name}] .explorer-view")
        view.locator("canvas").first.evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
        return page, view
    return opener


def state(page, view):
    page.evaluate(TWO_FRAMES)
    return json.loads(view.get_attribute("data-state"))


def words(page, view):
    page.evaluate(TWO_FRAMES)
    return view.locator(".explorer-words").inner_text()


def drag(page, view, start, to):
    """With the mouse, between two places of the canvas."""
    box = view.locator("canvas").first.bounding_box()
    page.mouse.move(box["x"] + start[0], box["y"] + start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + to[0], box["y"] + to[1], steps=3)
    page.mouse.up()
    return state(page, view)


def line(page, pad, places):
    """Draw on a pad with the mouse, from one place to the next, in shares of its sides."""
    pad.evaluate("pad => pad.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = pad.bounding_box()
    for k, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)
        if k == 0:
            page.mouse.down()
    page.mouse.up()


def size(view):
    box = view.locator("canvas").first.bounding_box()
    return box["width"], box["height"]


@pytest.mark.parametrize("chapter", BY_NUMBER)
def test_a_figure_and_its_controls_fit_a_laptop(open_page, chapter):
    page, _ = open_page(BY_NUMBER[chapter], LAPTOP)
    for box in page.locator(".explorer").all():
        assert box.bounding_box()["height"] <= LAPTOP["height"] - HEAD
        controls, view = box.locator(".explorer-controls"), box.locator(".explorer-view")
        if controls.is_visible():  # beside the picture
            assert abs(controls.bounding_box()["y"] - view.bounding_box()["y"]) < 40


def test_a_side_and_a_corner_of_the_box_are_pulled_on_the_map(figure):
    page, view = figure("01", "box")
    wide = size(view)[0]
    left, across = 40, wide - 52  # of the map on the canvas, as in box.js

    def place(longitude, latitude):
        return left + (longitude + 180) / 360 * across, 8 + (90 - latitude) / 180 * across / 2

    before = state(page, view)
    after = drag(page, view, place(before["east"], 10), place(100, 10))
    assert after["east"] == pytest.approx(100, abs=2) and {**after, "east": 0} == {**before, "east": 0}
    corner = drag(page, view, place(before["west"], before["north"]), place(-90, 80))
    assert (corner["west"], corner["north"]) == (pytest.approx(-90, abs=2), pytest.approx(80, abs=2))
    assert drag(page, view, place(-150, -80), place(0, 0)) == corner  # nothing is there to hold


def test_x_is_pulled_on_its_axis_and_z_on_the_curve(figure):
    page, view = figure("02", "ppf")
    tall = size(view)[1]
    text = words(page, view)
    x = float(text.split("x = ")[1].split(":")[0])
    left = 32 + min(max(0.15 * size(view)[0], 48), 96)

    def across(value):
        return left + (value + 50) / 500 * (size(view)[0] - 10 - left)

    after = drag(page, view, (across(x), tall - 42), (across(200), tall - 42))
    assert after["z"] == pytest.approx(0.5, abs=0.02)
    assert drag(page, view, (32, 26 + (round(tall * 0.44) - 26) / 2), (32, 0))["z"] == 0.999


def test_the_strip_of_the_walk_the_curve_of_the_film_and_the_dots_of_the_report_are_pressed(figure):
    page, view = figure("09", "walk")
    wide, tall = size(view)
    assert drag(page, view, (wide * 3.5 / 7, tall - 20), (wide * 5.5 / 7, tall - 20))["alpha"] == pytest.approx(1.5)
    page, view = figure("10", "film")
    wide, tall = size(view)
    assert drag(page, view, (wide - 22, tall - 40), (60, tall - 40))["frame"] == 0
    page, view = figure("13", "report")
    menu = page.locator(".figure-place[data-name=report] .explorer-controls select").last
    menu.select_option(index=0)
    before, (wide, tall) = state(page, view)["model"], size(view)
    found = {drag(page, view, (x, y), (x, y))["model"]
             for x in range(70, int(wide) - 12, 20) for y in range(30, int(tall * 0.6), 20)}
    assert len(found) >= 4 and before in found


def test_a_finger_moves_a_point_taps_a_track_and_scrolls_elsewhere(figure):
    page, view = figure("08", "plane", NARROW, has_touch=True)
    canvas = view.locator("canvas").first
    assert canvas.evaluate("canvas => getComputedStyle(canvas).touchAction") == "pan-y"
    holds = canvas.evaluate("""(canvas, places) => places.map(([x, y]) => {
        const { left, top } = canvas.getBoundingClientRect();
        const touch = new Touch({ identifier: 1, target: canvas, clientX: left + x, clientY: top + y });
        return !canvas.dispatchEvent(new TouchEvent("touchstart", { touches: [touch], cancelable: true }));
    })""", [[40 + (size(view)[0] - 48) / 2, 8 + (size(view)[1] - 48) / 2], [60, 30]])
    assert holds == [True, False]  # the point is held; beside it the page scrolls
    before = state(page, view)
    box = canvas.bounding_box()
    page.touchscreen.tap(box["x"] + 100, box["y"] + 100)
    assert state(page, view) != before
    track = page.locator(".figure-place[data-name=plane] .noUi-target").first
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    page.wait_for_function("view => JSON.parse(view.dataset.state).z0 > 3", arg=view.element_handle(), timeout=PATIENCE)


def test_a_small_picture_of_the_walk_to_a_digit_goes_to_its_time(figure):
    page, view = figure("12", "digit_flow")
    row = view.locator(".explorer-row button")
    assert [row.nth(k).get_attribute("aria-pressed") for k in range(6)] == ["false", "true", *["false"] * 4]
    row.nth(3).press("Enter")
    assert state(page, view)["t"] == pytest.approx(0.6) and row.nth(3).get_attribute("aria-pressed") == "true"
    before = state(page, view)["z"]
    row.last.click()
    view.get_by_role("button", name="Another z").click()
    after = state(page, view)
    assert after["t"] == 1 and len(after["z"]) == 16 and after["z"] != before
    pixels = view.locator("canvas").first.evaluate("canvas => [...canvas.getContext('2d')"
                                                   ".getImageData(0, 0, 58, 28).data].filter((_, i) => i % 4 === 0)")
    rows = [pixels[58 * k : 58 * k + 58] for k in range(28)]
    assert all(one[:28] == one[30:] for one in rows)  # at the end the walk is where it expects to be


def test_pictures_are_compared_and_a_press_goes_there(figure):
    page, view = figure("08", "latent-2")
    menu, row = view.get_by_label("What to compare"), view.locator(".explorer-row button")
    menu.select_option("menu")
    page.wait_for_function("row => row.children.length === 10 && row.lastChild.ariaPressed !== null",
                           arg=view.locator(".explorer-row").element_handle(), timeout=PATIENCE)
    digits = {row.nth(k).locator("canvas").evaluate("canvas => canvas.toDataURL()") for k in range(10)}
    assert len(digits) == 10
    row.nth(4).press("Enter")
    assert state(page, view)["choice"] == 4
    menu.select_option("slider")
    page.wait_for_function("row => row.children.length === 7", arg=view.locator(".explorer-row").element_handle(),
                           timeout=PATIENCE)
    row.last.click()
    assert state(page, view)["z0"] == 3
    keep = view.get_by_role("button", name="Keep as")
    keep.click()
    view.get_by_role("button", name="Back to z = 0").click()
    keep.click()
    row.nth(3).click()
    assert state(page, view)["z0"] == pytest.approx(1.5)


@pytest.mark.parametrize(("chapter", "name"), [("08", "latent"), ("09", "walk")])
def test_the_judge_comes_when_it_is_asked_and_looks_when_nothing_moves(figure, chapter, name):
    page, view = figure(chapter, name)
    loaded = "() => performance.getEntriesByType('resource').filter(({name}) => name.includes('/parts/')).length"
    assert page.evaluate(loaded) == 0
    view.get_by_role("button", name="Ask the judge").click()
    wait_until_it_stays(page, READS, view.element_handle())
    told = json.loads(view.get_attribute("data-values"))
    assert f"The judge reads {told['read']} ({100 * told['sure']:.0f}%)" in words(page, view)
    assert 0 < told["near"] < 28
    assert view.locator(".nearest").get_attribute("aria-label").endswith(str(told["near_label"]))
    page.locator(f".figure-place[data-name={name}] [role=slider]").first.press("ArrowRight")
    assert "The judge waits until nothing moves." in words(page, view)
    assert "read" not in json.loads(view.get_attribute("data-values"))
    wait_until_it_stays(page, READS, view.element_handle())
    assert json.loads(view.get_attribute("data-values"))["near"] != told["near"]


def test_the_judge_reads_along_the_walk(figure):
    page, view = figure("09", "walk")
    view.get_by_role("button", name="Ask the judge").click()
    wait_until_it_stays(page, READS, view.element_handle())
    along = [int(read) for read in words(page, view).split("Along the strip it reads ")[1].rstrip(".").split(", ")]
    assert along[2] == 7 and along[6] == 0  # the chapter's 7, which the judge reads as a 0 from 1.25 on
    wide, tall = size(view)
    for k, read in enumerate(along):
        drag(page, view, (wide * (k + 0.5) / 7, tall - 30), (wide * (k + 0.5) / 7, tall - 30))
        wait_until_it_stays(page, READS, view.element_handle())
        assert json.loads(view.get_attribute("data-values"))["read"] == read


def test_the_reader_s_own_digit_walks(figure):
    page, view = figure("09", "walk")
    sevens = words(page, view)
    view.get_by_role("button", name="Draw your own digit").click()
    pad = view.get_by_role("application")
    pad.wait_for(timeout=PATIENCE)
    line(page, pad, [(0.5, 0.2), (0.5, 0.8)])
    own = words(page, view)
    assert own.startswith("Your drawing, moved by ") and own != sevens
    for key in (" ", "ArrowDown", " "):  # a dot more, by keys
        pad.press(key)
    assert "Your drawing" in words(page, view)
    view.get_by_role("button", name="Clear").click()
    assert words(page, view) == sevens
    view.get_by_role("button", name="Undo").click()
    assert "Your drawing" in words(page, view)
    page.locator(".figure-place[data-name=walk] select").first.select_option("4")
    assert words(page, view).startswith("A 4, ")


def test_the_reader_s_own_digit_has_a_place_on_the_plane(figure):
    page, view = figure("08", "plane")
    view.get_by_role("button", name="Draw your own digit").click()
    pad = view.get_by_role("application")
    assert not view.get_by_role("button", name="Go there").is_visible()
    line(page, pad, [(0.55, 0.2), (0.45, 0.8)])  # a 1, as the data write it
    view.get_by_role("button", name="Go there").click(timeout=PATIENCE)
    told = state(page, view)
    place = re.search(r"nearest to your drawing stands at z = \((.*), (.*)\), marked as yours", words(page, view))
    z = [float(part.replace("−", "-")) for part in place.groups()]
    assert [told["z0"], told["z1"]] == pytest.approx(z, abs=0.051)
    assert json.loads(view.get_attribute("data-values"))["label"] == 1
    view.get_by_role("button", name="Map of distance").click()
    assert "The stronger the shade, the farther from all codes." in words(page, view)
    view.get_by_role("button", name="Reset").click()
    view.get_by_role("button", name="Go there").wait_for(state="hidden", timeout=PATIENCE)
    assert "your drawing" not in words(page, view) and "shade" not in words(page, view)


def test_the_reader_commits_before_the_bars_and_the_writer_are_told(figure):
    page, view = figure("09", "walk")
    assert "hidden" in words(page, view)
    view.get_by_role("button", name="Now I see another digit").click()
    assert "You saw another digit at α = 0.00; logistic regression " in words(page, view)
    page, view = figure("13", "report")
    view.get_by_role("button", name="Guess the writer").click()
    assert words(page, view).startswith("Whose digits are these?")
    menu = page.locator(".figure-place[data-name=report] .explorer-controls select").last
    names = [name.replace("\xa0", " ") for name in menu.locator("option").all_inner_texts()]
    now = menu.evaluate("menu => menu.selectedIndex")
    menu.select_option(index=(now + 1) % len(names))
    told = words(page, view)
    assert told.startswith(("Right. ", f"You said {names[(now + 1) % len(names)]}; it was "))
    assert names[state(page, view)["model"]] in told


def test_the_reader_draws_a_density_by_mouse_and_by_keys_and_the_map_follows(figure):
    page, view = figure("02", "ppf")
    view.get_by_label("Law").select_option(index=4)
    hills, (wide, tall) = state(page, view)["own"], size(view)
    assert max(hills) > 50
    left, lower = 32 + min(max(0.15 * wide, 48), 96), round(tall * 0.44) + 28
    drawn = drag(page, view, (left + 2, tall - 43), (wide - 12, lower + 1))["own"]
    assert drawn[0] < 5 and drawn[-1] > 90 and drawn == sorted(drawn)  # a ramp
    x = float(words(page, view).split("x = ")[1].split(":")[0])
    assert x == pytest.approx(-50 + 500 * 0.841**0.5, abs=5)  # the ppf of a ramp is a root
    canvas = view.locator("canvas").first
    for key in ("ArrowLeft", "ArrowUp"):
        canvas.press(key)
    assert state(page, view)["own"][24] == drawn[24] + 10 and "Bar from x = 190 to 200" in words(page, view)
    assert view.get_by_label("Law").input_value() == "yours"
    view.get_by_label("Law").select_option("normal")
    assert set(state(page, view)["own"]) == {0}


def test_equal_steps_of_z_are_unequal_steps_of_x(figure):
    page, view = figure("02", "ppf")
    button = view.get_by_role("button", name="Equal steps of z")
    button.click()
    x = norm(200, 40).ppf(np.arange(1, 20) / 20)
    assert f"Each step of 0.05 in z moves x by {min(np.diff(x)):.1f} to {max(np.diff(x)):.1f}." in words(page, view)
    assert button.get_attribute("aria-pressed") == "true"
    view.get_by_label("Law").select_option("uniform")
    assert "moves x by 10.0 to 10.0." in words(page, view)
    view.get_by_role("button", name="Reset").click()
    assert "Each step" not in words(page, view) and button.get_attribute("aria-pressed") == "false"


def test_x_is_hidden_until_the_reader_has_said_one(figure):
    page, view = figure("02", "ppf")
    view.get_by_role("button", name="Guess x").click()
    z = state(page, view)["z"]
    assert words(page, view).startswith(f"A share of {z:.3f} of all draws falls below x. Which x is it?")
    assert "x = " not in words(page, view)
    field = view.get_by_label("x =", exact=True)
    left, (wide, tall) = 32 + min(max(0.15 * size(view)[0], 48), 96), size(view)
    middle = left + (wide - 10 - left) / 2  # where the density is pressed: x = 200
    drag(page, view, (middle, tall - 100), (middle, tall - 100))
    assert float(field.input_value()) == pytest.approx(200, abs=2)
    field.fill("240")
    field.press("Enter")
    share, x = norm(200, 40).cdf(240), norm(200, 40).ppf(z)
    told = words(page, view)
    assert told.startswith(f"You said 240; a share of {share:.3f} falls below that. z = {z:.3f} → x = {x:.1f}")
    assert view.get_by_role("button", name="Guess x").is_visible() and not field.is_visible()
    page.locator(".figure-place[data-name=ppf] [role=slider]").first.press("ArrowRight")
    assert words(page, view).startswith("z = ")


def test_the_share_of_new_styles_is_hidden_until_the_reader_has_said_one(figure):
    page, view = figure("05", "styles")
    before = words(page, view)
    view.get_by_role("button", name="Guess how many are new").click()
    assert "%" not in words(page, view) and "new" not in view.locator("li").first.text_content()
    view.get_by_label("New ones in 100 draws:").fill("50")
    view.get_by_role("button", name="Tell me").click()
    assert words(page, view) == f"You said 50 of 100 draws. {before}"
    page.locator(".figure-place[data-name=styles] select").first.select_option(index=1)
    assert "You said" not in words(page, view)


SHADES = """(canvas, places) => places.map(([x, y]) => canvas.getContext("2d").getImageData(x, y, 1, 1).data[3])"""


def test_the_map_of_distance_is_strongest_far_from_the_codes(figure):
    page, view = figure("07", "plane")
    canvas, (wide, tall) = view.locator("canvas").first, size(view)
    corners = [[x * wide + 45 * (1 - x) - 12 * x, y * tall + 12 * (1 - y) - 45 * y] for x in (0, 1) for y in (0, 1)]
    assert set(canvas.evaluate(SHADES, corners)) == {0}  # nothing is there
    view.get_by_role("button", name="Map of distance").click()
    page.evaluate(TWO_FRAMES)
    assert min(canvas.evaluate(SHADES, corners)) > 100  # of 255
    view.get_by_role("button", name="Map of distance").press("Enter")
    page.evaluate(TWO_FRAMES)
    assert set(canvas.evaluate(SHADES, corners)) == {0}


OPENED = {("02", "ppf"): ["Equal steps of z", "Guess x"], ("05", "styles"): ["Guess how many are new"],
          ("08", "plane"): ["Map of distance", "Draw your own digit"], ("09", "walk"): ["Draw your own digit"]}
LEAST = "parts => Math.min(...parts.map((part) => part.getBoundingClientRect().height))"


@pytest.mark.parametrize(("viewport", "theme"), [(LAPTOP, "light"), (NARROW, "dark")], ids=["laptop", "narrow"])
@pytest.mark.parametrize(("chapter", "name"), OPENED)
def test_what_a_reader_opens_has_names_and_targets_for_a_finger(figure, chapter, name, viewport, theme):
    page, view = figure(chapter, name, viewport, color_scheme=theme)
    for button in OPENED[chapter, name]:
        view.get_by_role("button", name=button).click()
    if name in ("plane", "walk"):
        pad = view.get_by_role("application")
        pad.wait_for(timeout=PATIENCE)
        line(page, pad, [(0.55, 0.2), (0.45, 0.8)])
    page.evaluate(AT_REST)
    assert violations(page) == []
    assert view.locator("button:visible, select:visible, input:visible").evaluate_all(LEAST) >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
