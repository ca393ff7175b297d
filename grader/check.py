"""Sound or not shipped: the rules that every exercise must keep, for people and for CI."""

from __future__ import annotations

import ast
import difflib
import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import hints
from grader.declared import declared_by, methods, read_stub
from grader.exercise import Exercise
from grader.manifest import BrokenTests, Rule, rules
from grader.serving import of
from grader.shard import Done, Job
from grader.splice import KNOW_NOTHING, BrokenAnswer, WrongAnswer, know_nothing, read_wrong, splice
from grader.supervisor import run_jobs
from grader.words import plural

SEEDS = (2026, 7, 20_261_121)
MOST_FOR_NOTHING = 2
BUDGET, LANE = 30.0, 0.3
"""Seconds for one exercise, and besides for each lane: every run of a test that asks for a server has one."""
LEVELS = ("self", "apart") if os.name == "posix" else ("self",)
CAUGHT = {"failed", "too slow", "crashed"}
KNOWN_FILES = {
    "README.md", "stub.py", "solution.py", "given.sql", "given.py", "wrong", "right", "data",
    "__init__.py", "__pycache__",
}  # fmt: skip


@dataclass
class Finding:
    """What the check of one exercise came to."""

    exercise: Exercise
    problems: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    seconds: float = 0.0
    lanes: int = 0

    @property
    def sound(self) -> bool:
        return not self.problems


def check_all(exercises: list[Exercise], workers: int, every_test: bool = False) -> Iterator[Finding]:
    """The findings, each as soon as it is there; one process an exercise."""
    with ThreadPoolExecutor(workers) as pool:
        for done in as_completed([pool.submit(check, exercise, every_test) for exercise in exercises]):
            yield done.result()


def check(exercise: Exercise, every_test: bool = False) -> Finding:
    """All rules for one exercise. `every_test`: wrong answers run all tests, not only those that they name."""
    finding = Finding(exercise)
    started = time.perf_counter()
    try:
        known = rules(exercise)
        finding.problems += on_paper(exercise, known)
        with tempfile.TemporaryDirectory(prefix="grade-check-") as folder:
            _in_action(exercise, known, Path(folder), every_test, finding)
    except (BrokenTests, BrokenAnswer, SyntaxError, OSError, hints.BrokenHints) as error:
        finding.problems.append(f"{type(error).__name__}: {error}")
    finding.seconds = time.perf_counter() - started
    budget = BUDGET + LANE * finding.lanes
    if finding.seconds > budget:
        finding.facts.append(f"over its budget of {budget:.0f} s")
    return finding


def on_paper(exercise: Exercise, known: list[Rule]) -> Iterator[str]:
    """What can be seen without running anything."""
    if not exercise.delivered.is_file():
        yield f"{exercise.id} is missing; `grade reset {exercise.id}` writes it"
    elif exercise.delivered.read_bytes() != exercise.stub.read_bytes():
        yield f"{exercise.id} differs from its stub.py; `grade reset {exercise.id}` writes it"
    stub = read_stub(exercise.stub)
    if not stub.title.startswith(("Week ", "Final project")):
        yield "stub.py: its docstring must begin with `Week N · Title: …`"
    if f"pytest {exercise.id}" not in (ast.get_docstring(ast.parse(exercise.stub.read_bytes())) or ""):
        yield f"stub.py: its docstring must say `Run: pytest {exercise.id}`"
    total = sum(rule.points for rule in known)
    if total != 100:
        yield f"the points of its tests add up to {total}, not to 100"
    for task in stub.tasks:
        if task not in {rule.function for rule in known}:
            yield f"no test gives points for {task}"
    yield from _same_signatures(exercise)
    yield from hints.check(exercise, stub.tasks)
    for path in sorted(exercise.folder.iterdir()):
        if path.name not in {*KNOWN_FILES, exercise.tests.name}:
            yield f"stray file {path.name}"


def _same_signatures(exercise: Exercise) -> Iterator[str]:
    """The solution must be callable as the stub says."""
    stub, solution = read_stub(exercise.stub), declared_by(ast.parse(exercise.solution.read_bytes()))
    for name, node in stub.functions.items():
        if name not in solution.functions:
            yield f"solution.py lacks {name}"
        elif _names_of(solution.functions[name]) != _names_of(node):
            yield f"solution.py: {name} has other parameters than the stub's"
    for name, declared in stub.classes.items():
        mine = {m.name: m for m in methods(solution.classes[name])} if name in solution.classes else {}
        for method in methods(declared):
            if method.name not in mine or _names_of(mine[method.name]) != _names_of(method):
                yield f"solution.py: {name}.{method.name} is missing or has other parameters than the stub's"
    if solution.records != stub.records:
        yield "solution.py has other records than the stub"


def _names_of(node: ast.FunctionDef) -> tuple[list[str], int]:
    return [arg.arg for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]], len(
        node.args.defaults
    )


def _in_action(exercise: Exercise, known: list[Rule], folder: Path, every_test: bool, finding: Finding) -> None:
    """Runs stub, solution, right and wrong answers, and answers that know nothing, in both levels of trust."""
    wrong = [read_wrong(path) for path in exercise.answers("wrong")]
    finding.problems += _names_that_exist(wrong, known)
    jobs = _jobs(exercise, wrong, folder, every_test)
    asking = {rule.name for rule in known if of(rule)}
    finding.lanes = len(LEVELS) * sum(len(asking & {*(job.tests or asking)}) for job in jobs)
    results, complaint = run_jobs(exercise, [replace(job, level=level) for level in LEVELS for job in jobs])
    for level in LEVELS:
        if missing := [job.name for job in jobs if (level, job.name) not in results]:
            finding.problems.append(f"{missing[0]} gave no result in {level}: its process ended{complaint}")
            return
    for level in LEVELS:
        done = {job.name: results[level, job.name] for job in jobs}
        finding.problems += [f"{level}: {problem}" for problem in _judged(done, wrong, known)]
    finding.problems += _differences(results, jobs)
    points = {_points(results[level, f"solution/{seed}"], known) for level in LEVELS for seed in SEEDS}
    finding.facts += [
        plural(len(known), "test"),
        f"solution {'/'.join(map(str, sorted(points)))} in {' and '.join(LEVELS)} × {len(SEEDS)} seeds",
        plural(len(wrong), "wrong answer"),
    ]


def _jobs(exercise: Exercise, wrong: list[WrongAnswer], folder: Path, every_test: bool) -> list[Job]:
    """Every answer as a file in a folder of its own."""
    answers = {"stub": exercise.stub.read_text(encoding="utf-8")}
    answers |= {f"nothing/{answer}": know_nothing(exercise.stub, answer) for answer in KNOW_NOTHING}
    answers |= {f"right/{path.name}": path.read_text(encoding="utf-8") for path in exercise.answers("right")}
    answers |= {f"wrong/{one.path.name}": splice(exercise.solution, one.path) for one in wrong}
    named = {f"wrong/{one.path.name}": [] if every_test else [*one.caught_by] for one in wrong}
    jobs = [
        _job(exercise, folder / str(number), name, text, SEEDS[0], named.get(name, []))
        for number, (name, text) in enumerate(answers.items())
    ]
    solution = exercise.solution.read_text(encoding="utf-8")
    return jobs + [_job(exercise, folder / f"s{seed}", f"solution/{seed}", solution, seed, []) for seed in SEEDS]


def _job(exercise: Exercise, folder: Path, name: str, text: str, seed: int, tests: list[str]) -> Job:
    target = folder / exercise.id
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")
    return Job(name, str(folder), seed, tests)


def _judged(done: dict[str, Done], wrong: list[WrongAnswer], known: list[Rule]) -> Iterator[str]:
    """All rules for the results of one level."""
    yield from _stub(done["stub"], known)
    yield from _full_marks(done, known)
    yield from _nothing(done, known)
    yield from _caught(done, wrong)
    yield from _untripped(done, wrong, known)
    yield from _deadlines(done, known)


def _differences(results: dict[tuple[str, str], Done], jobs: list[Job]) -> Iterator[str]:
    """Both levels must come to the same."""
    for job in jobs:
        here, there = results[LEVELS[0], job.name].outcomes, results[LEVELS[-1], job.name].outcomes
        for test in here:
            if here[test] != there.get(test):
                yield f"{job.name}: {test} is {here[test]} in self and {there.get(test)} apart"


def _names_that_exist(wrong: list[WrongAnswer], known: list[Rule]) -> Iterator[str]:
    names = [rule.name for rule in known]
    for one in wrong:
        for test in one.caught_by:
            if test not in names:
                near = difflib.get_close_matches(test, names, 1, 0.5)
                yield f"wrong/{one.path.name} names {test}, which does not exist" + (
                    f"; did you mean {near[0]}?" if near else ""
                )


def _points(done: Done, known: list[Rule]) -> int:
    return sum(rule.points for rule in known if done.outcomes.get(rule.name) == "passed")


def _stub(done: Done, known: list[Rule]) -> Iterator[str]:
    for rule in known:
        if done.outcomes.get(rule.name) != "to do":
            yield f"the untouched stub: {rule.name} is {done.outcomes.get(rule.name, 'not run')}, not to do"


def _full_marks(done: dict[str, Done], known: list[Rule]) -> Iterator[str]:
    for name, one in done.items():
        if name.startswith(("solution/", "right/")):
            for rule in known:
                outcome = one.outcomes.get(rule.name, "not run")
                if outcome != "passed":
                    yield f"{name}: {rule.name} is {outcome}\n{_indent(one.messages.get(rule.name, ''))}"


def _indent(text: str) -> str:
    return "\n".join(f"        {line}" for line in text.splitlines())


def _nothing(done: dict[str, Done], known: list[Rule]) -> Iterator[str]:
    for answer in KNOW_NOTHING:
        one = done[f"nothing/{answer}"]
        points = _points(one, known)
        if points > MOST_FOR_NOTHING:
            passed = ", ".join(rule.name for rule in known if one.outcomes.get(rule.name) == "passed")
            yield f"a stub whose functions all give {answer} earns {points} points: {passed}"


def _caught(done: dict[str, Done], wrong: list[WrongAnswer]) -> Iterator[str]:
    for one in wrong:
        result = done[f"wrong/{one.path.name}"]
        for test in one.caught_by:
            outcome = result.outcomes.get(test, "not run")
            if outcome not in CAUGHT:
                others = [name for name, outcome in result.outcomes.items() if outcome in CAUGHT]
                instead = f" ({', '.join(others[:3])} fails instead)" if others else ""
                yield f'wrong/{one.path.name} says "Caught by: {test}", but that test is {outcome}{instead}'
            elif result.unloadable:
                yield f"wrong/{one.path.name} cannot even be loaded: {result.unloadable}"


def _untripped(done: dict[str, Done], wrong: list[WrongAnswer], known: list[Rule]) -> Iterator[str]:
    tripped = {
        test for one in wrong for test in one.caught_by if done[f"wrong/{one.path.name}"].outcomes.get(test) in CAUGHT
    }
    for rule in known:
        if rule.name not in tripped:
            yield f"{rule.name} is tripped by no wrong answer"


def _deadlines(done: dict[str, Done], known: list[Rule]) -> Iterator[str]:
    """A deadline must leave ten times what a sound answer needs; the best of the seeds counts on a busy machine."""
    for rule in known:
        best = min(done[f"solution/{seed}"].slowest.get(rule.name, 0.0) for seed in SEEDS)
        if best * 10 > rule.deadline:
            yield f"{rule.name}: the solution needs {best:.2f} s for a call; a deadline of {rule.deadline:g} s is short"
