"""Week 2 · SQL operations: change rows safely, count them once.

Support edits customers, the catalogue is uploaded whole every night, and finance asks for totals. Each of
these has silently been wrong at Sao Mai: a quote in a name broke the sign-up, a form that left the phone
out deleted the phone, an upload rewrote 5 000 rows of which 12 had changed, and an order paid in two parts
was revenue twice.

Given are five tables. Every column is "not null" unless it says null here:

    customers   (customer_id bigint identity primary key, email text, name text, phone text null,
                 city text null, created_at timestamptz, closed_at timestamptz null)
                 unique index on (lower(email)); closed_at is null as long as the customer is open
    products    (sku text primary key, name text, category text null, price bigint check (price > 0),
                 active boolean)
    orders      (order_id bigint identity primary key, customer_id bigint null references customers,
                 ordered_at timestamptz, status text)
                 customer_id of a guest is null; status is placed, paid, shipped or cancelled
    order_items (order_id bigint references orders, line int, sku text references products,
                 quantity int check (quantity > 0), unit_price bigint, primary key (order_id, line))
    payments    (payment_id bigint identity primary key, order_id bigint references orders,
                 paid_at timestamptz, amount bigint)
                 the amount of a refund is negative

You need no other tables; temporary ones are fine. ORDER BY sku and ORDER BY category sort as Python sorts
str (both columns are `collate "C"`).

- You open the session, `psycopg.connect(db.url)` or SQLAlchemy's `create_engine(db.url)`, and you close it:
  after a call none is left (an engine needs `dispose()`).
- Values are data. Names, e-mails, categories and skus may hold quotes, backslashes, `%`, `:name` or
  "); DROP TABLE", and are stored and found exactly as they are.
- Money is int dong. `sum(bigint)` is numeric in PostgreSQL and arrives as Decimal, which is not int.
- Times that you get are aware datetimes; a naive one is a ValueError. Intervals are half-open: an order
  lies in one if since <= ordered_at < until. The months of the shops are those of Asia/Ho_Chi_Minh; the
  time zone of your session is another one.
- When a function raises, the tables are as before. "ValueError naming x" means that x is in the message.
- What you return is plain Python. A list of dicts comes in the stated order.

To play, start a server and fill it. The file holds the tables and a few rows, and each example below starts
from these rows.

    docker compose --profile week2 up -d
    psql postgresql://course:course@127.0.0.1:5432/course -f week2/data/given/sql_ops.sql

    db = PostgresHandle("postgresql://course:course@127.0.0.1:5432/course")

Run: pytest week2/exercises/sql_ops.py
"""

from dataclasses import dataclass
from datetime import date, datetime

import psycopg


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def add_customer(db: PostgresHandle, customer: dict) -> int:
    """Add one customer and return the new customer_id, which the database chooses.

    ``customer`` has the keys email, name (str) and created_at (aware datetime), and may have phone and city
    (str or None; absent is null). closed_at is null.

    The e-mail is stored without white space around it (`str.strip`), otherwise as it was written; the name
    as it is.

    Raises ValueError, and adds nothing:

    - naming the key, if one of the three is missing or None, if there is any other key, if created_at is
      naive, or if the e-mail is blank;
    - naming the e-mail, if a customer (open or closed) already has it, in upper or lower case. Of two
      sessions that add it at the same time the later one gets this ValueError, too, so a look before the
      INSERT is not enough.

    >>> add_customer(db, {"email": " mai@example.vn ", "name": "Mai", "created_at": datetime.now(UTC)})
    1001
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: add_customer")


def change_customer(db: PostgresHandle, customer_id: int, changes: dict) -> bool:
    """Set what is given in ``changes`` and nothing else. True, or False if there is no such customer.

    The keys are some of email, name, phone and city, or none of them. None sets phone or city to null; a
    column whose key is absent stays as it is. E-mails are trimmed as in add_customer.

    Raises ValueError, and changes nothing:

    - naming the key, if there is any other key (also one like "name = 'x', email"), if email or name is
      None, or if the e-mail is blank; all this also if there is no such customer;
    - naming the e-mail, if another customer has it, in upper or lower case. To write one's own e-mail in
      another case is a change like any other.

    >>> change_customer(db, 1, {"phone": None, "city": "Huế"}), change_customer(db, 99, {"name": "Mai"})
    (True, False)
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: change_customer")


def remove_customer(db: PostgresHandle, customer_id: int, at: datetime) -> str:
    """Remove a customer, as far as the books allow it, and return what was done.

    - "deleted": there was no order of this customer, so the row is gone.
    - "closed": there are orders (of any status, also cancelled ones). The row stays with closed_at = at,
      but a customer who was closed before keeps the first closing time. Nothing else changes; orders keep
      their customer.
    - "unknown": there is no such customer.

    Other sessions work at the same time. If one of them stores the first order of this customer while you
    are about to delete, that is an order like any other: the answer is "closed", not the error of the
    foreign key. So a look before the DELETE is not enough.

    Raises ValueError if ``at`` is naive.

    >>> [remove_customer(db, number, datetime(2026, 5, 1, tzinfo=UTC)) for number in (6, 1, 99)]
    ['deleted', 'closed', 'unknown']
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: remove_customer")


def upsert_products(db: PostgresHandle, rows: list[dict]) -> dict[str, int]:
    """Bring a catalogue into products: new skus are inserted, known ones get the values of the upload.

    Each row is {"sku", "name", "category", "price", "active"}: str, str, str or None, int, bool. If a sku
    is there twice or more the last row counts, and the others are as if they were not there. Products that
    are not in the upload stay as they are.

    Returns {"inserted": …, "updated": …, "unchanged": …}, numbers of distinct skus of the upload.
    *Unchanged* is a product that already has all these values, null included. It is not written: its row
    stays the same version (the tests look at xmin), because every rewritten row costs space, log and
    vacuum, and looks like news to whoever copies the table.

    The upload is one transaction: all of it or nothing. Raises ValueError naming the sku if a row that
    counts breaks a constraint of the table, like a price of 0 or a name that is None.

    An upload of up to 5 000 rows takes at most 20 statements (`executemany` sends one for each row). An
    upload without rows is fine: three zeros.

    >>> upsert_products(db, [
    ...     {"sku": "TEA-02", "name": "Trà Thái Nguyên", "category": "tea", "price": 90000, "active": True},
    ...     {"sku": "NEW-01", "name": "Tò he", "category": "toys", "price": 35000, "active": True},
    ...     {"sku": "TEA-04", "name": "Trà ô long", "category": "tea", "price": 0, "active": True},
    ...     {"sku": "TEA-04", "name": "Trà ô long", "category": "tea", "price": 210000, "active": True},
    ... ])
    {'inserted': 1, 'updated': 1, 'unchanged': 1}
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: upsert_products")


def order_balances(db: PostgresHandle, since: datetime, until: datetime) -> list[dict]:
    """List what was ordered, what was paid and what is still due, order by order.

    For every order with since <= ordered_at < until that is not cancelled, one dict with the keys

    - ``order_id``;
    - ``items``: the sum of quantity * unit_price of its lines, 0 if it has none;
    - ``paid``: the sum of all its payments, whenever they came, refunds subtracted, 0 if there are none;
    - ``due``: items - paid, negative if too much was paid.

    All values are int. Sorted by order_id. An order with 3 lines and 2 payments is counted once; a join of
    the three tables has 6 rows of it. Raises ValueError if since or until is naive.

    >>> order_balances(db, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    [{'order_id': 6, 'items': 120000, 'paid': 120000, 'due': 0},
     {'order_id': 7, 'items': 360000, 'paid': 0, 'due': 360000}]
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: order_balances")


def revenue_by_month(db: PostgresHandle, year: int) -> list[dict]:
    """Count the orders of each month of a year, and add up their revenue.

    Always twelve dicts, January first:

    - ``month``: the first day of the month, a date;
    - ``orders``: number of orders of the month that are not cancelled, with or without lines;
    - ``revenue``: the sum of quantity * unit_price of the lines of these orders, an int.

    Both are 0 in a month without orders. An order belongs to the month that the calendar of the shops
    (Asia/Ho_Chi_Minh) showed at ordered_at: 2026-01-31 17:30 UTC is February.

    >>> revenue_by_month(db, 2026)[:2]
    [{'month': datetime.date(2026, 1, 1), 'orders': 1, 'revenue': 620000},
     {'month': datetime.date(2026, 2, 1), 'orders': 2, 'revenue': 1083000}]
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: revenue_by_month")


def best_sellers(db: PostgresHandle, n: int, since: datetime, until: datetime) -> list[dict]:
    """Find the best products of each category, by units sold.

    Units are the quantities of all lines of the product in orders with since <= ordered_at < until that are
    not cancelled. Within its category the product with the most units has rank 1. Products with equal units
    share a rank, and the next one counts them all: 1, 1, 3. Returned are all products of a rank <= n, so
    there may be more than n in a category. n is at least 1.

    Products without any unit and products without category are left out; whether a product is active does
    not matter.

    Returns dicts {"category", "sku", "units", "rank"}, units and rank int, sorted by category, rank, sku.
    Raises ValueError if since or until is naive.

    >>> best_sellers(db, 1, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    [{'category': 'coffee', 'sku': 'COF-01', 'units': 2, 'rank': 1},
     {'category': 'coffee', 'sku': 'COF-02', 'units': 2, 'rank': 1},
     {'category': 'silk', 'sku': 'SIL-01', 'units': 1, 'rank': 1},
     {'category': 'tea', 'sku': 'TEA-01', 'units': 4, 'rank': 1},
     {'category': 'tea', 'sku': 'TEA-02', 'units': 4, 'rank': 1}]
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: best_sellers")


def never_bought(db: PostgresHandle, category: str) -> list[int]:
    """Find whom to write to about a category: the customers who never bought anything of it.

    Returns the customer_ids, ascending, of the open customers (closed_at is null) who have no order that is
    not cancelled and holds a product of the category, whatever else they bought. Customers without orders
    are among them. Orders of guests, who have no customer_id, change nothing. For a category that no
    product has these are all open customers.

    >>> never_bought(db, "silk")
    [1, 3, 4, 6]
    """
    raise NotImplementedError("week2/exercises/sql_ops.py: never_bought")
