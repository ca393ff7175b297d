import pytest

from grader import supervisor
from grader.exercise import find_all
from grader.shard import Job
from grader.tests import toy

STUCK = '''

@pytest.mark.points(1, of="add")
def test_stuck(student):
    """Some loops in C cannot be interrupted."""
    if student.add(1, 2) == 3:
        import signal, time
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(3600)


@pytest.mark.points(1, of="add")
def test_gone(student):
    """Some faults in C end the process."""
    if student.add(1, 2) == 3:
        import os
        os._exit(0)
'''


@pytest.fixture
def exercise(tmp_path):
    course = toy.course(tmp_path)
    made = next(iter(find_all(course)))
    made.tests.write_text(made.tests.read_text(encoding="utf-8") + STUCK, encoding="utf-8")
    return made


@pytest.mark.parametrize("level", ["self", "apart"])
def test_a_test_that_stops_a_shard_costs_itself_only(exercise, monkeypatch, level):
    monkeypatch.setattr(supervisor, "SILENCE", 8.0)
    answers = {"sound": toy.SOLUTION, "wrong": toy.SOLUTION.replace("a + b", "a")}
    jobs = []
    for name, text in answers.items():
        toy.write(exercise.root / name / exercise.id, text)
        jobs.append(Job(name, str(exercise.root / name), 2026, level=level))
    results, _ = supervisor.run_jobs(exercise, jobs, "rlimits" if level == "apart" else "")
    sound, wrong = results[level, "sound"].outcomes, results[level, "wrong"].outcomes
    assert {name for name, outcome in sound.items() if outcome != "passed"} == {"test_stuck", "test_gone"}
    assert sound["test_stuck"] == sound["test_gone"] == "not graded"
    assert wrong["test_stuck"] == wrong["test_gone"] == "passed"
    assert wrong["test_numbers_are_added"] == "failed"


def test_a_shard_that_cannot_start_says_why(exercise):
    exercise.tests.write_text("def broken(:\n", encoding="utf-8")
    results, complaint = supervisor.run_jobs(exercise, [Job("sound", str(exercise.root), 2026)])
    assert results == {}
    assert complaint.startswith(" (") and len(complaint) > 5
