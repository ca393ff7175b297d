"""Calls from hidden tests into student code: results, arguments, classes, and the sentences when they do not fit."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from grader.expect import Mismatch
from grader.student import NotGraded, StudentError, ToDo, Unloadable
from grader.tests import toy
from grader.tests.values import identical, plain


def told(call):
    """The sentence about a result that does not fit."""
    with pytest.raises(Mismatch) as caught:
        call()
    return str(caught.value)


ECHO = """
def echo(*args, **kwargs):
    return [list(args), kwargs]

def same(value):
    return value
"""


# plain data


@given(plain)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_cross_there_and_back_with_their_exact_types(tmp_path, value):
    student = toy.student(tmp_path, ECHO)
    assert identical(student.same(value), value)


def test_arguments_arrive_by_place_and_by_name(tmp_path):
    student = toy.student(tmp_path, ECHO)
    assert student.echo(1, "b", key=[2], other=None) == [[1, "b"], {"key": [2], "other": None}]
    assert student.same(value=(1, {2})) == (1, {2})


def test_frames_cross_both_ways(tmp_path):
    student = toy.student(
        tmp_path, "import pandas as pd\ndef f(a: pd.DataFrame) -> pd.DataFrame:\n    return a.assign(b=a.a * 2)\n"
    )
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64")})
    pd.testing.assert_frame_equal(student.f(frame), frame.assign(b=frame.a * 2))


def test_what_the_student_does_to_an_argument_stays_over_there(tmp_path):
    student = toy.student(tmp_path, "def f(rows):\n    rows.append(1)\n    return len(rows)\n")
    rows = []
    assert student.f(rows) == 1
    assert rows == []


def test_with_arguments_shows_them_as_they_are_after_the_call(tmp_path):
    student = toy.student(tmp_path, "def f(rows: list, more: dict) -> int:\n    rows.append(1)\n    return len(rows)\n")
    assert student.f.with_arguments([7], more={}) == (2, ([7, 1],))


def test_every_call_is_remembered_with_what_came_back(tmp_path):
    student = toy.student(tmp_path, "def f(a, b=2):\n    print('hello', a)\n    return [a, b]\n")
    student.f(1)
    student.f([1] * 500, b="x" * 500)
    first, second = student._calls
    assert (first.text, first.came_back, first.printed) == ("f(1)", "[1, 2]", "hello 1\n")
    assert len(second.text) < 200
    assert second.seconds > 0


def test_a_call_is_shown_short_with_callables_and_iterators_by_name(tmp_path):
    student = toy.student(tmp_path, "def f(*args):\n    return None\n")

    def clock():
        return 0

    student.f(clock, lambda: 1, iter([1]), pd.DataFrame({"a": [1]}))
    assert student._calls[0].text == "f(clock, lambda, iterator, DataFrame of 1 row, columns a)"


# results that do not fit


@pytest.mark.parametrize(
    ("annotation", "result", "sentence"),
    [
        ("int", "None", "None"),
        ("int", "True", "a bool"),
        ("int", "1.0", "a float"),
        ("list[int]", "(1,)", "a tuple"),
        ("list[int]", "[1, '2']", "a str"),
        ("dict[str, int]", "{1: 1}", "an int"),
        ("dict[str, int]", "{'a': None}", "None"),
        ("tuple[int, str]", "(1, 'a', 2)", "a tuple of 3"),
        ("set[str]", "{1}", "an int"),
        ("str | None", "1", "an int"),
        ("pd.DataFrame", "[1]", "a list"),
        ("Iterator[int]", "[1]", "a list"),
        ("list[int]", "(n for n in [1])", "a generator"),
        ("dict[str, int]", "sqlite3.connect(':memory:').execute('SELECT 1')", "a sqlite3.Cursor"),
        ("int", "np.int64(1)", "a numpy.int64"),
        ("dict", "{'a': [np.float64(1)]}", "a numpy.float64"),
        ("list", "[pd.NaT]", "a pandas.NaTType"),
        ("pd.DataFrame", "pd.Series([1])", "a pandas.Series"),
        ("int", "f", "a function"),
        ("int", "object()", "an object"),
        ("list", "{1: 2}.keys()", "a dict_keys"),
        ("list", "loop", "nested"),
    ],
)
def test_a_result_that_does_not_fit_is_a_sentence_with_both_types(tmp_path, annotation, result, sentence):
    answer = f"""
        import sqlite3
        from collections.abc import Iterator
        import numpy as np
        import pandas as pd
        loop = []
        loop.append(loop)
        def f() -> {annotation}:
            return {result}
    """
    text = told(toy.student(tmp_path, answer).f)
    assert sentence in text
    assert f"expected {annotation}" in text


def test_the_place_inside_a_result_is_named(tmp_path):
    answer = """
        import numpy as np
        def f(key) -> dict:
            return {'amount': {'min': np.int64(1)}} if key else {np.int64(5): 1}
    """
    student = toy.student(tmp_path, answer)
    assert "['amount']['min']" in told(lambda: student.f(True))
    assert "key np.int64(5)" in told(lambda: student.f(False))
    assert "at  " not in told(lambda: student.f(False))


def test_with_arguments_names_the_place_as_if_only_the_result_came_back(tmp_path):
    answer = """
        import numpy as np
        def f(rows, n) -> dict:
            rows.append(np.int64(1))
            return {'a': np.int64(1)} if n else {}
    """
    student = toy.student(tmp_path, answer)
    assert "at ['a'];" in told(lambda: student.f.with_arguments([], 1))
    text = told(lambda: student.f.with_arguments([], 0))
    assert "a numpy.int64" in text
    assert "argument 1" in text


def test_a_result_without_annotation_may_be_anything_plain(tmp_path):
    student = toy.student(tmp_path, "def f(a):\n    return a\n")
    assert student.f(None) is None
    assert "expected plain data" in told(toy.student(tmp_path / "2", "def f():\n    return object()\n").f)


# what is not there


def test_a_function_that_is_not_written_is_to_do(tmp_path):
    answer = "def f():\n    '''Doc.'''\n    raise NotImplementedError('f')\n\ndef g():\n    return 1\n"
    student = toy.student(tmp_path, answer)
    with pytest.raises(ToDo, match="line 1"):
        student.f()
    assert student.g() == 1
    assert [call.text for call in student._calls] == ["g()"]


def test_a_function_that_was_removed_is_a_sentence(tmp_path):
    stub = "def f():\n    raise NotImplementedError\n\ndef g():\n    raise NotImplementedError\n"
    for answer in ("def f():\n    return 1\n", "def f():\n    return 1\n\ng = 7\n"):
        student = toy.student(tmp_path, answer, stub)
        assert told(student.g) == "g is not in the file any more"
        assert student.f() == 1


def test_a_name_that_the_stub_lacks_is_an_error_of_the_test(tmp_path):
    student = toy.student(
        tmp_path, "def f():\n    return 1\n\ndef helper():\n    return 2\n", "def f():\n    raise NotImplementedError\n"
    )
    for name in ("helper", "_side_door", "__len__"):
        with pytest.raises(AttributeError):
            getattr(student, name)


def test_a_value_that_a_test_may_not_hand_over_is_not_the_students_fault(tmp_path):
    student = toy.student(tmp_path, ECHO)
    with pytest.raises(TypeError, match=r"a pandas\.Series"):
        student.same(pd.Series([1]))


# records


RECORDS = """
from dataclasses import dataclass
from typing import NamedTuple

@dataclass
class Order:
    number: int
    amounts: list

@dataclass(frozen=True, slots=True)
class Money:
    dong: int

class Point(NamedTuple):
    x: float
    y: float = 0.0

def more(order: Order) -> Order:
    assert type(order) is Order, type(order)
    return Order(order.number + 1, [*order.amounts, Money(5)])

def move(point: Point) -> list[Point]:
    return [point._replace(x=point.x + 1)]
"""


def test_records_cross_both_ways_as_records(tmp_path):
    student = toy.student(tmp_path, RECORDS)
    assert student.more(student.Order(1, [])) == student.Order(2, [student.Money(5)])
    assert student.move(student.Point(1.0)) == [student.Point(2.0, 0.0)]
    assert type(student.more(student.Order(1, []))) is student.Order


def test_the_records_of_the_tests_are_the_stubs_whatever_the_student_made_of_them(tmp_path):
    changed = RECORDS.replace(
        "    amounts: list\n", "    amounts: list\n    def __eq__(self, other):\n        return True\n"
    )
    student = toy.student(tmp_path, changed, toy.unwritten(RECORDS))
    assert student.more(student.Order(1, [])) != student.Order(1, [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    amounts: list\n", "    amounts: list\n    discount: int = 0\n"),
        ("    number: int\n", "    no: int\n"),
        ("@dataclass\nclass Order", "class Order"),
        ("Point", "Spot"),
    ],
)
def test_a_record_that_was_changed_is_a_sentence_for_the_whole_file(tmp_path, old, new):
    student = toy.student(
        tmp_path, RECORDS.replace(old, new).replace("point._replace(x=point.x + 1)", "1"), toy.unwritten(RECORDS)
    )
    for _ in range(2):
        with pytest.raises(Unloadable, match="must stay as the stub has it"):
            student.move(student.Point(1.0))


def test_a_result_that_is_another_record_is_named(tmp_path):
    answer = RECORDS.replace("return Order(order.number + 1, [*order.amounts, Money(5)])", "return Money(1)")
    assert "Money" in told(lambda: (s := toy.student(tmp_path, answer)).more(s.Order(1, [])))


# classes of the stub


CLASSES = """
from collections.abc import Iterator

class Counter:
    limit = 10

    def __init__(self, start: int = 0) -> None:
        self.count = start

    def add(self, number: int = 1) -> int:
        self.count += number
        return self.count

    def items(self) -> Iterator[int]:
        return (n for n in range(self.count))

    def twin(self) -> "Counter":
        return Counter(self.count)

    @staticmethod
    def of(numbers: list) -> "Counter":
        return Counter(sum(numbers))

    @property
    def double(self) -> int:
        return 2 * self.count

    def __len__(self):
        raise RuntimeError("asked for the length")

    def __bool__(self):
        raise RuntimeError("asked for the truth")

    def __eq__(self, other):
        raise RuntimeError("asked to compare")

    def __iter__(self):
        raise RuntimeError("asked to iterate")

    def __contains__(self, part):
        raise RuntimeError("asked to look inside")

def total(counters: list) -> int:
    return sum(counter.count for counter in counters)

def kinds(things: dict) -> list:
    return [type(thing).__name__ for thing in things.values()]
"""


def test_an_object_of_the_students_answers_through_its_methods_and_attributes(tmp_path):
    counter = toy.student(tmp_path, CLASSES).Counter(start=2)
    assert counter.add() == 3
    assert counter.add(number=4) == 7
    assert counter.count == 7
    assert counter.limit == 10
    assert counter.double == 14
    assert list(counter.items()) == list(range(7))


def test_objects_go_back_to_where_they_live(tmp_path):
    student = toy.student(tmp_path, CLASSES)
    one, two = student.Counter(1), student.Counter.of([1, 1])
    assert student.total([one, two, one.twin()]) == 4
    assert student.kinds({"a": one, "b": 1}) == ["Counter", "int"]
    one.add(5)
    assert student.total([one]) == 6


def test_an_object_of_the_students_decides_nothing_in_a_test(tmp_path):
    counter = toy.student(tmp_path, CLASSES).Counter(1)
    for decide in (
        bool,
        len,
        iter,
        hash,
        lambda c: c == 1,
        lambda c: c != 1,
        lambda c: 1 in c,
        lambda c: c < 1,
        lambda c: c[0],
        lambda c: c + 1,
        int,
    ):
        with pytest.raises(TypeError):
            decide(counter)


def test_nothing_private_of_an_object_is_asked_for(tmp_path):
    answer = """
class Spy:
    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        self.asked.append(name)
        return lambda *args: True

    def log(self) -> list:
        return self.asked

def f(spy):
    return None
"""
    student = toy.student(tmp_path, answer)
    spy = student.Spy()
    student.f(spy)
    repr(spy)
    for name in ("__next__", "_hidden", "__deepcopy__"):
        assert not hasattr(spy, name)
    assert spy.log() == []


def test_methods_are_checked_like_functions(tmp_path):
    answer = CLASSES.replace("return self.count\n", "return str(self.count)\n")
    counter = toy.student(tmp_path, answer).Counter()
    assert "a str; expected int" in told(counter.add)


def test_a_method_that_is_not_written_is_to_do_and_the_others_work(tmp_path):
    answer = CLASSES.replace("self.count += number\n        return self.count\n", "raise NotImplementedError\n")
    counter = toy.student(tmp_path, answer).Counter(3)
    assert counter.count == 3
    with pytest.raises(ToDo, match=r"Counter\.add"):
        counter.add()


def test_a_method_or_class_that_was_removed_is_a_sentence(tmp_path):
    counter = toy.student(tmp_path, CLASSES.replace("def add(", "def plus("), toy.unwritten(CLASSES)).Counter()
    assert told(counter.add) == "Counter.add is not in the file any more"
    student = toy.student(tmp_path, CLASSES.replace("Counter", "Counted"), toy.unwritten(CLASSES))
    assert told(student.Counter) == "Counter is not in the file any more"


def test_methods_show_their_arguments_after_the_call(tmp_path):
    answer = "class Bag:\n    def take(self, things: list) -> int:\n        things.clear()\n        return 1\n"
    assert toy.student(tmp_path, answer).Bag().take.with_arguments([1, 2]) == (1, ([],))


def test_an_object_of_a_class_that_the_stub_lacks_may_not_cross(tmp_path):
    answer = "class Mine:\n    pass\n\ndef f():\n    return Mine()\n"
    assert "Mine" in told(toy.student(tmp_path, answer, "def f():\n    raise NotImplementedError\n").f)


def test_an_attribute_that_may_not_cross_is_a_sentence(tmp_path):
    answer = "import threading\nclass Box:\n    def __init__(self):\n        self.lock = threading.Lock()\n"
    box = toy.student(tmp_path, answer).Box()
    with pytest.raises((Mismatch, AttributeError), match="lock"):
        _ = box.lock


# exceptions


@pytest.mark.parametrize(
    "kind", ["ValueError", "KeyError", "FileNotFoundError", "ZeroDivisionError", "RecursionError", "IndexError"]
)
def test_built_in_exceptions_arrive_as_they_are(tmp_path, kind):
    student = toy.student(tmp_path, f"def f(text):\n    raise {kind}(text)\n")
    with pytest.raises(Exception, match="no column") as caught:
        student.f("no column 'amount'")
    assert caught.type.__name__ == kind
    raised = caught.value.student
    assert (raised.kind, raised.text, raised.frames) == (kind, "no column 'amount'", [(2, "f")])


DECLARED = """
import json
from decimal import Decimal

class Rejected(ValueError):
    '''A row that is wrong.'''

class Late(Rejected):
    pass

class Placed(ValueError):
    def __init__(self, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}")
        self.line = line

def f(what):
    if what == "late":
        raise Late("too late")
    if what == "placed":
        raise Placed(3, 4)
    if what == "json":
        json.loads("{")
    if what == "bytes":
        b"\\xff".decode()
    if what == "decimal":
        Decimal("x")
    if what == "own":
        class Own(Exception):
            pass
        raise Own("mine")
    if what == "group":
        raise ExceptionGroup("many", [ValueError("a")])
    if what == "warning":
        raise UserWarning("careful")
    if what == "exit":
        raise SystemExit("bye")
    if what == "stop":
        next(iter([]))
    if what == "mute":
        class Mute(ValueError):
            def __str__(self):
                return self.missing
        raise Mute()
    if what == "long":
        raise ValueError("x" * 100_000)
    if what == "inner":
        g(what)
    if what == "chained":
        try:
            int("x")
        except ValueError as error:
            raise KeyError("amount") from error
    raise Exception

def g(what):
    raise LookupError(what)
"""


def raised(tmp_path, what):
    with pytest.raises(Exception) as caught:
        toy.student(tmp_path, DECLARED).f(what)
    return caught.value


def test_exceptions_of_the_stub_arrive_as_the_stubs_own(tmp_path):
    student = toy.student(tmp_path, DECLARED)
    with pytest.raises(student.Rejected, match="too late") as caught:
        student.f("late")
    assert type(caught.value) is student.Late


def test_an_exception_of_the_stub_that_wants_more_than_a_text_arrives_with_its_text(tmp_path):
    error = raised(tmp_path, "placed")
    assert type(error).__name__ == "Placed"
    assert str(error) == "line 3, column 4"


@pytest.mark.parametrize(
    ("what", "kind", "shown"),
    [
        ("json", ValueError, "json.decoder.JSONDecodeError"),
        ("bytes", UnicodeError, "UnicodeDecodeError"),
        ("decimal", ArithmeticError, "decimal.InvalidOperation"),
        ("own", StudentError, "Own"),
        ("group", StudentError, "ExceptionGroup"),
        ("warning", StudentError, "UserWarning"),
        ("exit", StudentError, "SystemExit"),
        ("stop", StudentError, "StopIteration"),
        ("mute", ValueError, "Mute"),
        ("inner", LookupError, "LookupError"),
        ("chained", KeyError, "KeyError"),
        ("", StudentError, "Exception"),
    ],
)
def test_other_exceptions_arrive_as_their_nearest_known_kind(tmp_path, what, kind, shown):
    error = raised(tmp_path, what)
    assert isinstance(error, kind)
    assert error.student.kind.endswith(shown)


def test_the_message_of_a_key_error_is_its_key(tmp_path):
    assert raised(tmp_path, "chained").student.text == "amount"


def test_a_message_is_cut_and_a_broken_message_does_not_break_us(tmp_path):
    assert len(str(raised(tmp_path, "long"))) < 10_000
    assert "AttributeError" in str(raised(tmp_path, "mute"))


def test_the_frames_are_the_students_own_outermost_first(tmp_path):
    assert [name for _, name in raised(tmp_path, "inner").student.frames] == ["f", "g"]
    assert [name for _, name in raised(tmp_path, "json").student.frames] == ["f"]


def test_a_debugger_finds_the_line_of_the_student(tmp_path):
    traceback = raised(tmp_path, "inner").__traceback__
    names = []
    while traceback:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert names[-1] == "g"


# loading


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("def f(:\n", r"toy\.py:1: SyntaxError"),
        ("def f():\n    pass\n  x = 1\n", r"toy\.py:3: IndentationError"),
        (
            "import no_such_module\ndef f():\n    return 1\n",
            r"toy\.py:1: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        ("x = 1\ny = x / 0\ndef f():\n    return 1\n", r"toy\.py:2: ZeroDivisionError"),
        ("import sys\nsys.exit(3)\n", r"toy\.py:2: .*SystemExit"),
        ("raise SystemExit\n", r"toy\.py:1: .*SystemExit"),
        ("from week1.exercises import etl_basic\n", "imports week1"),
        ("def f():\n    import grader\n    return 1\n", "imports grader"),
        ("from .solution import *\n", "imports relatively"),
        ("import solution\n", "imports solution"),
        ("x = '\0'\n", "null byte"),
        ("# coding: nonsense\n", r"toy\.py"),
    ],
)
def test_a_file_that_cannot_be_loaded_says_why_and_where_for_every_test(tmp_path, answer, why):
    student = toy.student(tmp_path, answer, "def f():\n    raise NotImplementedError\n")
    for _ in range(2):
        with pytest.raises(Unloadable, match=why):
            student.f()
    assert student._calls == []


def test_a_file_that_is_missing_says_how_to_get_it_back(tmp_path):
    made = toy.exercise(tmp_path, "def f():\n    return 1\n")
    made.delivered.unlink()
    student = toy.Run(toy.InProcess(tmp_path, toy.Deadlines())).student(made, toy.Rule("t", "f", 1, "", 5.0, ()))
    with pytest.raises(Unloadable, match="grade reset"):
        student.f()


def test_each_test_gets_a_fresh_module(tmp_path):
    made = toy.exercise(tmp_path, "seen = []\ndef f(a):\n    seen.append(a)\n    return seen\n")
    run = toy.Run(toy.InProcess(tmp_path, toy.Deadlines()))
    for _ in range(2):
        student = run.student(made, toy.Rule("t", "f", 1, "", 5.0, ()))
        assert student.f(1) == [1]
        assert student.f(2) == [1, 2]


def test_not_graded_is_no_fault_of_the_student():
    assert not issubclass(NotGraded, AssertionError)
