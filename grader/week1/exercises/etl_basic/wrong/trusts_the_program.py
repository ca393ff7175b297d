"""Makes a table without constraints: only the program knows the rules.

Caught by: test_the_database_itself_refuses_bad_rows, test_a_row_that_breaks_a_constraint_leaves_the_database_as_it_was
"""

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS orders (
        order_id TEXT PRIMARY KEY, ordered_at TEXT, updated_at TEXT, customer_id TEXT, district TEXT,
        status TEXT, amount INTEGER, source TEXT, record INTEGER
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS rejects (
        source TEXT, record INTEGER, reason TEXT, raw TEXT, PRIMARY KEY (source, record)
    )
    """,
)
