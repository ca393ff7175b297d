"""Inserts and never updates: the second load fails on the first order.

Caught by: test_a_second_load_changes_no_row, test_an_older_version_that_comes_late_overwrites_nothing
"""

MERGE = "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
