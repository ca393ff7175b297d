"""Writes the time of day into the report: no two reports of one day are the same, and nobody sees when one changed.

Caught by: test_writing_twice_gives_the_same_files_and_never_half_of_one
"""


def table(report: dict) -> str:
    rows = [f"| {name} | {cell(value)} |" for name, value in report.items()]
    return "\n".join([f"Made at {datetime.now(UTC).isoformat()}", "", "| metric | value |", "|---|---|", *rows]) + "\n"
