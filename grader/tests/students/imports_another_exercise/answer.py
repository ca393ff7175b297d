# whole file
from week1.exercises.data_validation import coerce


def parse_amount(text):
    return coerce([{"x": text}], {"x": "int"})[0][0]["x"]
