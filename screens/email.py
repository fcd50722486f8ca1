"""Where the receipt goes by e-mail: an address is typed that never leaves the shell but for the store server."""

from kiosk.checkout.events import ReceiptChosen
from kiosk.checkout.passed import Opened
from kiosk.checkout.session import Finishing, Panel
from screens.lane import Lane
from screens.widgets import ERASE, Field, Hero, Key, Page

LONGEST = 64
LETTERS = ("abcdefg", "hijklmn", "opqrstu", "vwxyz@.")
SIGNS = ("1234567", "890@.-_", "+")


def address(lane: Lane, phase: Finishing) -> Page:
    """Letters or digits and signs, and a key that hands it over once it looks like an address."""
    words = lane.words
    sending = phase.receipt == "email" and phase.email == "asked"
    wait = words("One moment, please.") if sending else ""
    text = wait or words("For this receipt only. It is not kept here.")
    title = Hero((words("Your e-mail address"),), text, size="check")
    field = Field("email", LONGEST, words("Type it with the keys."))
    foot = (lane.back(), lane.help_key(), lane.access_key())
    return lane.page("email", title, field, head=lane.head(), letters=keyboard(lane, wait), foot=foot)


def keyboard(lane: Lane, why: str) -> tuple[tuple[Key, ...], ...]:
    """All off while there is a reason why."""
    signs, off = lane.panel.digits, bool(why)

    def key(sign: str) -> Key:
        return Key(id=f"type-{sign}", text=sign, digit="" if off else sign, off=off, why=why)

    other = Opened(Panel("email", digits=not signs))
    turn = Key(id="digits", text="abc" if signs else "123", sends=None if off else other, off=off, why=why)
    erase = Key(id="erase", text="", icon="erase", digit="" if off else ERASE, off=off, why=why)
    send = None if off else ReceiptChosen("email")
    tick = Key(id="send", text="", icon="check", kind="go", sends=send, off=off, why=why)
    *rows, last = (tuple(map(key, row)) for row in (SIGNS if signs else LETTERS))
    return (*rows, (*last, turn, erase, tick)) if signs else (*rows, last, (turn, erase, tick))
