"""Leaves the times in the unit that pandas 2 gave them.

Caught by: test_types_of_the_clean_frame_are_exact_also_for_no_rows
"""

CLEAN_TYPES = RAW_TYPES | {"ordered_at": "datetime64[ns, UTC]", "updated_at": "datetime64[ns, UTC]", "amount": "int64"}
