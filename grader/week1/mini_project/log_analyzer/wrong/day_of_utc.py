"""Takes the day of UTC: the report of the shop begins at seven in the morning.

Caught by: test_the_day_begins_at_midnight_in_the_shop
"""


def summary(connection: sqlite3.Connection, day: date) -> dict:
    start = datetime.combine(day, time(), UTC)
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
        "spikes": [spike for spike in spikes(without_holes(connection)) if first <= spike["start"] < after],
        "bad_lines": bad,
    }
