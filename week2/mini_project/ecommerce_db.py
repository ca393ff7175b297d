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

- Money (price, total, unit_price, amount, revenue), customer_id, order_id and move_id are bigint; created_at,
  ordered_at, paid_at and at timestamptz; day is date and raw jsonb. Counts (stock, line, quantity, record, orders,
  units) are integer or bigint, everything else is text.
- An INSERT may leave out customer_id, order_id and move_id: then the database gives a new one. It may also give
  them.
- customer_id, order_id and sku refer to customers, orders and products wherever they stand.
- status: placed, paid, shipped or cancelled. An order is placed with its lines; `total` is the sum of quantity *
  unit_price over them.
- stock_moves is the ledger of the warehouse: quantity is what the move adds to the stock, negative for an order.
  reason: opening (without an order), order or cancel. For each product, stock is the sum of its moves, after every
  commit.

These tables belong to others, too: the warehouse ships, a second app sells, the tests look. They write the columns
above with plain SQL, always a whole order in one transaction, and keep stock and moves in step themselves. So your
triggers may refuse a change, but must not make any of their own. Further tables of your own are welcome.

Words of this exercise (more of them in week2/README.md):
- Money is int dong. sum(bigint) is numeric and arrives as Decimal, which is no int.
- Times are aware datetimes; a naive one is a ValueError. The session's time zone is America/New_York, and not by
  accident. The shops' day and month are those of Asia/Ho_Chi_Minh.
- Each call opens its own connection and closes it. When an error is raised, nothing is changed.
- Text is data, whatever it holds, and is sorted as Python sorts it (in SQL: COLLATE "C").
- `meanwhile` is a moment in which others act: call it inside your transaction, once in each attempt. What it raises
  goes out to the caller, and nothing is changed.

To play: `docker compose --profile week2 up -d`, then
`db = PostgresHandle("postgresql://course:course@127.0.0.1:5432/course")`, and import_data(db, Path("week2/data/shop")).
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
    """Create the tables, and with them everything that the database must enforce.

    It may run again at any time: then nothing changes, in the tables or in the rows. All other functions come
    after it.

    Every table and every column has a comment (COMMENT ON …), also in tables of your own. Every foreign key has
    an index that begins with its columns. PostgreSQL makes one only for the side that is referred to.

    Whoever writes, the database itself refuses
    - a second row with the same key, and an e-mail that another customer has, in upper or lower case;
    - NULL where there is no `?` above; a blank (empty, or only spaces) email, name, city, sku, category or
      provider_ref;
    - a reference to a row that is not there, and deleting a row that others refer to;
    - a price, stock, total or unit_price below 0, a line, quantity of a line or amount below 1, a move of 0;
    - any other status or reason than those above;
    - every change of a status but placed -> paid, paid -> shipped, placed -> cancelled, paid -> cancelled. A new
      row may have any status: history comes as it was. An UPDATE that leaves the status as it is is none;
    - UPDATE, DELETE and TRUNCATE of stock_moves, also by way of another table. A wrong move is set right by
      another move.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: create_schema")


def import_data(db: PostgresHandle, folder: Path) -> dict[str, dict]:
    """Load the history from the five files in `folder`, and account for every record.

    The files are customers.csv, products.csv, orders.csv, order_items.csv and payments.csv: CSV in UTF-8, with or
    without a byte order mark. The header names the columns, those of the table (products with stock) in any order.
    Every record has as many fields as the header; a field in quotes may hold commas, quotes and line breaks; there
    are no empty lines. Blanks around a value do not belong to it.

    Returns {file name: {"read", "loaded", "unchanged", "rejected"}}: every record is one of the last three. What
    becomes of a record is decided in this order:

    1. *Rejected*, if an earlier record of the file has the same key, whatever became of that one.
    2. *Unchanged*, if its key was in the database before this call, whatever else it says: history is not
       rewritten.
    3. *Rejected*, if a value is missing (only category may be), is not of its type or breaks a rule of
       create_schema. A whole number is 1 to 9 digits 0-9 and nothing else. A time is written
       `2026-03-01T09:00:00` and behind it `Z` or an offset like `+07:00`, and is a time that exists.
    4. *Rejected*, if an earlier record of customers.csv, whatever became of it, or a customer in the database has
       the same e-mail (in any case); if it refers to a row that is neither in the database nor loaded now; if it
       is a line of an order that was in the database before.
    5. An order is *rejected* if it has no line, or if its total is not the sum over its lines. Lines that are
       rejected under 1 to 4 do not count. With it go, by rule 4, its lines and payments.
    6. Everything else is *loaded*: text as it stands without the blanks around it, a missing category as NULL.

    A new product with stock enters the ledger by one move "opening", its `at` the now() of the database. Imported
    orders move nothing: their goods had left before the stock was counted.

    import_rejects holds the rejects of the newest import, and no others: file ("orders.csv"), record (counted from
    1, without the header), reason, raw. The reason begins with the name of a column at fault and a colon
    ("quantity: 0 is less than 1"); what follows is for people. The column is: for a key that comes twice its last
    column (`line` in order_items); for a missing parent the one that refers to it; for a new line of an old order
    `line`; for 5 `total`. raw is all fields of the record by column, text as it stands in the file; an empty field
    is "" or null.

    The same folder again loads nothing, and rejects the same. Ids that the database gives afterwards are new ones.

    All is one transaction. Raises FileNotFoundError naming the file if one is missing; ValueError naming the file
    if it is not UTF-8 or lacks a column. Takes at most 200 statements, also for 50 000 records.

    >>> import_data(db, Path("week2/data/shop"))["payments.csv"]
    {'read': 921, 'loaded': 900, 'unchanged': 0, 'rejected': 21}
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

    If there is enough of everything: an order with status placed and the lines 1, 2, … in the order of items, at
    the prices of this moment; a move "order" for each line; less stock. Returns {"order_id": int, "status":
    "placed", "total": int, "missing": {}}.

    If not, nothing is sold: {"order_id": None, "status": "refused", "total": 0, "missing": {sku: how many are
    lacking}} with each sku of which there is too little.

    `key` names the customer's wish. A phone that got no answer sends it again, maybe to another server, tomorrow,
    with another `at`. A known key with the same customer and items (in any order) gives the same answer as the
    first time and does nothing, also if the order has been cancelled since, also if the answer was "refused" and
    there is enough now. A known key with another customer or other items is a ValueError.

    ValueError also for an unknown customer or sku, a quantity below 1 and no items. An error uses up no key.

    Thousands buy at once. Whatever others do, you never sell what is not there, and there is never a deadlock:
    some hold several products when they come to yours, and all take them in the order of their skus. A conflict
    with others is not the customer's business: either wait, or try again yourself.

    `meanwhile` is called after the stock of the first product was read, locked or changed, if a known key has not
    given the answer already.

    >>> place_order(db, "a8f2", 17, {"TEA-00001": 2}, datetime(2026, 3, 1, 2, tzinfo=UTC))
    {'order_id': 1001, 'status': 'placed', 'total': 90000, 'missing': {}}
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: place_order")


def pay(db: PostgresHandle, order_id: int, provider_ref: str, amount: int, at: datetime) -> str:
    """Note a payment, and return the status of the order after it.

    A placed order is paid as soon as its payments reach its total. Payments beyond that are noted, too; they do not
    change the status.

    The bank delivers a payment at least once. A known provider_ref with the same order and amount changes nothing
    (`at` may differ), also if the order has been cancelled since: it just returns the status. With another order or
    amount it is a ValueError.

    ValueError also for an unknown order, a new payment of a cancelled order, an amount below 1.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: pay")


def cancel_order(db: PostgresHandle, order_id: int, at: datetime) -> bool:
    """Cancel a placed or paid order, and give back what it took out of stock.

    What it took is what its moves say. Each such product gets one move "cancel" (`at` is its time) that puts it
    back, and the stock with it. An imported order took nothing and gives nothing back.

    Returns True; False if the order was cancelled already, then nothing changes. ValueError for a shipped or
    unknown order. Payments stay.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: cancel_order")


def refresh_report(db: PostgresHandle, meanwhile: Callable[[], None] | None = None) -> int:
    """Bring report_daily up to date with the orders, and return how many rows it has.

    One row for each day of the shops and category that sold: orders (how many different ones), units (sum of
    quantity), revenue (sum of quantity * unit_price), of all orders that are not cancelled. A product without
    category belongs to the category "unknown", as does one whose category is called so: together one row.

    The report is the truth of one moment: an order that others place while you count is in it with all its lines,
    or not at all. Readers never wait, and see the old report or the new one, whole. A row that stays the same is
    not written again (its xmin stays).

    `meanwhile` is called after the first statement that reads or writes rows for the report, before the commit.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: refresh_report")


def revenue_report(db: PostgresHandle, first: date, last: date) -> list[dict]:
    """What finance signs: revenue by category and day, by day, and in total, from the orders themselves.

    Rows {"level", "day": date | None, "category": str | None, "orders", "units", "revenue"}, counted as in
    refresh_report, for the days of the shops from first to last, both included. For each day in turn
    - a row of level "category" for each category that sold on it, by category;
    - a row of level "day" without category (None), also if nothing was sold (zeros);
    and at the end one row of level "total", without day and category.

    An order with products of two categories counts in both category rows, but once in its day and in the total.
    ValueError if last is before first.

    >>> [row["revenue"] for row in revenue_report(db, date(2026, 2, 17), date(2026, 2, 17))]  # two categories
    [250000, 90000, 340000, 340000]
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: revenue_report")


def retention(db: PostgresHandle, first_month: date, months: int) -> list[dict]:
    """Who comes back? Customers by the month of their first order, and how many of them order later.

    A month is one of the shops; cancelled orders count for nothing. The cohort of a month is the customers whose
    first order of all is in it. One row for each of the `months` months (1 or more) from first_month (the first day
    of a month) on, ascending, also if nobody belongs to it: {"cohort": first day of the month, "size": customers,
    "active": [how many of them order in the month itself, one month later, …]}, `months` numbers each.
    """
    raise NotImplementedError("week2/mini_project/ecommerce_db.py: retention")
