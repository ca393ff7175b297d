"""Hidden tests of week1/exercises/data_validation.py."""

import copy
import math
import unicodedata
from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from difflib import get_close_matches

import pytest

from grader.datasets.signups import CONTRACT, signups
from grader.expect import raises, same

DAY = date(2026, 3, 1)
NAIVE = datetime(2026, 3, 1, 9, 0)
NOON_UTC = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IN_HANOI = datetime(2026, 3, 1, 9, 0, tzinfo=timezone(timedelta(hours=7)))
FIRST_DAY = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7)))  # in UTC it would be in the year 0
MISSING = (None, math.nan, "", " \t\n", "\u00a0")
TYPES = CONTRACT["types"]


def places(violations):
    """(row, column, rule) of each violation, sorted: their order is free."""
    for violation in violations:
        what = "the keys of a violation"
        same(sorted(violation), ["column", "message", "row", "rule", "value"], what=what)
    return ordered((v["row"], v["column"], v["rule"]) for v in violations)


def ordered(things):
    return sorted(things, key=str)  # also sorts what students mix up, such as None among numbers


def same_places(got, expected, what):
    """Compares places, in any order: as sets first, which shows what is too much and what is not there."""
    got, expected = ordered(got), ordered(expected)
    if len(got) + len(expected) > 2:
        same(set(got), set(expected), what=what)
    same(got, expected, what=what)


def finds(student, rows, rules, expected, what):
    """Asserts that the rules are broken at exactly these (row, column, rule)."""
    same_places(places(student.check_constraints(rows, rules)), expected, what)


def column_of(rows, column):
    return [row.get(column, "no such key") for row in rows]


def no_decomposed_text(rows, what):
    """Composed and decomposed text print alike, so `same` alone would show no difference."""
    for number, row in enumerate(rows):
        for column, cell in row.items():
            fine = not isinstance(cell, str) or unicodedata.is_normalized("NFC", cell)
            assert fine, f"{what}, row {number}, {column}: {cell!r} is decomposed; expected Unicode NFC"


def converts(student, name, cell, value):
    rows, violations = student.coerce([{"x": cell}], {"x": name})
    same(rows, [{"x": value}], what=f"{cell!r} as {name}")
    same(places(violations), [], what=f"the violations of {cell!r} as {name}")


def refuses(student, name, cell):
    rows, violations = student.coerce([{"x": cell}], {"x": name})
    same(places(violations), [(0, "x", "type")], what=f"the violations of {cell!r} as {name}")
    same(rows, [{"x": cell}], what=f"the cell {cell!r}, which is no {name}")


def values_of(signup):
    """The converted sign-up, None for its unreadable cells."""
    return {c: None if (c, "type") in signup.faults else v for c, v in signup.clean.items()}


def spell_missing(rng, row):
    """The row with its None cells as None, NaN, blank, a marker or an absent key."""
    spelled = {}
    for column, cell in row.items():
        gap = rng.choice((*MISSING, " N/A ", "-", "absent"))
        if cell is not None or gap != "absent":
            spelled[column] = gap if cell is None else cell
    return spelled


# check_types


@pytest.mark.points(4, of="check_types")
def test_true_is_no_integer_and_a_datetime_is_no_date(student, rng):
    """bool is a subclass of int and datetime of date: isinstance lets the wrong ones in."""
    number = rng.randrange(2, 1000)
    cases = {
        "int": ([number, -number, 0, 2**70], [True, False, float(number), str(number), Decimal(number)]),
        "float": ([number / 4, 0.0, -1e300], [number, str(number / 4), Decimal(number), True]),
        "decimal": ([Decimal("0.10"), Decimal(number)], [0.1, number, "0.10"]),
        "bool": ([True, False], [0, 1, "True"]),
        "str": ([str(number), "0"], [number, DAY]),
        "date": ([DAY], [NOON_UTC, NAIVE, "2026-03-01"]),
        "datetime": ([NOON_UTC, IN_HANOI], [NAIVE, DAY, "2026-03-01T09:00:00Z"]),
    }
    for name, (good, bad) in cases.items():
        for cell in good + bad:
            expected = [(0, "x", "type")] if any(cell is one for one in bad) else []
            got = student.check_types([{"x": cell}], {"x": name})
            same(places(got), expected, what=f"the violations of {cell!r} as {name}")


@pytest.mark.points(2, of="check_types")
def test_missing_cells_are_of_every_type_and_zero_is_not_missing(student):
    """Whoever tests `if not value` loses customers without children and without newsletter."""
    for name in TYPES.values():
        rows = [{"x": cell} for cell in MISSING] + [{}]
        same(places(student.check_types(rows, {"x": name})), [], what=f"missing cells as {name}")
    rows = [{"x": 0}, {"x": False}, {"x": "0"}, {"x": 0.0}]
    got = places(student.check_types(rows, {"x": "date"}))
    same(got, [(n, "x", "type") for n in range(4)], what="0, False, '0' and 0.0 as date")


@pytest.mark.points(2, of="check_types")
def test_a_violation_says_where_and_what(student, rng):
    """The form can only be corrected by someone who is told row, column and cell."""
    wrong = rng.randrange(100, 1000)
    rows = [{"age": 3, "name": "An"}, {"name": wrong, "age": "x", "other": 1.5}, {"age": None}, {"age": True}]
    got = student.check_types(rows, {"age": "int", "name": "str"})
    expected = [(1, "age", "type"), (1, "name", "type"), (3, "age", "type")]
    same_places(places(got), expected, "the violations")
    values = {(v["row"], v["column"]): v["value"] for v in got}
    same(values, {(1, "age"): "x", (1, "name"): wrong, (3, "age"): True}, what="the values of the violations")
    for violation in got:
        column, message = violation["column"], violation["message"]
        assert column in message, f"the message of a violation names its column {column!r}"


@pytest.mark.points(2, of="check_types")
def test_an_unknown_type_name_is_an_error_even_without_rows(student):
    """A type that nobody knows must not be a type that everything has."""
    for rows in ([], [{"x": None}], [{"x": 1}]):
        with raises(ValueError, naming=["integer"], what=f"type 'integer' and the rows {rows}"):
            student.check_types(rows, {"x": "integer"})
    same(places(student.check_types([{"x": "1"}], {"x": "int"})), [(0, "x", "type")], what="'1' as int")


# coerce


@pytest.mark.points(4, of="coerce")
def test_only_digits_and_whole_floats_become_integers(student, rng):
    """int() also takes "1_000", Arabic digits and 12.9: each is another number than the form showed."""
    number = rng.randrange(2, 10**6)
    good = (
        (number, number), (str(number), number), (f" -{number}\n", -number), ("+7", 7), ("007", 7),
        (34.0, 34), (float(2**53), 2**53), (-float(2**53), -(2**53)), (2**70, 2**70), (str(2**70), 2**70),
    )  # fmt: skip
    for cell, value in good:
        converts(student, "int", cell, value)
    bad = ("1_000", "١٢", "²", "12.5", "12.0", "1.250.000", "1,000", "1e3", "0x10", "+-1", "- 1", "ten")
    for cell in (*bad, 12.5, 1e300, float(2**53) * 2, math.inf, True, False, Decimal(3), DAY):
        refuses(student, "int", cell)


@pytest.mark.points(3, of="coerce")
def test_dates_are_written_year_month_day(student, rng):
    """date.fromisoformat takes "20260301" and week dates, too: a loose door lets in what nobody meant."""
    day = DAY + timedelta(days=rng.randrange(1000))
    for cell, value in (
        ("2026-03-01", DAY),
        (f" {day.isoformat()} ", day),
        (day, day),
        ("2024-02-29", date(2024, 2, 29)),
    ):
        converts(student, "date", cell, value)
    bad = (
        "20260301", "2026-W09-7", "2026-060", "2026-02-30", "2026-13-01", "2026-3-1", "01/03/2026",
        "٢٠٢٦-٠٣-٠١",
    )  # fmt: skip
    for cell in (*bad, "2026-03-01T00:00:00", "2026-03-01T00:00:00Z", NOON_UTC, NAIVE, 20260301):
        refuses(student, "date", cell)


@pytest.mark.points(2, of="coerce")
def test_the_text_false_becomes_false(student):
    """bool("False") is True: every customer who said no would get the newsletter."""
    for cell in ("False", "false", " FALSE ", "no", "No", "0", 0, False):
        converts(student, "bool", cell, False)
    for cell in ("True", "yes", "YES", "1", 1, True):
        converts(student, "bool", cell, True)
    for cell in (2, -1, "2", "y", "t", "on", "off", "có", "nope", 1.0, Decimal(1)):
        refuses(student, "bool", cell)


@pytest.mark.points(4, of="coerce")
def test_no_float_becomes_a_decimal_and_no_number_becomes_text(student, rng):
    """0.1 is no longer a tenth, and 912345678 has lost the 0 of a phone number: too late to repair."""
    cents = Decimal(rng.randrange(100, 10**6)).scaleb(-2)
    for cell, value in (
        ("0.10", Decimal("0.10")), (f" {cents} ", cents), (f"-{cents}", -cents), ("+3", Decimal(3)),
        (7, Decimal(7)), (2**70, Decimal(2**70)), (cents, cents),
    ):  # fmt: skip
        converts(student, "decimal", cell, value)
    for cell in (0.1, 3.0, "1e5", "nan", "Infinity", "1_0", "0,10", "1.", "٣.٥", "5%", True):
        refuses(student, "decimal", cell)
    for cell, value in (("0912345678", "0912345678"), (" 007 ", "007"), ("1_000", "1_000")):
        converts(student, "str", cell, value)
    for cell in (912345678, 912345678.0, Decimal(7), True, DAY, NOON_UTC):
        refuses(student, "str", cell)


@pytest.mark.points(2, of="coerce")
def test_floats_come_from_finite_numbers_only(student, rng):
    """Above 2**53 not every int is a float, and "nan" would be a value that is missing."""
    quarter = rng.randrange(1, 4000) / 4
    for cell, value in (
        (3, 3.0), (2**53, float(2**53)), (-5, -5.0), (quarter, quarter), (f" {quarter} ", quarter),
        ("-2", -2.0), ("1e3", 1000.0), ("+2.5E-1", 0.25),
    ):  # fmt: skip
        converts(student, "float", cell, value)
    bad = ("nan", "NaN", "inf", "-Infinity", "1e999", "1_000.5", "2,5", "٣.٥", "far")
    for cell in (*bad, 2**53 + 1, True, Decimal("2.5")):
        refuses(student, "float", cell)


@pytest.mark.points(3, of="coerce")
def test_a_time_needs_its_zone_and_comes_out_in_utc(student, rng):
    """Nine o'clock in Hà Nội is two o'clock in UTC; nine o'clock without a zone is anybody's guess."""
    moment = NOON_UTC + timedelta(seconds=rng.randrange(10**7))
    local = moment.astimezone(IN_HANOI.tzinfo)
    for cell, value in (
        ("2026-03-01T09:00:00+07:00", IN_HANOI), ("2026-03-01T12:00:00Z", NOON_UTC),
        ("2026-03-01T08:30:00-03:30", NOON_UTC), (f" {moment:%Y-%m-%dT%H:%M:%SZ} ", moment),
        (local.isoformat(), moment), (local, moment), (moment, moment),
    ):  # fmt: skip
        converts(student, "datetime", cell, value)
        rows, _ = student.coerce([{"x": cell}], {"x": "datetime"})
        same(rows[0]["x"].utcoffset(), timedelta(0), what=f"the offset to UTC of what {cell!r} becomes")
    bad = (
        "2026-03-01T09:00:00",
        "2026-03-01 09:00:00Z",
        "2026-03-01",
        "20260301T090000Z",
        "2026-03-01T09:00Z",
    )
    impossible = ("2026-02-30T09:00:00Z", "2026-03-01T25:00:00Z")
    outside_utc = (FIRST_DAY, "0001-01-01T00:00:00+07:00", "9999-12-31T23:59:59-03:30")
    for cell in (*bad, *impossible, *outside_utc, "01/03/2026 09:00", NAIVE, DAY, 1772355600):
        refuses(student, "datetime", cell)


@pytest.mark.points(2, of="coerce")
def test_composed_and_decomposed_names_become_equal(student, rng):
    """Phones send "à" as a and a mark: two texts that look alike and are two customers to a program."""
    for name in ("Hà Nội", *(s.clean["name"] for s in signups(rng, 20) if s.clean["name"])):
        composed, decomposed = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)
        rows, violations = student.coerce([{"x": composed}, {"x": f" {decomposed}"}], {"x": "str"})
        same(places(violations), [], what=f"the violations of {name!r}")
        got = [row["x"] for row in rows]
        # Both print alike, so the length is compared first: a sentence that shows the difference.
        same([len(text) for text in got], [len(composed)] * 2, what=f"the length of {name!r} in NFC")
        same(got, [composed] * 2, what=f"{name!r} in NFC")


@pytest.mark.points(1, of="coerce")
def test_missing_cells_become_none_and_zero_stays(student):
    """One spelling of "nothing" for all that come after, and 0 is not nothing."""
    for name in TYPES.values():
        rows, violations = student.coerce([{"x": cell} for cell in MISSING] + [{}], {"x": name})
        same(rows, [{"x": None}] * (len(MISSING) + 1), what=f"missing cells as {name}")
        same(places(violations), [], what=f"the violations of missing cells as {name}")
    for name, zero in (("int", 0), ("float", 0.0), ("bool", False), ("decimal", Decimal(0)), ("str", "0")):
        converts(student, name, zero, zero)


@pytest.mark.points(2, of="coerce")
def test_coerce_keeps_rows_wrong_cells_and_its_input(student, rng):
    """Who is to correct a form wants to see what stood there, in the row where it stood."""
    number = rng.randrange(1000)
    rows = [
        {"id": " 1 ", "age": f" {number}x ", "note": " as is "},
        {"id": f"{number}"},
        {"id": 2.5, "age": str(number), "note": math.nan},
    ]
    before = copy.deepcopy(rows)
    (got, violations), arguments = student.coerce.with_arguments(rows, {"id": "int", "age": "int"})
    expected = [
        {"id": 1, "age": f" {number}x ", "note": " as is "},
        {"id": number, "age": None},
        {"id": 2.5, "age": number, "note": math.nan},
    ]
    same(got, expected, what="the rows")
    same_places(places(violations), [(0, "age", "type"), (2, "id", "type")], "the violations")
    values = {(v["row"], v["column"]): v["value"] for v in violations}
    same(values, {(0, "age"): f" {number}x ", (2, "id"): 2.5}, what="the values of the violations")
    same(arguments[0], before, what="the input after the call")


@pytest.mark.points(2, of="coerce")
def test_coerce_of_coerced_rows_changes_nothing(student, rng):
    """A step that can be repeated without harm can be rerun after every accident."""
    arrived = list(signups(rng, 60, markers=()))
    once, violations = student.coerce([s.raw for s in arrived], TYPES)
    no_decomposed_text(once, "sign-ups, coerced")
    same(once, [s.clean for s in arrived], what="sign-ups, coerced")
    expected = [(n, c, rule) for n, s in enumerate(arrived) for c, rule in s.faults if rule == "type"]
    same_places(places(violations), expected, "the violations")
    twice, again = student.coerce(once, TYPES)
    same(twice, once, what="sign-ups, coerced twice")
    same(places(again), places(violations), what="the violations of the second time")


# fill_missing


@pytest.mark.points(4, of="fill_missing")
def test_zero_and_false_are_not_filled_but_blanks_and_markers_are(student, rng):
    """No children is an answer. "N/A" is none, whatever the call centre typed around it."""
    constant = rng.randrange(10, 100)
    cells = [*MISSING, "N/A", " - "]
    rows = [{"x": 0}, {"x": False}, {"x": "0"}, {"x": 0.0}, *({"x": cell} for cell in cells), {}]
    number = len(rows)
    (got, filled, dropped), arguments = student.fill_missing.with_arguments(
        rows, {"x": {"constant": constant}}, {"N/A", "-"}
    )
    same(got, [*rows[:4], *({"x": constant} for _ in range(number - 4))], what="rows filled with a constant")
    same_places(filled, [(n, "x") for n in range(4, number)], "the filled cells")
    same(dropped, [], what="the dropped rows")
    same(arguments[0], rows, what="the input after the call")
    got, filled, _ = student.fill_missing(rows, {"x": "keep"}, {"N/A", "-"})
    same(got, [*rows[:4], *({"x": None} for _ in range(number - 4))], what="rows with the policy keep")
    same(filled, [], what="the filled cells with the policy keep")
    got, _, _ = student.fill_missing([{"x": None, "y": " "}, {"x": 1, "y": "N/A"}], {"x": {"constant": 5}}, {"N/A"})
    same(got, [{"x": 5, "y": " "}, {"x": 1, "y": "N/A"}], what="the column y, which has no policy")
    got, _, dropped = student.fill_missing([{"x": "N/A"}, {"x": 0}, {}], {"x": "drop"}, {"N/A"})
    same((got, sorted(dropped)), ([{"x": 0}], [0, 2]), what="rows and dropped rows with the policy drop")


@pytest.mark.points(5, of="fill_missing")
def test_previous_stays_in_its_group_and_follows_the_order(student, rng):
    """A neighbour's address is no address: what is carried forward is the customer's own."""
    policy = {"city": {"previous": {"by": "who", "order": "at"}}}
    rows = [
        {"who": "B", "at": 3, "city": None},
        {"who": "A", "at": 2, "city": ""},
        {"who": "A", "at": 1, "city": "Huế"},
        {"who": "B", "at": 4, "city": "Vinh"},
        {"who": "A", "at": 5},
        {"who": None, "at": 6, "city": "Nha Trang"},
        {"who": None, "at": 7, "city": None},
        {"who": "A", "at": None, "city": "Đà Lạt"},
        {"who": "A", "at": 8, "city": None},
        {"who": "C", "at": 1, "city": None},
        {"who": "C", "at": 1, "city": "Vinh"},
        {"who": "C", "at": 1, "city": None},
    ]
    expected = [None, "Huế", "Huế", "Vinh", "Huế", "Nha Trang", None, "Đà Lạt", "Huế", None, "Vinh", "Vinh"]
    got, filled, _ = student.fill_missing(rows, policy)
    _same_cities(got, expected, rows)
    same_places(filled, [(n, "city") for n in (1, 4, 8, 11)], "the filled cells")
    rows = [{"who": rng.choice("ABC"), "at": at, "city": rng.choice((None, f"city {at}"))} for at in range(40)]
    rng.shuffle(rows)
    got, _, _ = student.fill_missing(rows, policy)
    _same_cities(got, [_last_known(rows, row) for row in rows], rows)


def _same_cities(got, expected, rows):
    """Compares row by row, so that a failure shows the group that decides."""
    same(len(got), len(rows), what="the number of rows")
    for number, (row, city) in enumerate(zip(rows, expected, strict=True)):
        who, at = row["who"], row["at"]
        group = [(other["at"], other.get("city")) for other in rows if other["who"] == who]
        group.sort(key=lambda cells: (cells[0] is None, cells[0] or 0))
        cells = ", ".join(f"{when} {there!r}" for when, there in group)
        what = f"city of row {number} (who {who!r}, at {at}), whose group by at is: {cells}"
        same(got[number].get("city", "no such key"), city, what=what)


def _last_known(rows, row):
    """The city of the row, or the latest one before it of the same customer."""
    known = [other for other in rows if other["who"] == row["who"] and other["at"] <= row["at"] and other["city"]]
    return max(known, key=lambda other: other["at"])["city"] if known else None


@pytest.mark.points(4, of="fill_missing")
def test_the_median_comes_from_the_rows_as_they_came(student, rng):
    """What is filled first must not change what is filled next: the order of columns says nothing."""
    rows = [
        {"n": 10, "x": "a"},
        {"n": None, "x": "b"},
        {"n": 20, "x": "c"},
        {"n": 30, "x": None},
        {"n": 40, "x": None},
    ]
    for policies in ({"x": "drop", "n": "median"}, {"n": "median", "x": "drop"}):
        got, _, _ = student.fill_missing(rows, policies)
        what = f"n with the policies {policies}: the median of 10, 20, 30, 40 is the lower of 20 and 30"
        same(column_of(got, "n"), [10, 20, 20], what=what)
    fills = {"n": "median", "k": {"previous": {"by": "x", "order": "n"}}, "x": {"constant": "a"}}
    rows = [{"n": 1, "k": 7, "x": "a"}, {"n": 2, "k": None, "x": None}, {"n": None, "k": None, "x": "a"}]
    got, _, _ = student.fill_missing(rows, fills)
    what = "k by x, ordered by n: filled cells of x and n do not count"
    same(column_of(got, "k"), [7, None, None], what=what)
    for kind in (int, lambda n: DAY + timedelta(days=n), lambda n: Decimal(n).scaleb(-2)):
        values = [kind(rng.randrange(1000)) for _ in range(rng.randrange(2, 12))]
        got, _, _ = student.fill_missing([{"x": value} for value in [*values, None]], {"x": "median"})
        lower = sorted(values)[(len(values) - 1) // 2]
        same(column_of(got, "x"), [*values, lower], what=f"x with the lower median of {values} at the end")


@pytest.mark.points(2, of="fill_missing")
def test_a_column_without_values_cannot_be_filled_from_itself(student):
    """Better a stopped load than an invented number."""
    for policy in ("median", "mode"):
        for rows in ([{"spend": None}, {"spend": "-"}], [{}]):
            with raises(ValueError, naming=["spend"], what=f"{policy} of the rows {rows}"):
                student.fill_missing(rows, {"spend": policy}, {"-"})
        got = student.fill_missing([], {"spend": policy})
        same(got, ([], [], []), what=f"{policy} of no rows: nothing is missing")
        got, _, _ = student.fill_missing([{"spend": 0}, {}], {"spend": policy})
        same(got, [{"spend": 0}, {"spend": 0}], what=f"{policy} of 0")


@pytest.mark.points(1, of="fill_missing")
def test_the_mode_is_the_most_frequent_and_of_equals_the_smallest(student):
    """Without a rule for ties the same data would be filled differently tomorrow."""
    for values, mode in (([3, 1, 3], 3), (["web", "app", "web", "app", "call"], "app"), ([9, 5, 7], 5)):
        rows = [{"x": value} for value in [*values, "-", "-", " - "]]
        got, _, _ = student.fill_missing(rows, {"x": "mode"}, {"-"})
        same(column_of(got, "x"), values + [mode] * 3, what=f"x with the mode of {values} at the end")


@pytest.mark.points(4, of="fill_missing")
def test_every_imputed_cell_is_reported_and_no_other(student, rng):
    """An imputed number is a guess. Who works with it must be able to leave it out."""
    policies = CONTRACT["missing"]
    for count in (3, 40):
        rows = [values_of(s) for s in signups(rng, count)] + [{"name": "An", "channel": "web", "spend": 1}]
        rng.shuffle(rows)
        arrived = [spell_missing(rng, row) for row in rows]
        got, filled, dropped = student.fill_missing(arrived, policies, {"N/A", "-"})
        same(sorted(dropped), [n for n, row in enumerate(rows) if row["name"] is None], what="the dropped rows")
        kept = [n for n in range(len(rows)) if n not in dropped]
        expected = [(n, c) for n in kept for c in policies if _is_filled(rows, n, c)]
        for column, policy in policies.items():
            one = [cell for cell in expected if cell[1] == column]
            reported = [cell for cell in filled if cell[1] == column]
            deciding = _first_difference(rows, column, policy, reported, one)
            same_places(reported, one, f"the filled cells of {column}, whose policy is {policy}{deciding}")
        same_places(filled, expected, "the filled cells")
        same(len(got), len(kept), what="the number of rows")
        for number, row in zip(kept, got, strict=True):
            reported = {c: row[c] for c in row if (number, c) in filled}
            for column in policies.keys() - reported.keys():
                what = f"{column} of row {number}, not reported as filled, with the policy {policies[column]}"
                same(row.get(column, "no key"), rows[number].get(column), what=what)
            assert None not in reported.values(), f"row {number}: a cell that is reported as filled is None"


def _first_difference(rows, column, policy, got, expected):
    """Text that shows what decides about the first cell that is reported and should not be, or the reverse."""
    differing = sorted({number for number, _ in set(got) ^ set(expected)}, key=str)
    if "previous" not in policy or not differing or differing[0] not in range(len(rows)):
        return ""
    by, order = policy["previous"]["by"], policy["previous"]["order"]
    row = rows[differing[0]]
    known = [other for other in rows if other.get(by) == row.get(by) and other.get(column) and other.get(order)]
    first = min(known, key=lambda other: other[order], default={}).get(order)
    return f"; row {differing[0]}: {by} {row.get(by)!r}, {order} {row.get(order)}, first value of its group at {first}"


def _is_filled(rows, number, column):
    """Whether the policy of the sign-ups' contract has a value for this cell."""
    row = rows[number]
    if row.get(column) is not None or column in {"name", "card_since"}:
        return False
    if column != "campaign":
        return True
    group = [(n, r) for n, r in enumerate(rows) if r["channel"] == row["channel"] and r.get("campaign")]
    times = [(r["signed_up_at"], n) for n, r in group if r.get("signed_up_at")]
    when = row.get("signed_up_at")
    return when is not None and any(time < (when, number) for time in times)


# check_constraints


@pytest.mark.points(3, of="check_constraints")
def test_a_row_that_breaks_three_rules_has_three_violations(student, rng):
    """Who corrects one fault and is then told the next one gives up."""
    age = rng.randrange(1, 16)
    rules = [
        {"rule": "range", "column": "age", "min": 16, "max": 120},
        {"rule": "one_of", "column": "age", "values": [16, 17, 18]},
        {"rule": "matches", "column": "email", "pattern": r"[^@]+@[^@]+"},
        {"rule": "not_missing", "column": "name"},
        {"rule": "compare", "left": "first", "op": "<=", "right": "last"},
        {"rule": "sums_to", "columns": ["adults", "children"], "total": "household"},
        {"rule": "required_if", "column": "phone", "when": {"contact": "phone"}},
        {"rule": "exists_in", "column": "city", "values": ["Huế", "Vinh"]},
        {"rule": "unique", "columns": ["email", "age"]},
    ]
    sound = {
        "age": 16, "email": "a@x.vn", "name": "An", "first": 1, "last": 2, "adults": 2, "children": 1,
        "household": 3, "contact": "phone", "phone": "09", "city": "Vinh",
    }  # fmt: skip
    finds(student, [sound], rules, [], "the violations of a sound row")
    three = {**sound, "age": age, "name": None}
    expected = [(1, "age", "range"), (1, "age", "one_of"), (1, "name", "not_missing")]
    finds(student, [sound, three], rules, expected, f"the violations of age {age} without a name")
    wrong = {"email": "x", "first": 3, "household": 4, "phone": " ", "city": "Atlantis"}
    rows = [sound, {**three, **wrong}, {**sound, "age": age, "email": "x"}]
    got = student.check_constraints(rows, rules)
    cells = {
        ("age", "range"): age, ("age", "one_of"): age, ("email", "matches"): "x",
        ("name", "not_missing"): None, ("first", "compare"): 3, ("household", "sums_to"): 4,
        ("phone", "required_if"): " ", ("city", "exists_in"): "Atlantis",
    }  # fmt: skip
    second = [(2, "age", "range"), (2, "age", "one_of"), (2, "email", "matches"), (2, "email", "unique")]
    same_places(places(got), [(1, *cell) for cell in cells] + second, "the violations of nine rules")
    values = {(v["column"], v["rule"]): v["value"] for v in got if v["row"] == 1}
    same(values, cells, what="the values of row 1")
    for violation in got:
        column, message = violation["column"], violation["message"]
        assert column in message, f"the message of a violation names its column {column!r}"


@pytest.mark.points(3, of="check_constraints")
def test_zero_is_present_and_blank_text_is_not(student):
    """A household without children has answered; one that sent blanks has not."""
    rules = [{"rule": "not_missing", "column": "x"}]
    rows = [{"x": 0}, {"x": False}, {"x": "0"}, *({"x": cell} for cell in MISSING), {}]
    gaps = range(3, len(rows))
    finds(student, rows, rules, [(n, "x", "not_missing") for n in gaps], "not_missing of x")
    rules = [{"rule": "required_if", "column": "x", "when": {"contact": "phone", "adult": True}}]
    asked = [row | {"contact": "phone", "adult": True} for row in rows]
    finds(
        student,
        asked,
        rules,
        [(n, "x", "required_if") for n in gaps],
        "required_if of x, where it is asked for",
    )
    for other in (
        {"contact": "mail", "adult": True},
        {"contact": "phone"},
        {"contact": "", "adult": True},
        {},
    ):
        finds(student, [row | other for row in rows], rules, [], f"required_if of x in rows with {other}")
    rules = [{"rule": "required_if", "column": "x", "when": {"contact": None}}]
    finds(student, [{"contact": None}, {}], rules, [], "required_if of x when contact is None: missing equals nothing")


@pytest.mark.points(4, of="check_constraints")
def test_missing_cells_satisfy_the_other_rules(student):
    """As NULL does in SQL: whether a cell must be there is one rule, what it must be is another."""
    cases = [
        ({"rule": "range", "column": "x", "min": 1, "max": 9}, {"x": 10}),
        ({"rule": "one_of", "column": "x", "values": ["a"]}, {"x": "b"}),
        ({"rule": "exists_in", "column": "x", "values": ["a"]}, {"x": "b"}),
        ({"rule": "matches", "column": "x", "pattern": "a+"}, {"x": "b"}),
        ({"rule": "compare", "left": "x", "op": "<", "right": "y"}, {"x": 2, "y": 1}),
        ({"rule": "compare", "left": "x", "op": "==", "right": "y"}, {"x": 2, "y": 1}),
        ({"rule": "sums_to", "columns": ["y", "z"], "total": "x"}, {"x": 9, "y": 1, "z": 2}),
    ]
    for rule, row in cases:
        name = rule["rule"]
        finds(student, [row], [rule], [(0, "x", name)], f"{name} of {row}")
        for column in row:
            gaps = [row | {column: cell} for cell in MISSING] + [{c: v for c, v in row.items() if c != column}]
            finds(student, gaps, [rule], [], f"{name} of {row} where {column} is missing")
    unique = [{"rule": "unique", "columns": ["x", "y"]}]
    rows = [{"x": cell, "y": 1} for cell in (*MISSING, *MISSING)] + [
        {"y": 1},
        {"y": 1},
        {"x": 1, "y": 1},
        {"x": 1, "y": 1},
    ]
    finds(student, rows, unique, [(len(rows) - 1, "x", "unique")], "unique of x and y where x is missing")


@pytest.mark.points(3, of="check_constraints")
def test_cells_that_cannot_be_compared_violate(student, rng):
    """One text among the numbers must be one violation, not the end of the run."""
    number = rng.randrange(1, 100)
    half = {"rule": "compare", "left": "x", "right": "y"}
    cases = [
        ({"rule": "range", "column": "x", "min": 0}, {"x": str(number)}),
        ({"rule": "range", "column": "x", "max": "z"}, {"x": number}),
        ({"rule": "range", "column": "x", "min": DAY}, {"x": NOON_UTC}),
        ({"rule": "matches", "column": "x", "pattern": "[0-9]+"}, {"x": number}),
        ({"rule": "one_of", "column": "x", "values": [number]}, {"x": str(number)}),
        ({"rule": "exists_in", "column": "x", "values": [str(number)]}, {"x": number}),
        ({**half, "op": "<"}, {"x": number, "y": f"{number}0"}),
        ({**half, "op": ">="}, {"x": NOON_UTC, "y": NAIVE}),
        ({**half, "op": "=="}, {"x": number, "y": str(number)}),
        ({"rule": "sums_to", "columns": ["y", "z"], "total": "x"}, {"x": number, "y": 0, "z": str(number)}),
        ({"rule": "sums_to", "columns": ["y", "z"], "total": "x"}, {"x": "12", "y": "1", "z": "2"}),
        ({"rule": "sums_to", "columns": ["y", "z"], "total": "x"}, {"x": number + 1, "y": number, "z": True}),
        ({"rule": "sums_to", "columns": ["y", "z"], "total": "x"}, {"x": True, "y": 1, "z": 0}),
    ]
    for rule, row in cases:
        expected = [(0, "x", rule["rule"]), (1, "x", rule["rule"])]
        finds(student, [row, row, {}], [rule], expected, f"{rule} of {row}")


@pytest.mark.points(3, of="check_constraints")
def test_matches_means_the_whole_text(student, rng):
    """A good beginning proves nothing: "a@x.vn; DROP TABLE customers" begins like an address."""
    address = rng.choice(("an", "mai.le")) + f"{rng.randrange(100)}@x.vn"
    rules = [{"rule": "matches", "column": "x", "pattern": r"[a-z0-9.]+@[a-z]+\.[a-z]+"}]
    texts = [address, f"{address}; DROP TABLE customers", f"to {address}", f"{address}\n", f" {address}"]
    for number, text in enumerate(texts):
        finds(
            student,
            [{"x": text}],
            rules,
            [(0, "x", "matches")] if number else [],
            f"an e-mail pattern and {text!r}",
        )
    either = [{"rule": "matches", "column": "x", "pattern": "web|app"}]
    for text in ("web", "app", "webx", "xapp"):
        expected = [] if text in {"web", "app"} else [(0, "x", "matches")]
        finds(student, [{"x": text}], either, expected, f"the pattern web|app and {text!r}")


@pytest.mark.points(2, of="check_constraints")
def test_all_but_the_first_of_equal_rows_violate(student, rng):
    """The first one came in time; the others must say which they are."""
    keys = [rng.choice(("a", "b")) + str(rng.randrange(3)) for _ in range(12)]
    rows = [{"letter": key[0], "digit": int(key[1])} for key in keys]
    expected = [(n, "letter", "unique") for n, key in enumerate(keys) if key in keys[:n]]
    what = f"unique of letter and digit in {' '.join(keys)}"
    finds(student, rows, [{"rule": "unique", "columns": ["letter", "digit"]}], expected, what)
    finds(
        student,
        [{"x": 7}, {"x": 7}],
        [{"rule": "unique", "columns": ["x"]}],
        [(1, "x", "unique")],
        "unique of 7, 7",
    )


@pytest.mark.points(1, of="check_constraints")
def test_a_value_on_the_limit_is_inside(student):
    """Sixteen is old enough if the contract says min 16."""
    cells = [15, 16, 17, 20, 21]
    rows = [{"x": cell, "y": 17} for cell in cells]
    for limits, bad in (
        ({"min": 16, "max": 20}, [0, 4]),
        ({"min": 16}, [0]),
        ({"max": 20}, [4]),
        ({"min": 16, "max": 16}, [0, 2, 3, 4]),
    ):
        rule = {"rule": "range", "column": "x", **limits}
        finds(student, rows, [rule], [(n, "x", "range") for n in bad], f"range {limits} of {cells}")
    for op, bad in (
        ("==", [0, 1, 3, 4]),
        ("!=", [2]),
        ("<", [2, 3, 4]),
        ("<=", [3, 4]),
        (">", [0, 1, 2]),
        (">=", [0, 1]),
    ):
        rule = {"rule": "compare", "left": "x", "op": op, "right": "y"}
        finds(student, rows, [rule], [(n, "x", "compare") for n in bad], f"{cells} {op} 17")


@pytest.mark.points(1, of="check_constraints")
def test_a_rule_that_does_not_exist_is_an_error(student):
    """A rule that is skipped looks just like a rule that everybody keeps."""
    for rows in ([], [{"x": 1}]):
        with raises(ValueError, naming=["not_mising"], what=f"the rule not_mising and the rows {rows}"):
            student.check_constraints(rows, [{"rule": "not_mising", "column": "x"}])
    finds(student, [{}], [{"rule": "not_missing", "column": "x"}], [(0, "x", "not_missing")], "not_missing of x")


# check_contract


def is_sound(student, contract, what):
    same(student.check_contract(contract), None, what=what)


def changed(change):
    """The contract of the sign-ups after change(contract)."""
    contract = copy.deepcopy(CONTRACT)
    change(contract)
    return contract


def rule_named(contract, name):
    return next(rule for rule in contract["rules"] if rule["rule"] == name)


@pytest.mark.points(3, of="check_contract")
def test_a_misspelt_rule_is_named_with_its_nearest_neighbour(student, rng):
    """not_mising would pass everything, every night, and nobody would know."""
    is_sound(student, CONTRACT, "the contract of the sign-ups")
    is_sound(student, {}, "an empty contract")
    names = [rule["rule"] for rule in CONTRACT["rules"]]
    for name in names:
        cut = rng.randrange(1, len(name))
        word = name[:cut] + name[cut + 1 :] if name != "not_missing" else "not_mising"
        contract = changed(lambda c, name=name, word=word: rule_named(c, name).update(rule=word))
        nearest = get_close_matches(word, names, 1)
        with raises(ValueError, naming=[word, *nearest], what=f"the rule {word!r}"):
            student.check_contract(contract)
    with raises(ValueError, naming=["zzzz"], what="the rule 'zzzz', which is like no other"):
        student.check_contract({"types": {"x": "int"}, "rules": [{"rule": "zzzz", "column": "x"}]})


@pytest.mark.points(3, of="check_contract")
def test_a_column_that_types_does_not_know_is_an_error(student):
    """A rule for "emial" would watch a column that is never there."""
    is_sound(student, CONTRACT, "the contract of the sign-ups")
    changes = {
        "missing": lambda c: c["missing"].update(emial="keep"),
        "by": lambda c: c["missing"]["campaign"]["previous"].update(by="emial"),
        "order": lambda c: c["missing"]["campaign"]["previous"].update(order="emial"),
        "column": lambda c: rule_named(c, "not_missing").update(column="emial"),
        "columns of unique": lambda c: rule_named(c, "unique").update(columns=["name", "emial"]),
        "columns of sums_to": lambda c: rule_named(c, "sums_to").update(columns=["emial", "adults"]),
        "total": lambda c: rule_named(c, "sums_to").update(total="emial"),
        "left": lambda c: rule_named(c, "compare").update(left="emial"),
        "right": lambda c: rule_named(c, "compare").update(right="emial"),
        "when": lambda c: rule_named(c, "required_if").update(when={"contact": "phone", "emial": "x"}),
    }
    for place, change in changes.items():
        with raises(ValueError, naming=["emial", "email"], what=f"the column 'emial' in {place}"):
            student.check_contract(changed(change))


@pytest.mark.points(2, of="check_contract")
def test_unknown_keys_types_policies_and_operators_are_errors(student):
    """Every word of a contract is either understood or refused."""
    is_sound(student, CONTRACT, "the contract of the sign-ups")
    previous = {"by": "channel", "order": "signed_up_at"}
    changes = {
        ("ruls", "rules"): lambda c: c.update(ruls=c.pop("rules")),
        ("owner",): lambda c: c.update(owner="Mai"),
        ("dattime", "datetime"): lambda c: c["types"].update(signed_up_at="dattime"),
        ("medain", "median"): lambda c: c["missing"].update(spend="medain"),
        ("constnt", "constant"): lambda c: c["missing"].update(spend={"constnt": 1}),
        ("unless",): lambda c: c["missing"].update(spend={"constant": 1, "unless": 2}),
        ("ordr", "order"): lambda c: c["missing"].update(campaign={"previous": {**previous, "ordr": 1}}),
        ("=<",): lambda c: rule_named(c, "compare").update(op="=<"),
    }
    for words, change in changes.items():
        with raises(ValueError, naming=words, what=f"the unknown word {words[0]!r}"):
            student.check_contract(changed(change))
    for policy in ("constant", "previous"):
        contract = changed(lambda c, policy=policy: c["missing"].update(spend=policy))
        with raises(ValueError, naming=[policy], what=f"the policy {policy!r} as text: it is only a key of a dict"):
            student.check_contract(contract)


@pytest.mark.points(2, of="check_contract")
def test_a_rule_with_an_argument_too_few_or_too_many_is_an_error(student):
    """A range without limits, or with a limit that is called "mx", holds for everybody."""
    is_sound(student, CONTRACT, "the contract of the sign-ups")
    for rule in CONTRACT["rules"]:
        needed = set(rule) - {"min", "max"}
        for argument in sorted(needed):
            contract = changed(lambda c, name=rule["rule"], a=argument: rule_named(c, name).pop(a))
            with raises(ValueError, naming=[argument], what=f"{rule['rule']} without {argument!r}"):
                student.check_contract(contract)
    for limit in ("min", "max"):
        is_sound(student, changed(lambda c, a=limit: rule_named(c, "range").pop(a)), f"range without {limit!r}")
    changes = {
        ("min",): lambda c: [rule_named(c, "range").pop(limit) for limit in ("min", "max")],
        ("mx", "max"): lambda c: rule_named(c, "range").update(mx=9),
        ("values",): lambda c: rule_named(c, "not_missing").update(values=[1]),
        ("order",): lambda c: c["missing"]["campaign"]["previous"].pop("order"),
        ("[a-z",): lambda c: rule_named(c, "matches").update(pattern="[a-z"),
    }
    for words, change in changes.items():
        with raises(ValueError, naming=words, what=f"a contract with a mistake at {words[0]!r}"):
            student.check_contract(changed(change))


# validate


def validated(student, rows, contract):
    """The result of validate, once it is sure to have the keys that the tests read."""
    result = student.validate(rows, contract)
    same(sorted(result), ["counts", "filled", "invalid", "valid"], what="the keys of the result")
    for entry in result["invalid"]:
        same(sorted(entry), ["raw", "row", "violations"], what="the keys of an invalid row")
    return result


@pytest.mark.points(4, of="validate")
def test_every_row_is_valid_or_invalid_and_comes_back_as_it_came(student, rng):
    """Conservation: what is neither loaded nor sent back is a customer that Sao Mai has lost."""
    contract = CONTRACT | {"missing": CONTRACT["missing"] | {"spend": {"constant": 0}}}
    for count in (1, 8, 60):
        arrived = list(signups(rng, count))
        raws = [s.raw for s in arrived]
        before = copy.deepcopy(raws)
        result, arguments = student.validate.with_arguments(raws, contract)
        same(sorted(result), ["counts", "filled", "invalid", "valid"], what="the keys of the result")
        invalid = [entry["row"] for entry in result["invalid"]]
        for number, signup in enumerate(arrived):
            why = f"it breaks {signup.faults} (column, rule)" if signup.faults else "it breaks no rule"
            times, wanted = invalid.count(number), len(signup.faults[:1])
            same(times, wanted, what=f"how often row {number} is in invalid ({why})")
        faulty = [n for n, s in enumerate(arrived) if s.faults]
        same(invalid, faulty, what="the rows that are invalid, in the order of the input")
        for entry in result["invalid"]:
            same(entry["raw"], before[entry["row"]], what=f"row {entry['row']} as it came")
        sound = [s.clean["signup_id"] for s in arrived if not s.faults]
        same([row.get("signup_id") for row in result["valid"]], sound, what="the signup_id of the valid rows")
        same(arguments[0], before, what="the input after the call")


@pytest.mark.points(3, of="validate")
def test_one_fault_is_reported_once(student, rng):
    """A wrong age is one fault. That it is also missing, and not above 16, is noise."""
    age = rng.randrange(20, 60)
    contract = {
        "types": {"age": "int", "name": "str", "contact": "str", "adult": "bool"},
        "missing": {"age": "median"},
        "rules": [
            {"rule": "not_missing", "column": "age"},
            {"rule": "range", "column": "age", "min": 16},
            {"rule": "required_if", "column": "age", "when": {"adult": True}},
            {"rule": "required_if", "column": "name", "when": {"age": 7}},
            {"rule": "unique", "columns": ["age", "name"]},
        ],
    }
    wrong = {"age": "ten", "adult": "yes"}
    result = validated(student, [wrong], contract)
    same(_reasons(result), {0: [("age", "type")]}, what="the violations of one row with the age 'ten'")
    rows = [wrong, {"age": str(age)}, {"age": None}, {"age": " ten"}, {"age": age + 1}, {"age": "12"}]
    result = validated(student, rows, contract)
    expected = {0: [("age", "type")], 3: [("age", "type")], 5: [("age", "range")]}
    same(_reasons(result), expected, what="the violations by row")
    same(column_of(result["valid"], "age"), [age, age, age + 1], what="the ages of the valid rows")
    same(result["filled"], 1, what="how many cells were filled")
    result = validated(student, rows, contract | {"missing": {"age": "drop"}})
    dropped = expected | {2: [("age", "missing")]}
    same(_reasons(result), dropped, what="the violations by row where a missing age drops the row")
    fill = {"age": {"previous": {"by": "name", "order": "contact"}}}
    rows = [{"name": "An", "contact": str(n), "age": cell} for n, cell in enumerate((str(age), "ten", ""))]
    result = validated(student, rows, {"types": contract["types"], "missing": fill})
    same(column_of(result["valid"], "age"), [age, age], what="the ages of An, filled with the previous one")


def _reasons(result):
    """{row: sorted (column, rule)} of the invalid rows; the violations must name the same row."""
    for entry in result["invalid"]:
        what = f"the row that the violations of row {entry['row']} name"
        same({row for row, _, _ in places(entry["violations"])}, {entry["row"]}, what=what)
    return {e["row"]: sorted((v["column"], v["rule"]) for v in e["violations"]) for e in result["invalid"]}


@pytest.mark.points(3, of="validate")
def test_dropped_rows_are_invalid_and_rows_keep_their_numbers(student, rng):
    """A row that is dropped in silence is lost, and a number that has shifted points at another customer."""
    contract = {
        "types": {"name": "str", "email": "str", "age": "int"},
        "missing": {"name": "drop", "email": "drop", "age": {"constant": 30}},
        "rules": [{"rule": "unique", "columns": ["email"]}, {"rule": "range", "column": "age", "min": 16}],
    }
    rows = [
        {"name": " ", "email": "a@x.vn", "age": "7"},
        {"name": "An", "email": "a@x.vn"},
        {"age": ""},
        {"name": None, "email": "b@x.vn", "age": "old"},
        {"name": "Mai", "email": "b@x.vn", "age": 7},
        {"name": "Lan", "email": "a@x.vn", "age": 20},
    ]
    expected = {
        0: [("name", "missing")],
        2: [("email", "missing"), ("name", "missing")],
        3: [("age", "type"), ("name", "missing")],
        4: [("age", "range")],
        5: [("email", "unique")],
    }
    lead = rng.randrange(3)  # sound rows before them
    rows = [{"name": "Hà", "email": f"{n}@x.vn", "age": 40} for n in range(lead)] + rows
    result = validated(student, rows, contract)
    expected = {n + lead: reasons for n, reasons in expected.items()}
    same(_reasons(result), expected, what="the violations by row")
    same(len(result["valid"]), lead + 1, what="how many rows are valid")
    same(result["valid"][-1], {"name": "An", "email": "a@x.vn", "age": 30}, what="the last valid row")
    same(result["filled"], 1, what="how many cells were filled, without those of dropped rows")
    missing = [v["value"] for e in result["invalid"] for v in e["violations"] if v["rule"] == "missing"]
    same(missing, [None] * 4, what="the values of the violations of 'missing'")


@pytest.mark.points(2, of="validate")
def test_valid_rows_are_converted_and_filled(student, rng):
    """What enters is typed, trimmed and complete; "N/A" is a missing number, not a wrong one."""
    arrived = list(signups(rng, 40))
    spends = sorted(s["spend"] for s in map(values_of, arrived) if s["spend"] is not None)
    known = {"spend": spends[(len(spends) - 1) // 2], "newsletter": False}
    result = validated(student, [s.raw | {"note": " N/A "} for s in arrived], CONTRACT)
    expected = [s.clean | {c: v for c, v in known.items() if s.clean[c] is None} for s in arrived if not s.faults]
    valid = {row.get("signup_id"): row for row in result["valid"]}
    for wanted in expected:
        number = wanted["signup_id"]
        assert number in valid, f"the sign-up {number} breaks no rule and must be among the valid rows"
        if wanted["campaign"] is None:
            wanted["campaign"] = valid[number].get("campaign")
        no_decomposed_text([valid[number]], f"the valid sign-up {number}")
        same(valid[number], wanted | {"note": " N/A "}, what=f"the valid sign-up {number}")
    same(len(result["valid"]), len(expected), what="how many rows are valid")
    rows = [{"age": "20"}, {"age": " - "}, {"age": "N/A"}, {"age": 40.0}, {"age": 50}]
    contract = {"types": {"age": "int"}, "missing": {"age": "median"}, "markers": ["N/A", "-"]}
    result = validated(student, rows, contract)
    same(column_of(result["valid"], "age"), [20, 40, 40, 40, 50], what="ages with '-' and 'N/A' for missing")
    same((result["filled"], result["counts"]), (2, {}), what="filled and counts")


@pytest.mark.points(2, of="validate")
def test_every_reason_comes_back_at_once_and_is_counted(student, rng):
    """One look at the counts says which form is broken, one look at a row says all that is wrong with it."""
    arrived = list(signups(rng, 80))
    result = validated(student, [s.raw for s in arrived], CONTRACT)
    reasons = _reasons(result)
    for number, signup in enumerate(arrived):
        got = reasons.get(number, [])
        differing = {column for column, _ in set(got) ^ set(signup.faults)}
        cells = {column: signup.raw.get(column, "no key") for column in sorted(differing)}
        same_places(got, signup.faults, f"the violations of row {number} with {cells}")
    counts = Counter(f"{rule}:{column}" for s in arrived for column, rule in s.faults)
    same(result["counts"], dict(counts), what="the counts")


@pytest.mark.points(1, of="validate")
def test_a_misspelt_rule_stops_the_batch_before_it_starts(student):
    """A contract is wrong before the first row comes, not when a row happens to need it."""
    contract = {"types": {"age": "int"}, "rules": [{"rule": "not_mising", "column": "age"}]}
    for rows in ([], [{"age": "1"}]):
        with raises(ValueError, naming=["not_mising", "not_missing"], what=f"a misspelt rule and the rows {rows}"):
            student.validate(rows, contract)
    empty = {"valid": [], "invalid": [], "filled": 0, "counts": {}}
    same(student.validate([], CONTRACT), empty, what="a sound contract and no rows")
    result = validated(student, [{"age": "1"}], {"types": {"age": "int"}})
    same(result, empty | {"valid": [{"age": 1}]}, what="a sound contract and one sound row")
