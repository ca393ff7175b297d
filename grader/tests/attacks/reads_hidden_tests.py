"""Reads the hidden tests, the solution, the wrong answers and the history of the course, and tells what it found.

Must: none of them can be seen from where student code runs.
"""

from pathlib import Path

HARM = ""
COURSE = ""
FOLDER = "grader/week1/exercises/etl_basic"
PLACES = [
    COURSE,
    "/course",
    ".",
    "..",
    "/proc/self/cwd",
    "/proc/1/cwd",
    f"/proc/1/root{COURSE}",
    f"{HARM}/../../..{COURSE}",
]
FILES = [f"{FOLDER}/test_etl_basic.py", f"{FOLDER}/solution.py", f"{FOLDER}/stub.py", ".git/HEAD"]


def parse_amount(text: str) -> int:
    found = [f"secret: {read(Path(HARM, 'secret.txt'))}"]
    for place in PLACES:
        found += [f"{place}/{name}: {read(Path(place, name))}" for name in FILES]
    print("\n".join(found)[:1500])
    raise LookupError("\n".join(found)[:3500])


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")[:200]
    except OSError as error:
        return type(error).__name__
