"""A stub is given back, and nothing is lost."""

import pytest

from grader.reset import reset
from grader.tests.toy import exercise, write


@pytest.fixture
def toy(tmp_path):
    return exercise(tmp_path, "def f():\n    return 'mine'\n")


def test_the_stub_is_given_back_and_the_answer_is_kept(toy):
    kept = reset(toy)
    assert toy.delivered.read_bytes() == toy.stub.read_bytes()
    assert kept.name == "toy.py.bak"
    assert kept.read_text() == "def f():\n    return 'mine'\n"


def test_every_answer_is_kept_under_a_name_of_its_own(toy):
    names = []
    for number in range(3):
        write(toy.delivered, f"x = {number}\n")
        names.append(reset(toy).name)
    assert names == ["toy.py.bak", "toy.py.bak2", "toy.py.bak3"]
    assert [(toy.delivered.parent / name).read_text() for name in names] == ["x = 0\n", "x = 1\n", "x = 2\n"]


def test_nothing_is_kept_where_nothing_was_lost(toy):
    reset(toy)
    assert reset(toy) is None
    toy.delivered.unlink()
    assert reset(toy) is None
    assert toy.delivered.read_bytes() == toy.stub.read_bytes()


def test_a_folder_that_is_gone_is_made_again(toy):
    toy.delivered.unlink()
    toy.delivered.parent.rmdir()
    assert reset(toy) is None
    assert toy.delivered.is_file()


def test_nothing_half_written_is_left_over(toy):
    reset(toy)
    assert sorted(path.name for path in toy.delivered.parent.iterdir()) == ["toy.py", "toy.py.bak"]
