"""Prints the answer."""


def parse_amount(text: str) -> int:
    number = int(text.replace(".", ""))
    print("the amount is", number)
