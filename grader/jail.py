"""What keeps student code away from everything else: the best that this machine has, tried before it is used."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import cache_from_source
from pathlib import Path

from grader.sweep import sweep

HERE = Path(__file__).resolve().parent
MODULES = (
    "__init__", "answer", "codec", "compare", "deadline", "declared", "frames", "mounts", "numbers", "peer",
    "source", "sweep", "users", "warm", "wire", "worker",
)  # fmt: skip
"""All of grader/ that a jailed process can see."""

SYSTEM = [Path(name) for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64")]
"""Links into /usr on most machines, folders on others."""

MIB = 1024 * 1024
MEMORY = 1024 * MIB
PROCESSES = 64
LIMITS = {
    "RLIMIT_CORE": 0,
    "RLIMIT_CPU": 300,
    "RLIMIT_DATA": 2 * MEMORY,
    "RLIMIT_FSIZE": 64 * MIB,
    "RLIMIT_NOFILE": 256,
    "RLIMIT_NPROC": PROCESSES,
}


ALL = frozenset({"files", "network", "environment", "processes", "memory", "disk"})
"""What a jail can promise: each is tried by selftest.py."""


def _kill(process: subprocess.Popen[bytes], _: Path) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Jail:
    """A level: its name, what starts a process in it, and what is lost compared with the best one."""

    name: str
    namespaces: bool
    command: Callable[[list[str], Path], list[str]]
    promises: frozenset[str] = ALL
    lost: str = ""
    group: Cgroup | None = None
    container: bool = False
    stop: Callable[[subprocess.Popen[bytes], Path], None] = _kill
    limits: dict[str, int] = field(default_factory=lambda: dict(LIMITS))


class Unavailable(Exception):
    """This machine has not got that level; the text says why, and how to get it."""


def candidates(wanted: str = "") -> list[Callable[[], Jail]]:
    """The levels from best to weakest, or the one that is wanted."""
    from grader.container import docker

    levels = {"bubblewrap+cgroup": with_cgroup, "docker": docker, "bubblewrap": bubblewrap, "rlimits": rlimits}
    if wanted and wanted not in levels:
        raise Unavailable(f"there is no jail {wanted!r}; there are {', '.join(levels)}")
    return [levels[wanted]] if wanted else list(levels.values())


def with_cgroup() -> Jail:
    jail, group = bubblewrap(), Cgroup.new()
    return Jail("bubblewrap+cgroup", True, lambda inner, base: group.command(jail.command(inner, base)), group=group)


def bubblewrap() -> Jail:
    if sys.platform != "linux":
        raise Unavailable("bubblewrap exists on Linux only")
    program = shutil.which("bwrap")
    if not program:
        raise Unavailable("bubblewrap is not installed: apt install bubblewrap, or dnf install bubblewrap")
    tried = subprocess.run(
        [program, "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True, text=True, check=False
    )
    if tried.returncode != 0:
        raise Unavailable(f"bubblewrap may not make namespaces here ({tried.stderr.strip()[:120]})")
    promises, lost = ALL, "memory is limited for each process, not for all of them together (no cgroup)"
    if os.geteuid() == 0:  # the kernel does not count root's processes
        promises, lost = ALL - {"processes"}, f"{lost}; the number of processes is not limited for root"
    return Jail("bubblewrap", True, lambda inner, base: [program, *_view(base), *inner], promises, lost)


def rlimits() -> Jail:
    if os.name != "posix":
        raise Unavailable("an answer in a process of its own needs Linux or macOS (on Windows: WSL)")
    lost = "student code can read files and reach the network: good for feedback, not for a grade"
    promises = frozenset({"environment", "memory"})
    return Jail("rlimits", False, lambda inner, base: inner, promises, lost)


def _view(base: Path) -> list[str]:
    """A read-only system and interpreter, our few modules, one folder to write, one to read."""
    arguments = ["--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1", "--clearenv"]
    arguments += ["--uid", "65534", "--gid", "65534", "--hostname", "jail", "--ro-bind", "/usr", "/usr"]
    for path in SYSTEM:
        if path.is_symlink():
            arguments += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            arguments += ["--ro-bind", str(path), str(path)]
    for name in ("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives"):
        arguments += ["--ro-bind-try", name, name]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in interpreter():
        arguments += ["--ro-bind", str(path), str(path)]
    for source, target in modules():
        arguments += ["--ro-bind", str(source), str(target)]
    arguments += ["--tmpfs", str(base.parent)] if not str(base).startswith("/tmp/") else []
    given = str(base.with_name("given"))
    arguments += ["--bind", str(base), str(base), "--ro-bind", given, given]
    return [*arguments, "--remount-ro", "/", "--chdir", "/tmp", "--"]


def modules() -> list[tuple[Path, Path]]:
    """Our modules where they lie, and where a jailed process sees them; compiled, too, if they are."""
    sources = [HERE / f"{module}.py" for module in MODULES]
    compiled = [Path(cache_from_source(str(source))) for source in sources]
    there = [path for path in compiled if path.is_relative_to(HERE) and path.is_file()]
    return [(path, Path("/course/grader") / path.relative_to(HERE)) for path in (*sources, *there)]


def interpreter() -> list[Path]:
    """Where this Python and its packages lie, outside of /usr; the venv, the Python that it was made from."""
    found: list[Path] = []
    for path in (sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix), sysconfig.get_path("purelib")):
        place = Path(path)
        if not place.is_relative_to("/usr") and not any(place.is_relative_to(known) for known in found):
            found.append(place)
    return found


def python(options: str) -> list[str]:
    """The command of the zygote; outside of a jail it sees the same few modules by name only."""
    return [sys.executable, "-I", "-B", "-c", _START, options]


_START = f"""
import os, sys
sys.path.insert(0, "/course" if os.path.isdir("/course/grader") else {str(HERE.parent)!r})
from grader.worker import main
main()
"""


@dataclass
class Cgroup:
    """Limits for all processes of a run together: version 2 of cgroups, or the version 1 hierarchies."""

    folders: list[Path]
    killed: int = 0

    @classmethod
    def new(cls) -> Cgroup:
        """Raises Unavailable where we may not make one."""
        root = Path("/sys/fs/cgroup")
        name = f"course-{os.getpid()}-{os.urandom(4).hex()}"
        unified = (root / "cgroup.controllers").exists()
        parents = [root / _own_group()] if unified else [root / "memory", root / "pids"]
        made: list[Path] = []
        for parent in parents:
            sweep(parent)
        try:
            for parent in parents:
                (parent / name).mkdir()
                made.append(parent / name)
            cls._limit(made, unified)
        except OSError as error:
            for folder in made:
                folder.rmdir()
            raise Unavailable(f"no cgroup can be made here ({error.strerror})") from None
        return cls(made)

    @staticmethod
    def _limit(folders: list[Path], unified: bool) -> None:
        if unified:
            (folders[0] / "memory.max").write_text(str(MEMORY))
            (folders[0] / "pids.max").write_text(str(PROCESSES))
            with contextlib.suppress(OSError):
                (folders[0] / "memory.swap.max").write_text("0")
        else:
            (folders[0] / "memory.limit_in_bytes").write_text(str(MEMORY))
            (folders[1] / "pids.max").write_text(str(PROCESSES))

    def command(self, inner: list[str]) -> list[str]:
        """A command that enters the group before anything else, so that no child is left outside."""
        enter = "".join(f"echo $$ > '{folder}/cgroup.procs' && " for folder in self.folders)
        return ["/bin/sh", "-c", f'{enter}exec "$@"', "jail", *inner]

    def ran_out_of_memory(self) -> bool:
        """Whether a process in it was killed for want of memory since this was last asked."""
        before, self.killed = self.killed, self._killed()
        return self.killed > before

    def _killed(self) -> int:
        for name in ("memory.events", "memory.oom_control"):
            with contextlib.suppress(OSError):
                for line in (self.folders[0] / name).read_text().splitlines():
                    if line.startswith("oom_kill "):
                        return int(line.split()[1])
        return 0

    def end(self) -> None:
        """Gone as soon as the last killed process of it is; what is left then goes with the next run."""
        for folder in self.folders:
            for _ in range(100):
                try:
                    folder.rmdir()
                    break
                except OSError:
                    os.sched_yield()


def _own_group() -> str:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        if line.startswith("0::"):
            return line[4:]
    return ""
