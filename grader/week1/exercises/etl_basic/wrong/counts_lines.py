"""Takes the number of the line for the number of the record.

Caught by: test_quoted_line_breaks_and_blank_lines_do_not_shift_the_record_numbers
"""


def extract_csv(path):
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    try:
        lines = [(reader.line_num, fields) for fields in reader if len(fields) > 1 or "".join(fields).strip()]
    except csv.Error as error:
        raise ValueError(f"{path.name}: {error}") from error
    (_, header), *records = lines or [(0, [])]
    places = _places(path, [name.strip() for name in header])
    good, rejects = [], []
    for number, fields in records:
        if len(fields) == len(header):
            good.append([*[fields[place] or None for place in places], path.name, number - 1])
        else:
            rejects.append(_reject(path.name, number - 1, "fields: not as many as in the header", fields))
    return _frame(good, RAW_TYPES), rejects
