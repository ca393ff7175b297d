"""Speaks when the run cannot: a small process that is told what happened and prints it if we end without a word.

Student code in our process may hang in C, where no exception reaches it, or end the process at once. Then this
other process finds the pipe closed without a goodbye, and says what was graded so far and where the code was.
"""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
from typing import IO, Any


class BlackBox:
    """The recording side; `file` takes the traceback of the last resort (see deadline.py)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-S", "-P", __file__],  # as a script, so that nothing else is imported
            stdin=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self.file: IO[bytes] = self._process.stdin

    def tell(self, **facts: Any) -> None:
        """Adds facts: the test that begins (`test`, `file`), or one that is over (`over`, `outcome`, `points`)."""
        with contextlib.suppress(OSError):  # it listens no more; the run itself is not the worse for it
            self.file.write(json.dumps(facts).encode() + b"\n")
            self.file.flush()

    def close(self) -> None:
        """The goodbye: nothing was wrong."""
        self.tell(goodbye=True)
        with contextlib.suppress(OSError):
            self.file.close()
        self._process.wait()


def listen() -> None:
    """The listening side; reads until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the run, which then says goodbye
    facts, trace = [], []
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", "replace")
        if line.startswith("{"):
            facts.append(json.loads(line))
        else:
            trace.append(line)
        if facts and "goodbye" in facts[-1]:  # processes that student code left may hold the pipe for longer
            return
    print(last_words(facts, "".join(trace)), flush=True)


def last_words(facts: list[dict[str, Any]], trace: str) -> str:
    """What there is to say about a run that ended without its summary."""
    over = [fact for fact in facts if "over" in fact]
    current = next((fact for fact in reversed(facts) if "test" in fact), {"test": "the first test", "file": ""})
    file = current["file"].replace("\\", "/")
    found = re.search(rf'File "[^"\n]*{re.escape(file)}", line (\d+) in (\w+)', trace) if file else None
    place = f"{file}:{found[1]} in {found[2]}" if found else file
    why = "would not stop" if trace else "ended the whole run"
    return "\n".join([
        "",
        *(f"  {fact['outcome']:<10}  {fact['over']}" for fact in over),
        "",
        f"The run is over: the code under {current['test']} {why}.",
        f"  {place}",
        f"{sum(fact['points'] for fact in over)} points until then.",
        "With --apart each answer has a process of its own, and the run goes on.",
    ])  # fmt: skip


if __name__ == "__main__":
    listen()
