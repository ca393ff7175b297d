"""What students read: broken submissions, each with the exact text that it gets.

A folder of grader/tests/students/ is one submission: answer.py holds what the student wrote into the stub of
etl_basic (or the whole file, if its first line is `# whole file`), arguments.txt the command line, seen.txt the
terminal. After a change of the texts: WRITE_SEEN=1 pytest grader/tests/test_students.py, and read the diff.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from grader.exercise import Exercise
from grader.splice import splice

ROOT = Path(__file__).resolve().parents[2]
ETL = Exercise(ROOT, "week1/exercises/etl_basic.py")
STUDENTS = sorted(path for path in (Path(__file__).parent / "students").iterdir() if path.is_dir())


@pytest.mark.parametrize("student", STUDENTS, ids=lambda path: path.name)
def test_a_student_reads_exactly_this(student, tmp_path):
    lay_out(student / "answer.py", tmp_path / ETL.id)
    arguments = student / "arguments.txt"
    seen = terminal(shlex.split(ETL.id + arguments.read_text(encoding="utf-8")), tmp_path)
    golden = student / "seen.txt"
    if "WRITE_SEEN" in os.environ:
        golden.write_text(seen, encoding="utf-8", newline="\n")
    assert seen == golden.read_text(encoding="utf-8")


def lay_out(answer, target):
    """The stub with the student's definitions in place."""
    if not answer.is_file():
        return
    target.parent.mkdir(parents=True)
    whole = answer.read_text(encoding="utf-8").startswith("# whole file")
    text = answer.read_text(encoding="utf-8") if whole else splice(ETL.stub, answer)
    target.write_text(text, encoding="utf-8")


def terminal(arguments, answers):
    """What pytest prints, with times and temporary folders replaced by names."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("UV", "PYTEST", "COLUMNS"))}
    command = [sys.executable, "-m", "pytest", *arguments, f"--answers={answers}", "-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        env={**environment, "PYTHONUTF8": "1", "COLUMNS": "80"},
    )  # fmt: skip
    text = re.sub(r"\d+\.\d s$", "N s", done.stdout, flags=re.MULTILINE).replace(str(answers), "ANSWERS")
    text = re.sub(r"(stopped after .*):\d+\)", r"\1:N)", text)  # somewhere in the loop
    return f"{text}{done.stderr}[exit code {done.returncode}]\n"
