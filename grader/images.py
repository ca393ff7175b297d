"""Docker's engine and its images, as the servers of the course need them. Nothing here waits for ever."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from grader.service import Unavailable

REACH = 5
"""Seconds for the engine to answer."""
SILENCE = 60
"""Seconds without a word from the registry."""


def engine(timeout: float = REACH) -> Any:
    """A client of the engine; raises Unavailable with one line."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import docker

    client = None
    try:
        client = docker.from_env(timeout=timeout)
        client.ping()
    except Exception as error:  # not installed, not running, no right to ask it, or it hangs
        if client:
            client.close()
        raise Unavailable(f"no Docker engine answers ({_reason(error)})") from None
    return client


def _reason(error: Exception) -> str:
    text = str(error)
    if "Permission denied" in text:
        return "this user may not use it: add it to the group docker, and log in again"
    if "timed out" in text.lower():
        return f"nothing within {REACH} s"
    if "No such file" in text or "refused" in text:
        return "it is not installed, or not running"
    return text.strip().partition("\n")[0][:200]


def is_here(client: Any, image: str) -> bool:
    from docker.errors import ImageNotFound

    try:
        client.images.get(image)
    except ImageNotFound:
        return False
    return True


@dataclass
class Pull:
    """Tells how far a download is, at most twice a second."""

    say: Callable[[str], None]
    done: dict[str, tuple[int, int]] = field(default_factory=dict)
    told: float = 0.0

    def heard(self, image: str, event: dict[str, Any]) -> None:
        detail = event.get("progressDetail") or {}
        if "id" in event and detail.get("total") and event.get("status") == "Downloading":
            self.done[event["id"]] = detail["current"], detail["total"]
            if time.monotonic() - self.told > 0.5:
                self.told = time.monotonic()
                done, total = (sum(part) / 1e6 for part in zip(*self.done.values(), strict=True))
                self.say(f"{image}: {done:.0f} of {total:.0f} MB")


def pull(image: str, progress: Pull) -> None:
    """Raises Unavailable if the registry cannot be reached, or does not have it."""
    name, _, tag = image.rpartition(":")
    with closing(engine(SILENCE)) as patient:
        try:
            for event in patient.api.pull(name, tag, stream=True, decode=True):
                if "error" in event:
                    raise OSError(event["error"])
                progress.heard(image, event)
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise Unavailable(f"{image} could not be fetched: {reason}") from None
