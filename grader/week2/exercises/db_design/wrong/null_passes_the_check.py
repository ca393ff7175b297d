"""Relies on CHECK against NULL, but a check that is NULL passes.

Caught by: test_no_column_is_null_and_no_text_blank
"""

CITIES = r"""
create table if not exists cities (
    city    text primary key check (city ~ '\S'),
    region  text check (region ~ '\S')
)
"""
