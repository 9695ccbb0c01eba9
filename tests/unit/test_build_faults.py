"""Builds that are stopped, killed, doubled, short of space: they say so, and nothing by halves is taken for whole."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache
from support import ROOT, tool

FOLDER = "Mein Kurs é (1)"


@pytest.fixture
def run_chapters(tmp_path):
    """Start tools/cache.py on notebooks of one cell each, given by their names and code."""

    def start(limit: int = resource.RLIM_INFINITY, **chapters: str) -> subprocess.Popen:
        for name, source in chapters.items():
            cells = [nbformat.v4.new_code_cell(source)]
            nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
        command = [sys.executable, ROOT / "tools" / "cache.py", "cache", *(f"{name}.ipynb" for name in chapters)]
        return subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                start_new_session=True,
                                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    return start


def said(process: subprocess.Popen) -> tuple[int, list[str], str]:
    """How it ended, its lines in order of the alphabet, and the last line of its errors."""
    out, errors = process.communicate(timeout=120)
    errors = [line for line in errors.splitlines() if "IPKernelApp" not in line]
    return process.returncode, sorted(out.splitlines()), (errors or [""])[-1]


def stored(folder: Path, name: str) -> str:
    _, found = get_cache(folder / "cache").merge_match_into_notebook(nbformat.read(folder / name, as_version=4))
    return found.cells[0].outputs[0].text


def test_chapters_run_into_the_builds_cache_once_and_one_that_raises_is_left_to_the_build(run_chapters, tmp_path):
    first, second = (said(run_chapters(good="print(6 * 7)", bad="1 / 0")) for _ in range(2))
    assert first[0] == second[0] == 0 and second[1] == ["bad.ipynb ... failed"]
    assert re.fullmatch(r"bad.ipynb ... failed\ngood.ipynb ... \d+ s", "\n".join(first[1]))
    assert stored(tmp_path, "good.ipynb") == "42\n"


KILL = "import os, signal; os.kill(os.getp{}id(), signal.SIGKILL)"


def test_a_killed_kernel_is_named_with_its_cause_and_remedy_and_the_chapter_beside_it_stays(run_chapters, tmp_path):
    good = "import time; time.sleep(8); print(6 * 7)"
    status, lines, last = said(run_chapters(greedy=KILL.format(""), good=good))
    assert status == 1 and len(lines) == 2 and "greedy.ipynb ... failed" in lines
    assert last.startswith("The kernel of greedy.ipynb was killed, most likely because memory ran out")
    assert "run the same command again" in last and last.endswith("make book AT_ONCE=1")
    assert stored(tmp_path, "good.ipynb") == "42\n"


def test_a_killed_worker_is_a_killed_kernel(run_chapters):
    status, lines, last = said(run_chapters(greedy=KILL.format("p")))
    assert status == 1 and lines == ["greedy.ipynb ... failed"]
    assert last.startswith("The kernel of greedy.ipynb was killed, most likely because memory ran out")


def test_chapters_run_one_at_a_time_where_that_is_asked_for(monkeypatch):
    cache, most = tool("cache"), []
    for value in ("1", ""):
        monkeypatch.setenv("AT_ONCE", value)
        with cache.workers() as pool:
            most.append(pool._max_workers)
    assert most == [1, 2]


def test_make_notebooks_says_of_a_killed_kernel_what_to_do(tmp_path, capsys):
    path = tmp_path / "greedy.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(KILL.format(""))]), path)
    before = path.read_bytes()
    with pytest.raises(SystemExit, match=r"kernel of greedy\.ipynb was killed, most likely because memory ran out"):
        tool("notebooks").main([str(path)])
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_ctrl_c_ends_the_chapters_at_once_and_keeps_those_that_ended(run_chapters, tmp_path):
    wait = "import pathlib, time; pathlib.Path('begun').touch(); time.sleep(100)"
    running = run_chapters(good="print(6 * 7)", long=wait, longer=wait, next=wait)
    good = running.stdout.readline()
    while not (tmp_path / "begun").exists():
        time.sleep(0.1)
    begin = time.monotonic()
    os.killpg(running.pid, signal.SIGINT)
    assert said(running)[0] == 1 and time.monotonic() - begin < 50
    assert good.startswith("good.ipynb ... ") and stored(tmp_path, "good.ipynb") == "42\n"


def test_a_full_disk_is_said_and_what_was_written_by_halves_is_run_again(run_chapters, tmp_path):
    much = {"much": "print('x' * 400_000)"}
    status, _, last = said(run_chapters(limit=300_000, **much))
    assert status == 1 and last.startswith("The disk is full") and "run the same command again" in last
    half = next(tmp_path.rglob("base.ipynb"))
    assert 0 < half.stat().st_size < 400_000
    status, lines, _ = said(run_chapters(**much))
    assert status == 0 and len(lines) == 1 and len(stored(tmp_path, "much.ipynb")) == 400_001


def lose(cache: Path) -> None:
    shutil.rmtree(next(cache.rglob("base.ipynb")).parent)


def cut(cache: Path) -> None:
    os.truncate(next(cache.rglob("base.ipynb")), 100)


def empty(cache: Path) -> None:
    os.truncate(cache / "global.db", 0)


@pytest.mark.parametrize("spoil", [lose, cut, empty])
def test_a_chapter_that_was_stored_by_halves_is_forgotten_and_can_be_stored(tmp_path, spoil):
    tools, path = tool("cache"), tmp_path / "good.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")])
    nbformat.write(notebook, path)
    kept = []
    for step in (lambda: None, lambda: spoil(tmp_path / "cache")):
        tools.store(get_cache(tmp_path / "cache"), path, tools.ExecutionResult(notebook, str(tmp_path), 1))
        step()
        tools.drop_damaged(get_cache(tmp_path / "cache"))
        kept.append(tools.is_stored(get_cache(tmp_path / "cache"), path))
    tools.store(get_cache(tmp_path / "cache"), path, tools.ExecutionResult(notebook, str(tmp_path), 1))
    assert kept == [True, False] and tools.is_stored(get_cache(tmp_path / "cache"), path)


@pytest.mark.parametrize(("error", "full"), [(OSError(28, "No space left on device"), True), (None, False),
                                             (OSError(2, "not there"), False), (ValueError("disk is full"), True)])
def test_a_full_disk_is_seen_behind_other_errors(error, full):
    outer = RuntimeError("the build failed")
    outer.__cause__ = error
    said = tool("full_disk").remedy(outer)
    assert bool(said) == full and (not full or str(error) in said)


LOG = "import pathlib, sys, time; log = pathlib.Path('log').open('a'); print('begin', file=log, flush=True); {}"
WORK = LOG.format("time.sleep(2); print('end', file=log, flush=True)")


@pytest.fixture
def alone(tmp_path):
    """Start tools/alone.py, which has a lock of its own in a folder with a space, an accent and brackets."""
    tools = tmp_path / FOLDER / "tools"
    tools.mkdir(parents=True)
    shutil.copy(ROOT / "tools" / "alone.py", tools)
    environment = {key: value for key, value in os.environ.items() if key != "COURSE_ALONE"}

    def start(code: str) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, tools / "alone.py", sys.executable, "-c", code], cwd=tools.parent,
                                env=environment, stdout=subprocess.PIPE, text=True)

    return start


def test_two_builds_at_once_wait_for_each_other_and_say_so(alone, tmp_path):
    both = [alone(WORK), alone(WORK)]
    words = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(words) == ["", "Another build is at work in this folder: waiting for it to end.\n"]
    assert (tmp_path / FOLDER / "log").read_text().split() == ["begin", "end"] * 2


def test_a_build_that_is_killed_leaves_the_lock_free(alone, tmp_path):
    first = alone(LOG.format("time.sleep(100)"))
    while "begin" not in (log.read_text() if (log := tmp_path / FOLDER / "log").exists() else ""):
        assert first.poll() is None, first.communicate()[0]
        time.sleep(0.05)
    first.kill()
    first.wait()
    assert alone("").communicate(timeout=60)[0] == ""


def test_a_build_within_a_build_does_not_wait(alone, tmp_path):
    inner = f"import subprocess; subprocess.run({[sys.executable, 'tools/alone.py', 'echo', 'inside']}, check=True)"
    assert alone(inner).communicate(timeout=60)[0] == "inside\n"


def test_who_waits_gets_the_lock_that_the_next_one_meets_though_clean_removes_it(tmp_path):
    take, lock, got = tool("alone").take, tmp_path / "_build" / ".lock", []
    first = take(lock)
    waiting = threading.Thread(target=lambda: got.append(take(lock)))
    waiting.start()
    time.sleep(0.5)
    shutil.rmtree(lock.parent)
    first.close()
    waiting.join(10)
    assert os.path.samestat(os.fstat(got[0].fileno()), lock.stat())
    got[0].close()


@pytest.fixture
def course(tmp_path):
    """A folder in which `make site` has to run the chapters and build the pages; both only note that they do."""
    folder = tmp_path / FOLDER
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    rules = re.findall(r"^\$\((?:INSTALLED|ASSETS|PAGE)\):((?:.*\\\n)*.*)", (ROOT / "Makefile").read_text(), re.M)
    needed = re.findall(r"(?<![$*\w(])[\w/-]+\.\w+", " ".join(rules))
    for name in ("_config.yml", "_toc.yml", "benchmarks/results/table.md", *needed,
                 ".venv/.installed", "_build/.assets", "_build/.page"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (folder / "tools" / "cache.py").write_text("print('chapters')")
    (programs / "python").symlink_to(sys.executable)
    (programs / "jupyter-book").write_text(f"#!{sys.executable}\nprint('pages', flush=True); {WORK}")
    (programs / "jupyter-book").chmod(0o755)
    shutil.copy(ROOT / "Makefile", folder)
    shutil.copy(ROOT / "tools" / "alone.py", folder / "tools")
    return folder


def make_site(folder: Path, *words: str) -> subprocess.Popen:
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "COURSE_ALONE", "MAKEFLAGS")}
    return subprocess.Popen(["make", "site", *words], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True,
                            start_new_session=True)


def program(path: Path, code: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{code}\n")
    path.chmod(0o755)
    return path


def test_a_build_of_pages_that_fails_fails_again(course):
    program(course / ".venv" / "bin" / "jupyter-book", 'echo "$@"; exit 1')
    for _ in range(2):
        failed = make_site(course)
        words = failed.communicate(timeout=60)[0]
        assert failed.returncode == 2 and "build --warningiserror --keep-going ." in words
        assert not (course / "_build" / ".site").exists()


def test_another_python_than_the_environments_builds_nothing(course, tmp_path):
    refused = make_site(course, f"PYTHON={program(tmp_path / 'python', 'echo Python 3.99.0')}")
    assert "rm -r" in refused.communicate(timeout=60)[0] and refused.returncode == 2
    assert not (course / "log").exists()


@pytest.mark.parametrize("goal", ["notebooks", "clean"])
def test_what_writes_where_a_build_writes_waits_for_it(goal):
    said = subprocess.run(["make", "-n", goal], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^\S*python\S* tools/alone\.py (rm -rf|\S+ tools/notebooks\.py)", said, re.MULTILINE)


def test_an_environment_without_pip_is_made_anew(course, tmp_path):
    (course / ".venv" / ".installed").unlink()
    (course / ".venv" / "bin" / "python").unlink()
    program(course / ".venv" / "bin" / "python", 'test "$1 $2 $3" != "-m pip --version" && echo Python 3.12.0')
    asked = program(tmp_path / "python", f'test "$1" = --version && exec echo Python 3.12.0\n'
                                         f'echo "$@" > "{tmp_path}/asked"\n'
                                         f'printf "#!/bin/sh\\n" > "{course}/.venv/bin/python"')
    subprocess.run(["make", ".venv/.installed", f"PYTHON={asked}"], cwd=course, capture_output=True, check=True)
    assert (tmp_path / "asked").read_text() == "-m venv --clear .venv\n"
    assert (course / ".venv" / ".installed").exists()


def test_two_makes_at_once_build_once(course):
    both = [make_site(course), make_site(course)]
    words = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert (course / "log").read_text().split() == ["begin", "end"]
    assert all("The site is in _build/html" in said for said in words)
    assert sum("waiting for it to end" in said for said in words) == 1


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_make_that_is_stopped_while_it_builds_leaves_the_site_to_be_built(course, how):
    (course / "_build" / ".site").touch()
    os.utime(course / "_build" / ".site", (1, 1))
    running = make_site(course)
    while not (course / "log").exists():
        assert running.poll() is None, running.communicate()[0]
        time.sleep(0.05)
    assert not (course / "_build" / ".site").exists()
    os.killpg(running.pid, how)
    running.communicate(timeout=60)
    assert running.returncode != 0 and not (course / "_build" / ".site").exists()
    again = make_site(course)
    again.communicate(timeout=60)
    assert again.returncode == 0 and (course / "log").read_text().split()[-2:] == ["begin", "end"]


def test_a_windows_checkout_has_the_same_bytes(tmp_path):
    """Scripts with CRLF do not run in bash, and files that are compared byte by byte would differ."""
    names = [".gitattributes", ".ci/run", "binder/start", "Makefile", "_config.yml", "tools/cache.py",
             "book/02_percent_point_function.ipynb", "book/_static/course.css"]
    origin, copy = tmp_path / "origin", tmp_path / "copy"
    for name in names:
        (origin / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, origin / name)
    windows = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf"]
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost", *windows]
    for command in (["init", "-q", origin], ["-C", origin, "add", "."], ["-C", origin, "commit", "-qm", "course"],
                    ["clone", "-q", *windows, origin, copy]):
        subprocess.run([*git, *command], check=True)
    for name in names:
        assert (copy / name).read_bytes() == (ROOT / name).read_bytes(), name
        assert b"\r" not in (ROOT / name).read_bytes(), name
