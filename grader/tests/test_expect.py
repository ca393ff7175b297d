"""What hidden tests assert with."""

import pytest

from grader.expect import Mismatch, NoVerdict, raises, same
from grader.student import Crashed, NotGraded, ToDo, Unloadable


def failed(work):
    with pytest.raises(Mismatch) as caught:
        work()
    return str(caught.value)


def broken(error, kind=ValueError, naming=(), what=""):
    def work():
        with raises(kind, naming, what=what):
            if error:
                raise error

    return failed(work)


def test_same_is_quiet_about_equal_values_and_names_the_first_difference():
    same([1, {"a": None}], [1, {"a": None}])
    assert failed(lambda: same(1, 2)) == "got 1\nexpected 2"
    assert failed(lambda: same({"a": 1}, {"a": 2}, what="the report")) == (
        "the report, a: got 1\n               expected 2"
    )


def test_same_takes_a_relative_tolerance():
    same([1.0], [1.0 + 1e-12], rel=1e-9)
    failed(lambda: same([1.0], [1.1], rel=1e-9))


def test_a_mismatch_is_an_assertion():
    assert issubclass(Mismatch, AssertionError)


def test_raises_wants_the_kind_or_one_below_it():
    with raises(LookupError):
        raise KeyError("a")
    assert broken(KeyError("a")) == "raised: got KeyError: \"'a'\"\n        expected ValueError"


def test_raises_wants_every_name_in_the_message_whatever_its_case():
    with raises(ValueError, ["Amount", "orders.csv"]):
        raise ValueError("orders.csv lacks AMOUNT")
    text = broken(ValueError("no column"), naming=["amount", "orders.csv"], what="a file without it")
    assert text == (
        "a file without it, message: got ValueError: 'no column'\n"
        "                            expected ValueError naming 'amount' and 'orders.csv'"
    )


def test_raises_wants_an_error():
    assert broken(None, what="an empty file") == "an empty file: got no error\n               expected ValueError"


def test_an_assertion_inside_comes_out_as_it_is():
    with pytest.raises(AssertionError, match="mine"), raises(ValueError):
        raise AssertionError("mine")
    with pytest.raises(AssertionError, match="mine"), raises(Exception):
        raise Mismatch([], "mine")


@pytest.mark.parametrize("error", [ToDo("f", 1), NotGraded("no server"), Unloadable("line 1"), Crashed("killed")])
def test_what_ends_a_test_otherwise_is_no_broken_rule(error):
    assert isinstance(error, NoVerdict)
    for kind in (ValueError, Exception):
        with pytest.raises(type(error)), raises(kind):
            raise error
