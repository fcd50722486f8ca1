"""An attract page that nothing moves on, two scales polled: how often it wakes, and what that costs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from drivers.simulated.lane import SimulatedLane
from tests.bench import Row
from tests.bench.rig import Goods, Kiosk, configured, folder, quiet, run_seconds, wakeups

MOST = 70  # a second
BARE = """
import sys, time, pygame
pygame.display.init()
pygame.display.set_mode((1920, 1080))
print("ready", flush=True)
due, period = time.monotonic(), 1 / float(sys.argv[1])
while True:
    pygame.event.get()
    due += period
    time.sleep(max(0, due - time.monotonic()))
"""


class Watched:
    """What a process does while it is left alone."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.seconds, self.cpu, self.woken = 0.0, 0.0, 0

    def look(self, seconds: float) -> None:
        began, cpu, woken = time.monotonic(), run_seconds(self.pid), wakeups(self.pid)
        time.sleep(seconds)
        now = wakeups(self.pid)
        self.cpu += run_seconds(self.pid) - cpu
        self.woken += sum(count - woken.get(task, 0) for task, count in now.items())
        self.seconds += time.monotonic() - began

    @property
    def rate(self) -> float:
        return self.woken / self.seconds

    @property
    def share(self) -> float:
        """Of one core, per cent."""
        return 100 * self.cpu / self.seconds


def rows(quick: bool) -> Iterator[Row]:
    turn = 4.0 if quick else 6.0
    with folder() as place, SimulatedLane() as lane:
        Goods(150).stock(place / "catalogue.db")
        with Kiosk(configured(place, lane, "scanner", "produce", "bag")) as kiosk:
            kiosk.until(lambda said: {"scanner", "produce", "bag"} <= set(said["ready"]), "the devices")
            time.sleep(2)
            ours = Watched(kiosk.pid)
            ours.look(turn)
            bare = subprocess.Popen(
                [sys.executable, "-c", BARE, str(ours.rate)],
                env=os.environ | quiet() | {"SDL_VIDEODRIVER": "dummy"},
                stdout=subprocess.PIPE,
            )
            assert bare.stdout
            bare.stdout.readline()
            floor = Watched(bare.pid)
            for _ in range(1 if quick else 2):
                floor.look(turn)
                ours.look(turn)
            bare.kill()  # SDL makes a QUIT event of SIGTERM
            bare.wait()
            bare.stdout.close()
    yield Row(
        what="idle, two scales polled: wake-ups of all threads",
        goal=f"<= {MOST} a second",
        measured=f"{ours.rate:.1f} a second",
        ratio=ours.rate / MOST,
        ok=ours.rate <= MOST,
    )
    yield Row(
        what=f"the same, CPU against a bare SDL pump waking {floor.rate:.0f} times a second",
        goal="<= 1.2 x the pump",
        measured=f"{ours.share:.2f} % of a core, pump {floor.share:.2f} %",
        ratio=ours.share / floor.share,
        ok=ours.share <= 1.2 * floor.share,
    )
