"""The exercises of chapters as assignments in nbgrader's format, without solutions (`make assignment`).

Run: python tools/assignment.py 2 5             these chapters; all chapters without a number

Writes a course folder of nbgrader, _build/assignments: source/NAME/NAME.ipynb for each chapter, and a configuration.
nbgrader (`pip install nbgrader`) releases, collects and grades: `nbgrader generate_assignment NAME`, and so on. An easy
exercise gives one point, a medium one two, a hard one three. The checks are the course's own (helpers/exercises).
"""

import ast
import re
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

sys.path.insert(0, str(Path(__file__).parent))
from notebooks import METADATA, ROOT, chapters

POINTS = {"easy": 1, "medium": 2, "hard": 3}
EXERCISE = re.compile(r":::\{exercise\} ([^\n]+), (easy|medium|hard)\n:label: ex-(\d+)-(\d+)\n(.*?)\n:::", re.DOTALL)
ANSWER = re.compile(r"^answer_\d+ = \.\.\.(?: *# *(.*))?$", re.MULTILINE)
TERM = re.compile(r"\{term\}`([^`<]+?)(?: *<[^`]*>)?`")
EQUATION = re.compile(r"\{eq\}`([^`]+)`")
TRAINING = re.compile(r"\b(keras|tensorflow|tf|os)\b")
INTRODUCTION = """\
# Exercises of chapter {number}: {title}

Give each answer the name that its cell says: a number, an array or a function, as in the chapter. The cell below it
checks the answer and says where to look; you may run it as often as you like. If an exercise uses something that the
chapter computed, copy the chapter's cells for it into a new cell above your answer."""
CHECK = """\
from helpers.exercises.answers import verdict
from helpers.exercises.ch{number:02d} import EXERCISES

said = verdict(EXERCISES["{name}"], {answer})
assert said.startswith("right."), said"""
CONFIG = """\
# nbgrader's settings for the assignments of this course.
c = get_config()
c.CourseDirectory.course_id = "generative_models"
# A cell that runs for more than a minute is interrupted, and the next one runs: no submission stops the others.
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.interrupt_on_timeout = True
"""


def marked(cell: NotebookNode, name: str, **kind) -> NotebookNode:
    """The cell with nbgrader's metadata: it is read only and gives no points unless `kind` says otherwise."""
    cell.metadata["nbgrader"] = {"grade": False, "solution": False, "task": False, "locked": True, "schema_version": 3,
                                 "grade_id": name} | kind
    cell.id = name
    return cell


def setup_of(code: str) -> str:
    """A chapter's Setup cell without what only training needs: no answer needs TensorFlow."""
    kept = [ast.get_source_segment(code, part) for part in ast.parse(code).body]
    return "\n".join(part for part in kept if not TRAINING.search(part))


def alone(text: str, chapter: str) -> str:
    """An exercise's text, to be read without its chapter: with the equations that it refers to, without links."""
    for k, label in enumerate(EQUATION.findall(text), 1):
        formula = re.search(rf"\$\$\n((?:(?!\$\$).)*?)\n\$\$ \({label}\)", chapter, re.DOTALL)[1]
        text = f"{text.replace(f'{{eq}}`{label}`', f'({k})', 1)}\n\n$$\n{formula} \\tag{{{k}}}\n$$"
    return TERM.sub(r"\1", text)


def cells_of(exercise: re.Match, hint: str) -> list[NotebookNode]:
    """An exercise as three cells: its text, the place for the answer, the check that gives the points."""
    title, level, chapter, k, text = exercise.groups()
    text = alone(text, exercise.string)
    name, answer, points = f"{chapter}-{k}", f"answer_{k}", POINTS[level]
    head = f"## {chapter}.{k} {title}\n\n{text}\n\n*{level}, {points} point{'s' * (points > 1)}*"
    asked = f"# Your answer: {answer}, {hint}" if hint else f"# Your answer: {answer}"
    place = f"{asked}\n### BEGIN SOLUTION\n{answer} = ...\n### END SOLUTION"
    check = CHECK.format(number=int(chapter), name=f"{chapter}.{k}", answer=answer)
    return [marked(new_markdown_cell(head), f"text-{name}"),
            marked(new_code_cell(place), f"answer-{name}", solution=True, locked=False),
            marked(new_code_cell(check), f"check-{name}", grade=True, points=points)]


def assignment(chapter: NotebookNode) -> NotebookNode:
    """A chapter's exercises as a notebook for nbgrader; everything else of the chapter is left out."""
    code = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
    text = "\n".join(cell.source for cell in chapter.cells if cell.cell_type == "markdown")
    found = list(EXERCISE.finditer(text))
    hints = [hint[1] or "" for part in code if "check(" in part for hint in ANSWER.finditer(part)]
    words = INTRODUCTION.format(number=found[0][3], title=re.search(r"^# (.+)$", text, re.MULTILINE)[1])
    cells = [marked(new_markdown_cell(words), "introduction"), marked(new_code_cell(setup_of(code[0])), "setup")]
    for exercise, hint in zip(found, hints, strict=True):
        cells += cells_of(exercise, hint)
    return new_notebook(cells=cells, metadata=METADATA, nbformat_minor=5)


def chosen(numbers: list[str]) -> list[Path]:
    """The chapters of these numbers, in any form that names them: 2, 02, book/02_percent_point_function.ipynb."""
    every = {int(path.stem[:2]): path for path in chapters() if path.stem[0].isdigit()}
    wanted = [re.match(r"\d+", Path(word).name) for word in numbers]
    if not all(wanted) or not {int(number[0]) for number in wanted} <= set(every):
        raise SystemExit(f"No such chapter among {' '.join(numbers)}. Give numbers: make assignment CHAPTERS=\"2 5\". "
                         f"There are {', '.join(map(str, every))}.")
    return [every[int(number[0])] for number in wanted] or list(every.values())


def write(folder: Path, numbers: list[str]) -> None:
    """Write the assignments and nbgrader's configuration; settings that are there stay."""
    for path in chosen(numbers):
        target = folder / "source" / path.stem / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(assignment(nbformat.read(path, as_version=4)), target)
        print(target)
    if not (settings := folder / "nbgrader_config.py").exists():
        settings.write_text(CONFIG, encoding="utf-8")


if __name__ == "__main__":
    write(ROOT / "_build" / "assignments", sys.argv[1:])
    print("What to do next with nbgrader: book/appendix/instructors.md, under Assignments.")
