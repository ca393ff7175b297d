"""Sorts values as they are, which fails for None beside text.

Caught by: test_none_is_a_value_on_both_sides
"""


def counterexamples(rows, left, right):
    seen = defaultdict(set)
    for row in rows:
        seen[tuple(row[name] for name in left)].add(row[right])
    return sorted(value for value, rights in seen.items() if len(rights) > 1)
