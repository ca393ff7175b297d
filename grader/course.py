"""One pytest session of the course: which tests, whose answers, and what became of them."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from _pytest.faulthandler import fault_handler_stderr_fd_key
from _pytest.runner import runtestprotocol

from grader.blackbox import BlackBox
from grader.deadline import Deadlines, at_most, or_end
from grader.exercise import Exercise
from grader.inprocess import InProcess
from grader.manifest import Rule
from grader.paths import Selected
from grader.run import Run, missing_modules
from grader.score import Score, as_json, exit_code
from grader.service import service
from grader.serving import Serving, needed, of
from grader.student import Student
from grader.verdict import Verdict, judge, told

SLOW_IS_ENOUGH = 2
"""After so many tests of one function ran out of time, its others are not tried."""

EXERCISE = 600.0
"""Seconds that student code may take for all tests of an exercise, where it runs apart; sound answers need a few."""

LONGEST, GRACE = 90.0, 30.0
"""Seconds for one test, where student code runs apart."""

STUDENT = pytest.StashKey[Student]()
RULE = pytest.StashKey[tuple[Exercise, Rule]]()
PASSED = pytest.StashKey[bool]()


class Course:
    """Registered as a pytest plugin when the command line is about exercises."""

    def __init__(
        self,
        root: Path,
        selected: list[Selected],
        run: Run,
        results: Path | None = None,
        deadlines: Deadlines | None = None,
        feedback: str = "full",
    ) -> None:
        self.feedback = feedback
        self.serving: Serving | None = None
        self.broke: dict[str, list[str]] = {}
        self.deadlines = deadlines
        self.blackbox: BlackBox | None = None
        self.root = root
        self.selected = selected
        self.results = results
        self.run = run
        self.try_again = True
        self.restart(run)

    def restart(self, run: Run) -> None:
        """Another submission with the same tests: nothing of the one before is left."""
        self.run.carrier.close()
        self.run = run
        self.scores = {one.exercise.id: Score.of(one.exercise) for one in self.selected}
        self.slowest: dict[str, float] = {}
        self._slow: Counter[tuple[str, str]] = Counter()

    def rule(self, nodeid: str) -> Rule | None:
        exercise, _, name = nodeid.partition("::")
        score = self.scores.get(exercise)
        return next((rule for rule in score.rules if rule.name == name), None) if score else None

    def score_of(self, nodeid: str) -> Score | None:
        return self.scores.get(nodeid.partition("::")[0])

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Gives each hidden test the id that the student knows, and its function's name as a keyword."""
        by_file = {score.exercise.tests.resolve(): score for score in self.scores.values()}
        for item in items:
            score = by_file[item.path.resolve()]
            rule = next((rule for rule in score.rules if rule.name == item.name), None)
            if rule is None:
                raise pytest.UsageError(f"{item.path.name}: {item.name} is no plain test function")
            item.stash[RULE] = (score.exercise, rule)
            item.extra_keyword_matches.add(rule.function)
            set_id(item, f"{score.exercise.id}::{item.name}")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._select([item.nodeid for item in session.items])
        if not session.config.option.collectonly and any(map(self.will_run, session.items)):
            self._start_servers([item.nodeid for item in session.items])

    def _start_servers(self, ids: list[str]) -> None:
        """Those of the selected tests, unless they are started already."""
        ours = {(score.exercise, rule) for score in self.scores.values() for rule in score.rules}
        chosen = [Selected(exercise, rule.name) for exercise, rule in ours if f"{exercise.id}::{rule.name}" in set(ids)]
        if self.serving:
            self.serving.servers.start(needed(chosen, self.run))

    def will_run(self, item: pytest.Item) -> bool:
        """Whether student code has to run for this test; what is to do is known without."""
        exercise, rule = item.stash[RULE]
        survey = self.run.carrier.survey(exercise)
        return not survey.unloadable and rule.function not in survey.unwritten

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        self._select(ids)
        self._start_servers(ids)

    def _select(self, ids: Any) -> None:
        for nodeid in ids:
            exercise, _, name = nodeid.partition("::")
            self.scores[exercise].selected.add(name)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Before the first test that runs student code here, someone must be there to say how it ended."""
        if self.deadlines is None or not self.will_run(item):
            return
        exercise, rule = item.stash[RULE]
        if self.blackbox is None:
            self.blackbox = BlackBox()
            self.deadlines.last_words = self.blackbox.file
        self.blackbox.tell(test=f"'{rule.sentence}'", file=exercise.id)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """What is known before anything is started: to do, not installed, too slow all the time."""
        exercise, rule = item.stash[RULE]
        item.stash[PASSED] = False
        if STUDENT in item.stash:
            del item.stash[STUDENT]
        self.run.check_ready(exercise, rule)
        if self._slow[exercise.id, rule.function] >= SLOW_IS_ENOUGH:
            raise SlowAllTheTime(f"{rule.function} ran out of time in {SLOW_IS_ENOUGH} tests before")
        if self.run.carrier.spent(exercise) > EXERCISE:
            raise SlowAllTheTime(f"the tests before took more than {EXERCISE / 60:g} minutes altogether")

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Any:
        """Calls have deadlines; apart, so has what a test does itself with what came back."""
        if self.run.carrier.level == "self":
            return (yield)
        terminal = pyfuncitem.config.stash.get(fault_handler_stderr_fd_key, 2)
        with at_most(LONGEST, spared=str(Path(__file__).with_name("zygote.py"))), or_end(LONGEST + GRACE, terminal):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Any:
        """What we could not grade is tried once more, after everything else."""
        result = yield
        again = [item for item in session.items if self.try_again and self._was_our_fault(item)]
        for item in again:
            for report in self._tried_again(item):
                item.ihook.pytest_runtest_logreport(report=report)
        return result

    def _tried_again(self, item: pytest.Item) -> list[pytest.TestReport]:
        """Alone, and on fresh servers in place of those that broke; who breaks these too has done it himself."""
        servers = self.broke.pop(item.nodeid, [])
        self._fresh(servers)
        reports = runtestprotocol(item, log=False, nextitem=None)
        again = self.broke.pop(item.nodeid, [])
        if servers and again and self._survives_with_the_solution(item, again):
            ended = Verdict("crashed", f"{_titles(again)} broke down both times that this test ran your code")
            for report in reports:
                if hasattr(report, "course"):
                    report.course = asdict(ended)  # type: ignore[attr-defined]
        return reports

    def _fresh(self, servers: list[str]) -> None:
        for name in servers:
            assert self.serving is not None
            self.serving.servers.replace(name)

    def _survives_with_the_solution(self, item: pytest.Item, servers: list[str]) -> bool:
        """Whether our own answer passes the same test on servers that are new again."""
        exercise, _ = item.stash[RULE]
        kept = self.run
        with tempfile.TemporaryDirectory(prefix="course-solution-") as folder:
            answer = Path(folder, exercise.id)
            answer.parent.mkdir(parents=True)
            shutil.copy(exercise.solution, answer)
            self._fresh(servers)
            try:
                self.run = Run(InProcess(Path(folder), Deadlines()), kept.seed)
                reports = runtestprotocol(item, log=False, nextitem=None)
            finally:
                self.run = kept
                self._fresh(servers)
        return all(report.passed for report in reports)

    def _was_our_fault(self, item: pytest.Item) -> bool:
        exercise, rule = item.stash[RULE]
        outcome = self.scores[exercise.id].verdict(rule).outcome
        return outcome == "not graded" and not missing_modules(exercise)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        exercise, rule = item.stash[RULE]
        verdict = self._verdict(item, call, rule)
        if verdict and call.excinfo:
            text = f"{rule.sentence}\n{rule.why}\n\n{verdict.outcome}: {verdict.message}"
            for name in ("repr_failure", "_repr_failure_py"):  # instead of pytest's own, which costs 50 ms
                setattr(item, name, lambda *_, **__: text)
        report = yield
        if student := item.stash.get(STUDENT, None):
            self.slowest[rule.name] = max((c.seconds for c in student._calls), default=0.0)
        if verdict is None:
            return report
        item.stash[PASSED] = verdict.outcome == "passed"
        if verdict.outcome == "too slow":
            self._slow[exercise.id, rule.function] += 1
        if call.excinfo:  # also a skip or an error in a fixture: only what passed has passed
            report.outcome = "failed"
            report.when = "teardown" if call.when == "teardown" else "call"
        report.course = asdict(verdict)
        return report

    def _verdict(self, item: pytest.Item, call: pytest.CallInfo[None], rule: Rule) -> Verdict | None:
        """The verdict of this phase, or None if it decides nothing."""
        if call.excinfo is None:
            return Verdict("passed") if call.when == "call" else None
        error = call.excinfo.value
        if isinstance(error, SlowAllTheTime):
            return Verdict("too slow", str(error))
        verdict = judge(error, item.stash.get(STUDENT, None), rule, call.when)
        if verdict.outcome != "to do" and (broken := self._broken(rule)):
            self.broke[item.nodeid] = broken
            return Verdict("not graded", f"{_titles(broken)} broke down while this test ran. It costs no points.")
        return told(verdict, self.feedback)

    def _broken(self, rule: Rule) -> list[str]:
        """The servers of a test that do not answer any more; only asked when it did not pass."""
        return self.serving.servers.broken(of(rule)) if self.serving and of(rule) else []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        score = self.score_of(report.nodeid)
        name = report.nodeid.partition("::")[2]
        if score is None:
            return
        if str(report.when) == "???":  # xdist: the worker died
            score.add(name, Verdict("crashed", str(report.longrepr)), 0.0)
        if said := getattr(report, "course", None):
            if report.when == "teardown":
                score.verdicts.pop(name, None)
            score.add(name, Verdict(**said), report.duration)
            self._told_over(score, name)

    def _told_over(self, score: Score, name: str) -> None:
        """Between tests nothing of the student's runs; the black box learns what was earned."""
        if self.deadlines:
            self.deadlines.rest()
        if self.blackbox:
            rule = next(rule for rule in score.rules if rule.name == name)
            self.blackbox.tell(over=rule.sentence, outcome=score.verdict(rule).outcome, points=score.earned(rule))

    def pytest_unconfigure(self) -> None:
        if self.blackbox:
            self.blackbox.close()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        scores = list(self.scores.values())
        if exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) and not session.config.option.collectonly:
            session.exitstatus = exit_code(scores)
        if self.results:
            write_whole(self.results, json.dumps(as_json(scores, self._about()), ensure_ascii=False, indent=1))

    def _about(self) -> dict[str, Any]:
        seed = "secret" if self.run.seed.secret else "public"
        return {"level": self.run.carrier.level, "jail": self.run.carrier.jail, "seed": seed, "versions": versions()}


def _titles(servers: list[str]) -> str:
    return " and ".join(service(name).TITLE for name in servers)


class SlowAllTheTime(Exception):
    """Not tried: too much time was lost before."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not tried: {why}")


def set_id(item: pytest.Item, nodeid: str) -> None:
    """pytest has no public way to set a test's id; this is the one place that knows the private one."""
    from _pytest.nodeid import NodeId

    if not isinstance(getattr(item, "_id", None), NodeId):
        raise pytest.UsageError(
            f"pytest {pytest.__version__} keeps test ids in another way: install the pinned version"
        )
    item._id = NodeId.parse(nodeid)


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("python-data-engineer", "pytest", "pandas", "pyarrow")}


def write_whole(path: Path, text: str) -> None:
    """The file appears whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.write_text(text + "\n", encoding="utf-8")
    half.replace(path)
