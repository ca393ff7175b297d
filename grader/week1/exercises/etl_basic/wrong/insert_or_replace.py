"""Replaces whatever is stored: an old file that comes late wins.

Caught by: test_an_older_version_that_comes_late_overwrites_nothing
"""

MERGE = "INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
