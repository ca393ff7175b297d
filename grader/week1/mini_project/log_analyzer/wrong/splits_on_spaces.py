"""Cuts the line by blanks instead of reading a grammar: fields that hold blanks shift all others.

Caught by: test_strange_bytes_do_not_stop_the_parser, test_what_is_no_http_request_still_counts
"""


def parse_line(line: bytes) -> Hit:
    parts = line.split(b" ")
    method, path = method_and_path(b" ".join(parts[5:8]).strip(b'"'))
    at = moment(b" ".join(parts[3:5]).strip(b"[]"))
    agent = unescaped(b" ".join(parts[11:-1]).strip(b'"')).decode("utf-8", "replace")
    return Hit(address(parts[0]), at, method, path, int(parts[8]), int(parts[9]), agent, float(parts[-1]))
