"""Run the chapters into Jupyter Book's cache, two at a time; the build then takes them from there (`make site`).

Run: python tools/cache.py                           every chapter of _toc.yml
     python tools/cache.py FOLDER book/02_*.ipynb    these, into a cache in this folder

Each of the two keeps to its half of the cores: where both use all of them, their threads wait for one another.
(jupyter-cache's own parallel executor starts as many as there are processors, a gigabyte each.) A chapter that fails
is not stored: the build runs it once more and reports it.
"""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))
sys.path.insert(0, str(Path(__file__).parent))
from notebooks import ROOT, chapters
from untrained import can_run


def is_stored(cache: JupyterCacheAbstract, path: Path) -> bool:
    """Whether the cache has outputs for these cells."""
    try:
        return bool(cache.match_cache_notebook(nbformat.read(path, as_version=4)))
    except KeyError:
        return False


def run(path: Path) -> ExecutionResult:
    """A chapter, executed in its own folder as Jupyter Book does it."""
    return single_nb_execution(nbformat.read(path, as_version=4), cwd=str(path.parent), timeout=300, allow_errors=False)


def keep_to_half(halves: SimpleQueue) -> None:
    """A worker, and the kernels that it starts, use the next set of cores."""
    os.sched_setaffinity(0, halves.get())


def fill(cache: JupyterCacheAbstract, paths: list[Path]) -> None:
    """Run the notebooks that the cache lacks and that can run here, and store them in it; print a line for each."""
    keep = {}
    if hasattr(os, "sched_setaffinity"):  # Linux
        cores, halves = sorted(os.sched_getaffinity(0)), multiprocessing.SimpleQueue()
        for half in (cores[::2], cores[1::2] or cores):
            halves.put(half)
        keep = {"initializer": keep_to_half, "initargs": (halves,)}
    missing = [path for path in paths if can_run(path) and not is_stored(cache, path)]
    with ProcessPoolExecutor(2, **keep) as pool:
        for path, result in zip(missing, pool.map(run, missing), strict=True):
            print(f"{path.name} ... {'failed' if result.err else f'{result.time:.0f} s'}", flush=True)
            if not result.err:
                bundle = CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time})
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


if __name__ == "__main__":
    folder, *names = sys.argv[1:] or [ROOT / "_build" / ".jupyter_cache"]
    fill(get_cache(folder), [Path(name).resolve() for name in names] or chapters())
