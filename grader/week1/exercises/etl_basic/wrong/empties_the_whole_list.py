"""Throws away the rejects of all files, also of those that were not sent again.

Caught by: test_a_corrected_file_empties_its_rejects_and_a_broken_one_keeps_them
"""


def _replace_rejects(connection, sources, rejects):
    connection.execute("DELETE FROM rejects")
    connection.executemany("INSERT INTO rejects VALUES (:source, :record, :reason, :raw)", rejects)
