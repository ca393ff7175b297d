"""What every jail must hold, and which one is taken where. A level that this machine has not got is skipped."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from grader import container, jail, memory, selftest
from grader.apart import Apart
from grader.container import Engine
from grader.deadline import TooSlow
from grader.jail import Unavailable, interpreter
from grader.manifest import Rule
from grader.run import Run
from grader.student import Crashed, NotGraded
from grader.sweep import remove
from grader.tests import toy
from grader.zygote import Zygote

ROOT = Path(__file__).resolve().parents[2]
LEVELS = ["bubblewrap+cgroup", "docker", "bubblewrap", "rlimits"]

PROBE = """
    import ctypes
    import os
    import subprocess
    import tempfile
    from pathlib import Path

    def add(a: int, b: int) -> int:
        return a + b

    def leave(folder: Path) -> None:
        (folder / "mine.txt").write_text("mine")
        for shared in ("/tmp", "/dev/shm"):
            Path(shared, "course-mine.txt").write_text("mine")

    def starts(seconds: str) -> int:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execv("/usr/bin/sleep", ["sleep", seconds])
            os._exit(0)
        os.wait()
        return os.getpid()

    def ends_itself() -> None:
        ctypes.string_at(0)

    def finds(name: str, folder: Path) -> list[str]:
        places = [*map(Path, ("/tmp", "/dev/shm", "/var/tmp", "/home", "/root")), folder.parent, folder.parent.parent]
        return [str(Path(at, name)) for place in places for at, _, files in os.walk(place) if name in files]

    def reaches() -> list[str]:
        mine, found = {os.getpid(), os.getppid()}, []
        for pid in range(1, 5000):
            for kind, what in (("signal", lambda: os.kill(pid, 0)), ("memory", lambda: open(f"/proc/{pid}/mem", "rb")),
                               ("files", lambda: os.listdir(f"/proc/{pid}/fd")),
                               ("environment", lambda: open(f"/proc/{pid}/environ", "rb").read())):
                try:
                    what()
                    if pid != os.getpid():
                        found.append(f"{kind} of {pid}")
                except OSError:
                    pass
        return found

    def works(folder: Path) -> list[str]:
        seen = [(folder / "given.txt").read_text()]
        (folder / "given.txt").write_text("changed")
        (folder / "later" / "inside.txt").write_text("inside")
        (folder / "deep" / "er").mkdir(parents=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, delete=False) as file:
            file.write("only for me")
        os.replace(file.name, folder / "atomic.txt")
        subprocess.run(["/bin/sh", "-c", "mkdir made && echo by a program > made/program.txt"], cwd=folder, check=True)
        seen.append((folder / "made" / "program.txt").read_text().strip())
        seen.append(str(os.access(folder / "given.txt", os.R_OK)))
        return seen

    def takes(mebibytes: int) -> int:
        taken = []
        for _ in range(mebibytes):
            taken.append(b"x" * (1 << 20))
        return len(taken)

    def tries(base: Path) -> list[str]:
        import socket
        libc = ctypes.CDLL(None, use_errno=True)

        def door():
            with socket.socket(socket.AF_UNIX) as line:
                line.connect("/door/socket")

        def done(result):
            if result != 0:
                raise OSError("refused")

        attempts = {
            "become root": lambda: os.setresuid(0, 0, 0),
            "become another": lambda: os.setresuid(os.getuid() + 1, os.getuid() + 1, os.getuid() + 1),
            "new namespaces": lambda: done(libc.unshare(0x10000000)),
            "mount": lambda: done(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None)),
            "trace": lambda: done(libc.ptrace(16, 1, 0, 0)),
            "list the folders of tests": lambda: os.listdir(base),
            "open the folders of tests": lambda: os.chmod(base, 0o777),
            "make a folder among them": lambda: os.mkdir(base / "one"),
            "list /tmp": lambda: os.listdir("/tmp"),
            "come to the door": door,
            "end the zygote": lambda: os.kill(1, 9),
            "end the keeper": lambda: os.kill(os.getppid(), 9),
            "spare the next": lambda: open("/proc/1/oom_score_adj", "w").write("1000"),
            "write to the modules": lambda: open("/course/grader/worker.py", "a"),
            "make a device": lambda: os.mknod("/tmp/null", 0o020666, os.makedev(1, 3)),
        }
        possible = []
        for name, attempt in attempts.items():
            try:
                attempt()
                possible.append(name)
            except OSError:
                pass
        return possible

    def keeps() -> int:
        return ctypes.CDLL(None).shmget(0x4711, 4096, 0o1666)

    def floods() -> None:
        while True:
            try:
                if os.fork() == 0:
                    os.setsid()
            except OSError:
                pass

    def status() -> dict[str, str]:
        lines = Path("/proc/self/status").read_text().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
"""


@pytest.fixture(scope="module", params=LEVELS)
def zygote(request):
    """The jailed process of one level, for all tests of it."""
    try:
        zygote = Zygote(jail.candidates(request.param)[0](), [])
    except Unavailable as error:
        pytest.skip(f"{request.param}: {error}")
    yield zygote
    zygote.close()


@pytest.fixture
def docker_zygote():
    try:
        zygote = Zygote(container.docker(), [])
    except Unavailable as error:
        pytest.skip(str(error))
    yield zygote
    zygote.close()


@pytest.fixture
def opened(tmp_path):
    """Opens the probe in a worker of its own: opened(zygote, folder)."""
    exercise = toy.exercise(tmp_path, PROBE)
    students = []

    def opened(zygote, folder=None, deadline=20.0):
        run = Run(Apart(tmp_path, zygote))
        students.append(run.student(exercise, Rule("test_toy", "add", 1, "", deadline, ("student",)), folder))
        assert students[-1].add(1, 2) == 3
        run.carrier.close()
        return students[-1]

    yield opened
    for student in students:
        student._side.end()


def ended(student):
    """Ends its worker, and waits until that is done."""
    line = student._side.conversation
    line.zygote.wait(line.zygote.end(line.keeper))
    line.keeper = None


def shared(zygote):
    return Path(tempfile.mkdtemp(dir=zygote.base))


def sleeping(seconds):
    """The processes `sleep seconds` of this machine."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cmdline").read_bytes().split(b"\0")[:2] == [b"sleep", seconds.encode()]:
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_the_self_test_finds_no_fault(zygote):
    assert selftest.faults(zygote, [ROOT / "grader" / "week1", ROOT / ".git"]) == []


def test_a_worker_answers(zygote, opened):
    student = opened(zygote)
    assert student.add(40, 2) == 42
    ended(student)


def test_two_workers_see_nothing_of_each_other(zygote, opened):
    if "files" not in zygote.jail.promises:
        pytest.skip(f"{zygote.jail.name} does not promise it")
    first, second = shared(zygote), shared(zygote)
    one, other = opened(zygote, first), opened(zygote, second)
    one.leave(first)
    one.starts("4711.1")
    if not zygote.jail.container:  # there nobody may list what is above
        assert set(one.finds("mine.txt", first)) == {str(first / "mine.txt")}
    assert other.finds("mine.txt", second) == []
    assert other.finds("course-mine.txt", second) == []
    assert other.reaches() == []
    ended(one)
    assert other.add(1, 1) == 2
    ended(other)
    third = opened(zygote, second)
    assert third.finds("course-mine.txt", second) == []
    ended(third)
    remove(first)
    remove(second)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are looked for in /proc")
@pytest.mark.parametrize("how", ["ended", "crashed"])
def test_a_worker_leaves_no_process(zygote, opened, how):
    student = opened(zygote)
    seconds = f"4711.{os.getpid()}"
    student.starts(seconds)
    toy.wait_until(lambda: sleeping(seconds))
    if how == "crashed":
        with pytest.raises(Crashed):
            student.ends_itself()
    else:
        ended(student)
    assert sleeping(seconds) == []


def test_a_worker_with_namespaces_of_its_own_needs_no_keeper(zygote, opened):
    """To copy the zygote once takes half as long as twice."""
    if not zygote.jail.namespaces:
        pytest.skip("only in namespaces does all end with the worker")
    worker, *_ = memory.processes(opened(zygote)._side.conversation)
    assert int(memory._status(worker)["PPid"]) in memory._children(zygote.pid)


def test_the_folder_of_a_test_is_shared(zygote, opened):
    folder = shared(zygote)
    (folder / "given.txt").write_text("given")
    student = opened(zygote, folder)
    (folder / "later").mkdir()
    assert student.works(folder) == ["given", "by a program", "True"]
    assert (folder / "given.txt").read_text() == "changed"
    assert (folder / "later" / "inside.txt").read_text() == "inside"
    assert (folder / "atomic.txt").read_text() == "only for me"
    assert (folder / "made" / "program.txt").read_text() == "by a program\n"
    ended(student)
    remove(folder)
    assert not folder.exists()


def test_too_much_memory_is_a_crash_of_the_worker_alone(zygote, opened):
    student = opened(zygote)
    together = zygote.jail.name in ("bubblewrap+cgroup", "docker")
    with pytest.raises(Crashed if together else (Crashed, MemoryError), match="out of memory" if together else None):
        student.takes(3000)
    generation = zygote.generation
    ended(opened(zygote))
    assert zygote.generation == generation


def test_a_worker_in_a_container_has_no_rights(docker_zygote, opened):
    student = opened(docker_zygote)
    status = student.status()
    assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Amb")} == {"0" * 16}
    assert (status["NoNewPrivs"], status["Seccomp"], status["Groups"]) == ("1", "2", "")
    users = set(map(int, status["Uid"].split()))
    assert 0 not in users
    other = opened(docker_zygote)
    assert other.status()["Uid"].split()[0] != status["Uid"].split()[0]
    ended(student)
    ended(other)


def test_what_a_worker_in_a_container_may_not_do(docker_zygote, opened):
    folder = shared(docker_zygote)
    assert opened(docker_zygote, folder).tries(docker_zygote.base) == []


def test_nothing_of_a_worker_in_a_container_stays(docker_zygote, opened):
    folder = shared(docker_zygote)
    one = opened(docker_zygote, folder)
    one.leave(folder)
    assert one.keeps() >= 0
    ended(one)
    inside = Path(f"/proc/{docker_zygote.pid}/root")
    if os.geteuid() == 0:
        left = {path.name for path in (inside / "tmp").iterdir()}
        assert left - packages_below_tmp() == {docker_zygote.base.parent.name}
        assert [*(inside / "dev" / "shm").iterdir()] == []
    other = opened(docker_zygote)
    assert other.keeps() >= 0  # the key is free again
    ended(other)


def packages_below_tmp():
    """Where this Python lies, if it lies below /tmp."""
    return {path.parts[2] for path in interpreter() if path.is_relative_to("/tmp")}


def test_a_flood_of_processes_in_a_container_ends(docker_zygote, opened):
    flood = opened(docker_zygote, deadline=3.0)
    with pytest.raises((TooSlow, Crashed)):
        flood.floods()
    assert opened(docker_zygote).add(1, 1) == 2
    assert docker_zygote.generation == 1


def test_a_container_ends_with_a_run_that_is_killed():
    if not os.environ.get("PATH") or shutil.which("docker") is None:
        pytest.skip("docker is not installed")
    code = (
        "from grader import container, zygote; import signal\n"
        "z = zygote.Zygote(container.docker(), []); z.import_ahead()\n"
        "print(z.base.parent.name, flush=True); signal.pause()"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    name = run.stdout.readline().strip()
    run.kill()
    run.wait()
    run.stdout.close()
    if not name:
        pytest.skip("no engine")
    engine = Engine.find()
    toy.wait_until(lambda: not engine.call("ps", "--all", "--quiet", "--filter", f"name={name}"))


def test_containers_of_runs_that_are_gone_are_swept():
    try:
        engine = Engine.find()
    except Unavailable as error:
        pytest.skip(str(error))
    gone = subprocess.Popen(["true"])
    gone.wait()
    labels = [f"--label={container.LABEL}={gone.pid}", "--network=none", "-v", "/usr:/usr:ro"]
    made = engine.call("run", "--detach", *labels, engine.image(), "/usr/bin/sleep", "600").strip()
    engine.sweep()
    assert engine.call("ps", "--all", "--quiet", "--filter", f"id={made}") == ""


# which level is taken


def why(find=container.docker):
    with pytest.raises(Unavailable) as told:
        find()
    text = str(told.value)
    assert "\n" not in text
    assert len(text) < 300
    return text


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """Puts a shell script in the place of the command docker."""

    def put(script):
        program = tmp_path / "bin" / "docker"
        toy.write(program, f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")

    return put


def test_levels_from_best_to_weakest():
    names = [level.__name__ for level in jail.candidates()]
    assert names == ["with_cgroup", "docker", "bubblewrap", "rlimits"]
    assert "bubblewrap+cgroup, docker, bubblewrap, rlimits" in why(lambda: jail.candidates("chroot"))


def test_without_docker(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "not installed: https" in why()


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_the_engine_is_in_a_virtual_machine(monkeypatch, platform):
    monkeypatch.setattr(sys, "platform", platform)
    assert "on Linux only" in why()


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the jail docker exists on Linux only")


@linux
def test_an_engine_that_hangs(pretend, monkeypatch):
    pretend("exec sleep 60")
    monkeypatch.setattr(container, "CALL", 0.2)
    started = time.monotonic()
    assert "does not answer within 0.2 s" in why()
    assert time.monotonic() - started < 5


@linux
@pytest.mark.parametrize("host", ["tcp://10.0.0.1:2375", "ssh://me@there", "npipe:////./pipe/docker_engine"])
def test_an_engine_elsewhere(pretend, host):
    pretend(f"echo {host}")
    assert f"on another machine ({host})" in why()


@linux
def test_no_engine_behind_the_socket(pretend, tmp_path):
    pretend(f"echo unix://{tmp_path}/none.sock")
    assert "is it started?" in why()


@linux
def test_a_command_that_complains(pretend):
    pretend("echo first >&2; echo 'no such thing' >&2; exit 1")
    assert why() == "docker: no such thing"


@linux
@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ('["Docker Desktop",["name=seccomp,profile=unconfined"]]', "virtual machine"),
        ('["Debian",["name=seccomp,profile=default","name=rootless"]]', "maps user numbers"),
        ('["Debian",["name=seccomp,profile=default","name=userns"]]', "maps user numbers"),
        ('["Debian",["name=apparmor"]]', "no seccomp filter"),
        ('["Debian",null]', "no seccomp filter"),
        ("nonsense", "does not say what it is"),
    ],
)
def test_an_engine_that_does_not_fit(pretend, monkeypatch, answer, told):
    pretend(f"if [ $1 = context ]; then echo unix:///here.sock; else echo '{answer}'; fi")
    monkeypatch.setattr(container, "_check_is_here", lambda endpoint: None)
    assert told in why()


@linux
def test_an_engine_outside_of_the_container_that_we_are_in(pretend, monkeypatch, tmp_path):
    import socket

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{tmp_path}/e.sock")
        server.listen()
        pretend(f"echo unix://{tmp_path}/e.sock")
        monkeypatch.setattr(container, "_peer", lambda line: 0)
        assert "the engine is outside of it" in why()


def test_the_next_level_is_taken_and_said_why(monkeypatch):
    def missing():
        raise Unavailable("docker is not installed")

    def dead():
        return jail.Jail("dead", False, lambda inner, base: [sys.executable, "-c", "raise SystemExit('no room')"])

    monkeypatch.setattr(selftest, "candidates", lambda wanted: [missing, dead, jail.rlimits])
    zygote, lost = selftest.trusted("", [], [])
    zygote.close()
    assert zygote.jail.name == "rlimits"
    assert lost[0] == "docker is not installed"
    assert lost[1] == "dead: no process for student code could be started: no room"


def test_a_folder_that_cannot_be_handed_over_is_told_in_one_line(tmp_path):
    if sys.platform != "linux":
        pytest.skip("only where a worker has namespaces is it shown its folder")
    try:
        zygote = Zygote(jail.bubblewrap(), [])
    except Unavailable as error:
        pytest.skip(str(error))
    try:
        exercise = toy.exercise(tmp_path, "def add(a: int, b: int) -> int:\n    return a + b")
        folder = shared(zygote)
        run = Run(Apart(tmp_path, zygote))
        student = run.student(exercise, Rule("test_toy", "add", 1, "", 5.0, ("student",)), folder)
        folder.rmdir()
        with pytest.raises(NotGraded) as told:
            student.add(1, 2)
        message = str(told.value)
        assert "could not be made ready: FileNotFoundError: [Errno 2] No such file or directory" in message
        assert folder.name in message
        assert "\n" not in message
        run.carrier.close()
    finally:
        zygote.close()
