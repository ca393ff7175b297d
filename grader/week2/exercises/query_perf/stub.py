"""Week 2 · Query performance: read the plan, mend the cause, prove it.

The order page of Sao Mai takes four seconds, and everybody has a theory. You read the plan instead, mend the
cause with as few indexes as possible, and prove that it helped.

You work on a copy of the shop, without foreign keys. All columns are NOT NULL but note:

    customers    customer_id bigint, email text, province text, district text             30 000 rows
                 primary key (customer_id)
    orders       order_id bigint, customer_id bigint, ordered_at timestamptz,            100 000 rows
                 status text (placed, paid, shipped, cancelled), amount bigint (dong), note text
                 primary key (order_id), index orders_ordered_at (ordered_at)
    order_items  order_id bigint, line int, sku text, quantity int                       250 000 rows
                 primary key (order_id, line)

Rows are stored in the order of time. The tables are analysed, but they were never vacuumed, and autovacuum is
switched off for them.

Cost is counted in *buffers*: the pages of 8 kB that a statement touches, "Shared Hit Blocks" plus "Shared
Read Blocks" of the top node of EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON). Buffers are the same tomorrow and on
your neighbour's machine; milliseconds are not.

To play, with rows of the same shape (those of the tests are others; week2/README.md says how without Docker):

    docker compose --profile week2 up -d
    psql postgresql://course:course@127.0.0.1:5432/course -c "CREATE DATABASE query_perf"
    psql postgresql://course:course@127.0.0.1:5432/query_perf -f week2/data/given/query_perf.sql
    psql postgresql://course:course@127.0.0.1:5432/query_perf -f week2/data/given/query_perf_rows.sql

    db = PostgresHandle("postgresql://course:course@127.0.0.1:5432/query_perf")

Run: pytest week2/exercises/query_perf.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import psycopg


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def plan(db: PostgresHandle, sql: str, params: dict) -> list[dict]:
    """Show how PostgreSQL would execute a statement.

    ``sql`` is one statement of any kind (SELECT, INSERT, UPDATE, DELETE, WITH), ``params`` its parameters, as
    psycopg takes them: ``%(name)s`` in the text stands for params["name"], ``%%`` is a per cent sign. Without
    parameters params is {}; ``%%`` is still written twice.

    Returns the nodes of the plan as EXPLAIN (FORMAT JSON) tells them:

    - ``depth``: 0 for the top node, 1 for its children ("Plans"), and so on.
    - ``node``: its "Node Type".
    - ``relation``: its "Relation Name", the table; ``index``: its "Index Name". None where it has none.
    - ``rows``: its "Plan Rows", what the planner expects of one loop.

    in pre-order: a node, then its children in the order of "Plans", each followed at once by its own.

    Nothing is executed, whatever the statement.
    """
    raise NotImplementedError("week2/exercises/query_perf.py: plan")


def measure(db: PostgresHandle, sql: str, params: dict) -> dict:
    """Execute a statement, and tell what it cost and what each node really did.

    ``sql`` and ``params`` as for plan. The statement is executed, but leaves no trace in the tables, whatever
    it is: a DELETE is measured, and the rows are still there.

    - ``rows``: number of rows that the top node gave. A top node "ModifyTable" (INSERT, UPDATE, DELETE) gives
      none of its own, so take its child whose "Parent Relationship" is "Outer": the rows to be changed. The
      children may begin with others, such as the "InitPlan" of a subquery.
    - ``buffers``: "Shared Hit Blocks" + "Shared Read Blocks" of the top node. What its children touched is in
      there already.
    - ``nodes``: as the result of plan, and each node with two entries more: ``loops``, its "Actual Loops",
      and ``actual``, its rows over all loops.

    "Actual Rows" is the average of one loop: multiply it by the loops, and round to the nearest int.
    (PostgreSQL 18 tells the average with two decimals, 15 rounds it to a whole number, so there the product
    is only near the truth. Do not try to mend that.)
    """
    raise NotImplementedError("week2/exercises/query_perf.py: measure")


def problems(explained: dict) -> list[dict]:
    """Find what is wrong in a plan that was executed. No database is needed.

    ``explained`` is one element of what EXPLAIN (ANALYZE, FORMAT JSON) returns, {"Plan": {…}, …}, made by
    PostgreSQL 15 or 18; the folders 15 and 18 of week2/data/plans hold some. A key that says nothing about a
    node is absent: without filter there is no "Rows Removed by Filter", in memory no "Sort Space Type" of
    "Disk".

    "Actual Rows" and "Rows Removed by Filter" are averages of one loop; *in total* means times "Actual
    Loops". "Plan Rows" is for one loop. "Heap Fetches" is a total already.

    - ``wasted_scan``: a "Seq Scan" whose filter removed, in total, at least 1000 rows and at least 10 times
      the rows that it returned.
    - ``misestimate``: "Actual Rows" and "Plan Rows" differ by a factor of 10 or more, and at least one of
      them is 100 or more. A number below 1 counts as 1. Two exceptions: a node anywhere below a "Limit" may
      have been stopped early, so fewer rows than planned are no misestimate there (more rows are); and
      "BitmapAnd" and "BitmapOr" always report 0 rows, so they are not judged.
    - ``spill``: something did not fit into memory: a "Sort" whose "Sort Space Type" is "Disk", a "Hash" with
      more than one of "Hash Batches", an "Aggregate" with more than one of "HashAgg Batches".
    - ``repeated_scan``: a "Seq Scan" with 100 loops or more.
    - ``visits_heap``: an "Index Only Scan" with 100 "Heap Fetches" or more that are more than 10 % of its
      rows in total.

    A node that was never executed ("Actual Loops" is 0) has no problems.

    Returns {"kind", "node" ("Node Type"), "relation" ("Relation Name" or None)} for each problem, nodes in
    pre-order as for plan, the kinds of one node in the order above; [] if the plan is sound.

    >>> problems({"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Plan Rows": 40,
    ...                    "Actual Rows": 37.0, "Actual Loops": 1, "Rows Removed by Filter": 99963}})
    [{'kind': 'wasted_scan', 'node': 'Seq Scan', 'relation': 'orders'}]
    """
    raise NotImplementedError("week2/exercises/query_perf.py: problems")


def day_orders(day: date) -> tuple[str, dict]:
    """Write the query for the orders of one day of the shops.

    The shops' calendar is Asia/Ho_Chi_Minh, UTC+7: their 1 March is from 28 February 17:00Z until just before
    1 March 17:00Z. The session that runs your query may have any time zone.

    Returns one SELECT (it may begin with WITH) and its parameters, as plan takes them. It gives order_id and
    amount, ascending by order_id, and touches at most 60 buffers for a day of some 200 orders, with the
    indexes that are there.
    """
    raise NotImplementedError("week2/exercises/query_perf.py: day_orders")


def page(after: tuple[datetime, int] | None, size: int) -> tuple[str, dict]:
    """Write the query for one page of all orders, the oldest first.

    Returns one SELECT and its parameters, as plan takes them: order_id and ordered_at of the next
    ``size`` orders after the pair ``after``, (ordered_at, order_id) of the last row of the page before; None
    means from the beginning. Rows are ascending by (ordered_at, order_id). Many orders share one second, so
    the border of two pages may lie between them. The last page is shorter, or empty.

    So all pages joined together are the table, each order once; and whoever turns the page sees nothing twice
    and misses nothing, even if older orders are inserted meanwhile.

    With the indexes that are there, page 3000 touches at most 3 times as many buffers as page 1, and 10 more.

    Raises ValueError if the time in after is naive, or if size is less than 1.
    """
    raise NotImplementedError("week2/exercises/query_perf.py: page")


def orders_with_lines(db: PostgresHandle, order_ids: list[int]) -> dict[int, list[dict]]:
    """Read the lines of many orders.

    Returns {order_id: [{"line": int, "sku": str, "quantity": int}, …]}, the lines in ascending order of line.
    An order without lines is there with []; an id that is in no order is absent. An id may be given twice.
    The keys may come in any order.

    Takes at most 3 statements for 500 ids. (What SQLAlchemy asks when it connects does not count.)
    """
    raise NotImplementedError("week2/exercises/query_perf.py: orders_with_lines")


def tune(db: PostgresHandle) -> None:
    """Make three queries cheap, or well planned, with at most two new indexes.

    (a) What 80 neighbouring customers have spent: at most 20 buffers, from an index alone, without one visit
        to the table (an Index Only Scan with "Heap Fetches" 0):

            SELECT customer_id, sum(amount) FROM orders
            WHERE customer_id BETWEEN %(first)s AND %(last)s GROUP BY customer_id

    (b) The oldest 100 orders before a time that nobody has paid yet (1 % of all have this status): at most
        130 buffers, by an index that is at most a tenth of orders_pkey in size:

            SELECT order_id, customer_id, ordered_at FROM orders
            WHERE status = 'placed' AND ordered_at < %(before)s ORDER BY ordered_at LIMIT 100

    (c) For each of the 20 largest pairs of province and district, "Plan Rows" is at least half of the true
        number of rows, and at most twice:

            SELECT customer_id FROM customers WHERE province = %(province)s AND district = %(district)s

        (A district determines its province, but the planner multiplies the two shares as if they had nothing
        to do with each other.)

    All three hold right after the call: nobody vacuums or analyses after you.

    Calling it again changes nothing more. No more than two indexes are new. Otherwise the tables stay as they
    are: rows, columns, constraints, the indexes that were there; no table or view is new, no table rewritten
    (VACUUM FULL and CLUSTER would lock the shop out). What only tells the planner more is no change of a
    table.
    """
    raise NotImplementedError("week2/exercises/query_perf.py: tune")


def compare(a: Callable[[], None], b: Callable[[], None], clock: Callable[[], float], rounds: int = 10) -> dict:
    """Say which of two ways to do something is faster, if that can be said.

    First a and b are called once each to warm up (caches, connections, plans); that is not timed. Then come
    ``rounds`` rounds. Each times one call of a and one call of b, each by clock() just before and just after
    the call. clock returns seconds; take no other clock. The one that goes first alternates from round to
    round, so that neither a machine that becomes slower nor the place in the round favours one of them. Which
    one goes first in the warm-up and in the first round is up to you.

    - ``a``, ``b``: the median of its seconds; of an even number of rounds, the mean of the two in the middle.
    - ``winner``: "a" if the 75th percentile of a's seconds is below the 25th percentile of b's, "b" the other
      way round, otherwise "none". By nearest rank: the p-th percentile of n values is the smallest of them
      such that at least p % of the values are not greater than it. Of 10 values the 25th percentile is the
      third smallest, the 75th the eighth.

    Raises ValueError if rounds is less than 1. What a or b raises is not caught.
    """
    raise NotImplementedError("week2/exercises/query_perf.py: compare")
