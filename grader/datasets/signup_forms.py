"""How the sign-up forms of Sao Mai and its call centre write a value: each channel has habits of its own.

The web form sends text only, the app sends JSON with decomposed letters (NFD), the shop's spreadsheet makes
every number a float, and the call centre types what it hears.
"""

import math
import random
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from grader.datasets.seasons import LOCAL

CHANNELS = ("web", "app", "shop", "call")


def spelled(rng: random.Random, channel: str, value: Any, markers: tuple[str, ...]) -> Any:
    """A value as the channel writes it; the course's conversions must find the same value again."""
    if value is None:
        blanks = {"web": ("", "  "), "app": (None,), "shop": (math.nan,), "call": markers or ("",)}
        return rng.choice(blanks[channel])
    if isinstance(value, datetime):
        local = channel in {"app", "call"}
        return value.astimezone(LOCAL).isoformat() if local else value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    spell = {"web": _web, "app": _app, "shop": _shop, "call": _call}[channel]
    return spell(rng, value)


def _web(rng: random.Random, value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _app(rng: random.Random, value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFD", value)
    if isinstance(value, Decimal):
        return str(value) if value else 0
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shop(rng: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return str(value)
    return float(value) if isinstance(value, int) else value


def _call(rng: random.Random, value: Any) -> str:
    if isinstance(value, bool):
        return rng.choice((" Yes", "YES", "1") if value else ("no", "No ", "0"))
    return rng.choice(("", "", " ")) + str(value)
