"""FilmExplorer: what it refuses, what it shows, and the browser's numbers against Python's."""

import base64
import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import ROOT, browser_code, in_node

from helpers.figures import montage
from helpers.live.film import COLUMNS, GAP, FilmExplorer
from helpers.live.linker import linked

FRAMES = np.random.default_rng(0).integers(0, 256, (5, 13, 6, 4)).astype(np.uint8)
SEEN = [64, 320, 12_800, 64_000, 1_000_000]
MEASURES = {"distance": [400.0, 81.5, 12.34, 3.0, 0.45], "D on real": [0.9, 0.8, 0.7, 0.61, 0.6]}


@pytest.fixture
def explorer():
    return FilmExplorer(FRAMES, SEEN, MEASURES)


def test_it_begins_at_the_last_moment_and_tells_what_was_measured_then(explorer):
    assert explorer.state == {"frame": 4}
    assert explorer.values() == {"seen": 1_000_000, "distance": 0.45, "D on real": 0.6,
                                 "brightness": pytest.approx(FRAMES[4].mean() / 255)}
    assert explorer.values(frame=1)["distance"] == 81.5
    assert FilmExplorer(FRAMES, SEEN, MEASURES, frame=2).state == {"frame": 2}


def test_the_slider_reads_images_seen(explorer):
    slider = explorer.controls["frame"]
    assert [text for text, _ in slider.options] == ["64", "320", "12,800", "64,000", "1,000,000"]
    slider.index = 0
    assert explorer.values()["seen"] == 64


@pytest.mark.parametrize("frame", [0, 1, 4])
def test_the_still_picture_draws_and_the_repr_says_the_moment(frame):
    explorer, figure = FilmExplorer(FRAMES, SEEN, MEASURES, frame=frame), Figure(layout="constrained")
    explorer.draw(figure)
    assert len(figure.get_axes()) == 1 + len({frame, (frame + 4) // 2, 4})
    assert repr(explorer) == f"FilmExplorer(frame={frame})"


@pytest.mark.parametrize("change, message", [
    ({"frames": FRAMES.astype(float) / 255}, r"frames holds float64 .* np.round\(255"),
    ({"frames": FRAMES[0]}, r"shape \(13, 6, 4\)"),
    ({"frames": FRAMES[:1]}, "there are 1 frames"),
    ({"seen": SEEN[:4]}, r"there are 5 frames and seen has shape \(4,\)"),
    ({"seen": [1, 2, 3, 3, 4]}, "integers above 0 that increase"),
    ({"seen": [0, 1, 2, 3, 4]}, "integers above 0 that increase"),
    ({"seen": [1, 2, 3, 4, np.nan]}, "integers above 0 that increase"),
    ({"measures": {}}, "at least one"),
    ({"measures": {"seen": SEEN}}, "none of 'seen'"),
    ({"measures": {"distance": [1, 2]}}, r"'distance' holds \[1.0, 2.0\]; expected a finite number for each of the 5"),
    ({"measures": {"distance": [1, 2, 3, 4, np.inf]}}, "expected a finite number"),
    ({"measures": {"distance": [3, 2, 1, 0, 1]}}, "its curve needs numbers above 0"),
    ({"frame": 5}, "frame is 5, expected an integer from 0 to 4"),
])
def test_what_cannot_be_shown_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        FilmExplorer(**{"frames": FRAMES, "seen": SEEN, "measures": MEASURES} | change)


@pytest.mark.parametrize("change, message", [
    ({"measures": [1, 2, 3, 4, 5]}, "measures is a list; expected a mapping"),
    ({"frame": 1.0}, "frame is 1.0, expected an integer"),
])
def test_what_has_another_type_is_refused(change, message):
    with pytest.raises(TypeError, match=message):
        FilmExplorer(**{"frames": FRAMES, "seen": SEEN, "measures": MEASURES} | change)


# The browser


@pytest.fixture(scope="module")
def in_browser(tmp_path_factory):
    """The value of a JavaScript expression in the view's module, where the film's bytes are inflated."""
    view = FilmExplorer(FRAMES, SEEN, MEASURES).view
    state = {name: getattr(view, name) for name in ("shape", "seen", "names", "measures")}
    state["frames"] = base64.b64encode(view.frames).decode()
    path = tmp_path_factory.mktemp("film") / "state.json"
    path.write_text(json.dumps(state), encoding="utf-8")

    imports = (browser_code("film.js", "gridSize", "meanGrey", "momentOf", "placeOf", "powers", "tell") +
               browser_code("runtime/bytes.js", "inflate") + browser_code("runtime/text.js", "written"))

    def run(expression):
        code = (f"import {{ readFileSync }} from 'node:fs';\n{imports}"
                f"const given = JSON.parse(readFileSync({json.dumps(str(path))}));\n"
                "const film = await inflate(Buffer.from(given.frames, 'base64'));\n"
                "const { shape, seen, names, measures } = given;\n"
                f"console.log(JSON.stringify({expression}))")
        return in_node(code)

    return run


def test_the_browser_unpacks_the_same_pictures_and_their_brightness(in_browser, explorer):
    shown = in_browser("seen.map((_, k) => [[...momentOf(film, shape, k)], meanGrey(momentOf(film, shape, k))])")
    for frame, (pixels, brightness) in enumerate(shown):
        assert pixels == FRAMES[frame].ravel().tolist()
        assert brightness == pytest.approx(explorer.values(frame=frame)["brightness"], abs=1e-12)


def test_the_browser_lays_the_pictures_out_as_the_course_does(in_browser):
    sheet = montage(FRAMES[0] / 255, COLUMNS, GAP)
    places = in_browser("Array.from({ length: shape[1] }, (_, k) => placeOf(k, shape[2], shape[3]))")
    for picture, (left, top) in zip(FRAMES[0], places, strict=True):
        np.testing.assert_allclose(sheet[top : top + 6, left : left + 4], picture / 255, atol=1e-6)
    assert in_browser("gridSize(shape[1], shape[2], shape[3])") == list(sheet.shape[::-1])
    assert in_browser("gridSize(3, 6, 4)") == [3 * 4 + 2 * GAP, 6]


def test_the_browsers_sentence_says_when_and_how_far(in_browser):
    assert in_browser("tell(names, measures, seen[2], 2)") == (
        "After 12,800 pictures: distance 12.3, D on real 0.70.")


@pytest.mark.parametrize("number, text", [(0.456, "0.46"), (12.34, "12.3"), (10, "10.0"), (99.96, "100.0"),
                                          (100, "100"), (12_800, "12,800"), (1_000_000, "1,000,000"), (-3, "−3.00")])
def test_numbers_are_written_as_people_do(in_browser, number, text):
    assert in_browser(f"written({number})") == text


def test_the_curves_axis_has_powers_of_ten_or_its_two_ends(in_browser):
    assert in_browser("powers(-0.4, 2.6)") == [0, 1, 2]
    assert in_browser("powers(0.2, 0.9)") == [0.2, 0.9]


SAID = """async ([address, film]) => {
    const { default: view } = await import(address), box = document.body.appendChild(document.createElement("div"));
    const bytes = Uint8Array.from(atob(film.frames), (letter) => letter.charCodeAt(0)), calls = [];
    const el = document.createElement("div"), slider = document.createElement("div");
    box.className = "explorer";
    slider.role = "slider";
    box.append(slider, el);
    film.frames = new DataView(bytes.buffer);
    const model = { get: (trait) => film[trait], on: (_, call) => calls.push(call) };
    await view.render({ model, el });
    film.frame = 2;
    calls.forEach((call) => call());
    await new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
    return slider.ariaValueText;
}"""


def test_a_screen_reader_hears_how_many_pictures_a_stop_of_the_slider_stands_for(browser, explorer):
    code = base64.b64encode(linked(ROOT / "helpers" / "live" / "film.js").encode()).decode()
    film = {trait: getattr(explorer.view, trait) for trait in ("shape", "seen", "names", "measures", "frame", "label")}
    film["frames"] = base64.b64encode(explorer.view.frames).decode()
    page = browser.new_page()
    assert page.evaluate(SAID, [f"data:text/javascript;base64,{code}", film]) == "12,800 pictures painted"
    page.close()
