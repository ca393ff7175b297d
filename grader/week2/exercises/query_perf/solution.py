"""Week 2 · Query performance: a model answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import psycopg

SHOP = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def plan(db: PostgresHandle, sql: str, params: dict) -> list[dict]:
    top = _explain(db, "FORMAT JSON", sql, params)
    return [_described(node, depth) for node, depth in _walk(top)]


def measure(db: PostgresHandle, sql: str, params: dict) -> dict:
    top = _explain(db, "ANALYZE, BUFFERS, FORMAT JSON", sql, params)
    return {
        "rows": _total(_giver(top)),
        "buffers": top["Shared Hit Blocks"] + top["Shared Read Blocks"],
        "nodes": [
            _described(node, depth) | {"actual": _total(node), "loops": node["Actual Loops"]}
            for node, depth in _walk(top)
        ],
    }


def _explain(db: PostgresHandle, options: str, sql: str, params: dict) -> dict:
    """The top node. EXPLAIN ANALYZE executes the statement, so it is always rolled back."""
    with psycopg.connect(db.url) as connection:
        [[answer]] = connection.execute(f"EXPLAIN ({options}) {sql}", params).fetchall()
        connection.rollback()
    return answer[0]["Plan"]


def _walk(node: dict, depth: int = 0) -> Iterator[tuple[dict, int]]:
    """The node and all below it, in pre-order, each with its depth."""
    yield node, depth
    for child in node.get("Plans", []):
        yield from _walk(child, depth + 1)


def _described(node: dict, depth: int) -> dict:
    return {
        "depth": depth,
        "node": node["Node Type"],
        "relation": node.get("Relation Name"),
        "index": node.get("Index Name"),
        "rows": node["Plan Rows"],
    }


def _total(node: dict) -> int:
    return round(node["Actual Rows"] * node["Actual Loops"])


def _giver(top: dict) -> dict:
    """The node whose rows are those of the statement."""
    if top["Node Type"] != "ModifyTable":
        return top
    return next(child for child in top["Plans"] if child["Parent Relationship"] == "Outer")


def problems(explained: dict) -> list[dict]:
    return [
        {"kind": kind, "node": node["Node Type"], "relation": node.get("Relation Name")}
        for node, limited in _below_limit(explained["Plan"])
        if node["Actual Loops"] > 0
        for kind in _kinds(node, limited)
    ]


def _below_limit(node: dict, limited: bool = False) -> Iterator[tuple[dict, bool]]:
    """The node and all below it, in pre-order, each with whether a Limit above may have stopped it."""
    yield node, limited
    for child in node.get("Plans", []):
        yield from _below_limit(child, limited or node["Node Type"] == "Limit")


def _kinds(node: dict, limited: bool) -> Iterator[str]:
    loops = node["Actual Loops"]
    returned = node["Actual Rows"] * loops
    if node["Node Type"] == "Seq Scan":
        removed = node.get("Rows Removed by Filter", 0) * loops
        if removed >= 1000 and removed >= 10 * returned:
            yield "wasted_scan"
    if _misestimated(node, limited):
        yield "misestimate"
    if _spilled(node):
        yield "spill"
    if node["Node Type"] == "Seq Scan" and loops >= 100:
        yield "repeated_scan"
    fetched = node.get("Heap Fetches", 0)  # of all loops, unlike the rows
    if node["Node Type"] == "Index Only Scan" and fetched >= 100 and 10 * fetched > returned:
        yield "visits_heap"


def _misestimated(node: dict, limited: bool) -> bool:
    if node["Node Type"] in ("BitmapAnd", "BitmapOr"):
        return False
    planned, actual = max(node["Plan Rows"], 1), max(node["Actual Rows"], 1)
    if limited and actual < planned:
        return False
    few, many = sorted((planned, actual))
    return many >= 100 and many >= 10 * few


def _spilled(node: dict) -> bool:
    match node["Node Type"]:
        case "Sort":
            return node.get("Sort Space Type") == "Disk"
        case "Hash":
            return node.get("Hash Batches", 1) > 1
        case "Aggregate":
            return node.get("HashAgg Batches", 1) > 1
    return False


def day_orders(day: date) -> tuple[str, dict]:
    start = datetime.combine(day, time(), SHOP)
    end = datetime.combine(day + timedelta(days=1), time(), SHOP)
    sql = """
        SELECT order_id, amount FROM orders
        WHERE ordered_at >= %(start)s AND ordered_at < %(end)s
        ORDER BY order_id
    """
    return sql, {"start": start, "end": end}


def page(after: tuple[datetime, int] | None, size: int) -> tuple[str, dict]:
    if size < 1:
        raise ValueError(f"size: {size} is less than 1")
    if after is None:
        where, params = "", {}
    else:
        at, order_id = after
        if at.utcoffset() is None:
            raise ValueError(f"after: {at} has no time zone")
        # A comparison of rows is what an index on (ordered_at, …) can begin at.
        where, params = "WHERE (ordered_at, order_id) > (%(at)s, %(order_id)s)", {"at": at, "order_id": order_id}
    sql = f"SELECT order_id, ordered_at FROM orders {where} ORDER BY ordered_at, order_id LIMIT %(size)s"
    return sql, params | {"size": size}


def orders_with_lines(db: PostgresHandle, order_ids: list[int]) -> dict[int, list[dict]]:
    found: dict[int, list[dict]] = {}
    with psycopg.connect(db.url) as connection:
        rows = connection.execute(
            """
            SELECT order_id, line, sku, quantity
            FROM orders LEFT JOIN order_items USING (order_id)
            WHERE order_id = ANY(%s) ORDER BY order_id, line
            """,
            [order_ids],
        )
        for order_id, line, sku, quantity in rows:
            lines = found.setdefault(order_id, [])
            if line is not None:
                lines.append({"line": line, "sku": sku, "quantity": quantity})
    return found


def tune(db: PostgresHandle) -> None:
    # VACUUM refuses to run inside a transaction.
    with psycopg.connect(db.url, autocommit=True) as connection:
        connection.execute("CREATE INDEX IF NOT EXISTS orders_spent ON orders (customer_id) INCLUDE (amount)")
        connection.execute("CREATE INDEX IF NOT EXISTS orders_unpaid ON orders (ordered_at) WHERE status = 'placed'")
        connection.execute(
            "CREATE STATISTICS IF NOT EXISTS customers_place (dependencies, mcv) ON province, district FROM customers"
        )
        # ANALYZE fills the statistics; VACUUM marks the pages that an index-only scan need not visit.
        connection.execute("VACUUM (ANALYZE) customers, orders")


def compare(a: Callable[[], None], b: Callable[[], None], clock: Callable[[], float], rounds: int = 10) -> dict:
    if rounds < 1:
        raise ValueError(f"rounds: {rounds} is less than 1")
    ways = [("a", a), ("b", b)]
    seconds: dict[str, list[float]] = {"a": [], "b": []}
    for _, warm_up in ways:
        warm_up()
    for _ in range(rounds):
        for name, way in ways:
            start = clock()
            way()
            seconds[name].append(clock() - start)
        ways.reverse()
    return {name: median(values) for name, values in seconds.items()} | {"winner": _winner(**seconds)}


def _winner(a: list[float], b: list[float]) -> str:
    if _percentile(a, 75) < _percentile(b, 25):
        return "a"
    if _percentile(b, 75) < _percentile(a, 25):
        return "b"
    return "none"


def _percentile(values: list[float], p: int) -> float:
    """By nearest rank."""
    rank = -(-p * len(values) // 100)  # rounded up
    return sorted(values)[rank - 1]
