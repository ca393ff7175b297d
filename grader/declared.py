"""What a stub declares, and which of it is not written yet: read from the syntax tree, nothing is run."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Declared:
    """The names of a stub, by what they are to the tests."""

    title: str
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    records: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exceptions: dict[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()

    @property
    def tasks(self) -> list[str]:
        """What the student has to write, in the order of the stub."""
        nodes: list[ast.FunctionDef | ast.ClassDef] = [*self.functions.values(), *self.classes.values()]
        return [node.name for node in sorted(nodes, key=lambda node: node.lineno)]

    def returns(self, name: str) -> ast.expr | None:
        """The return annotation of `f` or `Class.method`."""
        first, _, method = name.partition(".")
        if not method:
            return self.functions[first].returns if first in self.functions else None
        return next((m.returns for m in methods(self.classes[first]) if m.name == method), None)


def methods(node: ast.ClassDef) -> list[ast.FunctionDef]:
    return [part for part in node.body if isinstance(part, ast.FunctionDef)]


def is_property(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).endswith("property") for decorator in node.decorator_list)


def read_stub(path: Path) -> Declared:
    """What the delivered stub at `path` declares."""
    return _read_stub(path, path.stat().st_mtime_ns)


@cache
def _read_stub(path: Path, _changed: int) -> Declared:
    return declared_by(ast.parse(path.read_bytes(), str(path)))


def declared_by(tree: ast.Module) -> Declared:
    title = (ast.get_docstring(tree) or "").partition("\n")[0]
    stub = Declared(title=title, modules=tuple(sorted(imported(tree))))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            stub.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            _add_class(stub, node)
    return stub


def _add_class(stub: Declared, node: ast.ClassDef) -> None:
    bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
    if "NamedTuple" in bases or any("dataclass" in ast.unparse(d) for d in node.decorator_list):
        stub.records[node.name] = tuple(
            part.target.id
            for part in node.body
            if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
        )
    elif bases and (bases[0] in stub.exceptions or bases[0].endswith(("Error", "Exception"))):
        stub.exceptions[node.name] = bases[0]
    else:
        stub.classes[node.name] = node


def imported(tree: ast.Module) -> set[str]:
    """The first names of all modules that a file imports, anywhere in it; "" for a relative import."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("" if node.level else node.module or "")
    return {name.partition(".")[0] for name in names}


def unwritten(tree: ast.Module) -> dict[str, int]:
    """Functions and methods whose body is still the stub's, with their lines: {"f": 41, "Histogram.add": 80}."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and is_unwritten(node):
            found[node.name] = node.lineno
        elif isinstance(node, ast.ClassDef):
            open_methods = [method for method in methods(node) if is_unwritten(method)]
            found |= {f"{node.name}.{method.name}": method.lineno for method in open_methods}
            if open_methods and all(is_unwritten(m) for m in methods(node)):
                found[node.name] = node.lineno
    return found


def is_unwritten(node: ast.FunctionDef) -> bool:
    """Whether the body is a docstring, if any, and `raise NotImplementedError`, with or without a text."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Raise):
        return False
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
