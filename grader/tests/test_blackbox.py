"""The last words about a run that could not speak for itself."""

import os

from grader.blackbox import BlackBox, last_words

FACTS = [
    {"test": "'numbers are added'", "file": "week1/exercises/toy.py"},
    {"over": "numbers are added", "outcome": "passed", "points": 40},
    {"test": "'text is refused'", "file": "week1/exercises/toy.py"},
]


def test_what_was_graded_and_the_line_that_hangs_are_told():
    trace = 'Thread 0x1:\n  File "/x/week1/exercises/toy.py", line 12 in add\n  File "/x/y.py", line 3 in g\n'
    text = last_words(FACTS, trace)
    assert "passed      numbers are added" in text
    assert "the code under 'text is refused' would not stop" in text
    assert "week1/exercises/toy.py:12 in add" in text
    assert "40 points until then" in text
    assert "--apart" in text


def test_the_innermost_line_of_the_student_counts_and_backslashes_do_not():
    trace = '  File "C:\\x\\week1\\exercises\\toy.py", line 9 in f\n'
    assert "week1/exercises/toy.py" in last_words(FACTS, trace)


def test_a_run_that_was_ended_says_so():
    text = last_words(FACTS, "")
    assert "the code under 'text is refused' ended the whole run" in text


def test_a_run_that_ended_before_its_first_test_says_so():
    assert "the first test" in last_words([], "")


def test_after_the_goodbye_it_is_gone_even_if_student_code_left_a_process_that_holds_its_line():
    box = BlackBox()
    held = os.dup(box.file.fileno())
    box.close()  # would wait for ever
    os.close(held)
