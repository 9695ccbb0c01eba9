"""A pytest plugin: nbval's run of a notebook ends with a test of the memory that its kernel took."""

import json
import time
from pathlib import Path

import psutil
import pytest
from nbval.plugin import IPyNbFile
from support import ROOT, skip_unless_ci

LIMIT = {False: 1000, True: 1300}  # MB, without and with TensorFlow; Binder guarantees 1 GB and stops at 2
TABLE = ROOT / "_build" / "memory.json"
measured: dict[str, dict] = {}


def peak_mb(pid: int) -> float:
    """The most memory that a process and its children, those still there, ever had resident, in MB of 10⁶ bytes."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    lines = "\n".join(Path(f"/proc/{process.pid}/status").read_text() for process in family).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def uses_tensorflow(pid: int) -> bool:
    """Whether a process has loaded TensorFlow's library."""
    return "tensorflow" in Path(f"/proc/{pid}/maps").read_text()


class Memory(pytest.Item):
    """Stands after a notebook's last cell, while the kernel still lives."""

    def runtest(self):
        if not Path("/proc/self/status").exists():
            skip_unless_ci("memory is measured on Linux only: this system has no /proc")
        pid = self.parent.kernel.km.provisioner.pid
        heavy, peak = uses_tensorflow(pid), peak_mb(pid)
        seconds = time.time() - psutil.Process(pid).create_time()
        measured[self.path.stem] = {"peak_mb": round(peak), "seconds": round(seconds, 1), "tensorflow": heavy}
        if peak > LIMIT[heavy]:
            pytest.fail(f"{self.path.name} took {peak:.0f} MB, {LIMIT[heavy]} MB are the limit", pytrace=False)


def pytest_collection_modifyitems(items):
    last = {item.parent: item for item in items if isinstance(item.parent, IPyNbFile)}
    for notebook, cell in last.items():
        items.insert(items.index(cell) + 1, Memory.from_parent(notebook, name="memory"))


def pytest_terminal_summary(terminalreporter):
    if not measured:
        return
    terminalreporter.section("peak memory of the chapters' kernels")
    for name, row in measured.items():
        note = " (TensorFlow)" if row["tensorflow"] else ""
        terminalreporter.line(f"{row['peak_mb']:5} MB {row['seconds']:6.1f} s  {name}{note}")
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(json.dumps(measured, indent=1) + "\n")
