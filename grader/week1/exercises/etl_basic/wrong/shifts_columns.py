"""Reads with pandas, which takes a surplus first field as index and shifts every column silently.

Caught by: test_a_record_with_a_field_too_many_or_too_few_is_rejected_with_its_number
"""


def extract_csv(path):
    _places(path, pd.read_csv(path, nrows=0, dtype=str).columns.str.strip().tolist())
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, on_bad_lines="skip").rename(columns=str.strip)
    frame = frame.replace("", None).assign(source=path.name, record=range(1, len(frame) + 1))
    return frame[RAW].astype(RAW_TYPES), []
