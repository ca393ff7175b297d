"""From verdicts to points. The manifest decides: what is missing, doubled or unknown earns nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from grader.exercise import Exercise
from grader.manifest import Rule, rules
from grader.verdict import Verdict

SCHEMA = "course-results/1"
NOT_RUN = Verdict("not run")
BAD = ("failed", "to do", "too slow", "crashed", "not run")


@dataclass
class Score:
    """The results of one exercise: one entry for each rule of the manifest, run or not."""

    exercise: Exercise
    rules: list[Rule]
    selected: set[str] = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, exercise: Exercise) -> Score:
        return cls(exercise, rules(exercise))

    def add(self, name: str, verdict: Verdict, seconds: float) -> None:
        """A second result of one test counts as a failure, because nobody can say which one is true.

        Only what we could not grade the first time has a second try.
        """
        if name in self.verdicts and self.verdicts[name].outcome != "not graded":
            verdict = Verdict("failed", "this test reported two results")
        self.verdicts[name] = verdict
        self.seconds[name] = seconds

    def verdict(self, rule: Rule) -> Verdict:
        return self.verdicts.get(rule.name, NOT_RUN)

    def earned(self, rule: Rule) -> int:
        return rule.points if self.verdict(rule).outcome == "passed" else 0

    @property
    def shown(self) -> list[Rule]:
        """The rules that were selected."""
        return [rule for rule in self.rules if rule.name in self.selected]

    @property
    def unloadable(self) -> str:
        """Why the whole file cannot be used; the same for every test that needed it."""
        return next((verdict.message for verdict in self.verdicts.values() if verdict.shared), "")

    @property
    def points(self) -> int:
        return sum(map(self.earned, self.shown))

    @property
    def maximum(self) -> int:
        return sum(rule.points for rule in self.shown)

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(self.verdict(rule).outcome for rule in self.shown)


def exit_code(scores: list[Score]) -> int:
    """0: full marks of what was selected; 6: only what could not be graded is missing; 1: anything else."""
    outcomes = sum((score.outcomes for score in scores), Counter[str]())
    if any(outcomes[outcome] for outcome in BAD):
        return 1
    return 6 if outcomes["not graded"] else 0


def as_json(scores: list[Score], about: dict[str, Any]) -> dict[str, Any]:
    """The results file: every test of the manifest once."""
    tests = [
        {
            "id": f"{score.exercise.id}::{rule.name}",
            "function": rule.function,
            "outcome": score.verdict(rule).outcome,
            "points": score.earned(rule),
            "max": rule.points,
            "seconds": round(score.seconds.get(rule.name, 0.0), 4),
            "message": score.verdict(rule).message,
        }
        for score in scores
        for rule in score.rules
    ]
    total = {
        "points": sum(score.earned(rule) for score in scores for rule in score.rules),
        "max": sum(rule.points for score in scores for rule in score.rules),
    }
    return {"schema": SCHEMA, **about, "tests": tests, **total}
