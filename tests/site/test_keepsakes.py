"""Any figure can be set back, saved as a picture, and sent as a link that opens it in the same state."""

import io
import json

import pytest
from conftest import NARROW, PATIENCE, TWO_FRAMES, WIDE, wait_until_it_stays
from PIL import Image

PAGE = "book/02_percent_point_function.html"
STATE = "() => JSON.parse(document.querySelector('.figure-place[data-name=ppf] .explorer-view').dataset.state)"


def state_of(page):
    return page.evaluate(STATE)


def wait_for_state(page, **wanted):
    same = f"([key, value]) => [value].flat().every((one, i) => Math.abs([({STATE})()[key]].flat()[i] - one) < 1e-9)"
    wait_until_it_stays(page, f"(wanted) => Object.entries(wanted).every({same})", wanted)


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_link_opens_the_figure_as_it_was_and_reset_goes_back_to_the_page_s_own_state(open_page, viewport):
    page, watch = open_page(PAGE, viewport)
    first = state_of(page)
    there, _ = open_page(f"{PAGE}?figure=ppf&z=0.25&mu=150&sigma=1e9&nothing=1&n=x", viewport)
    wait_for_state(there, z=0.25, mu=150)
    state = state_of(there)
    assert first["sigma"] < state["sigma"] < 1000  # the slider's own end
    assert state["n"] == first["n"]
    assert there.locator(".figure-place[data-name=ppf] .explorer-view").evaluate(
        "figure => figure.getBoundingClientRect().top < innerHeight && figure.getBoundingClientRect().bottom > 0")
    there.get_by_role("button", name="Copy link").first.click()
    there.get_by_role("button", name="Link").first.wait_for(timeout=PATIENCE)
    again, _ = open_page(there.url.partition("/book/")[2].join(["book/", ""]), viewport)
    wait_for_state(again, **state)
    again.get_by_role("button", name="Reset").first.click()
    wait_for_state(again, **first)
    assert watch.errors == []


def test_a_figure_without_controls_of_its_own_numbers_is_sent_whole(open_page):
    page, _ = open_page("book/08_variational_autoencoder.html")
    view = page.locator(".figure-place[data-name=latent] .explorer-view")
    view.get_by_role("button", name="Draw a random z").click()
    view.get_by_role("button", name="Copy link").click()
    page.wait_for_function("() => location.search.includes('figure=latent')", timeout=PATIENCE)
    state = json.loads(view.get_attribute("data-state"))
    there, _ = open_page(f"book/08_variational_autoencoder.html{page.evaluate('location.search')}")
    sent = json.loads(there.locator(".figure-place[data-name=latent] .explorer-view").get_attribute("data-state"))
    assert sent["z_base"] == pytest.approx(state["z_base"], abs=0.005)
    assert sent.pop("z_base") and state.pop("z_base")
    assert sent == pytest.approx(state)  # a slider's steps are no exact tenths


def test_the_picture_is_saved_on_the_page_s_ground_and_large_enough(open_page):
    for name, figure in ((PAGE, "ppf"), ("book/08_variational_autoencoder.html", "latent")):
        page, _ = open_page(name)
        with page.expect_download(timeout=PATIENCE) as download:
            page.locator(f".figure-place[data-name={figure}]").get_by_role("button", name="Save picture").click()
        assert download.value.suggested_filename == f"{figure}.png"
        picture = Image.open(io.BytesIO(download.value.path().read_bytes()))
        assert picture.width >= 300 and picture.getextrema()[3] == (255, 255)  # nothing of it is transparent
        assert len(picture.getcolors(10**6)) > 10


def test_undo_takes_one_stroke_back_by_button_and_by_key(open_page):
    page, watch = open_page("book/11_bigan.html")
    view = page.locator(".figure-place[data-view=pad] .explorer-view")

    def drawn():
        page.evaluate(TWO_FRAMES)
        state = json.loads(view.get_attribute("data-state"))
        return state["choice"], state["ink"]

    def stroke():
        for key in (" ", "ArrowRight", "ArrowRight", " ", "ArrowDown"):
            view.locator("canvas[role=application]").press(key)

    before = [drawn()]
    for _ in range(2):
        stroke()
        before.append(drawn())
    view.get_by_role("button", name="Clear").click()
    assert drawn() == (0, "") and len(set(before)) == 3
    for wanted in reversed(before):
        view.locator("canvas[role=application]").press("Control+z")
        assert drawn() == wanted
    view.get_by_role("button", name="Undo").click()
    assert drawn() == before[0] and watch.errors == []


def test_undo_gives_a_chosen_digit_back_that_was_drawn_on(open_page):
    page, watch = open_page("book/11_bigan.html")
    place = page.locator(".figure-place[data-view=pad]")
    pad, words = place.locator("canvas[role=application]"), place.locator("figcaption")
    menu = place.locator("select").first
    pad.press(" ")
    menu.focus()
    menu.select_option("a 3")
    pad.press("ArrowDown")  # the pen was lifted at the menu
    page.evaluate(TWO_FRAMES)
    assert "A 3 of the test set." in words.inner_text()
    pad.click(position={"x": 20, "y": 20})
    page.evaluate(TWO_FRAMES)
    assert "Your drawing, made " in words.inner_text() and menu.evaluate("menu => menu.value") == "your drawing"
    place.get_by_role("button", name="Undo").click()
    page.evaluate(TWO_FRAMES)
    assert "A 3 of the test set." in words.inner_text() and menu.evaluate("menu => menu.value") == "a 3"
    assert watch.errors == []
