"""Refuses the rows that contradict and loads the rest of their order.

Caught by: test_an_order_that_contradicts_itself_is_refused_whole
"""


def _load(connection, rows):
    connection.execute(LOCK)
    _stage(connection, [])
    bad = {
        (left, value)
        for left, rights in DETERMINES.items()
        for right in rights
        for value in counterexamples(rows, list(left), right)
    }
    sides = [{(left, tuple(row[name] for name in left)) for left in DETERMINES} for row in rows]
    refused = [index for index, one in enumerate(sides) if one & bad]
    connection.execute("drop table arriving")
    _stage(connection, [row for index, row in enumerate(rows) if index not in refused])
    connection.execute(INSERTS)
    lines = connection.execute(INSERT_LINES).rowcount
    return {"lines": lines, "duplicates": len(rows) - len(refused) - lines, "refused": refused}
