"""A worker is made ready for the next test: it has the answer, the right folders, and has run nothing too early."""

import os
import tempfile
from pathlib import Path

import pytest

from grader.ahead import Need
from grader.apart import Apart
from grader.jail import Unavailable, bubblewrap, rlimits
from grader.line import BRIEF, LOAD, TEST
from grader.manifest import Rule
from grader.run import Run
from grader.tests import toy
from grader.wire import AT_ONCE, Wire
from grader.zygote import Zygote

ANSWER = """
    import os
    from pathlib import Path

    print("loaded")

    def number() -> int:
        return 42

    def writes(path: Path) -> str:
        path.write_text("written")
        return path.read_text()
"""


@pytest.fixture
def jail():
    return bubblewrap


@pytest.fixture
def zygote(jail):
    try:
        zygote = Zygote(jail(), [])
    except Unavailable as error:
        pytest.skip(str(error))
    yield zygote
    zygote.close()


@pytest.fixture
def course(tmp_path, zygote):
    """An exercise, and a run of it whose first test has called its answer; the next test needs a folder or not."""
    exercise = toy.exercise(tmp_path, ANSWER)
    run = Run(Apart(tmp_path, zygote))
    students = []

    def begin(writes=False, following=False):
        run.carrier.ahead.expect(Need(exercise, following, given=False))
        folder = run.carrier.ahead.folder() if writes else None
        students.append(run.student(exercise, Rule("test_toy", "number", 1, "", 5.0, ()), folder))
        return students[-1]

    yield run, begin
    for student in students:
        student._side.end()
    run.carrier.close()


def ready_line(run):
    return run.carrier.ahead._ready.line


def taken(line):
    return toy.wait_until(lambda: line.wire.answered)


def test_the_next_test_gets_the_worker_and_the_folder_that_were_made_for_it(course):
    run, begin = course
    assert begin(following=True).number() == 42
    line, folder = ready_line(run), run.carrier.ahead._ready.task.folder
    student = begin(writes=True)
    assert student.writes(folder / "a.txt") == "written"
    assert student._side.conversation is line
    assert (folder / "a.txt").read_text() == "written"


def test_an_answer_runs_between_tests_only_where_it_can_leave_nothing_in_their_way(course):
    run, begin = course
    first = begin(following=True)
    assert first.number() == 42
    line = ready_line(run)
    taken(line)
    run.carrier.ahead.test_is_over()
    assert LOAD not in line.wire._early
    assert begin(writes=True).number() == 42  # the next one needs no folder
    line = ready_line(run)
    taken(line)
    run.carrier.ahead.test_is_over()
    taken(line)
    assert line.printed == "loaded\n"
    student = begin()
    assert student.number() == 42
    assert student._side.conversation is line


@pytest.mark.parametrize("jail", [rlimits])
def test_without_namespaces_no_answer_runs_while_the_worker_before_may_still_be_there(course):
    run, begin = course
    assert begin().number() == 42
    line = ready_line(run)
    taken(line)
    run.carrier.ahead.test_is_over()
    assert LOAD not in line.wire._early
    student = begin()
    assert student.number() == 42
    assert student._side.conversation is line


def test_what_was_made_for_another_need_is_not_given_to_this_one(course):
    run, begin = course
    assert begin(following=True).number() == 42
    line = ready_line(run)
    student = begin(following=True)  # needs no folder after all
    assert student.number() == 42
    assert student._side.conversation is not line
    assert ready_line(run) is line


def test_folders_that_a_test_has_not_used_are_not_given_to_the_next(course):
    run, begin = course
    assert begin(following=True).number() == 42
    begin(writes=True, following=True)  # calls nothing
    run.carrier.ahead.test_is_over()
    assert run.carrier.ahead.folder() is None  # nor to the same test, tried again


def test_a_worker_that_died_before_its_test_is_replaced_and_nobody_hears_of_it(course, zygote):
    run, begin = course
    assert begin().number() == 42
    line = ready_line(run)
    taken(line)
    zygote.wait(zygote.end(line.keeper))
    run.carrier.ahead.test_is_over()
    student = begin()
    assert student.number() == 42
    assert student._side.conversation is not line


def test_what_goes_wrong_ahead_is_not_the_fault_of_the_answer_that_runs(course, monkeypatch):
    run, begin = course
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_: (_ for _ in ()).throw(OSError("the disk is full")))
    assert begin(following=True).number() == 42
    assert run.carrier.ahead.folder() is None


def test_an_answer_that_imports_more_comes_from_the_zygote_that_has_it(tmp_path, zygote):
    full = zygote.beside(["decimal", "sqlite3"])
    for name, text, expected in (("plain", ANSWER, zygote), ("more", f"    import sqlite3\n{ANSWER}", full)):
        root = tmp_path / name
        root.mkdir()
        exercise = toy.exercise(root, text)
        run = Run(Apart(root, zygote))
        folder = Path(tempfile.mkdtemp(dir=zygote.base))
        student = run.student(exercise, Rule("test_toy", "number", 1, "", 5.0, ()), folder)
        assert student.writes(folder / "a.txt") == "written"
        assert student._side.conversation.zygote is expected
        student._side.end()
        run.carrier.close()


def test_the_zygote_beside_another_ends_with_it():
    try:
        zygote = Zygote(bubblewrap(), [])
    except Unavailable as error:
        pytest.skip(str(error))
    full = zygote.beside(["decimal"])
    assert full.alive
    assert full.base == zygote.base
    zygote.close()
    assert not full.alive


def test_nothing_is_sent_ahead_to_who_does_not_read():
    here_in, there_out = os.pipe()
    there_in, here_out = os.pipe()
    os.set_blocking(here_out, False)
    while True:
        try:
            os.write(here_out, bytes(4096))
        except BlockingIOError:
            break
    here = Wire(here_in, here_out, lambda _: b"")
    here.ahead(b"load")
    assert here.quiet
    for end in (there_in, there_out):
        os.close(end)
    here.close()


def test_a_request_sent_ahead_is_not_sent_again():
    here_in, there_out = os.pipe()
    there_in, here_out = os.pipe()
    here, there = Wire(here_in, here_out, lambda _: b""), Wire(there_in, there_out, lambda request: request.upper())
    here.ahead(b"load")
    here.ahead(b"x" * AT_ONCE)  # no pipe would take it
    kind, number, payload = there._receive()
    there._send(1, number, there.serve(payload))
    toy.wait_until(lambda: here.answered)
    assert (kind, payload) == (0, b"load")
    assert here.exchange(b"load", 5.0) == b"LOAD"
    assert not there.answered
    here.close()
    there.close()


COUNTS = """
    import builtins
    import gc
    import os
    import signal
    import threading

    calls = globals().get("calls", [])

    def number() -> int:
        calls.append(1)
        return len(calls)

    def leaves(what: str) -> int:
        exec(what)
        return 0
"""


@pytest.fixture
def tests(tmp_path, zygote):
    """Passes one test after the other that only calls functions: `tests(call)` gives what came back, and the line."""
    exercise = toy.exercise(tmp_path, COUNTS)
    run = Run(Apart(tmp_path, zygote))
    need = Need(exercise, folder=False, given=False, pure=True)
    run.carrier.ahead.expect(need)

    def passed(call):
        run.carrier.ahead.expect(need)
        student = run.student(exercise, Rule("test_toy", "number", 1, "", 5.0, ()))
        came_back, line = call(student), student._side.conversation
        run.carrier.ahead.keep(line)
        run.carrier.ahead.test_is_over()
        return came_back, line

    passed.ahead = run.carrier.ahead
    yield passed
    run.carrier.close()


def test_a_worker_serves_the_next_test_with_a_module_as_new(tests):
    one, first = tests(lambda student: student.number())
    again, second = tests(lambda student: student.number())
    third, other = tests(lambda student: student.number() + student.number())
    assert (one, again, third) == (1, 1, 3)
    assert first is second is other


@pytest.mark.parametrize("jail", [rlimits])
def test_without_namespaces_a_worker_serves_one_test(tests):
    """Nobody knows what else its code has started."""
    _, first = tests(lambda student: student.number())
    assert tests(lambda student: student.number())[1] is not first


def test_no_other_worker_is_made_ready_meanwhile(tests, monkeypatch):
    tests(lambda student: student.number())
    assert tests.ahead._ready is None
    monkeypatch.setattr("grader.ahead.fresh", lambda zygote: pytest.fail("a worker was made"))
    assert tests(lambda student: student.number())[0] == 1


@pytest.mark.parametrize(
    "what",
    [
        "threading.Thread(target=threading.Event().wait, daemon=True).start()",
        "os.fork() or signal.pause()",
        "os.fork() or os.fork() or (os.setsid(), signal.pause())",
        "open('/tmp/left', 'w').close()",
        "open('/dev/shm/left', 'w').close()",
        "print('x' * 2_000_000)",
        "os.write(201, bytes([0, 0, 0, 0, 1, 0, 0, 0, 0]))",
        "gc.collect = lambda: os._exit(0)",
        "gc.collect = signal.pause",
        "gc.collect = lambda: 1 / 0",
    ],
)
def test_a_worker_in_which_something_goes_on_serves_nobody_else(tests, what):
    _, first = tests(lambda student: student.leaves(what))
    came_back, second = tests(lambda student: student.number())
    assert came_back == 1
    assert second is not first


@pytest.mark.parametrize(("limit", "most"), [("BRIEF", 0.0), ("MOST_TESTS", 1)])
def test_a_worker_that_has_used_much_of_its_limits_serves_nobody_else(tests, monkeypatch, limit, most):
    monkeypatch.setattr(f"grader.line.{limit}", most)
    _, first = tests(lambda student: student.number())
    assert tests(lambda student: student.number())[1] is not first


def test_each_test_has_its_own_time_and_size(tests):
    def spends(student):
        student.number()
        line = student._side.conversation
        found = line._left > TEST - 1.0, line.wire.received
        line._left -= BRIEF / 2
        return found

    (all_there, received), first = tests(spends)
    (again, not_more), second = tests(spends)
    assert all_there
    assert again
    assert not_more <= received
    assert second is first


def test_after_a_restart_the_code_is_in_a_fresh_worker(tests):
    _, first = tests(lambda student: student.number())

    def restarted(student):
        student.number()
        assert student._side.conversation is first
        student.restart()
        return student.number()

    assert tests(restarted) == (1, tests(lambda student: student.number())[1])
