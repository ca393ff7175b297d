"""Trusts PRIMARY KEY to forbid NULL and INTEGER to forbid 1.5; SQLite does neither.

Caught by: test_the_database_itself_refuses_bad_rows
"""

TABLES = (
    """
    CREATE TABLE IF NOT EXISTS orders (
        order_id TEXT PRIMARY KEY,
        ordered_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        customer_id TEXT,
        district TEXT,
        status TEXT NOT NULL CHECK (status IN ('placed', 'paid', 'shipped', 'cancelled')),
        amount INTEGER NOT NULL CHECK (amount >= 0),
        source TEXT NOT NULL,
        record INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS rejects (
        source TEXT, record INTEGER, reason TEXT, raw TEXT, PRIMARY KEY (source, record)
    )
    """,
)
