"""Stores e-mails in lower case and indexes them as they are, but the query asks for lower(email).

Caught by: test_a_customer_is_found_by_an_email_in_any_case
"""

CUSTOMERS = r"""
create table if not exists customers (
    customer_id  bigint primary key generated always as identity,
    email        text not null check (email ~ '\S' and email = lower(email)),
    name         text not null check (name ~ '\S'),
    city         text not null references cities
);
create unique index if not exists customers_email on customers (email)
"""
