# whole file
def parse_amount(text):
    if text:
    return int(text)
