"""Week 2 · E-commerce database: the shop that keeps its promises

Sao Mai moves its shop to PostgreSQL: the history from files, new orders from a thousand phones at once, and
reports that finance signs. Programs come and go, and one of them will be wrong. So the database keeps the
promises.

The tables. `*`: these columns together name a row, each once. `?`: may be NULL, and nothing else may.

    customers       customer_id*, email, name, city, created_at
    products        sku*, name, category?, price, stock
    orders          order_id*, customer_id, ordered_at, status, total
    order_items     order_id*, line*, sku, quantity, unit_price
    payments        provider_ref*, order_id, amount, paid_at
    stock_moves     move_id*, sku, quantity, reason, order_id?, at
    import_rejects  file*, record*, reason, raw
    report_daily    day*, category*, orders, units, revenue

- Types: bigint for money (price, total, unit_price, amount, revenue) and for customer_id, order_id, move_id;
  timestamptz for created_at, ordered_at, paid_at, at; day is date, raw is jsonb; counts (stock, line,
  quantity, record, orders, units) are integer or bigint; the rest is text.
- An INSERT may leave out customer_id, order_id and move_id: then the database gives a new one. It may also
  give them itself.
- customer_id, order_id and sku refer to customers, orders and products wherever they stand.
- status is placed, paid, shipped or cancelled. An order comes with its lines; total is the sum of quantity *
  unit_price over them.
- stock_moves is the ledger of the warehouse: quantity is what the move adds to the stock, negative for an
  order; reason is opening (without an order), order or cancel. After every commit the stock of each product
  is the sum of its moves.

These tables belong to others, too: the warehouse ships, a second app sells, the tests look. They write the
columns above with plain SQL, a whole order in one transaction, and keep stock and moves in step themselves.
So your triggers may refuse a change, but must make none of their own. Further tables of your own are welcome,
further columns too if they have a default.

Words of this exercise (more of them in week2/README.md):
- Money is int dong. sum(bigint) is numeric and arrives as Decimal, which is no int.
- Times are aware datetimes; a naive one is a ValueError. The session's time zone is America/New_York, and not
  by accident. The shops' day and month are those of Asia/Ho_Chi_Minh.
- Each call opens its own connection and closes it. When an error is raised, nothing is changed.
- Text is data, whatever it holds. It is sorted as Python sorts it (in SQL: COLLATE "C").
- `meanwhile` is a moment in which others act. Call it inside your transaction, once in each attempt. What it
  raises goes out to the caller, and nothing is changed.

To play: `docker compose --profile week2 up -d`; files to import are in week2/data/shop. Then
`db = PostgresHandle("postgresql://course:course@127.0.0.1:5432/course")`.
Run: pytest week2/mini_project/ecommerce_db.py
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import psycopg


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def create_schema(db: PostgresHandle) -> None:
    """Create the tables, in the schema public, and with them everything that the database must enforce.

    It may run again at any time: then nothing changes, in the tables or in the rows. All other functions come
    after it.

    Every table and every column has a comment (COMMENT ON …), also in tables of your own. Every foreign key
    has an index that begins with its columns: PostgreSQL makes one only for the side that is referred to.

    Whoever writes, the database itself refuses
    - a second row with the same key, and an e-mail that another customer has, in upper or lower case;
    - NULL where there is no `?` above;
    - a blank (empty, or only spaces) email, name, city, sku, category or provider_ref;
    - a reference to a row that is not there, and deleting a row that others refer to;
    - a price, stock, total or unit_price below 0; a line, quantity of a line or amount below 1; a move of 0;
    - any other status or reason than those above;
    - every change of a status but placed -> paid, paid -> shipped, placed -> cancelled and paid -> cancelled.
      A new row may have any status: history comes as it was. An UPDATE that does not change the
      status is fine;
    - UPDATE, DELETE and TRUNCATE of stock_moves, also by way of another table. A wrong move is set right by
      another move.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: create_schema")


def import_data(db: PostgresHandle, folder: Path) -> dict[str, dict]:
    """Load the history from the five files in `folder`, and account for every record.

    The files are customers.csv, products.csv, orders.csv, order_items.csv and payments.csv: CSV in UTF-8,
    with or without a byte order mark. The header names the columns: those of the table, in any order. Every
    record has as many fields as the header. A field in quotes may hold commas, quotes and line breaks. There
    are no empty lines. Blanks around a value do not belong to it.

    Returns {file name: {"read", "loaded", "unchanged", "rejected"}}; every record is one of the last three.
    The first of these rules that fits decides about a record:

    1. *Rejected*: an earlier record of the file has the same key, whatever became of that one.
    2. *Unchanged*: its key was in the database before this call, whatever else it says. History is not
       rewritten.
    3. *Rejected*: a value is missing (only category may be), is not of its type, or breaks a rule of
       create_schema. A whole number is 1 to 9 digits 0-9 and nothing else. A time is written
       `2026-03-01T09:00:00` with `Z` or an offset like `+07:00` behind it, and exists.
    4. *Rejected*: the same e-mail (in any case) is in an earlier record of customers.csv, whatever became of
       that one, or in the database.
    5. *Rejected*: it refers to a row that is neither in the database nor loaded now. Or it is a line of an
       order that was in the database before this call.
    6. *Rejected*: an order without lines, or whose total is not the sum over its lines. Lines that were
       rejected for a reason of their own do not count. Its lines and payments then fall under rule 5.
    7. *Loaded*: everything else. Text as it stands, without the blanks around it; a missing category is NULL.

    A new product with stock enters the ledger by one move "opening", its `at` the now() of the database.
    Imported orders move nothing: their goods had left before the stock was counted.

    import_rejects holds the rejects of the newest import, and no others: file ("orders.csv"), record (counted
    from 1, without the header), reason, raw. raw is all fields of the record by column, as they stand in the
    file (an empty one may be null). The reason begins with the name of a column at fault and a colon
    ("quantity: 0 is less than 1"); what follows is for people. Rule 1: the last column of the key (`line` in
    order_items). Rules 3 and 4: the column with the value. Rule 5: the column that refers, but `line` for a
    new line of an old order. Rule 6: `total`. If several columns are at fault, any of them.

    The same folder again loads nothing, and rejects the same. Ids that the database gives later are new ones.

    All is one transaction. Raises FileNotFoundError naming the file if one is missing; ValueError naming the
    file if it is not UTF-8 or lacks a column. Takes at most 200 statements, also for 50 000 records. (A
    deferred trigger that asks the database about each row adds to them.)

    >>> import_data(db, Path("week2/data/shop"))["orders.csv"]
    {'read': 1000, 'loaded': 942, 'unchanged': 0, 'rejected': 58}
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: import_data")


def place_order(
    db: PostgresHandle,
    key: str,
    customer_id: int,
    items: dict[str, int],
    at: datetime,
    meanwhile: Callable[[], None] | None = None,
) -> dict:
    """Sell `items` (quantity by sku) to a customer: all of them or none.

    If there is enough of everything: an order with status placed, ordered `at`; its lines 1, 2, … in the
    order of items, at the prices of this moment; for each line a move "order"; less stock. Returns
    {"order_id": int, "status": "placed", "total": int, "missing": {}}.

    If not, nothing is sold. Returns {"order_id": None, "status": "refused", "total": 0, "missing": {sku: how
    many are lacking}} with each sku of which there is too little.

    `key` names the customer's wish. A phone that got no answer sends it again: to another server, or
    tomorrow, with another `at`. A known key with the same customer and items (in any order) gives the same
    answer as the first time, and does nothing. That holds also if the order has been cancelled since, and
    also if the answer was "refused" and there is enough now. A known key with another customer or other items
    is a ValueError.

    ValueError also for an unknown customer or sku, a quantity below 1, and no items. An error uses up no key.

    Thousands buy at once. You never sell what is not there, whatever others do in the meantime. A conflict
    with them is not the customer's business: either wait, or try again yourself. And there is never a
    deadlock: who needs several products takes them in the order of their skus. The others keep to that.

    `meanwhile` is called after the stock of the first product was read, locked or changed. (With a known key
    there is no need to.)

    >>> place_order(db, "a8f2", 17, {"CER-00025": 2}, datetime(2026, 7, 1, 2, tzinfo=UTC))
    {'order_id': 1061, 'status': 'placed', 'total': 162000, 'missing': {}}
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: place_order")


def pay(db: PostgresHandle, order_id: int, provider_ref: str, amount: int, at: datetime) -> str:
    """Note a payment, paid `at`, and return the status of the order after it.

    A placed order is paid as soon as its payments reach its total. More payments are noted as well, and do
    not change the status.

    Two parts may come in the same moment, one of them by way of another program. The order is paid then, too:
    whoever notes a payment locks the order's row first.

    The bank delivers a payment at least once. A known provider_ref with the same order and amount changes
    nothing (`at` may differ) and returns the status, also if the order has been cancelled since. With another
    order or amount it is a ValueError.

    ValueError also for an unknown order, a new payment of a cancelled order, and an amount below 1.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: pay")


def cancel_order(db: PostgresHandle, order_id: int, at: datetime) -> bool:
    """Cancel a placed or paid order, and give back what it took out of stock.

    What it took is what its moves say. Each such product gets one move "cancel" with the time `at`, and its
    stock back. An imported order took nothing and gives nothing back. Payments stay.

    Returns True; or False if the order was cancelled already, and then nothing changes. ValueError for a
    shipped or unknown order.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: cancel_order")


def refresh_report(db: PostgresHandle, meanwhile: Callable[[], None] | None = None) -> int:
    """Bring report_daily up to date with the orders, and return how many rows it has.

    One row for each day of the shops and category that sold: orders (how many different ones), units (sum of
    quantity), revenue (sum of quantity * unit_price), of all orders that are not cancelled. A product without
    category belongs to the category "unknown". If there is a category of that name, both are one row.

    The report is the truth of one moment: an order that others place while you count is in it with all its
    lines, or not at all. Readers never wait, and see the old report or the new one, whole. A row that stays
    the same is not written again (its xmin stays).

    `meanwhile` is called after the first statement that reads or writes rows for the report, before the
    commit.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: refresh_report")


def revenue_report(db: PostgresHandle, first: date, last: date) -> list[dict]:
    """What finance signs: revenue by category and day, by day, and in total, from the orders themselves.

    Rows {"level", "day": date | None, "category": str | None, "orders", "units", "revenue"} for the days of
    the shops from first to last, both included, counted as in refresh_report. For each day in turn
    - a row of level "category" for each category that sold on it, by category;
    - a row of level "day", its category None, also if nothing was sold (zeros);
    and at the end one row of level "total", its day and category None.

    An order with products of two categories counts in both category rows, but once in its day and in the
    total. ValueError if last is before first.

    >>> day = date(2026, 2, 16)
    >>> [(row["category"], row["revenue"]) for row in revenue_report(db, day, day)]  # then day, total
    [("kid's toys", 1287000), ('spices', 473000), (None, 1760000), (None, 1760000)]
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: revenue_report")


def retention(db: PostgresHandle, first_month: date, months: int) -> list[dict]:
    """Who comes back? Customers by the month of their first order, and how many of them order later.

    A month is one of the shops, and cancelled orders count for nothing. The cohort of a month is the
    customers whose first order of all is in it. One row for each of `months` months (1 or more) from
    first_month (the first day of a month) on, ascending, also if its cohort is empty: {"cohort": first day of
    the month, "size": how many customers, "active": how many of them order in the month itself, one month
    later, and so on}. "active" is a list of `months` numbers in every row.

    >>> retention(db, date(2026, 1, 1), 3)[0]
    {'cohort': datetime.date(2026, 1, 1), 'size': 93, 'active': [93, 49, 45]}
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: retention")
