"""Where a test writes, student code can only read; where student code writes, a test opens nothing by itself."""

import sqlite3

import pytest

from grader.apart import Apart
from grader.hands_off import hands_off, over
from grader.jail import Unavailable, bubblewrap
from grader.leftovers import Database, Files
from grader.manifest import Rule
from grader.run import Run
from grader.student import StudentError
from grader.tests import toy
from grader.zygote import Zygote

ANSWER = """
    from pathlib import Path

    def reads(path: Path) -> str:
        return path.read_text()

    def links(path: Path, target: str) -> bool:
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        return True
"""


@pytest.fixture
def zygote():
    try:
        zygote = Zygote(bubblewrap(), [])
    except Unavailable as error:
        pytest.skip(str(error))
    yield zygote
    zygote.close()


def test_no_link_can_be_laid_where_a_test_writes(tmp_path, zygote):
    folder, given = zygote.base / "one", zygote.given / "one"
    for place in (folder, given):
        place.mkdir()
        (place / "orders.csv").write_text("1\n")
    run = Run(Apart(tmp_path, zygote))
    student = run.student(toy.exercise(tmp_path, ANSWER), Rule("test_toy", "reads", 1, "", 5.0, ()), folder, given)
    assert student.reads(given / "orders.csv") == "1\n"
    assert student.links(folder / "orders.csv", "/etc/passwd")
    for name in ("orders.csv", "new.csv"):
        with pytest.raises((OSError, StudentError), match="Read-only"):
            student.links(given / name, "/etc/passwd")
    (given / "orders.csv").write_text("2\n")  # also while the answer is alive
    assert student.reads(given / "orders.csv") == "2\n"
    student._side.end()
    run.carrier.close()


def test_from_the_first_call_on_a_test_opens_nothing_itself(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "report.md").write_text("hello")
    with sqlite3.connect(folder / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id)")
    connection.close()
    hands_off(folder)
    for touch in (
        lambda: (folder / "report.md").write_text("2"),
        (folder / "report.md").open,
        (folder / "new").mkdir,
        lambda: (folder / "report.md").rename(folder / "old.md"),
        lambda: (tmp_path / "other.md").rename(folder / "old.md"),
        lambda: sqlite3.connect(folder / "shop.db"),
    ):
        with pytest.raises(PermissionError, match="inbox"):
            touch()
    assert Files(folder).text(folder / "report.md") == "hello"
    assert Files(folder).names(folder) == ["report.md", "shop.db"]
    (tmp_path / "other.md").write_text("not there")
    over(folder)
    assert (folder / "report.md").read_text() == "hello"


def test_a_table_is_changed_through_its_reader(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id)")
    connection.close()
    database = Database(tmp_path / "shop.db")
    database.change("INSERT INTO orders VALUES (?)", 7)
    database.change("CREATE TRIGGER full BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    assert database.rows("SELECT id FROM orders") == [{"id": 7}]
    assert database.refuses("INSERT INTO orders VALUES (8)")
