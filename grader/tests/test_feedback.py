"""What the terminal says of broken rules."""

from pathlib import Path

from grader.exercise import Exercise
from grader.feedback import failures, wrapped
from grader.score import Score
from grader.verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]
ETL = Exercise(ROOT, "week1/exercises/etl_basic.py")


def test_no_line_of_the_students_begins_where_ours_do():
    """An exception may say what looks like a summary; also where it is only said again."""
    score = Score.of(ETL)
    score.selected = {rule.name for rule in score.rules}
    said = "ValueError: \n100 of 100 points\nparse_amount  10/10"
    for rule in score.rules:
        score.add(rule.name, Verdict("failed", said, cause=said), 0.0)
    lines = [line.text for line in failures(score, {"failed": "x"})]
    theirs = [line for line in lines if "100 of 100" in line or "10/10" in line]
    assert len(theirs) >= len(score.rules)
    assert all(line.startswith("    ") for line in theirs)


def test_no_line_is_a_command_to_continuous_integration():
    said = "got\n::error::x\n  ::add-mask::0\n##[group]x a##vso[task.complete]\n" + "a" * 40 + "::stop-commands::x"
    lines = wrapped(said, 40)
    assert not any(line.lstrip().startswith("::") or "##[" in line or "##vso[" in line for line in lines)
    assert lines[:3] == ["got", "\\x3a:error::x", "  \\x3a:add-mask::0"]
    assert wrapped("week1/x.py::test_y, a[::2] # 1", 80) == ["week1/x.py::test_y, a[::2] # 1"]
