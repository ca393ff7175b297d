"""Looks for spikes among the windows of the day only: the first hours have nothing to be compared with.

Caught by: test_spikes_of_the_day_are_judged_by_the_days_before
"""


def summary(connection: sqlite3.Connection, day: date) -> dict:
    start = datetime.combine(day, time(), SHOP_CLOCK).astimezone(UTC)
    first, after = as_text(start), as_text(start + timedelta(days=1))
    requests = errors = 0
    seconds, busiest = Histogram(), (0, None)
    query = "SELECT start, requests, errors, histogram FROM windows WHERE start >= ? AND start < ? ORDER BY start"
    for start, many, failed, histogram in connection.execute(query, [first, after]):
        requests += many
        errors += failed
        seconds.merge(Histogram.from_dict(json.loads(histogram)))
        busiest = max(busiest, (many, start), key=lambda pair: pair[0])  # the first of equals
    [[bad]] = connection.execute("SELECT value FROM counters WHERE name = 'bad'")
    return {
        "day": day.isoformat(),
        "requests": requests,
        "errors": errors,
        "error_rate": errors / requests if requests else None,
        "p95": seconds.quantile(0.95),
        "busiest": busiest[1],
        "spikes": spikes([window for window in without_holes(connection) if first <= window["start"] < after]),
        "bad_lines": bad,
    }
