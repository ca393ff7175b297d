"""Leaves out rows with None, as SQL's count(distinct) does.

Caught by: test_none_is_a_value_on_both_sides
"""


def counterexamples(rows, left, right):
    seen = defaultdict(set)
    for row in rows:
        value = tuple(row[name] for name in left)
        if None not in value and row[right] is not None:
            seen[value].add(row[right])
    return sorted((value for value, rights in seen.items() if len(rights) > 1), key=str)
