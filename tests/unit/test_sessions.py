"""The plan of sessions follows the chapters: its sections and exercises are there, its minutes add up and suffice."""

import itertools
import re

import nbformat
import pytest
from support import CHAPTERS, ROOT

PLAN = (ROOT / "book" / "appendix" / "sessions.md").read_text(encoding="utf-8")
SESSIONS = dict(re.findall(r"^## (Session .*?)\n(.*?)(?=^## |\Z)", PLAN, re.MULTILINE | re.DOTALL))
SLIDE = r"\{slide\}`(\d+): (.+?)`"
ROW = re.compile(rf"^\| (\d+) \| {SLIDE} \| {SLIDE} \| (.*?) ?\| (.*?) ?\|$", re.MULTILINE)
FOLDED = re.compile(r":::\{(?:dropdown|solution|prf:proof)\}.*?^:::|<details.*?</details>", re.DOTALL | re.MULTILINE)


def rows(text: str) -> list[tuple]:
    found = ROW.findall(text)
    assert len(found) == text.count("\n| ") > 5, "a row that the test cannot read"  # the head stands first
    return found


def sections(number: str) -> dict[str, float]:
    """The sections of a chapter with the minutes that reading takes: words/180 and 3 seconds a line of code."""
    chapter = next(path for path in CHAPTERS if int(path.stem[:2]) == int(number))
    minutes, title = {}, ""
    for cell in nbformat.read(chapter, as_version=4).cells:
        if cell.cell_type == "code":
            folded = "hide-input" in cell.metadata.get("tags", []) or "check(" in cell.source
            minutes[title] = minutes.get(title, 0) + (not folded) * cell.source.count("\n") / 20
            continue
        for line in FOLDED.sub("", cell.source).splitlines():
            if heading := re.match(r"##? (.*)", line):
                title = heading[1]
            minutes[title] = minutes.get(title, 0) + len(line.split()) / 180
    return minutes


@pytest.mark.parametrize("session", SESSIONS)
def test_a_session_has_90_minutes_each_long_enough_for_what_it_covers(session):
    told = rows(SESSIONS[session])
    assert sum(int(minutes) for minutes, *_ in told) == 90
    for minutes, number, first, last_number, last, *_ in told:
        chapter = sections(number)
        titles = list(chapter)
        assert number == last_number and first in titles and last in titles, f"{number} has no {first} or {last}"
        covered = titles[titles.index(first): titles.index(last) + 1]
        assert covered, f"{last} stands before {first}"
        read = sum(chapter[title] for title in covered if not title.startswith("Deeper"))
        assert first == "Exercises" or read <= int(minutes), f"{number}: {first} takes {read:.0f} minutes to read"


@pytest.mark.parametrize("session", SESSIONS)
def test_its_stretches_follow_each_other_and_each_has_a_question_or_an_exercise(session):
    places = []
    for _, number, first, _, last, ask, _ in rows(SESSIONS[session]):
        titles = list(sections(number))
        if first == "Exercises":
            exercise = re.fullmatch(r"Exercise (\d+)\.(\d+)", ask)
            notebook = next(path for path in CHAPTERS if int(path.stem[:2]) == int(number)).read_text(encoding="utf-8")
            assert exercise[1] == number and f":label: ex-{exercise[1]}-{exercise[2]}\\n" in notebook, ask
        else:
            assert len(ask) > 10 and not ask.startswith("Exercise"), f"{number}: {first} asks nothing"
            places.append((int(number), titles.index(first), titles.index(last)))
    assert places == sorted(places) and all(a[0] < b[0] or a[2] < b[1] for a, b in itertools.pairwise(places))


def test_there_are_four_sessions_and_four_in_place_of_two():
    assert len(SESSIONS) == 8
    assert [title for title in SESSIONS if "of six" not in title] == [title for title in SESSIONS][:4]
