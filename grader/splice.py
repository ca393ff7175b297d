"""Makes whole answers out of parts: a wrong answer in the solution's place, a stub that knows nothing."""

from __future__ import annotations

import ast
import io
import re
from dataclasses import dataclass
from pathlib import Path

Definition = ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign


class BrokenAnswer(ValueError):
    """A file in wrong/ that cannot be used; the text names the file and what is wrong with it."""


@dataclass(frozen=True)
class WrongAnswer:
    """One mistake: what it is, which tests must catch it, and the broken definitions."""

    path: Path
    mistake: str
    caught_by: tuple[str, ...]


def read_wrong(path: Path) -> WrongAnswer:
    """Raises BrokenAnswer without a docstring of a mistake and `Caught by: test_x, test_y`."""
    doc = ast.get_docstring(_parse(path)) or ""
    mistake = doc.partition("\n")[0].strip()
    found = re.search(r"^Caught by:\s*(.+?)\s*\Z", doc, re.MULTILINE | re.DOTALL)
    tests = tuple(re.split(r"[,\s]+", found[1])) if found else ()
    if (
        not mistake
        or mistake.startswith("Caught by")
        or not tests
        or not all(re.fullmatch(r"test_\w+", test) for test in tests)
    ):
        raise BrokenAnswer(f"{path.name}: the docstring must name the mistake and say `Caught by: test_x`")
    return WrongAnswer(path, mistake, tests)


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), str(path))
    except SyntaxError as error:
        raise BrokenAnswer(f"{path.name}:{error.lineno}: {error.msg}") from None


def splice(solution: Path, wrong: Path) -> str:
    """The solution with the definitions of the wrong answer in place of its own.

    Raises BrokenAnswer for a name that the solution lacks, or for anything else than imports and definitions.
    """
    source = solution.read_text(encoding="utf-8")
    lines = _lines(source)
    places = {name: node for node in ast.parse(source).body for name in _names(node)}
    wrong_source = wrong.read_text(encoding="utf-8")
    edits, imports = [], []
    for node in _parse(wrong).body[1:]:
        text = _segment(wrong_source, node)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.append(text)
            continue
        names = _names(node)
        if not names or names[0] not in places:
            what = f"defines {names[0]}, which solution.py does not have" if names else "holds more than definitions"
            raise BrokenAnswer(f"{wrong.name}:{node.lineno}: {what}")
        edits.append((*_span(places[names[0]]), text))
    for first, last, text in sorted(edits, reverse=True):
        lines[first - 1 : last] = [text + "\n"]
    return _with_imports("".join(lines), imports)


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _span(node: ast.stmt) -> tuple[int, int]:
    """First and last line of a definition with its decorators."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(d.lineno for d in decorators)]), node.end_lineno or node.lineno


def _segment(source: str, node: ast.stmt) -> str:
    first, last = _span(node)
    return "".join(_lines(source)[first - 1 : last]).rstrip("\n")


def _lines(source: str) -> list[str]:
    """Lines as Python counts them; str.splitlines also ends lines at form feeds and the like."""
    return io.StringIO(source).readlines()


def _with_imports(source: str, imports: list[str]) -> str:
    """Imports go behind the docstring and the imports from __future__."""
    body = ast.parse(source).body
    heads = [n for n in body if _is_docstring(n) or (isinstance(n, ast.ImportFrom) and n.module == "__future__")]
    after = max((n.end_lineno or 0 for n in heads), default=0)
    lines = _lines(source)
    future = [text for text in imports if "__future__" not in text]
    return "".join([*lines[:after], *(f"{text}\n" for text in future), *lines[after:]])


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


KNOW_NOTHING = ("None", "0", '""', "[]", "{}", "True", "the first argument", "ValueError")


def know_nothing(stub: Path, answer: str) -> str:
    """The stub with every body replaced by one and the same answer of KNOW_NOTHING."""
    tree = ast.parse(stub.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not _belongs_to_record(tree, node):
            node.body = [_body(node, answer)]
    return ast.unparse(ast.fix_missing_locations(tree))


def _belongs_to_record(tree: ast.Module, node: ast.FunctionDef) -> bool:
    """Records are given complete; only what raises NotImplementedError is the student's."""
    from grader.declared import is_unwritten

    return not is_unwritten(node)


def _body(node: ast.FunctionDef, answer: str) -> ast.stmt:
    if node.name == "__init__":
        return ast.Pass()
    if answer == "ValueError":
        return ast.parse("raise ValueError('no')").body[0]
    args = [arg.arg for arg in node.args.args if arg.arg != "self"]
    value = (args[0] if args else "None") if answer == "the first argument" else answer
    return ast.Return(ast.parse(value, mode="eval").body)
