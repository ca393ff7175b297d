"""Counts TLS handshakes and port scans as broken lines.

Caught by: test_what_is_no_http_request_still_counts
"""


def method_and_path(request: bytes) -> tuple[str, str]:
    match = REQUEST.fullmatch(request)
    if not match:
        raise ValueError(f"request: {request!r} is none")
    method, path = match.groups()
    return method.decode(), unquote_to_bytes(unescaped(path)).decode("utf-8", "replace")
