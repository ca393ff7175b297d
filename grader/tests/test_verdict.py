"""From what a hidden test ended with to an outcome and a sentence."""

import numpy as np
import pytest

from grader.expect import raises, same
from grader.manifest import Rule
from grader.student import Crashed, NotGraded
from grader.tests import toy
from grader.verdict import judge, printable

RULE = Rule("test_toy", "f", 5, "why", 0.1, ("student",))

ANSWER = """
def f(a=None) -> int:
    print("so far", a)
    return a

def g(a) -> list:
    return [row["amount"] for row in a]

def deep(n):
    if n == 0:
        raise KeyError("amount")
    return deep(n - 1)

def later():
    raise NotImplementedError("week1/exercises/toy.py: later")

def uses_later():
    return later()

def noisy():
    for number in range(100):
        print("line", number)
    raise ValueError("")

def loop():
    while True:
        pass
"""


def verdict(tmp_path, test, during="call", answer=ANSWER):
    student = toy.student(tmp_path, answer, deadline=0.1)
    with pytest.raises(BaseException) as caught:
        test(student)
    return judge(caught.value, student, RULE, during)


def test_a_difference_is_told_with_the_call_before_it(tmp_path):
    found = verdict(tmp_path, lambda student: same(student.f(1), 2, what="the sum"))
    assert found.outcome == "failed"
    assert found.message == "f(1)\n  the sum:\n    got       1\n    expected  2\n\nit printed\n  | so far 1"


def test_a_result_that_does_not_fit_is_told_with_the_call(tmp_path):
    found = verdict(tmp_path, lambda student: student.f("x"))
    assert (found.outcome, found.message.splitlines()[:2]) == ("failed", ["f('x')", "  returned a str; expected int"])


def test_an_exception_of_the_student_is_told_with_its_own_lines_only(tmp_path):
    found = verdict(tmp_path, lambda student: student.g([{"amount": 1}, {}]))
    assert found.outcome == "failed"
    lines = found.message.splitlines()
    assert lines[1] == "  raised    KeyError: amount"
    assert lines[-2:] == ["week1/exercises/toy.py:6 in g", '    return [row["amount"] for row in a]']
    assert "grader/" not in found.message
    assert found.cause == "KeyError in line 6"


def test_a_long_traceback_is_cut_to_the_last_frames(tmp_path):
    found = verdict(tmp_path, lambda student: student.deep(50))
    assert found.message.count("toy.py:") <= 3
    assert "toy.py:10 in deep" in found.message


def test_an_error_without_a_message_says_so_and_much_output_is_cut(tmp_path):
    found = verdict(tmp_path, lambda student: student.noisy())
    assert "raised    ValueError: (no message)" in found.message
    assert found.message.count("  | line") == 20
    assert found.message.rstrip().endswith("| …")


def test_how_many_calls_came_before_is_told(tmp_path):
    def test(student):
        student.f(1)
        student.f(2)
        same(student.f(3), 4)

    assert verdict(tmp_path, test).message.startswith("after 2 earlier calls:\nf(3)\n")


def test_an_error_that_should_have_come_is_told(tmp_path):
    def test(student):
        with raises(ValueError, ["amount"]):
            student.f(1)

    assert "got       no error\n    expected  ValueError naming 'amount'" in verdict(tmp_path, test).message


def test_a_plain_assert_is_told_without_our_insides(tmp_path):
    def test(student):
        got = student.f(1)
        assert got == 2, f"got {got}, expected 2"

    message = verdict(tmp_path, test).message
    assert "got 1, expected 2" in message
    assert "where" not in message


def test_what_the_test_cannot_work_with_is_the_students_fault(tmp_path):
    found = verdict(tmp_path, lambda student: student.f(1)["key"])
    assert found.outcome == "failed"
    assert "could not go on with what came back" in found.message


def test_what_is_not_written_is_to_do_also_behind_another_function(tmp_path):
    assert verdict(tmp_path, lambda student: student.later()).outcome == "to do"
    found = verdict(tmp_path, lambda student: student.uses_later())
    assert found.outcome == "to do"
    assert found.message == "uses_later needs later, which is not written yet (line 13)"


def test_a_file_that_cannot_be_loaded_is_told_once_for_all(tmp_path):
    stub = "def f():\n    raise NotImplementedError\n"
    student = toy.student(tmp_path, "x = y\n", stub)
    with pytest.raises(Exception, match="NameError") as caught:
        student.f()
    found = judge(caught.value, student, RULE, "call")
    assert (found.outcome, found.shared) == ("failed", True)
    assert found.message == "week1/exercises/toy.py:1: NameError: name 'y' is not defined"


def test_a_loop_is_too_slow_with_its_line(tmp_path):
    found = verdict(tmp_path, lambda student: student.loop())
    assert found.outcome == "too slow"
    assert "stopped after 0.1 s (week1/exercises/toy.py:" in found.message
    assert found.message.startswith("loop()")


@pytest.mark.parametrize(("error", "outcome"), [(NotGraded("no server"), "not graded"), (Crashed("killed"), "crashed")])
def test_outcomes_have_their_own_ends(tmp_path, error, outcome):
    def test(student):
        with raises(ValueError):
            raise error

    assert verdict(tmp_path, test).outcome == outcome


def test_what_breaks_before_student_code_ran_is_our_fault_and_costs_nothing(tmp_path):
    for during in ("setup", "call", "teardown"):
        found = verdict(tmp_path, lambda student: {}["fixture"], during)
        assert found.outcome == "not graded"
        assert "a fault of the course, not of yours" in found.message


def test_a_value_that_our_test_may_not_hand_over_is_our_fault(tmp_path):
    assert verdict(tmp_path, lambda student: student.f(np.int64(1))).outcome == "not graded"


def test_nothing_in_a_message_can_steer_a_terminal(tmp_path):
    found = verdict(tmp_path, lambda student: student.f("\x1b[2Jx\x07\r\x9b"))
    assert all(c.isprintable() or c == "\n" for c in found.message)
    assert printable("a\x1b[31m\nb\u202ec") == "a\\x1b[31m\nb\\x202ec"
    assert printable("Đà Nẵng · ✓ 🛵") == "Đà Nẵng · ✓ 🛵"
    assert "\\x" not in printable("a\tb")
    assert len(printable("x" * 10**6)) < 10**5
