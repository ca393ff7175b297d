"""Of two records with one key takes the later one.

Caught by: test_every_record_is_accounted_for
"""


def reject_repeats(conn, table, columns, reason, where="true"):
    given = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    conn.execute(
        f"""
        UPDATE staged_{table} AS s SET known = false, reason = %s
        FROM (SELECT record, row_number() OVER (PARTITION BY {", ".join(columns)} ORDER BY record DESC) AS place
              FROM staged_{table} WHERE {given}) AS twin
        WHERE twin.record = s.record AND twin.place > 1 AND {where}""",
        [reason],
    )
