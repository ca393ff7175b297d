"""Cuts the line by blanks instead of reading a grammar: fields that hold blanks shift all others.

Caught by: test_strange_bytes_do_not_stop_the_parser, test_what_is_no_http_request_still_counts
"""


def parse_line(line: bytes) -> Hit:
    parts = line.decode("utf-8", "replace").split(" ")
    method, target = parts[5].strip('"'), parts[6]
    at = moment(f"{parts[3]} {parts[4]}".strip("[]").encode())
    path = unquote(target.partition("?")[0].partition("#")[0])
    agent = " ".join(parts[11:-1]).strip('"')
    return Hit(parts[0], at, method, path, int(parts[8]), int(parts[9]), agent, float(parts[-1]))


from urllib.parse import unquote  # noqa: E402
