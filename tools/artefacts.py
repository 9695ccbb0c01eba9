"""Run the recipes at full scale: they write the networks and samples of helpers/networks/files (`make artefacts`).

Run: python tools/artefacts.py                   every recipe, the judge's first
     python tools/artefacts.py recipes/judge.py  these, in this order

A recipe runs after its chapter's Setup cell and the cells tagged "model", in their namespace: what the chapter
teaches stands there once. It may not give another meaning to a name of the chapter.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parents[1]
RECIPES = ROOT / "recipes"
FIRST = RECIPES / "judge.py"  # its scores stand in every other manifest entry


def in_order() -> list[Path]:
    """Every recipe, the judge's before all others."""
    return sorted(RECIPES.glob("*.py"), key=lambda path: (path != FIRST, path.name))


def chapter_of(recipe: Path) -> Path:
    """The notebook that a recipe belongs to: it has the same name."""
    places = [ROOT / "book" / f"{recipe.stem}.ipynb", ROOT / "book" / "appendix" / f"{recipe.stem}.ipynb"]
    found = next(filter(Path.is_file, places), None)
    if found is None:
        raise FileNotFoundError(f"{recipe.name} belongs to no notebook: looked for {' and '.join(map(str, places))}.")
    return found


def models_of(chapter: Path) -> dict:
    """What a chapter defines: its imports and dials, and the functions of the cells tagged "model"."""
    setup, *more = [cell for cell in nbformat.read(chapter, as_version=4).cells if cell.cell_type == "code"]
    names: dict = {}
    for cell in [setup, *(cell for cell in more if "model" in cell.metadata.get("tags", []))]:
        exec(compile(cell.source, chapter.name, "exec"), names)
    return names


def run(recipe: Path) -> dict:
    """Run one recipe in its chapter's namespace, at the present scale; gives the names it ends with.

    Raises ValueError if it redefines a name of the chapter: then the two would no longer mean the same.
    """
    names = models_of(chapter_of(recipe))
    before = {name: value for name, value in names.items() if not name.startswith("__")}
    exec(compile(recipe.read_text(encoding="utf-8"), str(recipe), "exec"), names)
    changed = [name for name, value in before.items() if names.get(name) is not value]
    if changed:
        raise ValueError(f"{recipe.name} redefines {', '.join(changed)} of {chapter_of(recipe).name}. "
                         "Give it a name of its own.")
    return names


def main(names: list[str]) -> None:
    if len(names) == 1 and os.environ.get("COURSE_SCALE") == "full":
        run(Path(names[0]).resolve())
        return
    for path in [Path(name).resolve() for name in names] or in_order():
        print(f"== {path.relative_to(ROOT)} at full scale", flush=True)
        start = time.perf_counter()
        environment = {**os.environ, "COURSE_SCALE": "full", "MPLBACKEND": "agg"}
        subprocess.run([sys.executable, __file__, path], env=environment, check=True)  # its memory ends with it
        print(f"== {time.perf_counter() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
