"""Compares with >=: of equals the last one stays.

Caught by: test_the_busiest_window_is_the_earliest_of_equals
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
        if many >= busiest[0]:
            busiest = (many, start)
    [[bad]] = connection.execute("SELECT value FROM counters WHERE name = 'bad'")
    return {
        "day": day.isoformat(),
        "requests": requests,
        "errors": errors,
        "error_rate": errors / requests if requests else None,
        "p95": seconds.quantile(0.95),
        "busiest": busiest[1],
        "spikes": [spike for spike in spikes(without_holes(connection)) if first <= spike["start"] < after],
        "bad_lines": bad,
    }
