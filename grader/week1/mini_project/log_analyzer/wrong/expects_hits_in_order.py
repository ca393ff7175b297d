"""Closes a window at the first hit of another one, as if logs were in order.

Caught by: test_windows_do_not_depend_on_the_order_of_hits
"""


def window_metrics(hits: Iterable[Hit], minutes: int) -> list[dict]:
    rows: list[dict] = []
    for number, own in groupby(hits, key=lambda hit: window_number(hit.at, minutes)):
        window = Window()
        for hit in own:
            window.add(hit)
        while rows and rows[-1]["start"] < window_start(number - 1, minutes):
            rows.append(row(rows[-1]["start"] + timedelta(minutes=minutes), Window()))
        rows.append(row(window_start(number, minutes), window))
    return rows
