"""Returns the scalars of numpy and pandas.

Caught by: test_every_kind_of_column_has_its_values_as_plain_python
"""


def _plain(cells):
    return list(cells.to_numpy())
