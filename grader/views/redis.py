"""A lane of Redis as a test sees it: with the administrator's eyes, on the lane's own keys only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.service import Handle


@dataclass
class Lane(Handle):
    """`url` and `prefix` are what student code gets; `outside` is a redis.Redis that the test may do anything with."""

    server: tuple[str, int]
    user: str
    secret: str
    outside: Any
    record = "RedisHandle"
    service = "redis"

    @property
    def place(self) -> tuple[str, int]:
        return self.server

    @property
    def url(self) -> str:
        return f"redis://{self.user}:{self.secret}@{self.host}:{self.server[1]}"

    @property
    def prefix(self) -> str:
        return f"{self.user}:"

    @property
    def fields(self) -> dict[str, str]:
        return {"url": self.url, "prefix": self.prefix}

    def keys(self) -> list[str]:
        """The names of the lane's keys without the prefix, sorted."""
        return sorted(key.removeprefix(self.prefix) for key in self.outside.scan_iter(f"{self.prefix}*", count=1000))
