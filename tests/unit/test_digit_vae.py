"""Chapter 8's figure that learns: its program against the same run in NumPy, and what its orders do."""

import base64
import json
import re
import zlib

import numpy as np
import pytest
from matplotlib.figure import Figure
from support import NOTEBOOKS, ROOT, cells_of, in_node

from helpers.data import digits
from helpers.live import DigitVaeExplorer, parts
from helpers.live.digit_vae import RATES
from helpers.live.vae_twin import Noise, Run

CHAPTER = next(path for path in NOTEBOOKS if path.stem.startswith("08"))
PROGRAM = (ROOT / "helpers" / "live" / "programs" / "digit_vae.js").as_uri()


def train(code: str):
    """What JavaScript prints that gives orders to the program as a page does, where it has no worker."""
    packed = base64.b64encode(parts.part("digits")).decode()
    return in_node(f"""
        import {{ inflateSync }} from "node:zlib";
        const {{ default: serve }} = await import({json.dumps(PROGRAM)});
        const {{ port1, port2 }} = new MessageChannel();
        serve(port2);
        let heard = null;
        port1.onmessage = ({{ data }}) => {{ heard?.(data); port1.postMessage(["heard"]); }};
        const order = (...order) => port1.postMessage(order);
        const next = () => new Promise((resolve) => {{ heard = resolve; }});
        const ask = async (...words) => {{ order(...words); return next(); }};
        const until = async (holds) => {{ let said; do said = await next(); while (!holds(said)); return said; }};
        order("data", {{ digits: inflateSync(Buffer.from("{packed}", "base64")) }});
        const settings = {{ latent: 2, beta: 1, rate: 0.005, seed: 7, epochs: 2, z: [1, -1] }};
        const begin = (changes = {{}}) => ask("begin", {{ run: 1, settings: {{ ...settings, ...changes }} }});
        const tell = (value) => console.log(JSON.stringify(value, (_, v) => (ArrayBuffer.isView(v) ? [...v] : v)));
        {code}
        process.stdout.write("", () => process.exit());  // the program waits for orders, and Node with it""")


def terms(found: dict) -> list[float]:
    return [found["reconstruction"], found["kl"]]


@pytest.fixture(scope="module")
def fifty():
    """A run of 50 steps in one go, and in pieces; one of another seed."""
    return train("""
        await begin();
        const whole = await ask("step", 50);
        await begin();
        order("play");
        const first = await until(({ step }) => step > 0);
        order("pause");
        const { step: at } = first.running ? await until(({ running }) => !running) : first;
        for (let k = at; k < 49; k++) order("step", 1);
        if (at < 49) await until(({ step }) => step === 49);
        const pieces = await ask("step", 1);
        await begin({ seed: 8 });
        tell([whole, at, pieces, await ask("step", 50)]);""")


def test_fifty_steps_are_those_of_numpy_from_the_same_seed(fifty):
    told, run = fifty[0]["told"], Run(2, 1.0, 0.005, 7)
    for _ in range(50):
        run.step()
    np.testing.assert_allclose(terms(told["last"]), run.last, rtol=2e-3)
    np.testing.assert_allclose(terms(told["held"]), run.held, rtol=1e-3)
    draws = np.array(told["draws"]).reshape(50, 784) / 255
    assert abs(draws - run.decode(run.points)).max() < 0.02
    assert abs(np.array(told["picture"]) / 255 - run.decode([[1, -1]])[0]).max() < 0.02


def test_pause_and_single_steps_lose_nothing_and_another_seed_is_another_run(fifty):
    whole, at, pieces, other = fifty
    if at < 50:  # a fast machine may have gone further before it heard of the pause
        assert pieces["told"] == whole["told"] and pieces["step"] == 50
    assert other["told"]["held"] != whole["told"]["held"]


def test_without_webassembly_the_run_is_the_same(fifty):
    slow = train("""
        globalThis.WebAssembly = undefined;
        await begin();
        tell(await ask("step", 50));""")
    assert slow["told"] == fifty[0]["told"]


def test_a_rate_that_is_too_high_is_said_and_a_new_start_helps():
    failed, again = train("""
        await begin({ rate: 1e6 });
        const failed = await ask("step", 50);
        tell([failed, await begin()]);""")
    assert "the loss is not a number any more: the rate 1000000 is too high" in failed["error"]
    assert again["step"] == 0 and np.isfinite(terms(again["told"]["held"])).all()


def test_it_ends_after_its_epochs_and_goes_no_further():
    end, after = train("""
        await begin();
        const end = await ask("step", 100);
        tell([end, await ask("step", 3)]);""")
    assert (end["finished"], end["step"], after["step"]) == (True, 80, 80)
    assert len(end["told"]["epochs"]) == 2


def test_the_gradients_are_the_slopes_of_the_loss():
    run = Run(2, 3.0, 0.005, 1)
    run.weights = [w.astype(float) for w in run.weights]
    x, noise = run._x[:20].astype(float), Noise(2).normals((20, 2)).astype(float)

    def loss():
        (reconstruction, kl), passed = run._forward(x, noise)
        return 3.0 * kl - reconstruction, passed

    gradients = run._gradients(x, noise, *loss()[1])
    for w, g in zip(run.weights, gradients, strict=True):
        place = np.unravel_index(abs(g).argmax(), g.shape)
        kept, high, low = w[place], *(w.__setitem__(place, w[place] + off) or loss()[0] for off in (1e-5, -2e-5))
        w[place] = kept
        assert (high - low) / 2e-5 == pytest.approx(g[place], rel=1e-3)


def test_the_packed_digits_are_the_courses():
    (x_train, y_train), (x_test, y_test) = digits()
    numbers = np.frombuffer(zlib.decompress(parts.part("digits")), np.uint8)
    np.testing.assert_array_equal(numbers[:-5000].reshape(5000, 28, 28), np.round(255 * np.append(x_train, x_test, 0)))
    np.testing.assert_array_equal(numbers[-5000:], np.append(y_train, y_test))


def test_a_part_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no part is called 'secret'; the known parts are digits, judge, encoder"):
        parts.part("secret")


def test_the_widget_answers_the_browser_with_a_part():
    view, sent = DigitVaeExplorer().view, []
    view.send = lambda content, buffers=None: sent.append((content, buffers))
    view._answer(view, {"bring": "digits"}, [])
    assert sent == [({"part": "digits"}, [parts.part("digits")])]


def test_its_still_picture_shows_what_it_draws():
    figure = Figure()
    DigitVaeExplorer(2).draw(figure)
    titles = [ax.get_title() for ax in figure.axes]
    assert titles[0].startswith("0 epochs: ELBO -54") and float(titles[2].split()[3]) > -185


@pytest.mark.parametrize("change, words", [
    ({"latent_dim": 3}, "latent numbers is 3; expected one of 2, 4, 16"), ({"beta": 0.5}, "β is 0.5; expected one of"),
    ({"rate": True}, "rate is True; expected one of"), ({"seed": -1}, "seed")])
def test_what_the_figure_does_not_offer_is_refused(change, words):
    with pytest.raises((ValueError, TypeError), match=words):
        DigitVaeExplorer(**change)


def test_its_dials_are_where_they_are_asked_to_be():
    assert DigitVaeExplorer(16, 784, RATES[0]).state | {"z0": 0} == {
        "latent": 2, "beta": 4, "rate": 0, "z0": 0, "z1": 0.0, "z2": 0.0, "z3": 0.0}


def test_what_we_saw_is_what_the_figure_shows():
    text = next(cell.source for cell in cells_of(CHAPTER, "markdown") if "draw ahead, by" in cell.source)
    said = {int(epoch): float(nats.replace("−", "-")) for nats, epoch in
            re.findall(r"(−\d+) nats after (?:epoch )?(\d+)", text)}
    lead = float(re.search(r"by (\d) nats", text)[1])
    epochs = train(f"""
        await begin({{ latent: 4, seed: 0, z: [0, 0, 0, 0], epochs: {max(said)} }});
        tell((await ask("step", {40 * max(said)})).told.epochs);""")
    shown = [np.subtract(*terms(epoch["held"])) for epoch in epochs]
    assert len(said) == 3 and said == pytest.approx({epoch: shown[epoch - 1] for epoch in said}, abs=1)
    assert lead == pytest.approx(np.subtract(*terms(epochs[-1]["learned"])) - shown[-1], abs=0.9)
