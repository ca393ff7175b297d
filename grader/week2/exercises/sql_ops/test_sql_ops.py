import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest

from grader.datasets.seasons import LOCAL
from grader.datasets.shop import NASTY, TABLES, Line, Order, Payment, Shop, customers, products, shop
from grader.expect import raises, same

AT = datetime(2026, 5, 1, 3, tzinfo=UTC)
YEAR = datetime(2025, 12, 31, 17, tzinfo=UTC), datetime(2026, 12, 31, 17, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def fill(postgres, rng, made):
    """These rows and no others are in the tables, in no order that one could rely on."""
    postgres.do("truncate {customers}, {products}, {orders}, {order_items}, {payments}")
    for table in TABLES:
        rows = made.rows(table)
        rng.shuffle(rows)
        if rows:
            postgres.load(table, rows)


def filled(postgres, rng, **sizes):
    """A shop of the generator, and the database holds it."""
    made = shop(rng, **sizes)
    fill(postgres, rng, made)
    return made


def books(rng, orders, order_items=(), payments=()):
    """A shop of 8 customers and 14 products, two of each category, with these orders, lines and payments."""
    return Shop(
        list(customers(rng, 8)),
        list(products(rng, 14)),
        [Order(*order) for order in orders],
        [Line(*line) for line in order_items],
        [Payment(number, *payment) for number, payment in enumerate(payments, 1)],
    )


def customer_rows(postgres):
    """customer_id -> row."""
    rows = postgres.rows("select customer_id, email, name, phone, city, created_at, closed_at from {customers}")
    return {row["customer_id"]: row for row in rows}


def by_id(made):
    return {row["customer_id"]: row for row in made.rows("customers")}


def order_rows(postgres):
    return postgres.rows("select order_id, customer_id, ordered_at, status from {orders} order by order_id")


@contextmanager
def meanwhile(postgres, sql, *params):
    """A rival has done this and commits it as soon as somebody waits for him; else it never happened."""
    over = threading.Event()
    waiting = (
        "select count(*)::int as n from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"
    )

    def commit(rival):
        while not over.wait(0.01):
            if rival.rows(waiting)[0]["n"]:
                rival.commit()
                return

    with postgres.session() as rival:
        same(rival.do(sql, *params), "done", what=sql)
        helper = threading.Thread(target=commit, args=[rival])
        helper.start()
        try:
            yield
        finally:
            over.set()
            helper.join()


# add_customer


def newcomer(**values):
    return {"email": "mai.new@example.vn", "name": "Mai", "created_at": AT} | values


@pytest.mark.points(3, of="add_customer")
def test_names_with_quotes_are_stored_as_they_stand(student, postgres, rng):
    """Where a name becomes part of the SQL text, whoever signs up can write SQL."""
    before = customer_rows(postgres)
    for number, name in enumerate(NASTY):
        given = newcomer(email=f"{number}-o'\"%s%@example.vn", name=name)
        if rng.randrange(2):
            given |= {"phone": rng.choice(NASTY), "city": rng.choice(["Ea H'leo", None])}
        new = student.add_customer(postgres, given)
        row = {"phone": None, "city": None} | given | {"closed_at": None, "customer_id": new}
        before[new] = row
        same(customer_rows(postgres), before, what=f"customers after {name!r} was added")


@pytest.mark.points(2, of="add_customer")
def test_an_email_in_use_is_refused_in_any_case(student, postgres, rng):
    """Two accounts of one person: one has the orders, the other one the vouchers."""
    made = filled(postgres, rng, buyers=10, sales=0)
    is_open, is_closed = (row.email for row in rng.sample(made.customers, 2))
    postgres.do("update {customers} set closed_at = case email when %s then now() end", is_closed)
    before = customer_rows(postgres)
    for used in (is_open, is_closed):
        for email in (used, used.upper(), used.swapcase(), f"  {used.title()} "):
            with raises(ValueError, [used], what=f"the e-mail {email!r}; a customer has {used!r}"):
                student.add_customer(postgres, newcomer(email=email))
            same(customer_rows(postgres), before, what=f"customers after {email!r} was refused")
    for email in (is_open.replace("@", "_"), is_open.replace(".", "_"), "%" + is_open[1:], "x" + is_closed):
        new = student.add_customer(postgres, newcomer(email=email))
        got = postgres.values("select email from {customers} where customer_id = %s", new)
        same(got, [email], what=f"the e-mail {email!r}, which nobody has")


@pytest.mark.points(2, of="add_customer")
def test_a_missing_or_unknown_key_is_named(student, postgres):
    """A misspelt key that is silently dropped is a phone number that nobody has any more."""
    before = customer_rows(postgres)
    cases = {
        "email": [{"email": None}, {"email": " \t"}],
        "name": [{"name": None}],
        "created_at": [{"created_at": None}, {"created_at": datetime(2026, 5, 1, 3)}],
        "fone": [{"fone": "0912345678"}],
        "closed_at": [{"closed_at": None}],
        "customer_id": [{"customer_id": 5}],
        "name) select email, 'x'": [{"name) select email, 'x'": "x"}],
    }
    for key, changes in cases.items():
        for change in changes:
            with raises(ValueError, [key], what=f"a customer with {change}"):
                student.add_customer(postgres, newcomer(**change))
        if key in newcomer():
            with raises(ValueError, [key], what=f"a customer without {key}"):
                student.add_customer(postgres, {name: value for name, value in newcomer().items() if name != key})
    same(customer_rows(postgres), before, what="customers after every call was refused")
    new = student.add_customer(postgres, newcomer())
    row = newcomer() | {"phone": None, "city": None}
    got = postgres.rows("select email, name, created_at, phone, city from {customers} where customer_id = %s", new)
    same(got, [row], what="a customer with the three keys only")


@pytest.mark.points(1, of="add_customer")
def test_white_space_around_an_email_is_no_part_of_it(student, postgres, rng):
    """A space that came along with copy and paste, and no mail ever arrives."""
    email = f"Mai.Tran{rng.randrange(1000)}@Example.vn"
    new = student.add_customer(postgres, newcomer(email=f" \t{email}\n", name=" Mai  Trần "))
    got = postgres.rows("select email, name from {customers} where customer_id = %s", new)
    same(got, [{"email": email, "name": " Mai  Trần "}], what="the new row")


@pytest.mark.points(2, of="add_customer")
def test_of_two_sign_ups_in_the_same_moment_one_is_refused(student, postgres, rng):
    """Between the look whether it is free and the insert there is time for somebody else."""
    email = f"mai.{rng.randrange(10**6)}@example.vn"
    rival = "insert into {customers} (email, name, created_at) values (%s, 'Rival', now())"
    with meanwhile(postgres, rival, email.title()):  # noqa: SIM117
        with raises(ValueError, [email], what=f"the e-mail {email!r}, while another session adds {email.title()!r}"):
            student.add_customer(postgres, newcomer(email=email))
    got = postgres.values("select name from {customers} where lower(email) = %s", email)
    same(got, ["Rival"], what="the names with this e-mail")
    new = student.add_customer(postgres, newcomer(email=f"x{email}"))
    same(postgres.count("customers", "customer_id = %s", new), 1, what="rows of the next customer")


# change_customer


def changed(postgres, table, customer_id, **values):
    """Fails unless the table of customers is `table` with these values in one row; returns what it should be."""
    table = table | {customer_id: table[customer_id] | values}
    same(customer_rows(postgres), table, what=f"customers after customer {customer_id} was given {values}")
    return table


def unchanged(postgres, table, after):
    same(customer_rows(postgres), table, what=f"customers after {after}")


@pytest.mark.points(4, of="change_customer")
def test_only_the_given_columns_of_one_customer_change(student, postgres, rng):
    """A form that does not ask for the phone must not delete it."""
    table = by_id(filled(postgres, rng, buyers=15, sales=0))
    whole = {"email": "o'new%s@example.vn", "name": "Mai", "phone": "0912 000 111", "city": "Ea H'leo"}
    subsets = [[key] for key in whole] + [rng.sample(list(whole), 2), list(whole), []]
    for number, keys in enumerate(subsets):
        who = rng.choice(list(table))
        values = {"email": f"{number}{whole['email']}", "name": rng.choice(NASTY)}
        values = {key: values.get(key, whole[key]) for key in keys}
        same(student.change_customer(postgres, who, values), True, what="there is such a customer, so the result")
        table = changed(postgres, table, who, **values)


@pytest.mark.points(2, of="change_customer")
def test_none_clears_a_phone_or_city(student, postgres, rng):
    """'Please delete my number' is a change, too."""
    table = by_id(filled(postgres, rng, buyers=30, sales=0))
    both = rng.sample([who for who, row in table.items() if row["phone"] and row["city"]], 3)
    for who, values in zip(both, [{"phone": None}, {"city": None}, {"city": None, "phone": None}], strict=True):
        same(student.change_customer(postgres, who, values), True, what="there is such a customer, so the result")
        table = changed(postgres, table, who, **values)


@pytest.mark.points(2, of="change_customer")
def test_a_key_that_may_not_be_changed_is_refused(student, postgres, rng):
    """A parameter cannot stand for the name of a column, so names must come from a list of one's own."""
    table = by_id(filled(postgres, rng, buyers=10, sales=0))
    for key in ("created_at", "closed_at", "customer_id", "fone", "name = 'x', email", 'name" = 7 --', ""):
        for who in (3, 99):
            with raises(ValueError, [key], what=f"the key {key!r} for customer {who}"):
                student.change_customer(postgres, who, {"city": "Huế", key: AT if key.endswith("_at") else 7})
    for changes in ({"email": None}, {"name": None}, {"email": "  "}):
        with raises(ValueError, list(changes), what=f"the changes {changes}"):
            student.change_customer(postgres, 3, {"city": "Huế"} | changes)
    unchanged(postgres, table, "every call was refused")
    same(student.change_customer(postgres, 3, {"city": "Huế"}), True, what="the result of a change of the city")
    changed(postgres, table, 3, city="Huế")


@pytest.mark.points(2, of="change_customer")
def test_a_changed_email_is_trimmed_and_must_be_free(student, postgres, rng):
    """What a sign-up may not do, an edit may not do either."""
    table = by_id(filled(postgres, rng, buyers=10, sales=0))
    mine, other = rng.sample(list(table.values()), 2)
    who = mine["customer_id"]
    for email in (other["email"], other["email"].swapcase(), f" {other['email']} "):
        with raises(ValueError, [other["email"]], what=f"the e-mail {email!r}; another customer has it"):
            student.change_customer(postgres, who, {"name": "Mai", "email": email})
        unchanged(postgres, table, f"a new name together with the e-mail {email!r} was refused")
    same(student.change_customer(postgres, 99, {"email": "free@example.vn"}), False, what="the unknown customer 99")
    unchanged(postgres, table, "a change of the unknown customer 99")
    for email in (mine["email"].swapcase(), f"new.{mine['email']}"):
        same(student.change_customer(postgres, who, {"email": f" {email}\n"}), True, what=f"the e-mail {email!r}")
        table = changed(postgres, table, who, email=email)


# remove_customer


@pytest.mark.points(3, of="remove_customer")
def test_a_customer_without_orders_is_deleted(student, postgres, rng):
    """Who never bought anything has a right to be forgotten."""
    made = filled(postgres, rng, buyers=20, sales=30)
    buyers = {order.customer_id for order in made.orders}
    table = by_id(made)
    for who in [row.customer_id for row in made.customers if row.customer_id not in buyers][-3:]:
        same(student.remove_customer(postgres, who, AT), "deleted", what=f"customer {who}, who has no orders")
        del table[who]
        same(customer_rows(postgres), table, what=f"customers after customer {who} was deleted")
    same(order_rows(postgres), made.rows("orders"), what="orders, of others and of guests")


@pytest.mark.points(3, of="remove_customer")
def test_a_customer_with_orders_is_closed_and_the_orders_stay(student, postgres, rng):
    """Revenue that disappears with its customer is a hole in the books."""
    made = books(rng, [(1, 1, AT, "paid"), (2, 2, AT, "cancelled"), (3, 3, AT, "placed"), (4, None, AT, "paid")])
    made = made._replace(customers=[row._replace(closed_at=None) for row in made.customers])
    fill(postgres, rng, made)
    table = by_id(made)
    for who, what in {1: "a paid order", 2: "a cancelled order only", 3: "an empty basket"}.items():
        at = AT + who * DAY
        same(student.remove_customer(postgres, who, at), "closed", what=f"customer {who}, who has {what}")
        table = changed(postgres, table, who, closed_at=at)
    same(order_rows(postgres), made.rows("orders"), what="orders after three customers were closed")


@pytest.mark.points(2, of="remove_customer")
def test_the_first_closing_time_stays(student, postgres, rng):
    """A job that runs twice must not move the day on which the contract ended."""
    first, later = AT + rng.randrange(1000) * SECOND, AT + DAY
    made = books(rng, [(1, 1, AT, "paid")])
    fill(postgres, rng, made._replace(customers=[row._replace(closed_at=None) for row in made.customers]))
    for at in (first, later, first - DAY):
        same(student.remove_customer(postgres, 1, at), "closed", what=f"customer 1 at {at}")
        got = postgres.value("select closed_at from {customers} where customer_id = 1")
        same(got, first, what=f"closed_at after a call with {at}; the first call was with {first}")


@pytest.mark.points(1, of="remove_customer")
def test_an_unknown_customer_is_unknown(student, postgres, rng):
    """'Done' about somebody who never was there hides a mistyped number."""
    table = by_id(filled(postgres, rng, buyers=10, sales=20))
    same(student.remove_customer(postgres, 99, AT), "unknown", what="customer 99, who does not exist")
    with raises(ValueError, what="a naive time"):
        student.remove_customer(postgres, 10, datetime(2026, 5, 1, 3))
    same(customer_rows(postgres), table, what="customers after these two calls")
    same(student.remove_customer(postgres, 10, AT), "deleted", what="customer 10, who has no orders")
    same(student.remove_customer(postgres, 10, AT), "unknown", what="customer 10 once more")


@pytest.mark.points(1, of="remove_customer")
def test_an_order_that_comes_in_the_same_moment_is_an_order(student, postgres, rng):
    """Only the database sees what two sessions do at once; its refusal to delete is an answer, too."""
    made = books(rng, [])
    fill(postgres, rng, made._replace(customers=[row._replace(closed_at=None) for row in made.customers]))
    rival = "insert into {orders} (customer_id, ordered_at, status) values (3, now(), 'placed')"
    with meanwhile(postgres, rival):
        got = student.remove_customer(postgres, 3, AT)
    same(got, "closed", what="customer 3, for whom another session stores the first order at the same time")
    same(postgres.values("select closed_at from {customers} where customer_id = 3"), [AT], what="closed_at of 3")
    same(postgres.values("select customer_id from {orders}"), [3], what="the customers of all orders")
    same(student.remove_customer(postgres, 4, AT), "deleted", what="customer 4, who has no orders")


# upsert_products


def product_rows(postgres):
    """sku -> row."""
    return {row["sku"]: row for row in postgres.rows("select sku, name, category, price, active from {products}")}


def versions(postgres):
    """sku -> the transaction that wrote the row."""
    rows = postgres.rows("select sku, xmin::text as writer from {products}")
    return {row["sku"]: row["writer"] for row in rows}


def check_written(postgres, before, expected, what):
    """Fails unless exactly the rows of these skus have another version than before, or none before."""
    written = {sku for sku, writer in versions(postgres).items() if before.get(sku) != writer}
    same(len(written - expected), 0, what=f"{what}: number of rows that were written though nothing in them changed")
    same(sorted(written), sorted(expected), what=f"{what}: skus of the rows that were written")


def catalogue(postgres, rng, goods=40):
    """A catalogue of the generator as {sku: row}; the database holds it."""
    made = filled(postgres, rng, goods=goods, sales=20)
    return {row["sku"]: row for row in made.rows("products")}


def counts(inserted=0, updated=0, unchanged=0):
    return {"inserted": inserted, "updated": updated, "unchanged": unchanged}


def edited(rng, row):
    """The row with another value in one column."""
    other = {
        "name": row["name"] + " '%s\\",
        "category": "kid's games",
        "price": row["price"] + 1000,
        "active": not row["active"],
    }
    key = rng.choice(list(other))
    return row | {key: other[key]}


def new_product(number, **values):
    return {"sku": f"NEW'%s-{number}", "name": NASTY[number], "category": "tea", "price": 1, "active": True} | values


@pytest.mark.points(4, of="upsert_products")
def test_new_products_come_in_and_known_ones_take_the_new_values(student, postgres, rng):
    """The upload is the truth about what it holds, and says nothing about the rest."""
    table = catalogue(postgres, rng)
    same(student.upsert_products(postgres, []), counts(), what="an upload without rows")
    known = rng.sample(list(table), 20)
    upload = [edited(rng, table[sku]) for sku in known[:7]] + [table[sku] for sku in known[7:]]
    upload += [new_product(number) for number in range(4)]
    rng.shuffle(upload)
    got = student.upsert_products(postgres, upload)
    table |= {row["sku"]: row for row in upload}
    same(product_rows(postgres), table, what="products after the upload")
    same(got, counts(4, 7, 13), what="4 new products, 7 changed and 13 as before: the result")


@pytest.mark.points(4, of="upsert_products")
def test_a_second_upload_of_the_same_catalogue_rewrites_no_row(student, postgres, rng):
    """5 000 new row versions every night for 12 changes: that is how tables swell."""
    table = catalogue(postgres, rng)
    new = {row["sku"]: row for row in (new_product(0), new_product(1, category=None))}
    changing = rng.choice(list(table))
    table |= new
    for what, written, expected in (
        ("the first upload, in which 2 products are new", set(new), counts(2, 0, 40)),
        ("the same upload again", set(), counts(0, 0, 42)),
        ("the same, but one product has changed", {changing}, counts(0, 1, 41)),
    ):
        before = versions(postgres)
        table |= {sku: edited(rng, table[sku]) for sku in written if sku not in new}
        got = student.upsert_products(postgres, list(table.values()))
        check_written(postgres, before, written, what)
        same(got, expected, what=f"{what}: the result")
        same(product_rows(postgres), table, what=f"{what}: products")


@pytest.mark.points(2, of="upsert_products")
def test_a_category_that_comes_or_goes_is_a_change(student, postgres, rng):
    """null <> 'tea' is neither true nor false, so a comparison with <> sleeps through it."""
    table = catalogue(postgres, rng)
    comes, goes, stays = rng.sample(list(table), 3)
    for sku in (comes, stays):
        table[sku] = table[sku] | {"category": None}
        postgres.do("update {products} set category = null where sku = %s", sku)
    table[comes] = table[comes] | {"category": "kid's games"}
    table[goes] = table[goes] | {"category": None}
    before = versions(postgres)
    got = student.upsert_products(postgres, [table[sku] for sku in (comes, goes, stays)])
    what = "a product got a category, one lost it, one still has none"
    same(got, counts(0, 2, 1), what=what)
    same(product_rows(postgres), table, what=f"products: {what}")
    check_written(postgres, before, {comes, goes}, what)


@pytest.mark.points(3, of="upsert_products")
def test_the_last_of_several_rows_of_a_sku_counts(student, postgres, rng):
    """One INSERT … ON CONFLICT refuses to touch a row twice, and which row wins must not be luck."""
    table = catalogue(postgres, rng)
    changing, staying = rng.sample(list(table), 2)
    upload = [
        new_product(0),
        table[changing] | {"price": 7000},
        table[staying] | {"price": 7000},
        new_product(0, price=6000),
        table[changing] | {"price": 8001},
        table[staying],
        new_product(0, price=5000),
    ]
    got = student.upsert_products(postgres, upload)
    table |= {changing: upload[4], upload[6]["sku"]: upload[6]}
    same(product_rows(postgres), table, what="products: the last row of each sku")
    same(got, counts(1, 1, 1), what="7 rows of 3 skus: the result")
    upload = [new_product(1, price=0), new_product(1, name=None), new_product(1, price=5000)]
    same(student.upsert_products(postgres, upload), counts(1, 0, 0), what="two bad rows of a sku, then a good one")


@pytest.mark.points(4, of="upsert_products")
def test_one_bad_row_refuses_the_whole_upload_and_is_named(student, postgres, rng):
    """Half a catalogue is worse than yesterday's."""
    table = catalogue(postgres, rng)
    known = rng.sample(list(table), 5)
    good = [table[sku] | {"price": table[sku]["price"] + 1000} for sku in known[1:]] + [new_product(1)]
    before = versions(postgres)
    for bad in ({"price": 0}, {"price": -1000}, {"name": None}, {"active": None}):
        for row in (new_product(2, **bad), table[known[0]] | bad):
            upload = good.copy()
            upload.insert(rng.randrange(len(good) + 1), row)
            with raises(ValueError, [row["sku"]], what=f"an upload in which {row['sku']} has {bad}"):
                student.upsert_products(postgres, upload)
            same(product_rows(postgres), table, what=f"products after an upload with {bad} was refused")
            same(versions(postgres), before, what=f"row versions after an upload with {bad} was refused")
    same(student.upsert_products(postgres, good), counts(1, 4, 0), what="the upload without the bad row")
    same(product_rows(postgres), table | {row["sku"]: row for row in good}, what="products after it")


@pytest.mark.points(3, of="upsert_products")
def test_five_thousand_products_go_in_sets(student, postgres, rng):
    """A statement for each row is a journey for each row: 5 000 times 1 ms to another city."""
    for size in (300, 5000):
        goods = list(products(rng, size))
        fill(postgres, rng, Shop([], [row for row in goods if rng.randrange(4)], [], [], []))
        known = product_rows(postgres)
        upload = [row._asdict() if rng.randrange(4) else edited(rng, row._asdict()) for row in goods]
        table = {row["sku"]: row for row in upload}
        fresh = [sku for sku in table if sku not in known]
        unchanged = [sku for sku in table if table[sku] == known.get(sku)]
        with postgres.counted() as used:
            got = student.upsert_products(postgres, upload)
        assert used.statements <= 20, f"{used.statements} statements for {size} products, expected at most 20"
        expected = counts(len(fresh), len(table) - len(fresh) - len(unchanged), len(unchanged))
        same(got, expected, what=f"{size} products: the result")
        same(product_rows(postgres), known | table, what=f"products after an upload of {size}")


# order_balances


def balances(made, since, until):
    """What order_balances must return."""
    items, paid = made.items(), made.paid()
    return [
        {"order_id": n, "items": items[n], "paid": paid[n], "due": items[n] - paid[n]}
        for n, _, at, status in sorted(made.orders, key=lambda order: order.order_id)
        if since <= at < until and status != "cancelled"
    ]


def added_up(rows, key):
    return sum(row.get(key) or 0 for row in rows)


def check_balances(student, postgres, made, what, since=YEAR[0], until=YEAR[1]):
    same(student.order_balances(postgres, since, until), balances(made, since, until), what=what)


@pytest.mark.points(5, of="order_balances")
def test_lines_and_payments_do_not_multiply_each_other(student, postgres, rng):
    """Three lines joined with two payments are six rows, and each sum is a multiple of the truth."""
    one = books(
        rng,
        [(1, None, AT, "paid")],
        [(1, 1, "TEA-00007", 1, 10_000), (1, 2, "COF-00001", 2, 20_000), (1, 3, "SPI-00002", 3, 30_000)],
        [(1, AT, 100_000), (1, AT + DAY, 39_000)],
    )
    fill(postgres, rng, one)
    check_balances(student, postgres, one, "one order of 3 lines and 2 payments")
    more = books(
        rng,
        [(number, None, AT, "paid") for number in (1, 2, 3)],
        [(1, 1, "TEA-00007", 2, 45_000), (1, 2, "COF-00001", 2, 45_000), (2, 1, "TEA-00007", 1, 90_000),
         (3, 1, "TEA-00007", 3, 1_000)],
        [(1, AT, 90_000), (1, AT + DAY, 90_000)] + [(2, AT + n * DAY, 30_000) for n in range(3)] + [(3, AT, 3_000)],
    )  # fmt: skip
    fill(postgres, rng, more)
    what = "order 1 has 2 lines and 2 payments, equal ones; 2 has 1 line and 3 equal payments; 3 one of each"
    check_balances(student, postgres, more, what)


@pytest.mark.points(3, of="order_balances")
def test_orders_without_lines_or_payments_are_there(student, postgres, rng):
    """What nobody paid for yet is the very thing that the list is for."""
    made = books(
        rng,
        [(number, None, AT, "placed") for number in (7, 5, 3, 1)],
        [(1, 1, "TEA-00007", 2, 50_000), (3, 1, "TEA-00007", 1, 50_000)],
        [(1, AT, 60_000), (5, AT, 70_000)],
    )
    fill(postgres, rng, made)
    check_balances(student, postgres, made, "order 3 has no payment, 5 no line, 7 neither")


@pytest.mark.points(2, of="order_balances")
def test_refunds_count_and_cancelled_orders_do_not(student, postgres, rng):
    """Money that went back is not in the till."""
    made = books(
        rng,
        [(1, None, AT, "shipped"), (2, 1, AT, "cancelled"), (3, 2, AT, "paid")],
        [(1, 1, "TEA-00007", 1, 90_000), (2, 1, "TEA-00007", 1, 90_000), (3, 1, "TEA-00007", 1, 90_000)],
        [(1, AT, 100_000), (1, AT + DAY, -10_000), (2, AT, 90_000), (3, AT, 120_000), (3, AT, -120_000)],
    )
    fill(postgres, rng, made)
    check_balances(student, postgres, made, "order 1 got 10 000 back, 2 is cancelled, 3 got everything back")


@pytest.mark.points(2, of="order_balances")
def test_since_is_in_and_until_is_out(student, postgres, rng):
    """Half-open intervals join without a gap and without an overlap, so each order is in one report."""
    since, until = AT, AT + rng.randrange(1, 60) * DAY
    times = [since - SECOND, since, since + DAY / 2, until - SECOND, until]
    made = books(
        rng,
        [(number, 1, at, "paid") for number, at in enumerate(times, 1)],
        [(number, 1, "TEA-00007", number, 90_000) for number in range(1, 6)],
        [(number, until + DAY, 1_000 * number) for number in range(1, 6)],
    )
    fill(postgres, rng, made)
    what = "order 1 lies just before since, 2 at since, 3 between, 4 just before until, 5 at until; all paid later"
    check_balances(student, postgres, made, what, since, until)
    check_balances(student, postgres, made, f"{what}, in local time", since.astimezone(LOCAL), until.astimezone(LOCAL))
    same(student.order_balances(postgres, until, until), [], what="since = until")
    for edges in ((since.replace(tzinfo=None), until), (since, until.replace(tzinfo=None))):
        with raises(ValueError, what="a naive time"):
            student.order_balances(postgres, *edges)


@pytest.mark.points(3, of="order_balances")
def test_the_sum_over_orders_is_the_sum_over_lines(student, postgres, rng):
    """Conservation: whatever the joins, no dong may appear or get lost."""
    made = filled(postgres, rng, sales=150)
    got = student.order_balances(postgres, *YEAR)
    cancelled = {order.order_id for order in made.orders if order.status == "cancelled"}
    totals = {
        "items": sum(n.quantity * n.unit_price for n in made.order_items if n.order_id not in cancelled),
        "paid": sum(payment.amount for payment in made.payments if payment.order_id not in cancelled),
    }
    for key, total in totals.items():
        same(added_up(got, key), total, what=f"the sum of {key} over all orders of a year")
    same(got, balances(made, *YEAR), what="all orders of a year")


# revenue_by_month


def revenue(made, year):
    """What revenue_by_month must return."""
    items, months = made.items(), {date(year, month, 1): Counter() for month in range(1, 13)}
    for order in made.orders:
        month = order.ordered_at.astimezone(LOCAL).date().replace(day=1)
        if month in months and order.status != "cancelled":
            months[month].update(orders=1, revenue=items[order.order_id])
    return [{"month": month, "orders": sum_["orders"], "revenue": sum_["revenue"]} for month, sum_ in months.items()]


@pytest.mark.points(5, of="revenue_by_month")
def test_an_order_belongs_to_the_month_of_the_shops(student, postgres, rng):
    """At 17:00 UTC it is tomorrow in Hà Nội, and once a month that is next month."""
    at = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)
    made = books(rng, [(1, None, at, "paid")], [(1, 1, "TEA-00007", 1, 90_000)])
    fill(postgres, rng, made)
    got = student.revenue_by_month(postgres, 2026)
    same(got, revenue(made, 2026), what="one order, at 2026-01-31 17:30 UTC, which is February in the shops")
    year = rng.randrange(2021, 2029)
    firsts = [datetime(year, month, 1, tzinfo=LOCAL) for month in range(1, 13)] + [
        datetime(year + 1, 1, 1, tzinfo=LOCAL)
    ]
    times = [first.astimezone(UTC) + step for first in firsts for step in (-SECOND, timedelta(), timedelta(hours=5))]
    made = books(
        rng,
        [(number, None, at, "paid") for number, at in enumerate(times, 1)],
        [(number, 1, "TEA-00007", 1, 1000 * number) for number in range(1, len(times) + 1)],
    )
    fill(postgres, rng, made)
    what = f"{year}, orders a second before, at, and 5 hours after each first of a month in Asia/Ho_Chi_Minh"
    same(student.revenue_by_month(postgres, year), revenue(made, year), what=what)


@pytest.mark.points(3, of="revenue_by_month")
def test_a_year_has_twelve_months(student, postgres, rng):
    """A month that is missing from a table is a month that nobody asks about."""
    made = books(
        rng,
        [(1, 1, datetime(2026, 4, 9, 9, tzinfo=UTC), "paid"), (2, 2, datetime(2026, 11, 11, 9, tzinfo=UTC), "placed"),
         (3, 2, datetime(2026, 8, 8, 9, tzinfo=UTC), "cancelled")],
        [(number, 1, "TEA-00007", rng.randrange(1, 9), 90_000) for number in (1, 2, 3)],
    )  # fmt: skip
    fill(postgres, rng, made)
    what = "orders in April and November only; a cancelled one in August"
    same(student.revenue_by_month(postgres, 2026), revenue(made, 2026), what=what)
    same(student.revenue_by_month(postgres, 2024), revenue(made, 2024), what="a year without orders")


@pytest.mark.points(3, of="revenue_by_month")
def test_an_order_counts_once_with_many_lines_or_none(student, postgres, rng):
    """count(*) after a join counts lines, and calls them orders."""
    at = datetime(2026, rng.randrange(1, 13), 15, tzinfo=UTC)
    made = books(
        rng,
        [(number, None, at + number * SECOND, "paid") for number in (1, 2, 3)] + [(4, 1, at, "placed")],
        [(1, n, sku, 2, 30_000) for n, sku in enumerate(("TEA-00007", "COF-00001", "SPI-00002"), 1)]
        + [(2, 1, "TEA-00007", 1, 50_000), (3, 1, "TEA-00007", 1, 50_000)],
        [(1, at, 80_000), (1, at, 50_000), (1, at, 50_000), (2, at, 1)],
    )
    fill(postgres, rng, made)
    what = "an order of 3 lines and 3 payments, two of one line, one without"
    same(student.revenue_by_month(postgres, 2026), revenue(made, 2026), what=what)


@pytest.mark.points(4, of="revenue_by_month")
def test_the_months_add_up_to_the_orders(student, postgres, rng):
    """Conservation again: what is not cancelled is in exactly one month of one year."""
    made = filled(postgres, rng, sales=250, first=date(2025, 7, 1), days=549)
    got = {year: student.revenue_by_month(postgres, year) for year in (2025, 2026)}
    items = made.items()
    sold = [items[order.order_id] for order in made.orders if order.status != "cancelled"]
    rows = [row for year in got.values() for row in year]
    totals = {"orders": len(sold), "revenue": sum(sold)}
    same({key: added_up(rows, key) for key in totals}, totals, what="the sum over 2025 and 2026")
    for year, months in got.items():
        same(months, revenue(made, year), what=str(year))


# best_sellers


def best(made, n, since=YEAR[0], until=YEAR[1]):
    """What best_sellers must return."""
    counted = {o.order_id for o in made.orders if since <= o.ordered_at < until and o.status != "cancelled"}
    units = Counter()
    for line in made.order_items:
        units[line.sku] += line.quantity * (line.order_id in counted)
    category = {product.sku: product.category for product in made.products}
    sold = sorted((category[sku], -many, sku) for sku, many in units.items() if many and category[sku] is not None)
    ranked = []
    for _, group in groupby(sold, key=lambda row: row[0]):
        rows = list(group)
        ranks = [1 + sum(other[1] < row[1] for other in rows) for row in rows]
        ranked += [
            {"category": name, "sku": sku, "units": -many, "rank": rank}
            for (name, many, sku), rank in zip(rows, ranks, strict=True)
            if rank <= n
        ]
    return ranked


def sales(rng, units):
    """A shop in which the products of tea are sold so often: {sku: units}, in one order each."""
    made = books(rng, [(number, None, AT, "paid") for number in range(1, len(units) + 1)])
    tea = [made.products[6]._replace(sku=sku) for sku in units]
    lines = [Line(number, 1, sku, many, 1000) for number, (sku, many) in enumerate(units.items(), 1)]
    return made._replace(products=made.products + tea, order_items=lines)


@pytest.mark.points(4, of="best_sellers")
def test_equals_share_a_rank_and_none_is_dropped(student, postgres, rng):
    """Who of two equals is left out is decided by luck, and tomorrow it is the other one."""
    high, middle, low = sorted(rng.sample(range(1, 20), 3), reverse=True)
    names = rng.sample(["T-a", "T-b", "T-C", "T-9", "T-Z", "T-é"], 6)
    units = dict(zip(names, [high, high, middle, middle, middle, low], strict=True))
    made = sales(rng, units)
    fill(postgres, rng, made)
    for n in (1, 2, 3, 5, 6, 9):
        what = f"units {sorted(units.values(), reverse=True)}, n = {n}"
        same(student.best_sellers(postgres, n, *YEAR), best(made, n), what=what)


@pytest.mark.points(2, of="best_sellers")
def test_each_category_has_its_own_ranking(student, postgres, rng):
    """The best silk sells less than the worst tea, and still is the best silk."""
    made = shop(rng, goods=50, sales=150)
    goods = [row if rng.randrange(6) else row._replace(category=None) for row in made.products]
    made = made._replace(products=goods)
    fill(postgres, rng, made)
    for n in (1, 3):
        what = f"a year of 50 products, some of them without category, n = {n}"
        same(student.best_sellers(postgres, n, *YEAR), best(made, n), what=what)


@pytest.mark.points(2, of="best_sellers")
def test_only_orders_of_the_time_that_are_not_cancelled_count(student, postgres, rng):
    """A best-seller list of April with orders of May, or of baskets that went back, sends the buyers wrong."""
    since, until = AT, AT + rng.randrange(1, 60) * DAY
    times = [since - SECOND, since, until - SECOND, until, since]
    skus = [f"T-{number}" for number in range(5)]
    made = sales(rng, dict.fromkeys(skus, 5))
    made = made._replace(
        orders=[Order(number, None, at, "cancelled" if number == 5 else "placed") for number, at in enumerate(times, 1)]
    )
    fill(postgres, rng, made)
    what = "T-0 was sold just before since, T-1 at since, T-2 just before until, T-3 at until; T-4 is cancelled"
    same(student.best_sellers(postgres, 3, since, until), best(made, 3, since, until), what=what)
    for edges in ((since.replace(tzinfo=None), until), (since, until.replace(tzinfo=None))):
        with raises(ValueError, what="a naive time"):
            student.best_sellers(postgres, 3, *edges)


@pytest.mark.points(2, of="best_sellers")
def test_units_are_added_up_over_all_orders(student, postgres, rng):
    """Six times one is more than once five; and five of one are more than two lines."""
    made = sales(rng, {"T-five": 5, "T-four": 1, "T-six": 1})
    more = [(4, "T-six", 3), (5, "T-six", 2), (6, "T-four", 1), (7, "T-four", 1), (8, "T-four", 1)]
    made.orders.extend(Order(number, 1, AT + number * DAY, "paid") for number, _, _ in more)
    made.order_items.extend(Line(number, 1, sku, many, 1000) for number, sku, many in more)
    made = made._replace(products=[row._replace(active=False) for row in made.products])
    fill(postgres, rng, made)
    what = "T-six was sold 1 + 3 + 2 times, T-five 5 times at once, T-four 4 times in 4 orders; none is active now"
    same(student.best_sellers(postgres, 3, *YEAR), best(made, 3), what=what)


# never_bought


def strangers(made, category):
    """What never_bought must return."""
    skus = {product.sku for product in made.products if product.category == category}
    holding = {line.order_id for line in made.order_items if line.sku in skus}
    bought = {order.customer_id for order in made.orders if order.status != "cancelled" and order.order_id in holding}
    return [row.customer_id for row in made.customers if row.closed_at is None and row.customer_id not in bought]


def check_strangers(student, postgres, made, category, what):
    same(student.never_bought(postgres, category), strangers(made, category), what=what)


def history(rng, baskets):
    """8 open customers; baskets are (customer_id, status, skus), one order each."""
    made = books(rng, [(number, who, AT, status) for number, (who, status, _) in enumerate(baskets, 1)])
    lines = [
        Line(order, number, sku, 1, 90_000)
        for order, (_, _, skus) in enumerate(baskets, 1)
        for number, sku in enumerate(skus, 1)
    ]
    return made._replace(order_items=lines, customers=[row._replace(closed_at=None) for row in made.customers])


@pytest.mark.points(4, of="never_bought")
def test_orders_of_guests_do_not_empty_the_answer(student, postgres, rng):
    """x not in (1, 2, null) is never true: one guest, and the mailing goes to nobody."""
    made = history(rng, [(1, "paid", ["TEA-00007"]), (None, "paid", ["TEA-00007"]), (3, "placed", ["TEA-00014"])])
    fill(postgres, rng, made)
    check_strangers(student, postgres, made, "tea", "1 and 3 bought tea, and so did a guest")
    made = filled(postgres, rng, buyers=40, sales=60)
    for category in ("tea", "kid's toys", "silk"):
        check_strangers(student, postgres, made, category, f"a year of 40 customers and guests, category {category!r}")


@pytest.mark.points(2, of="never_bought")
def test_a_cancelled_order_is_no_purchase(student, postgres, rng):
    """Who sent the tea back has no tea."""
    made = history(
        rng,
        [(1, "cancelled", ["TEA-00007"]), (2, "cancelled", ["TEA-00007"]), (2, "shipped", ["TEA-00014"]),
         (3, "placed", ["TEA-00007"]), (4, "paid", ["TEA-00007"])],
    )  # fmt: skip
    fill(postgres, rng, made)
    check_strangers(student, postgres, made, "tea", "1 cancelled the tea, 2 cancelled one of two orders of tea")


@pytest.mark.points(2, of="never_bought")
def test_other_purchases_do_not_make_up_for_one_of_the_category(student, postgres, rng):
    """'Has an order without tea' is not 'has no order with tea'."""
    made = history(
        rng,
        [(1, "paid", ["TEA-00007", "COF-00001"]), (2, "paid", ["COF-00001"]), (2, "paid", ["TEA-00014"]),
         (3, "paid", ["COF-00001", "SPI-00002"]), (4, "paid", []), (5, "paid", ["NO-CATEGORY"])],
    )  # fmt: skip
    made.products.append(made.products[0]._replace(sku="NO-CATEGORY", category=None))
    fill(postgres, rng, made)
    what = "1 bought tea and coffee, 2 coffee and then tea, 3 no tea, 4 nothing yet, 5 something without category"
    check_strangers(student, postgres, made, "tea", what)
    for category in ("t%", "T_A", "TEA", "te' or 'a' = 'a", ""):
        check_strangers(student, postgres, made, category, f"a category that no product has, {category!r}")


@pytest.mark.points(2, of="never_bought")
def test_closed_customers_are_left_out_and_new_ones_are_not(student, postgres, rng):
    """Who left wants no more letters; who has never ordered anything is the first to write to."""
    made = history(rng, [(1, "paid", ["TEA-00007"]), (2, "paid", ["COF-00001"]), (3, "paid", ["COF-00001"])])
    closed = {3: AT - DAY, 5: datetime(2999, 1, 1, tzinfo=UTC)}
    made = made._replace(customers=[row._replace(closed_at=closed.get(row.customer_id)) for row in made.customers])
    fill(postgres, rng, made)
    check_strangers(student, postgres, made, "tea", "1 bought tea; 3 and 5 are closed; 4, 6, 7, 8 have no orders")
