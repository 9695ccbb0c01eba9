"""A pytest plugin: nbval's run of a notebook ends with a test of the memory that its kernel took."""

import json
import os
import re
import time
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbFile
from support import ROOT, skip_unless_ci, trains

LIMIT = {False: 650, True: 1250}  # MB, without and with TensorFlow; Binder guarantees 1 GB and stops at 2
TABLE = ROOT / "_build" / "memory.json"
PAGE = ROOT / "book" / "appendix" / "setting_up.md"


def peak_mb(pid: int) -> float:
    """The most memory that a process and its children, those still there, ever had resident, in MB of 10⁶ bytes."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    lines = "\n".join(Path(f"/proc/{process.pid}/status").read_text() for process in family).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def uses_tensorflow(pid: int) -> bool:
    """Whether a process has loaded TensorFlow's library."""
    return "tensorflow" in Path(f"/proc/{pid}/maps").read_text()


def row(stem: str, found: dict) -> str:
    """A notebook's line in the table of the page about setting up."""
    name = stem[:2].lstrip("0") if stem[0].isdigit() else stem
    return f"| {name} | {found['peak_mb']} MB | {found['processor_seconds']:.0f} s |"


def stands_on_the_page(line: str) -> bool:
    """Whether that table has this line, its peak within a factor of 1.5; seconds vary too much to compare."""
    name, peak = re.findall(r"\w+", line)[:2]
    said = re.search(rf"^\| {name} \| (\d+) MB \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return said is not None and 1 / 1.5 < int(said[1]) / int(peak) < 1.5


class Memory(pytest.Item):
    """Stands after a notebook's last cell, while the kernel still lives."""

    def runtest(self):
        if not Path("/proc/self/status").exists():
            skip_unless_ci("memory is measured on Linux only: this system has no /proc")
        pid = self.parent.kernel.km.provisioner.pid
        heavy, peak, times = uses_tensorflow(pid), peak_mb(pid), psutil.Process(pid).cpu_times()
        found = {"peak_mb": round(peak), "seconds": round(time.time() - psutil.Process(pid).create_time(), 1),
                 "processor_seconds": round(times.user + times.system, 1), "tensorflow": heavy}
        self.user_properties.append(("memory", [self.path.stem, found]))
        if peak > LIMIT[heavy]:
            pytest.fail(f"{self.path.name} took {peak:.0f} MB, {LIMIT[heavy]} MB are the limit", pytrace=False)
        if heavy and self.path.is_relative_to(ROOT) and not trains(self.path):
            pytest.fail(f"{self.path.name} loaded TensorFlow, though it trains no network", pytrace=False)
        line = row(self.path.stem, found)
        if self.path.is_relative_to(ROOT) and not stands_on_the_page(line):
            pytest.fail(f"{PAGE.name} should say about: {line}", pytrace=False)


def pytest_configure():
    """Kernels run as on Binder: with the settings of its start script."""
    start = (ROOT / "binder" / "start").read_text(encoding="utf-8")
    os.environ.update(re.findall(r"^export (\w+)=(\S+)$", start, re.MULTILINE))


def pytest_collection_modifyitems(items):
    last = {item.parent: item for item in items if isinstance(item.parent, IPyNbFile)}
    for notebook, cell in last.items():
        items.insert(items.index(cell) + 1, Memory.from_parent(notebook, name="memory"))


def pytest_terminal_summary(terminalreporter):
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    measured = dict(value for report in reports for name, value in report.user_properties if name == "memory")
    if not measured:
        return
    terminalreporter.section("peak memory of the chapters' kernels")
    for name, found in sorted(measured.items()):
        terminalreporter.line("{peak_mb:5} MB {seconds:6.1f} s, of the processor {processor_seconds:6.1f} s  "
                              .format(**found) + name + " (TensorFlow)" * found["tensorflow"])
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(json.dumps(measured, indent=1) + "\n")
