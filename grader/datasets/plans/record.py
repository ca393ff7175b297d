"""Records the plans anew: python -m grader.datasets.plans.record postgresql://superuser@host/empty_database"""

import json
import random
import sys
from pathlib import Path

import psycopg

from grader.week2.exercises.query_perf import given

GIVEN = Path(given.__file__).parent / "given.sql"

PLAIN = ("SET jit = off", "SET max_parallel_workers_per_gather = 0", "SET work_mem = '64MB'")
TIGHT = "SET work_mem = '64kB'"
LOOPS = tuple(f"SET enable_{way} = off" for way in ("hashjoin", "mergejoin", "material", "memoize"))
THREE = ("max_parallel_workers_per_gather = 2", "parallel_setup_cost = 0", "min_parallel_table_scan_size = 0")
INDEX_ONLY = ("SET enable_seqscan = off", "SET enable_bitmapscan = off", "SET random_page_cost = 0.1")

PLACES = (
    "CREATE TABLE places AS SELECT row_number() OVER () AS place_id, * FROM"
    " (SELECT province, district, count(*) AS customers FROM customers GROUP BY 1, 2 ORDER BY 1, 2) AS p",
    "ANALYZE places",
)
BY_CUSTOMER = "CREATE INDEX orders_spent ON orders (customer_id) INCLUDE (amount)"
VACUUM = "VACUUM (ANALYZE)"
SOME_UPDATED = "UPDATE orders SET status = status WHERE order_id % 1000 = 0"

# name -> statements before, the statement. In this order: what one makes stays for the next.
STATEMENTS: dict[str, tuple[tuple[str, ...], str]] = {
    "whole_table": ((), "SELECT sum(amount) FROM orders WHERE status = 'shipped'"),
    "by_key": ((), "SELECT * FROM orders JOIN order_items USING (order_id) WHERE order_id BETWEEN 4000 AND 4200"),
    "oldest_hundred": ((), "SELECT order_id FROM orders ORDER BY ordered_at LIMIT 100"),
    "never_executed": (
        (),
        "SELECT CASE WHEN amount < 0 THEN (SELECT sum(quantity) FROM order_items) ELSE amount END"
        " FROM orders WHERE order_id BETWEEN 70 AND 90",
    ),
    "fits_into_memory": (
        (),
        "SELECT customer_id, count(*) FROM orders JOIN customers USING (customer_id)"
        " GROUP BY customer_id ORDER BY count(*)",
    ),
    "scan_for_few": ((), "SELECT order_id, amount FROM orders WHERE customer_id = 1234"),
    "scan_by_three": (
        tuple(f"SET {setting}" for setting in THREE),
        "SELECT order_id, amount FROM orders WHERE customer_id BETWEEN 500 AND 600",
    ),
    "scan_of_fifty": (
        PLACES,
        "SELECT amount, (SELECT district FROM places WHERE place_id = order_id % 60 + 1) FROM orders"
        " WHERE order_id BETWEEN 1001 AND 1050",
    ),
    "two_columns": (
        (),
        "SELECT customer_id FROM customers WHERE province = 'Khánh Hòa' AND district = 'Nha Trang'",
    ),
    "scan_for_each": (
        LOOPS,
        "SELECT amount, district FROM orders JOIN places ON place_id < order_id % 60"
        " WHERE order_id BETWEEN 1001 AND 1400",
    ),
    "sort_on_disk": ((TIGHT,), "SELECT order_id, amount FROM orders ORDER BY amount, order_id"),
    "hash_in_batches": (
        (TIGHT, "SET enable_mergejoin = off"),
        "SELECT sku, amount FROM order_items JOIN orders USING (order_id)",
    ),
    "groups_in_batches": (
        (TIGHT, "SET enable_sort = off"),
        "SELECT customer_id, sum(amount) FROM orders GROUP BY customer_id",
    ),
    "not_vacuumed": (
        (BY_CUSTOMER, *INDEX_ONLY),
        "SELECT customer_id, amount FROM orders WHERE customer_id BETWEEN 500 AND 600",
    ),
    "two_indexes": (
        ("SET enable_seqscan = off", "SET enable_indexscan = off"),
        "SELECT order_id FROM orders WHERE customer_id BETWEEN 500 AND 2500"
        " AND ordered_at >= '2025-03-01Z' AND ordered_at < '2025-04-01Z'",
    ),
    "nothing_found": (
        (),
        "SELECT order_id FROM orders WHERE ordered_at >= '2025-03-01Z' AND ordered_at < '2025-06-01Z'"
        " AND amount % 1000 >= 1 AND status IN ('shipped', 'paid')",
    ),
    "wrong_join": (
        (),
        "SELECT amount FROM customers JOIN orders USING (customer_id)"
        " WHERE province = 'Khánh Hòa' AND district = 'Nha Trang'",
    ),
    "more_than_planned": (
        (),
        "SELECT customer_id FROM customers WHERE province = 'Khánh Hòa' AND district = 'Nha Trang' LIMIT 300",
    ),
    "index_only": (
        (VACUUM, *INDEX_ONLY),
        "SELECT customer_id, amount FROM orders WHERE customer_id BETWEEN 500 AND 600",
    ),
    "few_heap_fetches": (
        (SOME_UPDATED, *INDEX_ONLY, *LOOPS),
        "SELECT c.customer_id, amount FROM customers AS c JOIN orders AS o USING (customer_id)"
        " WHERE c.customer_id BETWEEN 500 AND 1500",
    ),
}


def record(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(GIVEN.read_text("utf-8"))
        with connection.transaction(), connection.cursor() as cursor:
            given.fill(cursor, random.Random(2026))
        folder = Path(__file__).parent / str(connection.info.server_version // 10000)
        folder.mkdir(exist_ok=True)
        for name, (before, sql) in STATEMENTS.items():
            connection.execute("RESET ALL")
            for statement in (*PLAIN, *before):
                connection.execute(statement)
            [[answer]] = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}").fetchall()
            text = json.dumps(answer[0], ensure_ascii=False, indent=1)
            (folder / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    record(sys.argv[1])
