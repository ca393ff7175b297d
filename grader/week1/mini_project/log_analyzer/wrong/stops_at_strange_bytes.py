"""Decodes strictly: one visitor whose path is not UTF-8 stops the run.

Caught by: test_strange_bytes_do_not_stop_the_parser
"""


def method_and_path(request: bytes) -> tuple[str, str]:
    match = REQUEST.fullmatch(request)
    if not match:
        return "", ""
    method, path = match.groups()
    return method.decode(), unquote_to_bytes(unescaped(path)).decode("utf-8")
