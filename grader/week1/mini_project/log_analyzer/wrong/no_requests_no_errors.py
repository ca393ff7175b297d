"""Says that of no requests 0 % failed, as if that were good news.

Caught by: test_a_day_without_data_has_a_report
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
        "error_rate": errors / requests if requests else 0.0,
        "p95": seconds.quantile(0.95),
        "busiest": busiest[1],
        "spikes": [spike for spike in spikes(without_holes(connection)) if first <= spike["start"] < after],
        "bad_lines": bad,
    }
