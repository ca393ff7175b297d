"""Hands in files named like modules that the grader and the tests import: json.py, pandas.py, a folder grader.

Must: neither the worker nor the trusted side imports them.
"""

import json
import sqlite3

BESIDE = {
    "json.py": "import pathlib; pathlib.Path('{HARM}/shadow-ran').touch()\n",
    "msgpack.py": "import pathlib; pathlib.Path('{HARM}/shadow-ran').touch()\n",
    "random.py": "import pathlib; pathlib.Path('{HARM}/shadow-ran').touch()\n",
    "week1/exercises/pandas/__init__.py": "import pathlib; pathlib.Path('{HARM}/shadow-ran').touch()\n",
    "week1/__init__.py": "import pathlib; pathlib.Path('{HARM}/shadow-ran').touch()\n",
    "week1/exercises/__init__.py": "import pathlib; pathlib.Path('{HARM}/shadow-ran').touch()\n",
}


def parse_amount(text: str) -> int:
    return len(json.__file__) + len(sqlite3.__file__)
