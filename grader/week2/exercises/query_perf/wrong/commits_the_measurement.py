"""Leaves the block without a rollback: psycopg commits there.

Caught by: test_measuring_a_change_tells_its_rows_and_leaves_no_trace
"""


def _explain(db, options, sql, params):
    with psycopg.connect(db.url) as connection:
        [[answer]] = connection.execute(f"EXPLAIN ({options}) {sql}", params).fetchall()
    return answer[0]["Plan"]
