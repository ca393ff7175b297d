"""Asks for the arguments that a rule needs and lets others pass: a limit "mx" limits nothing.

Caught by: test_a_rule_with_an_argument_too_few_or_too_many_is_an_error
"""


def check_arguments(name, given, needed, optional=()):
    for argument in needed:
        if argument not in given:
            raise ValueError(f"{name} needs the argument {argument!r}: {given}")
