"""Adds ^ and $: $ also stands before a last line break, and a|b is ^a or b$.

Caught by: test_matches_means_the_whole_text
"""


def matches(row, column, pattern):
    return re.match(f"^{pattern}$", row[column]) is not None
