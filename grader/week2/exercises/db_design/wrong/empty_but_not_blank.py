"""Refuses empty text, but not a few spaces.

Caught by: test_no_column_is_null_and_no_text_blank
"""

PRODUCTS = r"""
create table if not exists products (
    sku       text primary key check (sku <> ''),
    name      text not null check (name <> ''),
    category  text not null check (category <> '')
)
"""
