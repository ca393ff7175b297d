"""Runs hidden tests straight against a file, without plugin and codec: what `grade bench` compares with."""

from __future__ import annotations

import importlib.util
import os
import random
import sys
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from grader.leftovers import Database, Files
from grader.memory import measured


class Direct:
    """Stands for the fixture `student`: the module itself, with the little that its functions have besides."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._module, name)
        return DirectFunction(value) if isinstance(value, FunctionType) else value


class DirectFunction:
    def __init__(self, function: FunctionType) -> None:
        self._function = function

    def __call__(self, *args: object, **kwargs: object) -> Any:
        return self._function(*args, **kwargs)

    def with_arguments(self, *args: object) -> tuple[Any, tuple[object, ...]]:
        return self._function(*args), args


class Fixtures:
    """The fixtures of hidden tests in their plainest form."""

    def __init__(self, answer: Path) -> None:
        self.answer = answer

    def pytest_configure(self, config: pytest.Config) -> None:
        config.addinivalue_line("markers", "points(n, of): not counted here")
        config.addinivalue_line("markers", "deadline(s): not kept here")

    @pytest.fixture
    def student(self) -> Direct:
        spec = importlib.util.spec_from_file_location("answer", self.answer)
        assert spec and spec.loader
        module = sys.modules["answer"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return Direct(module)

    @pytest.fixture
    def seed(self) -> int:
        return 2026

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> random.Random:
        return random.Random(f"2026:{request.node.name}")

    @pytest.fixture
    def sqlite(self) -> type[Database]:
        return Database

    @pytest.fixture
    def files(self) -> Files:
        return Files()

    @pytest.fixture
    def inbox(self, tmp_path: Path) -> Path:
        return tmp_path

    @pytest.fixture
    def memory(self) -> Any:
        return measured


if __name__ == "__main__":
    tests, answer = sys.argv[1:]
    without = [f"-pno:{plugin}" for plugin in ("course", "cacheprovider", "valkey", "hypothesispytest")]
    options = [*without, "-c", os.devnull, "--rootdir", str(Path(tests).parent)]
    raise SystemExit(pytest.main([*options, "--import-mode=importlib", tests], plugins=[Fixtures(Path(answer))]))
