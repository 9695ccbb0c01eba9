"""What `make rehearse` does with the whole book: leave something out of it, print it, have its exercises graded."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import nbformat
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from assignment import write

ROOT = Path(__file__).resolve().parents[1]
LINKED = "book", "benchmarks", "helpers", "node_modules", "tools"


def contents() -> dict:
    """What `_toc.yml` says."""
    return yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))


def pages_of(part: dict) -> list[str]:
    return [entry["file"] for entry in part["chapters"]]


def without(left_out: Collection[str]) -> dict:
    """The contents without some pages, and without the parts that have none left."""
    listed = contents()
    parts = [part | {"chapters": [entry for entry in part["chapters"] if entry["file"] not in left_out]}
             for part in listed["parts"]]
    return listed | {"parts": [part for part in parts if part["chapters"]]}


def build(folder: Path, left_out: Collection[str], builder: str = "dummy") -> str:
    """Build the book without these pages, from the stored outputs; return what the build says if it fails or warns.

    Nothing is executed. The folder is made the first time; parsed pages are kept there. The builder "dummy" resolves
    every reference and writes nothing.
    """
    folder.mkdir(exist_ok=True)
    for name in LINKED:
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    config["execute"]["execute_notebooks"] = "off"
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    (folder / "_toc.yml").write_text(yaml.safe_dump(without(left_out)), encoding="utf-8")
    done = subprocess.run([Path(sys.executable).with_name("jupyter-book"), "build", "--warningiserror", "--keep-going",
                           "--builder", "custom", "--custom-builder", builder, "."], cwd=folder, text=True,
                          capture_output=True, env=os.environ | {"COURSE_ALONE": "1"})
    return done.returncode * f"{done.stdout}{done.stderr}"


def shorter(folder: Path) -> None:
    """The book without any one of its pages, and without any one of its parts, builds without a warning."""
    parts = contents()["parts"]
    for left_out in [*([page] for part in parts for page in pages_of(part)), *map(pages_of, parts)]:
        print("  without", *left_out, flush=True)
        if said := build(folder / "book", left_out):
            raise SystemExit(said[-4000:])


def printed(folder: Path) -> None:
    """The PDF and the EPUB, before qpdf and epubcheck (Debian's packages of these names; the second one needs Java)."""
    checker = shutil.which("epubcheck.jar", os.F_OK, "/usr/share/java")
    if checker is None or shutil.which("qpdf") is None:
        raise SystemExit("qpdf or epubcheck is missing (Debian, Ubuntu: apt-get install qpdf epubcheck).")
    for tool, kind, *check in (("pdf", "pdf", "qpdf", "--check"), ("epub", "epub", "java", "-jar", checker)):
        file = ROOT / "_build" / f"book.{kind}"
        for command in ([sys.executable, ROOT / "tools" / f"{tool}.py"], [*check, file]):
            if subprocess.run(command, cwd=ROOT).returncode:
                raise SystemExit(f"{file.name}: {command[0]} did not succeed")


STUDENTS = {  # what each writes into the places for the answers to 2.1 and 2.2, and the points that are due of 1 and 2
    "right": ("answer_1 = stats.norm(MU, SIGMA).cdf(260)", "answer_2 = np.sqrt", 3),
    "half": ("answer_1 = 0.933", "answer_2 = lambda z: z", 1),
    "wrong": ("answer_1 = 260", "answer_2 = 'sqrt'", 0),
    "empty": (None, None, 0),
    "endless": ("while True:\n    pass", "answer_2 = np.sqrt", 2),
    "slow": ("answer_1 = 0.9332", "def answer_2(z):\n    while True:\n        pass", 1),
    "import": ("import a_module_that_nobody_has", "answer_2 = np.sqrt", 2),
    "tricks": ("EXERCISES = verdict = None\nanswer_1 = 5", "import sys\nsys.exit()", 0),
}


def submit(released: Path, target: Path, answers: tuple) -> None:
    """A released notebook with a student's answers."""
    notebook = nbformat.read(released, as_version=4)
    for k, answer in enumerate(answers, 1):
        place = next(cell for cell in notebook.cells if cell.metadata.nbgrader.grade_id == f"answer-2-{k}")
        place.source = place.source if answer is None else answer
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)


def assignments(folder: Path) -> None:
    """Chapter 2's assignment, answered in eight ways and graded by nbgrader in an environment of its own."""
    name, course, kernel = "02_percent_point_function", folder / "course", folder / "jupyter" / "kernels" / "python3"
    subprocess.run([sys.executable, "-m", "venv", folder / "nbgrader"], check=True)
    programs = folder / "nbgrader" / "bin"
    subprocess.run([programs / "pip", "install", "--quiet", "nbgrader>=0.9,<1"], check=True)
    kernel.mkdir(parents=True)  # the course's own Python, which has `helpers`
    (kernel / "kernel.json").write_text(json.dumps({"argv": [sys.executable, "-m", "ipykernel_launcher", "-f",
                                        "{connection_file}"], "display_name": "course", "language": "python"}))
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"  # nbgrader starts a program that is installed with it
    environment = os.environ | {"JUPYTER_PATH": str(kernel.parents[1]), "PATH": path}

    def nbgrader(*words: str) -> None:
        print("$ nbgrader", *words, flush=True)
        subprocess.run([programs / "nbgrader", *words], cwd=course, env=environment)

    course.mkdir()
    write(course, ["2"])
    nbgrader("generate_assignment", name, "--create")
    place = f"{name}/{name}.ipynb"
    for student, (*answers, _) in STUDENTS.items():
        submit(course / "release" / place, course / "submitted" / student / place, answers)
    nbgrader("autograde", name, "--create")
    nbgrader("export", "--to", str(folder / "grades.csv"))
    with open(folder / "grades.csv", newline="") as file:
        found = {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}
    print(*(f"  {student}: {points}" for student, points in found.items()), sep="\n", flush=True)
    assert found == {student: points for student, (*_, points) in STUDENTS.items()}
