import subprocess
import sys
from pathlib import Path

import pytest

from grader.zygote import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[2]
WARM = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
import pandas, pyarrow
from grader.warm import warm_up
warm_up(["pandas", "pyarrow"])
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="threads are counted in /proc")
def test_who_is_copied_has_no_threads():
    """Else each worker would cost two copies: a library's thread is not there in a copy that is made directly."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", WARM], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "1\n", done.stderr
