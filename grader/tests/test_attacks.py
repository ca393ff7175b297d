"""The attack corpus: what a payload wins in the process of the tests, apart, and in a jail.

Hostile code runs only inside of a guard made by bubblewrap: the course, the home folder and /tmp are copies there, all
else is read-only, and there is no network. After a change of the corpus: WRITE_TABLE=1 pytest
grader/tests/test_attacks.py writes the table in grader/SECURITY.md.
"""

import ast
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from grader.container import docker
from grader.jail import Cgroup, Unavailable, bubblewrap, interpreter
from grader.shard import Job
from grader.sweep import remove
from grader.tests.arena import DEFAULT_TESTS

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
    shared(folder).mkdir()
    own = ["--bind", "/proc", "/proc", "--bind", "/sys/fs/cgroup", "/sys/fs/cgroup"]
    own = own if jailed else ["--unshare-user", "--unshare-pid", "--proc", "/proc"]
    view = ["--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", "--bind", folder / "home", Path.home()]
    view += ["--bind", folder / "course", ROOT, "--bind", shared(folder), shared(folder)]
    for path in interpreter():
        view += ["--ro-bind", path, path]
    return ["bwrap", "--die-with-parent", "--unshare-net", "--unshare-ipc", *view, *own, "--chdir", ROOT, "--"]


def shared(folder):
    """Where temporary files are in the same place outside of the guard, too: an engine of Docker's is there."""
    return folder / "shared"


def shorten_deadlines(manifest):
    """Many payloads hang; what happens then is the same after two seconds as after five."""
    text = manifest.read_text(encoding="utf-8")
    assert "\nDEADLINE = 5.0\n" in text
    manifest.write_text(text.replace("\nDEADLINE = 5.0\n", "\nDEADLINE = 2.0\n"), encoding="utf-8")


def fight(folder, level, jail, payloads):
    """{payload: what it won}. Who ends the arena, or does not let it go on, has won too."""
    won, left = {}, dict(payloads)
    while left:
        for one in arena(folder / str(len(left)), level, jail, left):
            won[one["name"]] = one["wins"]
            del left[one["name"]]
        if left:
            guilty = next(iter(left))
            won[guilty] = ["the grader is gone, or does not go on"]
            del left[guilty]
    return won


def arena(folder, level, jail, payloads):
    """What grader/tests/arena.py says of each payload, up to the one that ended it."""
    folder.mkdir(parents=True)
    command = [*guard(folder, jail not in ("", "rlimits")), sys.executable, "-m", "grader.tests.arena"]
    kept = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
    kept |= {"COURSE_CANARY": secrets.token_hex(8)} | ({"TMPDIR": str(shared(folder))} if jail == "docker" else {})
    with (folder / "said.txt").open("wb") as said, subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=kept, start_new_session=True,
        encoding="utf-8",
    ) as process:  # fmt: skip
        process.stdin.write(json.dumps({"level": level, "jail": jail, "payloads": payloads}))
        process.stdin.close()
        told = list(lines(process))
    assert told, (folder / "said.txt").read_text(errors="replace")[-3000:]
    remove(folder)
    return told[1:]


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
def engine():
    """Whether Docker's engine can be a jail here."""
    try:
        docker()
    except Unavailable:
        return False
    return True


@pytest.fixture(scope="module")
def won(jail, engine, tmp_path_factory):
    """{level: {payload: what it won}}; most of the time they wait for deadlines, so all levels run at once."""
    folder = tmp_path_factory.mktemp("attacks")
    halves = [dict(list(PAYLOADS.items())[half::2]) for half in (0, 1)]
    with ThreadPoolExecutor(5) as pool:
        jailed = pool.submit(fight, folder / "jailed", "apart", jail, {**PAYLOADS, "honest": HONEST})
        apart = pool.submit(fight, folder / "apart", "apart", "rlimits", PAYLOADS)
        home = [pool.submit(fight, folder / f"home{n}", "self", "", half) for n, half in enumerate(halves)]
        inside = {**PAYLOADS, "honest": HONEST} if engine else {}
        contained = pool.submit(fight, folder / "docker", "apart", "docker", inside)
    found = {"in-process": home[0].result() | home[1].result(), "apart": apart.result(), "jailed": jailed.result()}
    return found | ({"docker": contained.result()} if engine else {})


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("level", ["jailed", "docker"])
def test_in_a_jail_a_payload_wins_nothing(won, level, name):
    assert in_level(won, level)[name] == []


def in_level(won, level):
    if level not in won:
        pytest.skip("Docker's engine cannot be a jail here")
    return won[level]


def test_there_are_payloads_enough_and_each_says_what_it_tries():
    assert len(PAYLOADS) >= 45
    for name, source in PAYLOADS.items():
        text = ast.get_docstring(ast.parse(source)) or ""
        assert re.match(r"\S.*\.\n\nMust: \S", text), f"{name}: first line what it tries, then `Must: …`"


def test_the_payloads_are_attacks(won):
    """Where nothing holds them, they win: else the corpus would prove nothing."""
    assert number(won["in-process"]) > number(won["apart"]) > 0


@pytest.mark.parametrize("level", ["jailed", "docker"])
def test_an_honest_answer_earns_its_points_in_a_jail(won, level):
    """Else nothing could be won there at all."""
    assert in_level(won, level)["honest"] == [f"{test} passed" for test in DEFAULT_TESTS]


def number(column):
    """How many payloads won something."""
    return sum(bool(column[name]) for name in PAYLOADS)


HONEST = """
def parse_amount(text: str) -> int:
    import re
    found = re.fullmatch(r"([0-9]+|[0-9]{1,3}(?:[.][0-9]{3})+)[\\s]*(?:đ|₫|VND)?", text.strip(), re.IGNORECASE)
    digits = found[1].replace(".", "").lstrip("0") if found else ""
    if not found or len(digits) > 19 or int(digits or 0) >= 2**63:
        raise ValueError(f"{text!r} is no amount in dong")
    return int(digits or 0)
"""
POLLUTER = """
import builtins, os, re, sys, tempfile, types
from pathlib import Path
builtins.TRACE = sys.modules["trace_of_me"] = types.ModuleType("trace_of_me")
os.environ["TRACE"] = "1"
re.fullmatch = lambda *_: None
for place in (".", "/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir()):
    try:
        Path(place, "trace-of-me").write_text("here")
    except OSError:
        pass
if os.fork() == 0:
    os.setsid()
    while True:
        os.sched_yield()


def parse_amount(text: str) -> int:
    os._exit(0)
"""
HUNTER = """
import builtins, os, sys, tempfile
from pathlib import Path


def parse_amount(text: str) -> int:
    places = (".", "/tmp", "/var/tmp", "/dev/shm", tempfile.gettempdir())
    found = [place for place in places if Path(place, "trace-of-me").exists()]
    found += [name for name in (*vars(builtins), *sys.modules, *os.environ) if "TRACE" in name.upper() + "S"]
    found += [pid for pid in os.listdir("/proc") if pid.isdecimal() and int(pid) not in (1, os.getpid())]
    raise LookupError(f"found {sorted(set(found) - KNOWN)}")


KNOWN = {"traceback", "tracemalloc", "_tracemalloc", "IndexError"}
"""


def test_nothing_of_a_submission_is_left_for_the_next_one_in_the_same_process(jail, tmp_path):
    first, polluted, hunted, last = shard(tmp_path, jail, HONEST, POLLUTER, HUNTER, HONEST)
    assert set(first["outcomes"].values()) == {"passed"}
    assert set(polluted["outcomes"].values()) <= {"crashed", "failed"}
    assert all("found []" in message for message in hunted["messages"].values())
    assert last["outcomes"] == first["outcomes"]


def shard(folder, jail, *answers):
    """What became of answers that are graded one after the other in one process."""
    for number, answer in enumerate(answers):
        (folder / str(number) / "week1/exercises").mkdir(parents=True)
        (folder / str(number) / "week1/exercises/etl_basic.py").write_text(answer, encoding="utf-8")
    jobs = [Job(str(n), str(folder / str(n)), 7, DEFAULT_TESTS, "apart") for n in range(len(answers))]
    done = subprocess.run(
        [sys.executable, "-m", "grader.shard", "week1/exercises/etl_basic.py", jail],
        input=json.dumps([asdict(job) for job in jobs]), cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return [said for said in map(json.loads, done.stdout.splitlines()) if "name" in said]


BLOCK = re.compile(r"(<!-- attacks: written by WRITE_TABLE=1 pytest .* -->\n).*(<!-- end -->)", re.DOTALL)


def test_the_table_of_the_claim_is_true(won):
    text = SECURITY.read_text(encoding="utf-8")
    if "WRITE_TABLE" in os.environ:
        assert set(won) == set(LEVELS), "the table needs an engine of Docker's"
        text = BLOCK.sub(lambda block: block[1] + "\n".join(table(won)) + "\n" + block[2], text)
        SECURITY.write_text(text, encoding="utf-8")
    claimed = dict(re.findall(r"\| (jailed|docker): .*\| (\d+ of \d+) \|", text))
    nothing = f"0 of {len(PAYLOADS)}"
    assert claimed == {"jailed": nothing, "docker": nothing}, "WRITE_TABLE=1 writes it anew"
    assert [number(won[level]) for level in claimed if level in won] == [0 for level in claimed if level in won]


def test_the_table_names_every_payload():
    """Also where no payload can be run."""
    names = re.findall(r"^\| \[(\w+)\]", SECURITY.read_text(encoding="utf-8"), re.MULTILINE)
    assert names == list(PAYLOADS), "WRITE_TABLE=1 writes it anew"


def table(won):
    yield "| level | payloads that win something |"
    yield "|---|---|"
    for level, what in LEVELS.items():
        yield f"| {level}: {what} | {number(won[level])} of {len(PAYLOADS)} |"
    yield ""
    yield f"| payload | tries | {' | '.join(LEVELS)} |"
    yield f"|---|---|{'---|' * len(LEVELS)}"
    for name, source in PAYLOADS.items():
        tries = (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0].replace("|", "\\|")
        marks = " | ".join("wins" if won[level][name] else "" for level in LEVELS)
        yield f"| [{name}](tests/attacks/{name}.py) | {tries} | {marks} |"


LEVELS = {
    "in-process": "`pytest week1`",
    "apart": "`pytest week1 --apart` with nothing but rlimits",
    "jailed": "`pytest week1 --apart` in bubblewrap",
    "docker": "`pytest week1 --apart` in a container of Docker's",
}
