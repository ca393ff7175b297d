"""The orders of Sao Mai: same seed, same bytes; any size in little memory; and the truth is the truth."""

import random
import tracemalloc
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from grader.datasets.orders import histories, orders
from grader.datasets.seasons import LOCAL, moments
from grader.datasets.shop_files import APP, HANOI, Truth, newest, shop_records, write_csv, write_json


def test_a_stream_of_orders_needs_no_more_memory_when_it_is_longer() -> None:
    peaks = []
    for count in (2_000, 20_000):
        tracemalloc.start()
        for _ in orders(random.Random(1), count, days=365):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2**20


def test_moments_are_ascending_aware_and_exactly_as_many_as_asked_for() -> None:
    got = list(moments(random.Random(1), 3_000, date(2026, 11, 2), 14))
    assert len(got) == 3_000
    assert all(a <= b for a, b in pairwise(got))
    assert {at.utcoffset() for at in got} == {timedelta(0)}
    assert datetime(2026, 11, 1, 17, tzinfo=UTC) <= got[0] and got[-1] < datetime(2026, 11, 15, 17, tzinfo=UTC)


def test_people_shop_in_the_evening_and_on_11_11_and_rest_at_tet() -> None:
    autumn = [at.astimezone(LOCAL) for at in moments(random.Random(1), 20_000, date(2026, 11, 2), 14)]
    days = Counter(at.date() for at in autumn)
    assert days.most_common(1)[0][0] == date(2026, 11, 11)
    hours = Counter(at.hour for at in autumn)
    assert hours[21] > hours[15] > hours[3]
    winter = Counter(at.astimezone(LOCAL).date() for at in moments(random.Random(1), 20_000, date(2026, 2, 2), 28))
    assert winter[date(2026, 2, 17)] * 3 < winter[date(2026, 2, 10)]


def test_versions_of_an_order_get_newer_and_keep_what_was_ordered() -> None:
    for versions in histories(random.Random(1), 500):
        assert all(a.updated_at < b.updated_at for a, b in pairwise(versions))
        assert len({(v.order_id, v.ordered_at, v.customer_id, v.amount) for v in versions}) == 1


def test_a_file_has_exactly_the_faults_that_were_asked_for(tmp_path: Path) -> None:
    faults = {"amount_missing": 3, "fields_short": 2, "blanks_and_case": 4, "resent": 5}
    truth = Truth("orders_hanoi.csv")
    rng = random.Random(1)
    write_csv(tmp_path / truth.source, rng, truth.watch(shop_records(rng, 60, faults, HANOI)), HANOI)
    assert truth.faults == faults
    assert sorted(truth.refused.values()) == ["amount"] * 3 + ["fields"] * 2
    assert len(truth.good) + len(truth.refused) == truth.records == 60
    assert len(newest([truth])) == len(truth.good) - 5


def test_same_seed_same_bytes_whatever_the_platform_calls_a_line_end(tmp_path: Path) -> None:
    def content(seed: int, name: str) -> bytes:
        rng = random.Random(seed)
        write_json(tmp_path / name, rng, shop_records(rng, 40, {"customer_null": 3}, APP))
        return (tmp_path / name).read_bytes()

    assert content(1, "a.json") == content(1, "b.json") != content(2, "c.json")
    assert b"\r" not in content(1, "a.json")
