"""Tells the subtotal by its NULL, and takes the goods without category for it.

Caught by: test_goods_without_category_are_no_subtotal
"""

REVENUE = f"""
    WITH days AS (SELECT generate_series(%(first)s::timestamp, %(last)s::timestamp, '1 day')::date AS day),
    sold AS (
        {SOLD.replace("coalesce(p.category, 'unknown')", "p.category")}
        AND o.ordered_at >= %(first)s::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'
        AND o.ordered_at < (%(last)s::timestamp + interval '1 day') AT TIME ZONE 'Asia/Ho_Chi_Minh')
    SELECT CASE WHEN day IS NULL THEN 'total' WHEN category IS NULL THEN 'day' ELSE 'category' END AS level,
           day, category, {MEASURES}
    FROM days LEFT JOIN sold USING (day)
    GROUP BY ROLLUP (day, category)
    ORDER BY day NULLS LAST, category COLLATE "C" NULLS LAST"""
