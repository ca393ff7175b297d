"""Compares with the mean: one bad window hides the next.

Caught by: test_one_bad_window_does_not_hide_the_next_spike
"""


def spikes(windows: list[dict], minimum: int = 20) -> list[dict]:
    found = []
    rates: list[float] = []
    empty: list[dict] = []
    for window in windows:
        if not window["requests"]:
            empty.append(window)
            continue
        if rates and len(empty) >= 3:
            found.append({"start": empty[0]["start"], "kind": "silence"})
        empty = []
        rate = window["errors"] / window["requests"]
        if window["requests"] >= minimum and len(rates) >= 3 and rate > max(0.05, 3 * statistics.mean(rates[-12:])):
            found.append({"start": window["start"], "kind": "errors"})
        rates.append(rate)
    return found
