"""What one run is given, and what it lacks."""

import tomllib
from importlib import metadata

import pytest

from grader.inprocess import InProcess
from grader.manifest import Rule
from grader.run import Run, how_to_install, missing_modules
from grader.student import NotGraded, ToDo
from grader.tests import toy

RULE = Rule("test_toy", "f", 1, "", 5.0, ())


def run(root):
    return Run(InProcess(root, toy.Deadlines()))


@pytest.fixture
def without_uv(monkeypatch):
    monkeypatch.delenv("UV_RUN_RECURSION_DEPTH", raising=False)


@pytest.fixture
def spark_is_missing(monkeypatch):
    monkeypatch.setattr("grader.run.importlib.util.find_spec", lambda name: None if name == "pyspark" else name)


def needs_spark(root):
    return toy.exercise(root, "from pyspark.sql import SparkSession\n\ndef f():\n    return 1\n")


def test_a_missing_extra_is_not_graded_and_the_command_that_installs_it_is_told(tmp_path, spark_is_missing, without_uv):
    made = needs_spark(tmp_path)
    assert missing_modules(made) == ["pyspark"]
    with pytest.raises(NotGraded) as caught:
        run(tmp_path).check_ready(made, RULE)
    assert str(caught.value) == 'pyspark is not installed here. It costs no points.\npip install -e ".[spark]"'


def test_the_command_begins_with_uv_run_for_who_began_so(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_RUN_RECURSION_DEPTH", "1")
    assert how_to_install(["pyspark"], needs_spark(tmp_path)) == "uv run --extra spark pytest week1/exercises/toy.py"


def test_what_is_to_do_is_to_do_even_where_something_is_missing(tmp_path, spark_is_missing):
    made = toy.exercise(tmp_path, "import pyspark\n\ndef f():\n    raise NotImplementedError\n")
    with pytest.raises(ToDo):
        run(tmp_path).check_ready(made, RULE)


def test_what_is_written_and_installed_is_ready(tmp_path):
    made = toy.exercise(tmp_path, "import json\n\ndef f():\n    return 1\n")
    run(tmp_path).check_ready(made, RULE)


def test_the_pin_of_spark_is_the_version_that_uv_is_told_about():
    text = (toy.GRADER.parent / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    told = {one["name"]: one["version"] for one in project["tool"]["uv"]["dependency-metadata"]}
    assert f"pyspark=={told['pyspark']}" in project["project"]["optional-dependencies"]["spark"]


def test_every_extra_is_known_where_the_course_is_installed():
    project = tomllib.loads((toy.GRADER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    installed = " ".join(metadata.requires("python-data-engineer") or [])
    for extra in project["project"]["optional-dependencies"]:
        assert f"extra == '{extra}'" in installed.replace('"', "'")


def test_direct_dependencies_are_pinned():
    project = tomllib.loads((toy.GRADER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    extras = [one for group in project["project"]["optional-dependencies"].values() for one in group]
    groups = [one for group in project["dependency-groups"].values() for one in group]
    for requirement in [*project["project"]["dependencies"], *extras, *groups, *project["build-system"]["requires"]]:
        assert "==" in requirement
