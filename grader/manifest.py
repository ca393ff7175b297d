"""The hidden tests of an exercise and their points, read from the test file's syntax tree.

It is the trusted list: a result that is not on it counts nothing, one that is missing counts as not earned.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.declared import read_stub
from grader.exercise import Exercise

DEADLINE = 5.0


class BrokenTests(ValueError):
    """A hidden test breaks the rules for hidden tests; the text names file, line and test."""


@dataclass(frozen=True)
class Rule:
    """One hidden test: what it is called, which function earns its points, and why the rule matters."""

    name: str
    function: str
    points: int
    why: str
    deadline: float
    fixtures: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return self.name.removeprefix("test_").replace("_", " ")


def rules(exercise: Exercise) -> list[Rule]:
    """The rules of an exercise in the order of its test file.

    Raises BrokenTests for a test without points, a function that the stub lacks, two tests of one name, a class
    or a parametrised test: one rule is one plain function.
    """
    return list(_rules(exercise, exercise.tests.stat().st_mtime_ns, exercise.stub.stat().st_mtime_ns))


@cache
def _rules(exercise: Exercise, _tests_changed: int, _stub_changed: int) -> tuple[Rule, ...]:
    tree = ast.parse(exercise.tests.read_bytes(), str(exercise.tests))
    tasks = read_stub(exercise.stub).tasks
    found: dict[str, Rule] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            raise BrokenTests(_at(exercise.tests, node, "a hidden test is a plain function, not a class"))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            rule = _rule(exercise.tests, node, tasks)
            if rule.name in found:
                raise BrokenTests(_at(exercise.tests, node, f"there are two tests {rule.name}"))
            found[rule.name] = rule
    return tuple(found.values())


def _at(path: Path, node: ast.stmt, text: str) -> str:
    return f"{path.name}:{node.lineno}: {text}"


def _rule(path: Path, node: ast.FunctionDef, tasks: list[str]) -> Rule:
    markers = {mark.func.attr: mark for mark in map(_mark, node.decorator_list) if mark}
    unknown = set(markers) - {"points", "deadline"}
    if unknown:
        raise BrokenTests(_at(path, node, f"{node.name}: a hidden test cannot be marked {', '.join(sorted(unknown))}"))
    points, function = _points(path, node, markers.get("points"))
    if function not in tasks:
        raise BrokenTests(_at(path, node, f"{node.name}: the stub has no {function!r}; it has {', '.join(tasks)}"))
    why = ast.get_docstring(node) or ""
    if not why or "\n" in why:
        raise BrokenTests(_at(path, node, f"{node.name}: its docstring must say in one line why the rule matters"))
    deadline = _deadline(path, node, markers.get("deadline"))
    fixtures = tuple(arg.arg for arg in node.args.args)
    return Rule(node.name, function, points, why, deadline, fixtures)


class _Mark(ast.Call):
    func: ast.Attribute


def _mark(node: ast.expr) -> _Mark | None:
    """The call of a decorator `@pytest.mark.something(…)`."""
    call = node if isinstance(node, ast.Call) else ast.Call(node, [], [])
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func).startswith("pytest.mark."):
        return call  # type: ignore[return-value]
    return None


def _points(path: Path, node: ast.FunctionDef, mark: ast.Call | None) -> tuple[int, str]:
    try:
        assert mark is not None
        points = ast.literal_eval(mark.args[0])
        function = next(ast.literal_eval(k.value) for k in mark.keywords if k.arg == "of")
        assert type(points) is int and points > 0 and type(function) is str
    except (AssertionError, ValueError, StopIteration, IndexError):
        text = f'{node.name} needs @pytest.mark.points(5, of="function"), a whole number and a name of the stub'
        raise BrokenTests(_at(path, node, text)) from None
    return points, function


def _deadline(path: Path, node: ast.FunctionDef, mark: ast.Call | None) -> float:
    try:
        seconds = ast.literal_eval(mark.args[0]) if mark else DEADLINE
        assert type(seconds) in (int, float) and seconds > 0
    except (AssertionError, ValueError, IndexError):
        text = f"{node.name}: @pytest.mark.deadline(0.5) needs a number of seconds"
        raise BrokenTests(_at(path, node, text)) from None
    return float(seconds)
