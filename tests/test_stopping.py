"""A signal at the worst moment ends a process all the same."""

import subprocess
import sys

WORST = """
import os, signal
from kiosk.stopping import signalled
stop = signalled()
with stop._cond:
    os.kill(os.getpid(), signal.SIG{})
print(stop.wait(20))
"""


def test_the_signal_comes_while_the_main_thread_holds_the_lock_of_the_event() -> None:
    for sign in ("TERM", "INT"):
        done = subprocess.run(
            [sys.executable, "-c", WORST.format(sign)],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
