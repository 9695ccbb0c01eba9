"""What a page costs before it can be read, and that it asks for no more until its reader does: no clock in here."""

import gzip
import re

import pytest
from bs4 import BeautifulSoup
from conftest import NARROW, PAGES, PATIENCE, SITE, WIDE, wait_for_figures, wait_until_it_stays
from PIL import Image
from support import CHAPTERS

TEXT = (".html", ".js", ".css", ".svg")
FIRST_PAINT, FIRST_LOAD = 130_000, 500_000  # bytes, as a server sends them
LANDING = "book/index.html"
TOPS = "() => [...document.querySelectorAll('article :is(p, h2, h3)')].map(part => part.getBoundingClientRect().top)"
IS_STILL = f"""() => {{
  const [before, now] = [globalThis.tops, String(({TOPS})())];
  globalThis.tops = now;
  return before === now;
}}"""
IS_WHERE_IT_WAS = f"""([k, before]) => Math.abs(({TOPS})()[k] - before) <= 5
  && [...document.querySelectorAll(".figure-place")].every((place) => {{
    const {{ top, bottom }} = place.getBoundingClientRect();
    return bottom < -600 || top > innerHeight + 600 || place.querySelector(".explorer-view[data-values]");
  }})"""


def sent(name: str) -> int:
    """The bytes of a file of the site, compressed where a server would."""
    body = (SITE / name).read_bytes()
    return len(gzip.compress(body, 6)) if name.endswith(TEXT) else len(body)


def asked(page, name, site_url):
    """The files of the site that an untouched page asks for, and whether a figure is near, which then comes."""
    files = []
    page.on("request", lambda request: files.append(request.url.removeprefix(f"{site_url}/").partition("?")[0]))
    page.goto(f"{site_url}/{name}", wait_until="networkidle")
    tops = [place.bounding_box()["y"] for place in page.locator(".figure-place").all()]
    near = any(top < page.viewport_size["height"] + 600 for top in tops)
    if near:
        page.locator(".explorer-view[data-values]").first.wait_for(timeout=PATIENCE)
    return [file for file in dict.fromkeys(files) if not file.startswith("data:")], near


@pytest.mark.parametrize("name", PAGES)
def test_nothing_but_the_text_and_one_sheet_stands_before_the_first_paint(name):
    soup = BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")
    sheets = [link["href"].partition("?")[0] for link in soup.select("link[rel=stylesheet]")]
    assert [sheet.rpartition("/")[2] for sheet in sheets] == ["site.css"]
    assert [tag["src"] for tag in soup.select("script[src]") if not tag.has_attr("defer")] == []
    assert sent(name) + sent("_static/site.css") <= FIRST_PAINT
    assert "@import" not in (SITE / "_static" / "site.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", PAGES)
def test_a_first_load_is_small_and_brings_no_figure_that_nobody_is_near(browser, site_url, name, viewport):
    page = browser.new_page(viewport=viewport)
    files, near = asked(page, name, site_url)
    assert sum(map(sent, files)) <= FIRST_LOAD
    assert any(file.startswith(("figures/", "vendor/widgets")) for file in files) == near
    assert [file for file in files if file.endswith((".ttf", ".woff2"))] == []  # whole fonts
    page.close()


@pytest.mark.parametrize("name", [*PAGES, "search.html", "404.html"])
def test_no_page_breaks_its_own_policy_and_none_asks_anyone_else(open_page, name):
    page, watch = open_page(name)
    for button in page.locator(".article-header-buttons button:visible").all():
        button.dispatch_event("click")  # full screen, colours, downloads, contents: each has its handler
    assert [error for error in watch.errors if "Content Security Policy" in error] == []
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "connect-src 'self';" in policy and "https:" not in policy and "'unsafe-eval'" not in policy


def test_a_script_that_slips_into_a_page_does_not_run(browser, site_url):
    page, address = browser.new_page(), f"{site_url}/{LANDING}"
    page.route(address, lambda route: route.fulfill(
        body=route.fetch().text().replace("</body>", "<script>window.slipped = true</script></body>"),
        content_type="text/html"))
    page.goto(address)
    assert page.evaluate("window.slipped") is None
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_pictures_have_their_sizes_and_all_but_the_first_wait(name):
    soup = BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")
    pictures = [tag for tag in soup.select("article img") if "_images/" in tag["src"]]
    for tag in pictures:
        path = (SITE / name).parent / tag["src"]
        if path.suffix == ".svg":
            assert f'width="{tag["width"]}" height="{tag["height"]}"' in path.read_text(encoding="utf-8")
            continue
        with Image.open(path) as picture:
            assert picture.size == (int(tag["width"]), int(tag["height"]))
        assert path.suffix == ".webp" or path.stat().st_size <= path.with_suffix(".webp").stat().st_size
    seen = [tag for tag in pictures if not tag.find_parent("noscript")]
    assert [tag.get("loading") for tag in seen] == [None, *["lazy"] * (len(seen) - 1)][: len(seen)]


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_page_that_is_loaded_again_stays_where_it_was(browser, site_url, chapter, viewport):
    page = browser.new_page(viewport=viewport)
    page.goto(f"{site_url}/book/{chapter.stem}.html")
    wait_for_figures(page)
    for share in (0.4, 0.9):
        page.evaluate("share => scrollTo({top: share * document.documentElement.scrollHeight, behavior: 'instant'})",
                      share)
        wait_until_it_stays(page, IS_STILL)
        before = page.evaluate(TOPS)
        k = min(range(len(before)), key=lambda k: abs(before[k] - 300))
        page.reload()
        wait_until_it_stays(page, IS_WHERE_IT_WAS, [k, before[k]])
    page.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.stem)
def test_a_figure_takes_the_room_that_was_kept_for_it(browser, site_url, chapter, viewport):
    page = browser.new_page(viewport=viewport)
    page.goto(f"{site_url}/book/{chapter.stem}.html")
    read = ("() => [...document.querySelectorAll('.figure-place')]"
            ".map(place => (place.firstChild ?? place).offsetHeight)")
    kept = page.evaluate(read)
    wait_for_figures(page)
    for before, after in zip(kept, page.evaluate(read), strict=True):
        assert before > 0 and abs(after - before) <= 0.15 * before, "book/_static/course.css: .figure-place"
    page.close()


def test_a_page_says_nothing_of_a_version_that_is_not_its_own():
    """A file that pages share has a name with its content's hash: a cache never gives an old one to a new page."""
    for name in PAGES:
        page = (SITE / name).read_text(encoding="utf-8")
        found = re.findall(r'="(?:\.\./)*((?:_static/site\.\w+|vendor/\w+\.js)[^"]*)"', page)
        for address in " ".join(found).split():
            assert re.fullmatch(r"[\w/.]+\?v=[0-9a-f]{8}", address)
