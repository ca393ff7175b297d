"""Starts shards and sees to it that they go on: one that is stuck, or dies, costs the test that it was at, no other."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace

from grader.course import LONGEST
from grader.exercise import Exercise
from grader.shard import Done, Job

START = 600.0
"""Seconds until the first test begins: its servers may have to be fetched."""
SILENCE = LONGEST + 60.0
"""Seconds for one test: Python ends it before, unless something in C does not let it."""
TRIES = 3
"""After so many tests in vain an answer is given up."""

Key = tuple[str, str]
NOWHERE = ("", "", "")


def run_jobs(exercise: Exercise, jobs: list[Job], jail: str = "") -> tuple[dict[Key, Done], str]:
    """The results by level and name, and how the last shard ended, for those that gave none.

    A test that never ends is *not graded*, and the answer's other tests run in a fresh shard.
    """
    results: dict[Key, Done] = {}
    left = {(job.level, job.name): job for job in jobs}
    while True:
        shard = Process(exercise, [*left.values()], jail)
        for done in shard.results():
            key = (done.level, done.name)
            results[key] = _with(done, left.pop(key).skip)
        level, name, test = shard.at
        stuck = left.get((level, name))
        if stuck is None or len(stuck.skip) >= TRIES:
            return results, f" ({shard.complaint})"
        left[level, name] = replace(stuck, skip=[*stuck.skip, test])


def _with(done: Done, skipped: list[str]) -> Done:
    """A test that ended a shard is in its result, too."""
    for test in skipped:
        done.outcomes[test] = "not graded"
        done.messages[test] = "the grader came to no end with this test, or ended in it"
    return done


class Process:
    """One shard; `at` is the level, job and test that it is at."""

    def __init__(self, exercise: Exercise, jobs: list[Job], jail: str) -> None:
        self.at = NOWHERE
        self.complaint = ""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # read when it has ended
        with tempfile.TemporaryFile() as asked:
            asked.write(json.dumps([asdict(job) for job in jobs]).encode())
            asked.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "grader.shard", str(exercise.delivered), *([jail] if jail else [])],
                stdin=asked, stdout=subprocess.PIPE, stderr=self._errors, cwd=exercise.root,
                start_new_session=os.name == "posix", encoding="utf-8",
            )  # fmt: skip

    def results(self) -> Iterator[Done]:
        try:
            for said in map(json.loads, self._lines()):
                if "at" in said:
                    level, name, test = said["at"]
                    self.at = level, name, test
                else:
                    self.at = NOWHERE
                    yield Done(**said)
        finally:
            self._end()
            self.complaint = self._last_words()

    def _lines(self) -> Iterator[str]:
        """What it says, until it has ended; it is ended if it is silent for too long."""
        assert self._process.stdout
        patience = START
        while True:
            timer = threading.Timer(patience, self._end)
            timer.start()
            line = self._process.stdout.readline()
            timer.cancel()
            if not line.endswith("\n"):
                return
            yield line
            patience = SILENCE

    def _end(self) -> None:
        """With all that it started itself; jailed processes end with it."""
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix" and self._process.poll() is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
        self._process.wait()

    def _last_words(self) -> str:
        assert self._process.stdout
        self._process.stdout.close()
        with self._errors as errors:
            errors.seek(0)
            last = errors.read()[-2000:].decode("utf-8", "replace").strip().splitlines()[-1:]
        return last[0] if last else f"exit code {self._process.returncode}"
