"""Baskets set aside: the page that shows the code, the page that asks for its number, and the colleague's list."""

from kiosk.checkout.records import HandedOver
from kiosk.checkout.setaside import Aside
from kiosk.checkout.suspending import BasketWanted
from screens.lane import Lane, counted, slip, two_lines
from screens.notices import notice
from screens.panels import pad
from screens.receipt import finish, qr_rows
from screens.ways import giving_back
from screens.widgets import Hero, Key, Page, QrCode, Strip, Total

DIGITS = 6
MOST = 3  # strips on the colleague's page; the rest comes up as these are seen to


def put_away(lane: Lane, record: HandedOver) -> Page:
    """Nothing was paid: the code and the number that bring it back, here or at any other checkout."""
    words = lane.words
    text = words("Nothing is paid yet. The goods stay with a colleague.")
    hero = Hero(
        two_lines(words("Your basket\nis set aside")), text, size="title", icon="suspend", strong=True
    )
    below = words("Hold this code to any checkout, or type {code}.", code=spaced(record.code))
    code = QrCode(qr_rows(record.name), words("A code brings it back"), below)
    sum_ = words.money(record.priced.total)
    total = Total(words("To pay later"), sum_, counted(words, record.lines))
    return lane.page("set_aside", hero, code, *slip(giving_back(lane), "taken"), total=total, go=finish(lane))


def spaced(code: str) -> str:
    """Six digits as people read them out: 123 456, never parted by a line's end."""
    return f"{code[:3]}\u00a0{code[3:]}"


def number(lane: Lane) -> Page:
    """Its number is typed; its code is simply held to the glass."""
    words, typed = lane.words, lane.session.passing.typed
    text = words("Hold its code to the glass, or type its number.")
    title = Hero((words("A basket set aside"),), text, size="ask", amount=typed)
    whole = len(typed) == DIGITS
    tick = Key(
        id="ok",
        text="",
        icon="check",
        kind="go",
        sends=BasketWanted(typed) if whole else None,
        off=not whole,
        why="" if whole else words("Its number has six digits."),
    )
    return lane.page("basket_code", title, *slip(notice(lane)), tools=(lane.back(),), letters=pad(lane, tick))


def waiting(lane: Lane) -> tuple[Strip, ...]:
    """What was set aside at this lane and is not known to be paid or over."""
    return tuple(strip(lane, each) for each in lane.session.kept.aside[-MOST:])


def strip(lane: Lane, each: Aside) -> Strip:
    words, record = lane.words, each.basket
    at = words.clock(record.at, lane.policy.utc_offset_minutes)
    title = words("Set aside at {time}: {sum}", time=at, sum=words.money(record.priced.total))
    text = f"{counted(words, record.lines)}, {spaced(record.code)}"
    take = Key(
        id=f"take-{record.id}",
        text=words("Take it up"),
        icon="basket",
        kind="person",
        sends=BasketWanted(record.code),
    )
    return Strip(f"aside-{record.id}", "suspend", title, text, "person", "", (take,))
