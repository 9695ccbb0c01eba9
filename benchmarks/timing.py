"""Times side by side: all sides by turns within one run, the median of several, and how far they spread."""

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Timing:
    """Seconds a call: the median of the rounds, the fastest and the slowest."""

    median: float
    fastest: float
    slowest: float

    def __str__(self) -> str:
        return f"{readable(self.median)} ({readable(self.fastest)} to {readable(self.slowest)})"


def race(sides: Mapping[str, Callable[[], Any]], rounds: int = 5, least: float = 0.1) -> dict[str, Timing]:
    """Time the sides by turns.

    In each round every side runs once, in order, or as often as `least` seconds take; so what the machine does
    besides hits all of them. A first run of each, which may compile or fill caches, does not count.
    """
    calls = {name: max(1, round(least / max(_once(side, 1), 1e-9))) for name, side in sides.items()}
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            times[name].append(_once(side, calls[name]))
    return {name: Timing(statistics.median(found), min(found), max(found)) for name, found in times.items()}


def ratio(slow: Timing, quick: Timing) -> tuple[float, float, float]:
    """How many times quicker: by the medians, and the least and the most that the spreads allow."""
    return slow.median / quick.median, slow.fastest / quick.slowest, slow.slowest / quick.fastest


def readable(seconds: float) -> str:
    """Seconds with three digits and a fitting unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def machine() -> dict[str, Any]:
    """What ran this: processor, cores, system, Python, and how busy the machine is."""
    names = {platform.processor(), platform.machine()}
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = {line.split(":")[1].strip() for line in file if line.startswith("model name")} or names
    except OSError:
        pass
    return {"processor": " ".join(sorted(filter(None, names))), "cores": len(os.sched_getaffinity(0))
            if hasattr(os, "sched_getaffinity") else os.cpu_count(), "system": platform.platform(terse=True),
            "python": platform.python_version(), "load": round(os.getloadavg()[0], 1)}


def _once(side: Callable[[], Any], calls: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for _ in range(calls):
        side()
    return (time.perf_counter() - start) / calls
