# whole file
import pandas as pd

ORDERS = pd.DataFrame(columns=COLUMNS)


def parse_amount(text):
    return int(text)
