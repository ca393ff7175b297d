"""The terminal of a course run, in place of pytest's own."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader import feedback, hints
from grader.feedback import Line
from grader.plugin import LOST
from grader.service import Server, service
from grader.words import marks

if TYPE_CHECKING:
    from grader.course import Course

SELF = "tests in this process; --apart gives each answer a process of its own"


class CourseReporter(pytest.TerminalReporter):  # type: ignore[misc]
    """Keeps what other plugins need of pytest's reporter, and prints the course's screens."""

    def __init__(self, config: pytest.Config, course: Course) -> None:
        super().__init__(config)
        self.course = course
        self.marks = marks(self._tw._file)
        self.started = time.perf_counter()
        self.told: set[str] = set()
        self.servers: list[Server] = []
        self.waited: set[str] = set()
        if course.serving:
            course.serving.servers.waits = self.waits

    def lines(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._erase()
            self._tw.line(self._fit(line.text), **({line.colour: True} if line.colour else {}))

    def _fit(self, text: str) -> str:
        encoding = getattr(self._tw._file, "encoding", None) or "utf-8"
        plain = text if self.marks["passed"] == "✓" else text.replace("·", "|").replace("…", "...").replace("—", "-")
        return plain.encode(encoding, "backslashreplace").decode(encoding)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self._session = session
        if self.config.option.collectonly or self.verbosity < 0:
            return
        parts = sorted({one.exercise.part for one in self.course.selected})
        titles = [title(self.course.root / part) for part in parts]
        self.lines([Line(" · ".join(["Python Data Engineer", *titles]), "bold"), Line(f"({self._level()})")])
        for text in self.config.stash.get(LOST, []):
            self.lines(Line(line, "yellow") for line in feedback.wrapped(f"({text})", feedback.WIDTH))

    def _level(self) -> str:
        carrier = self.course.run.carrier
        return SELF if carrier.level == "self" else f"each answer in a process of its own, jail: {carrier.jail}"

    def pytest_collection(self) -> None:
        """Nothing to say while collecting."""

    def report_collect(self, final: bool = False) -> None:
        """Nothing to say about the number of tests."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not self.config.option.collectonly:
            return
        for item in session.items:
            rule = self.course.rule(item.nodeid)
            points = f"  {rule.points:>2} points of {rule.function}" if rule and self.verbosity >= 0 else ""
            self.lines([Line(f"{item.nodeid}{points}")])

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[str, int | None, str]) -> None:
        """Progress is told when a test is over."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.config.hook.pytest_report_teststatus(report=report, config=self.config)  # editors listen to this
        self._add_stats(report.outcome if report.when == "call" else "", [report])
        if report.when != "teardown":
            return
        self._progress()
        score = self.course.score_of(report.nodeid)
        if score and len(score.verdicts) >= len(score.selected) and not score.outcomes["not graded"]:
            self._tell(score.exercise.id)

    def _progress(self) -> None:
        self._servers()
        if self.isatty() and self._show_progress_info:
            done = sum(len(score.verdicts) for score in self.course.scores.values())
            every = sum(len(score.selected) for score in self.course.scores.values())
            self._tw.write(f"\r{feedback.bar(done, every, self.marks)} {done}/{every} tests\033[K", flush=True)
            self._on_progress_line = True

    def _servers(self) -> None:
        """Once for each: from where it came, and how long it took."""
        for server in self.course.serving.servers.ready() if self.course.serving else ():
            if server not in self.servers and self.verbosity >= 0:
                title = service(server.service).TITLE
                text = f"({title} {server.version}, {server.origin}, ready after {server.seconds:.1f} s)"
                self.lines([Line(text, "light")])
            self.servers.append(server)

    def waits(self, text: str) -> None:
        """While a test waits for its server: on a terminal all the time, elsewhere once."""
        if self.isatty():
            self._tw.write(f"\r{self._fit(text)}\033[K", flush=True)
            self._on_progress_line = True
        elif (about := text.partition(" · ")[0].partition(": ")[0]) not in self.waited:
            self.waited.add(about)
            self.lines([Line(text.partition(" · ")[0])])

    _on_progress_line = False

    def _erase(self) -> None:
        if self._on_progress_line:
            self._tw.write("\r\033[K")
            self._on_progress_line = False

    def _tell(self, exercise: str) -> None:
        if exercise not in self.told and self.verbosity >= 0:
            self.told.add(exercise)
            self.lines(feedback.failures(self.course.scores[exercise], self.marks, self.verbosity > 0))

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:  # type: ignore[override]
        for report in self.stats.get("error", []):
            self._erase()
            self._tw.line(str(report.longrepr))
        if self.config.option.collectonly:
            return
        scores = [score for score in self.course.scores.values() if score.selected]
        for score in scores:
            if score.verdicts:
                self._tell(score.exercise.id)
        if not scores:
            self.lines([Line("No test was selected.", "yellow")])
            return
        for score in scores:
            score.lines = self.course.run.carrier.survey(score.exercise).lines
        self.lines([Line(""), *feedback.summary(scores, self.marks), Line("")])
        self._hint(scores)
        if self.verbosity >= 0:
            self.lines(feedback.next_step(scores, self.startpath))
        self.lines([feedback.total(scores, time.perf_counter() - self.started)])

    def _hint(self, scores: list[Any]) -> None:
        if not self.config.getoption("hint"):
            return
        cache = self.config.cache
        seen = cache.get("course/hints", {}) if cache else {}
        found = feedback.next_function(scores)
        if found is None:
            self.lines([Line("No hint is needed: every rule holds."), Line("")])
            return
        score, function = found
        text = hints.next_hint(score.exercise, function, seen)
        if cache:
            cache.set("course/hints", seen)
        self.lines(
            [
                *(
                    Line(line, "cyan" if n == 0 else "")
                    for n, line in enumerate(feedback.wrapped(text, feedback.WIDTH))
                ),
                Line(""),
            ]
        )

    def pytest_terminal_summary(self) -> None:  # type: ignore[override]
        """Everything was said when the session finished."""

    def pytest_unconfigure(self) -> None:
        if self._keyboardinterrupt_memo is not None:
            self.lines([Line("Stopped by the keyboard: what ran is above.", "yellow")])


def title(part: Path) -> str:
    """The first heading of the part's README.md, else its name."""
    readme = part / "README.md"
    first = readme.read_text(encoding="utf-8").partition("\n")[0] if readme.is_file() else ""
    return first.removeprefix("# ").strip() if first.startswith("# ") else part.name
