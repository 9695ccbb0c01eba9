"""The landing page, what helps to find one's way, and what a stranger's browser shows of a page."""

import functools
import itertools
import json
import re

import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import PAGES, SITE, TWO_FRAMES
from support import CHAPTERS, ROOT
from test_site import agrees, press

from helpers.judge import digits as judge

LANDING = "book/index.html"
SOURCE = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
INSTRUCTORS = (ROOT / "book" / "appendix" / "instructors.md").read_text(encoding="utf-8")
SCREENS = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]


@functools.lru_cache(maxsize=3)  # the tests go from page to page, and a page is large
def soup(name):
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(scope="module")
def digit():
    """The live figure of the landing page, as Python makes it."""
    names: dict = {}
    exec(re.search(r"^:mystnb:.*?\n(.*?)^```", SOURCE, re.MULTILINE | re.DOTALL)[1], names)
    return names["digit"]


@pytest.mark.parametrize("viewport", SCREENS, ids=["wide", "narrow"])
def test_a_live_digit_and_its_sliders_stand_on_the_first_screen(open_page, viewport):
    page, _ = open_page(LANDING, viewport)
    for part in (".explorer-view canvas", ".explorer select >> nth=0", ".explorer [role=slider] >> nth=1"):
        box = page.locator(part).bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= viewport["height"]


def test_the_sliders_draw_what_python_computes(open_page, digit):
    page, watch = open_page(LANDING)
    figure = page.locator(".explorer-view")
    agrees(figure, digit)
    for handle in page.locator(".explorer [role=slider]").all():
        assert any([press(page, figure, handle, key) for key in ("ArrowRight", "ArrowRight", "ArrowLeft")])
        agrees(figure, digit)
    page.get_by_role("button", name="Draw a random z").press("Enter")
    page.evaluate(TWO_FRAMES)
    agrees(figure, digit)
    assert watch.errors == []


def test_each_digit_that_is_asked_for_is_one_at_the_middle_and_nearly_everywhere(digit):
    """What stands at z = 0, where a button leads, and at 100 random z of each, read by the judge."""
    z = np.random.default_rng(0).normal(size=(101, 2)).clip(-3, 3)
    z[0] = 0
    read = [judge.predict(np.array([digit.decode(z0=a, z1=b, choice=k) for a, b in z])) == k for k in range(10)]
    assert np.all([row[0] for row in read]) and np.mean(read) >= 0.98


def test_without_javascript_the_digits_and_the_map_are_there(open_page):
    page, _ = open_page(LANDING, java_script_enabled=False)
    assert page.locator("noscript img").is_visible()
    assert page.locator(".course-map svg").count() == len(CHAPTERS)


def test_nothing_jumps_while_the_page_loads(open_page):
    for viewport in SCREENS:
        page, _ = open_page(LANDING, viewport)
        shift = page.evaluate("""() => new Promise((done) => new PerformanceObserver((list) => done(
            list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe(
            {type: "layout-shift", buffered: true}) ?? setTimeout(() => done(0), 500))""")
        assert shift <= 0.05


def test_the_map_shows_every_chapter_with_its_title_and_minutes():
    cards = soup(LANDING).select(".course-map li")
    assert len(cards) == len(CHAPTERS)
    for card, chapter in zip(cards, CHAPTERS, strict=True):
        page = soup(f"book/{chapter.stem}.html")
        assert card.a["href"] == f"{chapter.stem}.html" and page.select_one("article h1").contents[1] == card.a.text
        cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
        minutes = re.search(r"(\d+) minutes to read", "".join("".join(cell["source"]) for cell in cells))[1]
        assert f"{minutes} min" in card.text, f"index.md should say of {chapter.stem}: {minutes} min"


def test_the_map_and_the_instructors_page_name_the_same_prerequisites():
    table = re.findall(r"^\| (\d+) .*\| (.*?) ?\|$", INSTRUCTORS.split("## What a chapter needs")[1], re.MULTILINE)
    said = [card.select("p")[-1].text.partition("after ")[2] for card in soup(LANDING).select(".course-map li")]
    assert said == [needs.replace(", ", " and ").strip() for _, needs in table][: len(said)]


def test_each_page_has_a_title_and_a_description_of_its_own():
    pages = [soup(name) for name in PAGES]
    titles = [page.title.text for page in pages]
    descriptions = [page.select_one("meta[name=description]")["content"] for page in pages]
    assert len(set(titles)) == len(set(descriptions)) == len(PAGES)
    assert all(30 <= len(text) <= 262 for text in descriptions), [d for d in descriptions if not 30 <= len(d) <= 262]


def test_previous_and_next_follow_the_table_of_contents():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    order = [toc["root"], *(entry["file"] for part in toc["parts"] for entry in part["chapters"])]
    for name, after in itertools.pairwise(order):
        assert (SITE / name).parent.joinpath(soup(f"{name}.html").select_one("a.right-next")["href"]).resolve() \
            == (SITE / f"{after}.html").resolve()
        assert soup(f"{after}.html").select_one("a.left-prev")


def test_the_search_finds_words_of_chapters(open_page):
    for words, chapter in (("reparameterisation", "08"), ("percent point function", "02"), ("confetti", "06"),
                           ("ELBO", "08"), ("mode collapse", "10")):
        page, watch = open_page(LANDING)
        page.keyboard.press("Control+k")
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=*")
        page.locator("#search-results li a").first.wait_for()
        page.get_by_text(re.compile("Search finished")).wait_for()
        links = page.locator("#search-results li a").evaluate_all("all => all.map(link => link.href)")
        assert any(f"/book/{chapter}_" in link for link in links), (words, links)
        if words in ("ELBO", "mode collapse"):
            assert f"/book/{chapter}_" in links[0], "the chapter that names the word in a heading comes first"
        assert "\\" not in page.locator("#search-results").inner_text(), "a formula's source among the results"
        assert watch.errors == []


def test_a_wrong_address_gets_the_sites_own_page_with_its_styles(open_page):
    page, watch = open_page("book/appendix/no/such/page.html")
    assert page.locator("article h1").inner_text() == "There is no such page"
    assert [url for url in watch.failed if "no/such/page" not in url] == [] == watch.off_site
    page.get_by_role("link", name="Start where the book begins").click()
    page.wait_for_url("**/book/index.html")
