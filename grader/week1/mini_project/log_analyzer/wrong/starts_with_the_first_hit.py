"""Begins the first window at the first hit, so that two runs cut the day at different times.

Caught by: test_a_hit_on_the_edge_belongs_to_the_later_window
"""


def window_metrics(hits: Iterable[Hit], minutes: int) -> list[dict]:
    hits = sorted(hits, key=lambda hit: hit.at)
    if not hits:
        return []
    first, length = hits[0].at, timedelta(minutes=minutes)
    windows: defaultdict[int, Window] = defaultdict(Window)
    for hit in hits:
        windows[(hit.at - first) // length].add(hit)
    return [row(first + n * length, windows[n]) for n in range(max(windows) + 1)]
