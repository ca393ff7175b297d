"""Week 2 · Query performance: another sound answer, with SQLAlchemy, other indexes and other statistics."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import NullPool, bindparam, create_engine, text


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def engine(db, **options):
    return create_engine(db.url, poolclass=NullPool, **options)


def explain(db, options, sql, params):
    with engine(db).connect() as connection, connection.begin() as transaction:
        answer = connection.exec_driver_sql(f"EXPLAIN ({options}, FORMAT JSON) {sql}", params).scalar_one()
        transaction.rollback()
    return answer[0]["Plan"]


def flat(top):
    """(node, depth, the nodes above) in pre-order, without recursion."""
    waiting, nodes = [(top, [])], []
    while waiting:
        node, above = waiting.pop()
        nodes.append((node, len(above), above))
        waiting += [(child, [*above, node]) for child in reversed(node.get("Plans", ()))]
    return nodes


def row(node, depth):
    keys = {"node": "Node Type", "relation": "Relation Name", "index": "Index Name", "rows": "Plan Rows"}
    return {"depth": depth} | {name: node.get(key) for name, key in keys.items()}


def plan(db, sql: str, params: dict) -> list[dict]:
    return [row(node, depth) for node, depth, _ in flat(explain(db, "COSTS", sql, params))]


def measure(db, sql: str, params: dict) -> dict:
    top = explain(db, "ANALYZE, BUFFERS, TIMING OFF", sql, params)
    nodes = [
        row(node, depth)
        | {"actual": math.floor(node["Actual Rows"] * node["Actual Loops"] + 0.5), "loops": node["Actual Loops"]}
        for node, depth, _ in flat(top)
    ]
    giver = 0
    if top["Node Type"] == "ModifyTable":
        giver = next(n for n, (node, depth, _) in enumerate(flat(top)) if depth == 1 and is_outer(node))
    return {
        "rows": nodes[giver]["actual"],
        "buffers": sum(top[f"Shared {kind} Blocks"] for kind in ("Hit", "Read")),
        "nodes": nodes,
    }


def is_outer(node):
    return node["Parent Relationship"] == "Outer"


def wasted(node, above):
    loops, removed = node["Actual Loops"], node.get("Rows Removed by Filter", 0)
    return node["Node Type"] == "Seq Scan" and removed * loops >= 1000 and removed >= 10 * node["Actual Rows"]


def misestimated(node, above):
    planned, actual = (max(1, node[key]) for key in ("Plan Rows", "Actual Rows"))
    stopped = any(parent["Node Type"] == "Limit" for parent in above)
    if node["Node Type"].startswith("Bitmap") and node["Node Type"] in {"BitmapAnd", "BitmapOr"}:
        return False
    return actual >= max(100, 10 * planned) or (not stopped and planned >= max(100, 10 * actual))


def spilled(node, above):
    signs = {"Sort": ("Sort Space Type", "Disk"), "Hash": ("Hash Batches", 1), "Aggregate": ("HashAgg Batches", 1)}
    if node["Node Type"] not in signs:
        return False
    key, sign = signs[node["Node Type"]]
    return node.get(key) == sign if key == "Sort Space Type" else node.get(key, 1) > sign


def repeated(node, above):
    return node["Node Type"] == "Seq Scan" and node["Actual Loops"] > 99


def visiting(node, above):
    fetches = node.get("Heap Fetches", 0)
    total = node["Actual Rows"] * node["Actual Loops"]
    return node["Node Type"] == "Index Only Scan" and fetches >= 100 and fetches > total / 10


RULES = {
    "wasted_scan": wasted,
    "misestimate": misestimated,
    "spill": spilled,
    "repeated_scan": repeated,
    "visits_heap": visiting,
}


def problems(explained: dict) -> list[dict]:
    found = []
    for node, _, above in flat(explained["Plan"]):
        if not node["Actual Loops"]:
            continue
        for kind, rule in RULES.items():
            if rule(node, above):
                found.append({"kind": kind, "node": node["Node Type"], "relation": node.get("Relation Name")})
    return found


def day_orders(day: date) -> tuple[str, dict]:
    # The days of the shops as the database counts them.
    sql = """
        WITH day AS (
            SELECT %(day)s::date::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS starts,
                   (%(day)s::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' AS ends
        )
        SELECT order_id, amount FROM orders, day
        WHERE ordered_at >= starts AND ordered_at < ends ORDER BY 1
    """
    return sql, {"day": day}


def page(after: tuple[datetime, int] | None, size: int) -> tuple[str, dict]:
    if size <= 0:
        raise ValueError("a page has at least one row")
    at, order_id = after or (datetime(1, 1, 2, tzinfo=UTC), 0)
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("the time needs a zone")
    # ordered_at >= %(at)s alone is a place where the index can begin; the rest is a filter on a few rows.
    sql = """
        SELECT order_id, ordered_at FROM orders
        WHERE ordered_at >= %(at)s AND (ordered_at > %(at)s OR order_id > %(order_id)s)
        ORDER BY ordered_at, order_id LIMIT %(size)s
    """
    return sql, {"at": at, "order_id": order_id, "size": size}


def orders_with_lines(db, order_ids: list[int]) -> dict[int, list[dict]]:
    ids = sorted(set(order_ids))
    known = text("SELECT order_id FROM orders WHERE order_id IN :ids").bindparams(bindparam("ids", ids, expanding=True))
    lines = text("SELECT order_id, line, sku, quantity FROM order_items WHERE order_id IN :ids").bindparams(
        bindparam("ids", ids, expanding=True)
    )
    with engine(db).connect() as connection:
        found = {order_id: [] for order_id in connection.scalars(known)}
        for item in connection.execute(lines).mappings():
            if item["order_id"] in found:
                found[item["order_id"]].append({key: item[key] for key in ("line", "sku", "quantity")})
    for of_one in found.values():
        of_one.sort(key=lambda item: item["line"])
    return found


def tune(db) -> None:
    with engine(db, isolation_level="AUTOCOMMIT").connect() as connection:
        there = set(connection.exec_driver_sql("SELECT relname FROM pg_class").scalars())
        for name, statement in {
            "tuned_a": "CREATE INDEX CONCURRENTLY tuned_a ON orders (customer_id, amount)",
            "tuned_b": "CREATE INDEX CONCURRENTLY tuned_b ON orders (ordered_at, order_id) WHERE status = 'placed'",
        }.items():
            if name not in there:
                connection.exec_driver_sql(statement)
        known = connection.exec_driver_sql("SELECT count(*) FROM pg_statistic_ext WHERE stxname = 'tuned_c'")
        if not known.scalar_one():
            connection.exec_driver_sql("CREATE STATISTICS tuned_c (mcv) ON province, district FROM customers")
        connection.exec_driver_sql("ANALYZE customers")
        connection.exec_driver_sql("VACUUM orders")


def compare(a, b, clock, rounds: int = 10) -> dict:
    if rounds <= 0:
        raise ValueError("at least one round")
    b(), a()
    seconds = {"a": [], "b": []}
    for number in range(rounds):
        for name in "ba" if number % 2 == 0 else "ab":
            started = clock()
            {"a": a, "b": b}[name]()
            seconds[name].append(clock() - started)
    ordered = {name: sorted(values) for name, values in seconds.items()}
    low, high = math.ceil(rounds / 4) - 1, math.ceil(rounds * 3 / 4) - 1
    winner = "none"
    for one, other in ("ab", "ba"):
        if ordered[one][high] < ordered[other][low]:
            winner = one
    middle = {name: (values[(rounds - 1) // 2] + values[rounds // 2]) / 2 for name, values in ordered.items()}
    return middle | {"winner": winner}
