# whole file
from pathlib import Path


def extract_csv(path: Path):
    rows = [line.split(",") for line in path.read_text().splitlines()]
    return rows, [


def parse_amount(text):
    return int(text)
