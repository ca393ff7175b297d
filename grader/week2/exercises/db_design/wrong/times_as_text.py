"""Compares times as they are written.

Caught by: test_another_spelling_is_no_other_fact
"""


def _contradicted_orders(connection: psycopg.Connection, rows: list[dict]) -> set[int]:
    """A stored fact is one row more that must agree: counterexamples does not care where a row comes from."""
    cursor = connection.cursor(row_factory=dict_row)
    orders = set()
    for left, rights in DETERMINES.items():
        facts = rows + cursor.execute(STORED[left]).fetchall()
        facts = [fact | {"ordered_at": str(fact.get("ordered_at"))} for fact in facts]
        contradicted = {value for right in rights for value in counterexamples(facts, list(left), right)}
        orders |= {row["order_id"] for row in rows if tuple(row[name] for name in left) in contradicted}
    return orders
