"""What stays where it is: callables of the test, and iterators of both sides."""

import csv
import itertools
import json

import pytest

from grader.expect import Mismatch
from grader.tests import toy

CALLBACKS = """
import functools

def call(reader, *args, **kwargs):
    return reader(*args, **kwargs)

def each(readers, rows):
    return [reader(row) for reader in readers for row in rows]

def by_name(readers):
    return {name: reader() for name, reader in sorted(readers.items())}

def careful(reader):
    try:
        return reader()
    except Exception as error:
        return [type(error).__name__, str(error)]

def careless(reader):
    try:
        reader()
    except BaseException:
        pass
    return "all is well"

def keep(reader):
    keep.reader = reader
    return None

def kept():
    return keep.reader()

def usual(reader):
    return [callable(reader), reader.__name__, reader is None, list(map(reader, [1])), sorted([2, 1], key=reader)]

def wrapped(reader):
    @functools.wraps(reader)
    def inner():
        return reader()
    return inner()

def back(reader):
    return reader

def hand_over(reader):
    import numpy as np
    return reader(np.int64(1))
"""


@pytest.fixture
def student(tmp_path):
    return toy.student(tmp_path, CALLBACKS)


# callables of the test


def test_a_callable_of_the_test_is_called_back_with_everything_it_is_given(student):
    calls = []

    def reader(*args, **kwargs):
        calls.append((args, kwargs))
        return len(calls)

    assert student.call(reader, 1, [2], key=(3,)) == 1
    assert calls == [((1, [2]), {"key": (3,)})]


def test_callables_inside_of_lists_and_dicts_are_called_back(student):
    assert student.each([str, lambda row: row * 2], [1, 2]) == ["1", "2", 2, 4]
    assert student.by_name({"b": lambda: 2, "a": lambda: [1]}) == {"a": [1], "b": 2}


def test_a_callable_can_be_used_like_any_function(student):
    def number(row):
        return row

    assert student.usual(number) == [True, "number", False, [1], [1, 2]]
    assert student.wrapped(lambda: 7) == 7


def test_a_callable_can_be_kept_for_the_next_call(student):
    student.keep(lambda: "later")
    assert student.kept() == "later"


def test_a_callable_that_comes_back_is_the_same_one(student):
    def reader():
        return 1

    assert student.back(reader) is reader


def test_objects_with_methods_are_handed_over_as_their_methods(student):
    rows = []
    student.call(rows.append, 5)
    assert rows == [5]


@pytest.mark.parametrize(
    "error", [ValueError("late"), ConnectionError("cut"), TimeoutError("slow"), KeyError("a"), StopAsyncIteration()]
)
def test_an_error_of_a_callable_can_be_caught_by_the_student(student, error):
    def reader():
        raise error

    if isinstance(error, StopAsyncIteration):  # no kind that crosses: the test is wrong, and says so
        with pytest.raises(StopAsyncIteration):
            student.careful(reader)
    else:
        assert student.careful(reader) == [type(error).__name__, str(error)]


def test_an_error_of_a_callable_that_nobody_catches_comes_back_as_its_kind(student):
    def reader():
        raise ConnectionResetError("the line was cut")

    with pytest.raises(ConnectionResetError, match="the line was cut"):
        student.call(reader)


@pytest.mark.parametrize("call", ["careless", "careful", "call"])
def test_a_failing_assertion_in_a_callable_fails_the_test_whatever_the_student_catches(student, call):
    def reader():
        raise AssertionError("read twice")

    with pytest.raises(AssertionError, match="read twice"):
        getattr(student, call)(reader)
    with pytest.raises(Mismatch, match="asked too often"):
        getattr(student, call)(lambda: (_ for _ in ()).throw(Mismatch([], "asked too often")))
    assert student.call(lambda: 1) == 1


def test_pytest_fail_in_a_callable_fails_the_test(student):
    with pytest.raises(pytest.fail.Exception, match="never"):
        student.careless(lambda: pytest.fail("never"))


def test_calls_nest(student):
    def down(number):
        return 0 if number == 0 else student.call(down, number - 1) + 1

    assert student.call(down, 5) == 5
    assert len(student._calls) == 6


def test_what_may_not_cross_is_named_when_it_is_handed_to_a_callable(student):
    def clock(moment):
        raise AssertionError("not reached")

    with pytest.raises(TypeError, match=r"a numpy\.int64 cannot be handed to clock") as caught:
        student.hand_over(clock)
    assert caught.value.student.frames[-1][1] == "hand_over"


def test_prints_of_nested_calls_belong_to_all_calls_around_them(tmp_path):
    answer = """
        def f(reader):
            print("a")
            reader()
            print("c")

        def g():
            print("b")
    """
    student = toy.student(tmp_path, answer)

    def inner():
        student.g()

    student.f(inner)
    assert [call.printed for call in student._calls] == ["a\nb\nc\n", "b\n"]


# iterators

ITERATORS = """
import csv
import io
import itertools
from collections.abc import Generator, Iterator

def count(start: int) -> Iterator[int]:
    while True:
        count.read = start
        yield start
        start += 1

def how_far() -> int:
    return count.read

def made(kind: str) -> Iterator:
    return {
        "list": iter([1, 2]),
        "tuple": iter((1, 2)),
        "set": iter({1}),
        "dict": iter({1: 2}),
        "values": iter({1: 2}.values()),
        "items": iter({1: 2}.items()),
        "range": iter(range(2)),
        "str": iter("ab"),
        "bytes": iter(b"ab"),
        "reversed": reversed([2, 1]),
        "reversed dict": reversed({1: 2}),
        "until": iter([1, None].pop, 1),
        "map": map(str, [1]),
        "filter": filter(None, [0, 1]),
        "zip": zip([1], [2]),
        "enumerate": enumerate("a"),
        "generator": (n for n in [1]),
        "chain": itertools.chain([1], [2]),
        "islice": itertools.islice([1, 2], 1),
        "batch": itertools.pairwise([1, 2]),
        "csv": csv.reader(io.StringIO("a,b")),
        "rows": csv.DictReader(io.StringIO("a,b\\n1,2")),
        "lines": io.StringIO("a\\nb\\n"),
        "own": Own(),
    }[kind]

class Own:
    left = 2
    def __iter__(self):
        return self
    def __next__(self):
        if not self.left:
            raise StopIteration
        self.left -= 1
        return self.left

def doubled(rows: Iterator[int]) -> Iterator[int]:
    return (row * 2 for row in rows)

def first(rows: Iterator, many: int) -> list:
    return list(itertools.islice(rows, many))

def nested(rows: Iterator) -> dict[str, Iterator]:
    return {"rows": rows, "mine": iter([1])}

def failing(after: int) -> Iterator[int]:
    yield from range(after)
    raise ValueError(f"line {after} is broken")

def guarded(log: list) -> Generator[int]:
    try:
        yield 1
        yield 2
    finally:
        guarded.closed = True

def closed() -> bool:
    return getattr(guarded, "closed", False)

def careful(rows: Iterator) -> list:
    try:
        return list(rows)
    except ValueError as error:
        return [str(error)]

def printing() -> Iterator[int]:
    print("one")
    yield 1
    print("two")
    yield 2
"""


@pytest.fixture
def lazy(tmp_path):
    return toy.student(tmp_path, ITERATORS.replace("class Own", "class Mine").replace("Own()", "Mine()"), STUB)


STUB = toy.unwritten(ITERATORS[: ITERATORS.index("class Own")] + ITERATORS[ITERATORS.index("def doubled") :])


def test_a_generator_of_the_student_is_read_one_item_at_a_time(lazy):
    numbers = lazy.count(3)
    assert [next(numbers) for _ in range(4)] == [3, 4, 5, 6]
    assert lazy.how_far() == 6


def test_an_iterator_of_the_test_is_read_one_item_at_a_time(lazy):
    source = itertools.count()
    assert lazy.first(source, 3) == [0, 1, 2]
    assert next(source) == 3


def test_iterators_through_both_sides_stay_lazy(lazy):
    read = []

    def rows():
        for number in itertools.count(1):
            read.append(number)
            yield number

    doubled = lazy.doubled(rows())
    assert read == []
    assert next(doubled) == 2
    assert next(doubled) == 4
    assert read == [1, 2]


@pytest.mark.parametrize(
    ("kind", "items"),
    {
        "list": [1, 2],
        "tuple": [1, 2],
        "set": [1],
        "dict": [1],
        "values": [2],
        "items": [(1, 2)],
        "range": [0, 1],
        "str": ["a", "b"],
        "bytes": [97, 98],
        "reversed": [1, 2],
        "reversed dict": [1],
        "until": [None],
        "map": ["1"],
        "filter": [1],
        "zip": [(1, 2)],
        "enumerate": [(0, "a")],
        "generator": [1],
        "chain": [1, 2],
        "islice": [1],
        "batch": [(1, 2)],
        "csv": [["a", "b"]],
        "rows": [{"a": "1", "b": "2"}],
        "lines": ["a\n", "b\n"],
        "own": [1, 0],
    }.items(),
)
def test_every_kind_of_iterator_counts_as_one(lazy, kind, items):
    assert list(lazy.made(kind)) == items


def test_an_iterator_ends_once_and_for_all(lazy):
    numbers = lazy.made("list")
    assert list(numbers) == [1, 2]
    assert list(numbers) == []
    assert next(numbers, "end") == "end"


def test_iterators_inside_of_dicts_cross_and_come_back_as_themselves(lazy):
    mine = iter([5])
    got = lazy.nested(mine)
    assert got["rows"] is mine
    assert list(got["mine"]) == [1]
    assert lazy.first(lazy.made("list"), 5) == [1, 2]


def test_an_error_in_the_middle_of_an_iterator_comes_with_its_line(lazy):
    rows = lazy.failing(2)
    assert [next(rows), next(rows)] == [0, 1]
    with pytest.raises(ValueError, match="line 2 is broken") as caught:
        next(rows)
    assert caught.value.student.frames[-1][1] == "failing"


def test_an_error_in_an_iterator_of_the_test_can_be_caught_by_the_student(lazy):
    def rows():
        yield 1
        raise ValueError("the server went away")

    assert lazy.careful(rows()) == ["the server went away"]


def test_a_failing_assertion_in_an_iterator_fails_the_test(lazy):
    def rows():
        yield 1
        raise AssertionError("read too far")

    with pytest.raises(AssertionError, match="read too far"):
        lazy.careful(rows())


def test_closing_an_iterator_closes_the_generator_over_there(lazy):
    rows = lazy.guarded([])
    assert next(rows) == 1
    assert not lazy.closed()
    rows.close()
    assert lazy.closed()
    lazy.made("list").close()


def test_iterators_are_not_compared(lazy):
    with pytest.raises(TypeError):
        assert lazy.made("list") == [1, 2]


def test_a_function_that_is_no_iterator_may_not_cross(tmp_path):
    student = toy.student(tmp_path, "def f() -> int:\n    return lambda: 1\n\ndef g() -> list:\n    return print\n")
    for call in (student.f, student.g):
        with pytest.raises(Mismatch, match="function"):
            call()


def test_an_item_that_may_not_cross_is_named(tmp_path):
    student = toy.student(tmp_path, "import numpy as np\ndef f():\n    yield {'a': np.int64(1)}\n")
    with pytest.raises((Mismatch, TypeError), match=r"numpy\.int64"):
        next(student.f())


def test_the_readers_of_the_standard_library_can_be_handed_over(lazy):
    assert lazy.first(csv.reader(["a,b"]), 1) == [["a", "b"]]
    assert lazy.first(map(json.loads, ["1"]), 2) == [1]
