"""Sleeps while it is loaded, and again while its attributes are looked up.

Must: two tests are too slow, and no other test waits for this function.
"""

import sys
import time
import types


class Slow(types.ModuleType):
    def __getattribute__(self, name: str) -> object:
        if name == "parse_amount":
            time.sleep(600)
        return super().__getattribute__(name)


sys.modules[__name__].__class__ = Slow
time.sleep(4)


def parse_amount(text: str) -> int:
    return 0
