"""Chapter 8's network learns in the page: an epoch beside Keras's compiled loop, time to −145 nats, sliders meanwhile.

On the built site, in headless Chromium. An epoch is 4,000 digits in batches of 100, with the 1,000 held-out ones after
it and all that is drawn. Keras trains the chapter's `train_step` on the same digits, before and after the page. Times
need a quiet machine; the processor time that both took is told, too, and so are the sliders while nothing trains.
"""

import os
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "0",
               "TF_NUM_INTRAOP_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # as in the chapter

import numpy as np
from support import NOTEBOOKS, models_of

from benchmarks import pages
from benchmarks.targets import Row
from helpers.data import digits

PAGE, ENOUGH, N_EPOCHS = "book/08_variational_autoencoder.html", -145, 30

# Presses Play; gives the milliseconds at which each epoch was seen to end, and the ELBO of held-out digits then.
RUN = """([explorer, epochs]) => new Promise((done) => {
  const figure = explorer.querySelector(".explorer-view"), seen = [], start = performance.now();
  const look = () => {
    const { step } = JSON.parse(figure.dataset.state), told = JSON.parse(figure.dataset.values);
    const epoch = Math.floor(step / 40);
    if (epoch > seen.length) seen[epoch - 1] = [performance.now() - start, told.held_reconstruction - told.held_kl];
    if (epoch >= epochs) {
      explorer.querySelector(".play-button").click();
      done(Array.from(seen, (one) => one ?? null));
    } else requestAnimationFrame(look);
  };
  explorer.querySelector(".play-button").click();
  look();
})"""


def rows() -> tuple[list[Row], list[str]]:
    """The targets about training in the page, and how it went as lines of text."""
    names, ((x, _), _) = models_of(next(path for path in NOTEBOOKS if path.stem.startswith("08"))), digits()
    before, seen, worked, (alone, works), after = in_keras(names, x), *in_page(), in_keras(names, x)
    ends = [(epoch, *one) for epoch, one in enumerate(seen, 1) if one]
    spans = [(late[1] - early[1]) / (late[0] - early[0]) / 1e3 for early, late in pairwise(ends)]
    epoch, keras, keras_worked = statistics.median(spans), *map(statistics.median, zip(*before, *after, strict=True))
    reached = next((end[1] / 1e3 for end in ends if end[2] >= ENOUGH), float("inf"))
    slider, ratio = slowest(works), worked / keras_worked
    found = f"fastest {min(spans):.2f} s, slowest {max(spans):.2f} s; Keras {keras:.2f} s"
    work = f"of the processor's time {worked:.2f} s, Keras {keras_worked:.2f} s"
    last, meant = f"{ends[-1][2]:.1f} after epoch {ends[-1][0]}", f"{slowest(alone):.1f} ms while nothing trains"
    return [Row("learning_epoch", epoch, f"{found}; {work}"), Row("learning_keras", ratio, work),
            Row("learning_nats", reached, last), Row("learning_slider", slider, f"{len(works)} moves; {meant}")], [
        f"an epoch in the page: {epoch:.2f} s ({found})", f"{ratio:.1f} times Keras's: {work}",
        f"{ENOUGH} nats on held-out digits after {reached:.1f} s; {last}",
        f"slider meanwhile: {slider:.1f} ms; {meant}"]


def in_keras(names: dict, x: np.ndarray, n_epochs: int = 6) -> list[tuple[float, float]]:
    """Seconds, and the processor's, of each epoch of the chapter's own loop, but for the first, which compiles."""
    vae, rng, seconds = names["build_vae"](4), np.random.default_rng(0), []
    train_step = names["make_train_step"](vae, names["adam"](n_epochs * len(x) // names["BATCH_SIZE"]), 1.0)
    for _ in range(n_epochs):
        start, work = time.perf_counter(), time.process_time()
        for batch, noise in zip(*names["draw_batches"](vae, len(x), rng), strict=True):
            train_step(x[batch], noise)
        seconds.append((time.perf_counter() - start, time.process_time() - work))
    return seconds[1:]


def in_page() -> tuple[list, float, tuple[list[float], list[float]]]:
    """What `RUN` gives; the seconds of the processor that an epoch took all of the browser's processes; the work of
    each move of a slider, with the processor slowed four times, while nothing trains and during a run.
    """
    with pages.served(pages.SITE) as (browser, address):
        page, work = browser.new_context(viewport=pages.SCREENS[0]).new_page(), work_of(browser)
        page.goto(f"{address}/{PAGE}", wait_until="load")
        page.locator(".figure-place[data-view=digit_vae]").scroll_into_view_if_needed()
        box = page.locator(".figure-place[data-view=digit_vae] .explorer")
        box.locator(".explorer-view[data-values]").wait_for(timeout=120_000)
        explorer = box.element_handle()
        start = work()
        seen = page.evaluate(RUN, [explorer, N_EPOCHS])
        worked = (work() - start) / len(seen)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        alone = moves(page, explorer)
        box.locator(".play-button").click()
        return seen, worked, (alone, moves(page, explorer))


def work_of(browser: pages.Browser) -> Callable[[], float]:
    """What gives the processor's seconds that all processes of the browser have had."""
    session = browser.new_browser_cdp_session()
    return lambda: sum(one["cpuTime"] for one in session.send("SystemInfo.getProcessInfo")["processInfo"])


def moves(page: pages.Page, explorer) -> list[float]:
    """The work of each move of the first slider, in ms."""
    return [work for work, moved in page.evaluate(pages.MOVE, [explorer, 180, 36]) if moved]


def slowest(works: list[float]) -> float:
    """The 95th percentile."""
    return sorted(works)[int(0.95 * len(works))]
