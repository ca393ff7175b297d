"""Takes "-" for a broken number, though it is how a server writes "none".

Caught by: test_every_field_of_a_line_is_read
"""


def parse_line(line: bytes) -> Hit:
    match = LINE.match(line)
    if not match:
        raise first_fault(line)
    ip, at, request, status, size, agent, seconds = match.groups()
    agent = unescaped(agent).decode("utf-8", "replace")
    return Hit(address(ip), moment(at), *method_and_path(request), int(status), int(size), agent, float(seconds))
