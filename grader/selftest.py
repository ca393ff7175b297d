"""A jail is tried before it is used: what must be impossible in it is attempted, from where student code will run."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader.apart import Apart
from grader.deadline import TooSlow
from grader.exercise import Exercise
from grader.jail import Unavailable, candidates, interpreter
from grader.manifest import Rule
from grader.run import Run
from grader.student import Crashed, NotGraded, Student, Unloadable
from grader.zygote import Zygote

HERE = Path(__file__).resolve().parent
ID = "week1/exercises/probe.py"
SECRET = "COURSE_SELF_TEST"

PROBE = '''
"""Week 1 · Probe: what a jail must prevent."""
import os, socket


def reads(paths: list[str]) -> list[str]:
    """Which of these can be read."""
    found = []
    for path in paths:
        try:
            os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1)
            found.append(path)
        except OSError:
            pass
    return found


def writes(paths: list[str]) -> list[str]:
    """In which of these folders a file can be made."""
    found = []
    for path in paths:
        try:
            open(os.path.join(path, "probe"), "w").close()
            found.append(path)
        except OSError:
            pass
    return found


def reaches(port: int) -> bool:
    """Whether a server of this machine answers."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def environment() -> list[str]:
    """The names of the environment, also as the kernel knows it."""
    names = list(os.environ)
    try:
        parts = open("/proc/self/environ", "rb").read().split(b"\\0")
        names += [part.decode(errors="replace").partition("=")[0] for part in parts]
    except OSError:
        pass
    return names


def forks(most: int) -> int:
    """How many processes can be there at once."""
    for number in range(most):
        try:
            if os.fork() == 0:
                os.read(0, 1)
                import signal
                signal.pause()
        except OSError:
            return number
    return most


def takes(mebibytes: int) -> int:
    """How much memory can be had."""
    try:
        return len(bytearray(mebibytes << 20)) >> 20
    except MemoryError:
        return 0


def fills(folder: str, mebibytes: int) -> int:
    """How much can be written to one file."""
    import signal
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    done = 0
    try:
        with open(os.path.join(folder, "filled"), "wb", buffering=0) as file:
            for done in range(mebibytes):
                file.write(bytes(1 << 20))
    except OSError:
        return done
    return mebibytes
'''


def trusted(
    wanted: str, imports: list[str], private: list[Path], meanwhile: Callable[[Zygote], object] = lambda _: None
) -> tuple[Zygote, list[str]]:
    """A zygote in the best jail that holds, and a line for each better one that this machine has not got.

    `meanwhile` is called with each that is tried, while it starts.
    Raises Unavailable if none is left.
    """
    lost: list[str] = []
    for candidate in candidates(wanted):
        try:
            zygote = Zygote(candidate(), [])
        except Unavailable as error:
            lost.append(str(error))
            continue
        try:
            meanwhile(zygote)
            zygote.greeted()
            broken = faults(zygote, private)
        except NotGraded as error:
            lost.append(f"{zygote.jail.name}: {error}")
        else:
            if not broken:
                zygote.imports = imports  # from now on: a probe needs nothing, and is copied faster
                return zygote, list(dict.fromkeys([*lost, *([zygote.jail.lost] if zygote.jail.lost else [])]))
            lost.append(f"{zygote.jail.name} does not hold: student code could {', '.join(broken)}")
        zygote.close()
    raise Unavailable("; ".join(dict.fromkeys(lost)))


def faults(zygote: Zygote, private: list[Path]) -> list[str]:
    """What student code could do although this jail promises that it cannot; empty if the jail holds.

    `private` are files and folders that it must not see.
    """
    with tempfile.TemporaryDirectory(prefix="course-probe-") as name:
        exercise = _exercise(Path(name))
        run = Run(Apart(Path(name), zygote))
        try:
            promised = [attempt for promise, attempt in ATTEMPTS.items() if promise in zygote.jail.promises]
            return [text for attempt in promised for text in attempt(run, exercise, private)]
        finally:
            run.carrier.close()


def _exercise(root: Path) -> Exercise:
    """The probe as an answer to an exercise of its own."""
    exercise = Exercise(root, ID)
    for path in (exercise.delivered, exercise.stub):
        path.parent.mkdir(parents=True)
        path.write_text(PROBE, encoding="utf-8")
    return exercise


def _files(run: Run, exercise: Exercise, private: list[Path]) -> Iterator[str]:
    hidden = [str(path) for path in private if not any(place.is_relative_to(path) for place in interpreter())]
    if seen := _ask(run, exercise, lambda probe: probe.reads(hidden)):
        yield f"read {', '.join(seen)}"
    places = ["/", "/dev", "/usr", "/course", "/course/grader", "/var/tmp", str(HERE)]
    if written := _ask(run, exercise, lambda probe: probe.writes(places)):
        yield f"write to {', '.join(written)}"


def _network(run: Run, exercise: Exercise, private: list[Path]) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        if _ask(run, exercise, lambda probe: probe.reaches(server.getsockname()[1])):
            yield "reach a server of this machine"


def _environment(run: Run, exercise: Exercise, private: list[Path]) -> Iterator[str]:
    os.environ[SECRET] = "1"
    if SECRET in (_ask(run, exercise, lambda probe: probe.environment()) or []):
        yield "see our environment"
    del os.environ[SECRET]


def _processes(run: Run, exercise: Exercise, private: list[Path]) -> Iterator[str]:
    if (many := _ask(run, exercise, lambda probe: probe.forks(500)) or 0) >= 500:
        yield f"start {many} processes"


def _memory(run: Run, exercise: Exercise, private: list[Path]) -> Iterator[str]:
    if much := _ask(run, exercise, lambda probe: probe.takes(8192)):
        yield f"take {much} MiB of memory"


def _disk(run: Run, exercise: Exercise, private: list[Path]) -> Iterator[str]:
    if (filled := _ask(run, exercise, lambda probe: probe.fills("/tmp", 256)) or 0) >= 256:
        yield f"write {filled} MiB"


Attempt = Callable[[Run, Exercise, list[Path]], Iterator[str]]
ATTEMPTS: dict[str, Attempt] = {
    "files": _files,
    "network": _network,
    "environment": _environment,
    "processes": _processes,
    "memory": _memory,
    "disk": _disk,
}


def _ask(run: Run, exercise: Exercise, attempt: Callable[[Student], Any]) -> Any:
    """What one attempt came to, in a worker of its own; None if it was ended for it."""
    probe = run.student(exercise, Rule("self-test", "reads", 1, "", 10.0, ()))
    try:
        return attempt(probe)
    except (Crashed, TooSlow):
        return None
    except Unloadable as error:
        raise NotGraded(f"the jail {run.carrier.jail} does not start: {error}") from None
    finally:
        probe._side.end()
