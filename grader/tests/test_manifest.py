"""The trusted list of hidden tests and their points."""

import pytest

from grader.manifest import DEADLINE, BrokenTests, rules
from grader.tests import toy

GOOD = '''
import pytest

@pytest.mark.points(5, of="f")
def test_a_second_load_adds_nothing(student, sqlite):
    """A night that runs twice is no reason to pay twice."""

@pytest.mark.deadline(0.5)
@pytest.mark.points(95, of="g")
def test_order_is_kept(student):
    """Nobody likes to look for a line."""

def helper(x):
    return x
'''


def known(root, tests):
    made = toy.exercise(root, "def f():\n    pass\ndef g():\n    pass\n")
    toy.write(made.tests, tests)
    return rules(made)


def test_rules_come_in_order_with_points_function_reason_deadline_and_fixtures(tmp_path):
    first, second = known(tmp_path, GOOD)
    assert (first.name, first.function, first.points) == ("test_a_second_load_adds_nothing", "f", 5)
    assert first.why == "A night that runs twice is no reason to pay twice."
    assert first.sentence == "a second load adds nothing"
    assert first.fixtures == ("student", "sqlite")
    assert (first.deadline, second.deadline) == (DEADLINE, 0.5)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('@pytest.mark.points(5, of="f")\n', "", "needs @pytest.mark.points"),
        ("points(5,", "points(0,", "needs @pytest.mark.points"),
        ("points(5,", "points(2.5,", "needs @pytest.mark.points"),
        ("points(5,", "points(True,", "needs @pytest.mark.points"),
        ("points(5,", "points(many,", "needs @pytest.mark.points"),
        ('of="f"', 'to="f"', "needs @pytest.mark.points"),
        ('(5, of="f")', "", "needs @pytest.mark.points"),
        ('of="f"', 'of="h"', "the stub has no 'h'; it has f, g"),
        ("test_order_is_kept", "test_a_second_load_adds_nothing", "two tests"),
        ('    """Nobody likes to look for a line."""\n', "    pass\n", "docstring"),
        ("Nobody likes", "Nobody\n    likes", "one line"),
        ("def test_order_is_kept(student):", "class TestOrder:", "not a class"),
        ("deadline(0.5)", "skip('x')", "cannot be marked skip"),
        ("deadline(0.5)", "parametrize('a', [1])", "cannot be marked parametrize"),
        ("deadline(0.5)", "xfail", "cannot be marked xfail"),
    ],
)
def test_a_test_that_breaks_the_rules_is_named_with_its_line(tmp_path, old, new, why):
    assert old in GOOD
    with pytest.raises(BrokenTests, match=why) as caught:
        known(tmp_path, GOOD.replace(old, new))
    assert str(caught.value).startswith("test_toy.py:")


@pytest.mark.parametrize("mark", ["deadline()", "deadline('soon')", "deadline(limit)", "deadline"])
def test_a_deadline_that_is_no_number_is_named(tmp_path, mark):
    with pytest.raises(BrokenTests, match="deadline"):
        known(tmp_path, GOOD.replace("deadline(0.5)", mark))
