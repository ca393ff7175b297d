"""The attack corpus: what a payload wins in the process of the tests, apart, and in a jail.

Hostile code runs only inside of a guard made by bubblewrap: the course, the home folder and /tmp are copies there, all
else is read-only, and there is no network. After a change of the corpus: WRITE_TABLE=1 pytest
grader/tests/test_attacks.py writes the table in grader/SECURITY.md.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from grader.jail import Cgroup, Unavailable, bubblewrap, interpreter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAYLOADS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "attacks").glob("*.py"))}
SECURITY = ROOT / "grader" / "SECURITY.md"
PATIENCE = 60.0
"""Seconds until the next payload must be through."""


def guard(folder, jailed):
    """bubblewrap's arguments around the whole arena. A jail inside of it needs the cgroups and the real /proc."""
    shutil.copytree(ROOT / "grader", folder / "course" / "grader", ignore=shutil.ignore_patterns("wrong", "right"))
    shutil.copytree(ROOT / "week1", folder / "course" / "week1")
    shutil.copy(ROOT / "pyproject.toml", folder / "course")
    shorten_deadlines(folder / "course" / "grader" / "manifest.py")
    (folder / "home").mkdir()
    own = ["--bind", "/proc", "/proc", "--bind", "/sys/fs/cgroup", "/sys/fs/cgroup"]
    own = own if jailed else ["--unshare-user", "--unshare-pid", "--proc", "/proc"]
    view = ["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", folder / "home", Path.home()]
    view += ["--bind", folder / "course", ROOT]
    for path in interpreter():
        view += ["--ro-bind", path, path]
    return ["bwrap", "--die-with-parent", "--unshare-net", "--unshare-ipc", *view, *own, "--chdir", ROOT, "--"]


def shorten_deadlines(manifest):
    """Many payloads hang; what happens then is the same after two seconds as after five."""
    text = manifest.read_text(encoding="utf-8")
    assert "\nDEADLINE = 5.0\n" in text
    manifest.write_text(text.replace("\nDEADLINE = 5.0\n", "\nDEADLINE = 2.0\n"), encoding="utf-8")


def fight(folder, level, jail, payloads):
    """{payload: what it won}. Who ends the arena, or does not let it go on, has won too."""
    won, left = {}, dict(payloads)
    while left:
        told = list(arena(folder / str(len(left)), level, jail, left))
        for one in told:
            won[one["name"]] = one["wins"]
            del left[one["name"]]
        if left:
            guilty = next(iter(left))
            won[guilty] = ["the grader is gone, or does not go on"]
            del left[guilty]
    return won


def arena(folder, level, jail, payloads):
    """What grader/tests/arena.py says of each payload, as it comes."""
    folder.mkdir(parents=True)
    command = [*guard(folder, jail.startswith("bubblewrap")), sys.executable, "-m", "grader.tests.arena"]
    kept = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "said.txt").open("wb"), env=kept,
        start_new_session=True, encoding="utf-8",
    )  # fmt: skip
    process.stdin.write(json.dumps({"level": level, "jail": jail, "payloads": payloads}))
    process.stdin.close()
    ready = False
    for line in lines(process):
        ready = True
        if "name" in line:
            yield line
    process.wait()
    assert ready, (folder / "said.txt").read_text(errors="replace")[-3000:]
    shutil.rmtree(folder)


def lines(process):
    """Its JSON lines; it is ended if the next one does not come."""
    for _ in range(1000):
        timer = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        line = process.stdout.readline()
        timer.cancel()
        if not line:
            return
        yield json.loads(line)


@pytest.fixture(scope="module")
def jail():
    """The best jail of this machine that is one."""
    try:
        bubblewrap()
    except Unavailable as error:
        pytest.skip(f"payloads are run only where bubblewrap holds them: {error}")
    try:
        Cgroup.new().end()
    except Unavailable:
        return "bubblewrap"
    return "bubblewrap+cgroup"


@pytest.fixture(scope="module")
def jailed(jail, tmp_path_factory):
    return fight(tmp_path_factory.mktemp("jailed"), "apart", jail, PAYLOADS)


@pytest.mark.parametrize("name", PAYLOADS)
def test_in_the_jail_a_payload_wins_nothing(jailed, name):
    assert jailed[name] == []
