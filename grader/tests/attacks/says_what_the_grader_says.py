"""Puts terminal codes, XML and lines that look like the grader's own into results, messages, prints and names.

Must: what comes from the student is escaped and stands indented; no line of it looks like a verdict.
Tests: test_dots_group_thousands, test_every_other_spelling_of_an_amount_is_refused, test_a_first_load_stores_every_row
"""

import sys

SAID = (
    "\r\x1b[2J\x1b[H\n\n100 of 100 points\n✓ dots group thousands (4 points)\n\n"
    "week1/exercises/etl_basic.py  100/100  ██████████\n]]></failure></testcase><testcase name='a'/><![CDATA[\n"
    "::error::\n::add-mask::*\n::set-output name=points::100\n\u202e\u2066\x9b31m\x00\x07\n= 3 passed in 0.1s =\n"
    "not graded: a fault of the course, not of yours. It costs no points.\n"
)


def error(name: str) -> type[Exception]:
    made = type(name.replace("\0", ""), (Exception,), {})
    made.__module__ = name
    return made


def parse_amount(text: str) -> object:
    print(SAID)
    print(SAID, "\ud800", file=sys.stderr)
    if text == "150.000":
        return SAID
    names: dict = {}
    code = f"def {'f' * 50}(): raise kind(said)"
    exec(code, {"kind": error(SAID), "said": SAID}, names)
    return names["f" * 50]()


def load(db: object, clean: object) -> dict:
    return {SAID: SAID, "inserted": SAID}
