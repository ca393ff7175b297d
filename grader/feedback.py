"""What a run says on the terminal: failing rules as sentences, a bar per exercise, the one next thing to do."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.declared import read_stub
from grader.manifest import Rule
from grader.score import Score
from grader.words import command, plural

WIDTH = 80
BAR = 10
MOST_IN_FULL = 5
NEWS = ("failed", "too slow", "crashed", "not graded")


@dataclass(frozen=True)
class Line:
    """One line of the terminal; `colour` is a pytest markup such as "red", or "" for none."""

    text: str
    colour: str = ""


CI_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\[|#vso\[)")
"""::error::…, ##[group]… or ##vso[…]: a log that is read by GitHub or Azure may do what a student's text says."""

COLOURS = {"passed": "green", "failed": "red", "crashed": "red", "too slow": "yellow", "not graded": "cyan"}


def bar(points: int, maximum: int, marks: dict[str, str]) -> str:
    """Full only with full marks."""
    full = BAR * points // maximum if maximum else 0
    return marks["full"] * full + marks["empty"] * (BAR - full)


def failures(score: Score, marks: dict[str, str], verbose: bool = False) -> Iterator[Line]:
    """Each rule of an exercise that is broken; what is the same for all of them is said once."""
    news = [rule for rule in score.shown if score.verdict(rule).outcome in NEWS]
    if not news and not verbose:
        return
    yield Line("")
    yield Line(score.exercise.id, "bold")
    if score.unloadable:
        yield Line("")
        yield from (Line(f"  {line}", "red") for line in wrapped(score.unloadable, WIDTH - 2))
        yield Line(f"  None of its {plural(len(score.shown), 'test')} could start.")
        return
    yield from _each_rule(score, marks, verbose)


def _each_rule(score: Score, marks: dict[str, str], verbose: bool) -> Iterator[Line]:
    """The first few broken rules in full, the others in short: also those that broke in the same line."""
    told: set[str] = set()
    in_full = in_short = 0
    for rule in score.shown:
        verdict = score.verdict(rule)
        if verdict.outcome not in NEWS:
            if verbose:
                yield from one_rule(score, rule, marks, in_full=False)
            continue
        again = verdict.cause in told and verdict.cause != ""
        full = verbose or (not again and in_full < MOST_IN_FULL)
        if in_full and not full and not in_short:
            yield Line("")
        yield from one_rule(score, rule, marks, full)
        if again and not full:
            cause = " ".join(verdict.cause.split())  # the student's words may have lines that look like ours
            yield Line(f"    again {cause[: WIDTH - 10]}")
        told.add(verdict.cause)
        in_full, in_short = in_full + full, in_short + (not full)
    if in_short:
        yield Line("")
        yield Line(f"  ({in_short} in short; -v shows every rule in full)")


def one_rule(score: Score, rule: Rule, marks: dict[str, str], in_full: bool) -> Iterator[Line]:
    verdict = score.verdict(rule)
    points = f"({plural(rule.points, 'point')})"
    head = wrapped(f"{rule.sentence}", WIDTH - len(points) - 4)
    if in_full:
        yield Line("")
    colour = COLOURS.get(verdict.outcome, "")
    yield Line(f"{marks.get(verdict.outcome, ' ')} {head[0]:<{WIDTH - len(points) - 3}} {points}", colour)
    yield from (Line(f"  {line}", colour) for line in head[1:])
    if not in_full:
        return
    yield from (Line(f"  {line}") for line in textwrap.wrap(rule.why, WIDTH - 2))
    yield Line("")
    label = f"{verdict.outcome}: " if verdict.outcome in {"too slow", "crashed", "not graded"} else ""
    yield from (Line(f"    {line}".rstrip()) for line in wrapped(label + verdict.message, WIDTH - 4))


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`; a line that is cut goes on two deeper than it began.

    None of them is a command to the system of continuous integration that reads along.
    """
    lines: list[str] = []
    for line in text.splitlines() or [""]:
        indent = " " * (len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line, width, initial_indent="", subsequent_indent=indent + "  ", drop_whitespace=True,
            replace_whitespace=False, break_on_hyphens=False,
        ) or [""]  # fmt: skip
    return [CI_COMMAND.sub(lambda found: f"{found[1] or ''}\\x{ord(found[0][-1]):02x}", line) for line in lines]


def summary(scores: list[Score], marks: dict[str, str]) -> Iterator[Line]:
    """A bar for each exercise, or for each function if there is only one exercise."""
    if len(scores) == 1 and not scores[0].unloadable:
        rows = list(_function_rows(scores[0]))
    else:
        rows = [(s.exercise.id, s.points, s.maximum, _state(s)) for s in scores]
    width = max(len(row[0]) for row in rows)
    digits = max(len(f"{points}/{maximum}") for _, points, maximum, _ in rows)
    for name, points, maximum, state in rows:
        score = f"{points}/{maximum}"
        text = f"{name:<{width}}  {score:>{digits}}  {bar(points, maximum, marks)}  {state}"
        yield Line(text.rstrip(), "green" if points == maximum else "")


def _function_rows(score: Score) -> Iterator[tuple[str, int, int, str]]:
    for function in read_stub(score.exercise.stub).tasks:
        mine = Score(score.exercise, [r for r in score.rules if r.function == function], score.selected, score.verdicts)
        if mine.shown:
            yield function, mine.points, mine.maximum, _state(mine, functions=False)


def _state(score: Score, functions: bool = True) -> str:
    """What is left, in a few words."""
    if score.unloadable:
        return "cannot be loaded"
    outcomes = score.outcomes
    todo = [rule.function for rule in score.shown if score.verdict(rule).outcome == "to do"]
    parts = [
        f"{outcomes[outcome]} {outcome}"
        for outcome in ("failed", "too slow", "crashed", "not graded", "not run")
        if outcomes[outcome]
    ]
    if todo:
        whole = len(todo) == len(score.shown)
        parts.append(
            f"to do: {plural(len(set(todo)), 'function')}" if functions else "to do" if whole else f"{len(todo)} to do"
        )
    return ", ".join(parts)


def next_function(scores: list[Score]) -> tuple[Score, str] | None:
    """The one next thing: the function of the first broken rule, else the first function that is to do."""
    for wanted in (("failed", "too slow", "crashed"), ("to do",)):
        for score in scores:
            unfinished = {rule.function for rule in score.shown if score.verdict(rule).outcome in wanted}
            for function in read_stub(score.exercise.stub).tasks:
                if function in unfinished:
                    return score, function
    return None


def next_step(scores: list[Score], cwd: Path) -> Iterator[Line]:
    """What to do now, with a command that works where the user stands."""
    found = next_function(scores)
    if found is None:
        return
    score, function = found
    id = score.exercise.id
    path = from_here(score, cwd)
    if score.unloadable:
        yield Line(f"Next: make {id} load again", "bold")
        yield Line(f"      {command(f'pytest {path}')}")
        return
    line = score.lines.get(function)
    yield Line(f"Next: {function} in {id}" + (f", line {line}" if line else ""), "bold")
    yield Line(f"      {command(f'pytest {path}::{function}')}    --hint for a nudge")


def from_here(score: Score, cwd: Path) -> str:
    """The exercise's path as one types it in `cwd`, if that is a folder of the course."""
    root = score.exercise.root.resolve()
    if not cwd.resolve().is_relative_to(root):
        return score.exercise.id
    return Path(os.path.relpath(root / score.exercise.id, cwd.resolve())).as_posix()


def total(scores: list[Score], seconds: float) -> Line:
    """What this run came to, in one line."""
    points, maximum = sum(s.points for s in scores), sum(s.maximum for s in scores)
    outcomes = {
        name: sum(s.outcomes[name] for s in scores) for name in ("failed", "too slow", "crashed", "to do", "not graded")
    }
    parts = [f"{points} of {maximum} points"]
    parts += [f"{plural(number, 'test')} {name}" for name, number in outcomes.items() if number]
    everything = sum(rule.points for s in scores for rule in s.rules)
    if everything != maximum:
        parts[0] += f" selected (of {everything})"
    return Line(" · ".join([*parts, f"{seconds:.1f} s"]), "green" if points == maximum else "bold")
