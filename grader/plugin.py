"""All pytest hooks of the course, thin: options, the path rule, fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.course import Course

from grader.exercise import NoSuchExercise
from grader.manifest import BrokenTests

COURSE = pytest.StashKey[list[Any]]()
ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course", "exercises of the course")
    group.addoption("--hint", action="store_true", help="a hint for the next thing to do, one step more each time")
    group.addoption(
        "--results", metavar="FILE", type=Path, help="write outcome and points of every test to FILE (JSON)"
    )
    group.addoption("--seed", metavar="N", type=int, help="draw the cases of the tests from this seed (default: 2026)")
    group.addoption("--answers", metavar="DIR", type=Path, help="where the answers lie (default: the repository)")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before anything of the student's folder is looked at: is this about exercises, and may it run?"""
    from grader.paths import select

    options = early_config.known_args_namespace
    try:
        selected = select(ROOT, options.file_or_dir, early_config.invocation_params.dir)
    except (NoSuchExercise, BrokenTests) as error:
        raise pytest.UsageError(str(error)) from None
    if not selected:
        return
    ours = ROOT / "pyproject.toml"
    if early_config.inipath is None:
        raise pytest.UsageError(
            f"pytest did not find {ours}: write options with a path in one piece, as in --results=FILE"
        )
    if early_config.inipath.resolve() != ours:
        raise pytest.UsageError(
            f"{early_config.inipath} is not the course's pytest configuration; remove it, or run with -c {ours}"
        )
    options.noconftest = True
    early_config.getini("filterwarnings").clear()  # warnings of student code are not errors
    early_config.stash[COURSE] = selected


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    selected = config.stash.get(COURSE, None)
    if not selected:
        return
    from grader.course import Course
    from grader.deadline import Deadlines
    from grader.inprocess import InProcess
    from grader.run import PUBLIC_SEED, Run

    config.args = [one.argument for one in selected]
    answers = _answers(config)
    deadlines = Deadlines(enabled=not config.getoption("usepdb"))
    seed = config.getoption("seed")
    run = Run(InProcess(answers, deadlines), PUBLIC_SEED if seed is None else seed, seed is not None)
    alone = not hasattr(config, "workerinput")  # a worker of xdist is watched by the one that started it
    course = Course(ROOT, selected, run, _results(config), deadlines if alone else None)
    config.pluginmanager.register(course, "course-session")


@pytest.hookimpl(trylast=True, specname="pytest_configure")
def pytest_configure_terminal(config: pytest.Config) -> None:
    """After pytest's own reporter is there, ours takes its place (not in the workers of xdist, which have none)."""
    course = config.pluginmanager.get_plugin("course-session")
    standard = config.pluginmanager.get_plugin("terminalreporter")
    if course and standard:
        from grader.terminal import CourseReporter

        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(CourseReporter(config, course), "terminalreporter")


def _answers(config: pytest.Config) -> Path:
    answers = config.getoption("answers")
    if answers is None:
        return ROOT
    if not answers.is_dir():
        raise pytest.UsageError(f"--answers {answers}: there is no such folder")
    return Path(answers).resolve()


def _results(config: pytest.Config) -> Path | None:
    results: Path | None = config.getoption("results")
    if results and not results.absolute().parent.is_dir():
        raise pytest.UsageError(f"--results {results}: there is no folder {results.absolute().parent}")
    return results.absolute() if results and not hasattr(config, "workerinput") else None


def pytest_enter_pdb(config: pytest.Config) -> None:
    course = config.pluginmanager.get_plugin("course-session")
    if course and course.deadlines:
        course.deadlines.off()


def _course(request: pytest.FixtureRequest) -> Course:
    course: Course | None = request.config.pluginmanager.get_plugin("course-session")
    if course is None:
        raise pytest.UsageError("this fixture belongs to hidden tests: run them by the path of their exercise")
    return course


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[object]:
    """The student's answer to this exercise: `student.f(…)` calls its function f."""
    from grader.course import RULE, STUDENT

    course = _course(request)
    exercise, rule = request.node.stash[RULE]
    student = request.node.stash[STUDENT] = course.run.student(exercise, rule)
    yield student
    student._side.end()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run."""
    return _course(request).run.seed


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Draws the cases of this test: the same for the same seed, others for another test."""
    return _course(request).run.rng(request.node.nodeid)


@pytest.fixture
def sqlite() -> object:
    """Opens an SQLite file that student code left, from outside: `sqlite(path).rows("select …")`."""
    from grader.leftovers import Database

    return Database


@pytest.fixture
def files() -> object:
    """Reads files that student code left: `files.text(path)`, `files.json(path)`."""
    from grader.leftovers import Files

    return Files()


@pytest.fixture
def memory() -> object:
    """Measures what student code needs: `with memory() as used: student.f(…)`, then `used.peak` in bytes."""
    from grader.memory import measured

    return measured
