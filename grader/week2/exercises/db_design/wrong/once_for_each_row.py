"""Lists a value again for each row that differs from the first.

Caught by: test_a_dependency_is_refuted_by_the_values_that_break_it
"""


def counterexamples(rows, left, right):
    seen, found = {}, []
    for row in rows:
        value = tuple(row[name] for name in left)
        if seen.setdefault(value, row[right]) != row[right]:
            found.append(value)
    return sorted(found, key=str)
