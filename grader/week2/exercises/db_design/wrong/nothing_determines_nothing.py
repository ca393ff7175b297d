"""Answers at once if there is nothing on the left.

Caught by: test_nothing_on_the_left_means_one_value_for_all
"""


def counterexamples(rows, left, right):
    if not left:
        return []
    seen = defaultdict(set)
    for row in rows:
        seen[tuple(row[name] for name in left)].add(row[right])
    return sorted((value for value, rights in seen.items() if len(rights) > 1), key=str)
