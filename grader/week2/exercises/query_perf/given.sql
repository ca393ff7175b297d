-- A copy of Sao Mai's shop to try things on: no foreign keys, and nobody vacuums it.
CREATE TABLE customers (
    customer_id bigint PRIMARY KEY,
    email       text NOT NULL,
    province    text NOT NULL,
    district    text NOT NULL
) WITH (autovacuum_enabled = off);

CREATE TABLE orders (
    order_id    bigint PRIMARY KEY,
    customer_id bigint NOT NULL,
    ordered_at  timestamptz NOT NULL,
    status      text NOT NULL,             -- placed, paid, shipped, cancelled
    amount      bigint NOT NULL,           -- dong
    note        text
) WITH (autovacuum_enabled = off);

CREATE TABLE order_items (
    order_id    bigint NOT NULL,
    line        int NOT NULL,
    sku         text NOT NULL,
    quantity    int NOT NULL,
    PRIMARY KEY (order_id, line)
) WITH (autovacuum_enabled = off);

CREATE INDEX orders_ordered_at ON orders (ordered_at);
