"""Hints, one step more each time they are asked for: nudge, idea, nearly there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.exercise import Exercise


class BrokenHints(ValueError):
    """The README.md of an exercise has not three steps for each function."""


def steps(exercise: Exercise) -> dict[str, list[str]]:
    """The steps of each function: its `## function` section, numbered from 1."""
    if not exercise.hints.is_file():
        return {}
    text = exercise.hints.read_text(encoding="utf-8")
    sections = re.split(r"^## +`?([\w.]+)`?[^\n]*$", text, flags=re.MULTILINE)[1:]
    return {name: _numbered(body) for name, body in zip(sections[::2], sections[1::2], strict=True)}


def _numbered(body: str) -> list[str]:
    parts = re.split(r"^\d+\. +", body, flags=re.MULTILINE)[1:]
    return [_unwrapped(re.sub(r"^   ?", "", part.strip(), flags=re.MULTILINE)) for part in parts]


def _unwrapped(text: str) -> str:
    """Paragraphs in one line each, so that they can be wrapped for the terminal; code stays as it is."""
    return re.sub(r"(?<=\S)\n(?=[^\s`*-])", " ", text)


def check(exercise: Exercise, tasks: list[str]) -> Iterator[str]:
    """What is wrong with the hints of an exercise."""
    if not exercise.hints.is_file():
        yield f"{exercise.hints.name} with the hints is missing"
        return
    found = steps(exercise)
    for task in tasks:
        if len(found.get(task, [])) < 3:
            yield f"README.md: ## {task} needs three numbered steps; it has {len(found.get(task, []))}"
    for name in set(found) - set(tasks):
        yield f"README.md: ## {name} is no function of the stub"


def next_hint(exercise: Exercise, function: str, seen: dict[str, int]) -> str:
    """The next step for a function; `seen` counts what was shown and is updated."""
    known = steps(exercise).get(function, [])
    if not known:
        return f"There is no hint for {function}."
    key = f"{exercise.id}::{function}"
    number = min(seen.get(key, 0) + 1, len(known))
    seen[key] = number
    more = "" if number == len(known) else "   (--hint again for the next)"
    return f"Hint {number} of {len(known)} for {function}{more}\n{known[number - 1]}"
