"""Run the chapters into Jupyter Book's cache, two at a time; the build then takes them from there (`make site`).

Run: python tools/cache.py                           every chapter of _toc.yml
     python tools/cache.py FOLDER book/02_*.ipynb    these, into a cache in this folder

Each of the two keeps to its half of the cores: where both use all of them, their threads wait for one another.
(jupyter-cache's own parallel executor starts as many as there are processors, a gigabyte each.) With AT_ONCE=1 in
the environment they run one at a time. A chapter that fails is not stored: the build runs it once more and reports
it. One whose kernel is killed ends the build here, after the others.
"""

import multiprocessing
import os
import shutil
import sys
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.queues import SimpleQueue
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.cache.db import NbCacheRecord
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from nbclient.exceptions import DeadKernelError

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_ext"))
sys.path.insert(0, str(Path(__file__).parent))
from full_disk import remedy
from notebooks import ROOT, chapters, kernel_was_killed
from untrained import can_run


def drop_damaged(cache: JupyterCacheAbstract) -> None:
    """Forget what was stored by halves when a build was stopped or the disk was full."""
    try:
        records = cache.list_cache_records()
    except RuntimeError:  # jupyter-cache says: it may need to be cleared
        cache.clear_cache()
        return
    for record in records:
        try:
            cache.get_cache_bundle(record.pk)
        except (KeyError, ValueError):  # its file is missing; it ends too early
            NbCacheRecord.remove_record(record.pk, cache.db)
            shutil.rmtree(Path(cache.path, "executed", record.hashkey), ignore_errors=True)


def is_stored(cache: JupyterCacheAbstract, path: Path) -> bool:
    """Whether the cache has outputs for these cells."""
    try:
        return bool(cache.match_cache_notebook(nbformat.read(path, as_version=4)))
    except KeyError:
        return False


def run(path: Path) -> ExecutionResult:
    """A chapter, executed in its own folder as Jupyter Book does it."""
    notebook, folder = nbformat.read(path, as_version=4), str(path.parent)
    try:
        return single_nb_execution(notebook, cwd=folder, timeout=300, allow_errors=False)
    except DeadKernelError as error:
        return ExecutionResult(notebook, folder, 0, error)


def keep_to_half(halves: SimpleQueue) -> None:
    """A worker, and the kernels that it starts, use the next set of cores."""
    os.sched_setaffinity(0, halves.get())


def workers() -> ProcessPoolExecutor:
    """Two processes, each on half of the cores where the system can do that; or one."""
    if os.environ.get("AT_ONCE") == "1":
        return ProcessPoolExecutor(1)
    if not hasattr(os, "sched_setaffinity"):  # Linux alone has it
        return ProcessPoolExecutor(2)
    cores, halves = sorted(os.sched_getaffinity(0)), multiprocessing.SimpleQueue()
    for half in (cores[::2], cores[1::2] or cores):
        halves.put(half)
    return ProcessPoolExecutor(2, initializer=keep_to_half, initargs=(halves,))


def store(cache: JupyterCacheAbstract, path: Path, result: ExecutionResult) -> None:
    """Keep an executed chapter in the cache."""
    bundle = CacheBundleIn(result.nb, str(path), data={"execution_seconds": result.time})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def result_of(done: Future) -> ExecutionResult:
    """What `run` gave; a worker that was killed itself counts as a killed kernel."""
    try:
        return done.result()
    except BrokenProcessPool as error:
        return ExecutionResult(None, None, 0, DeadKernelError(str(error)))


def fill(cache: JupyterCacheAbstract, paths: list[Path]) -> list[Path]:
    """Run the notebooks that the cache lacks and that can run here, and store each in it when it ends.

    Prints a line for each and gives those whose process was killed.
    """
    drop_damaged(cache)
    missing, killed = [path for path in paths if can_run(path) and not is_stored(cache, path)], []
    with workers() as pool:
        running = {pool.submit(run, path): path for path in missing}
        try:
            for done in as_completed(running):
                path, result = running[done], result_of(done)
                if isinstance(result.err, DeadKernelError):
                    killed.append(path)
                elif not result.err:
                    store(cache, path, result)
                print(f"{path.name} ... {'failed' if result.err else f'{result.time:.0f} s'}", flush=True)
        except KeyboardInterrupt:
            for worker in multiprocessing.active_children():
                worker.kill()  # its kernel ends with it
            raise SystemExit("Stopped. The chapters that ended are kept.") from None
        finally:
            pool.shutdown(cancel_futures=True)  # where the disk is full, say, no other chapter begins
    return killed


def main(folder: str | Path, names: list[str]) -> None:
    try:
        killed = fill(get_cache(folder), [Path(name).resolve() for name in names] or chapters())
    except Exception as error:
        if said := remedy(error):
            raise SystemExit(said) from None
        raise
    if killed:
        raise SystemExit(f"{kernel_was_killed(killed)} The chapters that ended are kept. One at a time takes half the "
                         "memory: make book AT_ONCE=1")


if __name__ == "__main__":
    place, *rest = sys.argv[1:] or [ROOT / "_build" / ".jupyter_cache"]
    main(place, rest)
