"""The small files in week1/data: to look at, to try things on, and for the examples in the stubs."""

import random
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from grader.datasets.access_log import Trouble, traffic
from grader.datasets.daily_metrics import daily_metrics, write_daily_metrics
from grader.datasets.log_folder import write_log
from grader.datasets.orders import orders
from grader.datasets.payments import write_payments
from grader.datasets.shop_files import APP, DANANG, HANOI, Style, Truth, shop_records, write_csv, write_json
from grader.datasets.signups import write_jsonl
from grader.datasets.write import Writer

IN_HANOI = {
    "amount_unreadable": 4, "amount_missing": 1, "ordered_at_impossible": 2, "ordered_at_other_form": 2,
    "updated_before_ordered": 1, "status_unknown": 2, "status_and_amount": 1, "blanks_and_case": 5,
    "customer_missing": 2, "district_missing": 3, "resent": 2,
}  # fmt: skip
IN_DANANG = {
    "fields_short": 1, "amount_unreadable": 2, "order_id_missing": 1, "updated_at_missing": 1,
    "status_unknown": 1, "blanks_and_case": 2, "district_missing": 1, "resent": 6, "stale": 3,
}  # fmt: skip
IN_APP = {
    "total_not_whole": 1, "total_bool": 1, "status_list": 1, "customer_text": 1, "order_text": 1,
    "ordered_at_other_form": 1, "amount_number": 30, "customer_missing": 2, "district_missing": 3,
    "customer_null": 4, "resent": 2,
}  # fmt: skip


def _orders_hanoi(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return _orders(path, rng, 120 * scale, times(IN_HANOI, scale), HANOI, prefix="HN", province="Hà Nội")


def _orders_danang(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return _orders(path, rng, 80 * scale, times(IN_DANANG, scale), DANANG, prefix="DN", province="Đà Nẵng")


def _orders_app(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return _orders(path, rng, 100 * scale, times(IN_APP, scale), APP, prefix="APP")


def _orders(
    path: Path, rng: random.Random, count: int, faults: dict[str, int], style: Style, **where: str
) -> dict[str, int]:
    truth = Truth(path.name, keep=False)
    records = truth.watch(shop_records(rng, count, faults, style, **where))
    if path.suffix == ".json":
        write_json(path, rng, records)
    else:
        write_csv(path, rng, records, style)
    return dict(truth.faults)


def _payments(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_payments(path, rng, orders(rng, 120 * scale))


def _daily_metrics(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_daily_metrics(path, daily_metrics(rng, days=546 * scale))


def _signups(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_jsonl(path, rng, 120 * scale)


def _log_of_8_march(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    return write_log(path, traffic(rng, 1000 * scale, date(2026, 3, 8)))


def _log_of_9_march(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """From 20:00 to 22:00 in the shop the server behind this one fails."""
    failing = Trouble(datetime(2026, 3, 9, 13, tzinfo=UTC), datetime(2026, 3, 9, 15, tzinfo=UTC), "errors")
    entries = traffic(rng, 1000 * scale, date(2026, 3, 9), troubles=[failing])
    return write_log(path, entries) | {"hours_of_errors": 2}


def _log_of_10_march(path: Path, rng: random.Random, scale: int) -> dict[str, int]:
    """From 10:00 to 14:00 in the shop no line is written; in the evening somebody looks at a log that still grows."""
    silence = Trouble(datetime(2026, 3, 10, 3, tzinfo=UTC), datetime(2026, 3, 10, 7, tzinfo=UTC), "silence")
    entries = traffic(rng, 1300 * scale, date(2026, 3, 10), troubles=[silence])
    return write_log(path, islice(entries, 1000 * scale), cut=True) | {"hours_of_silence": 4}


def times(faults: dict[str, int], scale: int) -> dict[str, int]:
    """The faults of a file that is `scale` times as long."""
    return {kind: many * scale for kind, many in faults.items()}


# Each writer makes one file and returns the injected faults by kind. `scale` 1 is what is committed.
FILES: dict[str, Writer] = {
    "orders_hanoi.csv": _orders_hanoi,
    "orders_danang.csv": _orders_danang,
    "orders_app.json": _orders_app,
    "signups.jsonl": _signups,
    "payments.csv": _payments,
    "daily_metrics.csv": _daily_metrics,
    "logs/access.log": _log_of_10_march,
    "logs/access.log.1": _log_of_9_march,
    "logs/access.log.2.gz": _log_of_8_march,
}
