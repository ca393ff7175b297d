import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from grader.compare import Place, show
from grader.datasets import shop_import
from grader.datasets.shop import NASTY, shop
from grader.datasets.shop_import import FAULTS, Known, ShopFiles, shop_files
from grader.expect import Mismatch, raises, same

NOON = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
SHOP = timedelta(hours=7)
TYPES = {
    "customers": {
        "customer_id": "bigint", "email": "text", "name": "text", "city": "text", "created_at": "timestamptz",
    },
    "products": {"sku": "text", "name": "text", "category": "text", "price": "bigint", "stock": "count"},
    "orders": {
        "order_id": "bigint", "customer_id": "bigint", "ordered_at": "timestamptz", "status": "text", "total": "bigint",
    },
    "order_items": {
        "order_id": "bigint", "line": "count", "sku": "text", "quantity": "count", "unit_price": "bigint",
    },
    "payments": {"provider_ref": "text", "order_id": "bigint", "amount": "bigint", "paid_at": "timestamptz"},
    "stock_moves": {
        "move_id": "bigint", "sku": "text", "quantity": "count", "reason": "text", "order_id": "bigint",
        "at": "timestamptz",
    },
    "import_rejects": {"file": "text", "record": "count", "reason": "text", "raw": "jsonb"},
    "report_daily": {"day": "date", "category": "text", "orders": "count", "units": "count", "revenue": "bigint"},
}  # fmt: skip
KEYS = {
    "customers": ("customer_id",), "products": ("sku",), "orders": ("order_id",), "order_items": ("order_id", "line"),
    "payments": ("provider_ref",), "stock_moves": ("move_id",), "import_rejects": ("file", "record"),
    "report_daily": ("day", "category"),
}  # fmt: skip
NULLABLE = {("products", "category"), ("stock_moves", "order_id")}


# What the test itself writes: plain SQL on the tables that were agreed, whole orders in one transaction


def put(session, table, rows):
    """Adds rows, as another program would."""
    if not rows:
        return
    columns = [*rows[0]]
    arrays = ", ".join(f"%s::{TYPES[table][column].replace('count', 'bigint')}[]" for column in columns)
    insert = f"INSERT INTO {{{table}}} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"
    outcome = session.do(insert, *([row[column] for row in rows] for column in columns))
    fine = outcome == "done"
    assert fine, f"the database must take good rows of {table}, such as {show(rows[0])}; it said {outcome}"


@contextmanager
def writing(postgres):
    """A transaction of another program, which must be taken."""
    with postgres.session() as session:
        yield session
        outcome = session.commit()
        fine = outcome == "done"
        assert fine, f"the database must take whole orders of other programs; at their commit: {outcome}"


def open_shop(student, postgres, products, buyers=3):
    """The tables, customers 1, 2, …, and products {sku: (price, stock)} or {sku: (price, stock, category)}."""
    student.create_schema(postgres)
    with writing(postgres) as session:
        put(session, "customers", [customer(number) for number in range(1, buyers + 1)])
        put(session, "products", [product(sku, *facts) for sku, facts in products.items()])
        put(session, "stock_moves", [opening(sku, facts[1]) for sku, facts in products.items() if facts[1]])


def customer(number):
    name = NASTY[number % len(NASTY)]
    return {"customer_id": number, "email": f"c{number}@mail.vn", "name": name, "city": "Huế", "created_at": NOON}


def product(sku, price, stock, category="tea"):
    return {"sku": sku, "name": f"{sku} {NASTY[0]}", "category": category, "price": price, "stock": stock}


def opening(sku, quantity):
    return {"sku": sku, "quantity": quantity, "reason": "opening", "order_id": None, "at": NOON}


def put_orders(session, orders):
    """Adds orders of history: (order_id, customer_id, ordered_at, status, [(sku, quantity, unit_price), …])."""
    names = ("order_id", "customer_id", "ordered_at", "status")
    put(session, "orders", [
        dict(zip(names, order, strict=False)) | {"total": sum(n * each for _, n, each in order[4])} for order in orders
    ])  # fmt: skip
    put(session, "order_items", [
        {"order_id": order[0], "line": line, "sku": sku, "quantity": n, "unit_price": each}
        for order in orders for line, (sku, n, each) in enumerate(order[4], 1)
    ])  # fmt: skip


def key_of(table):
    """ORDER BY of a table's key, text as Python sorts it."""
    return ", ".join(f'{column} COLLATE "C"' if TYPES[table][column] == "text" else column for column in KEYS[table])


def table_of(postgres, table, columns=None):
    """All rows of a table in the order of its key."""
    return postgres.rows(f"SELECT {', '.join(columns or TYPES[table])} FROM {{{table}}} ORDER BY {key_of(table)}")


def everything(postgres):
    """All rows of all tables, as JSON: to see that nothing has changed."""
    found = postgres.rows(" UNION ALL ".join(
        f"SELECT '{table}' AS name, coalesce((SELECT jsonb_agg(to_jsonb(t) ORDER BY {key_of(table)})"
        f" FROM (SELECT {', '.join(columns)} FROM {{{table}}}) AS t), '[]') AS rows"
        for table, columns in TYPES.items()
    ))  # fmt: skip
    return {row["name"]: row["rows"] for row in found}


def check_unchanged(postgres, before, when):
    """All tables are as they were."""
    after = everything(postgres)
    for table in TYPES:
        same(len(after[table]), len(before[table]), what=f"number of rows of {table} {when}")
    for table in TYPES:
        same(after[table], before[table], what=f"table {table} {when}")


def stocks(postgres):
    return {row["sku"]: row["stock"] for row in table_of(postgres, "products")}


def check_ledger(postgres):
    """For each product, stock is the sum of its moves."""
    found = postgres.rows(
        "SELECT p.sku, p.stock, (SELECT coalesce(sum(m.quantity), 0)::bigint FROM {stock_moves} AS m"
        " WHERE m.sku = p.sku) AS moved FROM {products} AS p ORDER BY p.sku"
    )
    for row in found:
        same(row["stock"], row["moved"], what=f"the stock of {row['sku']}, which is the sum of its moves")


# create_schema


def columns_of(postgres):
    """{table: {column: type}} of the ordinary tables; of a domain the type below it."""
    found = {}
    for row in postgres.rows(
        "SELECT c.relname, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL) AS type"
        " FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        " JOIN pg_type AS t ON t.oid = a.atttypid"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1, a.attnum"
    ):
        found.setdefault(row["relname"], {})[row["attname"]] = row["type"]
    return found


@pytest.mark.points(2, of="create_schema")
def test_the_tables_are_those_that_were_agreed(student, postgres):
    """Others write their programs against these names and types."""
    student.create_schema(postgres)
    allowed = {
        "bigint": {"bigint"}, "timestamptz": {"timestamp with time zone"}, "date": {"date"}, "jsonb": {"jsonb"},
        "count": {"integer", "bigint"}, "text": {"text", "citext", "character varying"},
    }  # fmt: skip
    found = columns_of(postgres)
    for table, columns in TYPES.items():
        assert table in found, f"there is no table {table}"
        for column, kind in columns.items():
            got = found[table].get(column, "not there")
            wanted = "integer or bigint" if kind == "count" else kind
            assert got in allowed[kind], f"{table}.{column} is {got}; expected {wanted}"


@pytest.mark.points(2, of="create_schema")
def test_every_table_and_every_column_has_a_comment(student, postgres):
    """Who reads "total" in three years must not have to guess whether it is with shipping."""
    student.create_schema(postgres)
    found = postgres.rows(
        "SELECT c.relname || coalesce('.' || a.attname, '') AS what FROM pg_class AS c"
        " LEFT JOIN LATERAL (SELECT attname, attnum FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0"
        " AND NOT attisdropped UNION ALL SELECT NULL, 0) AS a ON true"
        " LEFT JOIN pg_description AS d ON d.objoid = c.oid AND d.objsubid = a.attnum"
        " AND d.classoid = 'pg_class'::regclass WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND coalesce(btrim(d.description), '') = '' ORDER BY 1"
    )
    tables = columns_of(postgres)
    assert tables.keys() >= TYPES.keys(), "there are no tables that could have comments"
    same([row["what"] for row in found], [], what="tables and columns without a comment")


@pytest.mark.points(2, of="create_schema")
def test_every_foreign_key_has_an_index(student, postgres):
    """Without it, each deleted parent, and each search from it, reads the whole table of the children."""
    student.create_schema(postgres)
    found = postgres.rows(
        "SELECT t.relname AS child, p.relname AS parent, array(SELECT attname::text FROM pg_attribute"
        " WHERE attrelid = t.oid AND attnum = ANY (c.conkey) ORDER BY attnum) AS columns, EXISTS ("
        " SELECT FROM pg_index AS i WHERE i.indrelid = t.oid AND i.indisvalid AND i.indpred IS NULL"
        " AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey"
        " AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] <@ c.conkey) AS indexed"
        " FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_class AS p ON p.oid = c.confrelid"
        " WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition ORDER BY 1, 2"
    )
    there = {(row["child"], *row["columns"], row["parent"]) for row in found}
    parents = {"customer_id": "customers", "order_id": "orders", "sku": "products"}
    for table in ("orders", "order_items", "payments", "stock_moves"):
        for column, parent in parents.items():
            if column in TYPES[table] and table != parent:
                assert (table, column, parent) in there, f"{table}.{column} has no foreign key to {parent}"
    bare = [f"{row['child']}({', '.join(row['columns'])})" for row in found if not row["indexed"]]
    same(bare, [], what="foreign keys that no index begins with")


CATALOGUE = {
    "columns": "SELECT attrelid::regclass::text AS t, attname, format_type(atttypid, atttypmod) AS type, attnotnull"
    " FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace"
    " AND attnum > 0 AND relkind IN ('r', 'p', 'v', 'm', 'i', 'S') ORDER BY 1, attnum",
    "constraints": "SELECT conrelid::regclass::text AS t, conname, pg_get_constraintdef(oid) AS says FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "indexes": "SELECT pg_get_indexdef(indexrelid) AS says FROM pg_index JOIN pg_class AS c ON c.oid = indrelid"
    " WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1",
    "triggers": "SELECT pg_get_triggerdef(g.oid) AS says, tgenabled::text FROM pg_trigger AS g JOIN pg_class AS c"
    " ON c.oid = tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT tgisinternal ORDER BY 1",
    "comments": "SELECT objoid::regclass::text AS t, objsubid, description FROM pg_description JOIN pg_class AS c"
    " ON c.oid = objoid WHERE classoid = 'pg_class'::regclass AND relnamespace = 'public'::regnamespace ORDER BY 1, 2",
}


@pytest.mark.points(2, of="create_schema")
def test_a_second_create_schema_changes_nothing(student, postgres, rng):
    """It runs with each start of the program, on the tables that hold the orders of ten years."""
    open_shop(student, postgres, {"TEA-1": (45_000, 7), "TEA-2": (rng.randrange(1, 90) * 1000, 0)})
    with writing(postgres) as session:
        put_orders(session, [(1, 2, NOON, "shipped", [("TEA-1", 2, 40_000)])])
    rows = everything(postgres)
    before = {what: postgres.rows(sql) for what, sql in CATALOGUE.items()}
    student.create_schema(postgres)
    after = {what: postgres.rows(sql) for what, sql in CATALOGUE.items()}
    for what in CATALOGUE:
        same(after[what], before[what], what=f"{what} after the second create_schema")
    check_unchanged(postgres, rows, "after the second create_schema")
    same(rows["orders"][0]["total"], 80_000, what="total of the order that is there")


def small_shop(student, postgres):
    """Order 1 with a line, a move and a payment; order 2, of customer 2, from times before the ledger; and the rest."""
    open_shop(student, postgres, {"TEA-1": (45_000, 7), "TEA-2": (90_000, 3), "TEA-3": (1000, 0)}, buyers=4)
    with writing(postgres) as session:
        put_orders(session, [(2, 2, NOON, "paid", [("TEA-3", 1, 1000)])])
        put(
            session,
            "orders",
            [{"order_id": 1, "customer_id": 1, "ordered_at": NOON, "status": "placed", "total": 45_000}],
        )
        put(session, "order_items", [{"order_id": 1, "line": 1, "sku": "TEA-1", "quantity": 1, "unit_price": 45_000}])
        put(session, "stock_moves", [{"sku": "TEA-1", "quantity": -1, "reason": "order", "order_id": 1, "at": NOON}])
        outcome = session.do("UPDATE {products} SET stock = stock - 1 WHERE sku = 'TEA-1'")
        assert outcome == "done", f"the database must let another program change the stock; it said {outcome}"
        put(session, "payments", [{"provider_ref": "P-1", "order_id": 1, "amount": 1000, "paid_at": NOON}])
        day = {"day": date(2026, 3, 10), "category": "tea", "orders": 1, "units": 1, "revenue": 45_000}
        put(session, "report_daily", [day])
        put(session, "import_rejects", [{"file": "orders.csv", "record": 1, "reason": "total: no", "raw": "{}"}])


def shown_sql(sql, params):
    """A statement for the student to try."""
    plain = sql.replace("{", "").replace("}", "").replace(":any", "").replace("public.", "")
    return plain + (f"  with {show(params)}" if params else "")


@contextmanager
def refusing(postgres):
    """check(what, sql, *params) fails unless the database refuses this change; deferred constraints speak at once."""
    with postgres.session() as session:
        session.do("SET CONSTRAINTS ALL IMMEDIATE")

        def check(what, sql, *params):
            outcome = session.do(sql, *params)
            refused, said = outcome.startswith("refused"), "took it" if outcome == "done" else f"said {outcome}"
            assert refused, f"the database must refuse {what}; it {said}: {shown_sql(sql, params)}"

        yield check


def check_taken(postgres, what, *statements):
    with postgres.session() as session:
        for sql, *params in (*statements, ("SET CONSTRAINTS ALL IMMEDIATE",)):
            outcome = session.do(sql, *params)
            fine = outcome == "done"
            assert fine, f"the database must take {what}; it said {outcome} to: {shown_sql(sql, params)}"


ORDER = "INSERT INTO {orders} (customer_id, ordered_at, status, total) VALUES (%s, %s, %s, %s)"
OLD_ORDER = "INSERT INTO {orders} (order_id, customer_id, ordered_at, status, total) VALUES (88, %s, %s, %s, %s)"
MOVE = "INSERT INTO {stock_moves} (sku, quantity, reason, order_id, at) VALUES (%s, %s, %s, %s, %s)"


@pytest.mark.points(2, of="create_schema")
def test_the_database_refuses_values_that_break_a_rule(student, postgres):
    """A check in the program holds until somebody opens psql."""
    small_shop(student, postgres)
    goods = "INSERT INTO {products} (sku, name, category, price, stock) VALUES (%s, %s, %s, %s, 0)"
    check_taken(postgres, "a product without category, for nothing", (goods, "X-1", "Bag", None, 0))
    check_taken(postgres, "a product whose name has quotes", (goods, "X-1", NASTY[0], "kid's toys", 10**12))
    check_taken(postgres, "a second payment of an order", (
        "INSERT INTO {payments} (provider_ref, order_id, amount, paid_at) VALUES ('P-2', 1, 1, %s)", NOON,
    ))  # fmt: skip
    with refusing(postgres) as check:
        for column in ("price", "stock"):
            check(f"a {column} below 0", f"UPDATE {{products}} SET {column} = -1 WHERE sku = 'TEA-2'")
        check("a total below 0", "UPDATE {orders} SET total = -1")
        for column, value in (("unit_price", -1), ("quantity", 0), ("line", 0)):
            check(f"a {column} of {value}", f"UPDATE {{order_items}} SET {column} = {value}")
        check("an amount of 0", "UPDATE {payments} SET amount = 0")
        check("a move of 0", MOVE, "TEA-1", 0, "opening", None, NOON)
        check('the reason "gift"', MOVE, "TEA-1", 1, "gift", None, NOON)
        check('the status "lost"', OLD_ORDER, 1, NOON, "lost", 0)
        for table, column in (
            ("customers", "email"), ("customers", "name"), ("customers", "city"), ("products", "name"),
            ("products", "category"), ("payments", "provider_ref"),
        ):  # fmt: skip
            one = " WHERE customer_id = 3" if table == "customers" else ""
            for blank in ("", "  "):
                check(f"a blank {table}.{column}", f"UPDATE {{{table}}} SET {column} = %s{one}", blank)
        check("a blank sku", goods, " ", "Bag", None, 0)
        for table, columns in TYPES.items():
            for column in columns:
                if (table, column) not in NULLABLE and table != "stock_moves":
                    check(f"NULL in {table}.{column}", f"UPDATE {{{table}}} SET {column} = NULL")
        for place, column in enumerate(("sku", "quantity", "reason", "at")):
            values = ["TEA-1", 1, "opening", NOON]
            values[place] = None
            check(f"NULL in stock_moves.{column}", MOVE, *values[:3], None, values[3])


@pytest.mark.points(2, of="create_schema")
def test_the_database_refuses_second_keys_and_orphans(student, postgres):
    """Two customers with one e-mail are one customer who cannot log in."""
    student.create_schema(postgres)
    person = "INSERT INTO {customers} (email, name, city, created_at) VALUES (%s, 'Lan', 'Huế', %s)"
    check_taken(
        postgres, "a customer, an order and a move without ids",
        (person, "Other@Mail.vn", NOON), (person, "Another@Mail.vn", NOON),
        ("INSERT INTO {orders} (customer_id, ordered_at, status, total) SELECT max(customer_id), %s, 'placed', 0"
         " FROM {customers}", NOON),
    )  # fmt: skip
    small_shop(student, postgres)
    with refusing(postgres) as check:
        twin = "INSERT INTO {customers} (customer_id, email, name, city, created_at) VALUES (77, %s, 'Lan', 'Huế', %s)"
        check("the e-mail C1@Mail.VN beside c1@mail.vn", twin, "C1@Mail.VN", NOON)
        line = "INSERT INTO {order_items} (order_id, line, sku, quantity, unit_price) VALUES (%s, %s, %s, 1, 45000)"
        pay = "INSERT INTO {payments} (provider_ref, order_id, amount, paid_at) VALUES (%s, %s, 1, %s)"
        check("a second line 1 of an order", line, 1, 1, "TEA-2")
        check("a second payment with one provider_ref", pay, "P-1", 1, NOON)
        check("a second reject of one record", "INSERT INTO {import_rejects} SELECT * FROM {import_rejects}")
        check("a second report of a day and category", "INSERT INTO {report_daily} SELECT * FROM {report_daily}")
        check("a second customer 3", "UPDATE {customers} SET customer_id = 3 WHERE customer_id = 4")
        check("a second order 1", "INSERT INTO {orders} SELECT * FROM {orders}")
        check(
            "a second product TEA-2", "INSERT INTO {products} (sku, name, price, stock) VALUES ('TEA-2', 'Tea', 1, 0)"
        )
        check("an order of nobody", OLD_ORDER, 99, NOON, "placed", 0)
        check("a line of no order", line, 99, 1, "TEA-1")
        check("a line of no product", line, 1, 2, "TEA-9")
        check("a payment of no order", pay, "P-9", 99, NOON)
        check("a move of no product", MOVE, "TEA-9", 1, "opening", None, NOON)
        check("a move of no order", MOVE, "TEA-1", 1, "cancel", 99, NOON)
        for table, where in (
            ("customers", "customer_id = 2"),
            ("products", "sku = 'TEA-3'"),
            ("orders", "order_id = 2"),
        ):
            check(f"deleting from {table} what is in use", f"DELETE FROM {{{table}}} WHERE {where}")


@pytest.mark.points(2, of="create_schema")
def test_a_status_goes_its_way_and_never_back(student, postgres):
    """A shipped order that is placed again is sent twice."""
    open_shop(student, postgres, {"TEA-1": (45_000, 7)})
    steps = {("placed", "paid"), ("paid", "shipped"), ("placed", "cancelled"), ("paid", "cancelled")}
    statuses = ("placed", "paid", "shipped", "cancelled")
    with writing(postgres) as session:
        lines = [("TEA-1", 1, 45_000)]
        put_orders(session, [(number, 1, NOON, status, lines) for number, status in enumerate(statuses, 1)])
    update = "UPDATE {orders} SET status = %s WHERE order_id = %s"
    with refusing(postgres) as check:
        for number, old in enumerate(statuses, 1):
            for new in statuses:
                if old != new and (old, new) not in steps:
                    check(f"the step {old} -> {new}", update, new, number)
    numbers = {status: number for number, status in enumerate(statuses, 1)}
    for old, new in steps:
        check_taken(postgres, f"the step {old} -> {new}", (update, new, numbers[old]))
    same_again = [(update, status, number) for status, number in numbers.items()]
    check_taken(postgres, "an UPDATE that leaves the status as it is", *same_again)


@pytest.mark.points(1, of="create_schema")
def test_nobody_changes_the_ledger(student, postgres):
    """A ledger that can be changed proves nothing, and it is changed just when something is missing."""
    small_shop(student, postgres)
    before = table_of(postgres, "stock_moves")
    check_taken(postgres, "one more move and the stock with it", (
        MOVE, "TEA-2", 5, "opening", None, NOON), ("UPDATE {products} SET stock = stock + 5 WHERE sku = 'TEA-2'",
    ))  # fmt: skip
    with refusing(postgres) as check:
        check("UPDATE of stock_moves", "UPDATE {stock_moves} SET quantity = quantity + 1")
        check("DELETE from stock_moves", "DELETE FROM {stock_moves} WHERE reason = 'order'")
        check("TRUNCATE of stock_moves", "TRUNCATE {stock_moves:any}")
        check("TRUNCATE of products CASCADE", "TRUNCATE {products:any} CASCADE")
    same(table_of(postgres, "stock_moves"), before, what="stock_moves in the end")


# import_data


def shown(record):
    return show(record.cells)


def check_rejects(postgres, files, expected):
    """Each record that must be rejected is in import_rejects, with a column at fault and its fields; no others are."""
    found = {(row["file"], row["record"]): row for row in table_of(postgres, "import_rejects")}
    for file, fates in expected.items():
        for number, (record, fate) in enumerate(zip(files.records[file], fates, strict=True), 1):
            reject = found.pop((file, number), None)
            what = f"record {number} of {file}, {shown(record)}"
            if fate.what != "rejected":
                assert reject is None, f"{what}: rejected ({reject and reject['reason']}); expected {fate.what}"
                continue
            wanted = " or ".join(f'"{column}: …"' for column in sorted(fate.columns))
            assert reject, f"{what}: it is not in import_rejects; expected it there with the reason {wanted}"
            column, colon, _ = reject["reason"].partition(":")
            if not colon or column not in fate.columns:
                raise Mismatch([Place(f"the reason of {what}", show(reject["reason"]), wanted)])
            raw = {name: text or "" for name, text in dict(reject["raw"]).items()}
            same(raw, record.cells, what=f"raw of {what}")
    assert not found, f"import_rejects holds more than the records of the files: {show(sorted(found)[:3])}"


def check_tables(postgres, files, expected, what="after the import"):
    """The tables hold what was loaded, and nothing else."""
    for file, columns in shop_import.COLUMNS.items():
        table = file.removesuffix(".csv")
        rows = sorted(shop_import.rows(files, expected, file), key=lambda row: [row[c] for c in KEYS[table]])
        same(table_of(postgres, table, columns), rows, what=f"table {table} {what}")


def import_shop(student, postgres, inbox, rng, faults, **size):
    """Writes files with these faults and imports them: (files, truth, what import_data returned)."""
    student.create_schema(postgres)
    files = shop_files(rng, faults=faults, **size)
    shop_import.write(files, inbox, rng)
    return files, shop_import.fates(files), student.import_data(postgres, inbox)


@pytest.mark.points(2, of="import_data")
def test_sound_files_come_in_whole(student, postgres, inbox, rng):
    """Marks at the start of a file, line breaks in a name, columns in another order: all of this is CSV."""
    files, expected, report = import_shop(student, postgres, inbox, rng, {}, buyers=30, goods=20, sales=40)
    same(report, shop_import.counts(expected), what="the report of files without faults")
    check_tables(postgres, files, expected)
    same(postgres.count("import_rejects"), 0, what="rejects of files without faults")


@pytest.mark.points(3, of="import_data")
def test_every_record_is_accounted_for(student, postgres, inbox, rng):
    """What is neither loaded nor rejected was lost, and nobody will ever know."""
    files, expected, report = import_shop(student, postgres, inbox, rng, FAULTS, buyers=90, goods=90, sales=260)
    check_rejects(postgres, files, expected)
    same(report, shop_import.counts(expected), what="the report")
    check_tables(postgres, files, expected)


@pytest.mark.points(3, of="import_data")
def test_what_refers_to_a_rejected_row_is_rejected_with_it(student, postgres, inbox, rng):
    """Half an order is worse than none: somebody ships it."""
    faults = {
        "created_at_unreadable": 2, "email_taken": 1, "price_unreadable": 1, "customer_unknown": 1,
        "line_of_no_order": 1, "line_of_no_product": 1, "payment_of_no_order": 1,
    }  # fmt: skip
    files, expected, report = import_shop(student, postgres, inbox, rng, faults, buyers=12, goods=30, sales=60)
    check_rejects(postgres, files, expected)
    same(report, shop_import.counts(expected), what="the report")
    check_tables(postgres, files, expected)


@pytest.mark.points(2, of="import_data")
def test_an_order_is_what_its_lines_add_up_to(student, postgres, inbox, rng):
    """A total that nobody can explain is found by the auditor, if not by you."""
    faults = {"total_wrong": 3, "order_without_lines": 2, "quantity_unreadable": 2, "line_twice": 2}
    files, expected, report = import_shop(student, postgres, inbox, rng, faults, buyers=10, goods=20, sales=40)
    check_rejects(postgres, files, expected)
    same(report["orders.csv"], shop_import.counts(expected)["orders.csv"], what='the report of "orders.csv"')
    check_tables(postgres, files, expected)


@pytest.mark.points(2, of="import_data")
def test_the_same_folder_again_changes_nothing(student, postgres, inbox, rng):
    """The import died, or did it? Run it again and sleep."""
    _, expected, first = import_shop(student, postgres, inbox, rng, FAULTS, buyers=60, goods=80, sales=150)
    before = everything(postgres)
    second = student.import_data(postgres, inbox)
    for file, counted in first.items():
        wanted = counted | {"loaded": 0, "unchanged": counted["loaded"]}
        same(second[file], wanted, what=f'the second report of "{file}"')
    same(first, shop_import.counts(expected), what="the first report")
    check_unchanged(postgres, before, "after the second import")


def later_files(rng, files, expected):
    """The files of the next day: most of what was loaded again, changed or broken, and more lines for old orders."""
    said = {
        "customers.csv": {"name": "Another name", "email": "another{}@mail.vn"},
        "products.csv": {"price": "1", "stock": "many"},
        "orders.csv": {"status": "lost", "total": "5"},
        "order_items.csv": {"quantity": "99"},
        "payments.csv": {"amount": "-7"},
    }
    later = ShopFiles({})
    for file, records in files.records.items():
        there = [r for r, fate in zip(records, expected[file], strict=True) if fate.what == "loaded"]
        chosen = rng.sample(there, len(there) // 2)
        later.records[file] = [
            r._replace(cells=r.cells | {c: text.format(n) for c, text in said[file].items()})
            for n, r in enumerate(chosen)
        ]
    for record in rng.sample(later.records["order_items.csv"], 3):
        more = record.values | {"line": 77}
        later.records["order_items.csv"].append(shop_import.record(rng, more))
    return later


@pytest.mark.points(2, of="import_data")
def test_history_is_not_rewritten(student, postgres, inbox, rng):
    """An export of yesterday must not undo what happened today."""
    files, expected, report = import_shop(student, postgres, inbox, rng, {}, buyers=12, goods=15, sales=30)
    same(report, shop_import.counts(expected), what="the first report")
    later = later_files(rng, files, expected)
    known = Known({f: {r.key(f) for r in files.records[f]} for f in files.records})
    known.emails = {record.values["email"].lower() for record in files.records["customers.csv"]}
    clash = known_email(rng, files)
    later.records["customers.csv"].append(clash)
    shop_import.write(later, inbox, rng)
    second = student.import_data(postgres, inbox)
    fates = shop_import.fates(without_new_emails(later, clash), known)
    check_rejects(postgres, later, fates)
    same(second, shop_import.counts(fates), what="the report of files that say something else of known rows")
    check_tables(postgres, files, expected, "after an import that knows less")


def known_email(rng, files):
    """A new customer with the e-mail of one in the database."""
    old = rng.choice(files.records["customers.csv"]).values
    return shop_import.record(rng, old | {"customer_id": 400_000, "email": old["email"].upper()})


def without_new_emails(later, clash):
    """The values of known customers do not matter: their e-mails are those of the database, but for the last."""
    people = [replace_email(r) for r in later.records["customers.csv"] if r is not clash]
    return replace(later, records=later.records | {"customers.csv": [*people, clash]})


def replace_email(record):
    return record._replace(values=record.values | {"email": record.cells["email"]})


@pytest.mark.points(2, of="import_data")
def test_a_failed_import_leaves_nothing(student, postgres, inbox, rng):
    """A rerun must not have to ask how far the last one came."""
    student.create_schema(postgres)
    files = shop_files(rng, faults={}, buyers=10, goods=12, sales=20)
    shop_import.write(files, inbox, rng)
    payments = inbox / "payments.csv"
    whole = payments.read_bytes()
    empty = everything(postgres)
    payments.unlink()
    with raises(FileNotFoundError, ["payments.csv"], what="import_data without payments.csv"):
        student.import_data(postgres, inbox)
    check_unchanged(postgres, empty, "after an import without payments.csv")
    header, _, rest = whole.partition(b"\n")
    for broken, what in (
        (whole + b"VNP-9,1,50000,2026-03-01T09:00:00Z \xff\n", "a payments.csv that is not UTF-8 at its end"),
        (header.replace(b"amount", b"sum") + b"\n" + rest, "a payments.csv without the column amount"),
    ):
        payments.write_bytes(broken)
        with raises(ValueError, ["payments.csv"], what=what):
            student.import_data(postgres, inbox)
        check_unchanged(postgres, empty, f"after {what}")
    payments.write_bytes(whole)
    report = student.import_data(postgres, inbox)
    same(report, shop_import.counts(shop_import.fates(files)), what="the report once the file was mended")


@pytest.mark.points(1, of="import_data")
def test_ids_after_an_import_are_new_ones(student, postgres, inbox, rng):
    """Ids that come from a file do not move the counter of an identity column; the first new order finds out."""
    files, expected, _ = import_shop(student, postgres, inbox, rng, {}, buyers=10, goods=12, sales=20)
    check_tables(postgres, files, expected)
    with postgres.session() as session:
        insert = "INSERT INTO {customers} (email, name, city, created_at) VALUES ('new@mail.vn', 'Lan', 'Huế', %s)"
        same(session.do(insert, NOON), "done", what="a new customer after the import, without customer_id")
        line = "INSERT INTO {order_items} (order_id, line, sku, quantity, unit_price) SELECT max(order_id), 1, %s, 1, 0"
        for number in range(3):
            same(session.do(ORDER, 1, NOON, "placed", 0), "done", what=f"new order {number + 1} without order_id")
            sku = files.records["products.csv"][0].values["sku"]
            session.do(f"{line} FROM {{orders}}", sku)
        same(session.commit(), "done", what="commit of new orders")
    same(postgres.count("orders"), len(expected["orders.csv"]) + 3, what="orders after three new ones")


@pytest.mark.points(1, of="import_data")
def test_new_stock_enters_the_ledger_once(student, postgres, inbox, rng):
    """A stock that no move explains cannot be checked against anything."""
    files, expected, _ = import_shop(student, postgres, inbox, rng, {"sku_twice": 2}, buyers=8, goods=25, sales=20)
    student.import_data(postgres, inbox)
    moves = postgres.rows('SELECT sku, quantity, reason, order_id FROM {stock_moves} ORDER BY sku COLLATE "C"')
    goods = sorted(shop_import.rows(files, expected, "products.csv"), key=lambda row: row["sku"])
    wanted = [
        {"sku": row["sku"], "quantity": row["stock"], "reason": "opening", "order_id": None}
        for row in goods
        if row["stock"]
    ]
    same(moves, wanted, what="stock_moves after two imports of products and orders")


@pytest.mark.deadline(40)
@pytest.mark.points(2, of="import_data")
def test_fifty_thousand_records_come_in_sets(student, postgres, inbox, rng):
    """One INSERT for each record is a round trip for each record: a night instead of a minute."""
    student.create_schema(postgres)
    files = shop_files(rng, faults={}, buyers=2000, goods=500, sales=11_000)
    shop_import.write(files, inbox, rng)
    with postgres.counted() as used:
        report = student.import_data(postgres, inbox)
    for file, records in files.records.items():
        wanted = {"read": len(records), "loaded": len(records), "unchanged": 0, "rejected": 0}
        same(report[file], wanted, what=f'the report of "{file}"')
    for table in ("orders", "order_items"):
        same(postgres.count(table), len(files.records[f"{table}.csv"]), what=f"rows of {table}")
    assert used.statements <= 200, f"the import took {used.statements} statements; expected at most 200"


# place_order


def order_of(postgres, order_id):
    """An order as it is in the database."""
    order = postgres.rows("SELECT customer_id, ordered_at, status, total FROM {orders} WHERE order_id = %s", order_id)
    lines = postgres.rows(
        "SELECT line, sku, quantity, unit_price FROM {order_items} WHERE order_id = %s ORDER BY line", order_id
    )
    moves = postgres.rows(
        'SELECT sku, quantity, reason, at FROM {stock_moves} WHERE order_id = %s ORDER BY move_id, sku COLLATE "C"',
        order_id,
    )
    return {"order": order, "lines": lines, "moves": sorted(moves, key=lambda row: (row["reason"], row["sku"]))}


def placed(order_id, total):
    return {"order_id": order_id, "status": "placed", "total": total, "missing": {}}


def refused(**missing):
    return {"order_id": None, "status": "refused", "total": 0, "missing": missing}


def check_placed(answer, total, what):
    """The answer is that of a placed order; returns its id."""
    order_id = answer.get("order_id")
    assert type(order_id) is int, f"{what}: got {show(answer)}; expected a placed order with an int as order_id"
    same(answer, placed(order_id, total), what=what)
    return order_id


@pytest.mark.points(3, of="place_order")
def test_an_order_its_lines_its_moves_and_the_stock_agree(student, postgres, rng):
    """Four tables tell one story, or four."""
    prices = [rng.randrange(9, 900) * 1000 for _ in range(3)]
    open_shop(student, postgres, {"B": (prices[0], 10), "A": (prices[1], 5), "C": (prices[2], 9)})
    at = NOON + timedelta(seconds=rng.randrange(86400))
    items = {"B": 3, "A": 5}
    total = 3 * prices[0] + 5 * prices[1]
    answer = student.place_order(postgres, "key '1'", 2, items, at)
    order_id = check_placed(answer, total, f"the answer to {items}")
    found = order_of(postgres, order_id)
    wanted = [{"customer_id": 2, "ordered_at": at, "status": "placed", "total": total}]
    same(found["order"], wanted, what="the row of orders")
    same(found["lines"], [
        {"line": 1, "sku": "B", "quantity": 3, "unit_price": prices[0]},
        {"line": 2, "sku": "A", "quantity": 5, "unit_price": prices[1]},
    ], what="the lines of the order")  # fmt: skip
    moves = [{"sku": sku, "quantity": -items[sku], "reason": "order", "at": at} for sku in ("A", "B")]
    same(found["moves"], moves, what="the moves of the order")
    same(stocks(postgres), {"A": 0, "B": 7, "C": 9}, what="the stock after it")
    again = student.place_order(postgres, "key 2", 2, {"C": 1}, at)
    assert check_placed(again, prices[2], "the answer to a second order") != order_id, "two orders got one order_id"


@pytest.mark.points(2, of="place_order")
def test_all_items_or_none(student, postgres, rng):
    """Who orders a tent and its poles does not want the poles."""
    stock = rng.randrange(2, 9)
    open_shop(student, postgres, {"A": (1000, 50), "B": (2000, stock), "C": (3000, 0)})
    before = everything(postgres)
    for items, missing in (
        ({"C": 1}, {"C": 1}),
        ({"A": 1, "B": stock + 2}, {"B": 2}),
        ({"C": 4, "A": 5, "B": stock + 1}, {"B": 1, "C": 4}),
    ):
        answer = student.place_order(postgres, f"key {items}", 1, items, NOON)
        same(answer, refused(**missing), what=f"the answer to {items} with 50 A, {stock} B, no C")
        check_unchanged(postgres, before, f"after the refused order {items}")
    answer = student.place_order(postgres, "just enough", 1, {"A": 50, "B": stock}, NOON)
    check_placed(answer, 50_000 + 2000 * stock, "the answer to an order of all that there is")


@pytest.mark.points(3, of="place_order")
def test_the_same_key_is_the_same_order(student, postgres, rng):
    """The phone lost its net between request and answer, and asks again. The customer wants one tea pot."""
    open_shop(student, postgres, {"A": (rng.randrange(1, 90) * 1000, 9), "B": (5000, 2), "C": (5000, 1)})
    wish, other = {"A": 2, "B": 1}, {"A": 2, "C": 3}
    first = student.place_order(postgres, "k1", 1, wish, NOON)
    order_id = check_placed(first, stocks_price(postgres, "A") * 2 + 5000, f"the answer to {wish}")
    no = student.place_order(postgres, "k2", 2, other, NOON)
    same(no, refused(C=2), what=f"the answer to {other} with one C")
    with writing(postgres) as session:
        for sql in (
            "UPDATE {products} SET stock = stock + 100 WHERE sku = 'C'",
            "UPDATE {products} SET price = price + 1000",
            f"UPDATE {{orders}} SET status = 'cancelled' WHERE order_id = {order_id}",
        ):
            same(session.do(sql), "done", what=f"the test's own {sql}")
        put(session, "stock_moves", [opening("C", 100)])
    before = everything(postgres)
    student.restart()
    later = NOON + timedelta(days=1)
    known = "In a new process a known key gives the first answer"
    same(student.place_order(postgres, "k1", 1, wish, later), first, what=f"{known}. The answer to the second try")
    turned = dict(reversed(wish.items()))
    same(student.place_order(postgres, "k1", 1, turned, later), first, what=f"{known}. The answer to {turned}")
    same(
        student.place_order(postgres, "k2", 2, other, later), no, what=f"{known}, also after a refusal. The second try"
    )
    check_unchanged(postgres, before, "after known keys")


def stocks_price(postgres, sku):
    return postgres.value("SELECT price FROM {products} WHERE sku = %s", sku)


@pytest.mark.points(2, of="place_order")
def test_a_key_belongs_to_one_wish(student, postgres):
    """A key that is used for something else is a mistake of the app; an old answer would hide it."""
    open_shop(student, postgres, {"A": (1000, 9), "B": (2000, 0)})
    check_placed(student.place_order(postgres, "k1", 1, {"A": 1}, NOON), 1000, "the answer to one A")
    same(student.place_order(postgres, "k2", 1, {"B": 1}, NOON), refused(B=1), what="the answer to one B, of none")
    before = everything(postgres)
    for key, who, items in (("k1", 1, {"A": 2}), ("k1", 2, {"A": 1}), ("k1", 1, {"A": 1, "B": 1}), ("k2", 1, {"A": 1})):
        with raises(ValueError, what=f"the known key {key} for customer {who} and {items}"):
            student.place_order(postgres, key, who, items, NOON)
        check_unchanged(postgres, before, f"after the known key {key} with {items}")


@pytest.mark.points(2, of="place_order")
def test_a_wrong_wish_changes_nothing_and_uses_up_no_key(student, postgres):
    """The app mends the wish and sends it again, with the same key."""
    open_shop(student, postgres, {"A": (1000, 9)})
    before = everything(postgres)
    for what, who, items, at in (
        ("an unknown customer", 99, {"A": 1}, NOON),
        ("an unknown sku beside a known one", 1, {"A": 1, "a": 1}, NOON),
        ("an unknown sku of odd letters", 1, {NASTY[0]: 1}, NOON),
        ("the quantity 0", 1, {"A": 0}, NOON),
        ("a negative quantity", 1, {"A": -1}, NOON),
        ("no items", 1, {}, NOON),
        ("a naive time", 1, {"A": 1}, NOON.replace(tzinfo=None)),
    ):
        with raises(ValueError, what=what):
            student.place_order(postgres, "k", who, items, at)
        check_unchanged(postgres, before, f"after {what}")
    check_placed(student.place_order(postgres, "k", 1, {"A": 1}, NOON), 1000, "the answer to the mended wish")


BUY = (
    "WITH taken AS (UPDATE {products} SET stock = stock - %(n)s WHERE sku = %(sku)s AND stock >= %(n)s"
    " RETURNING sku, price), sold AS (INSERT INTO {orders} (customer_id, ordered_at, status, total)"
    " SELECT 3, %(at)s, 'placed', price * %(n)s FROM taken RETURNING order_id), lines AS ("
    " INSERT INTO {order_items} (order_id, line, sku, quantity, unit_price)"
    " SELECT order_id, 1, sku, %(n)s, price FROM sold, taken)"
    " INSERT INTO {stock_moves} (sku, quantity, reason, order_id, at)"
    " SELECT sku, -%(n)s, 'order', order_id, %(at)s FROM sold, taken"
)


class Rival:
    """Buys n of a product while the student's order is on its way, or right after it if he has to wait."""

    def __init__(self, postgres, sku, n):
        self.postgres, self.wish = postgres, {"sku": sku, "n": n, "at": NOON}
        self.outcomes = []

    def __call__(self):
        if not self.outcomes:
            with self.postgres.session() as session:
                self.outcomes.append(session.do(BUY, self.wish))
                if self.outcomes[0] == "done":
                    same(session.commit(), "done", what="the commit of another order")

    def after_all(self):
        assert self.outcomes, "place_order never called meanwhile"
        if self.outcomes[0] != "done":
            self.postgres.do(BUY, self.wish)


@pytest.mark.points(4, of="place_order")
def test_the_last_item_is_sold_once(student, postgres, rng):
    """Two customers saw "only one left" and pressed the button in the same second."""
    many = rng.randrange(5, 20)
    open_shop(student, postgres, {"A": (1000, 50), "B": (2000, 1), "C": (3000, many)})
    for items, sku, n, sold, left in (
        ({"B": 1}, "B", 1, 1, 0),  # one of the two gets it
        ({"C": 2}, "C", 3, 2, many - 5),  # enough for both
        ({"A": 1, "C": many - 5}, "C", 1, 1, None),  # all that is left, and a rival who wants one of it
    ):
        before = stocks(postgres)
        count = postgres.count("orders")
        rival = Rival(postgres, sku, n)
        answer = student.place_order(postgres, f"key {items}", 1, items, NOON, rival)
        rival.after_all()
        what = f"two orders at once, {items} and {n} {sku}, with {before[sku]} {sku} in stock:"
        same(postgres.count("orders") - count, sold, what=f"{what} orders placed")
        found = stocks(postgres)
        if left is not None:
            same(found[sku], left, what=f"{what} stock of {sku} left")
        mine = answer["order_id"] is not None
        same(answer["status"], "placed" if mine else "refused", what=f"{what} the answer's status")
        same(found["A"], before["A"] - (items.get("A", 0) if mine else 0), what=f"{what} stock of A left")
        check_ledger(postgres)


@pytest.mark.points(1, of="place_order")
def test_what_meanwhile_raises_undoes_the_order(student, postgres):
    """A server that stops in the middle must leave nothing behind, not even the key."""
    open_shop(student, postgres, {"A": (1000, 9), "B": (2000, 9)})
    before = everything(postgres)

    def stop():
        raise RuntimeError("the server is stopped")

    with raises(RuntimeError, ["the server is stopped"], what="what meanwhile raised"):
        student.place_order(postgres, "k", 1, {"A": 1, "B": 2}, NOON, stop)
    check_unchanged(postgres, before, "after it")
    answer = student.place_order(postgres, "k", 1, {"A": 1, "B": 2}, NOON)
    check_placed(answer, 5000, "the answer to the second try")
    same(stocks(postgres), {"A": 8, "B": 7}, what="the stock after the second try")


class Opposite:
    """Buys A and then B in one transaction, on a thread of its own, since it will have to wait."""

    def __init__(self, postgres, session):
        self.postgres, self.session, self.outcomes = postgres, session, []
        self.pid = session.rows("SELECT pg_backend_pid() AS pid")[0]["pid"]
        self.thread = threading.Thread(target=self.buy)

    def buy(self):
        for sku in ("A", "B"):
            for _ in range(20):  # it waits 200 ms each time, and keeps what it has got
                outcome = self.session.do(BUY, {"sku": sku, "n": 1, "at": NOON})
                if outcome != "blocked":
                    break
            self.outcomes.append(outcome)
        self.outcomes.append(self.session.commit())

    def __call__(self):
        """Comes back as soon as the thread waits for the student, or has bought all."""
        if self.thread.ident is None:
            self.thread.start()
            waits = "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted"
            while self.thread.is_alive() and not self.postgres.value(waits, self.pid):
                self.postgres.value("SELECT 1 FROM pg_sleep(0.005)")


@pytest.mark.points(2, of="place_order")
def test_opposite_baskets_do_not_wait_for_each_other(student, postgres):
    """She holds the tea and waits for the cup, he holds the cup and waits for the tea."""
    open_shop(student, postgres, {"A": (1000, 9), "B": (2000, 9)})
    with postgres.session() as session:
        other = Opposite(postgres, session)
        try:
            answer = student.place_order(postgres, "k", 1, {"B": 2, "A": 1}, NOON, other)
        finally:
            if other.thread.ident is not None:
                other.thread.join()
    assert other.outcomes, "place_order never called meanwhile"
    free = "refused 40P01" not in other.outcomes
    assert free, "deadlock: this order held B and waited for A, while another held A and waited for B"
    same(other.outcomes, ["done", "done", "done"], what="another order that takes A, then B, and commits")
    same(postgres.deadlocks(), 0, what="deadlocks that the database had to break")
    check_placed(answer, 5000, "the answer to {'B': 2, 'A': 1}")
    same(stocks(postgres), {"A": 7, "B": 6}, what="the stock after both orders")


@pytest.mark.points(1, of="place_order")
def test_a_later_price_does_not_change_an_old_order(student, postgres, rng):
    """The price paid is a fact of the order, the list price one of today."""
    old = rng.randrange(20, 90) * 1000
    open_shop(student, postgres, {"A": (old, 9)})
    first = check_placed(
        student.place_order(postgres, "k1", 1, {"A": 2}, NOON), 2 * old, "the answer before the change"
    )
    before = order_of(postgres, first)
    postgres.do("UPDATE {products} SET price = %s", old + 5000)
    answer = student.place_order(postgres, "k2", 1, {"A": 2}, NOON)
    check_placed(answer, 2 * old + 10_000, "the answer after the price went up by 5000")
    same(order_of(postgres, first), before, what="the old order after the price went up")


# pay


def order_for(student, postgres, total=90_000):
    """A placed order of one item; its id."""
    open_shop(student, postgres, {"A": (total, 9)})
    return check_placed(student.place_order(postgres, "k", 1, {"A": 1}, NOON), total, "the answer to one A")


@pytest.mark.points(2, of="pay")
def test_parts_add_up_and_a_repeated_delivery_counts_once(student, postgres, rng):
    """The bank says it twice, to be sure. The money came once."""
    total = 90_000
    part = rng.randrange(30, 44) * 1000
    order = order_for(student, postgres, total)
    later = NOON + timedelta(hours=1)
    same(student.pay(postgres, order, "P'1", part, NOON), "placed", what=f"the status after {part} of {total}")
    same(student.pay(postgres, order, "P'1", part, later), "placed", what="after the same payment once more")
    same(student.pay(postgres, order, "P2", part, later), "placed", what="after a second part of the same amount")
    same(student.pay(postgres, order, "P2", part, NOON), "placed", what="after the second part once more")
    same(student.pay(postgres, order, "P3", total - 2 * part, later), "paid", what="after the rest")
    same(student.pay(postgres, order, "P3", total - 2 * part, later), "paid", what="after the rest once more")
    same(student.pay(postgres, order, "P4", 1000, later), "paid", what="after too much")
    postgres.do("UPDATE {orders} SET status = 'shipped' WHERE order_id = %s", order)
    same(student.pay(postgres, order, "P5", 1000, later), "shipped", what="after too much for a shipped order")
    wanted = [
        {"provider_ref": ref, "order_id": order, "amount": amount, "paid_at": at}
        for ref, amount, at in (
            ("P'1", part, NOON), ("P2", part, later), ("P3", total - 2 * part, later), ("P4", 1000, later),
            ("P5", 1000, later),
        )
    ]  # fmt: skip
    same(table_of(postgres, "payments"), wanted, what="payments in the end")
    same(postgres.value("SELECT status FROM {orders}"), "shipped", what="the status in orders")


@pytest.mark.points(2, of="pay")
def test_a_wrong_payment_changes_nothing(student, postgres):
    """Money that went to the wrong order is money that somebody misses."""
    order = order_for(student, postgres)
    student.place_order(postgres, "k2", 1, {"A": 1}, NOON)
    other = student.place_order(postgres, "k3", 2, {"A": 2}, NOON)["order_id"]
    same(student.pay(postgres, other, "P0", 5000, NOON), "placed", what="the status after a part")
    postgres.do("UPDATE {orders} SET status = 'cancelled' WHERE order_id = %s", other)
    before = everything(postgres)
    for what, *args in (
        ("an unknown order", 999_999, "P1", 90_000, NOON),
        ("the amount 0", order, "P1", 0, NOON),
        ("a new payment of a cancelled order", other, "P1", 90_000, NOON),
        ("a naive time", order, "P1", 90_000, NOON.replace(tzinfo=None)),
        ("a known provider_ref with another order", order, "P0", 5000, NOON),
        ("a known provider_ref with another amount", other, "P0", 6000, NOON),
    ):
        with raises(ValueError, what=what):
            student.pay(postgres, *args)
        check_unchanged(postgres, before, f"after {what}")
    same(
        student.pay(postgres, other, "P0", 5000, NOON), "cancelled", what="the known payment of an order now cancelled"
    )
    same(student.pay(postgres, order, "P1", 90_000, NOON), "paid", what="the status after a good payment")


class OtherPart:
    """Notes a payment of the same order in another session, and commits as soon as the student waits for it.

    If he does not wait, it commits when his call is over, as late as it gets in real life.
    """

    def __init__(self, session, order, amount):
        self.session, self.order, self.amount = session, order, amount
        self.over, self.outcome = threading.Event(), ""
        self.begin()
        self.thread = threading.Thread(target=self.commit_when_awaited)
        self.thread.start()

    def begin(self):
        same(self.session.do("SET default_transaction_isolation = 'serializable'"), "done", what="the test's SET")
        same(self.session.commit(), "done", what="the test's commit")
        self.work()

    def work(self):
        """Locks the order, notes the payment, adds up, and sets the status if it is enough."""
        lock = "SELECT FROM {orders} WHERE order_id = %s FOR NO KEY UPDATE"
        note = "INSERT INTO {payments} (provider_ref, order_id, amount, paid_at) VALUES ('OTHER', %s, %s, %s)"
        enough = (
            "UPDATE {orders} SET status = 'paid' WHERE order_id = %s AND status = 'placed'"
            " AND total <= (SELECT sum(amount) FROM {payments} WHERE order_id = %s)"
        )
        for sql, *params in (
            (lock, self.order),
            (note, self.order, self.amount, NOON),
            (enough, self.order, self.order),
        ):
            same(self.session.do(sql, *params), "done", what="a payment of another program")

    def commit_when_awaited(self):
        waits = (
            "SELECT count(*) AS n FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        while not self.over.is_set() and not self.session.rows(waits)[0]["n"]:
            self.session.rows("SELECT pg_sleep(0.005)")
        self.outcome = self.session.commit()

    def end(self):
        """After the student's call; a conflict means to do it again."""
        self.over.set()
        self.thread.join()
        if self.outcome != "done":
            self.work()
            same(self.session.commit(), "done", what="the second try of the other payment")


@pytest.mark.points(1, of="pay")
def test_two_parts_in_one_moment_make_the_order_paid(student, postgres):
    """Each part saw only itself, and the order that was paid waits in the warehouse for ever."""
    order = order_for(student, postgres, 90_000)
    with postgres.session() as session:
        other = OtherPart(session, order, 50_000)
        try:
            status = student.pay(postgres, order, "MINE", 40_000, NOON)
        finally:
            other.end()
    assert status in ("placed", "paid"), f"pay returned {show(status)}; expected 'placed' or 'paid'"
    same(postgres.count("payments"), 2, what="payments, one of each program")
    same(postgres.value("SELECT status FROM {orders}"), "paid", what="the status after 40 000 here and 50 000 there")


# cancel_order


@pytest.mark.points(3, of="cancel_order")
def test_a_cancelled_order_gives_its_goods_back_once(student, postgres, rng):
    """The customer pressed the button until something happened."""
    stock = rng.randrange(5, 20)
    open_shop(student, postgres, {"A": (1000, stock), "B": (2000, 9)})
    later = NOON + timedelta(hours=2)
    for paid in (False, True):
        items = {"B": 2, "A": 5}
        what = f"a {'paid' if paid else 'placed'} order"
        order = check_placed(student.place_order(postgres, f"k{paid}", 1, items, NOON), 9000, f"the answer to {items}")
        if paid:
            postgres.do("UPDATE {orders} SET status = 'paid' WHERE order_id = %s", order)
        same(student.cancel_order(postgres, order, later), True, what=f"cancelling {what}")
        same(stocks(postgres), {"A": stock, "B": 9}, what=f"the stock after cancelling {what}")
        wanted = [{"sku": sku, "quantity": items[sku], "reason": "cancel", "at": later} for sku in ("A", "B")]
        found = order_of(postgres, order)
        same(found["moves"][:2], wanted, what=f"the moves of {what} that put it back")
        same(found["order"][0]["status"], "cancelled", what="the status in orders")
        before = everything(postgres)
        same(student.cancel_order(postgres, order, later), False, what="cancelling it again")
        check_unchanged(postgres, before, "after cancelling it again")
    check_ledger(postgres)


@pytest.mark.points(2, of="cancel_order")
def test_what_took_nothing_gives_nothing_back(student, postgres):
    """The goods of an imported order left before the stock was counted: who gives them back sells air."""
    open_shop(student, postgres, {"A": (1000, 4), "B": (2000, 0)})
    with writing(postgres) as session:
        put_orders(session, [(500, 1, NOON, "paid", [("A", 3, 900), ("B", 1, 2000)])])
    same(student.cancel_order(postgres, 500, NOON), True, what="cancelling an imported order")
    same(stocks(postgres), {"A": 4, "B": 0}, what="the stock after cancelling an order that moved nothing")
    same(postgres.value("SELECT status FROM {orders}"), "cancelled", what="the status in orders")
    check_ledger(postgres)


@pytest.mark.points(2, of="cancel_order")
def test_what_is_shipped_stays_shipped(student, postgres):
    """It is on a motorbike to Huế."""
    order = order_for(student, postgres)
    other = student.place_order(postgres, "k2", 1, {"A": 2}, NOON)["order_id"]
    for status in ("paid", "shipped"):
        postgres.do("UPDATE {orders} SET status = %s WHERE order_id = %s", status, order)
    before = everything(postgres)
    for what, *args in (
        ("a shipped order", order, NOON),
        ("an unknown order", 999_999, NOON),
        ("a naive time", other, NOON.replace(tzinfo=None)),
    ):
        with raises(ValueError, what=what):
            student.cancel_order(postgres, *args)
        check_unchanged(postgres, before, f"after cancelling {what}")
    same(student.cancel_order(postgres, other, NOON), True, what="cancelling the other order")


class Shop:
    """What must be true after each step of a history: a model without a database."""

    def __init__(self, stock):
        self.stock, self.price = dict(stock), 1000
        self.answers, self.orders = {}, {}  # key -> (wish, answer); order -> [status, items, paid]

    def place(self, key, wish, answer):
        if key in self.answers:
            return self.answers[key][1]
        missing = {sku: n - self.stock[sku] for sku, n in wish[1].items() if n > self.stock[sku]}
        expected = refused(**missing) if missing else placed(answer["order_id"], self.price * sum(wish[1].values()))
        if not missing:
            self.stock = {sku: n - wish[1].get(sku, 0) for sku, n in self.stock.items()}
            self.orders[answer["order_id"]] = ["placed", wish[1], 0]
        self.answers[key] = wish, expected
        return expected

    def pay(self, order, amount):
        entry = self.orders[order]
        entry[2] += amount
        if entry[0] == "placed" and entry[2] >= self.price * sum(entry[1].values()):
            entry[0] = "paid"
        return entry[0]

    def cancel(self, order):
        status, items, _ = self.orders[order]
        if status == "cancelled":
            return False
        self.orders[order][0] = "cancelled"
        self.stock = {sku: n + items.get(sku, 0) for sku, n in self.stock.items()}
        return True


@pytest.mark.points(3, of="cancel_order")
def test_whatever_happens_stock_is_the_sum_of_its_moves(student, postgres, rng):
    """Orders, refusals, repeats, payments and cancellations in any order: the books balance."""
    goods = {sku: rng.randrange(3, 12) for sku in "ABCD"}
    open_shop(student, postgres, {sku: (1000, n) for sku, n in goods.items()})
    model = Shop(goods)
    for step in range(36):
        luck = rng.randrange(10)
        open_orders = [order for order, entry in model.orders.items() if entry[0] in ("placed", "paid")]
        if luck < 5 or not model.orders:
            chosen = rng.sample("ABCD", rng.randrange(1, 4))
            key, wish = f"k{step}", (rng.randrange(1, 4), {sku: rng.randrange(1, 4) for sku in chosen})
            if model.answers and luck == 0:
                key, (wish, _) = rng.choice([*model.answers.items()])
            answer = student.place_order(postgres, key, *wish, NOON)
            same(answer, model.place(key, wish, answer), what=f"step {step}, the answer to {key} {wish[1]}")
        elif luck < 7 and open_orders:
            order, amount = rng.choice(open_orders), rng.randrange(1, 6) * 1000
            got = student.pay(postgres, order, f"P{step}", amount, NOON)
            same(got, model.pay(order, amount), what=f"step {step}, the status of order {order} after a payment")
        else:
            order = rng.choice([*model.orders])
            got = student.cancel_order(postgres, order, NOON)
            same(got, model.cancel(order), what=f"step {step}, cancelling order {order}")
    same(stocks(postgres), model.stock, what="the stock in the end")
    check_ledger(postgres)
    statuses = {row["order_id"]: row["status"] for row in table_of(postgres, "orders")}
    same(statuses, {order: entry[0] for order, entry in sorted(model.orders.items())}, what="the statuses in the end")


# refresh_report and revenue_report


def filled(student, postgres, rng, **size):
    """A shop with history, written by the test: {table: its rows}."""
    student.create_schema(postgres)
    values = shop_import.sound_values(rng, shop(rng, **size))
    rows = {file.removesuffix(".csv"): some for file, some in values.items()}
    with writing(postgres) as session:
        for table, some in rows.items():
            put(session, table, some)
        put(session, "stock_moves", [opening(row["sku"], row["stock"]) for row in rows["products"] if row["stock"]])
    return rows


def sold_lines(rows):
    """(day of the shops, category, order_id, quantity, revenue) of each line that counts."""
    category = {row["sku"]: row["category"] or "unknown" for row in rows["products"]}
    orders = {row["order_id"]: row for row in rows["orders"] if row["status"] != "cancelled"}
    return [
        (
            (orders[line["order_id"]]["ordered_at"] + SHOP).date(), category[line["sku"]], line["order_id"],
            line["quantity"], line["quantity"] * line["unit_price"],
        )
        for line in rows["order_items"] if line["order_id"] in orders
    ]  # fmt: skip


def measures(lines):
    return {
        "orders": len({line[2] for line in lines}),
        "units": sum(line[3] for line in lines),
        "revenue": sum(line[4] for line in lines),
    }


def daily(rows):
    """What report_daily must hold."""
    groups = {}
    for line in sold_lines(rows):
        groups.setdefault(line[:2], []).append(line)
    return [{"day": day, "category": category} | measures(groups[day, category]) for day, category in sorted(groups)]


def table_rows(postgres):
    """The tables that a report is made of, as they are now."""
    return {table: table_of(postgres, table) for table in ("products", "orders", "order_items")}


@pytest.mark.points(3, of="refresh_report")
def test_the_report_is_what_the_orders_say(student, postgres, rng):
    """Finance adds it up by hand once a year."""
    student.create_schema(postgres)
    same(student.refresh_report(postgres), 0, what="rows of the report of a shop without orders")
    rows = filled(student, postgres, rng, buyers=10, goods=20, sales=60, first=date(2026, 2, 24), days=8)
    with writing(postgres) as session:
        nameless = [product("X-1", 1000, 0, None), product("X-2", 1000, 0, "unknown")]
        put(session, "products", nameless)
        edge = datetime(2026, 2, 26, 17, tzinfo=UTC)  # midnight in the shops
        for number, at in ((9001, edge), (9002, edge - timedelta(seconds=1))):
            put_orders(session, [(number, 1, at, "paid", [("X-1", 1, 1000), ("X-2", 2, 1000), ("X-1", 1, 900)])])
    expected = daily(table_rows(postgres))
    same(student.refresh_report(postgres), len(expected), what="the number of rows that refresh_report returned")
    same(table_of(postgres, "report_daily"), expected, what="report_daily")
    assert len(rows["orders"]) > 20, "the test needs orders"


@pytest.mark.points(2, of="refresh_report")
def test_a_row_that_stays_the_same_is_not_written_again(student, postgres, rng):
    """A million rows of old days need not be rewritten, logged, copied and vacuumed each night."""
    rows = filled(student, postgres, rng, buyers=8, goods=15, sales=40, first=date(2026, 3, 2), days=6)
    sku = rows["products"][0]["sku"]
    with writing(postgres) as session:
        put_orders(session, [(9000, 1, datetime(2026, 3, 18, 3, tzinfo=UTC), "placed", [(sku, 2, 1000)])])
    first = daily(table_rows(postgres))
    versions = "SELECT day, category, xmin::text AS xmin FROM {report_daily}"
    student.refresh_report(postgres)
    before = {(row["day"], row["category"]): row["xmin"] for row in postgres.rows(versions)}
    same(table_of(postgres, "report_daily"), first, what="the first report")
    gone = rng.choice([row for row in rows["orders"] if row["status"] in ("placed", "paid")])
    postgres.do("UPDATE {orders} SET status = 'cancelled' WHERE order_id IN (9000, %s)", gone["order_id"])
    with writing(postgres) as session:
        put_orders(session, [(9001, 1, datetime(2026, 3, 20, 3, tzinfo=UTC), "placed", [(sku, 1, 1000)])])
    new = daily(table_rows(postgres))
    same(student.refresh_report(postgres), len(new), what="the number of rows of the second report")
    same(table_of(postgres, "report_daily"), new, what="the report after two orders were cancelled, and with a new day")
    after = {(row["day"], row["category"]): row["xmin"] for row in postgres.rows(versions)}
    for row in new:
        if row in first:
            kept = after[row["day"], row["category"]] == before[row["day"], row["category"]]
            assert kept, f"report_daily: {show(row)} stayed the same, but was written again"


@pytest.mark.points(3, of="refresh_report")
def test_a_reader_sees_the_old_report_until_the_new_one_is_whole(student, postgres, rng):
    """The board looks at the report just when it is made anew. An empty page makes phones ring."""
    rows = filled(student, postgres, rng, buyers=8, goods=15, sales=30, first=date(2026, 3, 2), days=5)
    student.refresh_report(postgres)
    old = table_of(postgres, "report_daily")
    same(old, daily(rows), what="the first report")
    for order in rows["orders"][:4]:
        with writing(postgres) as session:
            number = 9000 + order["order_id"]
            put_orders(session, [(number, 1, order["ordered_at"], "paid", [(rows["products"][0]["sku"], 3, 7000)])])
    seen = []
    read = 'SELECT day, category, orders, units, revenue FROM {report_daily} ORDER BY day, category COLLATE "C"'

    def look():
        with postgres.session() as reader:
            outcome = reader.do(read)
            fine = outcome == "done"
            assert fine, f"a reader of report_daily was {outcome} in the middle of refresh_report"
            seen.append(reader.rows(read))

    new = daily(table_rows(postgres))
    same(student.refresh_report(postgres, look), len(new), what="the number of rows of the second report")
    assert seen, "refresh_report never called meanwhile"
    same(seen[-1], old, what="what a reader saw in the middle of refresh_report")
    same(table_of(postgres, "report_daily"), new, what="the report after it")


@pytest.mark.points(2, of="refresh_report")
def test_an_order_placed_meanwhile_is_in_the_report_whole_or_not_at_all(student, postgres, rng):
    """Two queries see two moments; a report needs one."""
    rows = filled(student, postgres, rng, buyers=8, goods=15, sales=30, first=date(2026, 3, 2), days=5)
    student.refresh_report(postgres)
    lines = [(row["sku"], 2, 5000) for row in rows["products"]]  # of all categories
    outcomes = []

    def order():
        if outcomes:
            return
        with postgres.session() as session:
            number, at = 9001, rows["orders"][-1]["ordered_at"]
            insert = (
                "INSERT INTO {orders} (order_id, customer_id, ordered_at, status, total) VALUES (%s, 1, %s, 'paid', %s)"
            )
            outcomes.append(session.do(insert, number, at, sum(n * each for _, n, each in lines)))
            if outcomes == ["done"]:
                put(session, "order_items", [
                    {"order_id": number, "line": line, "sku": sku, "quantity": n, "unit_price": each}
                    for line, (sku, n, each) in enumerate(lines, 1)
                ])  # fmt: skip
                outcomes.append(session.commit())

    before = daily(table_rows(postgres))
    student.refresh_report(postgres, order)
    assert outcomes, "refresh_report never called meanwhile"
    after = daily(table_rows(postgres))
    found = table_of(postgres, "report_daily")
    if found != after:
        same(found, before, what="the report with half of an order that was placed meanwhile; expected without it")
    same(student.refresh_report(postgres), len(after), what="the number of rows of the next report")
    same(table_of(postgres, "report_daily"), after, what="the next report")


def revenue(rows, first, last):
    """What revenue_report must return."""
    lines = [line for line in sold_lines(rows) if first <= line[0] <= last]
    report = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        today = [line for line in lines if line[0] == day]
        for category in sorted({line[1] for line in today}):
            of_it = measures([line for line in today if line[1] == category])
            report.append({"level": "category", "day": day, "category": category} | of_it)
        report.append({"level": "day", "day": day, "category": None} | measures(today))
    return [*report, {"level": "total", "day": None, "category": None} | measures(lines)]


@pytest.mark.points(3, of="revenue_report")
def test_an_order_of_two_categories_is_one_order_of_its_day(student, postgres, rng):
    """Add up the categories, and you report more orders than there were."""
    open_shop(student, postgres, {"A": (1000, 0, "tea"), "B": (2000, 0, "silk"), "C": (3000, 0, "tea")})
    with writing(postgres) as session:
        put_orders(session, [
            (1, 1, NOON, "paid", [("A", 1, 1000), ("B", 2, 2000), ("C", 1, 3000), ("A", 1, 900)]),
            (2, 2, NOON + timedelta(days=1), "placed", [("B", 1, 2000)]),
        ])  # fmt: skip
    first, last = date(2026, 3, 10), date(2026, 3, 11)
    report = student.revenue_report(postgres, first, last)
    same(report, revenue(table_rows(postgres), first, last), what="the report of two orders")
    more = rng.randrange(20, 40)
    with writing(postgres) as session:
        put_orders(session, [
            (10 + n, 1, NOON + timedelta(hours=rng.randrange(40)), rng.choice(("paid", "shipped")),
             [(sku, rng.randrange(1, 4), 1000) for sku in rng.sample("ABC", rng.randrange(1, 4))])
            for n in range(more)
        ])  # fmt: skip
    report = student.revenue_report(postgres, first, last)
    same(report, revenue(table_rows(postgres), first, last), what=f"the report of {more + 2} orders")


@pytest.mark.points(2, of="revenue_report")
def test_goods_without_category_are_no_subtotal(student, postgres):
    """NULL in a report of subtotals has two meanings, unless somebody tells them apart."""
    goods = {"A": (1000, 0, "tea"), "X": (2000, 0, None), "Y": (3000, 0, "unknown")}
    open_shop(student, postgres, goods)
    day = date(2026, 3, 10)
    for number, lines, what in (
        (1, [("X", 1, 2000)], "an order of goods without category"),
        (2, [("X", 1, 2000), ("A", 3, 1000)], "a second order, with tea"),
        (3, [("X", 1, 2000), ("Y", 1, 3000)], 'a third one, also of the category that is called "unknown"'),
    ):
        with writing(postgres) as session:
            put_orders(session, [(number, 1, NOON, "placed", lines)])
        report = student.revenue_report(postgres, day, day)
        same(report, revenue(table_rows(postgres), day, day), what=f"the report with {what}")


@pytest.mark.points(2, of="revenue_report")
def test_a_day_without_orders_has_its_row(student, postgres, rng):
    """A day that is not there looks like a day that nobody asked for."""
    open_shop(student, postgres, {"A": (1000, 0)})
    first = date(2026, 2, 26) + timedelta(days=rng.randrange(3))
    last = first + timedelta(days=4)
    empty = student.revenue_report(postgres, first, last)
    same(empty, revenue(table_rows(postgres), first, last), what="the report of five days without any order")
    with writing(postgres) as session:
        noon = datetime(first.year, first.month, first.day, 5, tzinfo=UTC)
        for number, (days, status) in enumerate(((1, "paid"), (3, "cancelled"), (-1, "paid"), (5, "paid")), 1):
            put_orders(session, [(number, 1, noon + timedelta(days=days), status, [("A", 1, 1000)])])
    report = student.revenue_report(postgres, first, last)
    same(report, revenue(table_rows(postgres), first, last), what="the report of five days with an order on the second")
    with raises(ValueError, what="a last day before the first"):
        student.revenue_report(postgres, last, first)


@pytest.mark.points(3, of="revenue_report")
def test_the_total_is_the_sum_of_the_orders_of_these_days(student, postgres, rng):
    """What the reports say and what the orders say is one sum, or somebody has to explain."""
    rows = filled(student, postgres, rng, buyers=10, goods=20, sales=80, first=date(2026, 2, 24), days=10)
    first, last = date(2026, 2, 26), date(2026, 3, 3)
    start, end = datetime(2026, 2, 25, 17, tzinfo=UTC), datetime(2026, 3, 3, 17, tzinfo=UTC)
    with writing(postgres) as session:
        sku, second = rows["products"][0]["sku"], timedelta(seconds=1)
        for number, at in enumerate((start - second, start, end - second, end), 9001):
            put_orders(session, [(number, 1, at, "shipped", [(sku, 1, number)])])
    rows = table_rows(postgres)
    report = student.revenue_report(postgres, first, last)
    totals = [o["total"] for o in rows["orders"] if o["status"] != "cancelled" and start <= o["ordered_at"] < end]
    same(
        report[-1]["revenue"], sum(totals), what="the revenue in total; the orders' totals of these days, not cancelled"
    )
    same(report, revenue(rows, first, last), what="the report")


# retention


def month_of(at):
    return (at + SHOP).date().replace(day=1)


def add_months(month, many):
    years, place = divmod(month.month - 1 + many, 12)
    return month.replace(year=month.year + years, month=place + 1)


def cohorts(orders, first, months):
    """What retention must return, of (customer_id, ordered_at, status)."""
    active = {}
    for who, at, status in orders:
        if status != "cancelled":
            active.setdefault(who, set()).add(month_of(at))
    report = []
    for month in [add_months(first, n) for n in range(months)]:
        members = [who for who, some in active.items() if min(some) == month]
        counts = [sum(add_months(month, k) in active[who] for who in members) for k in range(months)]
        report.append({"cohort": month, "size": len(members), "active": counts})
    return report


def check_retention(student, postgres, orders, first, months, what):
    with writing(postgres) as session:
        count = postgres.count("orders")
        put_orders(session, [
            (count + n, who, at, status, [("A", 1, 1000)]) for n, (who, at, status) in enumerate(orders, 1)
        ])  # fmt: skip
    everything = [(row["customer_id"], row["ordered_at"], row["status"]) for row in table_of(postgres, "orders")]
    same(student.retention(postgres, first, months), cohorts(everything, first, months), what=what)


@pytest.mark.points(4, of="retention")
def test_customers_are_counted_in_the_cohort_of_their_first_order(student, postgres, rng):
    """Ten new customers a month are growth only if the old ones stay."""
    open_shop(student, postgres, {"A": (1000, 0)}, buyers=25)
    first = date(2025, 11, 1)
    days = [datetime(2025, month, 10, 5, tzinfo=UTC) for month in (11, 12)] + [
        datetime(2026, month, 10, 5, tzinfo=UTC) for month in (1, 2, 3)
    ]
    simple = [
        (1, days[0], "paid"),
        (1, days[0] + timedelta(days=2), "paid"),
        (1, days[2], "paid"),
        (2, days[1], "placed"),
    ]
    check_retention(student, postgres, simple, first, 3, "two customers, one of whom came back after two months")
    earlier = [(3, datetime(2025, 3, 1, tzinfo=UTC), "shipped"), (3, days[1], "paid"), (3, days[2], "paid")]
    check_retention(student, postgres, earlier, first, 3, "with a third whose first order was before the first month")
    many = [(rng.randrange(4, 26), rng.choice(days) + timedelta(days=rng.randrange(15)), "paid") for _ in range(60)]
    check_retention(student, postgres, many, first, 5, "twenty-five customers over five months")


@pytest.mark.points(2, of="retention")
def test_a_month_is_one_of_the_shops(student, postgres):
    """An order of 31 January, 17:30 in UTC, was placed in February, and not in America either."""
    open_shop(student, postgres, {"A": (1000, 0)})
    orders = [
        (1, datetime(2026, 1, 31, 17, 30, tzinfo=UTC), "paid"),
        (2, datetime(2026, 1, 31, 16, 59, 59, tzinfo=UTC), "paid"),
        (2, datetime(2026, 2, 28, 17, tzinfo=UTC), "paid"),
        (3, datetime(2026, 2, 1, 3, tzinfo=UTC), "paid"),
    ]
    check_retention(student, postgres, orders, date(2026, 1, 1), 3, "orders around the end of a month")


@pytest.mark.points(2, of="retention")
def test_a_cancelled_order_makes_nobody_a_customer(student, postgres):
    """Who cancels the first order and keeps the second began with the second."""
    open_shop(student, postgres, {"A": (1000, 0)})
    months = [datetime(2026, month, 15, tzinfo=UTC) for month in (1, 2, 3)]
    orders = [
        (1, months[0], "cancelled"), (1, months[1], "paid"), (2, months[0], "paid"), (2, months[2], "cancelled"),
        (3, months[1], "cancelled"),
    ]  # fmt: skip
    check_retention(student, postgres, orders, date(2026, 1, 1), 3, "orders some of which were cancelled")


@pytest.mark.points(2, of="retention")
def test_a_month_without_new_customers_has_its_row(student, postgres, rng):
    """A chart that leaves out the bad months is a nice chart."""
    open_shop(student, postgres, {"A": (1000, 0)})
    check_retention(student, postgres, [], date(2026, 1, 1), 2, "no orders at all")
    month = rng.randrange(2, 4)
    orders = [(1, datetime(2026, month, 15, tzinfo=UTC), "paid"), (1, datetime(2026, month + 2, 2, tzinfo=UTC), "paid")]
    check_retention(student, postgres, orders, date(2026, 1, 1), 6, "one customer in six months")
    check_retention(student, postgres, [], date(2025, 12, 1), 1, "a month before the first order")
