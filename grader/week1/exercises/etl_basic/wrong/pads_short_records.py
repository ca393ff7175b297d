"""Takes what zip gives: a short record gets missing cells, a long one loses its end.

Caught by: test_a_record_with_a_field_too_many_or_too_few_is_rejected_with_its_number
"""


def extract_csv(path):
    header, *records = _csv_records(path) or [[]]
    places = _places(path, [name.strip() for name in header])
    full = [[*fields, *[""] * len(header)] for fields in records]
    good = [[*[f[place] or None for place in places], path.name, number] for number, f in enumerate(full, 1)]
    return _frame(good, RAW_TYPES), []
