"""Decodes as plain UTF-8, so the first column is called "\\ufefforder_id".

Caught by: test_a_bom_another_column_order_and_extra_columns_change_nothing, test_an_export_that_is_cut_off_or_something_else_is_named
"""


def _text_of(path):
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is not UTF-8: {error}") from error
    if "\0" in text:
        raise ValueError(f"{path.name} has a NUL character in it")
    return text
