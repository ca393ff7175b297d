"""Calls that take too long. What counts is the exception that ends them, never the time."""

import contextlib
import itertools
import re
import signal
import threading
import time

import pytest

from grader.deadline import Deadlines, TooSlow, at_most
from grader.tests import toy

HAS_ALARM = hasattr(signal, "setitimer")
SHORT = 0.1
LONG = 60.0

both = pytest.mark.parametrize("signals", [True, False] if HAS_ALARM else [False])
alarm_only = pytest.mark.skipif(not HAS_ALARM, reason="only signals end a call that blocks in C")


def for_ever():
    for _ in itertools.count():
        pass


def swallowing_everything():
    while True:
        with contextlib.suppress(Exception):
            for_ever()


def swallowing_twice():
    caught = 0
    while True:
        try:
            for_ever()
        except BaseException:
            caught += 1
            if caught == 3:
                raise


def stopped(work, signals, seconds=SHORT):
    deadlines = Deadlines(signals=signals)
    with pytest.raises(TooSlow) as caught, deadlines.limit(seconds):
        work()
    return deadlines, caught.value


@both
@pytest.mark.parametrize("work", [for_ever, swallowing_everything, swallowing_twice])
def test_a_loop_in_python_is_stopped_even_if_it_swallows_exceptions(work, signals):
    deadlines, _ = stopped(work, signals)
    assert nothing_is_armed(deadlines)


@alarm_only
@pytest.mark.parametrize(
    "work",
    [
        lambda: threading.Event().wait(),
        lambda: threading.Event().wait(LONG),
        lambda: time.sleep(LONG),
        lambda: re.fullmatch("(a*)*b", "a" * 40),
        lambda: threading.Lock().acquire() and (lock := threading.Lock()).acquire() and lock.acquire(),
    ],
    ids=["wait", "wait with a timeout", "sleep", "regular expression", "lock"],
)
def test_a_call_that_blocks_is_stopped(work):
    deadlines, _ = stopped(work, signals=True)
    assert nothing_is_armed(deadlines)


@both
def test_what_is_quick_is_not_stopped_and_nothing_is_left_armed(signals):
    deadlines = Deadlines(signals=signals)
    for _ in range(50):
        with deadlines.limit(LONG):
            pass
    with deadlines.limit(SHORT):
        pass
    assert nothing_is_armed(deadlines)


def nothing_is_armed(deadlines):
    for _ in range(100_000):  # an interruption that was left behind would come now
        pass
    armed = HAS_ALARM and signal.getitimer(signal.ITIMER_REAL) != (0.0, 0.0)
    return not armed and not deadlines._active and getattr(deadlines._interrupter, "_due", None) is None


def busy():
    """Needs far more than a millisecond."""
    for _ in range(1_000_000):
        pass
    return True


@both
def test_after_a_stop_the_next_call_has_its_whole_time(signals):
    deadlines, _ = stopped(for_ever, signals)
    with deadlines.limit(LONG):
        assert busy()
    assert nothing_is_armed(deadlines)


@both
def test_an_error_inside_of_the_limit_comes_out_and_nothing_is_left_armed(signals):
    deadlines = Deadlines(signals=signals)
    with pytest.raises(ValueError, match="mine"), deadlines.limit(SHORT):
        raise ValueError("mine")
    assert nothing_is_armed(deadlines)


@both
def test_nested_limits_belong_to_the_outermost(signals):
    deadlines = Deadlines(signals=signals)
    with pytest.raises(TooSlow), deadlines.limit(2 * SHORT):
        with deadlines.limit(LONG):
            pass
        with deadlines.limit(0.001):
            busy()
        for_ever()
    assert nothing_is_armed(deadlines)


@both
def test_switched_off_nothing_is_stopped(signals):
    deadlines = Deadlines(enabled=False, signals=signals)
    with deadlines.limit(0.001):
        assert busy()
    deadlines = Deadlines(signals=signals)
    with deadlines.limit(LONG):
        deadlines.off()  # a debugger takes over in the middle of a call
        deadlines._active = False
        assert nothing_is_armed(deadlines)
    with deadlines.limit(0.001):
        assert busy()
    assert nothing_is_armed(deadlines)


@alarm_only
def test_the_handler_of_the_alarm_is_given_back():
    before = signal.getsignal(signal.SIGALRM)
    stopped(for_ever, signals=True)
    assert signal.getsignal(signal.SIGALRM) is before


@alarm_only
def test_the_place_where_time_ran_out_is_known():
    _, slow = stopped(for_ever, signals=True)
    assert slow.frame.f_code.co_name == "for_ever"


@alarm_only
def test_what_a_test_does_itself_is_stopped_too_but_not_within_the_file_that_is_spared():
    before = signal.getsignal(signal.SIGALRM)
    with pytest.raises(TooSlow), at_most(SHORT, spared="nowhere.py"):
        for_ever()
    with at_most(0.001, spared=__file__):
        assert busy()
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_too_slow_is_no_exception_that_student_code_usually_catches():
    assert not issubclass(TooSlow, Exception)


def test_outside_the_main_thread_there_are_no_signals():
    found = []
    thread = threading.Thread(target=lambda: found.append(stopped(for_ever, signals=None)[1]))
    thread.start()
    thread.join()
    assert isinstance(found[0], TooSlow)


# through the fixture

SLOW = """
from collections.abc import Iterator

def loop() -> int:
    while True:
        pass

def stubborn() -> int:
    while True:
        try:
            loop()
        except Exception:
            pass

def rows() -> Iterator[int]:
    yield 1
    loop()

def ask(reader) -> int:
    reader()
    return loop()

def tidy(log) -> int:
    try:
        return loop()
    finally:
        log("closed")

def quick() -> int:
    return 1

class Box:
    def get(self) -> int:
        return loop()
"""


def test_calls_methods_and_iterators_of_the_student_are_stopped_and_the_next_call_works(tmp_path):
    student = toy.student(tmp_path, SLOW, deadline=SHORT)
    rows = student.rows()
    assert next(rows) == 1
    calls = [student.loop, student.stubborn, lambda: next(rows), lambda: student.ask(lambda: 1), student.Box().get]
    for call in calls:
        with pytest.raises(TooSlow):
            call()
        assert student.quick() == 1


def test_what_a_student_cleans_up_after_a_stop_still_reaches_the_test(tmp_path):
    log = []
    student = toy.student(tmp_path, SLOW, deadline=SHORT)
    with pytest.raises(TooSlow):
        student.tidy(log.append)
    assert log == ["closed"]


def test_a_file_that_loops_while_it_is_loaded_is_a_sentence_with_the_line(tmp_path):
    student = toy.student(
        tmp_path, "x = 1\nwhile True:\n    x += 1\n", "def f():\n    raise NotImplementedError\n", SHORT
    )
    for _ in range(2):
        with pytest.raises(Exception, match=r"toy\.py: loading it took more than 0\.1 s"):
            student.f()
