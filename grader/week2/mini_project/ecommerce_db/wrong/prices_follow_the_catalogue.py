"""Keeps unit_price in step with the price of the product.

Caught by: test_a_later_price_does_not_change_an_old_order
"""


def create_schema(db):
    with connect(db) as conn:
        conn.execute(TABLES + TRIGGERS + COMMENTS)
        conn.execute("""
            CREATE OR REPLACE FUNCTION follow_price() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE order_items SET unit_price = NEW.price WHERE sku = NEW.sku;
                RETURN NULL;
            END $$;
            CREATE OR REPLACE TRIGGER follow_price AFTER UPDATE OF price ON products
                FOR EACH ROW EXECUTE FUNCTION follow_price()""")
