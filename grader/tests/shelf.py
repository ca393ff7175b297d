"""A toy exercise on a real PostgreSQL and a real Redis, and answers to it."""

from __future__ import annotations

import shutil
from pathlib import Path

from grader.exercise import Exercise
from grader.tests import toy

ID = "week2/exercises/shelf.py"

GIVEN = """
CREATE TABLE books (book_id bigint PRIMARY KEY, title text NOT NULL);
INSERT INTO books VALUES (1, 'Kiều');
"""

STUB = f'''
"""Week 2 · Shelf: books in a database.

Run: pytest {ID}
"""

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is."""

    url: str


@dataclass(frozen=True)
class RedisHandle:
    """Where your keys are, all of which begin with `prefix`."""

    url: str
    prefix: str


def add(db: PostgresHandle, title: str) -> int:
    """Adds a book; its number."""
    raise NotImplementedError("{ID}: add")


def remember(redis: RedisHandle, title: str) -> None:
    """Sets the key `last` to the title."""
    raise NotImplementedError("{ID}: remember")


def plain(number: int) -> int:
    """One more."""
    raise NotImplementedError("{ID}: plain")
'''

TESTS = '''
import pytest

from grader.expect import same


@pytest.mark.points(40, of="add")
def test_a_book_is_there_afterwards(student, postgres):
    """Who adds a book wants to find it."""
    same(student.add(postgres, "Số đỏ"), 2, what="the number")
    same(postgres.rows("SELECT * FROM {books} ORDER BY book_id")[1:], [{"book_id": 2, "title": "Số đỏ"}])


@pytest.mark.points(20, of="add")
def test_every_test_has_its_own_books(student, postgres):
    """Nobody sees the leavings of another."""
    same(student.add(postgres, "Tắt đèn"), 2, what="the number")
    same(postgres.count("books"), 2, what="books")


@pytest.mark.points(30, of="remember")
def test_the_last_title_is_remembered(student, redis):
    """A cache that forgets is none."""
    student.remember(redis, "Số đỏ")
    same(redis.keys(), ["last"], what="keys")
    same(redis.outside.get(redis.prefix + "last"), "Số đỏ", what="the title")


@pytest.mark.points(10, of="plain")
def test_one_more(student):
    """This one needs no server."""
    same(student.plain(1), 2)
'''

ANSWER = """
from dataclasses import dataclass

import psycopg
import redis as client


@dataclass(frozen=True)
class PostgresHandle:
    url: str


@dataclass(frozen=True)
class RedisHandle:
    url: str
    prefix: str


def add(db, title):
    with psycopg.connect(db.url) as connection:
        added = connection.execute(
            "INSERT INTO books SELECT max(book_id) + 1, %s FROM books RETURNING book_id", [title]
        )
        return added.fetchone()[0]


def remember(redis, title):
    with client.Redis.from_url(redis.url) as connection:
        connection.set(redis.prefix + "last", title)


def plain(number):
    return number + 1
"""


def course(root: Path, answer: str = ANSWER) -> Path:
    """A course of its own with this exercise, and an answer to it."""
    toy.course(root)
    shutil.copytree(toy.GRADER / "services", root / "grader" / "services", dirs_exist_ok=True)
    made = Exercise(root, ID)
    toy.write(made.folder / "given.sql", GIVEN)
    for path, text in {made.stub: STUB, made.tests: TESTS, made.solution: ANSWER, made.delivered: answer}.items():
        toy.write(path, text)
    return root
