"""The whole book as one EPUB, from the same sources as the site and from the chapters that its build ran (`make epub`).

Run: python tools/epub.py [file.epub]
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LINKED = "book", "benchmarks", "helpers", "node_modules", "tools", "_toc.yml"
OWN = ["chapter_numbers", "epub_book", "formula_punctuation", "katex_server", "left_out", "printed",
       "reference_roles", "slides", "untrained"]
EXTENSIONS = ["myst_nb", "jupyter_book", "sphinx_external_toc", "sphinx_design", "sphinxcontrib.bibtex",
              "sphinxcontrib.katex", "sphinx_comments", "sphinx_exercise", "sphinx_proof", *OWN]
WIDGET = "application/vnd.jupyter.widget-view+json"


def config() -> dict:
    """The site's configuration, changed where a book that nobody serves is another thing."""
    said = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    said["html"] = {"use_multitoc_numbering": True, "favicon": ""}
    said["sphinx"]["local_extensions"] = dict.fromkeys(OWN, "book/_ext")
    said["sphinx"]["config"] |= {
        "extensions": EXTENSIONS, "templates_path": [], "html_additional_pages": {}, "html_js_files": [],
        "html_css_files": [], "html_extra_path": [], "html_static_path": ["book/_epub"],
        "html_favicon": "", "html_use_index": False, "html_domain_indices": False, "katex_css_path": "course_epub.css",
        "nb_execution_cache_path": str(ROOT / "_build" / ".jupyter_cache"),
        "nb_code_prompt_show": "The code of this figure",
        "nb_mime_priority_overrides": [["epub", WIDGET, None]],  # a live figure is its still picture
        "epub_theme": "epub", "epub_css_files": ["course_epub.css"], "epub_show_urls": "no", "epub_tocdepth": 2,
        "epub_tocdup": False, "epub_uid": f"course-{version}", "epub_identifier": f"course-{version}",
        "epub_publisher": said["author"], "epub_contributor": said["author"], "epub_title": said["title"],
        "epub_description": "From one line of Python that draws a number to networks that draw digits and faces.",
        "project": said["title"], "version": version}
    return said


def build(folder: Path) -> Path:
    """Build the EPUB in an empty folder; SystemExit with what the build says if it fails or warns."""
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    (folder / "_config.yml").write_text(yaml.safe_dump(config()), encoding="utf-8")
    done = subprocess.run([Path(sys.executable).with_name("jupyter-book"), "build", "--warningiserror", "--keep-going",
                           "--builder", "custom", "--custom-builder", "epub", "."], cwd=folder, text=True,
                          capture_output=True, env=os.environ | {"COURSE_ALONE": "1"})
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}"[-4000:])
    return next((folder / "_build" / "epub").glob("*.epub"))


def main(target: str = "_build/book.epub") -> None:
    with tempfile.TemporaryDirectory(prefix="epub-") as folder:
        shutil.move(build(Path(folder)), target)
    print(f"{target}: {Path(target).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
