from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

import pytest

from grader.datasets.plans import FAULTS, VERSIONS, recorded
from grader.expect import raises, same

NASTY = "Robert'); DROP TABLE orders;-- 50 %"
MICROSECOND = timedelta(microseconds=1)


# plan and measure


def walk(node, depth=0):
    yield node, depth
    for child in node.get("Plans", []):
        yield from walk(child, depth + 1)


def described(explained):
    """The nodes as plan must give them."""
    return [
        {
            "depth": depth,
            "node": node["Node Type"],
            "relation": node.get("Relation Name"),
            "index": node.get("Index Name"),
            "rows": node["Plan Rows"],
        }
        for node, depth in walk(explained["Plan"])
    ]


def measured(explained):
    """The nodes as measure must give them."""
    return [
        said | {"actual": round(node["Actual Rows"] * node["Actual Loops"]), "loops": node["Actual Loops"]}
        for said, (node, _) in zip(described(explained), walk(explained["Plan"]), strict=True)
    ]


def plain(sql):
    """The statement as the student gets it: without the braces of the tests."""
    return sql.replace("{", "").replace("}", "")


def changes(rng):
    """(statement, parameters, rows) that change the table orders; kind by kind."""
    first, count = rng.randrange(2000, 90_000), rng.randrange(15, 60)
    ids = {"first": first, "last": first + count - 1}
    new = {"first": 500_001, "last": 500_000 + count, "note": NASTY}
    return [
        ("DELETE FROM {orders} WHERE order_id BETWEEN %(first)s AND %(last)s", ids, count),
        ("UPDATE {orders} SET amount = 0 WHERE order_id BETWEEN %(first)s AND %(last)s", ids, count),
        (
            "INSERT INTO {orders} SELECT n, 1, '2025-12-31Z', 'paid', 60000, %(note)s"
            " FROM generate_series(%(first)s::int, %(last)s::int) AS n",
            new,
            count,
        ),
    ]


def sums(postgres):
    return postgres.rows("SELECT count(*) AS orders, sum(amount)::bigint AS amount FROM {orders}")


@pytest.mark.points(3, of="plan")
def test_the_plan_of_a_change_changes_nothing(student, postgres, rng):
    """EXPLAIN ANALYZE of a DELETE deletes: who wants to look must not touch."""
    before = sums(postgres)
    gone = "WITH gone AS (DELETE FROM {orders} WHERE customer_id < %(n)s RETURNING amount) SELECT sum(amount) FROM gone"
    for sql, params, _ in [*changes(rng), (gone, {"n": rng.randrange(500, 900)}, None)]:
        expected = described(postgres.plan(sql, params, analyze=False))
        got = student.plan(postgres, plain(sql), params)
        same(sums(postgres), before, what=f"the table orders after plan of {plain(sql)}")
        same(got, expected, what=f"plan of {plain(sql)}")


@pytest.mark.points(2, of="plan")
def test_a_plan_is_told_node_by_node_with_what_is_expected(student, postgres, rng):
    """The tree says who feeds whom: a flat list without depth does not."""
    first = rng.randrange(1000, 90_000)
    cases = [
        ("SELECT order_id FROM {orders} WHERE note = %(note)s", {"note": NASTY}),
        ("SELECT order_id FROM {orders} WHERE note LIKE 'Call%%' AND order_id <= 300", {}),
        (
            "SELECT province, (SELECT count(*) FROM {order_items} WHERE sku = %(sku)s) FROM {customers}"
            " JOIN {orders} USING (customer_id) JOIN {order_items} USING (order_id)"
            " WHERE order_id BETWEEN %(first)s AND %(last)s ORDER BY quantity",
            {"sku": f"SM-{rng.randrange(1, 800):04d}", "first": first, "last": first + rng.randrange(5, 40)},
        ),
    ]
    for sql, params in cases:
        expected = described(postgres.plan(sql, params, analyze=False))
        same(student.plan(postgres, plain(sql), params), expected, what=f"plan of {plain(sql)}, parameters {params}")


def entries(got, *names):
    """These entries of what measure returned."""
    for name in names:
        assert name in got, f"measure(…) has no entry {name!r}; got {list(got)}"
    return {name: got[name] for name in names}


@pytest.mark.points(3, of="measure")
def test_measuring_a_change_tells_its_rows_and_leaves_no_trace(student, postgres, rng):
    """The one honest measurement is an execution, and the shop must not notice it."""
    before = sums(postgres)
    for sql, params, count in changes(rng):
        got = entries(student.measure(postgres, plain(sql), params), "rows")
        same(sums(postgres), before, what=f"the table orders after measure of {plain(sql)}")
        same(got, {"rows": count}, what=f"measure of {plain(sql)}, parameters {params}")


@pytest.mark.points(2, of="measure")
def test_rows_of_a_change_are_not_those_of_its_subquery(student, postgres, rng):
    """The first child of a ModifyTable may be an InitPlan: it says where to begin, not what was changed."""
    newest = postgres.value("SELECT max(order_id) FROM {orders}")
    count = rng.randrange(20, 60)
    sql = "DELETE FROM {orders} WHERE order_id > (SELECT max(order_id) FROM {orders}) - %(n)s"
    got = entries(student.measure(postgres, plain(sql), {"n": count}), "rows")
    same(got, {"rows": count}, what=f"measure of {plain(sql)}, n = {count}")
    sql, params = "SELECT order_id FROM {orders} WHERE order_id > %(id)s", {"id": newest - count}
    got = entries(student.measure(postgres, plain(sql), params), "rows")
    same(got, {"rows": count}, what=f"measure of {plain(sql)}, {params}")


@pytest.mark.points(3, of="measure")
def test_rows_of_a_node_are_those_of_all_its_loops(student, postgres, rng):
    """Two rows look cheap until one sees that it was two rows a thousand times."""
    first = rng.randrange(1, 90_000)
    params = {"first": first, "last": first + rng.randrange(30, 90), "most": 2}
    sql = (
        "SELECT sku FROM generate_series(%(first)s::int, %(last)s::int) AS n, LATERAL"
        " (SELECT sku FROM {order_items} WHERE order_id = n ORDER BY line LIMIT %(most)s) AS lines"
    )
    expected = measured(postgres.plan(sql, params))
    got = entries(student.measure(postgres, plain(sql), params), "rows", "nodes")
    same(got["nodes"], expected, what=f"nodes of {plain(sql)}, {params}")
    same(got["rows"], expected[0]["actual"], what="rows of the whole statement")


@pytest.mark.points(2, of="measure")
def test_buffers_are_those_of_the_whole_statement_once(student, postgres, rng):
    """A node's buffers hold those of its children: who adds them all up counts twice."""
    first = rng.randrange(1, 90_000)
    params = {"first": first, "last": first + rng.randrange(200, 400)}
    sql = (
        "SELECT province, count(*) FROM {orders} JOIN {customers} USING (customer_id)"
        " WHERE order_id BETWEEN %(first)s AND %(last)s GROUP BY province ORDER BY province"
    )
    expected = postgres.buffers(sql, params)
    got = entries(student.measure(postgres, plain(sql), params), "buffers")["buffers"]
    assert type(got) is int, f"buffers: got {got!r}, expected an int"
    # A session that has just begun may look up a few pages of the catalogue more.
    assert expected <= got <= expected + 40, f"buffers of {plain(sql)}, {params}: got {got}, expected {expected}"


# problems


def found(student, explained, faults, what):
    """The student finds exactly these (kind, node, relation)."""
    expected = [{"kind": kind, "node": node, "relation": relation} for kind, node, relation in faults]
    same(student.problems(explained), expected, what=f"problems of {what}")


def found_in_recorded(student, rng, *names):
    """In the recorded plans, with other names of tables, so that they have to be read."""
    for name in names:
        for version in VERSIONS:
            explained, again = recorded(version, name), f"_{rng.randrange(100, 1000)}"
            for node, _ in walk(explained["Plan"]):
                if "Relation Name" in node:
                    node["Relation Name"] += again
            faults = [(kind, node, relation and relation + again) for kind, node, relation in FAULTS[name]]
            found(student, explained, faults, f"the plan week2/data/plans/{version}/{name}.json (tables: …{again})")


def like(version, name, kind, **numbers):
    """The first node of this kind in a recorded plan, alone, and with other numbers; as that version prints them."""
    node = next(deepcopy(node) for node, _ in walk(recorded(version, name)["Plan"]) if node["Node Type"] == kind)
    node.pop("Plans", None)
    keys = {"plan": "Plan Rows", "rows": "Actual Rows", "loops": "Actual Loops", "removed": "Rows Removed by Filter",
            "fetches": "Heap Fetches", "batches": "Hash Batches", "groups": "HashAgg Batches"}  # fmt: skip
    numbers = {"rows": 5, "loops": 1} | numbers
    numbers = {"plan": numbers["rows"]} | numbers
    for short, number in numbers.items():
        node[keys[short]] = number
    node["Actual Rows"] = float(numbers["rows"]) if version == "18" else int(numbers["rows"])
    return node


def judged(student, version, name, kind, problem, cases):
    """Cases are (numbers, is it a problem?)."""
    for numbers, bad in cases:
        node = like(version, name, kind, **numbers)
        faults = [(problem, kind, node.get("Relation Name"))] if bad else []
        found(student, {"Plan": node}, faults, f"a {kind} of PostgreSQL {version} with {told(node)}")


def told(node):
    """The numbers of a node that matter, for a sentence."""
    keys = ("Plan Rows", "Actual Rows", "Actual Loops", "Rows Removed by Filter", "Heap Fetches", "Sort Space Type",
            "Hash Batches", "HashAgg Batches")  # fmt: skip
    return ", ".join(f"{key} {node[key]}" for key in keys if key in node)


@pytest.mark.points(4, of="problems")
def test_a_scan_that_throws_nearly_everything_away_is_found(student, rng):
    """It is the plan of a missing index; in a loop each round looks harmless."""
    found_in_recorded(student, rng, "scan_for_few", "whole_table", "scan_of_fifty", "scan_by_three")
    rows, loops = rng.randrange(101, 900), rng.randrange(2, 10)
    cases = [
        ({"rows": 0, "removed": 1000, "plan": 1}, True),
        ({"rows": 0, "removed": 999, "plan": 1}, False),
        ({"rows": rows, "removed": 10 * rows}, True),
        ({"rows": rows, "removed": 10 * rows - 1}, False),
        ({"rows": 2, "removed": ceil(1000 / loops), "loops": loops}, True),
        ({"rows": 2, "removed": 999 // loops, "loops": loops}, False),
        ({"rows": rows, "removed": 1000, "loops": loops}, False),
    ]
    for version in VERSIONS:
        judged(student, version, "scan_for_few", "Seq Scan", "wasted_scan", cases)


@pytest.mark.points(4, of="problems")
def test_an_estimate_that_is_off_by_ten_is_found(student, rng):
    """The planner decides by its estimates: where they are far off, the plan is made for other data."""
    found_in_recorded(student, rng, "two_columns", "nothing_found", "wrong_join", "by_key")
    few, loops = rng.randrange(10, 900), rng.randrange(2, 90)
    cases = [
        ({"plan": few, "rows": 10 * few}, True),
        ({"plan": 10 * few, "rows": few}, True),
        ({"plan": few, "rows": 10 * few - 1}, False),
        ({"plan": 10 * few - 1, "rows": few}, False),
        ({"plan": 1, "rows": 99}, False),
        ({"plan": 9, "rows": 100}, True),
        ({"plan": 0, "rows": 100}, True),
        ({"plan": 99, "rows": 0}, False),
        ({"plan": 100, "rows": 0}, True),
        ({"plan": few, "rows": 10 * few, "loops": loops}, True),
        ({"plan": few, "rows": few, "loops": 100 * loops}, False),
        ({"plan": few * loops * 10, "rows": few, "loops": loops * 10}, True),
    ]
    for version in VERSIONS:
        judged(student, version, "nothing_found", "Index Scan", "misestimate", cases)
    cases = [({"plan": 9, "rows": 0.25, "loops": 8}, False), ({"plan": few + 100, "rows": 0.04, "loops": 50}, True)]
    judged(student, "18", "nothing_found", "Index Scan", "misestimate", cases)


@pytest.mark.points(2, of="problems")
def test_who_was_stopped_or_never_counts_is_no_misestimate(student, rng):
    """Below a Limit nobody comes to the end, and a BitmapAnd counts no rows: an alarm there is a false one."""
    found_in_recorded(student, rng, "oldest_hundred", "two_indexes", "more_than_planned")
    few = rng.randrange(20, 100)
    for version in VERSIONS:
        for plan, rows, bad in ((few * 100, few, False), (few, few * 20, True)):
            inner = like(version, "nothing_found", "Index Scan", plan=plan, rows=rows)
            middle = like(version, "sort_on_disk", "Sort", rows=few) | {"Sort Space Type": "Memory", "Plans": [inner]}
            limit = like(version, "oldest_hundred", "Limit", rows=few) | {"Plans": [middle]}
            faults = [("misestimate", "Index Scan", "orders")] if bad else []
            what = f"a Limit of PostgreSQL {version} over a Sort over an Index Scan with {told(inner)}"
            found(student, {"Plan": limit}, faults, what)


@pytest.mark.points(2, of="problems")
def test_what_does_not_fit_into_memory_is_found(student, rng):
    """A sort or a hash table on disk is slow, and more memory or fewer rows mend it."""
    found_in_recorded(student, rng, "sort_on_disk", "hash_in_batches", "groups_in_batches", "fits_into_memory")
    for version in VERSIONS:
        cases = [({"batches": 1}, False), ({"batches": 2}, True), ({"batches": 2 ** rng.randrange(2, 9)}, True)]
        judged(student, version, "hash_in_batches", "Hash", "spill", cases)
        cases = [({"groups": 1}, False), ({"groups": rng.randrange(2, 30)}, True)]
        judged(student, version, "groups_in_batches", "Aggregate", "spill", cases)


@pytest.mark.points(2, of="problems")
def test_a_scan_in_a_loop_is_found(student, rng):
    """Sixty rows are a small table; sixty rows four hundred times are not."""
    found_in_recorded(student, rng, "scan_for_each", "few_heap_fetches")
    loops = rng.randrange(101, 5000)
    for version in VERSIONS:
        cases = [({"loops": 99, "rows": 60}, False), ({"loops": 100, "rows": 60}, True), ({"loops": loops}, True)]
        judged(student, version, "scan_for_each", "Seq Scan", "repeated_scan", cases)


@pytest.mark.points(3, of="problems")
def test_an_index_only_scan_that_visits_the_table_is_found(student, rng):
    """After many changes "index only" is but a name, until somebody vacuums. Heap Fetches is a total."""
    found_in_recorded(student, rng, "not_vacuumed", "index_only", "few_heap_fetches")
    rows, loops = 10 * rng.randrange(101, 900), rng.randrange(400, 900)
    cases = [
        ({"rows": rows, "fetches": rows // 10}, False),
        ({"rows": rows, "fetches": rows // 10 + 1}, True),
        ({"rows": 120, "fetches": 99}, False),
        ({"rows": 120, "fetches": 100}, True),
        ({"rows": 0, "plan": 1, "fetches": 100}, True),
        ({"rows": 5, "loops": loops, "fetches": loops // 2}, False),
        ({"rows": 5, "loops": loops, "fetches": loops // 2 + 1}, True),
    ]
    for version in VERSIONS:
        judged(student, version, "not_vacuumed", "Index Only Scan", "visits_heap", cases)


@pytest.mark.points(2, of="problems")
def test_what_was_never_executed_has_no_problem(student, rng):
    """No rows is no wrong estimate where nobody asked for rows."""
    found_in_recorded(student, rng, "never_executed")
    for version in VERSIONS:
        plan = rng.randrange(1000, 90_000)
        idle = like(version, "scan_for_few", "Seq Scan", plan=plan, rows=0, loops=0, removed=0)
        outer = like(version, "scan_for_few", "Seq Scan", rows=0, plan=1, removed=plan)
        top = like(version, "wrong_join", "Nested Loop", rows=0, plan=1) | {"Plans": [outer, idle]}
        what = f"a join of PostgreSQL {version} whose inner side has {told(idle)}"
        found(student, {"Plan": top}, [("wasted_scan", "Seq Scan", "orders")], what)


@pytest.mark.points(1, of="problems")
def test_problems_come_node_by_node_from_the_top(student, rng):
    """Who reads a report beside the plan wants them in the same order."""
    names = ["two_columns", "wrong_join", "sort_on_disk", "not_vacuumed", "scan_for_each", "by_key"]
    for version in VERSIONS:
        rng.shuffle(names)
        top = like(version, "groups_in_batches", "Aggregate", groups=4)
        scan = like(version, "scan_for_few", "Seq Scan", plan=9, rows=100, removed=1000, loops=rng.randrange(100, 200))
        top["Plans"] = [*(recorded(version, name)["Plan"] for name in names), scan]
        faults = [("spill", "Aggregate", None), *(fault for name in names for fault in FAULTS[name])]
        faults += [(kind, "Seq Scan", "orders") for kind in ("wasted_scan", "misestimate", "repeated_scan")]
        what = f"an Aggregate of PostgreSQL {version} over {', '.join(names)} and a Seq Scan"
        found(student, {"Plan": top}, faults, what)


# day_orders


def some_day(rng):
    """A day of the shops in the two years of the data, and when it begins in UTC."""
    day = date(2024, 1, 10) + timedelta(days=rng.randrange(700))
    return day, datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)


def add_orders(postgres, first_id, times):
    """New orders at these times, with ids from first_id on."""
    common = {"customer_id": 1, "status": "paid", "note": NASTY}
    rows = [{"order_id": n, "ordered_at": at, "amount": n * 1000} | common for n, at in enumerate(times, first_id)]
    postgres.load("orders", rows[::-1])  # so that equal times do not lie in the order of the ids


def orders_of(postgres, start):
    sql = "SELECT order_id, amount FROM {orders} WHERE ordered_at >= %s AND ordered_at < %s ORDER BY order_id"
    return postgres.rows(sql, start, start + timedelta(days=1))


@pytest.mark.points(5, of="day_orders")
def test_a_day_of_the_shops_is_from_17_to_17_utc(student, postgres, rng):
    """The order of 18:00Z is tomorrow's, and midnight belongs to one day only."""
    day, start = some_day(rng)
    end = start + timedelta(days=1)
    add_orders(postgres, 600_001, [start - MICROSECOND, start, end - MICROSECOND, end])
    sql, params = student.day_orders(day)
    got, expected = postgres.answer(sql, params), orders_of(postgres, start)
    columns = {name for row in got for name in row}
    assert columns == {"order_id", "amount"}, f"day_orders gives {sorted(columns)}, expected order_id and amount"
    wrong = {row["order_id"] for row in got} ^ {row["order_id"] for row in expected}
    for row in postgres.rows("SELECT * FROM {orders} WHERE order_id = ANY(%s) ORDER BY order_id DESC", [*wrong]):
        at, there = row["ordered_at"], start <= row["ordered_at"] < end
        what = "is missing, expected it" if there else "is there, expected no such order"
        raise AssertionError(f"orders of {day}: the order of {at:%d %B %H:%M:%S.%fZ} {what}")
    same(got, expected, what=f"orders of {day}, ascending by order_id")


@pytest.mark.points(5, of="day_orders")
def test_a_day_is_found_by_the_index(student, postgres, rng):
    """A function around the column hides it from the index, and a day costs as much as two years."""
    day = rng.choice([date(2024, 7, 8), date(2024, 10, 16), date(2025, 4, 22), date(2025, 8, 19)])
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=7)
    sql, params = student.day_orders(day)
    same(postgres.answer(sql, params), orders_of(postgres, start), what=f"orders of {day}")
    used = postgres.answer_buffers(sql, params)
    assert used <= 60, f"day_orders({day}) touches {used} buffers, expected at most 60"


# page


def turned(student, postgres, after, size):
    """One page as the database gives it."""
    sql, params = student.page(after, size)
    rows = postgres.answer(sql, params)
    assert len(rows) <= size, f"a page of {len(rows)} rows, expected at most {size}"
    if rows:
        columns = list(rows[0])
        assert set(columns) == {"order_id", "ordered_at"}, f"page gives {columns}, expected order_id and ordered_at"
    return rows


def last_of(rows):
    return rows[-1]["ordered_at"], rows[-1]["order_id"]


IN_ORDER = "SELECT order_id, ordered_at FROM {orders} WHERE ordered_at >= %s ORDER BY ordered_at, order_id"
AGES_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.points(4, of="page")
def test_all_pages_joined_together_are_the_table(student, postgres, rng):
    """An export that goes page by page must not lose an order, and not bring one twice."""
    size = rng.randrange(26_000, 48_000)
    expected, rows, after = postgres.rows(IN_ORDER, AGES_AGO), [], None
    while True:
        part = turned(student, postgres, after, size)
        rows += part
        if len(part) < size or len(rows) > len(expected):
            break
        after = last_of(rows)
    assert len(rows) == len(expected), f"pages of {size} hold {len(rows)} rows, expected all {len(expected)}"
    wrong = next((n for n, (got, right) in enumerate(zip(rows, expected, strict=True)) if got != right), None)
    if wrong is not None:
        same(rows[wrong], expected[wrong], what=f"pages of {size} joined together, row {wrong + 1}")
    same(turned(student, postgres, last_of(rows), size), [], what="the page after the last row")


@pytest.mark.points(3, of="page")
def test_a_page_may_end_within_a_second(student, postgres, rng):
    """Many orders share one second: the time alone does not say where the page ended."""
    at = datetime(2026, 1, 5, 3, tzinfo=UTC)
    times = [at + timedelta(seconds=second) for second in range(3) for _ in range(rng.randrange(3, 7))]
    rng.shuffle(times)
    add_orders(postgres, 700_001, times)
    expected = postgres.rows(IN_ORDER, at)
    for size in (1, rng.randrange(2, 6)):
        rows, after = [], (at - MICROSECOND, 10**9)
        for _ in range(ceil(len(expected) / size)):
            rows += turned(student, postgres, after, size)
            assert rows, f"the page is empty, expected {size} of {len(expected)} orders after that"
            after = last_of(rows)
        same(rows, expected, what=f"{len(expected)} orders in three seconds, pages of {size}")


@pytest.mark.points(4, of="page")
def test_a_deep_page_costs_what_the_first_costs(student, postgres, rng):
    """OFFSET reads and throws away all that came before: page 3000 costs three thousand pages."""
    size = rng.randrange(24, 31)
    expected = postgres.rows(IN_ORDER + " OFFSET %s LIMIT %s", AGES_AGO, 2999 * size - 1, size + 1)
    first_sql, first_params = student.page(None, size)
    first = postgres.answer_buffers(first_sql, first_params)
    after = last_of(expected[:1])
    same(turned(student, postgres, after, size), expected[1:], what=f"page({after}, {size}), the 3000th")
    sql, params = student.page(after, size)
    deep = postgres.answer_buffers(sql, params)
    assert deep <= 3 * first + 10, (
        f"page 3000 touches {deep} buffers, page 1 {first}; expected at most {3 * first + 10}"
    )


@pytest.mark.points(2, of="page")
def test_orders_inserted_before_shift_nothing(student, postgres, rng):
    """While somebody turns the page, a late order of yesterday comes in."""
    size = rng.randrange(20, 60)
    first = turned(student, postgres, None, size)
    at, order_id = last_of(first)
    expected = postgres.rows(
        "SELECT order_id, ordered_at FROM {orders} WHERE (ordered_at, order_id) > (%s, %s)"
        " ORDER BY ordered_at, order_id LIMIT %s",
        at, order_id, size,
    )  # fmt: skip
    add_orders(postgres, 800_001, [at - timedelta(seconds=rng.randrange(1, 900)) for _ in range(rng.randrange(5, 40))])
    same(turned(student, postgres, (at, order_id), size), expected, what="page 2, after older orders came in")


@pytest.mark.points(2, of="page")
def test_a_time_without_zone_and_a_page_of_nothing_are_refused(student, postgres, rng):
    """A time without zone means another instant in each session; that is a mistake, and not a page."""
    at = datetime(2025, rng.randrange(1, 12), rng.randrange(1, 28), tzinfo=UTC)
    size = rng.randrange(1, 6)
    rows = turned(student, postgres, (at, 0), size)
    same(rows, postgres.rows(IN_ORDER + " LIMIT %s", at, size), what=f"page after ({at}, 0)")
    with raises(ValueError, what="page((naive time, 7), 10)"):
        student.page((at.replace(tzinfo=None), 7), 10)
    for wrong in (0, -rng.randrange(1, 9)):
        with raises(ValueError, what=f"page(None, {wrong})"):
            student.page(None, wrong)


# orders_with_lines


def lines_of(postgres, ids):
    """What orders_with_lines must return."""
    known = postgres.values("SELECT order_id FROM {orders} WHERE order_id = ANY(%s)", ids)
    lines = {order_id: [] for order_id in known}
    for row in postgres.rows("SELECT * FROM {order_items} WHERE order_id = ANY(%s) ORDER BY order_id, line", known):
        lines[row["order_id"]].append({key: row[key] for key in ("line", "sku", "quantity")})
    return lines


@pytest.mark.points(5, of="orders_with_lines")
def test_each_known_order_has_its_lines(student, postgres, rng):
    """An order without lines is an order; an id without order is none."""
    add_orders(postgres, 900_001, [datetime(2026, 1, 1, tzinfo=UTC)] * 2)
    lines = [{"order_id": 900_001, "line": n, "sku": NASTY, "quantity": n * n} for n in range(1, 12)]
    rng.shuffle(lines)
    postgres.load("order_items", lines)
    postgres.do("DELETE FROM {orders} WHERE order_id = 4321")  # its lines stay, but it is no order
    ids = [900_002, *rng.sample(range(5000, 100_000), 6), 900_001, 4321, 10**9, 900_001]
    same(student.orders_with_lines(postgres, ids), lines_of(postgres, ids), what=f"orders_with_lines(db, {ids})")
    same(student.orders_with_lines(postgres, [-1]), {}, what="orders_with_lines(db, [-1])")
    same(student.orders_with_lines(postgres, []), {}, what="orders_with_lines(db, [])")


@pytest.mark.points(5, of="orders_with_lines")
def test_500_orders_take_three_statements_at_most(student, postgres, rng):
    """A query for each order is the commonest reason why a page takes four seconds."""
    ids = rng.sample(range(1, 100_000), 500)
    with postgres.counted() as used:
        got = student.orders_with_lines(postgres, ids)
    expected = lines_of(postgres, ids)
    assert set(got) == set(expected), f"{len(got)} orders, expected {len(expected)}"
    for order_id in expected:
        same(got[order_id], expected[order_id], what=f"lines of order {order_id}")
    greetings = sum("order" not in text.lower() for text in used.texts)  # SQLAlchemy's, each time that it connects
    asked = used.statements - greetings
    assert asked <= 3, f"{asked} statements for 500 orders, expected at most 3"


# tune

SPENT = (
    "SELECT customer_id, sum(amount) FROM {orders}"
    " WHERE customer_id BETWEEN %(first)s AND %(last)s GROUP BY customer_id"
)
UNPAID = (
    "SELECT order_id, customer_id, ordered_at FROM {orders}"
    " WHERE status = 'placed' AND ordered_at < %(before)s ORDER BY ordered_at LIMIT 100"
)
PLACE = "SELECT customer_id FROM {customers} WHERE province = %(province)s AND district = %(district)s"


@pytest.mark.points(6, of="tune")
@pytest.mark.deadline(20)
def test_what_customers_spent_comes_from_an_index_alone(student, postgres, rng):
    """An index holds what a query needs, but only a vacuumed table need not be asked whether a row is alive."""
    student.tune(postgres)
    first = rng.randrange(100, 29_000)
    params = {"first": first, "last": first + 79}
    nodes = [node for node, _ in walk(postgres.plan(SPENT, params)["Plan"])]
    readers = [node for node in nodes if "Relation Name" in node]
    for node in readers:
        kind = node["Node Type"]
        assert kind == "Index Only Scan", f"(a) is read by a node {kind}, expected an Index Only Scan"
        assert node["Heap Fetches"] == 0, f"(a) visits the table for {node['Heap Fetches']} rows, expected none"
    used = postgres.buffers(SPENT, params)
    assert used <= 20, f"(a) touches {used} buffers for customers {first} to {first + 79}, expected at most 20"


@pytest.mark.points(5, of="tune")
@pytest.mark.deadline(20)
def test_the_unpaid_are_found_by_a_small_index(student, postgres, rng):
    """One order of a hundred is unpaid: an index of the other ninety-nine is only paid for by each insert."""
    student.tune(postgres)
    params = {"before": datetime(2025, rng.randrange(1, 12), rng.randrange(1, 28), tzinfo=UTC)}
    explained = postgres.plan(UNPAID, params)
    used = postgres.buffers(UNPAID, params)
    assert used <= 130, f"(b) touches {used} buffers before {params['before']}, expected at most 130"
    size = "SELECT pg_relation_size(format('public.%%I', %s::text)::regclass)"
    most = postgres.value(size, "orders_pkey") // 10
    indexes = {node["Index Name"] for node, _ in walk(explained["Plan"]) if "Index Name" in node}
    assert indexes, "(b) is read without an index"
    for name in sorted(indexes):
        bytes_ = postgres.value(size, name)
        assert bytes_ <= most, f"(b) is read by {name}, {bytes_} bytes; expected at most {most}, a tenth of orders_pkey"


@pytest.mark.points(5, of="tune")
@pytest.mark.deadline(20)
def test_the_planner_knows_which_districts_a_province_has(student, postgres):
    """Two conditions that say nearly the same are multiplied, and the plan is made for a thirtieth of the rows."""
    student.tune(postgres)
    pairs = postgres.rows(
        "SELECT province, district, count(*) AS n FROM {customers} GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT 20"
    )
    for row in pairs:
        true = row.pop("n")
        planned = postgres.plan(PLACE, row, analyze=False)["Plan"]["Plan Rows"]
        what = f"(c) {row['province']}, {row['district']}: {planned} rows planned for {true}"
        assert true <= 2 * planned and planned <= 2 * true, f"{what}, expected a factor of at most 2"


def belongings(postgres):
    """What the tables are, and what belongs to them, indexes excepted."""
    tables = postgres.rows(
        "SELECT relname, relkind::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('i', 'I') ORDER BY relname"
    )
    columns = postgres.rows(
        "SELECT attrelid::regclass::text AS table, attname, atttypid::regtype::text AS type, attnotnull"
        " FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 ORDER BY 1, attnum"
    )
    files = {
        row["relname"]: row["file"]
        for row in postgres.rows(
            "SELECT relname, pg_relation_filenode(oid)::bigint AS file FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
    }
    constraints = postgres.values(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1"
    )
    counts = {name: postgres.count(name) for name in ("customers", "orders", "order_items")}
    return {"tables": tables, "columns": columns, "constraints": constraints, "rows": counts, "files": files}


def indexes(postgres):
    names = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'i'"
    return set(postgres.values(names))


def stays(postgres, before, when):
    """Nothing but indexes and the planner's knowledge has changed."""
    after = belongings(postgres)
    for what in ("tables", "columns", "constraints", "rows"):
        same(after[what], before[what], what=f"{what} after {when}")
    rewritten = [name for name, file in before["files"].items() if after["files"][name] != file]
    assert not rewritten, f"{when} rewrote {', '.join(rewritten)}; expected every table to stay in its file"


@pytest.mark.points(4, of="tune")
@pytest.mark.deadline(20)
def test_two_indexes_are_enough_and_a_second_call_adds_none(student, postgres):
    """Every index is paid for by every insert; and what is run at each release must not pile up."""
    before, old = belongings(postgres), indexes(postgres)
    student.tune(postgres)
    new = indexes(postgres)
    stays(postgres, before, "tune")
    assert old <= new, f"tune dropped {', '.join(sorted(old - new))}; expected the old indexes to stay"
    assert 1 <= len(new - old) <= 2, f"tune made {len(new - old)} indexes: {sorted(new - old)}; expected one or two"
    student.tune(postgres)
    same(indexes(postgres), new, what="indexes after a second call of tune")
    stays(postgres, before, "a second call of tune")


# compare


class Machine:
    """Two ways to do something, on a clock that only they move. A cost is in 1/1024 s, so that floats are exact."""

    def __init__(self, cost):
        self.cost = cost  # (name, number of the call of this name, number of the call) -> 1/1024 s
        self.now, self.order, self.spent = 1000.0, [], {"a": [], "b": []}

    def clock(self):
        return self.now

    def a(self):
        self.run("a")

    def b(self):
        self.run("b")

    def run(self, name):
        seconds = self.cost(name, len(self.spent[name]), len(self.order)) / 1024
        self.order.append(name)
        self.spent[name].append(seconds)
        self.now += seconds

    def compared(self, student, **rounds):
        got = student.compare(self.a, self.b, self.clock, **rounds)
        calls, expected = {name: len(seconds) for name, seconds in self.spent.items()}, rounds.get("rounds", 10) + 1
        same(calls, dict.fromkeys("ab", expected), what="calls, with one to warm up")
        return got

    def medians(self):
        return {name: median(seconds[1:]) for name, seconds in self.spent.items()}


def check(machine, got, winner, what):
    """The medians of what the clock showed without the first calls, and the winner."""
    same(got, machine.medians() | {"winner": winner}, rel=1e-9, what=what)


@pytest.mark.points(2, of="compare")
def test_a_machine_that_becomes_slower_has_no_winner(student, rng):
    """Who times all of a and then all of b compares the morning with the evening."""
    base, step = rng.randrange(200, 400), rng.randrange(16, 40)
    for sign, what in ((1, "slower"), (-1, "faster")):
        machine = Machine(lambda name, nth, call, sign=sign: base + 2000 + sign * step * call)
        got = machine.compared(student, rounds=10)
        check(machine, got, "none", f"two equal ways on a machine that becomes {what}")


@pytest.mark.points(2, of="compare")
def test_the_one_that_goes_first_alternates(student, rng):
    """The second in a round finds warm caches, or a full queue: the place must not decide."""
    base, more = rng.randrange(100, 300), rng.randrange(50, 90)
    for rounds in (4, 10):
        machine = Machine(lambda name, nth, call: base + more * (call % 2))
        got = machine.compared(student, rounds=rounds)
        timed = machine.order[2:]
        went = f"the calls were {' '.join(machine.order)}"
        assert sorted(machine.order[:2]) == ["a", "b"], f"{went}; expected one of each to warm up"
        first = timed[::2]
        assert all(one != other for one, other in zip(first, timed[1::2], strict=True)), (
            f"{went}; expected a and b in each round"
        )
        assert all(one != other for one, other in pairwise(first)), (
            f"{went}; first in the rounds were {' '.join(first)}, expected a and b in turn"
        )
        check(machine, got, "none", f"two equal ways, the second of a round {more}/1024 s slower, {rounds} rounds")


@pytest.mark.points(2, of="compare")
def test_the_first_call_is_not_timed(student, rng):
    """The first call fills the caches; it says nothing about the others."""
    slow, base = 1024 * rng.randrange(20, 90), rng.randrange(100, 200)
    for rounds in (1, 2, 3):
        for cold, other in (("a", "b"), ("b", "a")):
            machine = Machine(lambda name, nth, call, cold=cold: base + (name == cold) * (2 if nth else slow))
            got = machine.compared(student, rounds=rounds)
            check(machine, got, other, f"{cold} is slow at its first call, and a little slower later; {rounds} rounds")


@pytest.mark.points(2, of="compare")
def test_one_outlier_makes_no_winner_and_hides_none(student, rng):
    """Once something else ran on the machine: a mean would remember it for ever."""
    base, nth_slow = rng.randrange(100, 200), rng.randrange(1, 11)
    for way in "ab":

        def equal(name, nth, call, way=way):
            return base + nth % 3 + 5000 * ((name, nth) == (way, nth_slow))

        def better(name, nth, call, way=way):
            return equal(name, nth, call, way) + 9 * (name != way)

        machine = Machine(equal)
        check(machine, machine.compared(student), "none", f"two equal ways, but {way} was slow once of ten times")
        machine = Machine(better)
        check(machine, machine.compared(student), way, f"{way} is faster, but was slow once of ten times")


@pytest.mark.points(1, of="compare")
def test_percentiles_are_values_that_were_measured(student, rng):
    """Four values have no value between them; where two ways only touch, nobody has won."""
    k = rng.randrange(20, 60)
    cases = [
        ([1, 2, 3, 90], [4, 5, 5, 5], "a"),
        ([1, 2, 3, 90], [3, 5, 5, 5], "none"),
        ([7, 8, 8, 8], [1, 2, 6, 90], "b"),
        ([1, 1, 1, 2, 9], [2, 3, 3, 3, 3], "a"),
        ([1, 1, 1, 3, 9], [2, 3, 4, 4, 4], "none"),
        ([2, 2, 2, 2, 2, 2, 2, 3, 9, 9], [1, 1, 4, 5, 5, 5, 5, 5, 5, 5], "a"),
        ([2, 2, 2, 2, 2, 2, 2, 4, 9, 9], [1, 1, 4, 5, 5, 5, 5, 5, 5, 5], "none"),
        ([5], [4], "b"),
        ([4], [4], "none"),
    ]
    for a, b, winner in cases:
        costs = {"a": [1, *rng.sample(a, len(a))], "b": [1, *rng.sample(b, len(b))]}
        machine = Machine(lambda name, nth, call, costs=costs: k * costs[name][nth] if nth < len(costs[name]) else 0)
        got = machine.compared(student, rounds=len(a))
        check(machine, got, winner, f"a takes {a}, b takes {b} (in {k}/1024 s, shuffled)")


@pytest.mark.points(1, of="compare")
def test_no_round_is_no_comparison_and_an_error_is_not_hidden(student, rng):
    """A way that fails at once is fast; it must not win."""
    machine = Machine(lambda name, nth, call: 10 + 5 * (name == "b"))
    check(machine, machine.compared(student, rounds=3), "a", "b takes half as long again")
    with raises(ValueError, what="compare(a, b, clock, rounds=0)"):
        Machine(lambda name, nth, call: 10).compared(student, rounds=0)

    def fails():
        raise RuntimeError("no such table")

    with raises(RuntimeError, what="compare(a, a way that raises RuntimeError, clock)"):
        student.compare(machine.a, fails, machine.clock)
