"""Holds e-mails unique only as they are written.

Caught by: test_every_fact_stands_once
"""

CUSTOMERS = r"""
create table if not exists customers (
    customer_id  bigint primary key generated always as identity,
    email        text not null check (email ~ '\S'),
    name         text not null check (name ~ '\S'),
    city         text not null references cities
);
create unique index if not exists customers_email on customers (email)
"""
