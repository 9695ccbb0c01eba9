"""What a reader sees of the figures: words are whole and nothing covers them, controls can be seen and hit."""

import pytest
from conftest import AT_REST, NARROW, NARROWEST, TWO_FRAMES
from support import CHAPTERS

LAPTOP = {"width": 1366, "height": 768}
WITH_FIGURES = ["book/index.html", *(f"book/{chapter.stem}.html" for chapter in CHAPTERS)]
# Notes the words that a canvas shows: text, left, top, right, bottom in the page's pixels.
SPY = """() => {
  const brush = CanvasRenderingContext2D.prototype, { fillText, reset, drawImage, clearRect } = brush;
  const note = (canvas, words) => { canvas.words = [...canvas.words ?? [], ...words]; };
  const { get, set } = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width");
  Object.defineProperty(HTMLCanvasElement.prototype, "width", {
    get() { return get.call(this); },
    set(width) { this.words = []; set.call(this, width); },  // it empties a canvas, too
  });
  brush.reset = function () { this.canvas.words = []; reset.call(this); };
  brush.clearRect = function (x, y, width, height) {
    this.canvas.words = this.canvas.words?.filter(([, left, top, right, bottom]) => (
      left < x || top < y || right > x + width || bottom > y + height));
    clearRect.call(this, x, y, width, height);
  };
  brush.drawImage = function (image, ...places) {
    if (image.words) note(this.canvas, image.words);       // a layer that was drawn before
    drawImage.call(this, image, ...places);
  };
  brush.fillText = function (text, x, y, room = Infinity) {
    const size = this.measureText(text), map = this.getTransform(), narrowed = Math.min(1, room / size.width);
    const at = (dx, dy) => map.transformPoint(new DOMPoint(x + narrowed * dx, y + dy));
    const corners = [at(-size.actualBoundingBoxLeft, -size.actualBoundingBoxAscent),
                     at(size.actualBoundingBoxRight, size.actualBoundingBoxDescent)];
    const [xs, ys] = ["x", "y"].map((axis) => corners.map((corner) => corner[axis] / devicePixelRatio));
    note(this.canvas, [[text, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]]);
    fillText.apply(this, arguments);
  };
  document.documentElement.dataset.theme = "dark";         // all is drawn again
}"""
WORDS = """figure => [...figure.querySelectorAll("canvas")].map((canvas) => (
    [canvas.clientWidth, canvas.clientHeight, canvas.words ?? []]))"""
# A slider's handle, wherever it stands, and the name and number of the slider: left, top, right, bottom.
SLIDERS = """box => [...box.querySelectorAll(".widget-slider")].filter((row) => row.checkVisibility()).map((row) => {
  const track = row.querySelector(".noUi-target").getBoundingClientRect(), range = document.createRange();
  const handle = row.querySelector(".noUi-handle").getBoundingClientRect(), half = handle.width / 2;
  return [[track.left - half, handle.top, track.right + half, handle.bottom],
    ...[".widget-label", ".widget-readout"].map((part) => {
      range.selectNodeContents(row.querySelector(part));
      const { left, top, right, bottom } = range.getBoundingClientRect();
      return [left, top, right, bottom];
    })];
})"""
CONTROLS = """box => [...box.querySelectorAll("button, select, input, summary")].filter((one) => one.checkVisibility())
  .map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return [one.ariaLabel ?? one.textContent, left, top, right, bottom];
  })"""


def meet(one, other):
    """Whether two rectangles share more than half a pixel."""
    return all(min(one[k + 2], other[k + 2]) - max(one[k], other[k]) > 0.5 for k in (0, 1))


@pytest.mark.parametrize("viewport", [LAPTOP, NARROW, NARROWEST], ids=["laptop", "narrow", "narrowest"])
@pytest.mark.parametrize("name", WITH_FIGURES)
def test_words_are_whole_and_nothing_covers_another(open_page, name, viewport):
    page, _ = open_page(name, viewport)
    page.evaluate(SPY)
    page.evaluate(TWO_FRAMES)
    for box in page.locator(".explorer").all():
        for width, height, words in box.evaluate(WORDS):
            for k, (text, *place) in enumerate(words):
                assert place[0] > -1 and place[1] > -1 and place[2] < width + 1 and place[3] < height + 1, text
                assert [other for other, *there in words[:k] if meet(place, there)] == [], text
        for handle, *texts in box.evaluate(SLIDERS):
            assert not [text for text in texts if meet(handle, text)]
        controls = box.evaluate(CONTROLS)
        for k, (control, *place) in enumerate(controls):
            assert min(place[2] - place[0], place[3] - place[1]) >= 24, control
            assert [other for other, *there in controls[:k] if meet(place, there)] == [], control


def contrast(one, other):
    """Of two colours "rgb(r, g, b)", by the rule of WCAG."""
    lights = []
    for colour in (one, other):
        shares = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
        linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_handle_is_seen_on_the_page(open_page, theme):
    page, _ = open_page("book/index.html", color_scheme=theme)
    handle, ground = page.locator(".noUi-handle").first.evaluate("""handle => [
        getComputedStyle(handle).borderTopColor, getComputedStyle(document.body).backgroundColor]""")
    assert contrast(handle, ground) >= 3


def touch(page, places):
    """One finger, from one place to the next."""
    session = page.context.new_cdp_session(page)
    for k, (x, y) in enumerate(places):
        session.send("Input.dispatchTouchEvent", {"type": "touchMove" if k else "touchStart",
                                                  "touchPoints": [{"x": x, "y": y}]})
        page.evaluate(TWO_FRAMES)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.evaluate(TWO_FRAMES)


@pytest.mark.parametrize(("chapter", "view"), [("07_representation_learning", "bends"),
                                               ("10_generative_adversarial_networks", "duel")])
def test_a_finger_scrolls_past_a_figure_and_draws_on_it(open_page, chapter, view):
    page, _ = open_page(f"book/{chapter}.html", NARROW, has_touch=True, is_mobile=True)
    figure = page.locator(f".figure-place[data-name={view}] .explorer-view")
    canvas = figure.locator("canvas").first
    canvas.evaluate("canvas => canvas.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.evaluate(AT_REST)
    box, top, before = canvas.bounding_box(), page.evaluate("scrollY"), figure.get_attribute("data-state")
    x, y = box["x"] + 0.8 * box["width"], box["y"] + 0.4 * box["height"]  # beside all that can be held
    touch(page, [(x, y - 15 * k) for k in range(8)])
    assert page.evaluate("scrollY") > top + 50 and figure.get_attribute("data-state") == before
    y -= page.evaluate("scrollY") - top
    touch(page, [(x - 15 * k, y - k) for k in range(4)])
    assert figure.get_attribute("data-state") != before


@pytest.mark.parametrize("viewport", [LAPTOP, NARROW], ids=["laptop", "narrow"])
def test_a_pressed_button_is_as_wide_as_before(open_page, viewport):
    page, _ = open_page("book/02_percent_point_function.html", viewport)
    button = page.get_by_role("button", name="Equal steps of z")
    before = button.bounding_box()
    button.click()
    after = button.bounding_box()
    assert (after["width"], after["height"]) == (before["width"], before["height"])


def test_the_judge_is_asked_about_digits_alone(open_page):
    page, _ = open_page("book/07_representation_learning.html")
    asked = page.get_by_role("button", name="Ask the judge")
    assert [button.locator("xpath=ancestor::*[@data-name]").get_attribute("data-name") for button in asked.all()] == [
        "plane"]  # and not the tins
