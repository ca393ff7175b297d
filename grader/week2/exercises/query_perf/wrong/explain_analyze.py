"""Shows the plan of a DELETE by executing it.

Caught by: test_the_plan_of_a_change_changes_nothing
"""


def plan(db, sql, params):
    with psycopg.connect(db.url) as connection:
        [[answer]] = connection.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql, params).fetchall()
    return [_described(node, depth) for node, depth in _walk(answer[0]["Plan"])]
