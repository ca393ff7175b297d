"""Looks for the pattern anywhere in the text.

Caught by: test_matches_means_the_whole_text
"""


def matches(row, column, pattern):
    return re.search(pattern, row[column]) is not None
