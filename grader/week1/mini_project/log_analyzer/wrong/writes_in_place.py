"""Opens the report itself for writing: whoever reads it at that moment gets half of it.

Caught by: test_writing_twice_gives_the_same_files_and_never_half_of_one
"""


def replace(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
