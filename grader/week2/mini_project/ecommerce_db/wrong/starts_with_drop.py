"""DROP TABLE IF EXISTS first: runs as often as you like, and the shop is empty.

Caught by: test_a_second_create_schema_changes_nothing
"""


def create_schema(db):
    names = (
        "order_requests",
        "report_daily",
        "import_rejects",
        "stock_moves",
        "payments",
        "order_items",
        "orders",
        "products",
        "customers",
    )
    with connect(db) as conn:
        conn.execute(f"DROP TABLE IF EXISTS {', '.join(names)} CASCADE")
        conn.execute(TABLES + TRIGGERS + COMMENTS)
