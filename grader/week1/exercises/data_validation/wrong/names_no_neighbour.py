"""Says that a word is wrong but not which one was probably meant.

Caught by: test_a_misspelt_rule_is_named_with_its_nearest_neighbour, test_a_column_that_types_does_not_know_is_an_error
"""


def refuse_unknown(kind, word, known):
    if word not in known:
        raise ValueError(f"unknown {kind} {word!r}")
