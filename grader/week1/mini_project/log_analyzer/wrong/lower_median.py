"""Sorts and takes the one before the middle: of an even number the median is the mean of two.

Caught by: test_a_rate_on_the_limit_is_no_spike
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
        if (
            window["requests"] >= minimum
            and len(rates) >= 3
            and rate > max(0.05, 3 * statistics.median_low(rates[-12:]))
        ):
            found.append({"start": window["start"], "kind": "errors"})
        rates.append(rate)
    return found
