"""The form on the instructors' page writes the link that nbgitpuller reads."""

from urllib.parse import parse_qs, urlsplit

import pytest
from support import CHAPTERS, ROOT

PAGE = "book/appendix/instructors.html"
REPOSITORY = "https://github.com/teacher/course"


def test_the_form_writes_the_link(open_page):
    page, watch = open_page(PAGE)
    page.get_by_label("The hub's address").fill("https://hub.example.org/")
    page.get_by_label("The repository's address").fill(f"{REPOSITORY}.git")
    page.get_by_label("Branch").fill("spring 2027")
    page.get_by_label("Opens").select_option(index=2)
    link = urlsplit(page.locator("#hub-link output a").get_attribute("href"))
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://hub.example.org/hub/user-redirect/git-pull"
    chapter = CHAPTERS[2].relative_to(ROOT).as_posix()
    assert parse_qs(link.query) == {"repo": [f"{REPOSITORY}.git"], "branch": ["spring 2027"],
                                    "urlpath": [f"lab/tree/course/{chapter}"]}
    assert watch.errors == []


def test_the_form_offers_every_chapter(open_page):
    page, _ = open_page(PAGE)
    offered = page.get_by_label("Opens").locator("option").evaluate_all("all => all.map(option => option.value)")
    assert offered == [chapter.relative_to(ROOT).as_posix() for chapter in CHAPTERS]


@pytest.mark.parametrize(("hub", "repository"), [("", "no address"), ("javascript:alert(1)", REPOSITORY),
                                                 ("https://hub.example.org", "file:///course")])
def test_without_two_web_addresses_the_form_says_what_it_needs(open_page, hub, repository):
    page, _ = open_page(PAGE)
    page.get_by_label("The hub's address").fill(hub)
    page.get_by_label("The repository's address").fill(repository)
    assert page.locator("#hub-link output").inner_text() == "Fill in the first two lines."
    assert page.locator("#hub-link output a").count() == 0


def test_without_javascript_the_pattern_stands_there_and_no_form(open_page):
    page, _ = open_page(PAGE, java_script_enabled=False)
    assert not page.locator("#hub-link").is_visible()
    assert page.get_by_text("HUB/hub/user-redirect/git-pull").is_visible()
