"""Splits the file into lines before it looks for quotes.

Caught by: test_quoted_line_breaks_and_blank_lines_do_not_shift_the_record_numbers
"""


def _csv_records(path):
    lines = [line for line in _text_of(path).splitlines() if line.strip()]
    return [next(csv.reader([line])) for line in lines]
