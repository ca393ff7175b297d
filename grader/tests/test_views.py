"""What a test sees of its lane from outside, and the sentences that students get."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from grader import origin, service
from grader.exercise import Exercise
from grader.expect import Mismatch
from grader.tests import toy

GIVEN = """
CREATE TABLE orders (order_id bigint PRIMARY KEY, amount bigint NOT NULL, at timestamptz);
CREATE TABLE lines (order_id bigint REFERENCES orders DEFERRABLE INITIALLY DEFERRED, line int);
INSERT INTO orders SELECT n, n * 1000, '2026-03-01 00:00+07' FROM generate_series(1, 100) n;
CREATE VIEW totals AS SELECT sum(amount)::bigint AS total FROM orders;
"""


@pytest.fixture(scope="module")
def lanes():
    found = origin.find("postgres", "embedded")
    made = service.service("postgres").lanes(found.server)
    yield made
    made.close()
    found.stop()


@pytest.fixture
def exercise(tmp_path):
    made = Exercise(tmp_path, "week2/exercises/view.py")
    toy.write(made.folder / "given.sql", GIVEN)
    return made


@pytest.fixture
def lane(lanes, exercise):
    with lanes.lane(exercise, 2026) as made:
        yield made


@contextmanager
def student(lane):
    import psycopg

    with psycopg.connect(lane.url) as connection:
        yield connection


@contextmanager
def told(text):
    with pytest.raises(Mismatch) as raised:
        yield
    assert text in str(raised.value)


def test_the_students_role_owns_what_was_given(lane):
    with student(lane) as connection:
        owners = connection.execute("SELECT tableowner, current_user FROM pg_tables WHERE schemaname = 'public'")
        assert all(owner == me for owner, me in owners)
        connection.execute("ALTER TABLE orders ADD note text")


def test_the_settings_of_a_session(lane):
    with student(lane) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("timezone", "jit", "lock_timeout")]
        assert shown == ["America/New_York", "off", "5s"]
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)


def test_rows_come_as_dicts_with_times_in_utc(lane):
    row = lane.rows("SELECT * FROM {orders} WHERE order_id = %s", 7)
    assert row == [{"order_id": 7, "amount": 7000, "at": datetime(2026, 2, 28, 17, tzinfo=UTC)}]
    assert row[0]["at"].utcoffset().total_seconds() == 0
    assert lane.value("SELECT amount FROM {orders} WHERE order_id = %(id)s", {"id": 3}) == 3000
    assert lane.values("SELECT order_id FROM {orders} WHERE amount > %s ORDER BY 1", 98_000) == [99, 100]
    assert lane.count("orders", "amount <= %s", 10_000) == 10


def test_changes_of_the_test(lane):
    assert lane.do("UPDATE {orders} SET amount = 1 WHERE order_id <= 2") == 2
    lane.load("orders", [{"order_id": 101, "amount": 5}, {"order_id": 102, "amount": 6}])
    assert lane.count("orders") == 102


@pytest.mark.parametrize(
    ("sql", "state"),
    [
        ("INSERT INTO {orders} VALUES (1, 1)", "23505"),
        ("INSERT INTO {orders} VALUES (101, NULL)", "23502"),
        ("INSERT INTO {lines} VALUES (999, 1)", "23503"),
        ("INSERT INTO {orders} VALUES (101, 1)", ""),
    ],
)
def test_what_the_database_refuses(lane, sql, state):
    """Deferred constraints too; and whatever it says, nothing is kept."""
    assert lane.refuses(sql) == state
    assert lane.count("orders") == 100


def test_a_statement_that_does_not_fit_is_no_refusal(lane):
    with told('the database says: column "price" of relation "orders" does not exist'):
        lane.refuses("INSERT INTO {orders} (order_id, price) VALUES (1, 1)")


def test_what_is_not_there_is_a_sentence(lane):
    with told("there is no table customers in the database"):
        lane.count("customers")
    with told('the database says: column "price" does not exist\nin: SELECT price FROM orders'):
        lane.rows("SELECT price FROM {orders}")
    with told("100 rows instead of one"):
        lane.value("SELECT amount FROM {orders}")


def test_only_an_ordinary_table_is_a_table(lane):
    with told("totals is a view; expected an ordinary table"):
        lane.rows("SELECT * FROM {totals}")
    assert lane.value("SELECT total FROM {totals:any}") == 5_050_000
    with student(lane) as connection:
        connection.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE RULE never AS ON DELETE TO lines DO INSTEAD NOTHING")
    with told("orders is a table with row security; expected an ordinary table"):
        lane.count("orders")
    with told("lines is a table with rules; expected an ordinary table"):
        lane.count("lines")


def test_rows_of_a_child_are_not_the_tables(lane):
    with student(lane) as connection:
        connection.execute("CREATE TABLE more () INHERITS (orders)")
        connection.execute("INSERT INTO more VALUES (101, 1)")
    assert lane.count("orders") == 100


def test_functions_of_the_student_are_not_found_by_accident(lane):
    """PostgreSQL takes the function whose types fit best, wherever on the path: it has no round(bigint) itself."""
    with student(lane) as connection:
        connection.execute("CREATE FUNCTION round(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 0::bigint'")
        connection.execute(f"ALTER DATABASE {lane.database} SET search_path = public, pg_catalog")
    assert lane.value("SELECT round(amount)::int FROM {orders} WHERE order_id = 1") == 1000
    with lane.session() as session:
        assert session.rows("SELECT round(amount)::int AS dong FROM {orders} WHERE order_id = 1") == [{"dong": 1000}]
    assert lane.value("SELECT public.round(amount)::int FROM {orders} WHERE order_id = 1") == 0


def test_statements_of_the_student_are_counted_without_those_that_frame_them(lane):
    with lane.counted() as used, student(lane) as connection:
        connection.execute("SELECT 1")
        for number in range(3):
            connection.execute("UPDATE orders SET amount = %s WHERE order_id = 1", [number])
        connection.cursor().executemany("INSERT INTO orders VALUES (%s, 1)", [[201], [202]])
    assert used.statements == 6
    assert sorted(text.split()[0] for text in used.texts) == ["INSERT", "SELECT", "UPDATE"]
    lane.count("orders")
    with lane.counted() as nothing:
        lane.count("orders")
    assert nothing.statements == 0


def test_a_session_left_open_is_told_and_ended(lane):
    import psycopg

    kept = psycopg.connect(lane.url)
    with told("a session was left open when the call was over"):
        lane.count("orders")
    assert lane.count("orders") == 100
    with pytest.raises(psycopg.OperationalError):
        kept.execute("SELECT 1")
    kept.close()


def test_while_a_call_runs_its_sessions_may_be_there(lane):
    with student(lane) as connection:
        lane.busy = lambda: True
        connection.execute("UPDATE orders SET amount = 0 WHERE order_id = 1")
        with lane.session(autocommit=True) as rival:
            assert rival.do("UPDATE {orders} SET amount = 1 WHERE order_id = 1") == "blocked"
            assert rival.do("UPDATE {orders} SET amount = 1 WHERE order_id = 2") == "done"
        lane.busy = lambda: False
    assert lane.value("SELECT sum(amount)::int FROM {orders} WHERE order_id <= 2") == 1


def test_two_sessions_of_the_test(lane):
    with lane.session() as one, lane.session() as two:
        assert one.do("INSERT INTO {orders} VALUES (201, 1)") == "done"
        assert one.do("INSERT INTO {orders} VALUES (1, 1)") == "refused 23505"
        assert two.do("INSERT INTO {orders} VALUES (201, 2)") == "blocked"
        assert one.commit() == "done"
        assert two.do("INSERT INTO {orders} VALUES (201, 2)") == "refused 23505"
        two.rollback()
    assert lane.value("SELECT amount FROM {orders} WHERE order_id = 201") == 1


def test_plans_and_buffers(lane):
    lane.vacuum()
    assert lane.plan("SELECT * FROM {orders} WHERE order_id = %s", 5)["Plan"]["Plan Rows"] == 1
    assert lane.buffers("SELECT * FROM {orders}") == 1
    lane.plan("DELETE FROM {orders}")
    assert lane.count("orders") == 100


def test_a_query_of_the_students_is_read_only_and_one_statement(lane):
    assert lane.answer("SELECT amount FROM orders WHERE order_id = %(id)s AND '{}' <> ''", {"id": 4}) == [
        {"amount": 4000}
    ]
    assert lane.answer_buffers("SELECT amount FROM orders", {}) == 1
    with told("read-only transaction"):
        lane.answer("DELETE FROM orders", {})
    with told("cannot insert multiple commands"):
        lane.answer("COMMIT; DELETE FROM orders", {})
    with told("query parameter missing: id"):
        lane.answer("SELECT amount FROM orders WHERE order_id = %(id)s", {})


def test_two_tests_share_a_template_and_nothing_else(lanes, exercise):
    with lanes.lane(exercise, 2026) as first, lanes.lane(exercise, 2026) as second:
        first.do("DELETE FROM {lines}; DELETE FROM {orders}")
        assert second.count("orders") == 100
    assert lanes.template(exercise, 2026) == lanes.template(exercise, 7)


def test_another_given_file_is_another_template_and_old_ones_go(lanes, exercise):
    names = []
    for number in range(5):
        toy.write(exercise.folder / "given.sql", f"CREATE TABLE t{number} ();")
        names.append(lanes.template(exercise, 2026))
    assert len(set(names)) == 5
    kept = lanes.admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'course\\_view\\_%'").fetchall()
    assert {name for (name,) in kept} == set(names[-3:])


def test_rows_are_made_for_each_seed(lanes, exercise):
    toy.write(
        exercise.folder / "given.py",
        "def fill(cursor, rng):\n    cursor.execute(f'DELETE FROM orders WHERE order_id > {rng.randrange(50)}')\n",
    )
    counts = []
    for seed in (1, 2, 1):
        with lanes.lane(exercise, seed) as lane:
            counts.append(lane.count("orders"))
    assert counts[0] == counts[2] != counts[1]


def test_a_given_file_that_is_wrong_leaves_no_half_template(lanes, exercise):
    import psycopg

    toy.write(exercise.folder / "given.sql", "CREATE TABLE;")
    with pytest.raises(psycopg.errors.SyntaxError), lanes.lane(exercise, 2026):
        pass
    assert not lanes.admin.execute("SELECT FROM pg_database WHERE datname LIKE 'half\\_%'").rowcount
    assert not lanes.admin.execute("SELECT FROM pg_roles WHERE rolname LIKE 'lane\\_%'").rowcount
