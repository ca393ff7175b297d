"""Reports the last faulty field of a record instead of the first.

Caught by: test_a_record_with_two_bad_fields_gives_one_reject_that_names_the_first
"""


def _first_faults(parsed):
    return {
        row: f"{name}: {cell}"
        for name, cells in parsed.items()
        for row, cell in enumerate(cells)
        if isinstance(cell, ValueError)
    }
