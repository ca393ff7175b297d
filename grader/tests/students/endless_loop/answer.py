"""Waits for a loop that never ends, and would swallow an Exception."""


def parse_amount(text: str) -> int:
    digits = text
    while True:
        try:
            digits = digits.replace(".", "", 1)
            if digits == "":
                break
        except Exception:
            pass
    return int(digits)
