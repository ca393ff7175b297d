"""Lets pandas guess types and missing values: "NA" is missing and "007" is 7.

Caught by: test_codes_and_names_come_out_as_they_stand_in_the_file
"""


def extract_csv(path):
    frame = pd.read_csv(path, skipinitialspace=True).rename(columns=str.strip)
    _places(path, list(frame.columns))
    frame = frame.assign(source=path.name, record=range(1, len(frame) + 1))
    return frame[RAW].astype(RAW_TYPES), []
