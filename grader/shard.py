"""Runs many answers to one exercise through one collection of its hidden tests, in one process.

The tests are collected once; then one answer after the other. Nothing of an answer is left in the next one.
Speaks JSON: the jobs on stdin; on stdout one line a job, and before each test where it is (see supervisor.py).
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from grader.apart import Apart
from grader.course import RULE, Course
from grader.deadline import Deadlines
from grader.inprocess import InProcess
from grader.plugin import workers
from grader.run import Carrier, Run
from grader.score import Score
from grader.seed import Seed
from grader.zygote import Zygote


@dataclass
class Job:
    """One answer: the folder where it lies, the seed, and the tests to run (all if empty)."""

    name: str
    answers: str
    seed: int
    tests: list[str] = field(default_factory=list)
    level: str = "self"
    skip: list[str] = field(default_factory=list)
    """Tests that a shard came to no end with."""

    def runs(self, test: str) -> bool:
        return test not in self.skip and (not self.tests or test in self.tests)


@dataclass
class Done:
    """What became of a job: outcome and message of each test that ran, and the slowest call in each."""

    name: str
    outcomes: dict[str, str]
    messages: dict[str, str]
    slowest: dict[str, float]
    level: str = "self"
    unloadable: str = ""


class Shard:
    """A pytest plugin that runs the collected tests once for every job."""

    def __init__(
        self,
        jobs: list[Job],
        done: Callable[[Done], None],
        jail: str = "",
        at: Callable[[Job, str], None] = lambda job, test: None,
    ) -> None:
        self.jobs = jobs
        self.done = done
        self.at = at
        self.jail = jail
        self.zygote: Zygote | None = None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """The same zygote for all that runs apart; it never sees student code."""
        if any(job.level == "apart" for job in self.jobs):
            course = session.config.pluginmanager.get_plugin("course-session")
            assert isinstance(course, Course)
            self.zygote = workers(session.config, [one.exercise for one in course.selected], self.jail)

    def _carrier(self, job: Job) -> Carrier:
        if job.level == "self":
            return InProcess(Path(job.answers), Deadlines())
        assert self.zygote
        return Apart(Path(job.answers), self.zygote)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        course = session.config.pluginmanager.get_plugin("course-session")
        assert isinstance(course, Course)
        course.try_again = False  # who asked for the jobs decides that
        course.deadlines = None  # each job has its own; who started the shard sees how it ends
        for job in self.jobs:
            course.restart(Run(self._carrier(job), Seed(job.seed)))
            items = [item for item in session.items if job.runs(item.stash[RULE][1].name)]
            random.Random(job.seed).shuffle(items)
            for item, following in zip(items, [*items[1:], None], strict=False):
                self.at(job, item.stash[RULE][1].name)
                if ahead := session.config.pluginmanager.get_plugin("course-workers"):
                    ahead.expect(session.config, following)
                for report in runtestprotocol(item, log=False, nextitem=following):
                    course.pytest_runtest_logreport(report)
            self.done(result(job, next(iter(course.scores.values())), course.slowest))
        course.run.carrier.close()
        return True


def result(job: Job, score: Score, slowest: dict[str, float]) -> Done:
    outcomes = {name: verdict.outcome for name, verdict in score.verdicts.items()}
    messages = {name: verdict.message for name, verdict in score.verdicts.items() if verdict.message}
    return Done(job.name, outcomes, messages, dict(slowest), job.level, score.unloadable)


def main() -> int:
    """`python -m grader.shard EXERCISE [JAIL]` with jobs on stdin; the exit code is pytest's, and proves nothing."""
    jobs = [Job(**job) for job in json.load(sys.stdin)]
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as results:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

        def write(said: dict[str, Any]) -> None:
            results.write(json.dumps(said) + "\n")
            results.flush()

        def done(one: Done) -> None:
            write(asdict(one))

        def at(job: Job, test: str) -> None:
            write({"at": [job.level, job.name, test]})

        options: list[Any] = [
            "-p",
            "no:cacheprovider",
            "-o",
            "tmp_path_retention_policy=none",
            "-p",
            "no:xdist",
        ]
        return int(pytest.main([*options, sys.argv[1]], plugins=[Shard(jobs, done, "".join(sys.argv[2:]), at)]))


if __name__ == "__main__":
    raise SystemExit(main())
