"""Never takes a record off the list, also when it was mended.

Caught by: test_a_corrected_file_empties_its_rejects_and_a_broken_one_keeps_them
"""


def _replace_rejects(connection, sources, rejects):
    connection.executemany("INSERT OR REPLACE INTO rejects VALUES (:source, :record, :reason, :raw)", rejects)
