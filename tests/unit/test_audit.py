"""What we depend on: free to ship, and used."""

import pytest
from support import tool


@pytest.fixture(scope="module")
def audit():
    return tool("audit")


def test_every_package_that_a_reader_gets_has_a_permissive_licence(audit):
    found = audit.licences()
    assert audit.unusual(found) == {} and {"numpy", "npm katex"} <= set(found)


def test_a_licence_that_is_missing_or_asks_for_more_is_reported(audit):
    found = {"a": "MIT", "b": "", "c": "GPL-3.0-only", "d": "LGPL-2.1", "e": "GPL-2.0 OR MIT"}
    assert audit.unusual(found) == {"b": "no licence named", "c": "GPL-3.0-only", "d": "LGPL-2.1"}


def test_every_requirement_is_used(audit):
    assert audit.unused() == []


def test_a_requirement_that_nothing_uses_is_reported(audit, monkeypatch):
    monkeypatch.setitem(audit.IMPORTED_AS, "pandas", "a_module_that_nobody_imports")
    assert audit.unused() == ["pandas"]


@pytest.mark.parametrize(("codes", "safe"), [((0, 0), True), ((1, 0), False), ((0, 1), False)])
def test_an_advisory_or_a_service_that_does_not_answer_is_no_all_clear(audit, monkeypatch, codes, safe):
    left = list(codes)
    asked = []

    class Result:
        def __init__(self, command, cwd):
            asked.append(command)
            self.returncode = left.pop(0)

    monkeypatch.setattr(audit.subprocess, "run", Result)
    assert audit.vulnerabilities() is safe
    assert "--strict" in asked[0] and asked[1][:2] == ["npm", "audit"]
