"""Decodes %3F first and then takes it for the question mark that begins the query string.

Caught by: test_the_path_holds_no_query_string
"""


def method_and_path(request: bytes) -> tuple[str, str]:
    match = re.fullmatch(rb"([A-Z]+) (\S+) HTTP/[\d.]+", request)
    if not match:
        return "", ""
    target = unquote_to_bytes(unescaped(match[2])).decode("utf-8", "replace")
    return match[1].decode(), re.split("[?#]", target, maxsplit=1)[0]
