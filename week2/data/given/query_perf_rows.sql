-- Rows for query_perf.sql, in the same shape as those of the tests (which have others). Takes a few seconds.
-- setseed makes them the same for everybody.
BEGIN;
DO $$ BEGIN PERFORM setseed(0.2026); END $$;

INSERT INTO customers
SELECT n, 'customer.' || n || '@example.vn', 'Tỉnh ' || place / 6 + 1, 'Huyện ' || place + 1
FROM (SELECT n, floor(60 * random() * random())::int AS place FROM generate_series(1, 30000) AS n) AS c
ORDER BY n;

INSERT INTO orders
SELECT id, 1 + floor(30000 * random())::int, '2023-12-31 17:00Z'::timestamptz + n * interval '631 seconds',
       CASE WHEN luck < 0.92 THEN 'shipped' WHEN luck < 0.97 THEN 'cancelled' WHEN luck < 0.99 THEN 'paid' ELSE 'placed' END,
       1000 * (60 + floor(2440 * random())::int), repeat('Giao giờ hành chính. ', 4)
FROM (
    SELECT n - n % 3 AS n, row_number() OVER (ORDER BY n / 50, random()) AS id, random() AS luck
    FROM generate_series(1, 100000) AS n
) AS o
ORDER BY n;

INSERT INTO order_items
SELECT order_id, line, 'SM-' || lpad((1 + floor(800 * random()))::int::text, 4, '0'), 1 + floor(3 * random())::int
FROM (SELECT order_id, ordered_at, order_id * 7919 % 6 AS lines FROM orders) AS o, generate_series(1, lines) AS line
ORDER BY ordered_at, order_id, random();

COMMIT;
ANALYZE customers, orders, order_items;
