"""Reads and decompresses the whole file first: of a cut gzip nothing is left, and a large log fills the memory.

Caught by: test_a_cut_gzip_gives_its_lines_before_the_error, test_the_first_line_does_not_wait_for_the_last
"""


def read_lines(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    content = gzip.open(path).read() if is_gzip(path) else path.read_bytes()
    offset = start
    for line in content[start:].split(b"\n")[:-1]:
        offset += len(line) + 1
        yield offset, line.removesuffix(b"\r")
