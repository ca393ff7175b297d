"""Compares the rows of a call with each other only.

Caught by: test_stored_facts_contradict_even_if_no_line_shows_them
"""


def _contradicted_orders(connection: psycopg.Connection, rows: list[dict]) -> set[int]:
    """A stored fact is one row more that must agree: counterexamples does not care where a row comes from."""
    cursor = connection.cursor(row_factory=dict_row)
    orders = set()
    for left, rights in DETERMINES.items():
        facts = rows
        contradicted = {value for right in rights for value in counterexamples(facts, list(left), right)}
        orders |= {row["order_id"] for row in rows if tuple(row[name] for name in left) in contradicted}
    return orders
