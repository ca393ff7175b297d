"""Lets re.error out, which is no ValueError.

Caught by: test_a_rule_with_an_argument_too_few_or_too_many_is_an_error
"""


def check_pattern(pattern):
    re.compile(pattern)
