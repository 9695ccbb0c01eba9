"""Figures where the processor is ten times slower: alive without an error, one after the other.

Here the three heaviest pages; SLOW=all (`make rehearse WHICH=slow`) tries every page that has figures.
"""

import os

import pytest
from conftest import PAGES, SITE, Watch, wait_for_figures

LANDING = "book/index.html"
ALL = [name for name in PAGES if 'class="figure-place"' in (SITE / name).read_text(encoding="utf-8")]
HEAVIEST = [name for name in ALL if name[5:7] in ("08", "10", "11")]
COUNT_BEGUN = """globalThis.begun = 0;
new MutationObserver(() => {
  const empty = document.querySelectorAll(".widget-subarea:empty").length;
  begun = Math.max(begun, empty);
}).observe(document, { childList: true, subtree: true });"""
NEVER_IDLE = """(function draw() {
  const begun = performance.now();
  while (performance.now() - begun < 25);  // milliseconds: longer than a frame
  document.documentElement.dataset.drawn = begun;
  requestAnimationFrame(draw);
})();"""
WAIT_LONG = "globalThis.requestIdleCallback = (call) => setTimeout(call, 2500);"


@pytest.mark.parametrize("name", ALL if os.environ.get("SLOW") == "all" else HEAVIEST)
def test_ten_times_slower_the_figures_come_one_after_the_other(browser, site_url, name):
    page, watch = browser.new_page(), Watch()
    watch.attach(page, site_url)
    page.add_init_script(COUNT_BEGUN)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 10})
    page.goto(f"{site_url}/{name}", timeout=120_000)
    wait_for_figures(page)
    assert (watch.errors, page.locator("[role=alert]").count()) == ([], 0)
    assert page.evaluate("begun") == 1
    page.close()


def test_a_figure_may_take_longer_than_the_two_seconds_that_anywidget_allows(browser, site_url):
    """The site runs the views itself (tools/widgets.js); in Jupyter anywidget gives up what is not ready by then."""
    page, watch = browser.new_page(), Watch()
    watch.attach(page, site_url)
    page.add_init_script(WAIT_LONG)
    page.goto(f"{site_url}/{LANDING}")
    wait_for_figures(page)
    assert (watch.errors, page.locator("[role=alert]").count()) == ([], 0)
    page.close()


def test_figures_come_where_the_browser_is_never_idle(browser, site_url):
    page = browser.new_page()
    page.goto(f"{site_url}/{HEAVIEST[0]}", wait_until="commit")
    page.evaluate(NEVER_IDLE)
    place = page.locator(".figure-place").first
    place.scroll_into_view_if_needed()
    place.locator(".explorer-view[data-values]").wait_for()
    page.close()
