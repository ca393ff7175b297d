"""Leaves the rules of values to the programs.

Caught by: test_the_database_refuses_values_that_break_a_rule
"""

import re


def create_schema(db):
    without = re.sub(r" CHECK \([a-z_]+ (>=|<>|~|IN) [^,\n]*\)(?=[,\n])", "", TABLES)
    with connect(db) as conn:
        conn.execute(without + TRIGGERS + COMMENTS)
