"""What a stub declares, and what of it is not written yet."""

import ast
from textwrap import dedent

import pytest

from grader.declared import declared_by, imported, is_unwritten, read_stub, unwritten
from grader.tests.toy import write

STUB = '''
"""Week 1 · Toys: the first line.

More.
"""
import csv
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

LIMIT = 3

@dataclass(frozen=True)
class Order:
    number: int
    amount: float = 0.0

    def doubled(self) -> float:
        return 2 * self.amount

class Point(NamedTuple):
    x: int

class Rejected(ValueError):
    pass

class Late(Rejected):
    pass

def f(a: int) -> list[int]:
    """Doc."""
    raise NotImplementedError("week1/exercises/toy.py: f")

class Box:
    def __init__(self) -> None:
        raise NotImplementedError

    def get(self) -> int:
        raise NotImplementedError

    @staticmethod
    def of(n: int) -> "Box":
        raise NotImplementedError

def g(): ...
'''


@pytest.fixture
def stub():
    return declared_by(ast.parse(STUB))


def test_names_are_sorted_by_what_they_are_to_the_tests(stub):
    assert stub.title == "Week 1 · Toys: the first line."
    assert list(stub.functions) == ["f", "g"]
    assert list(stub.classes) == ["Box"]
    assert stub.records == {"Order": ("number", "amount"), "Point": ("x",)}
    assert stub.exceptions == {"Rejected": "ValueError", "Late": "Rejected"}
    assert stub.modules == ("collections", "csv", "dataclasses", "typing", "xml")


def test_the_tasks_are_functions_and_classes_in_the_order_of_the_stub(stub):
    assert stub.tasks == ["f", "Box", "g"]


def test_return_annotations_are_found_by_name(stub):
    assert ast.unparse(stub.returns("f")) == "list[int]"
    assert ast.unparse(stub.returns("Box.get")) == "int"
    assert stub.returns("g") is None
    assert stub.returns("nobody") is None
    assert stub.returns("Box.nobody") is None


@pytest.mark.parametrize(
    ("body", "open_yet"),
    [
        ("raise NotImplementedError", True),
        ("raise NotImplementedError()", True),
        ("raise NotImplementedError('f')", True),
        ("'''Doc.'''\n    raise NotImplementedError('f')", True),
        ("'''Doc.'''\n    ...\n    raise NotImplementedError", True),
        ("pass", False),
        ("...", False),
        ("return None", False),
        ("raise ValueError('f')", False),
        ("print(1)\n    raise NotImplementedError", False),
        ("if 1:\n        raise NotImplementedError", False),
    ],
)
def test_unwritten_is_a_docstring_and_not_implemented_error(body, open_yet):
    assert is_unwritten(ast.parse(f"def f():\n    {body}\n").body[0]) is open_yet


def test_unwritten_functions_methods_and_classes_are_found_with_their_lines():
    tree = ast.parse(STUB)
    found = unwritten(tree)
    assert set(found) == {"f", "Box", "Box.__init__", "Box.get", "Box.of"}
    assert STUB.splitlines()[found["f"] - 1].startswith("def f(")
    begun = ast.parse(
        STUB.replace("    def get(self) -> int:\n        raise NotImplementedError", "    def get(self): pass")
    )
    assert set(unwritten(begun)) == {"f", "Box.__init__", "Box.of"}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import a.b, c as d", {"a", "c"}),
        ("from a.b import c", {"a"}),
        ("from . import a", {""}),
        ("from .a import b", {""}),
        ("def f():\n    import deep\n", {"deep"}),
        ("try:\n    import x\nexcept ImportError:\n    x = None\n", {"x"}),
        ("a = 'import b'", set()),
    ],
)
def test_imports_are_found_anywhere_in_a_file(code, names):
    assert imported(ast.parse(code)) == names


def test_a_stub_that_changes_is_read_again(tmp_path):
    path = write(tmp_path / "stub.py", "def f(): pass\n")
    assert read_stub(path).tasks == ["f"]
    write(path, dedent("def g(): pass\ndef h(): pass\n"))
    assert read_stub(path).tasks in (["f"], ["g", "h"])
