"""From what a hidden test ended with to an outcome and a sentence that a student can act on."""

from __future__ import annotations

import contextlib
import re
import traceback
from dataclasses import dataclass, replace
from pathlib import Path

from grader.codec import BrokenWire, Refused
from grader.deadline import TooSlow
from grader.expect import Mismatch
from grader.manifest import Rule
from grader.regular import read_regular
from grader.student import Call, Crashed, NotGraded, Raised, Student, ToDo, Unloadable, line_of
from grader.words import plural

OUTCOMES = ("passed", "failed", "to do", "too slow", "crashed", "not graded", "not run")
MOST_PRINTED_LINES = 20
MOST_OF_A_LINE = 200
MOST_MESSAGE = 20_000


@dataclass(frozen=True)
class Verdict:
    """The outcome of one test.

    `shared` marks a message that is the same for every test of the exercise; `cause` is equal for tests that
    broke at the same place in the same way.
    """

    outcome: str
    message: str = ""
    shared: bool = False
    cause: str = ""


def judge(error: BaseException, student: Student | None, rule: Rule, during: str) -> Verdict:
    """The verdict on a test that ended with `error` in the phase `during` (setup, call, teardown)."""
    verdict = _judge(error, student, rule, during)
    return replace(verdict, message=printable(verdict.message), cause=printable(verdict.cause))


def printable(text: str) -> str:
    """Without what could steer a terminal or break a report; it may hold the student's words."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text[:MOST_MESSAGE].expandtabs())


def told(verdict: Verdict, feedback: str) -> Verdict:
    """What of it may be said: in an official run no value of a test leaves the grader, only the rule and the place."""
    if feedback == "full" or verdict.shared or verdict.outcome in {"to do", "not graded"}:
        return verdict
    line = verdict.cause.rpartition(" in line ")[2] if verdict.cause else ""
    message = f"your code raised an exception in line {line}" if line and feedback == "rule" else ""
    return Verdict(verdict.outcome, message)


def _judge(error: BaseException, student: Student | None, rule: Rule, during: str) -> Verdict:
    calls = student._calls if student else []
    if isinstance(error, ToDo):
        return Verdict("to do", f"{error}")
    if isinstance(error, Unloadable):
        return Verdict("failed", str(error), shared=True)
    if isinstance(error, TooSlow):
        where = line_of(error, student._exercise.id) if student else ""
        return Verdict("too slow", _told(calls, (error.what or f"stopped after {rule.deadline:g} s") + where))
    if isinstance(error, Crashed):
        return Verdict("crashed", _told(calls, str(error)))
    if isinstance(error, NotGraded):
        return Verdict("not graded", str(error), cause=str(error).partition("\n")[0])
    if isinstance(error, Mismatch) and during == "call":
        return Verdict("failed", _told(calls, _mismatch(error)))
    if isinstance(error, BrokenWire):
        return Verdict("failed", _told(calls, f"what came back cannot be read: {error}"))
    if isinstance(error, Refused) and len(calls) > 1:  # the solution's results can be handed on
        return Verdict("failed", _told(calls[:-1], f"what came back cannot be handed on: {error}"))
    if isinstance(error, Refused):  # what the student's side refuses comes as a Mismatch; this is an argument of ours
        return Verdict("not graded", _our_fault(error))
    return _other(error, calls, student, during)


def _other(error: BaseException, calls: list[Call], student: Student | None, during: str) -> Verdict:
    raised: Raised | None = getattr(error, "student", None)
    if raised and student and during == "call":
        if unwritten := _unwritten(raised, student):
            return Verdict("to do", f"{calls[-1].text.partition('(')[0]} needs {unwritten}")
        cause = f"{raised.kind} in line {raised.frames[-1][0]}" if raised.frames else ""
        return Verdict("failed", _told(calls, "", raised, student), cause=cause)
    if isinstance(error, AssertionError) and during == "call":
        return Verdict("failed", _told(calls, _assertion(error)))
    if student and student._side.conversation and during == "call":
        text = f"the test could not go on with what came back\n({type(error).__name__}: {error})"
        return Verdict("failed", _told(calls, text))
    return Verdict("not graded", _our_fault(error))


def _unwritten(raised: Raised, student: Student) -> str:
    """The function that is not written yet, if that is what the student's own code ran into."""
    name = raised.text.rpartition(" ")[2]
    if raised.kind != "NotImplementedError" or name not in student._survey.unwritten:
        return ""
    return str(ToDo(name, student._survey.unwritten[name])).replace(" is ", ", which is ", 1)


def _mismatch(error: Mismatch) -> str:
    lines = [error.note] if error.note else []
    for place in error.places:
        lines += [f"{place.where}:"] if place.where else []
        lines += [f"  got       {place.got}", f"  expected  {place.expected}"]
    return "\n".join(lines)


def _assertion(error: AssertionError) -> str:
    """The text of a plain assert, without the insides that pytest adds about the test's own variables."""
    lines = [line for line in str(error).splitlines() if not re.match(r"\s*\+\s+(where|and)", line)]
    told = [line for line in lines if not re.match(r"assert ", line)]
    facts = [line.removeprefix("assert ") for line in lines if line.startswith("assert ")]
    if told and facts and not facts[0].startswith("got "):
        facts = []
    return "\n".join([line.strip() if not line.startswith("  ") else line for line in [*facts, *told]])


def _called(calls: list[Call]) -> str:
    """The last call, and how many came before it."""
    if not calls:
        return ""
    before = f"{calls[-1].text}"
    return f"after {plural(len(calls) - 1, 'earlier call')}:\n{before}" if len(calls) > 1 else before


def _told(calls: list[Call], text: str, raised: Raised | None = None, student: Student | None = None) -> str:
    parts = [_called(calls)]
    if raised and calls:
        said = raised.text.strip().replace("\n", "\n    ") or "(no message)"
        parts[0] += f"\n  raised    {raised.kind}: {said}"
    if text:
        parts[0] = f"{parts[0]}\n{_indented(text)}" if parts[0] else text
    if raised and student and raised.frames:
        parts.append(_frames(raised, student))
    if calls and calls[-1].printed.strip():
        parts.append(_printed(calls[-1].printed))
    return "\n\n".join(part for part in parts if part)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" if line.strip() else line for line in text.splitlines())


def _frames(raised: Raised, student: Student) -> str:
    """The student's own frames with their lines of code."""
    label = student._exercise.id
    lines = _lines(student)
    shown = []
    for number, function in _without_repeats(raised.frames)[-3:]:
        shown.append(f"{label}:{number}" + (f" in {function}" if function else ""))
        if 0 < number <= len(lines):
            shown.append(f"    {lines[number - 1].strip()}")
    return "\n".join(shown)


def _without_repeats(frames: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A comprehension is a frame of its own in older Pythons; its line is shown once."""
    return [
        frame for before, frame in zip([None, *frames], frames, strict=False) if not before or before[0] != frame[0]
    ]


def _lines(student: Student) -> list[str]:
    with contextlib.suppress(OSError):
        return read_regular(student._path, 1024 * 1024).decode("utf-8", "replace").splitlines()
    return []


def _printed(text: str) -> str:
    lines = text.rstrip("\n").splitlines()
    more = ["  | …"] if len(lines) > MOST_PRINTED_LINES else []
    shown = [
        line if len(line) <= MOST_OF_A_LINE else f"{line[:MOST_OF_A_LINE]}…" for line in lines[:MOST_PRINTED_LINES]
    ]
    return "\n".join(["it printed", *(f"  | {line}" for line in shown), *more])


def _our_fault(error: BaseException) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return f"a fault of the course, not of yours{place}: {type(error).__name__}: {error}. It costs no points."
