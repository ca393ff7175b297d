"""The student's side in a process of its own.

A zygote imports what answers need and never sees student code; for each test it makes a worker. Where it may, that is
the first process of new namespaces, and all that it starts ends with it; elsewhere a keeper in between sweeps after it.
The worker takes one answer, gives up all rights, and serves calls.
This file runs inside the jail: it may import only what jail.MODULES names.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import marshal
import os
import resource
import signal
import socket
import struct
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from grader.answer import Answer
from grader.codec import Codec
from grader.mounts import libc, must, own_view, show
from grader.source import parse
from grader.users import become, enter, sweep_files, sweep_processes
from grader.warm import touch, warm_up
from grader.wire import Closed, Wire

NEW_USER, NEW_PID, NEW_NET, NEW_IPC, NEW_UTS, NEW_MOUNTS = (
    0x10000000,
    0x20000000,
    0x40000000,
    0x8000000,
    0x4000000,
    0x20000,
)
NAMESPACES = NEW_USER | NEW_PID | NEW_NET | NEW_IPC | NEW_UTS | NEW_MOUNTS
SET_INTERFACE_FLAGS, INTERFACE_UP, INTERFACE_RUNNING = 0x8914, 0x1, 0x40
SET_PDEATHSIG, SET_NO_NEW_PRIVS, SET_DUMPABLE, SET_CHILD_SUBREAPER = 1, 38, 4, 36
WIRE_IN, WIRE_OUT, DOOR = 200, 201, 202

CLONE = {"x86_64": 56, "aarch64": 220}.get(os.uname().machine)
"""The number of the system call, where its arguments are known."""

_holding_the_lock = ctypes.PyDLL(None, use_errno=True)


def zygote(control: socket.socket, options: dict[str, Any]) -> None:
    """Makes workers until the other side is gone. Requests are JSON lines, with the descriptors of a wire."""
    control.sendall(b"0\n")
    options["me"] = [os.getuid(), os.getgid()]
    alone, ending = set[int](), set[int]()
    received = b""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 4096, 4)
        if not message:
            return
        received += message
        *requests, received = received.split(b"\n")
        for request in map(json.loads, requests):
            ending -= {child for child in ending if os.waitpid(child, os.WNOHANG)[0]}
            answer = 0
            if request["do"] == "end":
                answer = _end(request, alone, ending)
            elif request["do"] == "import":
                _import(request["modules"])
            else:
                options["user"] += bool(options["user"])
                answer = _spawn(control, descriptors, options, alone, ending)
            control.sendall(b"%d\n" % answer)


def _spawn(
    control: socket.socket, descriptors: list[int], options: dict[str, Any], alone: set[int], ending: set[int]
) -> int:
    """The number of a worker that is on its own in new namespaces, or of its keeper."""
    direct = bool(options["namespaces"] and CLONE) and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208
    child = _made(direct)
    if child < 0 and ending:  # they are still in the way
        for gone in ending:
            os.waitpid(gone, 0)
        ending.clear()
        child = _made(direct)
    if child == 0:
        _work_alone(descriptors, options) if direct else _keep(control, descriptors, options)
    if direct:
        alone.add(child)
    for descriptor in descriptors:
        os.close(descriptor)
    return child


def _made(direct: bool) -> int:
    try:
        return _clone() if direct else os.fork()
    except OSError:  # a worker has taken all the processes that there are
        return -1


def _clone() -> int:
    """A fork that is the first process of its own namespaces: to fork twice costs twice, and 600 mappings are copied.

    The system call leaves out what libraries want to do at a fork: nothing, while this is the only thread. Number 1
    is also the zygote's own, so that what libc remembers stays true.
    """
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    child: int = _holding_the_lock.syscall(CLONE, NAMESPACES | signal.SIGCHLD, 0, 0, 0, 0)
    python.PyOS_AfterFork_Parent() if child else python.PyOS_AfterFork_Child()
    must(min(child, 0), "clone")
    return child


def _import(modules: list[str]) -> None:
    """Nothing is collected meanwhile: what fills the gaps in a worker would have to be copied first."""
    gc.disable()
    for module in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    warm_up(modules)
    gc.freeze()
    gc.enable()


def _end(request: dict[str, Any], alone: set[int], ending: set[int]) -> int:
    """Ends a worker and all that it started; how it had ended if it had, else -1.

    One that is `alone` takes everything with it when it is killed, and need not be waited for.
    """
    child: int = request["keeper"]
    if child < 0:
        return -1
    done, status = _waited(child, request["patience"])
    if not done:
        os.kill(child, signal.SIGKILL if child in alone else signal.SIGTERM)
        if request["later"] and child in alone:
            ending.add(child)
        else:
            os.waitpid(child, 0)
    alone.discard(child)
    return _exit_code(status) if done else -1


def _waited(child: int, seconds: float) -> tuple[int, int]:
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done or time.monotonic() >= until:
            return done, status
        time.sleep(0.001)


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _keep(control: socket.socket, descriptors: list[int], options: dict[str, Any]) -> None:
    """The keeper: forks the worker, waits for its end, and sweeps what it left."""
    code = 70
    try:
        os.setsid()
        if options["namespaces"]:
            must(libc.unshare(NAMESPACES), "unshare")
            _same_user(*options["me"])
        elif sys.platform == "linux":
            libc.prctl(SET_CHILD_SUBREAPER, 1)
        worker = os.fork()
        if worker == 0:
            _work(descriptors, options)
        control.close()
        for descriptor in descriptors:
            os.close(descriptor)
        signal.signal(signal.SIGTERM, lambda *_: _kill(worker))
        _, status = os.waitpid(worker, 0)
        _sweep(worker, options["user"])
        if options["user"]:
            sweep_files(options["user"], options["base"], options["owner"])
        code = _exit_code(status)
    except BaseException:
        traceback.print_exc()  # for the tests' side: this is our fault
    finally:
        os._exit(code)


def _sweep(worker: int, user: int) -> None:
    """Nothing of the worker's goes on. In a pid namespace it all ends with the worker."""
    _kill(worker)
    if user:
        sweep_processes(user)
    if sys.platform == "linux":
        while orphans := _children():
            for orphan in orphans:
                os.kill(orphan, signal.SIGKILL)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(orphan, 0)


def _kill(worker: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(worker, signal.SIGKILL)


def _children() -> list[int]:
    me = os.getpid()
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{me}/children").read_text().split()]
    except OSError:
        return []


def _same_user(user: int, group: int) -> None:
    """In new namespaces the same user as before: what it writes belongs to who started us."""
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _work_alone(descriptors: list[int], options: dict[str, Any]) -> None:
    """The worker as the first process of its namespaces, without a keeper."""
    try:
        os.setsid()
        _same_user(*options["me"])
        _work(descriptors, options)
    finally:
        os._exit(70)


def _work(descriptors: list[int], options: dict[str, Any]) -> None:
    """The worker: takes its answer, gives up all rights, serves calls until nobody asks any more."""
    code = 71
    try:
        if os.getpgid(0) != os.getpid():
            os.setpgid(0, 0)
        if sys.platform == "linux":
            libc.prctl(SET_PDEATHSIG, signal.SIGKILL)
            Path("/proc/self/oom_score_adj").write_text("1000")  # rather this one than the zygote
        _descriptors(descriptors)
        places = own_view(options["base"]) if options["namespaces"] else {}
        touch()
        wire = Wire(WIRE_IN, WIRE_OUT, lambda request: _begin(request, wire, options, places))
        with contextlib.suppress(Closed):
            wire.serve_forever()
        code = 0
    except BaseException:
        traceback.print_exc()  # to what is kept of its printing
        sys.stderr.flush()
    finally:
        os._exit(code)


def _descriptors(descriptors: list[int]) -> None:
    """0, 1 and 2 become nothing and the file that keeps what is printed; the wire is left, and a door for a moment."""
    wire_in, wire_out, printed, door = descriptors
    os.dup2(wire_in, WIRE_IN, inheritable=False)
    os.dup2(wire_out, WIRE_OUT, inheritable=False)
    os.dup2(door, DOOR, inheritable=False)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.closerange(3, WIRE_IN)
    os.closerange(DOOR + 1, 4096)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115


def _begin(request: bytes, wire: Wire, options: dict[str, Any], places: dict[str, int]) -> bytes:
    """The first request: what the stub declares, and the answer, compiled. Without that it is only parsed."""
    about = Codec().decode(request)
    for module in about["names"]["modules"] if about["load"] else ():
        importlib.import_module(module)
    for folder in (about["folder"], about["given"]) if options["namespaces"] else ():
        show(folder, places)
    for place in places.values():
        os.close(place)
    _reach(about["reach"], options["namespaces"])
    _limits(options["limits"])
    if options["user"]:
        become(options["user"], options["owner"], about["folder"])
    _no_rights()
    if not about["load"]:
        return Codec().encode(_parsed(about))
    _serve(wire, about, _temporary())
    return Codec().encode([])


def _serve(wire: Wire, about: dict[str, Any], files: set[Path]) -> None:
    """What is asked from now on is asked of the answer, of which nothing has been run."""
    answer = Answer(wire.exchange, marshal.loads(about["source"]), about["label"], about["names"])
    answer.verbs["again"] = lambda: _serve_again(wire, about, files)
    wire.serve = lambda request: _flushed(answer.answer(request))


def _serve_again(wire: Wire, about: dict[str, Any], files: set[Path]) -> None:
    """For another test, with the module of the answer as new as in a fresh worker, and room for its files."""
    if _temporary() != files:
        raise OSError("files of an earlier test are left")
    gc.collect()  # the modules of earlier tests
    _serve(wire, about, files)


def _temporary() -> set[Path]:
    return {path for place in ("/tmp", "/dev/shm") for path in Path(place).glob("*")}


def _parsed(about: dict[str, Any]) -> list[object]:
    """What the file looks like; compiled, it is bytes that the tests' side keeps for other workers, and never reads."""
    source = parse(about["source"], about["label"], about["label"], about["siblings"])
    compiled = marshal.dumps(source.code) if source.code else b""
    return [source.unwritten, source.lines, source.unloadable, sorted(source.modules), compiled]


def _reach(ports: list[int], own_network: bool) -> None:
    """Hands listening sockets at these ports to the tests' side, which forwards what comes to servers of the test.

    The door is shut before any student code runs.
    """
    with socket.socket(fileno=DOOR) as door:
        if not ports:
            return
        if own_network:
            _loopback_up()
        listeners = []
        for port in ports:
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(64)
            listeners.append(listener)
        socket.send_fds(door, [b"."], [listener.fileno() for listener in listeners])
        for listener in listeners:
            listener.close()


def _loopback_up() -> None:
    """A new network has nothing but 127.0.0.1, and that is down at first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        interface = struct.pack("16sH14x", b"lo", INTERFACE_UP | INTERFACE_RUNNING)
        fcntl.ioctl(any_socket, SET_INTERFACE_FLAGS, interface)


def _flushed(reply: bytes) -> bytes:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):  # the student may have put anything there
            stream.flush()
    return reply


def _limits(limits: dict[str, int]) -> None:
    for name, most in limits.items():
        number = getattr(resource, name, None)
        if number is not None:
            with contextlib.suppress(ValueError, OSError):  # lower already
                resource.setrlimit(number, (most, most))


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Data(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _no_rights() -> None:
    """No capabilities, none to be gained, no further user namespaces, no debugger."""
    os.chdir("/tmp")
    if sys.platform != "linux":
        return
    libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getpid() == 1:
        must(libc.capset(ctypes.byref(_Header(0x20080522, 0)), (_Data * 2)()), "capset")


def main() -> None:
    """`python worker.py OPTIONS`, with the control socket as descriptor 0."""
    options = json.loads(sys.argv[1])
    sys.argv[:] = [""]
    os.environ.clear()
    os.environ.update(options["environment"])
    if options["container"]:
        control = enter(options)
    else:
        control, options["user"] = socket.socket(fileno=os.dup(0)), 0
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a keeper that outlives us must not hold our line
    zygote(control, options)
    os._exit(0)


if __name__ == "__main__":
    main()
