"""Another sound answer: SQLAlchemy, SERIALIZABLE and another try instead of locks, deferred rules, Python as judge."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

SHOP = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class PostgresHandle:
    url: str


def serialisable(db, work):
    """Runs work(connection) in one transaction, again and again until no other got in between."""
    engine = create_engine(db.url, poolclass=NullPool, isolation_level="SERIALIZABLE")
    while True:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in ("40001", "40P01"):
                raise


def rows(connection, sql, **params):
    return [dict(row) for row in connection.execute(text(sql), params).mappings()]


def put(connection, table, records, types):
    """Many rows in one statement, as one JSON text."""
    if records:
        names = ", ".join(types)
        typed = ", ".join(f"{name} {kind}" for name, kind in types.items())
        given = json.dumps(records, default=datetime.isoformat)
        connection.execute(
            text(
                f"INSERT INTO {table} ({names}) SELECT {names}"
                f" FROM jsonb_to_recordset(CAST(:given AS jsonb)) AS t ({typed})"
            ),
            {"given": given},
        )


DDL = r"""
CREATE TABLE customers (customer_id bigserial PRIMARY KEY, email varchar NOT NULL, name varchar NOT NULL,
    city varchar NOT NULL, created_at timestamptz NOT NULL,
    CHECK (btrim(email) <> '' AND btrim(name) <> '' AND btrim(city) <> ''));
CREATE UNIQUE INDEX ON customers (upper(email));
CREATE TABLE products (sku varchar PRIMARY KEY, name varchar NOT NULL, category varchar, price bigint NOT NULL,
    stock integer NOT NULL, CHECK (btrim(sku) <> '' AND btrim(name) <> '' AND btrim(category) <> ''),
    CHECK (least(price, stock) >= 0));
CREATE TABLE orders (order_id bigserial PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers,
    ordered_at timestamptz NOT NULL, status varchar NOT NULL, total bigint NOT NULL CHECK (total >= 0),
    CHECK (status = ANY ('{placed,paid,shipped,cancelled}')));
CREATE TABLE order_items (order_id bigint REFERENCES orders, line bigint CHECK (line > 0),
    sku varchar NOT NULL REFERENCES products, quantity bigint NOT NULL CHECK (quantity > 0),
    unit_price bigint NOT NULL CHECK (unit_price >= 0), PRIMARY KEY (order_id, line));
CREATE TABLE payments (provider_ref varchar PRIMARY KEY CHECK (btrim(provider_ref) <> ''),
    order_id bigint NOT NULL REFERENCES orders, amount bigint NOT NULL CHECK (amount > 0),
    paid_at timestamptz NOT NULL);
CREATE TABLE stock_moves (move_id bigserial PRIMARY KEY, sku varchar NOT NULL REFERENCES products,
    quantity integer NOT NULL CHECK (quantity <> 0), reason varchar NOT NULL, order_id bigint REFERENCES orders,
    at timestamptz NOT NULL, CHECK (reason = ANY ('{opening,order,cancel}')));
CREATE TABLE import_rejects (file varchar, record bigint, reason varchar NOT NULL, raw jsonb NOT NULL,
    PRIMARY KEY (file, record));
CREATE TABLE report_daily (category varchar, day date, orders integer NOT NULL, units integer NOT NULL,
    revenue bigint NOT NULL, PRIMARY KEY (day, category));
CREATE TABLE wishes (key varchar PRIMARY KEY, wish jsonb NOT NULL, answer jsonb NOT NULL);
CREATE INDEX ON orders (customer_id, ordered_at);
CREATE INDEX ON order_items (sku);
CREATE INDEX ON payments (order_id);
CREATE INDEX ON stock_moves (sku);
CREATE INDEX ON stock_moves (order_id, sku);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''refused''; END';
CREATE FUNCTION whole_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.orders AS o WHERE o.order_id = NEW.order_id AND o.total <> (
        SELECT coalesce(sum(quantity * unit_price), 0) FROM public.order_items AS l WHERE l.order_id = o.order_id))
    THEN RAISE EXCEPTION 'the total of order % is not the sum over its lines', NEW.order_id; END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION whole_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM public.products AS p WHERE p.sku = NEW.sku AND p.stock <> (
        SELECT coalesce(sum(quantity), 0) FROM public.stock_moves AS m WHERE m.sku = p.sku))
    THEN RAISE EXCEPTION 'the stock of % is not the sum of its moves', NEW.sku; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER steps BEFORE UPDATE ON orders FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN
          ('placed>paid', 'paid>shipped', 'placed>cancelled', 'paid>cancelled')) EXECUTE FUNCTION refuse();
CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON stock_moves FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON stock_moves EXECUTE FUNCTION refuse();
CREATE CONSTRAINT TRIGGER whole AFTER INSERT OR UPDATE ON orders DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION whole_order();
CREATE CONSTRAINT TRIGGER whole AFTER INSERT OR UPDATE ON order_items DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION whole_order();
CREATE CONSTRAINT TRIGGER whole AFTER INSERT OR UPDATE ON products DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION whole_stock();
CREATE CONSTRAINT TRIGGER whole AFTER INSERT ON stock_moves DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION whole_stock();
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT c.oid, c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON TABLE %I IS %L', one.relname, 'The ' || one.relname || ' of Sao Mai');
        EXECUTE format('COMMENT ON COLUMN %I.%I IS %L', one.relname, one.attname, one.attname || ' of ' || one.relname);
    END LOOP;
END $$;
"""


def create_schema(db: PostgresHandle) -> None:
    def work(connection):
        if not rows(connection, "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = 'wishes'"):
            connection.connection.cursor().execute(DDL)  # many statements at once: without parameters only

    serialisable(db, work)


WHOLE, TIME = "bigint", "timestamptz"
COLUMNS = {
    "customers": {"customer_id": WHOLE, "email": "text", "name": "text", "city": "text", "created_at": TIME},
    "products": {"sku": "text", "name": "text", "category": "text", "price": WHOLE, "stock": WHOLE},
    "orders": {"order_id": WHOLE, "customer_id": WHOLE, "ordered_at": TIME, "status": "text", "total": WHOLE},
    "order_items": {"order_id": WHOLE, "line": WHOLE, "sku": "text", "quantity": WHOLE, "unit_price": WHOLE},
    "payments": {"provider_ref": "text", "order_id": WHOLE, "amount": WHOLE, "paid_at": TIME},
}
KEYS = {table: [*columns][: 2 if table == "order_items" else 1] for table, columns in COLUMNS.items()}


def value_of(column, kind, cell):
    """The value of a cell, None if it may be missing; ValueError if it is none."""
    cell = cell.strip()
    if not cell:
        if column == "category":
            return None
        raise ValueError("missing")
    if kind == WHOLE:
        if not re.fullmatch("[0-9]{1,9}", cell) or (column in ("line", "quantity", "amount") and not int(cell)):
            raise ValueError("no number")
        return int(cell)
    if kind == TIME:
        if not re.fullmatch(r"[0-9]{4}-..-..T..:..:..(Z|[+-][0-9]{2}:[0-9]{2})", cell):
            raise ValueError("no time")
        return datetime.fromisoformat(cell)
    if column == "status" and cell not in ("placed", "paid", "shipped", "cancelled"):
        raise ValueError("no status")
    return cell


class Book:
    """The records of one file: number, raw, values, and the column at fault."""

    def __init__(self, table, path):
        self.table, self.records, self.known = table, [], set()
        try:
            content = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{path.name}: {error}") from None
        reader = csv.DictReader(content.splitlines(keepends=True))
        if missing := COLUMNS[table].keys() - set(reader.fieldnames or ()):
            raise ValueError(f"{path.name} lacks {missing}")
        for raw in reader:
            values, fault = {}, ""
            for column, kind in COLUMNS[table].items():
                try:
                    values[column] = value_of(column, kind, raw[column])
                except ValueError:
                    values[column] = None
                    fault = fault or column
            self.records.append({"raw": raw, "values": values, "fault": fault, "fate": "loaded"})

    def judge(self, old, more=lambda values: ""):
        """`old`: keys in the database; more(values) gives the column at fault, if any."""
        seen = set()
        for one in self.records:
            key = tuple(one["values"][column] for column in KEYS[self.table])
            complete = None not in key
            also = more(one["values"])
            if complete and key in seen:
                one |= {"fault": KEYS[self.table][-1], "fate": "rejected"}
            elif complete and key in old:
                one |= {"fate": "unchanged"}
            elif one["fault"] or also:
                one |= {"fault": one["fault"] or also, "fate": "rejected"}
            seen.add(key)

    def loaded(self):
        return [one["values"] for one in self.records if one["fate"] == "loaded"]

    def counts(self):
        fates = [one["fate"] for one in self.records]
        return {"read": len(fates)} | {fate: fates.count(fate) for fate in ("loaded", "unchanged", "rejected")}


def import_data(db: PostgresHandle, folder: Path) -> dict[str, dict]:
    for table in COLUMNS:
        if not (folder / f"{table}.csv").exists():
            raise FileNotFoundError(f"{table}.csv")
    return serialisable(db, lambda connection: take_in(connection, folder))


def take_in(connection, folder):
    books = {table: Book(table, folder / f"{table}.csv") for table in COLUMNS}
    old = {
        table: {tuple(row.values()) for row in rows(connection, f"SELECT {', '.join(keys)} FROM {table}")}
        for table, keys in KEYS.items()
    }
    emails = {row["email"].lower() for row in rows(connection, "SELECT email FROM customers")}

    def taken(values):
        email = (values["email"] or "").lower()
        known = email in emails
        emails.add(email)
        return "email" if known and email else ""

    parents = {table: {key[0] for key in keys} for table, keys in old.items()}
    old_orders = set(parents["orders"])

    def load(table, more=lambda values: ""):
        books[table].judge(old[table], more)
        put(connection, table, books[table].loaded(), COLUMNS[table])
        parents[table] |= {values[KEYS[table][0]] for values in books[table].loaded()}

    load("customers", taken)
    load("products")
    opened = [{"sku": p["sku"], "quantity": p["stock"]} for p in books["products"].loaded() if p["stock"]]
    put(connection, "stock_moves", [one | {"reason": "opening", "at": datetime.now(UTC)} for one in opened],
        {"sku": "text", "quantity": "int", "reason": "text", "at": TIME})  # fmt: skip
    books["order_items"].judge(
        old["order_items"],
        lambda v: "line" if v["order_id"] in old_orders else "" if v["sku"] in parents["products"] else "sku",
    )
    sums = defaultdict(int)
    for line in books["order_items"].loaded():
        sums[line["order_id"]] += line["quantity"] * line["unit_price"]

    def fits(v):
        if v["customer_id"] not in parents["customers"]:
            return "customer_id"
        return "" if v["order_id"] in sums and sums[v["order_id"]] == v["total"] else "total"

    load("orders", fits)
    for one in books["order_items"].records:
        if one["fate"] == "loaded" and one["values"]["order_id"] not in parents["orders"]:
            one |= {"fate": "rejected", "fault": "order_id"}
    put(connection, "order_items", books["order_items"].loaded(), COLUMNS["order_items"])
    load("payments", lambda v: "" if v["order_id"] in parents["orders"] else "order_id")
    for table, column in (("customers", "customer_id"), ("orders", "order_id")):
        top = max([0, *(parents[table])])
        connection.execute(text(
            f"SELECT setval('{table}_{column}_seq', greatest(nextval('{table}_{column}_seq'), :top))"
        ), {"top": top})  # fmt: skip
    connection.execute(text("DELETE FROM import_rejects"))
    rejects = [
        {"file": f"{table}.csv", "record": number, "reason": f"{one['fault']}: no", "raw": one["raw"]}
        for table, book in books.items()
        for number, one in enumerate(book.records, 1)
        if one["fate"] == "rejected"
    ]
    put(connection, "import_rejects", rejects, {"file": "text", "record": "int", "reason": "text", "raw": "jsonb"})
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # a total that is wrong is said here, not at the commit
    return {f"{table}.csv": book.counts() for table, book in books.items()}


def aware(at):
    if at.tzinfo is None or at.utcoffset() is None:
        raise ValueError("a naive time")


def place_order(
    db: PostgresHandle,
    key: str,
    customer_id: int,
    items: dict[str, int],
    at: datetime,
    meanwhile: Callable[[], None] | None = None,
) -> dict:
    aware(at)
    if not items or any(n < 1 for n in items.values()):
        raise ValueError("no items, or less than one of them")
    wish = {"customer": customer_id, "items": items}

    def work(connection):
        for known in rows(connection, "SELECT wish, answer FROM wishes WHERE key = :key", key=key):
            if known["wish"] != wish:
                raise ValueError("the key was used for another wish")
            return known["answer"]
        if not rows(connection, "SELECT 1 FROM customers WHERE customer_id = :id", id=customer_id):
            raise ValueError("no such customer")
        found = {}
        for sku in items:
            some = rows(connection, "SELECT price, stock FROM products WHERE sku = :sku", sku=sku)
            if not some:
                raise ValueError(f"no product {sku}")
            found[sku] = some[0]
            if meanwhile and len(found) == 1:
                meanwhile()
        missing = {sku: n - found[sku]["stock"] for sku, n in items.items() if found[sku]["stock"] < n}
        answer = {"order_id": None, "status": "refused", "total": 0, "missing": missing}
        if not missing:
            answer = sell(connection, customer_id, items, {sku: one["price"] for sku, one in found.items()}, at)
        connection.execute(
            text("INSERT INTO wishes VALUES (:key, CAST(:wish AS jsonb), CAST(:answer AS jsonb))"),
            {"key": key, "wish": json.dumps(wish), "answer": json.dumps(answer)},
        )
        return answer

    while True:
        try:
            return serialisable(db, work)
        except DBAPIError as error:
            if error.orig.sqlstate != "23505":  # another transaction with this key was faster
                raise


def sell(connection, customer_id, items, prices, at):
    total = sum(n * prices[sku] for sku, n in items.items())
    order = rows(
        connection,
        "INSERT INTO orders (customer_id, ordered_at, status, total) VALUES (:who, :at, 'placed', :total)"
        " RETURNING order_id",
        who=customer_id, at=at, total=total,
    )[0]["order_id"]  # fmt: skip
    for line, (sku, n) in enumerate(items.items(), 1):
        connection.execute(
            text("INSERT INTO order_items VALUES (:order, :line, :sku, :n, :price)"),
            {"order": order, "line": line, "sku": sku, "n": n, "price": prices[sku]},
        )
    for sku, n in sorted(items.items()):
        move(connection, sku, -n, "order", order, at)
    return {"order_id": order, "status": "placed", "total": total, "missing": {}}


def move(connection, sku, n, reason, order, at):
    given = {"sku": sku, "n": n, "reason": reason, "order": order, "at": at}
    connection.execute(text("UPDATE products SET stock = stock + :n WHERE sku = :sku"), given)
    connection.execute(
        text("INSERT INTO stock_moves (sku, quantity, reason, order_id, at) VALUES (:sku, :n, :reason, :order, :at)"),
        given,
    )


def order_of(connection, order_id):
    found = rows(connection, "SELECT status, total FROM orders WHERE order_id = :id", id=order_id)
    if not found:
        raise ValueError("no such order")
    return found[0]


def pay(db: PostgresHandle, order_id: int, provider_ref: str, amount: int, at: datetime) -> str:
    aware(at)
    if amount < 1:
        raise ValueError("no amount")

    def work(connection):
        order = order_of(connection, order_id)
        query = "SELECT order_id, amount FROM payments WHERE provider_ref = :ref"
        for known in rows(connection, query, ref=provider_ref):
            if known != {"order_id": order_id, "amount": amount}:
                raise ValueError("the bank has used this number for another payment")
            return order["status"]
        if order["status"] == "cancelled":
            raise ValueError("cancelled")
        connection.execute(
            text("INSERT INTO payments VALUES (:ref, :id, :amount, :at)"),
            {"ref": provider_ref, "id": order_id, "amount": amount, "at": at},
        )
        amounts = [
            row["amount"] for row in rows(connection, "SELECT amount FROM payments WHERE order_id = :id", id=order_id)
        ]
        if order["status"] == "placed" and sum(amounts) >= order["total"]:
            connection.execute(text("UPDATE orders SET status = 'paid' WHERE order_id = :id"), {"id": order_id})
            return "paid"
        return order["status"]

    return serialisable(db, work)


def cancel_order(db: PostgresHandle, order_id: int, at: datetime) -> bool:
    aware(at)

    def work(connection):
        status = order_of(connection, order_id)["status"]
        if status == "shipped":
            raise ValueError("shipped")
        if status == "cancelled":
            return False
        connection.execute(text("UPDATE orders SET status = 'cancelled' WHERE order_id = :id"), {"id": order_id})
        back = defaultdict(int)
        for row in rows(connection, "SELECT sku, quantity FROM stock_moves WHERE order_id = :id", id=order_id):
            back[row["sku"]] -= row["quantity"]
        for sku in sorted(back):
            move(connection, sku, back[sku], "cancel", order_id, at)
        return True

    return serialisable(db, work)


LINES = """
    SELECT o.order_id, o.ordered_at, p.category, l.quantity, l.unit_price
    FROM orders AS o JOIN order_items AS l USING (order_id) JOIN products AS p USING (sku)
    WHERE o.status <> 'cancelled'"""


def lines_of(connection):
    return [
        (row["ordered_at"].astimezone(SHOP).date(), row["category"] or "unknown", row["order_id"], row["quantity"],
         row["quantity"] * row["unit_price"])
        for row in rows(connection, LINES)
    ]  # fmt: skip


def measures(lines):
    return {
        "orders": len({line[2] for line in lines}),
        "units": sum(line[3] for line in lines),
        "revenue": sum(line[4] for line in lines),
    }


def refresh_report(db: PostgresHandle, meanwhile: Callable[[], None] | None = None) -> int:
    def work(connection):
        lines = lines_of(connection)
        if meanwhile:
            meanwhile()
        groups = defaultdict(list)
        for line in lines:
            groups[line[:2]].append(line)
        truth = {key: {"day": key[0], "category": key[1]} | measures(some) for key, some in groups.items()}
        old = {(row["day"], row["category"]): row for row in rows(connection, "SELECT * FROM report_daily")}
        for key in old.keys() | truth.keys():
            if old.get(key) != truth.get(key):
                given = {"day": key[0], "category": key[1]}
                connection.execute(text("DELETE FROM report_daily WHERE day = :day AND category = :category"), given)
                if key in truth:
                    connection.execute(
                        text("INSERT INTO report_daily (day, category, orders, units, revenue)"
                             " VALUES (:day, :category, :orders, :units, :revenue)"), truth[key]
                    )  # fmt: skip
        return len(truth)

    return serialisable(db, work)


def revenue_report(db: PostgresHandle, first: date, last: date) -> list[dict]:
    if first > last:
        raise ValueError("the last day is before the first")
    lines = [line for line in serialisable(db, lines_of) if first <= line[0] <= last]
    report, day = [], first
    while day <= last:
        today = [line for line in lines if line[0] == day]
        for category in sorted({line[1] for line in today}):
            some = [line for line in today if line[1] == category]
            report.append({"level": "category", "day": day, "category": category, **measures(some)})
        report.append({"level": "day", "day": day, "category": None, **measures(today)})
        day += timedelta(days=1)
    return [*report, {"level": "total", "day": None, "category": None, **measures(lines)}]


def retention(db: PostgresHandle, first_month: date, months: int) -> list[dict]:
    query = "SELECT customer_id, ordered_at FROM orders WHERE status <> 'cancelled'"
    active = defaultdict(set)
    for row in serialisable(db, lambda connection: rows(connection, query)):
        local = row["ordered_at"].astimezone(SHOP)
        active[row["customer_id"]].add(local.year * 12 + local.month - 1)
    start = first_month.year * 12 + first_month.month - 1
    report = []
    for month in range(start, start + months):
        members = [some for some in active.values() if min(some) == month]
        counts = [sum(month + k in some for some in members) for k in range(months)]
        report.append({"cohort": date(month // 12, month % 12 + 1, 1), "size": len(members), "active": counts})
    return report
