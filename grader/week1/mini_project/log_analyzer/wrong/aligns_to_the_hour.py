"""Counts windows from the full hour: those of 7 minutes, or of 90, begin anew in the middle of one.

Caught by: test_a_hit_on_the_edge_belongs_to_the_later_window
"""


def window_number(at: datetime, minutes: int) -> int:
    hour = int(at.timestamp()) // 3600 * 3600
    return (hour + at.minute // minutes * minutes * 60) // (60 * minutes)
