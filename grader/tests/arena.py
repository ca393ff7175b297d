"""Runs payloads of the attack corpus as a student's file, and sees what each of them won.

`python -m grader.tests.arena` with {"level", "jail", "payloads": {name: source}} on stdin, inside of the guard that
test_attacks.py makes: what can be damaged there is a copy. One JSON line a payload comes out.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import re
import resource
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.apart import Apart
from grader.course import Course
from grader.exercise import Exercise
from grader.jail import interpreter
from grader.manifest import rules
from grader.mounts import libc
from grader.shard import Done, Job, Shard
from grader.student import NotGraded
from grader.worker import SET_CHILD_SUBREAPER
from grader.zygote import Zygote

ROOT = Path(__file__).resolve().parents[2]
ETL = Exercise(ROOT, "week1/exercises/etl_basic.py")
ARENA = Path("/tmp/arena")
HARM = ARENA / "harm"
DEFAULT_TESTS = [rule.name for rule in rules(ETL) if rule.function == "parse_amount"]
RESULTS = 100
"""The descriptor of what the arena has to say."""
LONGEST = 10.0
"""Seconds for an in-process run: two calls that end at their deadline, and pytest's start."""

LIMITS = {"RLIMIT_CORE": 0, "RLIMIT_CPU": 30, "RLIMIT_DATA": 4 << 30, "RLIMIT_FSIZE": 512 << 20}


class Payload:
    """A file of the corpus with its three lines filled in; `beside` are the other files that are handed in."""

    def __init__(self, name: str, source: str, canaries: Canaries) -> None:
        self.name = name
        tree = ast.parse(source)
        said = ast.get_docstring(tree) or ""
        self.tests = _named("Tests", said) or DEFAULT_TESTS
        self.solved = _named("Solves", said)
        self.beside: dict[str, str] = next(map(ast.literal_eval, _values(tree, "BESIDE")), {})
        known = {"HARM": str(HARM), "COURSE": str(ROOT), "PORT": canaries.port}
        for constant, value in known.items():
            source = re.sub(rf"^{constant} = .*$", f"{constant} = {value!r}", source, flags=re.MULTILINE)
        self.source = source

    def hand_in(self, folder: Path) -> None:
        for name, text in {**self.beside, ETL.id: self.source}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text.replace("{HARM}", str(HARM)), encoding="utf-8")


def _named(what: str, text: str) -> list[str]:
    """The tests in a line `what: test_x, test_y` of a docstring; it may go on in the next."""
    found = re.search(rf"^{what}: ((?:test_\w+[,\s]*)+)", text, re.MULTILINE)
    return found[1].replace(",", " ").split() if found else []


def _values(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            yield node.value


class Canaries:
    """What nobody but the trusted side may read, change or reach."""

    def __init__(self) -> None:
        self.secret = os.environ["COURSE_CANARY"]
        other = ARENA / "answers" / "another-student" / ETL.id
        for path in (HARM / "secret.txt", HARM / "points.json", other, ROOT / ".git" / "HEAD"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{self.secret}\n")
        self.signals = 0
        signal.signal(signal.SIGURG, self._signalled)  # whom it reaches, a kill would have reached
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self.port = self.server.getsockname()[1]
        self.secrets = [self.secret, *(path.read_text().splitlines()[0] for path in (ETL.tests, ETL.solution))]
        self.watch()

    def _signalled(self, *_: object) -> None:
        self.signals += 1

    def watch(self) -> None:
        """From here on nothing may change; what does is put back."""
        self.states = {path: _state(path) for path in self._files()}
        self.contents = {path: path.read_bytes() for path in self.states}

    def _files(self) -> Iterator[Path]:
        for place in (HARM, ROOT, Path.home()):
            for folder, folders, files in os.walk(place):
                folders[:] = [name for name in folders if Path(folder, name) not in interpreter()]
                yield from (Path(folder, name) for name in files)

    def changed(self) -> list[str]:
        now = {path: _state(path) for path in self._files()}
        paths = sorted(path for path in now.keys() | self.states.keys() if now.get(path) != self.states.get(path))
        for path in paths:
            path.unlink(missing_ok=True)
            if path in self.contents:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self.contents[path])
                self.states[path] = _state(path)
        return [f"changed {path}" for path in paths]

    def reached(self) -> list[str]:
        reached = ["signalled the grader"] if self.signals else []
        self.signals = 0
        with contextlib.suppress(BlockingIOError):
            while connection := self.server.accept()[0]:
                connection.close()
                reached.append("reached a server")
        return reached[:2]

    def leaked(self, texts: str) -> list[str]:
        return ["a secret came out"] if any(secret in texts for secret in self.secrets) else []

    def harmed(self, texts: str) -> list[str]:
        return [*self.changed(), *self.reached(), *self.leaked(texts)]


def _state(path: Path) -> tuple[int, int, int]:
    status = path.lstat()
    return status.st_mtime_ns, status.st_size, status.st_mode


def children(pid: int) -> list[int]:
    try:
        return [
            int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()
        ]
    except OSError:
        return []


def below(pid: int) -> set[int]:
    """All processes that this one started, and that are not over."""
    found = {one for child in children(pid) for one in (child, *below(child))}
    return {one for one in found if not _over(one)}


def _over(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


def _there(container: int) -> set[int]:
    return below(os.getpid()) | (below(container) if container else set())


def left(stem: set[int], container: int = 0) -> list[str]:
    """Ends what should not be there any more, and says so; what a container has is not below us."""
    until = time.monotonic() + 1
    while (strays := _there(container) - stem) and time.monotonic() < until:
        time.sleep(0.02)
    for stray in strays:
        with contextlib.suppress(ProcessLookupError):
            os.kill(stray, signal.SIGKILL)
    return [f"left {len(strays)} processes"] if strays else []


class Apartness(Shard):
    """Payloads as jobs of one session; after each of them it is looked what it won."""

    def __init__(self, payloads: list[Payload], jail: str, canaries: Canaries) -> None:
        self.payloads = {payload.name: payload for payload in payloads}
        self.canaries = canaries
        jobs = [self._job(payload) for payload in payloads]
        super().__init__(jobs, self._done, jail)
        self.started = set[int]()

    def _job(self, payload: Payload) -> Job:
        folder = ARENA / "answers" / payload.name
        payload.hand_in(folder)
        return Job(payload.name, str(folder), 2026, payload.tests, "apart")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        course = session.config.pluginmanager.get_plugin("course-session")
        assert isinstance(course, Course)
        self.course = course
        self._lost_zygote()
        write({"ready": True})
        return super().pytest_runtestloop(session)

    def _lost_zygote(self) -> bool:
        """Whether a process that workers come from ended, after all that it was asked is done."""
        zygotes = self._zygotes()
        for zygote in zygotes:
            with contextlib.suppress(NotGraded):
                zygote.wait(zygote._ask({"do": "import", "modules": []}))
        alive = {zygote._process.pid for zygote in zygotes if zygote.alive}
        before, self.started = self.started, alive
        return len(alive) < len(zygotes) or (bool(before) and before != alive)

    def _zygotes(self) -> set[Zygote]:
        assert self.zygote
        return {self.zygote, self.zygote.full}

    def _stem(self) -> set[int]:
        assert self.zygote
        pids = {zygote._process.pid for zygote in self._zygotes()}
        below = {child for pid in pids for child in children(pid)} if self.zygote.jail.namespaces else set[int]()
        return pids | below

    def _container(self) -> int:
        assert self.zygote
        return self.zygote.pid if self.zygote.jail.container else 0

    def _done(self, done: Done) -> None:
        carrier = self.course.run.carrier
        assert isinstance(carrier, Apart)
        carrier.close()
        wins = _by_outcome(self.payloads[done.name], done.outcomes)
        wins += ["ended the process that workers come from"] if self._lost_zygote() else []
        wins += left(self._stem(), self._container())
        wins += self.canaries.harmed(json.dumps(done.messages, ensure_ascii=False))
        write({"name": done.name, "wins": wins, "outcomes": done.outcomes, "messages": done.messages})


def _by_outcome(payload: Payload, outcomes: dict[str, str]) -> list[str]:
    found = {test: outcomes.get(test) for test in payload.tests}
    wins = [f"{test} passed" for test, outcome in found.items() if outcome == "passed" and test not in payload.solved]
    return wins + [f"{test} is {outcome}" for test, outcome in found.items() if outcome in (None, "not graded")]


def apart(payloads: list[Payload], jail: str, canaries: Canaries) -> None:
    options = ["-p", "no:cacheprovider", "-o", "tmp_path_retention_policy=none", "-p", "no:xdist"]
    pytest.main([*options, str(ETL.delivered)], plugins=[Apartness(payloads, jail, canaries)])


def in_process(payloads: list[Payload], canaries: Canaries) -> None:
    """As students run it at home: `pytest` in a checkout of their own, here in a fork for each payload."""
    for module in ("pandas", "pyarrow"):
        importlib.import_module(module)
    write({"ready": True})
    for payload in payloads:
        before = dict(canaries.contents)
        payload.hand_in(ROOT)
        canaries.watch()
        write(_at_home(payload, canaries))
        for path in canaries.contents.keys() - before.keys():
            path.unlink()
        (ROOT / ETL.id).write_bytes(before[ROOT / ETL.id])
        canaries.watch()


def _at_home(payload: Payload, canaries: Canaries) -> dict[str, Any]:
    said, results = ARENA / "said.txt", ARENA / "results.json"
    results.unlink(missing_ok=True)
    student = os.fork()
    if student == 0:
        _pytest(payload, said, results)
    status = _ended(student)
    wins = left({student})
    if status is None:
        wins.append("the run does not end")
        os.kill(student, signal.SIGKILL)
        os.waitpid(student, 0)
    outcomes = _read(results)
    passed = [name for name, outcome in outcomes.items() if outcome == "passed"]
    wins += [f"{name} passed" for name in passed if name not in payload.solved]
    wins += ["exit code 0"] if status == 0 else []
    text = said.read_text(errors="replace") + (results.read_text(errors="replace") if results.exists() else "")
    wins += canaries.harmed(text)
    return {"name": payload.name, "wins": wins, "outcomes": outcomes, "messages": {"": text}}


def _pytest(payload: Payload, said: Path, results: Path) -> None:
    os.setsid()
    os.chdir(ROOT)
    for name, most in LIMITS.items():
        resource.setrlimit(getattr(resource, name), (most, most))
    output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor in (1, 2, RESULTS):
        os.dup2(output, descriptor)
    tests = [f"{ETL.id}::{test}" for test in payload.tests]
    sys.argv[:] = ["pytest", "-p", "no:cacheprovider", f"--results={results}", *tests]
    sys.exit(int(pytest.main(sys.argv[1:])))


def _ended(pid: int) -> int | None:
    """The exit status of a process that ends in time."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.01)
    return None


def _read(results: Path) -> dict[str, str]:
    """Outcomes as the results file has them, whoever wrote it."""
    try:
        tests = json.loads(results.read_text())["tests"]
        return {test["id"].partition("::")[2]: "passed" if test["points"] else test["outcome"] for test in tests}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def main() -> None:
    asked = json.load(sys.stdin)
    libc.prctl(SET_CHILD_SUBREAPER, 1)
    canaries = Canaries()
    payloads = [Payload(name, source, canaries) for name, source in asked["payloads"].items()]
    os.dup2(1, RESULTS)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if asked["level"] == "apart":
        apart(payloads, asked["jail"], canaries)
    else:
        in_process(payloads, canaries)


def write(line: dict[str, Any]) -> None:
    data = memoryview(json.dumps(line).encode() + b"\n")
    while data:
        data = data[os.write(RESULTS, data) :]


if __name__ == "__main__":
    main()
