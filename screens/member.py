"""Whose prices are these: a card or code held to the glass, a phone number typed, and the way out of it.

Neither a name nor a number stands anywhere: whoever waits behind could read it.
"""

from kiosk.checkout.events import MemberLeft
from kiosk.checkout.model import Member
from kiosk.checkout.passed import Closed, Opened, PhoneEntered
from kiosk.checkout.session import Panel
from screens.lane import Lane, slip, two_lines
from screens.notices import notice
from screens.staff import secret_digits
from screens.widgets import Dots, Hero, Key, Page

FIELD, DIGITS, LEAST = "phone", 15, 6


def coupon(lane: Lane) -> Page:
    """Scan your card or coupon; or, once it is known whose basket this is, what that brings."""
    words, sale = lane.words, lane.sale
    member = sale.member if sale is not None else None
    if member is not None:
        title = Hero((words("Member prices are on"),), brings(lane, member), size="title", icon="member")
        leave = Key(id="not_me", text=words("Not me"), icon="undo", sends=MemberLeft())
        tools: tuple[Key, ...] = (lane.back(), leave)
    else:
        text = words("Hold it to the glass, on paper or on your phone.")
        title = Hero(two_lines(words("Scan your card\nor coupon")), text, size="title")
        tools = (lane.back(), *([phone_key(lane)] if sale is not None and lane.policy.member_phone else []))
    total = lane.total() if sale else None
    return lane.page("coupon", title, *slip(notice(lane)), tools=tools, total=total)


def brings(lane: Lane, member: Member) -> str:
    """Points, credit and vouchers, as the server knew them when the card was shown."""
    words, says = lane.words, []
    if member.points:
        says.append(words.n("{n} point on your card.", "{n} points on your card.", member.points))
    if member.credit and member.spends:
        says.append(words("You can pay with {sum} of credit.", sum=words.money(member.credit)))
    if member.vouchers and member.spends:
        n = len(member.vouchers)
        says.append(words.n("{n} voucher waits for you.", "{n} vouchers wait for you.", n))
    return "\n".join(says) or words("They hold for the whole basket.")


def phone_key(lane: Lane) -> Key:
    words, there = lane.words, lane.session.passing.server
    return Key(
        id="phone_number",
        text=words("Phone number"),
        icon="keypad",
        sends=Opened(Panel("phone")) if there else None,
        off=not there,
        why="" if there else words("This cannot be checked just now."),
    )


def phone(lane: Lane) -> Page:
    """The digits become dots at once, and stay in the field; they are asked about once and forgotten."""
    words, passing = lane.words, lane.session.passing
    asking = words("One moment, please.") if passing.notice == "member_asking" else ""
    text = asking or words("Each digit becomes a dot at once.")
    title = Hero((words("Your phone number"),), text, size="ask", icon="member")
    wrong = {
        "phone_unknown": words("We do not know this number yet."),
        "member_away": words("This cannot be checked just now."),
    }
    dots = Dots(FIELD, DIGITS, wrong.get(passing.notice, ""), LEAST)
    tick = Key(
        id="ok",
        text="",
        icon="check",
        kind="go",
        sends=None if asking else PhoneEntered(),
        off=bool(asking),
        why=asking,
    )
    back = Key(id="back", text=words("Back"), icon="back", sends=Closed())
    return lane.page(
        "phone", title, dots, tools=(back,), letters=secret_digits(tick), head=lane.head_with_sum()
    )
