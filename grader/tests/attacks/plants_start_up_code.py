"""Writes sitecustomize, usercustomize and .pth files where the next Python would run them.

Must: these places are out of reach or read-only; nothing is changed for the next run.
"""

import contextlib
import os
import site
import sys
import sysconfig
from pathlib import Path

HARM = ""
COURSE = ""
CODE = f"import pathlib; pathlib.Path({HARM!r}, 'start-up-code-ran').touch()\n"
HOME = Path("~").expanduser()

with contextlib.suppress(ImportError):
    import pwd

    HOME = Path(pwd.getpwuid(os.getuid()).pw_dir)
places = [
    *sys.path,
    *site.getsitepackages(),
    sysconfig.get_path("stdlib"),
    COURSE,
    f"{COURSE}/grader",
    "/course/grader",
]
version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
places += [site.getusersitepackages(), f"{HOME}/.local/lib/{version}/site-packages"]
for place in filter(None, places):
    for name in ("sitecustomize.py", "usercustomize.py", "aaa.pth"):
        with contextlib.suppress(OSError):
            Path(place).mkdir(parents=True, exist_ok=True)
            Path(place, name).write_text(CODE)
for name in (".profile", ".bashrc", ".pythonrc", ".config/pip/pip.conf"):
    with contextlib.suppress(OSError):
        (HOME / name).parent.mkdir(parents=True, exist_ok=True)
        (HOME / name).write_text("# a canary\n")


def parse_amount(text: str) -> int:
    return 0
