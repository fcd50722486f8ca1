"""What to do about a fault, in the order in which it helps most often, and who can do it.

Few sentences, used again and again: each is translated into every language of the service page.
"""

from typing import Literal

from msgspec import Struct

from kiosk.msg import msg
from kiosk.readiness.faults import Fault

Who = Literal["staff", "technician", "support"]


class Step(Struct, frozen=True):
    """One thing to do. `text` is English, and the key of its translations."""

    text: str
    who: Who = "technician"


CABLE = Step(msg("Check the cable at both ends."), "staff")
POWER = Step(msg("Switch the device off and on again."), "staff")
RESTART = Step(msg("Restart the lane."))
PORT = Step(msg("Compare its port with the configuration."))
SETTINGS = Step(msg("Compare its settings with the configuration."))
RIGHTS = Step(msg("Install the kiosk again: that sets the rights."))
OTHERS = Step(msg("Close other programs that use the device."))
NETWORK = Step(msg("Check the network cable and the switch."))
SPARE = Step(msg("Take a spare device."))
SUPPORT = Step(msg("Send the diagnosis to support."))
ROLL = Step(msg("Put in a new paper roll."), "staff")
COVER = Step(msg("Close the cover firmly."), "staff")
JAM = Step(msg("Take out stuck paper."), "staff")
COOL = Step(msg("Let it cool down, then clean the print head."))
EMPTY = Step(msg("Take everything off the scale."), "staff")
LOOSE = Step(msg("See that the scale's plate lies free and level."), "staff")
ZERO = Step(msg("Zero the scales here."))
SCALE_SERVICE = Step(msg("Call the scale's service: it may need calibration."))
KEYBOARD = Step(msg("Unplug what does not belong to the lane."), "staff")
GLASS = Step(msg("Clean the camera's glass and check its light."), "staff")
INSTALL = Step(msg("Install what is missing."))
ROOM = Step(msg("Make room on the disk: old files first."))
DISK = Step(msg("Replace the disk, in a quiet hour."))
AIR = Step(msg("Free the air slots and clean the fan."))
SUPPLY = Step(msg("Use the maker's power supply and cable."))
TIME = Step(msg("Set the time, then confirm it here."))
BATTERY = Step(msg("Replace the clock's battery."))
SERVER = Step(msg("See that the store server runs."))
PIN = Step(msg("Compare the server's pin with what the store server prints."))
ENROL = Step(msg("Get a new code at the store server and enrol again."))
WAIT = Step(msg("Wait: what waits goes out by itself."), "staff")
KEEP = Step(msg("Leave the lane closed and its disk untouched."), "staff")
ROLL_BACK = Step(msg("Go back to the version before."))
ADD = Step("Add it to the configuration; kiosk check says whether that can be used.")
"""English alone: no page of the lane shows it."""

STEPS: dict[Fault, tuple[Step, ...]] = {
    Fault.NOT_FOUND: (CABLE, POWER, PORT, SPARE),
    Fault.NO_PERMISSION: (RIGHTS, RESTART, SUPPORT),
    Fault.IN_USE: (OTHERS, RESTART),
    Fault.UNREACHABLE: (CABLE, POWER, NETWORK, PORT),
    Fault.NO_ANSWER: (CABLE, POWER, SETTINGS, SPARE),
    Fault.NONSENSE: (SETTINGS, CABLE, SPARE, SUPPORT),
    Fault.WRONG_DEVICE: (PORT, SETTINGS),
    Fault.REFUSED: (SETTINGS, POWER, SUPPORT),
    Fault.NO_PROCESS: (RESTART, SUPPORT),
    Fault.CRASHED: (RESTART, SUPPORT, ROLL_BACK),
    Fault.BROKEN: (POWER, SPARE, SUPPORT),
    Fault.UNKNOWN_KEYBOARD: (KEYBOARD, SETTINGS),
    Fault.PAPER_OUT: (ROLL, COVER),
    Fault.PAPER_LOW: (ROLL,),
    Fault.COVER_OPEN: (COVER, SPARE),
    Fault.CUTTER: (JAM, POWER, SPARE),
    Fault.HEAD_HOT: (COOL, SPARE),
    Fault.BELOW_ZERO: (EMPTY, LOOSE, ZERO),
    Fault.OVERLOADED: (EMPTY, LOOSE, SCALE_SERVICE),
    Fault.NO_WEIGHT: (EMPTY, LOOSE, POWER, SCALE_SERVICE),
    Fault.MISSET: (SETTINGS, SCALE_SERVICE),
    Fault.NO_PIN: (INSTALL, SETTINGS),
    Fault.PACKAGE_MISSING: (INSTALL, RESTART),
    Fault.FONT_MISSING: (INSTALL, RESTART),
    Fault.FULL: (ROOM, SUPPORT),
    Fault.SLOW: (RESTART, DISK),
    Fault.WORN: (DISK,),
    Fault.READ_ONLY: (RESTART, DISK, SUPPORT),
    Fault.HOT: (AIR, RESTART),
    Fault.UNDERVOLTAGE: (SUPPLY, SUPPORT),
    Fault.MEMORY: (RESTART, SUPPORT),
    Fault.CLOCK: (TIME, BATTERY),
    Fault.SERVER_AWAY: (NETWORK, SERVER, WAIT),
    Fault.WRONG_PIN: (PIN, SUPPORT),
    Fault.TOKEN: (ENROL,),
    Fault.UNSENT: (WAIT, NETWORK, SERVER),
    Fault.DAMAGED: (KEEP, SUPPORT),
    Fault.NOT_CONFIGURED: (ADD, RESTART),
}
OF_FAMILY: dict[tuple[str, Fault], tuple[Step, ...]] = {
    ("camera", Fault.NOT_FOUND): (CABLE, RESTART, PORT, SPARE),
    ("camera", Fault.NO_ANSWER): (CABLE, GLASS, RESTART, SPARE),
    ("camera", Fault.NO_PROCESS): (CABLE, RESTART, SUPPORT),
    ("produce", Fault.BROKEN): (LOOSE, POWER, SCALE_SERVICE),
    ("bag", Fault.BROKEN): (LOOSE, POWER, SCALE_SERVICE),
    ("produce", Fault.NONSENSE): (SETTINGS, POWER, CABLE, SCALE_SERVICE),
    ("bag", Fault.NONSENSE): (SETTINGS, POWER, CABLE, SCALE_SERVICE),
    ("printer", Fault.BROKEN): (JAM, COVER, POWER, SPARE),
    ("light", Fault.NOT_FOUND): (CABLE, SETTINGS, SPARE),
    ("storage", Fault.BROKEN): (ROOM, RESTART, DISK),
    ("catalogue", Fault.BROKEN): (NETWORK, SERVER),
    ("clock", Fault.BROKEN): (TIME, BATTERY),
    ("fiscal", Fault.BROKEN): (RESTART, SUPPORT),
    ("fiscal", Fault.UNREACHABLE): (CABLE, NETWORK, SUPPORT),
    ("terminal", Fault.BROKEN): (POWER, CABLE, SUPPORT),
    ("voice", Fault.NOT_FOUND): (INSTALL, SETTINGS),
    ("voice", Fault.BROKEN): (INSTALL, SETTINGS),
}
"""Where a kind of device needs something else than others. Its number ("scanner 2") makes no difference."""


def steps(subject: str, fault: Fault) -> tuple[Step, ...]:
    """What helps against this fault of this device, disk, server …"""
    family = subject.partition(" ")[0]
    return OF_FAMILY.get((family, fault)) or STEPS[fault]
