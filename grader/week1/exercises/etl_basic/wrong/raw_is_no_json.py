"""Keeps the refused record as Python prints it; None and quotes are no JSON.

Caught by: test_a_record_with_two_bad_fields_gives_one_reject_that_names_the_first
"""


def _reject(source, record, reason, content):
    return {"source": source, "record": record, "reason": reason, "raw": str(content)}
