"""Whole answers out of parts."""

import ast

import pytest

from grader.splice import KNOW_NOTHING, BrokenAnswer, know_nothing, read_wrong, splice
from grader.tests.toy import write

SOLUTION = '''
"""A solution."""

from __future__ import annotations

import re

LIMIT = 3
SIZE: int = 4


def before(a):
    return a


@staticmethod
def f(
    a,
):
    """Doc."""
    text = "line one \x0c line two \u2028 line three"
    return re.sub("x", "y", text)


class Box:
    def get(self):
        return LIMIT


def after(a):
    return f(a)
'''


def head(tests="test_x"):
    return f'"""The mistake.\n\nCaught by: {tests}\n"""\n'


def spliced(tmp_path, wrong):
    solution = write(tmp_path / "solution.py", SOLUTION)
    text = splice(solution, write(tmp_path / "wrong/one.py", head() + wrong))
    return text, ast.parse(text)


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ("def f(a):\n    return 'wrong'\n", "f"),
        ("def before(a):\n    return 'wrong'\n", "before"),
        ("def after(a):\n    return 'wrong'\n", "after"),
        ("class Box:\n    wrong = 'wrong'\n", "Box"),
        ("LIMIT = 'wrong'\n", "LIMIT"),
        ("SIZE: str = 'wrong'\n", "SIZE"),
    ],
)
def test_the_wrong_definition_takes_the_place_of_the_solutions(tmp_path, wrong, name):
    text, tree = spliced(tmp_path, wrong)
    names = [getattr(node, "name", None) or ast.unparse(getattr(node, "targets", [None])[0] or node.target)
             for node in tree.body if not isinstance(node, (ast.Expr, ast.Import, ast.ImportFrom))]  # fmt: skip
    assert names == ["LIMIT", "SIZE", "before", "f", "Box", "after"]
    assert text.count("wrong") >= 1
    assert ast.get_docstring(tree) == "A solution."
    if name == "f":
        assert "staticmethod" not in text


def test_several_definitions_and_imports_are_taken_over(tmp_path):
    imports = "from __future__ import annotations\nimport json\nfrom math import pi\n"
    wrong = f"{imports}\n\ndef after(a):\n    return json\n\n\nLIMIT = pi\n"
    text, tree = spliced(tmp_path, wrong)
    assert [ast.unparse(node) for node in tree.body[1:5]] == [
        "from __future__ import annotations",
        "import json",
        "from math import pi",
        "import re",
    ]
    compile(text, "x", "exec")


def test_decorators_and_odd_line_ends_of_the_wrong_answer_come_with_it(tmp_path):
    wrong = "@print\ndef before(a):\n    return 'a \x0c b \u2028 c'\n"
    _, tree = spliced(tmp_path, wrong)
    before = next(node for node in tree.body if getattr(node, "name", "") == "before")
    assert ast.unparse(before.decorator_list[0]) == "print"
    assert before.body[0].value.value == "a \x0c b \u2028 c"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("def g(a):\n    return 1\n", "one.py:5: defines g, which solution.py does not have"),
        ("print(1)\n", "one.py:5: holds more than definitions"),
        ("if True:\n    LIMIT = 1\n", "holds more than definitions"),
        ("def f(:\n", "one.py:5: "),
    ],
)
def test_a_wrong_answer_that_does_not_fit_the_solution_is_named(tmp_path, wrong, why):
    with pytest.raises(BrokenAnswer, match=why):
        spliced(tmp_path, wrong)


@pytest.mark.parametrize(
    ("tests", "found"),
    [
        ("test_a", ("test_a",)),
        ("test_a, test_b", ("test_a", "test_b")),
        ("test_a test_b", ("test_a", "test_b")),
        ("test_a,\n    test_b", ("test_a", "test_b")),
    ],
)
def test_the_docstring_names_the_mistake_and_the_tests(tmp_path, tests, found):
    one = read_wrong(write(tmp_path / "one.py", head(tests)))
    assert (one.mistake, one.caught_by) == ("The mistake.", found)


@pytest.mark.parametrize(
    "text",
    ["", "x = 1\n", '"""A mistake."""\n', '"""Caught by: test_x"""\n', head(""), head("rule x"), head("test_a and b")],
)
def test_a_wrong_answer_without_mistake_or_tests_is_named(tmp_path, text):
    with pytest.raises(BrokenAnswer, match=r"one\.py: the docstring must name the mistake"):
        read_wrong(write(tmp_path / "one.py", text))


STUB = '''
"""Week 1."""
from dataclasses import dataclass
from collections.abc import Iterator

@dataclass
class Row:
    a: int

    def double(self):
        return 2 * self.a

def f(a, b=1):
    raise NotImplementedError

def g() -> Iterator[int]:
    raise NotImplementedError("g")

class Box:
    def __init__(self, size):
        raise NotImplementedError

    def get(self, key):
        raise NotImplementedError
'''


@pytest.mark.parametrize("answer", KNOW_NOTHING)
def test_a_stub_that_knows_nothing_gives_one_answer_to_everything(tmp_path, answer):
    space = {}
    exec(know_nothing(write(tmp_path / "stub.py", STUB), answer), space)
    assert space["Row"](2).double() == 4
    calls = {"f": lambda: space["f"](7), "g": space["g"], "get": lambda: space["Box"](1).get(7)}
    for name, call in calls.items():
        if answer == "ValueError":
            with pytest.raises(ValueError):
                call()
        elif answer == "the first argument":
            assert call() == (None if name == "g" else 7)
        else:
            assert call() == eval(answer)
