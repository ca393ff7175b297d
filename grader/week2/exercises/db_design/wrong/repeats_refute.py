"""Takes a value for refuted because it occurs twice.

Caught by: test_a_dependency_is_refuted_by_the_values_that_break_it
"""


def counterexamples(rows, left, right):
    values = [tuple(row[name] for name in left) for row in rows]
    return sorted({value for value in values if values.count(value) > 1}, key=str)
