"""One core for each worker; the browser, and what an exercise says of an answer: shared by several tests."""

import os
import platform
import re
import shutil
import signal

import pytest
from support import PATIENCE, ROOT, skip_unless_ci

pytest_plugins = ["memory", "nearly"]


def pytest_configure():
    """No dial of the shell's; and pytest-xdist's workers keep to one core each, so CI's second run is on one core.

    Where two workers share two cores, their libraries' threads wait for one another, a third of the time.
    """
    for dial in ("COURSE_DATA", "COURSE_INVERT", "COURSE_SCALE", "COURSE_TRANSPOSE"):
        os.environ.pop(dial, None)  # tests set what they need
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # as in the chapters: else training ends elsewhere in its last digits
    if platform.machine() == "x86_64":  # the Makefile's settings of the processor, should it not be make that runs this
        settings = (ROOT / "Makefile").read_text(encoding="utf-8")
        os.environ |= dict(re.findall(r"^export (\w+) := ([\w,]+)$", settings, re.MULTILINE))
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as a shell starts what runs in its background
        signal.signal(signal.SIGINT, signal.default_int_handler)  # tests interrupt what they have started
    worker = os.environ.get("PYTEST_XDIST_WORKER")  # gw0, gw1
    if worker and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[int(worker[2:]) % len(cores)]})


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium, or the browser that CHROMIUM names."""
    names = [os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"]
    found = next((path for path in (shutil.which(name) for name in names if name) if path), None)
    if found is None:
        skip_unless_ci("no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM to its path")
    return found


@pytest.fixture(scope="session")
def browser(chromium_path):
    """A headless Chromium that asks nobody anything on its own."""
    from playwright.sync_api import sync_playwright

    arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
        chromium.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield chromium
        chromium.close()


@pytest.fixture
def verdict(capsys):
    """What an exercise's check prints of an answer, in one line."""
    from helpers.exercises import check

    def said(name, answer):
        capsys.readouterr()
        check(name, answer)
        return " ".join(capsys.readouterr().out.split())

    return said
