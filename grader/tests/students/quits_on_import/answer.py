# whole file
import sys


def parse_amount(text):
    return int(text)


print(parse_amount("1000"))
sys.exit(0)
