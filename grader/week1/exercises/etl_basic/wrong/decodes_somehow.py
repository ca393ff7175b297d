"""Falls back to Latin-1, which takes any bytes and makes nonsense of them.

Caught by: test_a_file_that_is_cut_off_or_in_another_encoding_is_refused
"""


def _text_of(path):
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
