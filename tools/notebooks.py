"""Execute chapters and write them back in their one normal form (`make notebooks`).

Run: python tools/notebooks.py                    every chapter of _toc.yml
     python tools/notebooks.py book/02_*.ipynb    these

A chapter keeps its text and PNG outputs. What differs from run to run is left out (widget ids and state,
timings, random cell ids), so that a second run changes nothing.
"""

import asyncio
import hashlib
import sys
import time
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

ROOT = Path(__file__).resolve().parents[1]
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def chapters(toc: Path = ROOT / "_toc.yml") -> list[Path]:
    """The notebooks that `_toc.yml` lists, in its order."""
    parts = yaml.safe_load(toc.read_text(encoding="utf-8"))["parts"]
    files = [ROOT / f"{entry['file']}.ipynb" for part in parts for entry in part["chapters"]]
    return [file for file in files if file.exists()]


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Leave out what differs from run to run; a cell's id comes from its source."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
        name = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[name] = seen.get(name, 0) + 1
        cell.id = name if seen[name] == 1 else f"{name}-{seen[name]}"
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
            output.get("metadata", {}).pop(WIDGET, None)
    return notebook


def execute(path: Path) -> float:
    """Run one chapter in its own folder and replace it when the run is whole; return the seconds."""
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(notebook, timeout=300, kernel_name="python3", store_widget_state=False, coalesce_streams=True,
                   resources={"metadata": {"path": str(path.parent)}}).execute()
    fresh = path.with_suffix(".ipynb.new")
    try:
        nbformat.write(normalise(notebook), fresh)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return time.perf_counter() - start


def kernel_was_killed(paths: list[Path]) -> str:
    """What to say of chapters whose kernel ended before they did."""
    names = " and of ".join(path.name for path in paths)
    return (f"The kernel of {names} was killed, most likely because memory ran out: a chapter takes up to 1.25 GB. "
            "Close other programs, then run the same command again.")


def main(names: list[str]) -> None:
    if sys.platform == "win32":  # the kernel's messages need the selector loop there
        asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
    for path in [Path(name).resolve() for name in names] or chapters():
        print(f"{path.name} ... ", end="", flush=True)
        try:
            print(f"{execute(path):.0f} s, {path.stat().st_size / 1e3:.0f} kB")
        except DeadKernelError as error:
            raise SystemExit(f"failed\n{kernel_was_killed([path])}") from error


if __name__ == "__main__":
    main(sys.argv[1:])
