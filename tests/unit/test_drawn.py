"""What each live figure draws and says as a reader moves it is what drawn/NAME.txt holds.

A person has looked at the figures; these files keep what was seen: for each canvas how often each of its methods was
called and a hash of what it was told. After a change that is meant, write them anew and look at the difference:
DRAWN=write pytest tests/unit/test_drawn.py
"""

import base64
import io
import os
from pathlib import Path

import numpy as np
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph
from support import ROOT

from helpers import live
from helpers.data import digits, pixel_faces, wrodl
from helpers.live import parts
from helpers.live.report import Measure
from helpers.networks import linear_map, shipped

KEPT = Path(__file__).with_name("drawn")
KEYS = "ArrowRight", "ArrowUp", "ArrowRight", "Enter", "ArrowDown", "ArrowLeft", " ", "Delete", "Home", "End"
A_TURN = """() => new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = go;
    port2.postMessage(0);
})"""
A_FRAME = "() => new Promise((go) => new ResizeObserver(go).observe(document.body))"
BODY = """<body style="color: rgb(20, 20, 20); width: 620px; margin: 10px"><div class="explorer"><div></div></div>"""


def plain_words():
    """A style in which words are as wide on every machine, whatever fonts it has: a font of one empty letter."""
    font, file = FontBuilder(1000, isTTF=True), io.BytesIO()
    font.setupGlyphOrder([".notdef", "letter"])
    font.setupCharacterMap(dict.fromkeys(range(32, 0x3000), "letter"))
    font.setupGlyf({".notdef": Glyph(), "letter": Glyph()})
    font.setupHorizontalMetrics({".notdef": (500, 0), "letter": (500, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Plain", "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    font.save(file)
    source = f"url(data:font/ttf;base64,{base64.b64encode(file.getvalue()).decode()})"
    return (f"@font-face {{ font-family: Plain; src: {source}; }}"
            "* { font: 13px/16px Plain !important; }")


def noise(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def a_report():
    names, rng = ["Gaussians", "mixtures", "autoencoder", "VAE", "BiGAN", "labelled GAN"], np.random.default_rng(0)
    lines = {name: {"distance": 10 ** rng.uniform(-1, 1), "distance sd": 0.1, "coverage": rng.random(),
                    "density": rng.uniform(0.5, 1.5)} for name in names}
    lines["autoencoder"].pop("coverage")
    return live.ReportExplorer(lines, {name: rng.random((20, 28, 28)) for name in names}, {
        "distance": Measure("distance", "low", True, 0.06), "coverage": Measure("coverage", "high", real=0.95),
        "density": Measure("density", "one")})


def a_walk():
    reader = type("Reader", (), {"coef_": noise(10, 784) / 28, "intercept_": np.zeros(10)})
    return live.WalkExplorer(shipped.load("digit_vae_decoder.npz"), *noise(2, 10, 16), reader)


def a_film():
    frames = np.random.default_rng(0).integers(0, 256, (5, 13, 28, 28)).astype(np.uint8)
    return live.FilmExplorer(frames, [64, 320, 12_800, 64_000, 1_000_000], {
        "distance": [400.0, 81.5, 12.34, 3.0, 0.45], "D on real": [0.9, 0.8, 0.7, 0.61, 0.6]}, frame=2)


def a_pad():
    vae = [shipped.load(f"digit_vae_{part}.npz") for part in ("encoder", "decoder")]
    bigan = [shipped.load(f"bigan_{part}.npz") for part in ("encoder", "generator")]
    (x, y), _ = digits()
    return live.PadExplorer({"VAE": vae, "BiGAN": bigan}, np.stack([x[y == k][0] for k in range(10)]))


def a_plane():
    dots = shipped.load("digit_vae_plane_codes.npz")
    return live.PlaneExplorer(shipped.load("digit_vae_plane_decoder.npz"), dots["codes"][:300], dots["labels"][:300],
                              limit=4.5, circles=(1, 2))


def a_digit():
    return live.LatentExplorer(shipped.load("digit_vae_asked_decoder.npz"), menu="Digit", choice=7,
                               conditions={str(k): np.eye(10)[k] for k in range(10)})


def a_tin():
    maps = {name: linear_map(np.full(784, 0.5), noise(2, 784, seed=k), (28, 28), clip=(0, 1))
            for k, name in enumerate(("one", "two"))}
    return live.LatentExplorer(maps, limit=1.7, menu="Axes", of_digits=False)


FIGURES = {
    "bells": live.BellsExplorer,
    "bends": lambda: live.BendsExplorer(np.sin(np.linspace(-4, 4, 41)).round(2)),
    "box": lambda: live.BoxExplorer(20 * noise(20, 2), 30 * noise(9, 2, seed=1),
                                    np.random.default_rng(2).random((30, 2))),
    "carry": live.CarryExplorer,
    "digit_flow": lambda: live.DigitFlowExplorer(
        shipped.load("digit_flow.npz"), shipped.load("digit_vae_decoder.npz"), **shipped.load("digit_flow_codes.npz"),
        start=noise(16)),
    "digit_vae": live.DigitVaeExplorer,
    "digit_vae-two": lambda: live.DigitVaeExplorer(2),
    "dress": lambda: live.DressExplorer(wrodl()),
    "duel": live.DuelExplorer,
    "em": lambda: live.EmExplorer(noise(40, 2).clip(-3, 3)),
    "film": a_film,
    "flow": lambda: live.FlowExplorer(shipped.load("ring_flow.npz"), noise(50, 2), 2 * noise(8, 2, seed=1), radius=0.3),
    "latent": a_digit,
    "latent-tin": a_tin,
    "pad": a_pad,
    "pixels": lambda: live.PixelExplorer(pixel_faces().pixels[:200], pixel_faces().palette, 0.1, row=30),
    "plane": a_plane,
    "ppf": lambda: live.PpfExplorer(200, 40),
    "report": a_report,
    "styles": lambda: live.StyleExplorer(wrodl()),
    "walk": a_walk,
}


def packed(explorer):
    """The traits of a figure's view as JSON has them, its bytes as base64."""
    traits = {name: value for name, value in explorer.view.get_state().items()
              if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")}
    return {name: {"bytes": base64.b64encode(value).decode()} if isinstance(value, (bytes, memoryview)) else value
            for name, value in traits.items()}


def positions(control, k):
    """Some values of the k-th control, in the browser's form."""
    if hasattr(control, "index"):
        last = len(control.options) - 1
        return [last, 0, last // 2]
    if isinstance(control.value, bool):
        return [not control.value]
    between = control.min + (0.3 + k / 10 % 0.6) * (control.max - control.min)
    return [control.max, control.min, round(between, 2 if isinstance(control.value, float) else None)]


def settle(page):
    """Let the figure draw, and what it waits for come; the page's clock goes on by a fixed time."""
    page.evaluate(A_FRAME)
    for _ in range(12):
        page.clock.run_for(20)
        page.evaluate(A_TURN)
    while "on the way" in page.evaluate("watch.seen().join()"):
        page.clock.run_for(10)


def story(browser, explorer):
    """What a reader may do with a figure, and after each what is seen: a list of texts."""
    page = browser.new_page(viewport={"width": 660, "height": 900}, reduced_motion="reduce")
    told, before = [], []
    address = f"data:text/javascript;base64,{base64.b64encode(explorer.view._esm.encode()).decode()}"

    def note(action):
        nonlocal before
        settle(page)
        seen = page.evaluate("watch.seen()")
        told.append("\n".join([f"## {action}", *(line for line in seen if line not in before)]))
        before = seen

    def do(action, code, *given):
        page.evaluate(code, list(given))
        note(action)

    def press_all():
        pressed = {"", "Play" if explorer.view.has_trait("latents") else ""}  # a digit_vae takes its time
        while left := [text for text in page.evaluate("watch.buttons()") if text not in pressed]:
            pressed.add(left[0])
            if left[0] == "Keep as A":
                pressed.remove("Draw a random z")  # so that B is elsewhere
            do(f"press {left[0]}", "given => watch.press(...given)", left[0])

    page.clock.install(time=0)
    page.set_content(BODY)
    page.add_style_tag(path=ROOT / "helpers" / "live" / "live.css")
    page.add_style_tag(content=plain_words())
    page.evaluate("document.fonts.load('13px Plain')")
    page.expose_function("bring", lambda part: base64.b64encode(parts.part(part)).decode())
    page.clock.pause_at(1000)
    page.evaluate((KEPT / "watch.js").read_text("utf-8"))
    do("shown", "given => watch.show(...given)", address, packed(explorer))
    press_all()
    for k, values in enumerate(page.evaluate("watch.menus()")):
        for value in values:
            do(f"menu {k}: {value}", "given => watch.choose(...given)", k, value)
            do("press the second picture", "() => watch.press_picture()")
    for k, (trait, control) in enumerate(explorer.controls.items()):
        for value in positions(control, k):
            do(f"{trait} = {value}", "given => watch.set(...given)", trait, value)
    press_all()
    for k, takes_keys in enumerate(page.evaluate("watch.canvases()")):
        for key in KEYS if takes_keys else ():
            do(f"{key} on canvas {k}", "given => watch.key(...given)", k, key)
        page.evaluate("watch.blur()")
        by_kind = {}
        for kind, *place in page.evaluate("k => watch.cursors(k)", k):
            by_kind.setdefault(kind or "none", []).append(place)
        note(f"cursors over canvas {k}: {', '.join(f'{kind} {len(found)}' for kind, found in by_kind.items())}")
        for kind, found in by_kind.items():
            for x, y in dict.fromkeys(map(tuple, (found[0], found[len(found) // 2], found[-1]))):
                for step, (event, place) in enumerate((("pointerdown", (x, y)), ("pointermove", (x + 31, y + 9)),
                                                       ("pointermove", (x + 40, y - 25)), ("pointerup", (x, y)))):
                    page.evaluate("given => watch.point(...given)", [k, event, place])
                    if step < 2:
                        note(f"{('pressed at', 'on its way from')[step]} {x}, {y} ({kind})")
                note(f"let go, from {x}, {y} ({kind})")
    page.set_viewport_size({"width": 360, "height": 700})
    do("narrow", "() => { document.body.style.width = '330px'; }")
    do("dark", "() => { document.body.style.color = 'white'; document.documentElement.dataset.theme = 'dark'; }")
    page.close()
    return told


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_draws_and_says_what_it_did_when_it_was_looked_at(browser, name):
    kept, told = KEPT / f"{name}.txt", story(browser, FIGURES[name]())
    if os.environ.get("DRAWN") == "write":
        kept.write_text("\n\n".join(told) + "\n", encoding="utf-8")
    assert told == kept.read_text("utf-8").rstrip("\n").split("\n\n")
