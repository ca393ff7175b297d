"""Gives a row only for windows with hits: silence is invisible.

Caught by: test_empty_windows_are_rows
"""


def window_metrics(hits: Iterable[Hit], minutes: int) -> list[dict]:
    windows: defaultdict[int, Window] = defaultdict(Window)
    for hit in hits:
        windows[window_number(hit.at, minutes)].add(hit)
    return [row(window_start(n, minutes), windows[n]) for n in sorted(windows)]
