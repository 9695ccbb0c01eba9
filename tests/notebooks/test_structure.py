"""Every chapter keeps the form that CONTRIBUTING.md describes."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from support import CHAPTERS, NOTEBOOKS, ROOT


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request) -> Path:
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    """A numbered chapter; what stands in the appendix has no spine and no exercises."""
    return nbformat.read(request.param, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook) -> str:
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_table_of_contents_lists_every_chapter_of_the_folder():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    listed = {entry["file"] for part in toc["parts"] for entry in part["chapters"]} | {toc["root"]}
    there = {path.relative_to(ROOT).with_suffix("").as_posix() for pattern in ("*.ipynb", "*.md", "appendix/*")
             for path in (ROOT / "book").glob(pattern) if path.suffix in (".ipynb", ".md")}
    assert listed == there


def test_a_chapter_is_valid_and_small(path, notebook):
    nbformat.validate(notebook)
    assert path.stat().st_size <= 1_000_000
    assert "widgets" not in notebook.metadata


def test_every_cell_was_run_once_in_order_without_error(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]


def test_no_cell_installs_or_runs_on_too_long(notebook):
    for number, cell in enumerate(code_cells(notebook)):
        assert not re.search(r"^\s*[!%]", cell.source, re.MULTILINE), "shell and magic lines are not portable"
        limit = 18 if number else 25  # Setup is imports and dials
        assert len(cell.source.splitlines()) <= limit, f"split this cell:\n{cell.source}"


def test_no_output_depends_on_the_run_or_the_machine(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = output.get("text", "") + output.get("data", {}).get("text/plain", "")
            assert not re.search(r"0x[0-9a-f]{6,}|/home/|/tmp/|site-packages", text), text
            assert "application/vnd.jupyter.widget-view+json" not in output.get("data", {})


def test_the_spine_is_there(chapter):
    first, setup = chapter.cells[0], code_cells(chapter)[0]
    assert first.cell_type == "markdown" and first.source.startswith("# ")
    assert all(re.match(r"(import |from |os\.environ|[A-Z_]+ = |plt\.style|rng = |#|\s|\))", line) or not line
               for line in setup.source.splitlines()), "the first code cell is Setup: imports and dials"
    headings = re.findall(r"^## (.+)$", prose(chapter), re.MULTILINE)
    for needed in ("Setup", "Summary", "Exercises", "Further reading"):
        assert needed in headings, f"no section '{needed}' among {headings}"
    assert any("cannot" in heading for heading in headings), "what the model cannot do leads to the next chapter"
    assert "Predict first" in prose(chapter)
    summary = prose(chapter).split("\n## Summary\n")[1].split("\n## ")[0]
    assert len(re.findall(r"^- ", summary, re.MULTILINE)) == 5


def test_each_question_to_check_oneself_has_one_right_answer_and_reasons_for_all(chapter):
    section = prose(chapter).split("\n## Check yourself\n")[1].split("\n## ")[0]
    questions = re.split(r"^\*\*\d\.\*\*", section, flags=re.MULTILINE)[1:]
    assert len(questions) >= 3
    for question in questions:
        reasons = re.findall(r"<summary>.+?</summary>(.+?)</details>", question)
        assert len(reasons) >= 2 and all(len(reason) > 40 for reason in reasons)
        assert sum(reason.startswith("Right.") for reason in reasons) == 1
        assert all(reason.startswith(("Right.", "No.")) for reason in reasons)


def test_three_to_five_exercises_that_climb_each_with_check_hint_and_solution(chapter):
    text, code = prose(chapter), "\n".join(cell.source for cell in code_cells(chapter))
    labels = re.findall(r":label: (ex-\d+-\d+)", text)
    levels = re.findall(r"\{exercise\} \w.*, (easy|medium|hard)$", text, re.MULTILINE)
    assert 3 <= len(labels) <= 5
    assert len(levels) == len(labels) and levels == sorted(levels, key=["easy", "medium", "hard"].index)
    for label in labels:
        assert f"{{solution}} {label}" in text
        assert f'check("{label[3:].replace("-", ".")}"' in code
    assert text.count("{dropdown} Hint") == len(labels)


def test_every_figure_has_alt_text_and_every_still_one_a_caption(notebook):
    for cell in code_cells(notebook):
        pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        if not pictures:
            continue
        details = cell.metadata.get("mystnb", {})
        live = any("Explorer(" in o["data"].get("text/plain", "") for o in pictures)
        assert len(details.get("image", {}).get("alt", "")) > 20, f"alt text is missing:\n{cell.source}"
        assert live or len(details.get("figure", {}).get("caption", "")) > 20, f"a caption is missing:\n{cell.source}"
