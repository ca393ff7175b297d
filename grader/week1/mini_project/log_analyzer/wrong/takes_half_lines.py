"""Gives the unfinished last line, and later its rest as another one.

Caught by: test_a_half_written_line_waits_for_its_end, test_any_schedule_of_rotation_counts_each_line_once
"""


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    with gzip.open(path) if is_gzip(path) else path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in file:
            offset += len(line)
            yield offset, line.removesuffix(b"\n").removesuffix(b"\r")
