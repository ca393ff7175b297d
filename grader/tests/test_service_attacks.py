"""Each attack on a server earns nothing, is never called our fault, and leaves server and other lanes as they were."""

import ast
from contextlib import closing
from pathlib import Path

import pytest

from grader import origin, service
from grader.apart import Apart
from grader.deadline import Deadlines, TooSlow
from grader.exercise import Exercise
from grader.expect import same
from grader.inprocess import InProcess
from grader.jail import Unavailable
from grader.manifest import Rule
from grader.run import Run
from grader.selftest import trusted
from grader.student import Crashed, StudentError
from grader.tests import toy

PAYLOADS = sorted(path for path in Path(__file__).with_name("service_attacks").glob("*.py") if path.stem != "__init__")
ID = "week2/exercises/vault.py"
TAKE_TIME = {"leaves_the_jail", "fills_the_disk"}
GIVEN = "CREATE TABLE orders (order_id bigint PRIMARY KEY, amount bigint NOT NULL);"

STUB = f'''
"""Week 2 · Vault: what is attacked.

Run: pytest {ID}
"""

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


def save(db: PostgresHandle, order_id: int, amount: int) -> None:
    """Twice is once."""
    raise NotImplementedError("{ID}: save")


def remember(redis: RedisHandle, title: str) -> None:
    """Sets `last`."""
    raise NotImplementedError("{ID}: remember")
'''


def is_saved_once(student, lane):
    """The hidden test of `save`; what was there before cannot be guessed from it."""
    student.save(lane, 1, 500)
    student.save(lane, 1, 500)
    same(lane.rows("SELECT order_id, amount FROM {orders}"), [{"order_id": 1, "amount": 500}], what="orders")
    same(lane.count("orders"), 1, what="orders")
    same(lane.do("UPDATE {orders} SET amount = 501 WHERE order_id = 1"), 1, what="orders that can be changed")
    same(lane.refuses("INSERT INTO {orders} VALUES (2, 2)"), "", what="a new order")
    same(lane.refuses("INSERT INTO {orders} VALUES (1, 1)"), "23505", what="the same order again")


def is_remembered(student, lane):
    student.remember(lane, "Số đỏ")
    same(lane.keys(), ["last"], what="keys")
    same(lane.outside.get(lane.prefix + "last"), "Số đỏ", what="the title")


HIDDEN = {"save": ("postgres", is_saved_once), "remember": ("redis", is_remembered)}


@pytest.fixture(scope="module")
def lanes():
    """Lanes in a server of each service."""
    found = {name: origin.find(name, "embedded") for name in service.names()}
    made = {name: service.service(name).lanes(one.server) for name, one in found.items()}
    yield made
    for one in made.values():
        one.close()
    for one in found.values():
        one.stop()


@pytest.fixture(scope="module")
def zygote():
    try:
        made, _ = trusted("", ["psycopg", "redis"], [])
    except Unavailable as error:
        pytest.skip(str(error))
    yield made
    made.close()


def exercise(root, answer):
    made = Exercise(root, ID)
    toy.write(made.stub, STUB)
    toy.write(made.folder / "given.sql", GIVEN)
    toy.write(made.delivered, STUB.partition("def save")[0] + answer)
    return made


def attempt(carrier, made, function, lanes, deadline=3.0):
    """What the hidden test of this function ends with, in a lane of its own."""
    name, hidden = HIDDEN[function]
    rule = Rule("test_vault", function, 1, "", deadline, ("student", name))
    with lanes[name].lane(made, 2026) as lane:
        student = Run(carrier).student(made, rule, lanes=[lane])
        try:
            hidden(student, lane)
        except BaseException as error:  # TooSlow is no Exception
            return error
        finally:
            student._side.end()
    return None


def attacked(path):
    functions = [node.name for node in ast.parse(path.read_bytes()).body if isinstance(node, ast.FunctionDef)]
    return next(name for name in functions if name in HIDDEN)


SOUND = """
def save(db, order_id, amount):
    with psycopg.connect(db.url) as connection:
        connection.execute("INSERT INTO orders VALUES (%s, %s) ON CONFLICT DO NOTHING", [order_id, amount])


def remember(redis, title):
    with client.Redis.from_url(redis.url) as connection:
        connection.set(redis.prefix + "last", title)
"""


@pytest.mark.parametrize("function", HIDDEN)
@pytest.mark.parametrize("level", ["self", "apart"])
def test_a_sound_answer_passes(level, function, lanes, zygote, tmp_path):
    carrier = InProcess(tmp_path, Deadlines()) if level == "self" else Apart(tmp_path, zygote)
    with closing(carrier):
        assert attempt(carrier, exercise(tmp_path, SOUND), function, lanes) is None


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_an_attack_earns_nothing_and_harms_nobody(path, lanes, zygote, tmp_path):
    """In the jail, as an official run has it, beside the lane of somebody else."""
    function = attacked(path)
    name, _ = HIDDEN[function]
    bystander = exercise(tmp_path / "bystander", SOUND)
    with closing(Apart(tmp_path, zygote)) as carrier:
        made = exercise(tmp_path, path.read_text(encoding="utf-8"))
        error = attempt(carrier, made, function, lanes, 20.0 if path.stem in TAKE_TIME else 3.0)
        raised = getattr(error, "student", None)
        if path.stem == "fills_the_disk":
            assert "it wrote more than 256 MiB into the database" in str(error)
        assert raised or isinstance(error, (AssertionError, TooSlow, Crashed, StudentError)), repr(error)
    assert lanes[name].alive()
    with closing(Apart(tmp_path / "bystander", zygote)) as carrier:
        assert attempt(carrier, bystander, function, lanes) is None
    assert not Path("/tmp/course-was-here").exists()
