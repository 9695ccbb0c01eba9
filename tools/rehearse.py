"""Perform, in fresh environments, what cannot be tested in the working one (`make rehearse`): minutes, and PyPI.

Run: python tools/rehearse.py binder    what repo2docker does with a checkout, then every chapter in a browser
     python tools/rehearse.py colab     the first cell of the copies for Colab, then two chapters
     python tools/rehearse.py bare      `make site` and the tests where there is neither Node nor Chromium
     python tools/rehearse.py keras     the shipped networks under the oldest and the newest Keras of the ranges
     python tools/rehearse.py slow      the built site's figures on a processor ten times slower
     python tools/rehearse.py slides    every chapter as slides, from the first to the last, in two sizes
     python tools/rehearse.py python    every chapter that trains nothing, in the page's own Python
     python tools/rehearse.py firefox   every page of it in Firefox (Debian: firefox-esr)
     python tools/rehearse.py webkit    every page of it in WebKit (Debian: webkit2gtk-driver, xvfb)
     python tools/rehearse.py shorter   the book without each of its pages and of its parts
     python tools/rehearse.py printed   the PDF before qpdf, the EPUB before epubcheck (Debian's packages)
     python tools/rehearse.py assignments   an assignment, answered in eight ways and graded by nbgrader

The first four work on a clone of the last commit, so what is not committed does not count.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from packaging.requirements import Requirement

sys.path.insert(0, str(Path(__file__).parent))
from rehearse_books import assignments, printed, shorter
from rehearse_browsers import firefox, python, slides, slow, webkit

ROOT = Path(__file__).resolve().parents[1]
HIDDEN = re.compile(r"(node|nodejs|npm|npx|corepack|chromium.*|chrome|google-chrome.*)$")
NOT_INHERITED = ("PYTHONPATH", "VIRTUAL_ENV", "CI", "CHROMIUM", "MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def run(*command: str | Path, **options) -> str:
    """Run a command, show what it is, stop if it fails; return what it prints where `capture_output` asks."""
    print("$", *command, flush=True)
    result = subprocess.run([str(word) for word in command], text=True, **options)
    if result.returncode:
        raise SystemExit(f"exit status {result.returncode}: {(result.stdout or '')}{(result.stderr or '')}"[-4000:])
    return (result.stdout or "") + (result.stderr or "")


def clean_environment(folder: Path, first: Path | None = None) -> dict[str, str]:
    """The environment of a machine without Node and Chromium: links to every other program, none to these."""
    programs = folder / "programs"
    programs.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).glob("*") if not place.startswith(str(ROOT)) else []:
            if not HIDDEN.match(program.name) and not os.path.lexists(programs / program.name):
                (programs / program.name).symlink_to(program)
    path = os.pathsep.join(str(place) for place in (first, programs) if place)
    return {key: value for key, value in os.environ.items() if key not in NOT_INHERITED} | {"PATH": path}


def clone(folder: Path) -> Path:
    run("git", "clone", "--quiet", ROOT, folder / "course")
    return folder / "course"


def fresh(folder: Path, *packages: str, python: str = sys.executable) -> Path:
    """A new virtual environment with some packages; returns its folder of programs."""
    run(python, "-m", "venv", folder)
    if packages:
        run(folder / "bin" / "pip", "install", "--quiet", *packages)
    return folder / "bin"


def repo2docker_steps(course: Path, folder: Path) -> tuple[str, list[str]]:
    """What repo2docker would do with a checkout: the version of Python, the commands after the copy of the files.

    It is asked for its Dockerfile, which needs no Docker.
    """
    bin_ = fresh(folder / "repo2docker", "jupyter-repo2docker")
    dockerfile = run(bin_ / "jupyter-repo2docker", "--no-build", "--debug", ".", cwd=course, capture_output=True)
    python = re.search(r"conda environment for python=(\S+)", dockerfile)[1]
    return python, re.findall(r"^RUN (.+)$", dockerfile.split("# Copy stuff.")[1], re.MULTILINE)


def binder(folder: Path) -> None:
    """The steps of repo2docker, where the image's conda is a virtual environment with the same servers."""
    course = clone(folder)
    version, steps = repo2docker_steps(course, folder)
    bin_ = fresh(folder / "image", "jupyterhub==5.*", "jupyter-resource-usage==1.*", python=f"python{version}")
    image = clean_environment(folder, bin_) | {"KERNEL_PYTHON_PREFIX": str(bin_.parent), "REPO_DIR": str(course)}
    for step in steps:
        run("bash", "-c", step, cwd=course, env=image)
    run(bin_ / "pip", "check")
    size = sum(file.stat().st_size for file in bin_.parent.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"The environment takes {size / 1e9:.1f} GB (the base image of repo2docker comes on top)", flush=True)
    run(sys.executable, "-m", "pytest", "-q", "tests/site/test_lab.py", cwd=ROOT,
        env=os.environ | {"LAB_PYTHON": str(bin_ / "python"), "LAB_ROOT": str(course)})


def colab(folder: Path) -> None:
    """The first cell of a copy where of Colab's packages there are the kernel and its old widgets, then the chapter.

    Colab's folder /content is a temporary one here; what Colab's own page does with widgets is not rehearsed.
    """
    course, content = clone(folder), folder / "content"
    content.mkdir()
    bin_ = fresh(folder / "colab", "ipykernel", "nbclient", "pip", "pyyaml", "ipywidgets==7.7.1", "tensorflow-cpu")
    run(bin_ / "python", "-c", COLAB, course.as_uri(), content, cwd=course / "tools",
        env=clean_environment(folder, bin_))


COLAB = """
import sys, nbformat, colab
from nbclient import NotebookClient
address, content = sys.argv[1:]
for path in colab.chapters()[:2]:
    notebook = colab.with_first_cell(nbformat.read(path, as_version=4), address, "HEAD")
    notebook.cells[0].source = notebook.cells[0].source.replace("/content", content).replace("--branch HEAD", "")
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": content}}).execute()
    print(path.name, "runs")
"""


def bare(folder: Path) -> None:
    """Without Node the site builds; without Chromium the tests of the site say how to enable them."""
    course, machine = clone(folder), clean_environment(folder)
    assert shutil.which("node", path=machine["PATH"]) is None
    run("make", "site", f"PYTHON={sys.executable}", cwd=course, env=machine)
    run("make", "-s", ".venv/.installed-tests", cwd=course, env=machine)
    report = run(course / ".venv/bin/pytest", "-q", "tests/site/test_site.py", cwd=course, env=machine,
                 capture_output=True)
    print("\n".join(report.splitlines()[-4:]))
    assert "no Chromium found: install it" in report


def ranges(*names: str) -> list[Requirement]:
    """The lines of requirements.txt for some packages."""
    lines = (line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines())
    return [one for one in map(Requirement, filter(None, lines)) if one.name in names]


def oldest(requirement: Requirement) -> str:
    """The oldest minor version of a range, in its newest repair: the range as `name==3.6.*`."""
    return f"{requirement.name}=={next(one.version for one in requirement.specifier if one.operator == '>=')}.*"


def keras(folder: Path) -> None:
    """Every shipped network becomes a Keras model, which computes what the network computes, and a network again."""
    course, wanted = clone(folder), ranges("keras", "tensorflow-cpu")
    for age, packages in {"oldest": map(oldest, wanted),
                          "newest": [f"{one.name}{one.specifier}" for one in wanted]}.items():
        bin_ = fresh(folder / age, *packages, *(f"{one.name}{one.specifier}" for one in ranges("numpy", "scipy")))
        run(bin_ / "python", "-c", KERAS, cwd=course, env=clean_environment(folder / age))


KERAS = """
import keras, numpy as np, tensorflow as tf
from helpers.networks import Network, from_keras, shipped, to_keras

print(f"Keras {keras.__version__}, TensorFlow {tf.__version__}, NumPy {np.__version__}")
random, worst = np.random.default_rng(0), {}
for name in shipped.manifest():
    network = shipped.load(name)
    if isinstance(network, Network):
        rows = {one: random.normal(size=(20, *shape)).astype("float32") for one, shape in network.inputs.items()}
        model, one = to_keras(network), rows if len(rows) > 1 else next(iter(rows.values()))
        ours, its, again = (keras.tree.flatten(each(one)) for each in (network, model, from_keras(model)))
        worst[name] = max(np.abs(a - b).max() / np.abs(a).max() for found in (its, again) for a, b in
                          zip(ours, found, strict=True))
print(*(f"{error:.0e} {name}" for name, error in worst.items()), sep="\\n")
assert worst and all(error <= 1e-4 for error in worst.values()), "a difference of more than 1e-4 of the output's scale"
"""


REHEARSALS = {function.__name__: function for function in (
    binder, colab, bare, keras, slow, slides, python, firefox, webkit, shorter, printed, assignments)}


def main(names: list[str]) -> None:
    for name in names or REHEARSALS:
        with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
            print(f"== {name}", flush=True)
            REHEARSALS[name](Path(folder))
            print(f"== {name}: passed", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
