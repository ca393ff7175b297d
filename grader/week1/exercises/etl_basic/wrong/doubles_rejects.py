"""Appends to a list without a key: a rerun doubles it.

Caught by: test_a_rerun_doubles_no_reject
"""

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS orders (
        order_id TEXT NOT NULL PRIMARY KEY,
        ordered_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        customer_id TEXT,
        district TEXT,
        status TEXT NOT NULL CHECK (status IN ('placed', 'paid', 'shipped', 'cancelled')),
        amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount >= 0),
        source TEXT NOT NULL,
        record INTEGER NOT NULL
    )
    """,
    "CREATE TABLE IF NOT EXISTS rejects (source TEXT, record INTEGER, reason TEXT, raw TEXT)",
)


def _replace_rejects(connection, sources, rejects):
    connection.executemany("INSERT INTO rejects VALUES (:source, :record, :reason, :raw)", rejects)
