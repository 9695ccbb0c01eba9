"""GitHub's workflows: pinned, with few rights, nothing published before the tests pass; and what .ci/run changes.

`make audit` asks zizmor and GitHub's schema as well; the workflows themselves run at GitHub only.
"""

import os
import re
import shutil
import subprocess

import pytest
import yaml
from support import ROOT, tool

FILES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}
WORKFLOWS = {name: yaml.safe_load(text) for name, text in FILES.items()}
JOBS = {(name, job): told for name, workflow in WORKFLOWS.items() for job, told in workflow["jobs"].items()}
PUBLISH = WORKFLOWS["publish.yml"]["jobs"]
READS = ({}, {"contents": "read"})
WRITERS = {name: job for name, job in PUBLISH.items() if job["permissions"] not in READS}
TESTS = "$/.github/workflows/test.yml"  # GitHub's way to say: of this repository, at this commit
PINNED = re.compile(r"uses: (actions/[a-z-]+)@([0-9a-f]{40})  # (v\d+\.\d+\.\d+)$", re.MULTILINE)


def steps(job: dict, action: str = "") -> list[dict]:
    return [step for step in job.get("steps", []) if step.get("uses", "").startswith(action)]


def test_every_action_is_githubs_own_and_pinned_by_the_hash_of_a_version():
    found = [pin for text in FILES.values() for pin in PINNED.findall(text)]
    named = [step["uses"] for job in JOBS.values() for step in steps(job) if "uses" in step]
    assert sorted(named) == sorted(f"{action}@{commit}" for action, commit, _ in found)
    assert len({action for action, *_ in found}) == len(set(found)) == 7  # one version of each


def test_only_publish_has_rights_and_only_its_two_last_jobs():
    assert all(workflow["permissions"] in READS for workflow in WORKFLOWS.values())
    assert all(job.get("permissions", {}) in READS for (name, _), job in JOBS.items() if name != "publish.yml")
    assert {name: job["permissions"] for name, job in WRITERS.items()} == {
        "pages": {"pages": "write", "id-token": "write"}, "colab": {"contents": "write"}}


def test_no_checkout_leaves_its_token():
    taken = [step for job in JOBS.values() for step in steps(job, "actions/checkout@")]
    assert len(taken) >= 8 and all(step["with"]["persist-credentials"] is False for step in taken)


@pytest.mark.parametrize("name", WRITERS)
def test_what_publishes_waits_for_the_tests_and_runs_git_alone_on_what_was_built(name):
    job = WRITERS[name]
    assert job["needs"] == ["test", "build"] and PUBLISH["test"]["uses"] == TESTS
    assert not [told for told in (job, PUBLISH["test"], PUBLISH["build"]) if "if" in told]  # always() would not wait
    lines = "\n".join(step.get("run", "") for step in steps(job)).replace("\\\n", "")
    assert set(re.findall(r"(?:^|&&|\|\|?|;|\$\()\s*(\w\S*)", lines, re.MULTILINE)) <= {"git"} and "`" not in lines
    actions = {step["uses"].split("@")[0] for step in steps(job) if "uses" in step}
    assert actions <= {"actions/deploy-pages", "actions/download-artifact"}


def test_the_tests_before_publishing_are_all_of_them_and_may_be_called():
    workflow = WORKFLOWS["test.yml"]
    assert set(workflow[True]) == {"pull_request", "workflow_call"}  # YAML 1.1 reads "on" as true
    assert "bash .ci/run" in [step.get("run") for step in steps(workflow["jobs"]["test"])]


def test_what_is_built_is_what_is_published():
    left = {step["uses"].split("@")[0]: step["with"] for step in steps(PUBLISH["build"], "actions/upload")}
    taken = steps(PUBLISH["colab"], "actions/download-artifact@")[0]["with"]
    assert left == {"actions/upload-pages-artifact": {"path": "_build/html"}, "actions/upload-artifact": taken}


@pytest.mark.parametrize("name", FILES)
def test_a_failed_step_fails_its_run(name):
    assert not re.search(r"continue-on-error|always\(\)|\|\| *(true|:|exit 0)|set \+e", FILES[name])


def test_windows_runs_readmes_own_lines():
    block = re.search(r"```powershell\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    lines = [line.split("  #")[0].rstrip() for line in block.splitlines()]
    job = JOBS["systems.yml", "windows"]
    stop, *ran = job["steps"][-1]["run"].splitlines()
    assert stop == "$PSNativeCommandUseErrorActionPreference = $true"  # else only the last line's failure counts
    assert ran == lines[:len(ran)] and ran[-1].startswith("jupyter-book build") and "windows" in job["runs-on"]


def test_macos_builds_what_readmes_first_command_serves():
    rules = dict(re.findall(r"^(book|site): (.*?)  ##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert "```sh\nmake book\n" in (ROOT / "README.md").read_text(encoding="utf-8") and rules["book"] == rules["site"]
    job = JOBS["systems.yml", "macos"]
    assert job["steps"][-1]["run"] == "make site" and "macos" in job["runs-on"]


def test_every_rehearsal_is_performed_once_a_week():
    job = JOBS["newest.yml", "rehearse"]
    assert job["strategy"]["matrix"]["which"] == list(tool("rehearse").REHEARSALS)
    assert job["steps"][-1]["run"] == 'make rehearse WHICH="$WHICH"' and "schedule" in WORKFLOWS["newest.yml"][True]


@pytest.mark.parametrize(("job", "last"), [("newest", ["make update", "bash .ci/run"]), ("audit", ["make audit"]),
                                           ("without-tensorflow", ["make update", "make site"])])
def test_the_weekly_run_takes_the_newest_versions(job, last):
    assert [step["run"] for step in JOBS["newest.yml", job]["steps"] if "run" in step] == last
    said = subprocess.run(["make", "-n", "update"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pip compile --quiet --upgrade " in said


def test_no_command_of_a_workflow_is_put_together_from_texts_of_others():
    assert not [step["run"] for job in JOBS.values() for step in steps(job) if "${{" in step.get("run", "")]


@pytest.mark.parametrize("engine", ["firefox", "webkit"])
def test_a_rehearsal_moves_every_page_in_another_engine(engine, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setitem(tool("rehearse").REHEARSALS[engine].__globals__, "run_tests",
                        lambda path, *before, **settings: asked.append((path, settings)))
    tool("rehearse").REHEARSALS[engine](tmp_path)
    assert asked == [("tests/site/every_engine.py", {"ENGINE": engine})]


def test_make_audit_asks_zizmor_and_githubs_schema_about_every_workflow():
    said = subprocess.run(["make", "-n", "audit"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r"^\S*/zizmor --quiet --offline \.github$", said, re.MULTILINE)
    assert re.search(r"/check-jsonschema --builtin-schema vendor\.github-workflows \.github/workflows/\*\.yml$", said,
                     re.MULTILINE)


@pytest.mark.parametrize(("runner", "changed"), [("github-hosted", True), ("self-hosted", False), (None, False)])
def test_a_setting_of_the_whole_system_changes_on_githubs_throwaway_machines_only(tmp_path, runner, changed):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    for name in ("apt-get", "chromium", "make", "python3", "sudo", "unshare"):
        does = {"unshare": "exit 1", "sudo": 'echo "sudo $@"', "make": 'echo "make $@"'}.get(name, "exit 0")
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    told = {key: value for key, value in os.environ.items() if key != "RUNNER_ENVIRONMENT"}
    told |= {"PATH": f"{tmp_path}{os.pathsep}{told['PATH']}"} | ({"RUNNER_ENVIRONMENT": runner} if runner else {})
    result = subprocess.run(["bash", tmp_path / ".ci" / "run"], env=told, capture_output=True, text=True, check=True)
    setting = ["sudo sysctl -qw kernel.apparmor_restrict_unprivileged_userns=0"]
    assert result.stdout.splitlines() == [*(setting if changed else []), "make test"]
