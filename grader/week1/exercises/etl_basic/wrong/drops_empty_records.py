"""Takes a record without any text for a blank line: it is nowhere in the counts.

Caught by: test_quoted_line_breaks_and_blank_lines_do_not_shift_the_record_numbers
"""


def _csv_records(path):
    try:
        reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
        return [fields for fields in reader if "".join(fields).strip()]
    except csv.Error as error:
        raise ValueError(f"{path.name}: {error}") from error
