"""The access logs of Sao Mai: lines that say what their truth says, in little memory, and logs that rotate."""

import gzip
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from grader.datasets.access_log import KINDS, NO_REQUESTS, Trouble, escaped, stamp, traffic
from grader.datasets.log_folder import LogFolder, packed, write_log
from grader.memory import measured


def test_a_longer_log_of_as_many_lines_an_hour_needs_no_more_memory() -> None:
    peaks = []
    for days in (1, 10):
        with measured() as used:
            for _ in traffic(random.Random(1), 2_000 * days, days=days):
                pass
        peaks.append(used.peak)
    assert peaks[1] < peaks[0] + 2**18


def test_what_a_test_uses_is_measured_and_what_was_there_before_is_not() -> None:
    before = bytes(10_000_000)
    with measured() as used:
        bytes(3_000_000)
    assert 3_000_000 <= used.peak < 3_100_000
    assert before


def test_the_same_seed_gives_the_same_lines_of_every_kind() -> None:
    lines = list(traffic(random.Random(1), 5_000))
    assert lines == list(traffic(random.Random(1), 5_000))
    assert len(lines) == 5_000
    assert set(KINDS) == {entry.kind for entry in lines}


def test_a_line_holds_what_its_truth_says() -> None:
    for entry in traffic(random.Random(1), 3_000):
        if entry.hit is None:
            continue
        line, hit = entry.line.decode("ascii"), entry.hit
        head, request, middle, _, _, agent, seconds = line.split('"')
        assert head.startswith(f"{hit.ip} - ") and head.endswith(f" [{stamp(hit.at)}] ")
        assert middle.split() == [str(hit.status), str(hit.size)]
        assert agent == (escaped(hit.agent) or "-")
        assert float(seconds) == hit.seconds
        assert request.startswith(f"{hit.method} /") if hit.method else request in NO_REQUESTS
        assert entry.secret in line


def test_half_a_line_and_the_next_one_have_a_bracket_or_a_quote_too_many() -> None:
    mangled = [entry for entry in traffic(random.Random(1), 20_000) if entry.hit is None]
    assert len(mangled) > 20
    assert all(entry.line.count(b"[") == 2 for entry in mangled)


def test_lines_are_ascending_but_for_the_late_ones_and_none_is_lost() -> None:
    times = [(entry.kind, entry.hit.at) for entry in traffic(random.Random(1), 5_000) if entry.hit]
    kinds = Counter(kind for kind, _ in times)
    early = [at for kind, at in times if kind not in ("late", "repeat")]
    assert early == sorted(early)
    assert kinds["late"] > 5 and times != sorted(times, key=lambda pair: pair[1])


def test_troubles_are_where_they_were_planted() -> None:
    noon = datetime(2026, 3, 10, 5, tzinfo=UTC)
    two, four = noon + timedelta(hours=2), noon + timedelta(hours=4)
    troubles = [Trouble(noon, two, "errors"), Trouble(two, four, "silence")]
    hits = [entry.hit for entry in traffic(random.Random(1), 5_000, troubles=troubles) if entry.hit]
    failing = [hit.status >= 500 for hit in hits if noon <= hit.at < two]
    assert 0.3 < sum(failing) / len(failing) < 0.5
    assert sum(hit.status >= 500 for hit in hits) < sum(failing) + 0.02 * len(hits)
    assert not any(two <= hit.at < four for hit in hits)


def test_a_log_is_written_as_its_name_says_and_its_faults_are_counted(tmp_path: Path) -> None:
    lines = list(traffic(random.Random(1), 500, date(2026, 3, 8)))
    kinds = Counter(entry.kind for entry in lines)
    faults = write_log(tmp_path / "access.log.2.gz", iter(lines))
    first = (tmp_path / "access.log.2.gz").read_bytes()
    assert gzip.decompress(first) == b"".join(entry.line + b"\n" for entry in lines)
    assert faults == {kind: kinds[kind] for kind in faults} and "page" not in faults and faults["bot"] > 0
    write_log(tmp_path / "access.log.2.gz", iter(lines))
    assert (tmp_path / "access.log.2.gz").read_bytes() == first
    assert write_log(tmp_path / "access.log", iter(lines), cut=True)["cut_last_line"] == 1
    content = (tmp_path / "access.log").read_bytes()
    assert content.count(b"\n") == 499 and not content.endswith(b"\n")


def test_a_log_is_renamed_compressed_copied_and_emptied_step_by_step(tmp_path: Path) -> None:
    log = LogFolder(tmp_path)
    log.write(b"one\n")
    for _ in log.rename():
        log.write(b"two\n")  # to the renamed file: the server was not told yet
    log.write(b"three\n")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "access.log.1": b"one\ntwo\n", "access.log": b"three\n"
    }  # fmt: skip
    seen = [sorted(path.name for path in tmp_path.iterdir()) for _ in log.copy_and_truncate()]
    assert seen == [
        ["access.log", "access.log.1", "access.log.2.gz"],
        ["access.log", "access.log.1", "access.log.2.gz"],
        ["access.log", "access.log.2.gz"],
        ["access.log", "access.log.1", "access.log.2.gz"],
    ]
    assert log.live.read_bytes() == b"" and log.previous.read_bytes() == b"three\n"
    for _ in log.compress():
        pass
    assert (tmp_path / "access.log.3.gz").read_bytes() == packed(b"one\ntwo\n")
    assert (tmp_path / "access.log.2.gz").read_bytes() == packed(b"three\n")
