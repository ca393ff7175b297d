"""Takes a file for gzip because it is called .gz.

Caught by: test_gzip_is_known_by_its_content
"""


def is_gzip(path: Path) -> bool:
    return path.suffix == ".gz"
