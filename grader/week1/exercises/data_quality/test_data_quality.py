import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from grader.datasets import audit
from grader.expect import raises, same

AS_OF = datetime(2026, 2, 1, 6, tzinfo=UTC)
NO_VALUES = {"count": 0, "missing": 0, "mean": 0.0, "m2": 0.0, "min": None, "max": None}
DESCRIPTION = (
    "kind", "rows", "missing", "blank", "distinct", "min", "max", "mean", "sd", "top", "looks_like",
)  # fmt: skip


def part_of(result, *keys, what):
    """These entries of a dict that the student returned."""
    assert isinstance(result, dict), f"{what}: got {result!r}, expected a dict"
    for key in keys:
        assert key in result, f"{what}: no entry {key!r}; got {list(result)}"
    return {key: result[key] for key in keys}


# profile


def frame(**columns):
    """A frame of columns given as (dtype, cells)."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(cells, dtype=dtype) for name, (dtype, cells) in columns.items()})


def described_by(student, **columns):
    """The student's profile of such a frame, all entries there."""
    got = student.profile(frame(**columns))
    same(list(got), list(columns), what="columns of the profile")
    return {name: part_of(got[name], *DESCRIPTION, what=f"profile of {name}") for name in columns}


@pytest.mark.points(4, of="profile")
def test_what_has_no_value_is_none_and_not_nan(student):
    """NaN in a report is a number that nobody can read; None says that there is nothing."""
    nothing = {"min": None, "max": None, "mean": None, "sd": None, "top": [], "looks_like": None}
    kinds = {"Int64": "number", "float64": "number", "str": "text", "datetime64[us, UTC]": "time"}
    for dtype, kind in kinds.items():
        for rows in (0, 1, 3):
            got = described_by(student, column=(dtype, [None] * rows))["column"]
            expected = {"kind": kind, "rows": rows, "missing": rows, "blank": 0, "distinct": 0} | nothing
            same(got, expected, what=f"{rows} missing cells of {dtype}")
    one = described_by(student, amount=("int64", [90_000]))["amount"]
    same(part_of(one, "mean", "sd", what="amount"), {"mean": 90_000.0, "sd": 0.0}, what="one amount")
    same(student.profile(frame()), {}, what="a frame without columns")


@pytest.mark.points(3, of="profile")
def test_blank_and_missing_are_counted_apart(student, rng):
    """An empty cell and a cell with nothing in it have different causes, and different people mend them."""
    blanks = [rng.choice(["", " ", "   ", "\t"]) for _ in range(rng.randrange(1, 5))]
    missing = [None] * rng.randrange(5, 9)
    cells = ["Hà Nội", "0", *blanks, *missing]
    rng.shuffle(cells)
    got = described_by(student, district=("str", cells))["district"]
    expected = {
        "rows": len(cells),
        "missing": len(missing),
        "blank": len(blanks),
        "min": min(blanks),
        "max": "Hà Nội",
    }
    same(part_of(got, *expected, what="district"), expected, what=f"the cells {cells}")


@pytest.mark.points(2, of="profile")
def test_null_is_no_distinct_value(student, rng):
    """Three values and a hole are three values."""
    values = sorted(rng.sample(range(10, 100), 3))
    cells = [*values, *values[1:], values[2], None, None, None, None]
    rng.shuffle(cells)
    got = described_by(student, number=("Int64", cells), text=("str", [n and str(n) for n in cells]))
    a, b, c = values
    for name, top in {
        "number": [[c, 3], [b, 2], [a, 1]],
        "text": [[str(c), 3], [str(b), 2], [str(a), 1]],
    }.items():
        expected = {"missing": 4, "distinct": 3, "top": top}
        same(part_of(got[name], *expected, what=name), expected, what=f"{name}: the cells {cells}")


@pytest.mark.points(4, of="profile")
def test_text_that_looks_like_numbers_or_dates_is_named(student, rng):
    """A column of text that holds numbers was read wrongly, and a code that starts with 0 was not."""
    number, code = str(rng.randrange(1, 10**6)), f"0{rng.randrange(10, 99)}"
    day = f"2026-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    cases = [
        ([number] * 19 + ["?", "", None], "int"),
        ([number] * 18 + ["?", "?", "", "", None], None),
        ([day] * 19 + ["?", " ", None], "date"),
        ([day] * 18 + ["?"] * 2, None),
        (["0", "10", number], "int"),
        ([code, "007"], None),
        (["-5", "+5"], None),
        ([" 5", "6 "], None),
        (["1.5", "1_000"], None),
        (["١٢", "²"], None),
        (["2026-02-30", "2026-13-01"], None),
        (["2026-W09-7"], None),
        (["01/03/2026"], None),
        (["20260301"], "int"),
        (["", "  "], None),
    ]
    for cells, expected in cases:
        got = described_by(student, column=("str", cells))["column"]["looks_like"]
        counts = ", ".join(f"{many} × {cell!r}" for cell, many in Counter(cells).items())
        same(got, expected, what=f"looks_like of {counts}")
    same(
        described_by(student, n=("int64", [1, 2]))["n"]["looks_like"],
        None,
        what="looks_like of a number column",
    )


@pytest.mark.points(2, of="profile")
def test_ties_in_top_are_ordered_by_value(student, rng):
    """The same data gives the same profile, in whatever order its rows come."""
    counts = {"Cần Thơ": 1, "Ba Đình": 3, "Tây Hồ": 3, "Quận 1": 2, "Ô Môn": 1, "An Giang": 1, "Vinh": 2}
    cells = [name for name, count in counts.items() for _ in range(count)]
    rng.shuffle(cells)
    expected = [["Ba Đình", 3], ["Tây Hồ", 3], ["Quận 1", 2], ["Vinh", 2], ["An Giang", 1]]
    for rows in (cells, cells[::-1]):
        same(described_by(student, district=("str", rows))["district"]["top"], expected, what="top")


@pytest.mark.points(3, of="profile")
def test_every_kind_of_column_has_its_values_as_plain_python(student, rng):
    """What a profile holds goes into JSON, mails and other programs, which know nothing of numpy."""
    a, b = sorted(rng.sample(range(1, 1000), 2))
    early, late = datetime(2026, 1, 1, a % 24, tzinfo=UTC), datetime(2026, 1, 2, b % 24, tzinfo=UTC)
    got = described_by(
        student,
        whole=("int64", [b, a, b]),
        maybe=("Int64", [b, None, a]),
        real=("float64", [a + 0.5, b + 0.5, None]),
        text=("str", ["b", "a", None]),
        at=("datetime64[us, UTC]", [late, early, None]),
        sure=("bool", [True, False, True]),
    )
    expected = {
        "whole": ("number", a, b),
        "maybe": ("number", a, b),
        "real": ("number", a + 0.5, b + 0.5),
        "text": ("text", "a", "b"),
        "at": ("time", early, late),
        "sure": ("bool", False, True),
    }
    for name, (kind, low, high) in expected.items():
        values = part_of(got[name], "kind", "min", "max", what=name)
        same(values, {"kind": kind, "min": low, "max": high}, what=name)
    same(got["whole"]["top"], [[b, 2], [a, 1]], what="top of whole")
    same(got["sure"]["top"], [[True, 2], [False, 1]], what="top of sure")
    same(got["at"]["top"], [[early, 1], [late, 1]], what="top of at")
    same(got["maybe"]["mean"], (a + b) / 2, rel=1e-9, what="mean of maybe")
    for name in ("text", "at", "sure"):
        same(
            part_of(got[name], "mean", "sd", what=name),
            {"mean": None, "sd": None},
            what=f"{name}, which is no number",
        )


@pytest.mark.points(2, of="profile")
def test_the_sd_is_right_for_large_amounts_close_together(student, rng):
    """Squares of large numbers leave no digits for small differences."""
    got = described_by(student, amount=("float64", [2.0, 4.0]))["amount"]["sd"]
    same(got, 1.0, rel=1e-9, what="sd of 2.0 and 4.0, of the population: divide by n, not by n - 1")
    cells = [10**9 + step for step in rng.choices((0, 1, 2), k=20)] + [10**9, 10**9 + 2]
    expected = math.sqrt(squares(cells) / len(cells))
    for dtype in ("int64", "float64"):
        got = described_by(student, amount=(dtype, cells))["amount"]["sd"]
        same(got, expected, rel=1e-5, what=f"sd of {len(cells)} amounts between 1e9 and 1e9 + 2 ({dtype})")


# summarise and merge


def squares(values):
    """The sum of the squared deviations from the mean, computed exactly."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    return float(sum((value - mean) ** 2 for value in exact))


def summary(values):
    """What summarise must return, computed exactly."""
    there = [value for value in values if value is not None]
    if not there:
        return NO_VALUES | {"missing": len(values)}
    return {
        "count": len(there),
        "missing": len(values) - len(there),
        "mean": float(sum(map(Fraction, there)) / len(there)),
        "m2": squares(there),
        "min": min(there),
        "max": max(there),
    }


def part(rng, most=12):
    """Up to `most` amounts, some of them missing."""
    count = rng.randrange(1, most + 1)
    return [None if rng.randrange(5) == 0 else rng.randrange(60, 9000) * 1000.0 for _ in range(count)]


@pytest.mark.points(4, of="summarise")
def test_a_summary_counts_what_is_missing_and_leaves_it_out(student, rng):
    """A missing amount is not an amount of zero."""
    same(
        student.summarise([2.0, None, 4.0, math.nan]),
        summary([2.0, None, 4.0, None]),
        what="[2.0, None, 4.0, nan]",
    )
    same(student.summarise([0.0]), summary([0.0]), what="[0.0]")
    values = [*part(rng), 75_000.0, None]
    same(student.summarise(values), summary(values), rel=1e-9, what=f"{len(values)} amounts")


@pytest.mark.points(2, of="summarise")
def test_the_summary_of_no_values_is_empty_and_no_error(student):
    """The night shift may have sold nothing."""
    same(student.summarise([]), NO_VALUES, what="summarise([])")
    same(student.summarise([None, math.nan]), NO_VALUES | {"missing": 2}, what="summarise([None, nan])")


def near_a_billion(rng):
    return [1e9 + step for step in rng.choices((0, 1), k=rng.randrange(6, 30))] + [1e9, 1e9 + 1]


@pytest.mark.points(4, of="summarise")
def test_m2_is_right_for_large_amounts_close_together(student, rng):
    """Mean of squares minus square of the mean is the same on paper only."""
    for values in ([1e9, 1e9 + 1], near_a_billion(rng)):
        got = part_of(student.summarise(values), "m2", what="summary")
        same(got, {"m2": squares(values)}, rel=1e-5, what=f"{len(values)} values 1e9 and 1e9 + 1")


@pytest.mark.points(5, of="merge")
def test_parts_merge_to_the_summary_of_the_whole(student, rng):
    """A large part weighs more than a small one: means do not average."""
    same(
        student.merge(summary([2.0, 4.0]), summary([9.0, None])),
        summary([2.0, 4.0, 9.0, None]),
        rel=1e-9,
        what="[2.0, 4.0] merged with [9.0, None]",
    )
    for _ in range(5):
        x, y = [*part(rng, 30), 60_000.0, 65_000.0], [*part(rng, 4), 7_000_000.0]
        same(
            student.merge(summary(x), summary(y)),
            summary(x + y),
            rel=1e-9,
            what=f"{len(x)} and {len(y)} values",
        )


@pytest.mark.points(3, of="merge")
def test_order_and_grouping_of_the_parts_do_not_matter(student, rng):
    """Branches report in any order, and some are merged before others."""
    parts = [[*part(rng), 90_000.0], [1_200_000.0], [*part(rng), None], [250_000.0, 310_000.0]]
    whole = summary([value for values in parts for value in values])
    for _ in range(5):
        heap = [summary(values) for values in parts]
        while len(heap) > 1:
            rng.shuffle(heap)
            heap.append(student.merge(heap.pop(), heap.pop()))
        same(heap[0], whole, rel=1e-9, what="four parts merged in some order")


@pytest.mark.points(3, of="merge")
def test_a_summary_without_values_changes_nothing(student, rng):
    """A branch that was closed must not pull the mean towards zero."""
    some = summary([*part(rng), 90_000.0])
    same(student.merge(NO_VALUES, some), some, rel=1e-9, what="no values, then some")
    same(student.merge(some, NO_VALUES), some, rel=1e-9, what="some, then no values")
    same(student.merge(NO_VALUES, NO_VALUES), NO_VALUES, what="no values twice")
    closed = summary([None, None])
    expected = some | {"missing": some["missing"] + 2}
    same(student.merge(closed, some), expected, rel=1e-9, what="two missing cells, then some")


@pytest.mark.points(2, of="merge")
def test_merged_m2_is_right_for_large_amounts_close_together(student, rng):
    """Going back to sums of squares loses the digits that summarise has kept."""
    x, y = near_a_billion(rng), near_a_billion(rng)
    got = part_of(student.merge(summary(x), summary(y)), "m2", what="merged summary")
    same(got, {"m2": squares(x + y)}, rel=1e-5, what=f"{len(x)} and {len(y)} values 1e9 and 1e9 + 1")


@pytest.mark.points(2, of="merge")
def test_merging_leaves_both_summaries_as_they_were(student, rng):
    """The summary of a branch is needed again for its own report."""
    some, other, empty = summary([*part(rng), 90_000.0]), summary([60_000.0, None]), summary([None, None])
    for a, b in ((some, other), (empty, some), (some, empty), (empty, empty)):
        got, after = student.merge.with_arguments(a, b)
        expected = {key: a[key] + b[key] for key in ("count", "missing")}
        same(part_of(got, *expected, what="merged summary"), expected, what="merged summary")
        what = f"the two arguments after the call, with {a['count']} and {b['count']} values"
        same(tuple(after), (a, b), what=what)


# dimensions


def night(rng, *faults, sound=6):
    """Tables of one night: these faults among sound orders."""
    names = [*faults, *[""] * sound]
    rng.shuffle(names)
    return audit.draw(rng, names)


def measured(student, tables):
    return student.dimensions(tables.orders, tables.customers, tables.payments, AS_OF)


def scored(truth):
    checked, failed = truth["checked"], truth["failed"]
    return {"checked": checked, "failed": failed, "score": (checked - failed) / checked if checked else None}


def finds(student, tables, *names):
    """These dimensions count what the tables were made with."""
    got = part_of(measured(student, tables), *names, what="dimensions")
    planted = Counter(fault.replace("_", " ") or "sound" for fault in tables.faults)
    seen = ", ".join(f"{many} × {fault}" for fault, many in planted.items())
    orders = f"orders: {seen}" if len(planted) < 9 else "orders with every fault"
    for name in names:
        same(got[name], scored(tables.truth[name]), rel=1e-9, what=f"{name} ({orders})")


@pytest.mark.points(3, of="dimensions")
def test_completeness_counts_cells_that_are_missing_or_blank(student, rng):
    """A customer called "  " is as unknown as none."""
    finds(student, night(rng, sound=4), "completeness")
    finds(student, night(rng, *audit.NO_CELL, "never_loaded", "lost_part"), "completeness")
    finds(student, night(rng, *audit.BLANK, "sent_twice"), "completeness")


@pytest.mark.points(2, of="dimensions")
def test_rows_beyond_the_first_of_an_order_are_not_unique(student, rng):
    """One of two twins is right: counting both as wrong makes the data look worse than it is."""
    finds(student, night(rng, *["sent_twice"] * 3), "uniqueness")
    finds(student, night(rng, *["sent_twice"] * 2, *["order_and_payments_without_id"] * 3), "uniqueness")


@pytest.mark.points(2, of="dimensions")
def test_a_known_status_and_an_amount_of_zero_or_more_are_valid(student, rng):
    """A status in capitals is not one of the four: whoever groups by status finds it apart."""
    finds(
        student,
        night(rng, *["unknown_status"] * 2, *["loud_status"] * 2, "no_status", "blank_status"),
        "validity",
    )
    finds(student, night(rng, *["negative_amount"] * 3, "no_amount"), "validity")
    given_away = night(rng)
    given_away.orders["amount"] = given_away.orders["amount"] * 0
    finds(student, given_away, "validity")


@pytest.mark.points(2, of="dimensions")
def test_an_amount_is_consistent_with_its_parts(student, rng):
    """What is compared is only what is there: a missing part is not zero."""
    finds(student, night(rng, *["wrong_sum"] * 3, *["lost_part"] * 4, "no_amount"), "consistency")


@pytest.mark.points(2, of="dimensions")
def test_an_order_of_an_unknown_customer_breaks_integrity(student, rng):
    """A missing customer is incomplete; a customer who does not exist is something else."""
    finds(
        student,
        night(rng, *["stranger"] * 3, "no_customer_id", "blank_customer_id", "sent_twice"),
        "integrity",
    )


@pytest.mark.points(4, of="dimensions")
def test_split_payments_double_nothing_and_refunds_subtract(student, rng):
    """A join row by row counts an order once for each of its payments."""
    finds(student, night(rng, *["paid_in_parts"] * 4, *["wrong_payment"] * 2), "accuracy", "validity")
    finds(student, night(rng, *["wrong_payment"] * 2, *["sent_twice"] * 3, *audit.NO_CELL), "accuracy")


@pytest.mark.points(2, of="dimensions")
def test_orders_and_payments_without_order_id_do_not_meet(student, rng):
    """Two unknown ids are not the same id, though a join in pandas says so."""
    finds(student, night(rng, *["order_and_payments_without_id"] * 4, *["paid_in_parts"] * 2), "accuracy")


@pytest.mark.points(2, of="dimensions")
def test_exactly_24_hours_are_in_time_and_loaded_before_ordered_is_not(student, rng):
    """A row that was loaded before it was ordered has a wrong clock, and is no success."""
    tables = night(rng, *["early"] * 2, *["late"] * 2, *["never_loaded"] * 2, "no_ordered_at")
    finds(student, tables, "timeliness")
    edges = night(rng, sound=2)
    for hours in (0, 24):
        edges.orders["loaded_at"] = edges.orders["ordered_at"] + timedelta(hours=hours)
        finds(student, edges, "timeliness")


@pytest.mark.points(1, of="dimensions")
def test_freshness_is_the_age_of_the_newest_order_in_hours(student, rng):
    """A table that is right in all seven ways may still be last week's."""
    tables = night(rng, "sent_twice", "never_loaded")
    for ahead in (timedelta(hours=rng.randrange(1, 50), minutes=15), timedelta(minutes=-90)):
        got = student.dimensions(tables.orders, tables.customers, tables.payments, tables.newest + ahead)
        hours = ahead / timedelta(hours=1)
        got = part_of(got, "freshness", what="dimensions")
        same(got, {"freshness": {"hours": hours}}, rel=1e-9, what=f"as_of {hours} h after the newest order")


@pytest.mark.points(2, of="dimensions")
def test_nothing_checked_has_no_score(student, rng):
    """A score of 1 for an empty table hides that the load has failed; 0 accuses the wrong people."""
    nothing = {"score": None, "checked": 0, "failed": 0}
    expected = dict.fromkeys(audit.DIMENSIONS, nothing) | {"freshness": {"hours": None}}
    same(measured(student, audit.draw(rng, [])), expected, what="no orders")
    unpaid = night(rng, "stranger", sound=3)
    unpaid.payments = unpaid.payments.iloc[:0]
    unpaid.truth["accuracy"] = {"checked": 0, "failed": 0}
    finds(student, unpaid, "accuracy", "integrity")


@pytest.mark.points(2, of="dimensions")
def test_every_dimension_counts_its_own_faults_and_no_others(student, rng):
    """A fault that is counted twice makes two teams look for it."""
    for _ in range(3):
        tables = night(rng, *audit.FAULTS, *rng.choices(list(audit.FAULTS), k=20), sound=20)
        finds(student, tables, *audit.DIMENSIONS)
    same(list(measured(student, tables)), [*audit.DIMENSIONS, "freshness"], what="the entries and their order")


@pytest.mark.points(1, of="dimensions")
def test_measuring_does_not_change_the_tables(student, rng):
    """Whoever measures and adds a column has changed what the next one loads."""
    tables = night(rng, "blank_status", "sent_twice", "paid_in_parts")
    given = (tables.orders, tables.customers, tables.payments)
    got, after = student.dimensions.with_arguments(*given, AS_OF)
    same(
        part_of(got, "uniqueness", what="dimensions"),
        {"uniqueness": scored(tables.truth["uniqueness"])},
        rel=1e-9,
    )
    for name, left, right in zip(("orders", "customers", "payments"), after, given, strict=False):
        same(left, right, what=f"{name} after the call")


# compare

LIMITS = {"rows": 0.25, "missing": 0.125, "mean": 2.0}


def described(kind="text", rows=64, missing=0, mean=None, sd=None, **other):
    """One column of a profile."""
    if kind == "number" and mean is None and missing < rows:
        mean, sd = 90_000.0, 1_000.0
    base = {"blank": 0, "distinct": 2, "min": None, "max": None, "top": [], "looks_like": None}
    return {"kind": kind, "rows": rows, "missing": missing, "mean": mean, "sd": sd} | base | other


def finding(column, metric, before, after):
    return {"column": column, "metric": metric, "before": before, "after": after}


@pytest.mark.points(3, of="compare")
def test_columns_that_vanish_appear_or_change_their_kind_are_found(student, rng):
    """A renamed column is the change that breaks most pipelines; another order of columns breaks none."""
    kind, other = rng.sample(["text", "number", "time", "bool"], 2)
    before = {
        "status": described(),
        "note": described(kind),
        "paid_at": described("time"),
        "code": described(kind),
    }
    after = {
        "code": described(other),
        "paid_on": described("time"),
        "status": described(),
        "note": described(kind),
    }
    expected = [
        finding("code", "kind", kind, other),
        finding("paid_at", "column_gone", "time", None),
        finding("paid_on", "column_new", None, "time"),
    ]
    same(student.compare(before, after, LIMITS), expected, what="findings")
    shuffled = dict(reversed(before.items())) | {
        "note": described(kind, top=[["a", 1]], min="a", max="b", distinct=9, blank=3)
    }
    same(
        student.compare(before, shuffled, LIMITS),
        [],
        what="findings for other values and another order of columns",
    )


@pytest.mark.points(3, of="compare")
def test_a_change_of_the_number_of_rows_is_found_once(student):
    """Half a table is the most common fault that no other check sees."""
    cases = [
        (64, 81, True),
        (64, 80, False),
        (64, 47, True),
        (64, 48, False),
        (0, 1, True),
        (0, 0, False),
        (1, 0, True),
    ]
    for old, new, found in cases:
        before = {"a": described(rows=old), "b": described(rows=old)}
        after = {"a": described(rows=new), "b": described(rows=new)}
        expected = [finding("", "rows", old, new)] if found else []
        same(student.compare(before, after, LIMITS), expected, what=f"{old} rows, then {new}, limit 0.25")
    new_column = [finding("a", "column_new", None, "text")]
    same(
        student.compare({}, {"a": described()}, LIMITS),
        new_column,
        what="a profile without columns, then one column",
    )


@pytest.mark.points(2, of="compare")
def test_a_change_of_the_share_of_missing_cells_is_found(student):
    """The share counts, not the number: a table that grows has more of everything."""
    cases = [(0, 9, True), (0, 8, False), (32, 8, True), (8, 16, False), (8, 17, True)]
    for old, new, found in cases:
        before = {"a": described(missing=old), "b": described()}
        after = {"b": described(), "a": described(missing=new)}
        expected = [finding("a", "missing", old / 64, new / 64)] if found else []
        same(
            student.compare(before, after, LIMITS),
            expected,
            rel=1e-9,
            what=f"{old} of 64 cells missing, then {new}",
        )
    wide = LIMITS | {"rows": 9.0}
    grown = {"a": described(rows=128, missing=16)}
    same(
        student.compare({"a": described(missing=8)}, grown, wide),
        [],
        what="8 of 64 cells missing, then 16 of 128",
    )
    rows_only = [finding("", "rows", 64, 0)]
    same(
        student.compare({"a": described(missing=64)}, {"a": described(rows=0)}, LIMITS),
        rows_only,
        what="no rows left",
    )


@pytest.mark.points(2, of="compare")
def test_a_mean_that_moves_too_many_sds_is_found(student, rng):
    """What is far is said by the spread that the column had, not by a percentage."""
    mean = float(rng.randrange(100, 1000))
    cases = [
        (10.0, 21.0, True),
        (10.0, -20.5, True),
        (10.0, 20.0, False),
        (0.0, 0.5, True),
        (0.0, 0.0, False),
    ]
    for sd, step, found in cases:
        before = {"amount": described("number", mean=mean, sd=sd)}
        after = {"amount": described("number", mean=mean + step, sd=sd + 100.0)}
        expected = [finding("amount", "mean", mean, mean + step)] if found else []
        same(
            student.compare(before, after, LIMITS),
            expected,
            what=f"mean {mean} with sd {sd}, then {mean + step}",
        )
    number = {"amount": described("number", mean=mean, sd=1.0)}
    empty = {"amount": described("number", missing=64)}
    gone = [finding("amount", "missing", 0.0, 1.0)]
    same(student.compare(number, empty, LIMITS), gone, what="a column that has lost all its values")


# judge


@pytest.mark.points(3, of="judge")
def test_a_score_on_the_limit_passes(student, rng):
    """A limit is a promise that was kept when it is reached."""
    warn, fail = rng.choice([(0.75, 0.5), (0.99, 0.95), (1.0, 0.9)])
    limits = {"validity": {"warn": warn, "fail": fail}}
    cases = [(warn, "pass"), (warn - 0.001, "warn"), (fail, "warn"), (fail - 0.001, "fail"), (0.0, "fail")]
    for score, verdict in cases:
        got = student.judge({"validity": score}, limits)
        same(
            got,
            {"verdict": verdict, "by": {"validity": verdict}},
            what=f"score {score}, warn {warn}, fail {fail}",
        )


@pytest.mark.points(2, of="judge")
def test_the_worst_verdict_is_the_verdict(student, rng):
    """Six good scores do not make up for a bad one."""
    limits = {name: {"warn": 0.9, "fail": 0.5} for name in ("a", "b", "c", "d")}
    for ranks in (["pass", "warn"], ["pass", "warn", "unknown"], ["pass", "warn", "unknown", "fail"]):
        names = rng.sample(["a", "b", "c", "d"], len(ranks))
        by = dict(zip(names, ranks, strict=True))
        score = {"pass": 1.0, "warn": 0.7, "unknown": None, "fail": 0.2}
        scores = {name: score[verdict] for name, verdict in by.items()}
        got = student.judge(scores | {"other": 0.0}, {name: limits[name] for name in names})
        same(got, {"verdict": ranks[-1], "by": by}, what=f"scores {scores}, warn 0.9, fail 0.5 each")


@pytest.mark.points(3, of="judge")
def test_a_score_that_is_not_known_never_passes(student):
    """A check that did not run is the one that somebody switched off."""
    limits = {"accuracy": {"warn": 0.9, "fail": 0.5}, "validity": {"warn": 0.9, "fail": 0.5}}
    expected = {"verdict": "unknown", "by": {"accuracy": "unknown", "validity": "pass"}}
    for scores in (
        {"accuracy": None, "validity": 1.0},
        {"validity": 1.0},
        {"accuracy": math.nan, "validity": 1.0},
    ):
        same(student.judge(scores, limits), expected, what=f"scores {scores}")


@pytest.mark.points(2, of="judge")
def test_impossible_limits_and_no_limits_are_refused(student):
    """Without limits everything passes, and nobody notices."""
    right = {"warn": 0.5, "fail": 0.5}
    expected = {"verdict": "pass", "by": {"validity": "pass"}}
    same(student.judge({"validity": 0.5}, {"validity": right}), expected, what="score 0.5, warn 0.5, fail 0.5")
    impossible = {"validity": right, "accuracy": {"warn": 0.5, "fail": 0.9}}
    with raises(ValueError, naming=["accuracy"], what="fail above warn"):
        student.judge({"validity": 1.0, "accuracy": 1.0}, impossible)
    with raises(ValueError, what="no limits"):
        student.judge({"validity": 1.0}, {})


# report


def cells(line):
    """The cells of a line of a Markdown table, escapes resolved."""
    found, text, escaped = [], "", False
    for letter in line.strip().removeprefix("|"):
        if escaped:
            text, escaped = text + letter, False
        elif letter == "\\":
            escaped = True
        elif letter == "|":
            found, text = [*found, text.strip()], ""
        else:
            text += letter
    return found


def parsed(text):
    """(heading, verdict line, rows of the table) of a report."""
    lines = [line.strip() for line in text.split("\n")]
    start = next((number for number, line in enumerate(lines) if line.startswith("|")), None)
    assert start is not None, f"the report has no table: {text!r}"
    head = [line for line in lines[:start] if line]
    assert len(head) == 2, f"before the table stand the heading and the verdict, nothing else: {head}"
    table = lines[start:]
    while table and not table[-1]:
        table.pop()
    broken = [line for line in table if not (line.startswith("|") and line.endswith("|"))]
    assert not broken, f"lines that break the table: {broken}"
    rows = [cells(line) for line in table]
    same(rows[0], ["dimension", "score", "checked", "failed", "verdict"], what="head of the table")
    hyphens = len(rows) > 1 and all(set(cell) <= set(":-") and "-" in cell for cell in rows[1])
    assert hyphens, "the line under the head of the table must be one of hyphens: |---|---|---|---|---|"
    same([len(row) for row in rows], [5] * len(rows), what="cells in each line of the table")
    return head[0], head[1], rows[2:]


def entry(score, checked=0, failed=0):
    return {"score": score, "checked": checked, "failed": failed}


@pytest.mark.points(3, of="report")
def test_a_report_has_a_heading_a_verdict_and_a_row_for_each_score(student, rng):
    """Whoever reads only the first lines must know how things stand."""
    checked = rng.randrange(1000, 9000)
    dims = {
        "validity": entry(0.5, checked, checked // 2),
        "accuracy": entry(None),
        "freshness": {"hours": 3.5},
        "order": entry(1.0, 8),
    }
    judged = {"verdict": "fail", "by": {"order": "pass", "validity": "fail", "absent": "unknown"}}
    heading, verdict, rows = parsed(student.report("Sao Mai, 1 March", dims, judged))
    same(heading, "# Sao Mai, 1 March", what="heading")
    same(verdict, "Verdict: fail", what="verdict line")
    expected = [
        ["validity", "50.0 %", str(checked), str(checked // 2), "fail"],
        ["accuracy", "-", "0", "0", "-"],
        ["order", "100.0 %", "8", "0", "pass"],
    ]
    same(rows, expected, what="rows")
    unknown = {"verdict": "unknown", "by": {}}
    same(
        parsed(student.report("Nothing", {"freshness": {"hours": None}}, unknown)),
        ("# Nothing", "Verdict: unknown", []),
    )


@pytest.mark.points(4, of="report")
def test_only_a_score_of_1_prints_as_100_per_cent(student, rng):
    """99.99 % of a million orders are a hundred customers who call."""
    thousandths = [rng.randrange(1000) for _ in range(20)]
    cases = [
        (0.9999, "99.9 %"),
        (1.0, "100.0 %"),
        (0.99949, "99.9 %"),
        (1 - 1e-12, "99.9 %"),
        (2 / 3, "66.6 %"),
        (0.0, "0.0 %"),
    ]
    cases += [
        (0.011, "1.1 %"),
        (0.285, "28.5 %"),
        *((n / 1000, f"{n // 10}.{n % 10} %") for n in thousandths),
    ]
    dims = {f"case {number}": entry(score, 10, 1) for number, (score, _) in enumerate(cases)}
    _, _, rows = parsed(student.report("Scores", dims, {"verdict": "pass", "by": {}}))
    same(len(rows), len(cases), what="rows")
    for (score, expected), row in zip(cases, rows, strict=True):
        same(row[1], expected, what=f"score {score!r}")


@pytest.mark.points(3, of="report")
def test_a_name_stays_in_its_cell_and_a_title_in_its_line(student):
    """Names come from other people; one of them will hold a | some day."""
    names = ["a|b", "|", "line\nbreak", "two\r\nlines", "old\rmac", "back\\slash", "both\\|", "end\\"]
    shown = ["a|b", "|", "line break", "two lines", "old mac", "back\\slash", "both\\|", "end\\"]
    dims = {name: entry(0.5, 2, 1) for name in names}
    judged = {"verdict": "warn", "by": dict.fromkeys(names, "warn")}
    heading, _, rows = parsed(student.report("Shop | night\nof 1 March\r\n", dims, judged))
    same(heading, "# Shop | night of 1 March", what="heading")
    same(rows, [[name, "50.0 %", "2", "1", "warn"] for name in shown], what="rows (escapes resolved)")
