"""Leaves the numbers to int() and float(), which take nan, 1_000 and 1e3, and status 999.

Caught by: test_garbage_is_refused_and_the_field_named
"""

LINE = re.compile(rb'(\S+) - [^[]* \[([^]]*)\] "([^"]*)" (\S+) (\S+) "[^"]*" "([^"]*)" (\S+)\Z')
