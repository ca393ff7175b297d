"""Week 2 · Database design: dependencies, keys, constraints, indexes.

Sao Mai's sales live in one wide export. Each line of an order repeats who bought it, where they live and what
the product is called, and the copies contradict each other. You find out what depends on what, build tables
that cannot hold a contradiction, load the export into them, give prices a history, and add no more indexes
than the work needs.

A *flat row* of the export is one line of an order:

    {"order_id": 4294967401, "ordered_at": datetime(2026, 3, 8, 2, 15, tzinfo=UTC),
     "email": "lan.tran17@gmail.com", "customer": "Trần Thị Lan", "city": "Huế", "region": "Miền Trung",
     "line": 1, "sku": "NON-01", "product": "Nón lá", "category": "Thời trang",
     "quantity": 2, "unit_price": 85000, "coupons": "FREESHIP,TET2026"}

Its *dependencies*: what stands on the left determines what stands on the right.

    email           ->  customer, city
    city            ->  region
    sku             ->  product, category
    order_id        ->  ordered_at, email, coupons
    order_id, line  ->  sku, quantity, unit_price

unit_price is what was paid for one piece, in dong; it need not be the list price. coupons are the codes of
the order, each once, sorted as Python sorts text (in SQL: collate "C") and joined by commas, or "".

Conventions (more of them in week2/README.md): money is whole dong, int in Python and bigint in SQL. Times are
aware datetimes in Python and timestamptz in SQL; the days of the shops are those of Asia/Ho_Chi_Minh. You
open the connections, and none is left open when a function returns or raises. Where an error is raised,
nothing in the database has changed. No function changes what it is given.

The first four functions need no database. The other four build on each other: the tests call your
create_schema first. To play, `docker compose --profile week2 up -d`, then

    db = PostgresHandle("postgresql://course:course@127.0.0.1:5432/course")

week2/data/sales_flat.csv is a small export with planted contradictions.

Run: pytest week2/exercises/db_design.py
"""

from dataclasses import dataclass
from datetime import date

import psycopg

FD = tuple[set[str], set[str]]  # a dependency: ({"order_id", "line"}, {"sku", "quantity", "unit_price"})


@dataclass(frozen=True)
class PostgresHandle:
    """Where your database is: `psycopg.connect(db.url)`. The role in it owns the database and is no superuser."""

    url: str


def closure(attributes: set[str], fds: list[FD]) -> set[str]:
    """Tell everything that these attributes determine, themselves included.

    A dependency applies if its whole left side is known; then its right side is known as well, and more
    dependencies may apply. No side of a dependency is empty; the two sides may overlap.

    >>> sorted(closure({"email"}, [({"city"}, {"region"}), ({"email"}, {"customer", "city"})]))
    ['city', 'customer', 'email', 'region']
    """
    raise NotImplementedError("week2/exercises/db_design.py: closure")


def candidate_keys(relation: set[str], fds: list[FD]) -> list[set[str]]:
    """Find all candidate keys: sets of attributes that determine the relation while no part of them does.

    The dependencies speak only of attributes of the relation. It has at least one attribute and at most 10,
    so trying all sets is fine. Returns every key once: smaller keys first, those of the same size by their
    sorted names.

    >>> candidate_keys({"city", "street", "zip"}, [({"city", "street"}, {"zip"}), ({"zip"}, {"city"})]) == [
    ...     {"city", "street"}, {"street", "zip"}]
    True
    """
    raise NotImplementedError("week2/exercises/db_design.py: candidate_keys")


def decompose(relation: set[str], fds: list[FD]) -> list[set[str]]:
    """Split a relation (as for candidate_keys, at most 10 attributes) into relations in third normal form.

    Returns the sets of attributes of the relations, in any order. There is often more than one right answer;
    the tests take each that keeps these laws:

    - Third normal form: take any dependency X -> a that follows from fds (not only those that are listed),
      with X and a in one of your relations and a not in X. Then X determines all of that relation, or a
      belongs to one of its candidate keys.
    - Nothing is lost: every attribute is in some relation, and joining the relations gives back exactly the
      rows of the whole, never more.
    - Dependencies are kept: all of fds follow from those dependencies, listed or implied, of which both sides
      lie within a single relation.
    - No relation is contained in another.

    The synthesis keeps them all: make a minimal cover of the dependencies (one attribute on the right,
    nothing needless on the left, no dependency that follows from the others), a relation from each left side
    with all that it determines there, one more relation with a candidate key if none holds one, and drop what
    is contained in another. Taking apart what is not in Boyce-Codd normal form until all is can lose
    dependencies.

    >>> sales = {"order_id", "sku", "product"}
    >>> sorted(sorted(one) for one in decompose(sales, [({"sku"}, {"product"})]))
    [['order_id', 'sku'], ['product', 'sku']]
    """
    raise NotImplementedError("week2/exercises/db_design.py: decompose")


def counterexamples(rows: list[dict], left: list[str], right: str) -> list[tuple]:
    """Find the values that refute the dependency left -> right.

    A value of left is the tuple of a row's cells in the columns left, in that order. Returns each value of
    left that occurs with more than one value of right, once, sorted with `key=str`. [] means that the
    dependency holds in these rows, not that it always will.

    Cells are text, int or None. None is a value like any other, on both sides: two rows with None agree, None
    and "Huế" do not. left may be empty: then the only value is (), and it is refuted unless right is the same
    in all rows. Every row has all columns; no rows refute nothing.

    >>> rows = [{"city": "Huế", "region": "Miền Trung"}, {"city": "Huế", "region": None}]
    >>> counterexamples(rows, ["city"], "region")
    [('Huế',)]
    """
    raise NotImplementedError("week2/exercises/db_design.py: counterexamples")


def create_schema(db: PostgresHandle) -> None:
    """Create the tables, and let them refuse whatever must not be. A second call changes nothing.

    Names and types are given; keys and constraints are your work.

        cities        city text, region text
        customers     customer_id bigint (identity), email text, name text, city text
        products      sku text, name text, category text
        orders        order_id bigint, customer_id bigint, ordered_at timestamptz
        order_items   order_id bigint, line int, sku text, quantity int, unit_price bigint
        order_coupons order_id bigint, coupon text                               a row for each coupon
        prices        sku text, price bigint, valid daterange                    the list prices

    and the view sales_flat, which shows each line of an order as a flat row: the thirteen columns of the top
    of this file by these names; an order without coupons has "".

    The database itself refuses, whoever writes and from however many sessions at once:

    - a second row of a fact: a city, sku or order_id twice, an e-mail twice in any case ("AN@x.vn" and
      "an@x.vn"), a line or a coupon twice in one order. The same coupon on two orders is fine, the same name
      of two customers as well;
    - orphans: a customer in an unknown city, an order of an unknown customer, lines and coupons of an unknown
      order, lines and prices of an unknown sku;
    - deleting a city with customers, a customer with orders, a product with lines. Deleting an order takes
      its lines and coupons along, and nothing else;
    - NULL in any column, and blank text (empty or only spaces) in any text column;
    - a coupon with a comma, which sales_flat could not show;
    - quantity below 1, price or unit_price below 0. Zero dong is a price;
    - in prices, a period without any day, and two periods of one sku with a day in common. Periods that only
      touch, such as [2026-01-01,2026-03-01) and [2026-03-01,), are fine, and so are periods without an end.

    PostgreSQL's extension btree_gist may be created by your role. Sessions of the tests do not look into the
    schema public by themselves, so a function that a trigger of yours runs must `set search_path = public`.
    """
    raise NotImplementedError("week2/exercises/db_design.py: create_schema")


def load_flat(db: PostgresHandle, rows: list[dict]) -> dict:
    """Load flat rows into the tables of create_schema, all in one transaction, and refuse what contradicts.

    Rows are cleaned first: all text is put into Unicode's form NFC, e-mails are also stripped of outer blanks
    and lower-cased. Two times are equal if they are the same instant, whatever their offset. All thirteen
    columns are there, of the types of the example at the top of this file.

    A value of a left side of the dependencies (an e-mail, a city, a sku, an order_id, or an order_id with a
    line) is *contradicted* if rows of this call give different right sides to it, or if a row of this call
    gives another right side than the tables hold. What the tables hold counts even if no line shows it: the
    product that nobody has bought yet, the customer without orders. Rows of orders that are refused
    contradict like all others.

    Every order of this call is refused, with all its rows, if any of its rows has a contradicted value:
    nobody knows which of the two is true. All other orders are loaded. So if two rows put Huế into different
    regions, every order of this call with a row from Huế is refused. Orders that are stored already stay as
    they are. An order may arrive in parts: new lines are added to a stored order if nothing contradicts.

    Returns
    - "lines": the number of lines that are stored now and were not before,
    - "duplicates": the number of rows of loaded orders that equal a stored row or an earlier one of this
      call,
    - "refused": the indexes in `rows` of all rows of refused orders, ascending.

    lines + duplicates + len(refused) is len(rows). In another order the same rows leave the same data, and
    the same rows are refused. With `row` from the top of this file and empty tables:

        [row, row]                                             lines 1, duplicates 1, refused []
        [row, row | {"line": 2}]                               lines 2, duplicates 0, refused []
        [row, row | {"order_id": 8, "region": "Miền Nam"}]     lines 0, duplicates 0, refused [0, 1]

    Raises ValueError for a naive ordered_at in any row, and if a row that is to be loaded breaks a constraint
    of the tables (a blank name, a quantity of 0).
    """
    raise NotImplementedError("week2/exercises/db_design.py: load_flat")


def set_price(db: PostgresHandle, sku: str, price: int, since: date) -> None:
    """Set the list price of a product from a day on, up to the next period of it that starts later.

    With no such period it holds without an end. What was said of the days before since stays, so a period
    that holds on that day is cut off there; a period that starts on that very day is replaced. `prices` then
    has no overlap and no gap that was not there before. Lines of orders keep the price that was paid.

    With 90 000 from 1 March, and 95 000 from 1 May, set_price(db, sku, 80000, date(2026, 4, 1)) leaves

        90000  [2026-03-01,2026-04-01)
        80000  [2026-04-01,2026-05-01)
        95000  [2026-05-01,)

    Raises ValueError naming the sku if products does not have it; ValueError if price is below 0.
    """
    raise NotImplementedError("week2/exercises/db_design.py: set_price")


def create_indexes(db: PostgresHandle) -> None:
    """Add the indexes that the work needs to the tables of create_schema, and no others. May be called twice.

    The work, and how many buffers (pages of 8 kB) each query may read from tables that were just vacuumed and
    analysed:

    - newest orders of a customer, of 20 000 orders, 1 000 of them his, all long ago: 40 buffers
          select order_id, ordered_at from orders where customer_id = %s order by ordered_at desc limit 20
    - how many of a product were sold, of 20 000 lines, at most 40 of them with this sku: 60 buffers
          select sum(quantity) from order_items where sku = %s
    - a customer by e-mail in any case, of 5 000 customers: 6 buffers
          select customer_id, name from customers where lower(email) = lower(%s)
    - orders of one day of the shops, of 20 000 stored in the order of time, about 55 a day: 60 buffers
          select order_id from orders where ordered_at >= %s and ordered_at < %s

    Deletes of parents must be fast, too: for every foreign key there is an index whose first columns are
    those of the key (PostgreSQL makes none by itself). It has no WHERE; the kind of index does not matter.

    Each index costs at every write, so: at most 5 indexes in all that are neither unique nor belong to a
    constraint, and none of these only repeats the first columns of another index of the same kind on the same
    table (columns of INCLUDE and ASC or DESC do not matter here).
    """
    raise NotImplementedError("week2/exercises/db_design.py: create_indexes")
