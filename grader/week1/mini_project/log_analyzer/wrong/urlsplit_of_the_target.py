"""Takes the target for a URL: of //wp-login.php and http://other.example/x the first part is a host.

Caught by: test_the_path_holds_no_query_string
"""

from urllib.parse import unquote, urlsplit


def method_and_path(request: bytes) -> tuple[str, str]:
    match = re.fullmatch(rb"([A-Z]+) (\S+) HTTP/[\d.]+", request)
    if not match:
        return "", ""
    target = unescaped(match[2]).decode("utf-8", "replace")
    return match[1].decode(), unquote(urlsplit(target).path, errors="replace")
