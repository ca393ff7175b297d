"""A student's file as text: parsed and compiled, never run here."""

from __future__ import annotations

import ast
import types
from collections.abc import Collection
from dataclasses import dataclass, field

from grader.declared import imported, unwritten

OURS = ("grader", "week", "final_project", "solution")


@dataclass
class Source:
    """What is known of an answer before it is run; `unloadable` says why it cannot be, file and line first.

    `modules` are the first names of all that it imports.
    """

    unwritten: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    unloadable: str = ""
    modules: set[str] = field(default_factory=set)
    code: types.CodeType | None = None


def parse(source: bytes, label: str, file: str, siblings: Collection[str]) -> Source:
    """`label` is the exercise's id, `file` the name in tracebacks, `siblings` the other exercises beside it."""
    found = Source()
    try:
        tree = ast.parse(source, file)
        found.unwritten = unwritten(tree)
        found.lines = {
            node.name: node.lineno for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
        found.code = compile(tree, file, "exec", dont_inherit=True)
        found.modules = imported(tree)
        found.unloadable = _foreign_import(found.modules, label, siblings)
    except SyntaxError as error:
        found.unloadable = f"{label}:{error.lineno or 1}: {type(error).__name__}: {error.msg}{_marked(error)}"
    except (ValueError, RecursionError, MemoryError) as error:
        found.unloadable = f"{label}: {type(error).__name__}: {error}"
    return found


def _marked(error: SyntaxError) -> str:
    """The line of code with a mark below the place."""
    code = (error.text or "").rstrip()
    if not code.strip():
        return ""
    indent = len(code) - len(code.lstrip())
    return f"\n    {code.lstrip()}\n    {' ' * max((error.offset or 1) - 1 - indent, 0)}^"


def _foreign_import(modules: Collection[str], label: str, siblings: Collection[str]) -> str:
    """A stub is one file: a sentence if it imports another file of the course."""
    for name in sorted(modules):
        if name in siblings or not name or name.rstrip("0123456789") in OURS:
            what = name or "relatively"
            return f"{label} imports {what}: an answer is one file and cannot import another file of the course"
    return ""
