"""Hidden tests of ETL basics. Expected values come from the generator's truth."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest

from grader.datasets.orders import histories
from grader.datasets.seasons import LOCAL
from grader.datasets.shop_files import (
    APP,
    BAD_AMOUNTS,
    DANANG,
    HANOI,
    IMPOSSIBLE,
    OTHER_TIMES,
    REPEATS,
    Truth,
    dirty,
    newest,
    shop_records,
    write_csv,
    write_json,
)
from grader.expect import raises, same

RAW = ["order_id", "ordered_at", "updated_at", "customer_id", "district", "status", "amount", "source", "record"]
TEXT = RAW[:7]
RAW_TYPES = dict.fromkeys(RAW, "str") | {"record": "int64"}
CLEAN_TYPES = RAW_TYPES | {"ordered_at": "datetime64[us, UTC]", "updated_at": "datetime64[us, UTC]", "amount": "int64"}
GOOD = {
    "order_id": "SM-000001",
    "ordered_at": "2026-03-01T08:00:00Z",
    "updated_at": "2026-03-01T09:30:00Z",
    "customer_id": "C00007",
    "district": "Đống Đa",
    "status": "paid",
    "amount": "150000",
}
MOST_ROWS = 10_000
TRAPS = ["NA", "null", "None", "nan", "#N/A", "007", "1e5", "TRUE", "-", " x ", "12", "2026-01-01", "0", ""]
IN_TEXT = {
    "order_id_missing": 3, "ordered_at_impossible": 3, "ordered_at_other_form": 3, "updated_at_missing": 3,
    "updated_before_ordered": 4, "status_unknown": 3, "status_and_amount": 3, "amount_unreadable": 6,
    "amount_missing": 3, "blanks_and_case": 8, "customer_missing": 4, "district_missing": 6, "resent": 8, "stale": 6,
}  # fmt: skip
IN_CSV = {"fields_short": 2, "fields_long": 2, "amount_unreadable": 3, "status_unknown": 2, "resent": 3, "stale": 2}
IN_JSON = {"total_bool": 2, "customer_text": 1, "order_text": 2, "amount_missing": 2, "customer_null": 3, "resent": 3}


def frame_of(rows, types):
    """A frame with the columns RAW; what a row does not say is missing."""
    import pandas as pd

    return pd.DataFrame([[row.get(name) for name in RAW] for row in rows], columns=RAW, dtype=object).astype(types)


def raw_frame(rows, source="orders_hue.csv"):
    """Rows of one file as a raw frame; records count from 1 where a row does not say otherwise."""
    return frame_of([{"source": source, "record": n} | row for n, row in enumerate(rows, 1)], RAW_TYPES)


def clean_frame(versions):
    """(order, source, record) as a clean frame."""
    return frame_of([order._asdict() | {"source": s, "record": n} for order, s, n in versions], CLEAN_TYPES)


def same_rows(got, expected, key, what="the frame"):
    """Columns, dtypes and rows are the same in any order; a row is named by its record or order_id."""
    same(got.iloc[:0], expected.iloc[:0], what=what)
    left, right = ({f"{key} {value}": row for value, row in rows_by(f, key).items()} for f in (got, expected))
    same(left, right, what=what)


def rows_by(frame, key):
    """{value of the column: row}, missing as None."""
    same(list(frame.columns), RAW, what="the columns of the frame")
    assert len(frame) < MOST_ROWS, f"{len(frame):,} rows came out; no file here has more than a few hundred"
    cells = frame.astype(object)
    return by(key, cells.where(cells.notna(), None).to_dict("records"))


def by(key, rows):
    (most, times), *_ = Counter(row[key] for row in rows).most_common(1) or [(None, 0)]
    assert times < 2, f"{key} {most!r} is there more than once"
    return {row[key]: row for row in rows}


def refusals(rejects):
    """{(source, record): (faulty field, record as it came)} of a list of rejects."""
    found = {}
    for reject in rejects:
        same(sorted(reject), ["raw", "reason", "record", "source"], what="the keys of a reject")
        same([type(reject["record"]), type(reject["reason"])], [int, str], what="types of a reject's record and reason")
        place = reject["source"], reject["record"]
        assert place not in found, f"record {place[1]} of {place[0]} is rejected twice"
        found[place] = field_of(reject["reason"]), content(reject["raw"])
    return found


def field_of(reason):
    field, colon, _ = reason.partition(":")
    assert colon, f"the reason {reason!r} does not start with the name of a field and a colon"
    return field


def content(raw):
    try:
        return json.loads(raw)
    except (TypeError, ValueError):
        raise AssertionError(f"raw of a reject is {raw!r}; expected the record as JSON") from None


def fields_refused(rejects):
    """{(source, record): faulty field}."""
    return {place: field for place, (field, _) in refusals(rejects).items()}


def csv_file(path, header, rows, *, bom=False, end="\n"):
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        csv.writer(file, lineterminator=end).writerows([header, *rows])
    return path


def cells(item):
    """The first seven cells of a generated record, as a raw frame has them."""
    return {name: item.cells[name] or None for name in TEXT}


def json_file(path, elements, **more):
    path.write_text(json.dumps(more | {"orders": elements}), encoding="utf-8", newline="\n")
    return path


def element(**changes):
    good = {
        "id": "APP-000001",
        "created": "2026-03-01T08:00:00Z",
        "updated": "2026-03-01T09:30:00Z",
        "status": "paid",
        "total": "150000",
        "customer": {"id": "C00007", "address": {"district": "Đống Đa"}},
    }
    return {key: value for key, value in (good | changes).items() if value is not ...}


@pytest.mark.points(3, of="extract_csv")
def test_codes_and_names_come_out_as_they_stand_in_the_file(student, inbox, rng):
    """A district called "NA" is a district, not a missing value, and "007" is no number."""
    rows = [[rng.choice(TRAPS) for _ in TEXT] for _ in range(40)]
    rows = [[trap] * len(TEXT) for trap in TRAPS[:-1]] + [row for row in rows if any(row)]
    got, rejects = student.extract_csv(csv_file(inbox / "orders_hue.csv", TEXT, rows))
    expected = [{name: cell or None for name, cell in zip(TEXT, row, strict=True)} for row in rows]
    same_rows(got, raw_frame(expected), "record")
    same(rejects, [], what="the rejects")


@pytest.mark.points(3, of="extract_csv")
def test_a_bom_another_column_order_and_extra_columns_change_nothing(student, inbox, rng):
    """Every branch has its own spreadsheet program; the data must not depend on it."""
    items = [cells(item) for item in shop_records(rng, 12, {"district_missing": 2}, HANOI)]
    mixed = rng.sample([*TEXT, "note", "Amount", "note"], 10)
    for what, header, bom, end in (
        ("a plain file", TEXT, False, "\n"),
        ("a file with a BOM", TEXT, True, "\n"),
        ("lines that end with \\r\\n", TEXT, False, "\r\n"),
        ("another column order", rng.sample(TEXT, 7), False, "\n"),
        ("blanks around the names of the header", [f" {name}  " for name in TEXT], False, "\n"),
        ("columns that nobody asked for", mixed, False, "\n"),
        ("all of this at once", [f"{name} " for name in mixed], True, "\r\n"),
    ):
        rows = [[item.get(name.strip(), "?") or "" for name in header] for item in items]
        got, rejects = student.extract_csv(csv_file(inbox / "orders_hue.csv", header, rows, bom=bom, end=end))
        same_rows(got, raw_frame(items), "record", what)
        same(rejects, [], what=f"{what}, the rejects")


@pytest.mark.points(2, of="extract_csv")
def test_quoted_line_breaks_and_blank_lines_do_not_shift_the_record_numbers(student, inbox, rng):
    """Who looks for record 17 in the file counts records, not lines."""
    text, expected = StringIO(), []
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["note", *TEXT])
    for number in range(1, 25):
        text.write(rng.choice(["", "", "\n", "\n\n", "   \n", "\t\n"]) if number > 2 else "\n")
        row = GOOD | {
            "order_id": f"SM-{number}",
            "district": rng.choice(["Ba,\nĐình", 'the "old" town', "a\n\nb", "Huế"]),
        }
        row = dict.fromkeys(TEXT) if rng.randrange(6) == 0 else row
        writer.writerow(["" if row["status"] is None else "first\n,then", *[row[name] or "" for name in TEXT]])
        expected.append(row)
    path = inbox / "orders_hue.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    got, rejects = student.extract_csv(path)
    same_rows(got, raw_frame(expected), "record")
    same(rejects, [], what="the rejects")


@pytest.mark.points(2, of="extract_csv")
def test_a_missing_or_repeated_column_is_named(student, inbox, rng):
    """Whoever reads the message must know which file to mend, and where."""
    path = inbox / "orders_vinh.csv"
    row = list(GOOD.values())
    got, _ = student.extract_csv(csv_file(path, TEXT, [row]))
    same(got, raw_frame([GOOD], "orders_vinh.csv"))
    one, two = rng.sample(TEXT, 2)
    csv_file(path, [name for name in TEXT if name not in (one, two)], [row[2:]])
    with raises(ValueError, naming=["orders_vinh.csv", one, two], what=f"without {one} and {two}"):
        student.extract_csv(path)
    csv_file(path, [*TEXT, f" {one}"], [[*row, "again"]])
    with raises(ValueError, naming=["orders_vinh.csv", one], what=f"with {one} twice"):
        student.extract_csv(path)
    path.write_bytes(b"")
    with raises(ValueError, naming=["orders_vinh.csv", *TEXT], what="an empty file"):
        student.extract_csv(path)
    with raises(FileNotFoundError, what="a file that is not there"):
        student.extract_csv(inbox / "orders_hue.csv")


@pytest.mark.points(3, of="extract_csv")
def test_a_record_with_a_field_too_many_or_too_few_is_rejected_with_its_number(student, inbox, rng):
    """A shifted record puts the status into the amount; only refusing it is safe."""
    path = inbox / "orders_hue.csv"
    good = [list(cells(item).values()) for item in shop_records(rng, 20, {}, DANANG)]
    changes = {n: rng.choice([-3, -1, 1, 2]) for n in rng.sample(range(1, 21), 5)} | {1: 1}
    rows = [row[: 7 + changes.get(n, 0)] + ["x"] * changes.get(n, 0) for n, row in enumerate(good, 1)]
    got, rejects = student.extract_csv(csv_file(path, TEXT, rows))
    kept = [dict(zip(TEXT, row, strict=True)) | {"record": n} for n, row in enumerate(rows, 1) if n not in changes]
    same_rows(got, raw_frame(kept), "record", "the good records")
    same(
        refusals(rejects), {("orders_hue.csv", n): ("fields", rows[n - 1]) for n in sorted(changes)}, what="the rejects"
    )
    rows = [[*row, "x"] for row in good]
    got, rejects = student.extract_csv(csv_file(path, TEXT, rows))
    assert len(got) == 0, f"every record has one field too many, yet {len(got)} came out as good"
    expected = {("orders_hue.csv", n): ("fields", row) for n, row in enumerate(rows, 1)}
    same(refusals(rejects), expected, what="the rejects when every record has one field too many")


@pytest.mark.points(1, of="extract_csv")
def test_a_file_with_only_a_header_gives_an_empty_frame_of_the_same_types(student, inbox):
    """A branch that is closed for Tết must not change the types of the whole night."""
    got, rejects = student.extract_csv(csv_file(inbox / "orders_hue.csv", TEXT, []))
    same(got, raw_frame([]))
    same(rejects, [], what="the rejects")
    got, _ = student.extract_csv(csv_file(inbox / "orders_hue.csv", TEXT, [list(GOOD.values())]))
    same(got, raw_frame([GOOD]), what="the same file with one record")


@pytest.mark.points(1, of="extract_csv")
def test_a_file_that_is_cut_off_or_in_another_encoding_is_refused(student, inbox):
    """A wrong decoder does not fail: it loads "Äá»‘ng Äa" for years."""
    path = inbox / "orders_vinh.csv"
    text = ",".join(TEXT) + "\n" + ",".join(GOOD.values()) + "\n"
    path.write_text(text, encoding="utf-8", newline="")
    got, _ = student.extract_csv(path)
    same(got, raw_frame([GOOD], "orders_vinh.csv"))
    for what, content in (
        ("Latin-1", text.replace("Đống Đa", "Hà Tiên").encode("latin-1")),
        ("UTF-16 with a BOM", text.encode("utf-16")),
        ("UTF-16 without a BOM", text.replace("Đống Đa", "Dong Da").encode("utf-16-le")),
        ("a NUL character", text.replace("C00007", "C00\x0007").encode()),
        ("cut off inside double quotes", (text + 'SM-2,"2026-03-01T0').encode()),
    ):
        path.write_bytes(content)
        with raises(ValueError, naming=["orders_vinh.csv"], what=what):
            student.extract_csv(path)


@pytest.mark.points(3, of="extract_json")
def test_whole_numbers_become_exact_text(student, inbox, rng):
    """A float in between would change the last digits of a big amount."""
    totals = [118000, 0, -5, 2**53 + 1, 10**30 + 1, "118.000", "007", " 12 ", "NA", rng.randrange(2**62, 2**63)]
    elements = [element(id=f"APP-{n}", total=total) for n, total in enumerate(totals)]
    got, rejects = student.extract_json(json_file(inbox / "orders_app.json", elements, exported="nightly"))
    rows = [GOOD | {"order_id": f"APP-{n}", "amount": str(total)} for n, total in enumerate(totals)]
    same_rows(got, raw_frame(rows, "orders_app.json"), "record")
    same(rejects, [], what="the rejects")


@pytest.mark.points(3, of="extract_json")
def test_a_value_of_another_type_is_rejected_not_guessed(student, inbox, rng):
    """True counts as 1 and 1.5 rounds to 2 only for a program that guesses."""
    customer = {"id": "C00007", "address": {"district": "Đống Đa"}}
    wrong = [
        ("amount", element(total=True)),
        ("amount", element(total=1.5)),
        ("amount", element(total=150000.0)),
        ("amount", element(total=float("nan"))),
        ("amount", element(total=[])),
        ("order_id", element(id=17)),
        ("order_id", element(id="half of \ud83d")),
        ("ordered_at", element(created=20260301)),
        ("updated_at", element(updated={})),
        ("customer_id", element(customer="C00007")),
        ("customer_id", element(customer=[])),
        ("customer_id", element(customer=customer | {"id": False})),
        ("district", element(customer=customer | {"address": "Đống Đa"})),
        ("district", element(customer=customer | {"address": {"district": 7}})),
        ("district", element(customer=customer | {"address": {"district": "a\x00b"}})),
        ("status", element(status=["paid"])),
        ("order_id", element(id=True, status=1, total=1.5)),
        ("order", "APP-000001"),
        ("order", None),
        ("order", [element()]),
    ]
    elements = [element() if rng.randrange(3) == 0 else wrong.pop() for _ in range(200) if wrong]
    elements.append(element())
    written = [each if isinstance(each, dict) else each[1] for each in elements]
    got, rejects = student.extract_json(json_file(inbox / "orders_app.json", written))
    good = [{"record": n} | GOOD | {"order_id": "APP-000001"} for n, e in enumerate(elements, 1) if isinstance(e, dict)]
    same_rows(got, raw_frame(good, "orders_app.json"), "record", "the good records")
    expected = {("orders_app.json", n): each for n, each in enumerate(elements, 1) if isinstance(each, tuple)}
    same(refusals(rejects), expected, what="the rejects")


@pytest.mark.points(2, of="extract_json")
def test_absent_and_null_parts_are_missing_cells(student, inbox):
    """The app leaves out what it does not know, at every level."""
    keys = {"id": "order_id", "created": "ordered_at", "updated": "updated_at", "status": "status", "total": "amount"}
    nowhere = {"customer_id": None, "district": None}
    cases = [(element(**{key: gap}), {column: None}) for key, column in keys.items() for gap in (None, ..., "")]
    cases += [(element(customer=gap), nowhere) for gap in (None, ..., {}, {"id": None, "address": None})]
    address = {"district": "Đống Đa"}
    cases += [(element(customer={"address": address}), {"customer_id": None})]
    cases += [(element(customer={"id": "C00007"} | part), {"district": None}) for part in ({}, {"address": {}})]
    cases += [({}, dict.fromkeys(TEXT)), (element(), {})]
    path = json_file(inbox / "orders_app.json", [case for case, _ in cases])
    got, rejects = student.extract_json(path)
    rows = [GOOD | {"order_id": "APP-000001"} | change for _, change in cases]
    same_rows(got, raw_frame(rows, "orders_app.json"), "record")
    same(rejects, [], what="the rejects")
    got, _ = student.extract_json(json_file(path, []))
    same(got, raw_frame([]), what="a file without orders")


@pytest.mark.points(2, of="extract_json")
def test_an_export_that_is_cut_off_or_something_else_is_named(student, inbox, rng):
    """Half an export that loads without an error is half a night of sales."""
    path = json_file(inbox / "orders_app.json", [element()])
    whole = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + whole)
    got, _ = student.extract_json(path)
    same(got, raw_frame([GOOD | {"order_id": "APP-000001"}], "orders_app.json"), what="a whole file with a BOM")
    for what, content in (
        ("cut off", whole[: rng.randrange(20, len(whole) - 2)]),
        ("empty", b""),
        ("no JSON", b"order_id,ordered_at\n"),
        ("a list without the object around it", json.dumps([element()]).encode()),
        ("no orders", b"{}"),
        ("orders that are no list", json.dumps({"orders": {"1": element()}}).encode()),
        ("not UTF-8", b'{"orders": [{"id": "S\xf3c"}]}'),
    ):
        path.write_bytes(content)
        with raises(ValueError, naming=["orders_app.json"], what=what):
            student.extract_json(path)
    with raises(FileNotFoundError, what="a file that is not there"):
        student.extract_json(inbox / "orders_web.json")


@pytest.mark.points(4, of="parse_amount")
def test_dots_group_thousands(student, rng):
    """150.000 is one hundred and fifty thousand dong, not 150."""
    same(student.parse_amount("150.000"), 150000, what="'150.000'")
    for digits in (1, 3, 4, 6, 7, 9, 10, 13):
        amount = rng.randrange(10 ** (digits - 1), 10**digits)
        dotted = f"{amount:,}".replace(",", ".")
        endings = ["", "đ", " đ", "Đ", "₫", "  ₫", "\u00a0₫", "VND", " vnd", " Vnd", "\tVND"]
        for text in (
            str(amount),
            dotted,
            f"  {dotted} ",
            f"{dotted}{rng.choice(endings)}",
            f"{amount}{rng.choice(endings)}\n",
        ):
            same(student.parse_amount(text), amount, what=repr(text))
    for text, amount in (("0", 0), ("0đ", 0), ("007", 7), ("1.000\u00a0₫", 1000), ("0.500", 500)):
        same(student.parse_amount(text), amount, what=repr(text))


@pytest.mark.points(4, of="parse_amount")
def test_every_other_spelling_of_an_amount_is_refused(student):
    """int() takes 1_000 and float() takes 1e6; an amount that was guessed is worse than none."""
    same(student.parse_amount("1.250.000 VND"), 1250000, what="'1.250.000 VND'")
    others = (
        "", " ", "đ", ".", "1.", ".500", "1.2.3", "15.00", "1500.000", "1.000.00", "1..000", "1.000.", "1 000",
        "12.345,00", "150,000", "1,5", "+1", "-1", "−1", "1e3", "0b1", "nan", "inf", "None", "1.000 VND đ", "VND 1.000",
        "1.000 USD", "1.000vn", "²", "１２３", "1.٠٠٠", "1.000\n.000", "1000 d",
    )  # fmt: skip
    for text in (*BAD_AMOUNTS, *others):
        with raises(ValueError, naming=[text.strip()] if text.isprintable() else [], what=repr(text)):
            student.parse_amount(text)


@pytest.mark.points(2, of="parse_amount")
def test_an_amount_that_no_column_can_hold_is_refused(student, rng):
    """One absurd amount must be a reject of one record, not an overflow of the whole night."""
    most = 2**63 - 1
    for text in (str(most), f"{most:,}".replace(",", "."), f"000{most}"):
        same(student.parse_amount(text), most, what=repr(text))
    for amount in (most + 1, 2**64 + rng.randrange(1000), 10**30, 10**5000):
        text = f"1{'0' * 5000}" if amount == 10**5000 else str(amount)
        with raises(ValueError, what=f"an amount of {len(text)} digits"):
            student.parse_amount(text)


def same_time(got, expected, text):
    same(got, expected, what=repr(text))
    assert got.utcoffset() == timedelta(0), (
        f"parse_time({text!r}) is the right instant, but not in UTC: {got.isoformat()}"
    )


@pytest.mark.points(3, of="parse_time")
def test_the_shops_write_the_day_first_and_mean_their_own_clock(student, rng):
    """01/03 is the first of March, and 02:00 in Hanoi is 19:00 of the day before in UTC."""
    same_time(student.parse_time("01/03/2026 02:00"), datetime(2026, 2, 28, 19, tzinfo=UTC), "01/03/2026 02:00")
    for _ in range(20):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(365 * 86400))
        text = f"{at.astimezone(LOCAL):%d/%m/%Y %H:%M:%S}"
        same_time(student.parse_time(text), at, text)
        same_time(student.parse_time(f" {text[:-3]}\n"), at.replace(second=0), text[:-3])


@pytest.mark.points(3, of="parse_time")
def test_an_offset_is_obeyed(student, rng):
    """A time is an instant; what the wall clock of the sender showed is only its spelling."""
    for offset in ("Z", "+07:00", "-03:30", "+00:00", "+05:45", "-12:00", "+14:00", "+23:59", "-23:59", "-00:00"):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(365 * 86400))
        sign = -1 if offset[0] == "-" else 1
        shift = timedelta() if offset == "Z" else sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
        text = f"{at + shift:%Y-%m-%dT%H:%M:%S}{offset}"
        same_time(student.parse_time(text), at, text)


@pytest.mark.points(2, of="parse_time")
def test_an_iso_time_without_offset_is_refused(student, rng):
    """Seven hours of doubt are not an instant."""
    text = f"2026-03-{rng.randrange(10, 31)}T{rng.randrange(10, 24)}:05:06"
    with raises(ValueError, what=repr(text)):
        student.parse_time(text)
    same_time(student.parse_time(f"{text}Z"), datetime.fromisoformat(f"{text}+00:00"), f"{text}Z")


@pytest.mark.points(2, of="parse_time")
def test_days_that_do_not_exist_and_other_forms_are_refused(student):
    """fromisoformat takes week dates and hours without minutes; the contract with the shops does not."""
    same_time(student.parse_time("29/02/2028 23:59"), datetime(2028, 2, 29, 16, 59, tzinfo=UTC), "29/02/2028 23:59")
    others = (
        "", " ", "2026-03-01", "01/03/2026", "1/3/2026 09:00", "01/03/2026 9:00", "01-03-2026 09:00",
        "01/03/2026T09:00", "01/03/2026 09:00Z", "01/03/2026 09:00 PM", "01/03/2026 24:00", "01/03/2026 09:60",
        "01/03/2026 09:00:60", "2026-03-01T24:00:00Z", "2026-03-01T09:00:60Z", "2026-03-01T09:00Z",
        "2026-03-01T09Z",
        "2026-03-01T09:00:00.5Z", "2026-03-01T09:00:00z", "2026-03-01t09:00:00Z", "2026-03-01 09:00:00Z",
        "2026-03-01T09:00:00+24:00", "2026-03-01T09:00:00+07:60", "2026-03-01T09:00:00+0700", "2026-03-01T09:00:00+07",
        "2026-03-01T09:00:00+07:00:30", "2026-03-01T09:00:00 +07:00", "2026-W09-7T09:00:00Z", "20260301T090000Z",
        "2026-060T09:00:00Z", "1772323200",
        "٠١/٠٣/٢٠٢٦ ٠٩:٠٠", "２０２６-03-01T09:00:00Z", "0001-01-01T00:00:00+07:00",
        "9999-12-31T23:59:59-01:00", "01/01/0001 06:00", "01/03/0000 09:00",
    )  # fmt: skip
    for text in (*IMPOSSIBLE, *OTHER_TIMES, *others):
        with raises(ValueError, what=repr(text)):
            student.parse_time(text)


def dirty_night(rng, count=150):
    """A raw frame of two files that share their orders, and the truth about each."""
    known = list(histories(rng, count, days=20))
    truths, rows = [], []
    for source, style in (("orders_hanoi.csv", HANOI), ("orders_danang.csv", DANANG)):
        truth = Truth(source)
        sent = [versions[: rng.randrange(len(versions)) + 1] for versions in rng.sample(known, count)]
        items = truth.watch(dirty(rng, sent, count, IN_TEXT, style))
        rows += [cells(item) | {"source": source, "record": n} for n, item in enumerate(items, 1)]
        truths.append(truth)
    return raw_frame(rng.sample(rows, len(rows))), truths


@pytest.mark.points(5, of="transform")
def test_every_record_is_clean_rejected_or_duplicate(student, rng):
    """A record that is nowhere in the counts is the one that finance will ask for."""
    for night in ("the first night", "the second night", "the third night"):
        raw, truths = dirty_night(rng)
        (clean, rejects, duplicates), (after,) = student.transform.with_arguments(raw)
        best = newest(truths)
        same_rows(clean, clean_frame(best.values()), "order_id", f"{night}, clean")
        faults = {(truth.source, n): field for truth in truths for n, field in truth.refused.items()}
        same(fields_refused(rejects), faults, what=f"{night}, the rejects")
        same(duplicates, sum(len(truth.good) for truth in truths) - len(best), what=f"{night}, the duplicates")
        same(after, raw, what=f"{night}, the raw frame after the call")


@pytest.mark.points(4, of="transform")
def test_a_record_with_two_bad_fields_gives_one_reject_that_names_the_first(student, rng):
    """The list of refused records is worked off by people: one line each, with the record as it was sent."""
    faults = {
        "order_id": (None, "  "),
        "ordered_at": ("31/02/2026 10:00", None, "2026-03-01T08:00:00"),
        "updated_at": ("2026-03-01T07:59:59Z", "yesterday", "\t"),
        "status": ("lost", None, "pa id"),
        "amount": ("12k", None, "-1"),
    }
    rows, first = [GOOD | {"order_id": "SM-0", "district": None}], {}
    for _ in range(30):
        names = sorted(rng.sample(list(faults), 2), key=TEXT.index)
        rows.append(GOOD | {"district": " Huế "} | {name: rng.choice(faults[name]) for name in names})
        first[len(rows)] = names[0]
    clean, rejects, duplicates = student.transform(raw_frame(rows))
    expected = {("orders_hue.csv", n): (name, rows[n - 1]) for n, name in first.items()}
    same(refusals(rejects), expected, what="the rejects")
    same((list(rows_by(clean, "order_id")), duplicates), (["SM-0"], 0), what="the clean order and the duplicates")


@pytest.mark.points(4, of="transform")
def test_the_newest_version_wins_whatever_the_order_of_rows(student, rng):
    """Which of two versions is the newer one is said by updated_at, not by the place in the file."""
    earlier, later = "2026-03-01T12:00:00+07:00", "2026-03-01T06:00:00Z"  # as text it is the other way round
    rows = [
        {"order_id": "A", "updated_at": later, "status": "shipped", "source": "a.csv", "record": 1},
        {"order_id": "A", "updated_at": earlier, "status": "paid", "source": "b.csv", "record": 20},
        {"order_id": "B", "updated_at": later, "status": "cancelled", "source": "b.csv", "record": 1},
        {
            "order_id": " B ",
            "updated_at": "2026-03-01T13:00:00+07:00",
            "status": "paid",
            "source": "a.csv",
            "record": 30,
        },
        {"order_id": "C", "updated_at": later, "status": "shipped", "source": "b.csv", "record": 10},
        {"order_id": "C", "updated_at": later, "status": "paid", "source": "b.csv", "record": 9},
        {"order_id": "D", "updated_at": earlier, "status": "placed", "source": "b.csv", "record": 2},
        {"order_id": "D", "updated_at": "2026-03-01T23:00:00Z", "status": "lost", "source": "b.csv", "record": 3},
    ]
    rows = [GOOD | {"ordered_at": "2026-03-01T03:00:00Z"} | row for row in rows]
    for _ in range(4):
        clean, rejects, duplicates = student.transform(raw_frame(rows))
        newest_of = {"A": ("shipped", "a.csv", 1), "B": ("cancelled", "b.csv", 1), "C": ("shipped", "b.csv", 10)}
        got = {key: (row["status"], row["source"], row["record"]) for key, row in rows_by(clean, "order_id").items()}
        same(got, newest_of | {"D": ("placed", "b.csv", 2)}, what="status, source and record of the clean rows")
        same((len(rejects), duplicates), (1, 3), what="the number of rejects and of duplicates")
        rng.shuffle(rows)


@pytest.mark.points(3, of="transform")
def test_types_of_the_clean_frame_are_exact_also_for_no_rows(student):
    """A night without orders must fit the nights before it; an empty frame that lost its types does not."""
    row = GOOD | {"ordered_at": "01/03/2026 02:00", "customer_id": None, "district": None, "amount": "1.250.000 đ"}
    clean, rejects, duplicates = student.transform(raw_frame([row]))
    at = datetime(2026, 2, 28, 19, tzinfo=UTC), datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    expected = row | {
        "ordered_at": at[0],
        "updated_at": at[1],
        "amount": 1250000,
        "source": "orders_hue.csv",
        "record": 1,
    }
    same(clean, frame_of([expected], CLEAN_TYPES), what="one row")
    same((rejects, duplicates), ([], 0), what="rejects and duplicates of one row")
    for what, rows in (("no rows", []), ("only a faulty row", [GOOD | {"status": "lost"}])):
        clean, rejects, duplicates = student.transform(raw_frame(rows))
        same(clean, frame_of([], CLEAN_TYPES), what=what)
        same((len(rejects), duplicates), (len(rows), 0), what=f"{what}, the number of rejects and of duplicates")


@pytest.mark.points(2, of="transform")
def test_text_is_trimmed_and_only_customer_and_district_may_be_missing(student, rng):
    """ "C00007 " and "C00007" are one customer, and a blank is nobody."""
    blank = ["", " ", "\t ", "\u00a0", "\n"]
    padded = {name: f"{rng.choice(blank)}{cell}{rng.choice(blank)}" for name, cell in GOOD.items()}
    rows = [padded | {"status": " PAID "}]
    rows += [
        GOOD | {"order_id": f"SM-{n}", "customer_id": gap, "district": gap}
        for n, gap in enumerate((None, " ", "\u00a0"))
    ]
    needed = ["order_id", "ordered_at", "updated_at", "status", "amount"]
    rows += [GOOD | {name: gap} for name in needed for gap in (None, "  ")]
    clean, rejects, _ = student.transform(raw_frame(rows))
    columns = ["order_id", "customer_id", "district", "status"]
    got = {record: [row[name] for name in columns] for record, row in rows_by(clean, "record").items()}
    expected = [[GOOD[name] for name in columns], *([f"SM-{n}", None, None, "paid"] for n in range(3))]
    same(got, dict(enumerate(expected, 1)), what="order_id, customer_id, district and status of the clean rows")
    missing = {("orders_hue.csv", n): name for n, name in enumerate((name for name in needed for _ in range(2)), 5)}
    same(fields_refused(rejects), missing, what="the rejects")


@pytest.mark.points(2, of="transform")
def test_an_update_before_the_order_is_a_fault_of_updated_at(student):
    """Two fields that are right alone can be wrong together."""
    times = [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z", True),
        ("2026-03-01T08:00:00Z", "2026-03-01T07:59:59Z", False),
        ("01/03/2026 15:00", "2026-03-01T08:00:00Z", True),
        ("01/03/2026 15:01", "2026-03-01T08:00:00Z", False),
        ("2026-03-01T08:00:00+07:00", "2026-03-01T07:00:00Z", True),
    ]
    rows = [GOOD | {"order_id": f"SM-{n}", "ordered_at": a, "updated_at": b} for n, (a, b, _) in enumerate(times, 1)]
    clean, rejects, _ = student.transform(raw_frame(rows))
    same(sorted(rows_by(clean, "record")), [n for n, time in enumerate(times, 1) if time[2]], what="the clean records")
    expected = {("orders_hue.csv", n): "updated_at" for n, time in enumerate(times, 1) if not time[2]}
    same(fields_refused(rejects), expected, what="the rejects")


def orders_in(database):
    """{order_id: row of the table orders}."""
    return by("order_id", database.rows(f"SELECT {', '.join(RAW)} FROM orders"))


def stored(versions):
    """{order_id: row of the table orders, as it must be}."""
    rows = []
    for order, source, record in versions:
        texts = {name: f"{getattr(order, name):%Y-%m-%dT%H:%M:%SZ}" for name in ("ordered_at", "updated_at")}
        rows.append(order._asdict() | texts | {"source": source, "record": record})
    return by("order_id", rows)


def some_versions(rng, count, source="orders_hue.csv"):
    """(order, source, record), some without customer or district."""
    orders = [versions[-1] for versions in histories(rng, count)]
    gaps = [rng.choice(({}, {}, {"customer_id": None}, {"district": None})) for _ in orders]
    return [(order._replace(**gap), source, n) for n, (order, gap) in enumerate(zip(orders, gaps, strict=True), 1)]


def counts(inserted=0, updated=0, unchanged=0):
    return {"inserted": inserted, "updated": updated, "unchanged": unchanged}


@pytest.mark.points(3, of="load")
def test_a_first_load_stores_every_row(student, tmp_path, rng, sqlite):
    """Times are text that sorts, amounts are integers, and a gap is NULL and not the word nan."""
    db = tmp_path / "shop.db"
    versions = some_versions(rng, 30)
    versions[0] = versions[0][0]._replace(amount=2**63 - 1, customer_id=None), "orders_hue.csv", 1
    same(student.load(db, clean_frame(versions)), counts(inserted=30))
    same(orders_in(sqlite(db)), stored(versions), what="the table")
    same(student.load(db, clean_frame([])), counts(), what="a load of no rows")
    same(sqlite(db).count("orders"), 30, what="the number of orders after a load of no rows")


@pytest.mark.points(4, of="load")
def test_a_second_load_changes_no_row(student, tmp_path, rng, sqlite):
    """The scheduler will run this twice; nobody may notice."""
    db = tmp_path / "shop.db"
    versions = some_versions(rng, 30)
    same(student.load(db, clean_frame(versions)), counts(inserted=30), what="the first load")
    more = some_versions(rng, 40)[30:]
    rng.shuffle(versions)
    same(student.load(db, clean_frame([*more, *versions])), counts(inserted=10, unchanged=30), what="the second load")
    same(orders_in(sqlite(db)), stored([*versions, *more]), what="the table")


@pytest.mark.points(5, of="load")
def test_an_older_version_that_comes_late_overwrites_nothing(student, tmp_path, rng, sqlite):
    """Yesterday's file arrives after today's, and the order must stay shipped."""
    db = tmp_path / "shop.db"
    base = some_versions(rng, 6, "b.csv")
    base = [(order, source, 10) for order, source, _ in base]
    changes = [  # seconds later, source, record, whether it is newer
        (-1, "z.csv", 99, False),
        (0, "a.csv", 99, False),
        (0, "b.csv", 9, False),
        (1, "a.csv", 1, True),
        (0, "c.csv", 1, True),
        (0, "b.csv", 11, True),
    ]
    other = {"amount": 1000, "district": None, "customer_id": "C99999", "status": "cancelled"}
    late = []
    for (order, *_), (seconds, source, record, _) in zip(base, changes, strict=True):
        moved = {name: getattr(order, name) + timedelta(seconds=seconds) for name in ("ordered_at", "updated_at")}
        late.append((order._replace(**other, **moved), source, record))
    same(student.load(db, clean_frame(base)), counts(inserted=6), what="the first load")
    same(student.load(db, clean_frame(late)), counts(updated=3, unchanged=3), what="the late load")
    expected = [new if change[3] else old for old, new, change in zip(base, late, changes, strict=True)]
    same(orders_in(sqlite(db)), stored(expected), what="the table")


@pytest.mark.points(4, of="load")
def test_a_row_that_breaks_a_constraint_leaves_the_database_as_it_was(student, tmp_path, rng, sqlite):
    """Half a load is worse than none: nobody knows which half."""
    db = tmp_path / "shop.db"
    versions = some_versions(rng, 12)
    student.load(db, clean_frame(versions[:5]))
    for what, wrong in (
        ("an unknown status", {"status": "lost"}),
        ("a negative amount", {"amount": -1}),
        ("a missing status", {"status": None}),
    ):
        bad = rng.randrange(7, 11)
        newer = [(v[0]._replace(updated_at=v[0].updated_at + timedelta(hours=1)), *v[1:]) for v in versions]
        newer[bad] = newer[bad][0]._replace(**wrong), *newer[bad][1:]
        with raises(ValueError, naming=[versions[bad][0].order_id], what=f"a row with {what}"):
            student.load(db, clean_frame(newer))
        same(orders_in(sqlite(db)), stored(versions[:5]), what=f"the table after {what}")
    same(
        student.load(db, clean_frame(versions)), counts(inserted=7, unchanged=5), what="a load of good rows after that"
    )


@pytest.mark.points(4, of="load")
def test_the_database_itself_refuses_bad_rows(student, tmp_path, rng, sqlite):
    """Some day somebody writes to the table by hand; a rule that only the program knows does not hold then."""
    db = tmp_path / "shop.db"
    versions = some_versions(rng, 4)
    student.load(db, clean_frame(versions[:3]))
    good = stored(versions)[versions[3][0].order_id]
    insert = f"INSERT INTO orders ({', '.join(RAW)}) VALUES ({', '.join('?' * len(RAW))})"
    refused = sqlite(db).refuses(insert, *good.values())
    assert not refused, f"the table refuses a good row: {good}"
    wrong = [{"order_id": versions[0][0].order_id}, {"status": "lost"}, {"status": "PAID"}, {"status": ""}]
    wrong += [{name: None} for name in RAW if name not in ("customer_id", "district")]
    wrong += [{"amount": amount} for amount in (-1, 1.5, "many", -0.5)]
    for change in wrong:
        row = good | change
        refused = sqlite(db).refuses(insert, *row.values())
        assert refused, f"the table takes a row with {change}; it must refuse it"
    for change in ("amount = -1", "status = 'lost'", "order_id = NULL"):
        refused = sqlite(db).refuses(f"UPDATE orders SET {change}")
        assert refused, f"the table takes UPDATE orders SET {change}; it must refuse it"
    same(orders_in(sqlite(db)), stored(versions[:3]), what="the table")


def shop_file(rng, path, known, count, faults, style):
    """Writes a file with versions of some of the known orders; returns the truth about it."""
    truth = Truth(path.name)
    new = count - sum(faults.get(kind, 0) for kind in REPEATS)
    sent = [versions[: rng.randrange(len(versions)) + 1] for versions in rng.sample(known, new)]
    records = truth.watch(dirty(rng, sent, count, faults, style))
    if path.suffix.lower() == ".json":
        write_json(path, rng, records)
    else:
        write_csv(path, rng, records, style)
    return truth


def shop_night(rng, folder, scale=1):
    """Four files that share their orders: {path: truth}."""
    known = list(histories(rng, 60 * scale, days=10))
    plan = [("orders_hanoi.csv", IN_CSV, HANOI), ("orders_danang.CSV", IN_CSV, DANANG)]
    plan += [("orders_app.json", IN_JSON, APP), ("orders_web.Json", IN_JSON, APP)]
    return {folder / name: shop_file(rng, folder / name, known, 50, faults, style) for name, faults, style in plan}


def report(truths, **failed):
    """What run returns, but for the texts of the reasons."""
    good, best = sum(len(truth.good) for truth in truths), len(newest(truths))
    rejected = sum(len(truth.refused) for truth in truths)
    return {"read": good + rejected, "loaded": best, "duplicates": good - best, "rejected": rejected}


def numbers(result):
    same(sorted(result), ["duplicates", "failed", "loaded", "read", "rejected"], what="the keys of the result")
    return {name: result[name] for name in ("read", "loaded", "duplicates", "rejected")}


def stored_rejects(database):
    """{(source, record): faulty field} of the table rejects."""
    return fields_refused(database.rows("SELECT source, record, reason, raw FROM rejects ORDER BY source, record"))


def faults_of(truths):
    return {(truth.source, n): field for truth in truths for n, field in truth.refused.items()}


@pytest.mark.points(4, of="run")
def test_the_table_does_not_depend_on_order_grouping_or_repetition_of_files(student, tmp_path, inbox, rng, sqlite):
    """The network decides when a file arrives; it must not decide what finance reads."""
    night = shop_night(rng, inbox)
    truths = list(night.values())
    expected = stored(newest(truths).values())
    result = student.run(list(night), tmp_path / "all.db")
    same(numbers(result) | {"failed": result["failed"]}, report(truths) | {"failed": {}}, what="all files in one call")
    same(orders_in(sqlite(tmp_path / "all.db")), expected, what="all files in one call, the table")
    for schedule in range(3):
        db = tmp_path / f"{schedule}.db"
        arrivals = rng.sample([*night, *rng.sample(list(night), 2)], len(night) + 2)
        calls = []
        while arrivals:
            many = rng.randrange(1, 4)
            calls.append([path.name for path in arrivals[:many]])
            student.run(arrivals[:many], db)
            del arrivals[:many]
        same(orders_in(sqlite(db)), expected, what=f"files in these calls: {calls}")
        same(stored_rejects(sqlite(db)), faults_of(truths), what=f"rejects after these calls: {calls}")


@pytest.mark.points(4, of="run")
def test_one_broken_file_is_reported_and_the_rest_is_loaded(student, tmp_path, inbox, rng, sqlite):
    """One branch with a broken upload must not cost the night of all others."""
    db = tmp_path / "shop.db"
    night = shop_night(rng, inbox)
    truths = list(night.values())
    broken = {
        "latin1.csv": "order_id\nSóc Sơn\n".encode("cp1258", "replace"),
        "columns.csv": b"order_id,amount\nSM-1,1000\n",
        "cut.json": b'{"orders": [{"id": "SM-1"',
        "orders_hue.xlsx": b"PK",
        "README": b"",
    }
    for name, content in broken.items():
        (inbox / name).write_bytes(content)
    bad = [inbox / name for name in (*broken, "not_there.csv")]
    result = student.run(bad, db)
    same(numbers(result), report([]), what="only broken files")
    same(
        (sqlite(db).count("orders"), sqlite(db).count("rejects")), (0, 0), what="rows of both tables after broken files"
    )
    result = student.run(rng.sample([*night, *bad], len(night) + len(bad)), db)
    same(set(result["failed"]), {path.name for path in bad}, what="the failed files")
    for name, reason in result["failed"].items():
        assert isinstance(reason, str) and reason.strip(), f"the reason of {name} is {reason!r}; expected a text"
    same(numbers(result), report(truths))
    same(orders_in(sqlite(db)), stored(newest(truths).values()), what="the table")


@pytest.mark.points(3, of="run")
def test_a_corrected_file_empties_its_rejects_and_a_broken_one_keeps_them(student, tmp_path, inbox, rng, sqlite):
    """The list of refused records is a list of work to do; what is mended must leave it."""
    db = tmp_path / "shop.db"
    hanoi, danang = inbox / "orders_hanoi.csv", inbox / "orders_danang.csv"
    known = list(histories(rng, 120, days=10))
    plan = ((hanoi, known[:60], HANOI), (danang, known[60:], DANANG))
    truths = {path: shop_file(rng, path, some, 50, IN_CSV, style) for path, some, style in plan}
    student.run([hanoi, danang], db)
    same(stored_rejects(sqlite(db)), faults_of(truths.values()), what="the rejects of both files")
    truths[hanoi] = shop_file(rng, hanoi, known[:60], 50, {"status_unknown": 1}, HANOI)
    result = student.run([hanoi], db)
    same(numbers(result), report([truths[hanoi]]), what="the run of the mended file")
    same(stored_rejects(sqlite(db)), faults_of(truths.values()), what="the rejects after the mended file")
    mended = shop_file(rng, danang, known[60:], 50, {}, DANANG)
    hanoi.write_bytes(b"\xff\xfe\x00")
    result = student.run([hanoi, danang], db)
    same(
        (numbers(result), sorted(result["failed"])),
        (report([mended]), ["orders_hanoi.csv"]),
        what="one mended, one broken",
    )
    same(stored_rejects(sqlite(db)), faults_of([truths[hanoi]]), what="the rejects after that")


@pytest.mark.points(2, of="run")
def test_a_rerun_doubles_no_reject(student, tmp_path, inbox, rng, sqlite):
    """Twice the list is twice the work for the people who mend the records."""
    db = tmp_path / "shop.db"
    night = shop_night(rng, inbox)
    paths, truths = list(night), list(night.values())
    for what, sources in (("the first run", paths), ("the second run", paths[::-1]), ("paths given twice", paths * 2)):
        result = student.run(sources, db)
        same(numbers(result), report(truths), what=what)
        same(stored_rejects(sqlite(db)), faults_of(truths), what=f"{what}, the table rejects")
    place = sqlite(db).rows("SELECT source, record FROM rejects LIMIT 1")[0]
    insert = "INSERT INTO rejects (source, record, reason, raw) VALUES (?, ?, 'amount: x', '{}')"
    refused = sqlite(db).refuses(insert, *place.values())
    assert refused, f"the table rejects takes a second row for {place}"


@pytest.mark.points(2, of="run")
def test_orders_and_rejects_are_committed_together(student, tmp_path, inbox, rng, sqlite):
    """Orders without their rejects look like a night on which everything was fine."""
    db = tmp_path / "shop.db"
    night = shop_night(rng, inbox)
    first, *rest = night
    student.run([first], db)
    for table in ("orders", "rejects"):
        before = orders_in(sqlite(db)), stored_rejects(sqlite(db))
        sqlite(db).change(f"CREATE TRIGGER full BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'disk full'); END")
        with raises(Exception, what=f"a run that cannot write to {table}"):
            student.run(rest, db)
        same(
            (orders_in(sqlite(db)), stored_rejects(sqlite(db))),
            before,
            what=f"both tables when {table} is refused",
        )
        sqlite(db).change("DROP TRIGGER full")
    student.run(rest, db)
    same(orders_in(sqlite(db)), stored(newest(night.values()).values()), what="the table when all can be written")
