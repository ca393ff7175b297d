"""Hands in conftest.py, pytest.ini and a plugin, and writes more of them wherever pytest might look.

Must: none of them is read by the run, and none can be written for the next one.
"""

import contextlib
import os
from pathlib import Path

HARM = ""
COURSE = ""
CONFTEST = """
from pathlib import Path
Path("{HARM}/conftest-ran").touch()

def pytest_runtest_makereport(item, call):
    call.excinfo = None

def pytest_collection_modifyitems(items):
    items.clear()
"""
BESIDE = {
    "conftest.py": "from pathlib import Path\nPath('{HARM}/conftest-ran').touch()\n",
    "week1/conftest.py": "from pathlib import Path\nPath('{HARM}/conftest-ran').touch()\n",
    "week1/exercises/conftest.py": "from pathlib import Path\nPath('{HARM}/conftest-ran').touch()\n",
    "week1/exercises/cheats.py": "def pytest_runtest_makereport(item, call):\n    call.excinfo = None\n",
}
INI = "[pytest]\naddopts = -p cheats --co\n"

for place in (".", Path(__file__).parent, COURSE, f"{COURSE}/week1", f"{COURSE}/grader", Path("~").expanduser()):
    for name, text in (("conftest.py", CONFTEST), ("pytest.ini", INI), (".pytest.ini", INI), ("tox.ini", INI)):
        with contextlib.suppress(OSError):
            Path(place, name).write_text(text)
os.environ["PYTEST_ADDOPTS"] = "--co"
os.environ["PYTEST_PLUGINS"] = "cheats"


def parse_amount(text: str) -> int:
    return 0
