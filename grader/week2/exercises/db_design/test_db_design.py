from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest

from grader.datasets import sales_flat
from grader.expect import raises, same

# Dependencies: what follows from them, by definition and not as a student would find it.


def subsets(names):
    return [set(some) for size in range(len(names) + 1) for some in combinations(sorted(names), size)]


def closed(attributes, fds):
    known = set(attributes)
    for _ in range(len(fds)):
        for left, right in fds:
            if left <= known:
                known |= right
    return known


def keys_of(relation, fds):
    """All minimal sets that determine the relation, by size, then by sorted names."""
    enough = [some for some in subsets(relation) if relation <= closed(some, fds)]
    return [some for some in enough if not any(other < some for other in enough)]


def names(attributes):
    return "{" + ", ".join(sorted(attributes)) + "}"


def told(fds):
    return "; ".join(f"{' '.join(sorted(left))} -> {' '.join(sorted(right))}" for left, right in fds)


def dependencies(text):
    """("a b -> c; c -> a") as a list of pairs of sets."""
    sides = [part.split("->") for part in text.split(";") if part.strip()]
    return [(set(left.split()), set(right.split())) for left, right in sides]


FLAT = "email -> customer city; city -> region; sku -> product; order sku -> quantity; order -> email"
TEXTBOOK = [  # relation, dependencies
    ("a", ""),
    ("a b", ""),
    ("order product sku", "sku -> product"),
    ("a b c", "a -> b; b -> c"),
    ("a b c", "a -> b; b -> a c"),
    ("city street zip", "city street -> zip; zip -> city"),
    ("order sku coupon", "order sku -> sku"),
    ("a b c d", "a b -> c d; a -> c"),  # a part of the key determines something
    ("a b c d", "a -> b c; b -> c; c -> d; a -> d"),  # the last follows from the others
    ("a b c d", "a b -> c; c -> d; d -> a"),
    ("a b c d e", "a -> b c; c d -> e; b -> d; e -> a"),
    ("a b c d e", "a b -> c; b c -> d; d -> b e; e -> a"),
    ("a b c d", "a b c -> d; a -> b"),
    (
        "order email customer city region sku product quantity",
        FLAT,
    ),
]


def relations(rng, count=6):
    """Textbook cases and random ones of three to six attributes, smallest first."""
    cases = [(set(relation.split()), dependencies(fds)) for relation, fds in TEXTBOOK]
    for size in sorted(rng.randrange(3, 7) for _ in range(count)):
        relation = list("abcdef"[:size])
        fds = [
            (set(rng.sample(relation, rng.randrange(1, 3))), set(rng.sample(relation, rng.randrange(1, 3))))
            for _ in range(rng.randrange(2, 6))
        ]
        cases.append((set(relation), fds))
    return cases


@pytest.mark.points(3, of="closure")
def test_a_closure_follows_the_dependencies_to_the_end(student, rng):
    """What is determined may determine more, and dependencies come in any order."""
    chain = dependencies("c -> d; b -> c; a -> b")
    same(student.closure({"a"}, chain), {"a", "b", "c", "d"}, what=f"closure of {{a}} under {told(chain)}")
    for relation, fds in relations(rng):
        some = set(rng.sample(sorted(relation), rng.randrange(1, len(relation) + 1)))
        got, args_after = student.closure.with_arguments(some, fds)
        same(got, closed(some, fds), what=f"closure of {names(some)} under {told(fds)}")
        same(list(args_after), [some, fds], what="the arguments after the call")


@pytest.mark.points(2, of="closure")
def test_a_dependency_needs_its_whole_left_side(student):
    """An order_id without a line does not say how many were bought."""
    fds = dependencies("order line -> sku; sku -> product; order -> email")
    for some, expected in (
        ("order", "order email"),
        ("line", "line"),
        ("order line", "order line sku product email"),
        ("email", "email"),
    ):
        got = student.closure(set(some.split()), fds)
        same(got, set(expected.split()), what=f"closure of {names(some.split())} under {told(fds)}")


@pytest.mark.points(4, of="candidate_keys")
def test_every_key_is_found_also_those_of_other_sizes(student, rng):
    """A key that you do not know is a constraint that you do not make."""
    for relation, fds in relations(rng):
        got = student.candidate_keys(relation, fds)
        missing = [key for key in keys_of(relation, fds) if key not in got]
        assert not missing, f"keys of {names(relation)} with {told(fds)}: {names(missing[0])} is missing, got {got}"


@pytest.mark.points(4, of="candidate_keys")
def test_every_key_determines_all_and_is_minimal(student, rng):
    """A key with a needless attribute lets the same fact in twice."""
    for relation, fds in relations(rng):
        got = student.candidate_keys(relation, fds)
        what = f"keys of {names(relation)} with {told(fds)}"
        assert got, f"{what}: got none; all attributes together determine the relation"
        for key in got:
            rest = relation - closed(key, fds)
            assert not rest, f"{what}: {names(key)} does not determine {names(rest)}"
            needless = [name for name in sorted(key) if relation <= closed(key - {name}, fds)]
            assert not needless, f"{what}: {names(key)} is no key, {needless[0]} is needless in it"


@pytest.mark.points(2, of="candidate_keys")
def test_keys_come_once_by_size_and_names(student, rng):
    """An answer that always has the same order can be compared and read."""
    for relation, fds in relations(rng):
        same(
            student.candidate_keys(relation, fds),
            keys_of(relation, fds),
            what=f"keys of {names(relation)} with {told(fds)}",
        )


def decomposed(student, relation, fds):
    """The student's relations, and the words for the case; no attribute may be missing or made up."""
    parts = student.decompose(relation, fds)
    what = f"{names(relation)} with {told(fds) or 'no dependencies'} as {' '.join(map(names, parts)) or 'nothing'}"
    same(set().union(*parts), relation, what=f"{what}: all attributes together")
    return parts, what


@pytest.mark.points(4, of="decompose")
def test_every_relation_is_in_third_normal_form(student, rng):
    """A fact about a part of the row is repeated, and its copies can contradict each other."""
    for relation, fds in relations(rng):
        parts, what = decomposed(student, relation, fds)
        for part in parts:
            left, right = next(_not_in_3nf(part, fds), (None, None))
            assert left is None, (
                f"{what}: in {names(part)}, {names(left)} determines {right} but not all, "
                f"and {right} is in none of its keys"
            )


def _not_in_3nf(part, fds):
    prime = set().union(*keys_of(part, fds))
    for left in subsets(part):
        known = closed(left, fds)
        if not part <= known:
            yield from ((left, right) for right in sorted((known & part) - left - prime))


@pytest.mark.points(4, of="decompose")
def test_joining_the_relations_makes_up_no_rows(student, rng):
    """Rows that were never sold appear in the join, and no constraint can help any more."""
    for relation, fds in relations(rng):
        parts, what = decomposed(student, relation, fds)
        assert _joins_back(relation, fds, parts), f"{what}: their join can have rows that the whole has not"


def _joins_back(relation, fds, parts):
    """The chase: a row for each part, 0 where it knows the value; some row must come to know all."""
    rows = [{name: 0 if name in part else number for name in relation} for number, part in enumerate(parts, 1)]
    changed = True
    while changed:
        changed = False
        for left, right in fds:
            for one, other in combinations(rows, 2):
                if all(one[name] == other[name] for name in left):
                    for name in right:
                        changed |= _made_equal(rows, name, one[name], other[name])
    return any(not any(row.values()) for row in rows)


def _made_equal(rows, name, one, other):
    for row in rows:
        if row[name] in (one, other):
            row[name] = min(one, other)
    return one != other


@pytest.mark.points(4, of="decompose")
def test_every_dependency_is_kept_inside_the_relations(student, rng):
    """A dependency over two tables cannot be held by a key, and no other constraint is as cheap."""
    for relation, fds in relations(rng):
        parts, what = decomposed(student, relation, fds)
        for left, right in fds:
            known = _known_inside(parts, left, fds)
            assert right <= known, f"{what}: {told([(left, right)])} does not follow from what single relations hold"


def _known_inside(parts, attributes, fds):
    known = set(attributes)
    for _ in range(len(fds) * len(parts) + 1):
        for part in parts:
            known |= closed(known & part, fds) & part
    return known


@pytest.mark.points(3, of="decompose")
def test_no_relation_lies_within_another(student, rng):
    """A table whose columns all stand in another one is the same facts twice."""
    for relation, fds in relations(rng):
        parts, what = decomposed(student, relation, fds)
        for number, part in enumerate(parts):
            others = [other for place, other in enumerate(parts) if place != number and part <= other]
            assert not others, f"{what}: {names(part)} lies within {others and names(others[0])}"


@pytest.mark.points(2, of="counterexamples")
def test_a_dependency_is_refuted_by_the_values_that_break_it(student, rng):
    """Whoever must mend the data needs the values, not a yes or no."""
    cities = rng.sample(["Huế", "Vinh", "Đà Lạt", "Ea H'leo", "Cần Thơ"], 4)
    rows = [{"city": city, "year": year, "region": "A"} for city in cities for year in (2025, 2026, 2026)]
    rng.choice(rows)["region"] = "B"
    rows += [{"city": "Hà Nội", "year": 2025, "region": region} for region in "AABBC"]
    rng.shuffle(rows)
    for left in (["city"], ["city", "year"], ["year", "city"], ["region"]):
        same(
            student.counterexamples(rows, left, "region"),
            refuted(rows, left, "region"),
            what=f"{' '.join(left)} -> region in {[tuple(row.values()) for row in rows]}",
        )
    same(student.counterexamples([], ["city"], "region"), [], what="no rows")


def refuted(rows, left, right):
    """By the definition: some two rows agree on the left and not on the right."""
    found = {
        sales_flat.side(one, left)
        for one, other in combinations(rows, 2)
        if sales_flat.side(one, left) == sales_flat.side(other, left) and one[right] != other[right]
    }
    return sorted(found, key=str)


@pytest.mark.points(2, of="counterexamples")
def test_none_is_a_value_on_both_sides(student):
    """Two rows without a city and with two regions refute it as well as any other."""
    rows = [
        {"city": None, "region": "A"},
        {"city": None, "region": "B"},
        {"city": "Huế", "region": None},
        {"city": "Huế", "region": "A"},
        {"city": "Vinh", "region": None},
        {"city": "Vinh", "region": None},
    ]
    same(student.counterexamples(rows, ["city"], "region"), [("Huế",), (None,)], what="city -> region")
    same(student.counterexamples(rows[4:], ["city"], "region"), [], what="twice Vinh without a region")


@pytest.mark.points(1, of="counterexamples")
def test_nothing_on_the_left_means_one_value_for_all(student):
    """A column that never changes depends on nothing."""
    rows = [{"currency": "VND", "sku": "A"}, {"currency": "VND", "sku": "B"}]
    same(student.counterexamples(rows, [], "sku"), [()], what="nothing -> sku")
    same(student.counterexamples(rows, [], "currency"), [], what="nothing -> currency")


# create_schema: the test writes with its own hands.

CITY = "insert into {cities} (city, region) values (%s, %s)"
CUSTOMER = "insert into {customers} (email, name, city) values (%s, %s, %s)"
PRODUCT = "insert into {products} (sku, name, category) values (%s, %s, %s)"
ORDER = """insert into {orders} (order_id, customer_id, ordered_at)
           select %s, customer_id, %s from {customers} where email = %s"""
ORDER_OF = "insert into {orders} (order_id, customer_id, ordered_at) values (%s, %s, %s)"
LINE = "insert into {order_items} (order_id, line, sku, quantity, unit_price) values (%s, %s, %s, %s, %s)"
COUPON = "insert into {order_coupons} (order_id, coupon) values (%s, %s)"
PRICE = "insert into {prices} (sku, price, valid) values (%s, %s, daterange(%s::date, %s::date))"
AT = datetime(2026, 3, 8, 2, 15, tzinfo=UTC)
MAIL, OTHER_MAIL = "lan.tran17@gmail.com", "y.ea@example.vn"
FIRST, SECOND = 2**33 + 1, 2**33 + 2  # orders

FACTS = [  # two of everything, and each allowed
    (CITY, "Huế", "Miền Trung"),
    (CITY, "Ea H'leo", "Tây Nguyên"),
    (CUSTOMER, MAIL, "Trần Thị Lan", "Huế"),
    (CUSTOMER, OTHER_MAIL, "Trần Thị Lan", "Ea H'leo"),
    (PRODUCT, "NON", "Nón lá", "Thời trang"),
    (PRODUCT, "X'); --", 'Lụa "Hà Đông" 100%', "Thời trang"),
    (ORDER, FIRST, AT, MAIL),
    (ORDER, SECOND, AT, OTHER_MAIL),
    (LINE, FIRST, 1, "NON", 1, 0),
    (LINE, FIRST, 2, "NON", 2, 3_200_000_000),
    (LINE, SECOND, 1, "X'); --", 12, 690_000),
    (COUPON, FIRST, "TET2026"),
    (COUPON, FIRST, "FREESHIP"),
    (COUPON, SECOND, "TET2026"),
    (PRICE, "NON", 85_000, date(2026, 1, 1), date(2026, 3, 1)),
    (PRICE, "X'); --", 3_200_000_000, date(2026, 1, 1), None),
]
TABLES = ("cities", "customers", "products", "orders", "order_items", "order_coupons", "prices")


def stocked(student, postgres):
    """The student's tables with FACTS in them."""
    student.create_schema(postgres)
    with postgres.session() as hand:
        for sql, *values in FACTS:
            is_taken(hand.do(sql, *values), row_of(sql, values))
        same(hand.commit(), "done", what="the commit of rows that are allowed")


def row_of(sql, values):
    """ "cities ('Huế', null)" for an insert."""
    table = sql.partition("{")[2].partition("}")[0]
    cells = ["null" if cell is None else repr(cell) if isinstance(cell, str) else str(cell) for cell in values]
    return f"{table} ({', '.join(cells)})"


def tried(hand, sql, values):
    """ "done", or "refused" with the SQLSTATE, in a session of the test; nothing is kept."""
    hand.do("set constraints all immediate")  # those that wait for the commit must answer, too
    outcome = hand.do(sql, *values)
    hand.rollback()
    return outcome


def is_taken(outcome, what):
    refused = outcome.removeprefix("refused ") if outcome != "done" else ""
    assert not refused, f"the database refuses {what}, which is allowed (SQLSTATE {refused})"


def takes(hand, what, sql, *values):
    is_taken(tried(hand, sql, values), what)


def refuses(hand, what, sql, *values):
    taken = tried(hand, sql, values) == "done"
    assert not taken, f"the database takes {what}"


@pytest.mark.points(3, of="create_schema")
def test_every_fact_stands_once(student, postgres):
    """What is stored twice will one day say two things."""
    stocked(student, postgres)
    with postgres.session() as hand:
        refuses(hand, "a city twice", CITY, "Huế", "Miền Nam")
        refuses(hand, "a sku twice", PRODUCT, "NON", "Nón", "Quà tặng")
        refuses(hand, "an order_id twice", ORDER, FIRST, AT + timedelta(days=1), OTHER_MAIL)
        refuses(hand, "a line twice in one order", LINE, FIRST, 1, "X'); --", 3, 5000)
        refuses(hand, "a coupon twice in one order", COUPON, FIRST, "TET2026")
        refuses(hand, "an e-mail twice", CUSTOMER, MAIL, "Lan Trần", "Ea H'leo")
        refuses(hand, "an e-mail twice, in another case", CUSTOMER, MAIL.title(), "Lan Trần", "Ea H'leo")


@pytest.mark.points(2, of="create_schema")
def test_there_are_no_orphans(student, postgres):
    """A line without its order is money that no report finds."""
    stocked(student, postgres)
    with postgres.session() as hand:
        stranger = postgres.value("select max(customer_id) + 1000 from {customers}")
        refuses(hand, "a customer in an unknown city", CUSTOMER, "new@x.vn", "Mới", "Atlantis")
        refuses(hand, "an order of an unknown customer", ORDER_OF, 7, stranger, AT)
        refuses(hand, "a line of an unknown order", LINE, 7, 1, "NON", 1, 85_000)
        refuses(hand, "a line with an unknown sku", LINE, FIRST, 3, "NIX", 1, 85_000)
        refuses(hand, "a coupon of an unknown order", COUPON, 7, "TET2026")
        refuses(hand, "a price of an unknown sku", PRICE, "NIX", 85_000, date(2026, 1, 1), None)


@pytest.mark.points(3, of="create_schema")
def test_no_column_is_null_and_no_text_blank(student, postgres):
    """A blank name is a missing one that count(name) does not see."""
    stocked(student, postgres)
    with postgres.session() as hand:
        customer = postgres.value("select min(customer_id) from {customers}")
        sound = [
            (CITY, "Vinh", "Miền Trung"),
            (CUSTOMER, "new@x.vn", "Mới", "Huế"),
            (PRODUCT, "NEW", "Phin", "Nhà bếp"),
            (ORDER_OF, 7, customer, AT),
            (LINE, FIRST, 3, "NON", 1, 85_000),
            (COUPON, FIRST, "SV-10"),
            (PRICE, "NON", 85_000, date(2026, 6, 1), None),
        ]
        for sql, *values in sound:
            takes(hand, row_of(sql, values), sql, *values)
            for place in range(len(values) - (sql == PRICE)):  # a period without an end is fine
                for worse in (None, "", "   ") if isinstance(values[place], str) else (None,):
                    row = [*values[:place], worse, *values[place + 1 :]]
                    if sql != PRICE or place < 2:
                        refuses(hand, row_of(sql, row), sql, *row)
        period = "insert into {prices} (sku, price, valid) values (%s, %s, null)"
        refuses(hand, "a price without a period", period, "NON", 85_000)
        refuses(hand, "a coupon with a comma", COUPON, FIRST, "SV,10")


@pytest.mark.points(2, of="create_schema")
def test_quantities_and_prices_have_bounds(student, postgres):
    """A gift costs zero dong; a negative quantity is a return in disguise, which has tables of its own."""
    stocked(student, postgres)
    with postgres.session() as hand:
        takes(hand, "a gift", LINE, FIRST, 3, "NON", 1, 0)
        takes(hand, "a list price of 0", PRICE, "NON", 0, date(2026, 6, 1), None)
        for quantity in (0, -1):
            refuses(hand, f"a quantity of {quantity}", LINE, FIRST, 3, "NON", quantity, 85_000)
        refuses(hand, "a negative unit_price", LINE, FIRST, 3, "NON", 1, -1)
        refuses(hand, "a negative price", PRICE, "NON", -1, date(2026, 6, 1), None)


@pytest.mark.points(2, of="create_schema")
def test_periods_of_one_sku_may_touch_but_not_overlap(student, postgres):
    """On a day with two prices the till takes either."""
    stocked(student, postgres)  # NON has January and February
    with postgres.session() as hand:
        january, february, march = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
        takes(hand, "a period that starts where another ends", PRICE, "NON", 90_000, march, None)
        takes(hand, "a period that ends where another starts", PRICE, "NON", 1, date(2025, 1, 1), january)
        for what, since, until in (
            ("a period within another", february, february + timedelta(days=1)),
            ("the same period twice", january, march),
            ("a period that shares its first day", march - timedelta(days=1), date(2026, 4, 1)),
            ("a period that shares its last day", date(2025, 1, 1), january + timedelta(days=1)),
            ("a period around another", date(2025, 1, 1), None),
            ("a period without any day", march, march),
        ):
            refuses(hand, what, PRICE, "NON", 90_000, since, until)


@pytest.mark.points(3, of="create_schema")
def test_two_sessions_at_once_get_no_contradiction_in(student, postgres):
    """Whoever looks first and writes then does not see what the other has not committed yet."""
    stocked(student, postgres)
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    cases = [
        ("prices", "price in (1, 2)", PRICE, ("NON", 1, june, None), ("NON", 2, july, None)),
        ("customers", "name = 'Mới'", CUSTOMER, ("new@x.vn", "Mới", "Huế"), ("NEW@x.vn", "Mới", "Huế")),
    ]
    for table, where, sql, one, other in cases:
        both = f"{row_of(sql, one)} and {row_of(sql, other)}"
        with postgres.session() as first, postgres.session() as second:
            same(first.do(sql, *one), "done", what=f"one session writes {row_of(sql, one)}")
            taken = second.do(sql, *other)  # waits for the first, or is refused, or goes on to its commit
            first.commit()
            if taken == "done":
                second.commit()
        left = postgres.count(table, where)
        assert left == 1, f"two sessions at once write {both}: {left} are stored, 1 may be"
        with postgres.session() as hand:
            refuses(hand, both, sql, *other)


@pytest.mark.points(2, of="create_schema")
def test_what_is_in_use_stays_and_an_order_takes_its_parts_along(student, postgres):
    """History needs its customers and products; parts of an order are nothing without it."""
    stocked(student, postgres)
    with postgres.session() as hand:
        refuses(hand, "the deletion of a city with customers", "delete from {cities} where city = 'Huế'")
        refuses(hand, "the deletion of a customer with orders", "delete from {customers} where email = %s", MAIL)
        refuses(hand, "the deletion of a product with lines", "delete from {products} where sku = 'NON'")
        delete = "delete from {orders} where order_id = %s"
        takes(hand, "the deletion of an order", delete, FIRST)
        postgres.do(delete, FIRST)
        left = {table: postgres.count(table) for table in TABLES}
        expected = dict(zip(TABLES, (2, 2, 2, 1, 1, 1, 2), strict=True))
        same(left, expected, what="rows after one of two orders is deleted")


@pytest.mark.points(2, of="create_schema")
def test_the_view_shows_each_line_once_with_all_coupons(student, postgres):
    """An order with two lines and two coupons is two rows, not four; one without coupons is there, too."""
    stocked(student, postgres)
    extra = [(COUPON, FIRST, "SV05"), (COUPON, FIRST, "SV-10"), (COUPON, FIRST, "an"), (ORDER, 7, AT, MAIL),
             (LINE, 7, 1, "NON", 1, 85_000)]  # fmt: skip
    for sql, *values in extra:
        postgres.do(sql, *values)
    lan = {"email": MAIL, "customer": "Trần Thị Lan", "city": "Huế", "region": "Miền Trung"}
    other = {"email": OTHER_MAIL, "customer": "Trần Thị Lan", "city": "Ea H'leo", "region": "Tây Nguyên"}
    hat = {"sku": "NON", "product": "Nón lá", "category": "Thời trang"}
    silk = {"sku": "X'); --", "product": 'Lụa "Hà Đông" 100%', "category": "Thời trang"}
    many = "FREESHIP,SV-10,SV05,TET2026,an"
    expected = [
        lan | hat | {"order_id": 7, "line": 1, "quantity": 1, "unit_price": 85_000, "coupons": ""},
        lan | hat | {"order_id": FIRST, "line": 1, "quantity": 1, "unit_price": 0, "coupons": many},
        lan | hat | {"order_id": FIRST, "line": 2, "quantity": 2, "unit_price": 3_200_000_000, "coupons": many},
        other | silk | {"order_id": SECOND, "line": 1, "quantity": 12, "unit_price": 690_000, "coupons": "TET2026"},
    ]
    same_rows(flat(postgres), [row | {"ordered_at": AT} for row in expected])


def flat(postgres):
    columns = ", ".join(sales_flat.COLUMNS)
    return postgres.rows(f"select {columns} from {{sales_flat:any}} order by order_id, line")


def same_rows(got, expected):
    """Compares the rows of sales_flat with those that it must show."""
    keys = ("order_id", "line")
    numbers = [sales_flat.side(row, keys) for row in got]
    extra = [number for number in numbers if numbers.count(number) > 1][:1]
    assert not extra, f"sales_flat shows line {extra[0][1]} of order {extra[0][0]} {numbers.count(extra[0])} times"
    missing = [row for row in expected if sales_flat.side(row, keys) not in numbers][:1]
    assert not missing, f"sales_flat does not show {line_of(missing[0])}"
    known = [sales_flat.side(row, keys) for row in expected]
    surplus = [row for row in got if sales_flat.side(row, keys) not in known][:1]
    assert not surplus, f"sales_flat shows {line_of(surplus[0])}, which must not be there"
    for row, right in zip(got, expected, strict=True):
        columns = {name: right[name] for name in sales_flat.COLUMNS}
        same(row, columns, what=f"sales_flat, {line_of(row)}")


def line_of(row):
    return f"line {row['line']} of order {row['order_id']} ({row['email']}, coupons {row['coupons']!r})"


@pytest.mark.points(1, of="create_schema")
def test_a_second_call_leaves_all_as_it_is(student, postgres):
    """Deployments run again, on tables that are full."""
    stocked(student, postgres)
    before = everything(postgres)
    student.create_schema(postgres)
    same(everything(postgres), before, what="the tables after a second create_schema")


def everything(postgres):
    """All rows of all tables, as text."""
    return {table: sorted(postgres.values(f"select t::text from {{{table}}} t")) for table in TABLES}


# load_flat


def made(rng, count=12, contradictions=(), **dirt):
    """A shop and an export of it."""
    of = sales_flat.shop(rng)
    return of, sales_flat.export(rng, of, sales_flat.sales(rng, of, count), contradictions, **dirt)


def emptied(postgres):
    postgres.do(
        "truncate {order_coupons}, {order_items}, {prices}, {orders}, {customers}, {products}, {cities} cascade"
    )


def outcome(export):
    return {"lines": len(export.stored), "duplicates": export.duplicates, "refused": export.refused}


def loads(student, postgres, rows, expected, what):
    """The student's load_flat gives this outcome; the first row that is wrongly refused, or wrongly not, is named."""
    got = student.load_flat(postgres, rows)
    refused = got.get("refused")
    if isinstance(refused, list):
        wrongly = [(index, "must be refused") for index in expected["refused"] if index not in refused]
        wrongly += [
            (i, "must not be refused") for i in range(len(rows)) if i in refused and i not in expected["refused"]
        ]
        assert not wrongly, f"{what}: row {wrongly[0][0]}, of order {rows[wrongly[0][0]]['order_id']}, {wrongly[0][1]}"
    same(got, expected, what=what)


@pytest.mark.points(4, of="load_flat")
def test_what_is_loaded_comes_back_from_the_view_and_each_fact_stands_once(student, postgres, rng):
    """Nothing is lost on the way into the tables, and nothing is copied in them."""
    student.create_schema(postgres)
    loads(student, postgres, [], {"lines": 0, "duplicates": 0, "refused": []}, "no rows")
    _, export = made(rng, count=25)
    got, args_after = student.load_flat.with_arguments(postgres, export.rows)
    same(got, outcome(export), what=f"{len(export.rows)} rows without contradictions")
    same(list(args_after)[1], export.rows, what="the rows after the call")
    same_rows(flat(postgres), export.stored)
    coupons = {(row["order_id"], coupon) for row in export.stored for coupon in row["coupons"].split(",") if coupon}
    stored = postgres.rows('select order_id, coupon from {order_coupons} order by order_id, coupon collate "C"')
    same([tuple(row.values()) for row in stored], sorted(coupons), what="rows of order_coupons")
    for table, column in (("cities", "city"), ("customers", "email"), ("products", "sku"), ("orders", "order_id")):
        facts = len({row[column] for row in export.stored})
        same(postgres.count(table), facts, what=f"rows of {table}, of {len(export.stored)} lines")


@pytest.mark.points(2, of="load_flat")
def test_a_second_load_changes_nothing_and_counts_duplicates(student, postgres, rng):
    """Exports are sent again, whole or in part, and nobody tells you."""
    student.create_schema(postgres)
    _, export = made(rng, resent=4)
    loads(student, postgres, export.rows, outcome(export), "rows of which 4 were sent twice")
    before = everything(postgres)
    again = {"lines": 0, "duplicates": len(export.rows), "refused": []}
    loads(student, postgres, export.rows, again, "the same rows once more")
    same(everything(postgres), before, what="the tables after the second load")


@pytest.mark.points(4, of="load_flat")
def test_orders_with_a_contradicted_email_city_or_sku_are_refused_and_only_these(student, postgres, rng):
    """Which of two regions is right nobody knows; the last one to arrive is not righter than the first."""
    for kind in ("customer", "city", "region", "product", "category"):
        check_contradiction(student, postgres, rng, kind)


@pytest.mark.points(2, of="load_flat")
def test_an_order_that_contradicts_itself_is_refused_whole(student, postgres, rng):
    """Half an order is worse than none: its total looks right."""
    for kind in ("ordered_at", "email", "coupons", "sku", "quantity", "unit_price"):
        check_contradiction(student, postgres, rng, kind)


def check_contradiction(student, postgres, rng, kind):
    student.create_schema(postgres)
    emptied(postgres)
    _, export = made(rng, count=8, contradictions=[kind])
    what = f"{len(export.rows)} rows, two of which with {export.contradicted[0]} differ in {kind}"
    loads(student, postgres, export.rows, outcome(export), what)
    same_rows(flat(postgres), export.stored)


@pytest.mark.points(2, of="load_flat")
def test_stored_facts_contradict_even_if_no_line_shows_them(student, postgres, rng):
    """The catalogue knows the product before anybody buys it."""
    student.create_schema(postgres)
    _, export = made(rng, count=10)
    sample, (sku, city, email) = rng.choice(export.stored), drawn(rng, export.stored, "sku", "city", "email")
    for sql, *values in (
        (PRODUCT, sku, "not what the export says", "Xe"),
        (CITY, city, "not what the export says"),
        (CITY, "Atlantis", "Miền Trung"),
        (CUSTOMER, email, "not what the export says", "Atlantis"),
    ):
        postgres.do(sql, *values)
    wrong = {("sku", sku), ("city", city), ("email", email)}
    lost = {
        row["order_id"] for row in export.stored if wrong & {(name, row[name]) for name in ("sku", "city", "email")}
    }
    stored = [row for row in export.stored if row["order_id"] not in lost]
    refused = [index for index, row in enumerate(export.rows) if row["order_id"] in lost]
    expected = {"lines": len(stored), "duplicates": 0, "refused": refused}
    what = f"the tables hold something else about {sku}, {city} and {email}"
    loads(student, postgres, export.rows, expected, what)
    same_rows(flat(postgres), stored)
    emptied(postgres)
    for row, added in ((sample, True), (sample | {"line": 91}, True), (sample | {"line": 92, "coupons": "NEW"}, False)):
        expected = {"lines": int(added), "duplicates": 0, "refused": [] if added else [0]}
        what = f"line {row['line']} of an order that came in parts, coupons {row['coupons']!r}"
        loads(student, postgres, [row], expected, what)


def drawn(rng, rows, *columns):
    """A cell of each column, each of some row."""
    return [rng.choice(rows)[column] for column in columns]


@pytest.mark.points(2, of="load_flat")
def test_the_order_of_rows_does_not_matter(student, postgres, rng):
    """Files are merged in any order; a load that depends on it gives another answer tomorrow."""
    student.create_schema(postgres)
    for count in (2, 3, 4):
        rows = few_facts(rng, count)
        for what in ("as they come", "backwards", "shuffled"):
            emptied(postgres)
            expected, stored, contradicted = judged(rows)
            case = f"{len(rows)} rows, {what}; contradicted are {contradicted}"
            loads(student, postgres, rows, expected, case)
            same_rows(flat(postgres), stored)
            rows = rows[::-1] if what == "as they come" else rng.sample(rows, len(rows))


def few_facts(rng, count):
    """Orders of a very small shop, some cells of which are wrong: contradictions wherever one looks."""
    of = sales_flat.shop(rng, customers=3, products=4)
    rows = [row for order in sales_flat.sales(rng, of, count * 2) for row in order]
    first = rows[0]["order_id"]
    rows = [row | {"order_id": row["order_id"] - first + 1} for row in rows]
    for row in rng.sample(rows, count - 1):
        column = rng.choice(("email", "city", "region", "customer", "product", "quantity", "coupons"))
        row[column] = 99 if column == "quantity" else rng.choice(rows)[column]
    return rows


def judged(rows):
    """What must come of rows, none of them twice, by the definition of a contradicted value."""
    says = defaultdict(set)
    for left, right in sales_flat.DETERMINES.items():
        for row in rows:
            says[left, sales_flat.side(row, left)].add(sales_flat.side(row, right))
    contradicted = [value for value, sides in says.items() if len(sides) > 1]
    lost = {row["order_id"] for row in rows for left, cells in contradicted if sales_flat.side(row, left) == cells}
    refused = [index for index, row in enumerate(rows) if row["order_id"] in lost]
    stored = sorted(
        (row for row in rows if row["order_id"] not in lost), key=lambda row: (row["order_id"], row["line"])
    )
    told = "; ".join(" ".join(map(str, [*left, *cells])) for left, cells in contradicted)
    return {"lines": len(stored), "duplicates": 0, "refused": refused}, stored, told


@pytest.mark.points(2, of="load_flat")
def test_another_spelling_is_no_other_fact(student, postgres, rng):
    """Two ways to write Huế look the same on the screen and are two keys in the index."""
    student.create_schema(postgres)
    for kinds in ((), ("region", "quantity")):
        emptied(postgres)
        _, export = made(rng, contradictions=kinds, resent=6, sloppy=True)
        loads(student, postgres, export.rows, outcome(export), "e-mails in capitals, texts in NFD, times of UTC+7")
        same_rows(flat(postgres), export.stored)


@pytest.mark.points(1, of="load_flat")
def test_a_naive_time_is_refused(student, postgres, rng):
    """Nine o'clock is seven different hours between Hà Nội and London."""
    student.create_schema(postgres)
    _, export = made(rng, count=3)
    naive = export.rows[-1] | {"ordered_at": export.rows[-1]["ordered_at"].replace(tzinfo=None)}
    with raises(ValueError, what="an ordered_at without time zone"):
        student.load_flat(postgres, [*export.rows[:-1], naive])
    same(postgres.count("orders"), 0, what="orders stored after the ValueError")
    loads(student, postgres, export.rows, outcome(export), "the same rows with all time zones")


@pytest.mark.points(1, of="load_flat")
def test_a_row_that_breaks_a_constraint_leaves_nothing_of_the_call(student, postgres, rng):
    """After an error somebody mends the file and sends it again; half of it must not be there yet."""
    student.create_schema(postgres)
    _, export = made(rng, count=4)
    last = export.stored[-1]
    for broken in ({"quantity": 0}, {"customer": "  "}):
        rows = [row | broken if row["order_id"] == last["order_id"] else row for row in export.rows]
        rows = [row | {"email": "new@x.vn"} if row["order_id"] == last["order_id"] else row for row in rows]
        with raises(ValueError, what=f"rows with {broken}"):
            student.load_flat(postgres, rows)
        left = {table: postgres.count(table) for table in TABLES}
        same(left, dict.fromkeys(TABLES, 0), what=f"rows stored after the ValueError for {broken}")
    loads(student, postgres, export.rows, outcome(export), "the mended rows")


# set_price


def periods(postgres, sku):
    """[(price, first day, day after the last or None)] by time."""
    rows = postgres.rows(
        """select price, lower(valid) as since, nullif(upper(valid), 'infinity') as until
           from {prices} where sku = %s order by valid""",
        sku,
    )
    return [tuple(row.values()) for row in rows]


def told_periods(rows):
    return ", ".join(f"{price} [{since},{until or ''})" for price, since, until in rows) or "none"


def listed(rows, day):
    """All prices that a list gives for a day."""
    return [price for price, since, until in rows if since <= day and (until is None or day < until)]


@pytest.mark.points(4, of="set_price")
def test_every_day_has_the_price_that_was_set_for_it(student, postgres, rng):
    """Prices are announced, corrected and brought forward, and each day must still have exactly one."""
    student.create_schema(postgres)
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(12)]
    for sku in ("NON", "X'); --"):
        postgres.do(PRODUCT, sku, "Nón lá", "Thời trang")
        said = {}
        for _ in range(7):
            since, price = rng.choice(days), rng.randrange(60, 200) * 1000
            before = told_periods(periods(postgres, sku))
            same(student.set_price(postgres, sku, price, since), None, what="set_price")
            said[since] = price
            got = periods(postgres, sku)
            what = f"set_price({price}, {since}) after {before} leaves {told_periods(got)}"
            for day in [*days, date(2031, 1, 1)]:
                last = max((start for start in said if start <= day), default=None)
                expected = [] if last is None else [said[last]]
                same(listed(got, day), expected, what=f"{what}: the prices of {day}")
    same({row[1] for row in periods(postgres, "NON")} - set(days), set(), what="first days that nobody named")


@pytest.mark.points(2, of="set_price")
def test_a_price_ends_where_the_next_one_starts(student, postgres, rng):
    """A price for spring must not undo what was announced for summer."""
    student.create_schema(postgres)
    april, may, june, july = (date(2026, month, 1) for month in (4, 5, 6, 7))
    cases = [  # periods before, first day of the new one, periods after
        ([], may, [(5, may, None)]),
        ([(1, june, None)], may, [(5, may, june), (1, june, None)]),
        ([(1, april, None)], may, [(1, april, may), (5, may, None)]),
        ([(1, april, june), (2, june, None)], may, [(1, april, may), (5, may, june), (2, june, None)]),
        ([(1, april, may), (2, may, june), (3, june, july)], may, [(1, april, may), (5, may, june), (3, june, july)]),
        ([(1, april, may), (2, july, None)], june, [(1, april, may), (5, june, july), (2, july, None)]),
        ([(1, april, june)], may, [(1, april, may), (5, may, None)]),
    ]
    for number, (before, since, after) in enumerate(cases):
        sku = f"S-{number}"
        postgres.do(PRODUCT, sku, "Nón lá", "Thời trang")
        for price, start, end in before:
            postgres.do(PRICE, sku, price, start, end)
        student.set_price(postgres, sku, 5, since)
        same(periods(postgres, sku), after, what=f"set_price(5, {since}) after {told_periods(before)}")


@pytest.mark.points(2, of="set_price")
def test_an_unknown_sku_and_a_negative_price_change_nothing(student, postgres):
    """A typing error must not become a price."""
    stocked(student, postgres)
    before = everything(postgres)
    with raises(ValueError, naming=["NIX-9"], what="a sku that products does not have"):
        student.set_price(postgres, "NIX-9", 5, date(2026, 5, 1))
    with raises(ValueError, what="a price of -1"):
        student.set_price(postgres, "NON", -1, date(2026, 2, 1))
    same(everything(postgres), before, what="the tables after two refused prices")
    student.set_price(postgres, "NON", 0, date(2026, 2, 1))
    expected = [(85_000, date(2026, 1, 1), date(2026, 2, 1)), (0, date(2026, 2, 1), None)]
    same(periods(postgres, "NON"), expected, what="set_price(0, 2026-02-01) after 85000 [2026-01-01,2026-03-01)")


@pytest.mark.points(2, of="set_price")
def test_the_price_paid_stays_when_the_list_changes(student, postgres, rng):
    """The tax office asks what was paid in March, not what it costs today."""
    student.create_schema(postgres)
    _, export = made(rng, count=5)
    student.load_flat(postgres, export.rows)
    sku = rng.choice(export.stored)["sku"]
    for price, since in ((7, date(2025, 1, 1)), (123_456, date(2026, 4, 1))):
        student.set_price(postgres, sku, price, since)
    same(postgres.values("select price from {prices} order by valid"), [7, 123_456], what=f"prices of {sku}")
    same_rows(flat(postgres), export.stored)


# create_indexes: buffers from the plan, rules from the catalogue.


def shoppers(postgres, count):
    """So many customers of one city, and their ids."""
    postgres.do(CITY, "Huế", "Miền Trung")
    rows = [{"email": f"nr{number}@example.vn", "name": f"Lan {number}", "city": "Huế"} for number in range(count)]
    postgres.load("customers", rows)
    return postgres.values("select customer_id from {customers} order by email")


def ordered(postgres, rng, customers, count):
    """So many orders in the order of time, 55 a day; the first customer has every tenth of the first half."""
    start = datetime(2025, 6, 1, tzinfo=UTC)
    rows = [
        {
            "order_id": FIRST + number,
            "customer_id": customers[0] if number % 10 == 0 and number < count // 2 else rng.choice(customers[1:]),
            "ordered_at": start + timedelta(seconds=number * 86_400 // 55),
        }
        for number in range(count)
    ]
    postgres.load("orders", rows)
    return rows


def reads_at_most(postgres, most, what, sql, *values):
    used = postgres.buffers(sql, *values)
    assert used <= most, f"{what}: read {used} buffers, at most {most} are allowed"


@pytest.mark.points(3, of="create_indexes")
def test_the_newest_orders_of_a_customer_read_few_buffers(student, postgres, rng):
    """The page that every customer sees first must not get slower with the best customers."""
    student.create_schema(postgres)
    customers = shoppers(postgres, 200)
    ordered(postgres, rng, customers, 20_000)
    student.create_indexes(postgres)
    postgres.vacuum()
    sql = "select order_id, ordered_at from {orders} where customer_id = %s order by ordered_at desc limit 20"
    reads_at_most(postgres, 40, "20 newest of 1 000 orders of a customer who left half a year ago", sql, customers[0])
    reads_at_most(postgres, 40, "20 newest orders of a customer with about 90 orders", sql, customers[7])


@pytest.mark.points(2, of="create_indexes")
def test_the_orders_of_one_day_read_few_buffers(student, postgres, rng):
    """The report of yesterday must not read all of last year."""
    student.create_schema(postgres)
    rows = ordered(postgres, rng, shoppers(postgres, 200), 20_000)
    student.create_indexes(postgres)
    postgres.vacuum()
    sql = "select order_id from {orders} where ordered_at >= %s and ordered_at < %s"
    for row in rng.sample(rows[:-200], 2):
        day = row["ordered_at"].astimezone(sales_flat.LOCAL).replace(hour=0, minute=0, second=0)
        until = day + timedelta(days=1)
        reads_at_most(postgres, 60, f"orders of {day:%Y-%m-%d} in the shops", sql, day, until)


@pytest.mark.points(2, of="create_indexes")
def test_the_quantity_of_a_product_reads_few_buffers(student, postgres, rng):
    """The buyer asks for one product, and PostgreSQL has indexed the other side of the foreign key only."""
    student.create_schema(postgres)
    orders = ordered(postgres, rng, shoppers(postgres, 5), 1000)
    goods = [f"S-{number:04d}" for number in range(600)]
    postgres.load("products", [{"sku": sku, "name": "Nón lá", "category": "Thời trang"} for sku in goods])
    skus = [sku for number, sku in enumerate(goods) for _ in range(27 + number % 14)]  # 27 to 40 lines
    rng.shuffle(skus)
    lines = [
        {
            "order_id": orders[number // 20]["order_id"],
            "line": number % 20 + 1,
            "sku": sku,
            "quantity": 1,
            "unit_price": 85_000,
        }
        for number, sku in enumerate(skus[:20_000])
    ]
    postgres.load("order_items", lines)
    student.create_indexes(postgres)
    postgres.vacuum()
    for sku in rng.sample(goods, 3):
        sql = "select sum(quantity)::int from {order_items} where sku = %s"
        reads_at_most(postgres, 60, f"quantity of {sku}", sql, sku)


@pytest.mark.points(2, of="create_indexes")
def test_a_customer_is_found_by_an_email_in_any_case(student, postgres, rng):
    """People log in with a capital letter, and an index on email does not know lower(email)."""
    student.create_schema(postgres)
    shoppers(postgres, 5000)
    student.create_indexes(postgres)
    postgres.vacuum()
    sql = "select customer_id, name from {customers} where lower(email) = lower(%s::text)"
    reads_at_most(postgres, 6, "a customer by e-mail", sql, f"NR{rng.randrange(5000)}@Example.vn")


FOREIGN = {
    ("customers", "city"),
    ("orders", "customer_id"),
    ("order_items", "order_id"),
    ("order_items", "sku"),
    ("order_coupons", "order_id"),
    ("prices", "sku"),
}
SUPPORT = """
    select t.relname::text as "table",
           (select string_agg(a.attname, ', ') from pg_attribute a
            where a.attrelid = c.conrelid and a.attnum = any(c.conkey)) as columns,
           exists (select from pg_index i
                   where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
                   and i.indnkeyatts >= cardinality(c.conkey)
                   and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey) as supported
    from pg_constraint c join pg_class t on t.oid = c.conrelid
    where c.contype = 'f'
    order by 1, 2
"""
INDEXES = """
    select i.indrelid::int8 as "table", t.relname::text as on, x.relname::text as name, x.relam::int8 as kind,
           coalesce(pg_get_expr(i.indpred, i.indrelid), '') as filter,
           i.indisunique or exists (select from pg_constraint c
                                    where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x')) as rule,
           array(select pg_get_indexdef(i.indexrelid, n, true)
                 from generate_series(1, i.indnkeyatts) n order by n) as columns
    from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    join pg_namespace s on s.oid = t.relnamespace
    where s.nspname !~ '^(pg_|information_schema$)'
    order by 2, 3
"""


def indexes(student, postgres):
    """The indexes that enforce no rule, and all, after both functions were called."""
    student.create_schema(postgres)
    student.create_indexes(postgres)
    rows = postgres.rows(INDEXES)
    added = [row for row in rows if not row["rule"]]
    assert added, "create_indexes leaves no index that is not unique; orders of a customer need one"
    return added, rows


@pytest.mark.points(3, of="create_indexes")
def test_every_foreign_key_has_an_index(student, postgres):
    """Deleting one customer reads all orders, once for each customer, unless an index says where they are."""
    indexes(student, postgres)
    keys = postgres.rows(SUPPORT)
    missing = sorted(FOREIGN - {(row["table"], row["columns"]) for row in keys})
    assert not missing, f"{missing[0][0]} has no foreign key ({missing[0][1]})"
    for row in keys:
        where = f"foreign key ({row['columns']}) of {row['table']}"
        assert row["supported"], f"{where}: no index without WHERE starts with its columns"


@pytest.mark.points(2, of="create_indexes")
def test_no_index_repeats_the_first_columns_of_another(student, postgres):
    """Such an index answers nothing that the other does not, and costs at every write."""
    added, rows = indexes(student, postgres)
    for row in added:
        columns = row["columns"]
        for other in rows:
            twin = all(row[name] == other[name] for name in ("table", "kind", "filter"))
            repeats = twin and other["name"] != row["name"] and other["columns"][: len(columns)] == columns
            assert not repeats, (
                f"{row['name']} ({', '.join(columns)}) on {row['on']} repeats the first columns of "
                f"{other['name']} ({', '.join(other['columns'])})"
            )


@pytest.mark.points(1, of="create_indexes")
def test_at_most_five_indexes_are_added_however_often_it_is_called(student, postgres):
    """Each index is written with each row; an index for each column makes an import take the night."""
    added, _ = indexes(student, postgres)
    extra = [f"{row['on']} ({', '.join(row['columns'])})" for row in added]
    assert len(added) <= 5, f"{len(added)} indexes beside those of constraints and unique ones: {'; '.join(extra)}"
    student.create_indexes(postgres)
    again = [f"{row['on']} ({', '.join(row['columns'])})" for row in postgres.rows(INDEXES) if not row["rule"]]
    same(again, extra, what="indexes beside those of constraints and unique ones, after a second call")
