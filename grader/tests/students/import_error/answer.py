# whole file
import pandas as pd
from pandas import read_cvs


def parse_amount(text):
    return int(text)
