"""All pytest hooks of the course, thin: options, the path rule, fixtures."""

from __future__ import annotations

import gc
import importlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.ahead import Ahead
    from grader.course import Course
    from grader.deadline import Deadlines
    from grader.exercise import Exercise
    from grader.peer import Exchange
    from grader.run import Carrier
    from grader.seed import Seed
    from grader.student import Conversation, Student
    from grader.zygote import Zygote

from grader.exercise import NoSuchExercise
from grader.manifest import BrokenTests

COURSE = pytest.StashKey[list[Any]]()
LOST = pytest.StashKey[list[str]]()
ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("course", "exercises of the course")
    group.addoption("--hint", action="store_true", help="a hint for the next thing to do, one step more each time")
    group.addoption(
        "--results", metavar="FILE", type=Path, help="write outcome and points of every test to FILE (JSON)"
    )
    group.addoption(
        "--apart", action="store_true", help="student code in a process of its own, in the best jail there is"
    )
    group.addoption("--jail", metavar="NAME", default="", help="with --apart: this jail and no other")
    group.addoption(
        "--seed",
        metavar="N",
        type=int,
        help="draw the cases of the tests from this seed (default: COURSE_SEED, or 2026)",
    )
    group.addoption("--student", metavar="NAME", help="draw them from COURSE_KEY and this name: an official run")
    group.addoption(
        "--feedback",
        choices=("full", "rule", "count"),
        help="how much a broken rule tells (default: full; with --student: rule, which shows no values)",
    )
    group.addoption(
        "--services",
        choices=("external", "compose", "docker", "embedded"),
        help="where servers come from (default: the first of these that has them)",
    )
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
    from grader.run import Run
    from grader.serving import serve

    config.args = [one.argument for one in selected]
    deadlines = Deadlines(enabled=not config.getoption("usepdb"))
    run = Run(_carrier(config, deadlines), _seed(config))
    if hasattr(config, "workerinput"):  # what would not stop ends this worker, and xdist says which test it was
        deadlines.last_words = Path(os.devnull).open("wb")  # noqa: SIM115
    # a worker of xdist is watched by the one that started it, a worker of ours by us
    watched = hasattr(config, "workerinput") or run.carrier.level == "apart"
    feedback = config.getoption("feedback") or ("rule" if config.getoption("student") is not None else "full")
    course = Course(ROOT, selected, run, _results(config), None if watched else deadlines, feedback)
    config.pluginmanager.register(course, "course-session")
    course.serving = serve(config, selected, run)


@pytest.hookimpl(trylast=True, specname="pytest_configure")
def pytest_configure_terminal(config: pytest.Config) -> None:
    """After pytest's own reporter is there, ours takes its place (not in the workers of xdist, which have none)."""
    course = config.pluginmanager.get_plugin("course-session")
    standard = config.pluginmanager.get_plugin("terminalreporter")
    if course and standard:
        from grader.terminal import CourseReporter

        config.pluginmanager.unregister(standard)
        config.pluginmanager.register(CourseReporter(config, course), "terminalreporter")


def _carrier(config: pytest.Config, deadlines: Deadlines) -> Carrier:
    from grader.inprocess import InProcess

    answers = _answers(config)
    if not config.getoption("apart"):
        if config.getoption("jail"):
            raise pytest.UsageError("--jail goes with --apart")
        return InProcess(answers, deadlines)
    if config.getoption("usepdb"):
        raise pytest.UsageError("--pdb needs the answer in this process: leave out --apart")
    from grader.apart import Apart

    exercises = [one.exercise for one in config.stash[COURSE]]
    return Apart(answers, workers(config, exercises, config.getoption("jail")))


def workers(config: pytest.Config, exercises: list[Exercise], jail: str) -> Zygote:
    """The zygote for these exercises in the best jail that holds, for as long as the session lives.

    Where a second one is cheap, libraries are in it alone: what does not need them is copied in a third of the time.
    """
    from grader.declared import read_stub
    from grader.jail import Unavailable
    from grader.selftest import trusted

    modules = {name for exercise in exercises for name in read_stub(exercise.stub).modules}
    imports = sorted(modules | ({"pyarrow"} if "pandas" in modules else set()))
    private = [ROOT / "grader" / "week1", ROOT / ".git", Path.home()]
    try:
        zygote, config.stash[LOST] = trusted(jail, imports, private, lambda zygote: _meanwhile(zygote, imports))
    except Unavailable as error:
        raise pytest.UsageError(f"--apart: {error}") from None
    if zygote.full is not zygote:
        zygote.imports = sorted(sys.stdlib_module_names.intersection(imports))
    zygote.import_ahead()
    config.pluginmanager.register(Workers(zygote), "course-workers")
    return zygote


def _meanwhile(zygote: Zygote, imports: list[str]) -> None:
    """Libraries take half a second: they are imported there and here at the same time, while the jail starts."""
    if zygote.jail.namespaces and not sys.stdlib_module_names.issuperset(imports):
        zygote.beside(imports).import_ahead()
    for module in {"pandas", "pyarrow"}.intersection(imports):
        importlib.import_module(module)
    gc.freeze()  # nobody need look through them for garbage


class Workers:
    """Registered with --apart: the life of the zygote, and temporary folders that a jailed worker can be given."""

    def __init__(self, zygote: Zygote) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self.zygote = zygote
        self.sweeper = ThreadPoolExecutor(1)
        """Removes the folders of tests that are over: student code may have filled them, and no test waits for that."""

    def pytest_unconfigure(self) -> None:
        self.sweeper.shutdown(cancel_futures=True)
        self.zygote.close()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        self.expect(item.config, nextitem)

    def expect(self, config: pytest.Config, following: pytest.Item | None) -> None:
        """While a test runs, the worker of the one after it is made ready."""
        from grader.ahead import Need
        from grader.course import RULE
        from grader.serving import of

        if ahead := _ahead(config):
            need = None
            if following and _session(config).will_run(following) and not of(following.stash[RULE][1]):
                names = following.fixturenames  # type: ignore[attr-defined]
                need = Need(following.stash[RULE][0], "tmp_path" in names, "inbox" in names, _pure(names))
            ahead.expect(need)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Any:
        result = yield
        if ahead := _ahead(item.config):
            ahead.test_is_over()
        return result

    @pytest.fixture
    def tmp_path(self, pytestconfig: pytest.Config) -> Iterator[Path]:
        """A fresh folder that test and student code share."""
        from grader.hands_off import over
        from grader.sweep import remove

        ahead = _ahead(pytestconfig)
        folder = ahead.folder() if ahead else None
        folder = folder or Path(tempfile.mkdtemp(dir=self.zygote.base))
        yield folder
        over(folder)
        self.sweeper.submit(remove, folder)

    @pytest.fixture
    def inbox(self, pytestconfig: pytest.Config) -> Iterator[Path]:
        """A fresh folder that the test may fill at any time, and student code can only read."""
        from grader.sweep import remove

        ahead = _ahead(pytestconfig)
        folder = ahead.given() if ahead else None
        folder = folder or Path(tempfile.mkdtemp(dir=self.zygote.given))
        folder.chmod(0o755)
        yield folder
        self.sweeper.submit(remove, folder)


def _ahead(config: pytest.Config) -> Ahead | None:
    """What is made ready for the submission under test, if that runs apart."""
    from grader.apart import Apart

    carrier = _session(config).run.carrier
    return carrier.ahead if isinstance(carrier, Apart) else None


def _session(config: pytest.Config) -> Course:
    course: Course | None = config.pluginmanager.get_plugin("course-session")
    assert course is not None
    return course


def _seed(config: pytest.Config) -> Seed:
    """--student with COURSE_KEY, else --seed, else COURSE_SEED, else the public one."""
    from grader.seed import PUBLIC, Seed

    student, number = config.getoption("student"), config.getoption("seed")
    if student is not None:
        if number is not None:
            raise pytest.UsageError("--seed and --student exclude each other")
        if not os.environ.get("COURSE_KEY"):
            raise pytest.UsageError("--student needs the course's secret in the environment: COURSE_KEY=…")
        return Seed.of(os.environ["COURSE_KEY"], student)
    if number is not None:
        return Seed(number)
    text = os.environ.get("COURSE_SEED", str(PUBLIC))
    if not text.isdecimal():
        raise pytest.UsageError(f"COURSE_SEED={text!r} is no whole number")
    return Seed(int(text), secret=int(text) != PUBLIC)


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
    from grader.course import PASSED, RULE, STUDENT
    from grader.serving import of

    course = _course(request)
    exercise, rule = request.node.stash[RULE]
    folder, given = (
        request.getfixturevalue(name) if name in request.fixturenames else None for name in ("tmp_path", "inbox")
    )
    lanes = [request.getfixturevalue(name) for name in of(rule)]
    student = request.node.stash[STUDENT] = course.run.student(exercise, rule, folder, given, lanes)
    if folder and course.run.carrier.level == "apart":
        _hands_off_with_the_first_call(student, folder)
    yield student
    ahead = _ahead(request.config)
    if ahead and request.node.stash[PASSED] and _pure(request.fixturenames):
        ahead.keep(student._side.conversation)
    else:
        student._side.end()


def _pure(fixtures: list[str]) -> bool:
    """Whether a test only calls functions, with cases of its own: no folder, no server, no seed of others."""
    return {"student", "rng", "request"}.issuperset(fixtures)


def _hands_off_with_the_first_call(student: Student, folder: Path) -> None:
    from grader.hands_off import hands_off

    opened = student._open

    def open_and_leave(serve: Exchange) -> Conversation:
        line = opened(serve)
        hands_off(folder)
        return line

    student._open = open_and_leave


@pytest.fixture
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the test gives to read. It writes here and not to `tmp_path`, where links may lie in wait."""
    return tmp_path_factory.mktemp("inbox")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this run."""
    exercise = request.node.nodeid.partition("::")[0]
    return _course(request).run.seed.for_exercise(exercise)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> Random:
    """Draws the cases of this test: the same for the same seed, others for another test."""
    return _course(request).run.seed.rng(request.node.nodeid)


@pytest.fixture
def sqlite(request: pytest.FixtureRequest) -> Iterator[object]:
    """Opens an SQLite file that student code left, from outside: `sqlite(path).rows("select …")`."""
    from functools import partial

    from grader.leftovers import Database

    folder = request.getfixturevalue("tmp_path")
    with _course(request).run.carrier.sqlite_reader(folder) as ask:
        yield partial(Database, ask=ask, root=folder)


@pytest.fixture
def files(tmp_path: Path) -> object:
    """Reads files that student code left: `files.text(path)`, `files.json(path)`."""
    from grader.leftovers import Files

    return Files(tmp_path)


@pytest.fixture
def memory(student: Student) -> object:
    """Measures what student code needs: `with memory() as used: student.f(…)`, then `used.peak` in bytes."""
    from functools import partial

    from grader.memory import measured

    return partial(measured, student)
