"""Week 2 · Database design: SQLAlchemy, decisions in Python, serialisable transactions, late constraints."""

import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range, insert

FD = tuple[set[str], set[str]]


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def closure(attributes: set[str], fds: list[FD]) -> set[str]:
    more = attributes.union(*(right for left, right in fds if left <= attributes))
    return more if more == attributes else closure(more, fds)


def candidate_keys(relation: set[str], fds: list[FD]) -> list[set[str]]:
    sets = [set(names) for size in range(len(relation) + 1) for names in combinations(sorted(relation), size)]
    enough = [names for names in sets if closure(names, fds) == relation]
    return [names for names in enough if not any(other < names for other in enough)]


def decompose(relation: set[str], fds: list[FD]) -> list[set[str]]:
    """A relation for every dependency of the cover, also where left sides are equal."""
    cover: list[FD] = []
    simple = {(tuple(sorted(left)), name) for left, right in fds for name in right - left}
    for names, name in sorted(simple):
        small = set(names)
        for part in names:
            if name in closure(small - {part}, fds):
                small -= {part}
        cover.append((small, {name}))
    for fd in cover[:]:
        rest = cover[:]
        rest.remove(fd)
        if fd[1] <= closure(fd[0], rest):
            cover = rest
    parts = [left | right for left, right in cover]
    key = candidate_keys(relation, fds)[0]
    if not any(closure(part, fds) >= relation for part in parts):
        parts.append(key)
    return [p for n, p in enumerate(parts) if not any(p < q or (p == q and m < n) for m, q in enumerate(parts))]


def counterexamples(rows: list[dict], left: list[str], right: str) -> list[tuple]:
    pairs = {(tuple(row[name] for name in left), row[right]) for row in rows}
    values = [value for value, _ in pairs]
    return sorted({value for value in values if values.count(value) > 1}, key=str)


meta = sa.MetaData()


def _text(name: str, rule: str = "true", **more) -> sa.Column:
    return sa.Column(name, sa.Text, sa.CheckConstraint(f"btrim({name}) <> '' and {rule}"), nullable=False, **more)


def _to(column: str, kind: type, where: str, **more) -> sa.Column:
    name, _, options = column.partition(" ")
    return sa.Column(name, kind, sa.ForeignKey(where, ondelete=options or None), nullable=False, **more)


cities = sa.Table("cities", meta, _text("city", primary_key=True), _text("region"))
customers = sa.Table(
    "customers",
    meta,
    sa.Column("customer_id", sa.BigInteger, sa.Identity(), primary_key=True),
    _text("email", "email = lower(email)", unique=True),
    _text("name"),
    _to("city", sa.Text, "cities.city"),
)
products = sa.Table("products", meta, _text("sku", primary_key=True), _text("name"), _text("category"))
orders = sa.Table(
    "orders",
    meta,
    sa.Column("order_id", sa.BigInteger, primary_key=True, autoincrement=False),
    _to("customer_id", sa.BigInteger, "customers.customer_id"),
    sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
)
order_items = sa.Table(
    "order_items",
    meta,
    _to("order_id CASCADE", sa.BigInteger, "orders.order_id", primary_key=True, autoincrement=False),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    _to("sku", sa.Text, "products.sku"),
    sa.Column("quantity", sa.Integer, sa.CheckConstraint("quantity > 0"), nullable=False),
    sa.Column("unit_price", sa.BigInteger, sa.CheckConstraint("unit_price >= 0"), nullable=False),
)
order_coupons = sa.Table(
    "order_coupons",
    meta,
    _to("order_id CASCADE", sa.BigInteger, "orders.order_id", primary_key=True, autoincrement=False),
    _text("coupon", "position(',' in coupon) = 0", primary_key=True),
)
prices = sa.Table(
    "prices",
    meta,
    _to("sku", sa.Text, "products.sku"),
    sa.Column("price", sa.BigInteger, sa.CheckConstraint("price >= 0"), nullable=False),
    sa.Column("valid", DATERANGE, sa.CheckConstraint("not isempty(valid)"), nullable=False),
    ExcludeConstraint(("sku", "="), ("valid", "&&"), using="gist", deferrable=True, initially="DEFERRED"),
)
FLAT = """
create or replace view sales_flat as
select o.order_id, o.ordered_at, c.email, c.name as customer, c.city, t.region, i.line, i.sku, p.name as product,
       p.category, i.quantity, i.unit_price,
       array_to_string(array(select coupon from order_coupons k where k.order_id = o.order_id
                             order by coupon collate "C"), ',') as coupons
from orders o, customers c, cities t, order_items i, products p
where c.customer_id = o.customer_id and t.city = c.city and i.order_id = o.order_id and p.sku = i.sku
"""


@contextmanager
def _begin(db: PostgresHandle):
    engine = sa.create_engine(db.url, isolation_level="SERIALIZABLE")
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def create_schema(db: PostgresHandle) -> None:
    with _begin(db) as connection:
        connection.execute(sa.text("create extension if not exists btree_gist"))
        meta.create_all(connection)
        connection.execute(sa.text(FLAT))


def load_flat(db: PostgresHandle, rows: list[dict]) -> dict:
    rows = [_clean(row) for row in rows]
    try:
        with _begin(db) as connection:
            return _load(connection, rows)
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise ValueError(str(error.orig)) from error


def _clean(row: dict) -> dict:
    if row["ordered_at"].tzinfo is None:
        raise ValueError("a naive time")
    row = {name: unicodedata.normalize("NFC", cell) if isinstance(cell, str) else cell for name, cell in row.items()}
    return row | {"email": row["email"].strip().lower()}


def _facts(row: dict) -> list[tuple]:
    """(table, key, the rest) of each fact of a flat row."""
    order, mail = row["order_id"], row["email"]
    return [
        ("cities", row["city"], row["region"]),
        ("customers", mail, (row["customer"], row["city"])),
        ("products", row["sku"], (row["product"], row["category"])),
        ("orders", order, (row["ordered_at"], mail, row["coupons"])),
        ("order_items", (order, row["line"]), (row["sku"], row["quantity"], row["unit_price"])),
    ]


def _stored(connection: sa.Connection) -> dict[tuple, object]:
    """All facts of the tables. A big shop would ask for those of the rows only."""
    mails = {row.customer_id: row.email for row in connection.execute(sa.select(customers))}
    coupons: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(order_coupons)):
        coupons.setdefault(row.order_id, []).append(row.coupon)
    known: dict[tuple, object] = {}
    known |= {("cities", r.city): r.region for r in connection.execute(sa.select(cities))}
    known |= {("customers", r.email): (r.name, r.city) for r in connection.execute(sa.select(customers))}
    known |= {("products", r.sku): (r.name, r.category) for r in connection.execute(sa.select(products))}
    for r in connection.execute(sa.select(orders)):
        joined = ",".join(sorted(coupons.get(r.order_id, [])))
        known["orders", r.order_id] = (r.ordered_at, mails[r.customer_id], joined)
    for r in connection.execute(sa.select(order_items)):
        known["order_items", (r.order_id, r.line)] = (r.sku, r.quantity, r.unit_price)
    return known


def _load(connection: sa.Connection, rows: list[dict]) -> dict:
    stored = _stored(connection)
    said, wrong = dict(stored), set()
    for row in rows:
        wrong |= {(table, key) for table, key, rest in _facts(row) if said.setdefault((table, key), rest) != rest}
    lost = {row["order_id"] for row in rows if any((table, key) in wrong for table, key, _ in _facts(row))}
    good = {(row["order_id"], row["line"]): row for row in rows if row["order_id"] not in lost}
    new = [row for key, row in good.items() if ("order_items", key) not in stored]
    if new:
        _write(connection, new)
    refused = [index for index, row in enumerate(rows) if row["order_id"] in lost]
    return {"lines": len(new), "duplicates": len(rows) - len(refused) - len(new), "refused": refused}


def _write(connection: sa.Connection, rows: list[dict]) -> None:
    def put(table: sa.Table, values: list[dict]) -> None:
        if values:
            connection.execute(insert(table).on_conflict_do_nothing(), values)

    put(cities, [{"city": r["city"], "region": r["region"]} for r in rows])
    put(customers, [{"email": r["email"], "name": r["customer"], "city": r["city"]} for r in rows])
    put(products, [{"sku": r["sku"], "name": r["product"], "category": r["category"]} for r in rows])
    ids = {r.email: r.customer_id for r in connection.execute(sa.select(customers.c.email, customers.c.customer_id))}
    put(orders, [{k: r[k] for k in ("order_id", "ordered_at")} | {"customer_id": ids[r["email"]]} for r in rows])
    put(order_items, [{k: r[k] for k in ("order_id", "line", "sku", "quantity", "unit_price")} for r in rows])
    pairs = {(r["order_id"], coupon) for r in rows for coupon in r["coupons"].split(",") if coupon}
    put(order_coupons, [{"order_id": order, "coupon": coupon} for order, coupon in sorted(pairs)])


def set_price(db: PostgresHandle, sku: str, price: int, since: date) -> None:
    """Reads all periods of the product and writes them anew; the constraint is looked at when all are there."""
    if price < 0:
        raise ValueError(f"a price below 0: {price}")
    with _begin(db) as connection:
        if not connection.scalar(sa.select(sa.func.count()).where(products.c.sku == sku)):
            raise ValueError(f"unknown sku {sku!r}")
        old = connection.execute(sa.select(prices.c.price, prices.c.valid).where(prices.c.sku == sku)).all()
        rows = [{"sku": sku, "price": row.price, "valid": row.valid} for row in old if row.valid.lower != since]
        later = [row.valid.lower for row in old if row.valid.lower > since]
        for row in rows:
            if row["valid"].contains(since):
                row["valid"] = Range(row["valid"].lower, since)
        rows.append({"sku": sku, "price": price, "valid": Range(since, min(later, default=None))})
        connection.execute(sa.delete(prices).where(prices.c.sku == sku))
        connection.execute(sa.insert(prices), rows)


WORK = (
    "create index if not exists of_city on customers using hash (city)",
    "create index if not exists by_lower on customers (lower(email)) include (customer_id, name)",
    "create index if not exists newest on orders (customer_id, ordered_at desc) include (order_id)",
    "create index if not exists days on orders using brin (ordered_at) with (pages_per_range = 16)",
    "create index if not exists sold on order_items (sku)",
)


def create_indexes(db: PostgresHandle) -> None:
    with _begin(db) as connection:
        for sql in WORK:
            connection.execute(sa.text(sql))
